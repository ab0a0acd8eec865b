"""Which pages owe which tags, and how a missing one is said."""

from collections.abc import Iterator, Sequence

from crawler.api import Finding, NotApplicable, PageView, Said

_HTML = ("text/html", "application/xhtml+xml", "")
_LIST_ROWS = 5  # dated rows that make an unregistered list page a column page


def out_of_scope(page: PageView) -> Said | None:
    """Why a page owes no tags, or cannot be judged; None for the pages that do."""
    facts = page.facts
    seen = page.known.seen
    kind = seen.content_type.partition(";")[0].strip().lower() if seen else ""
    if facts.kind == "script" or kind not in _HTML or page.framed or facts.redirect:
        return NotApplicable("不是独立的网页")
    if facts.soft_error or (seen and seen.status is not None and seen.status >= 400):
        return NotApplicable("出错提示页")
    if facts.protection:
        return page.undecidable("被安全防护拦截")
    if facts.shell or facts.kind == "empty":
        return page.undecidable("页面由脚本生成，须用浏览器打开才能看到标签")
    return None


def is_column_page(page: PageView) -> bool:
    """The registered page of a column, or a list that is certainly one. The home page owes only site tags."""
    if page.is_home:
        return False
    if page.column is not None:
        return True
    rows = page.facts.listing.entries
    return page.facts.kind == "list" and sum(row.date is not None for row in rows) >= _LIST_ROWS


def is_article(page: PageView) -> bool:
    """An article of a list, or one that prints its date; forms, videos and profiles are none."""
    facts = page.facts
    if page.is_home or page.column is not None or facts.kind != "article":
        return False
    return bool(page.listed_in) or any(date.source in {"label", "info"} for date in facts.dates)


def values(page: PageView, name: str) -> list[str]:
    """Contents of every meta of that name, in whatever case and order."""
    wanted = name.lower()
    return [content.strip() for key, content in page.facts.metas if key.strip().lower() == wanted]


def missing(page: PageView, names: Sequence[str], what: str) -> Iterator[Finding]:
    """One finding per site and set of tags, with the pages counted."""
    lacking = [name for name in names if not any(values(page, name))]
    if not lacking:
        return
    empty = [name for name in lacking if values(page, name)]
    yield Finding(
        message=f"{what}页面缺少{'、'.join(lacking)}标签",
        at=page.place("head", page.facts.title),
        key=f"missing:{'+'.join(lacking)}",
        per="site",
        evidence={
            "缺少": "、".join(lacking),
            "写了但内容为空": "、".join(empty) or "无",
            "已有": "、".join(name for name in names if name not in lacking) or "无",
        },
    )
