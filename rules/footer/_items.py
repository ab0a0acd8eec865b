"""What the footer rules share: which pages owe a footer, which marks a reader can see, how a missing one is said."""

import re
from collections.abc import Callable, Iterator

from crawler.api import Finding, Mark, NotApplicable, PageView, Said, Undecidable

# The items of RULES 1.3 as people call them.
NAMES = {
    "conac": "党政机关网站标识",
    "jiucuo": "“我为政府网站找错”入口",
    "site_code": "网站标识码",
    "organizer": "主办单位",
    "contact": "联系方式",
    "icp": "ICP备案编号",
    "psb": "公安机关备案标识",
    "sitemap": "站点地图",
}
UNREAD = "页脚由脚本写入，尚未读到"

_PRINT_VIEW = re.compile(r"(?:^|[/_?&=-])(?:print|dayin)(?:[/_.?&=-]|$)", re.IGNORECASE)
_HTML = ("text/html", "application/xhtml+xml", "")

Accepts = Callable[[Mark], bool]


def out_of_scope(page: PageView) -> Said | None:  # noqa: PLR0911 -- a list of reasons, one line each
    """Why a page owes no footer, or cannot be judged; None for the pages that do (RULES FT-09)."""
    facts = page.facts
    seen = page.known.seen
    content_type = seen.content_type.partition(";")[0].strip().lower() if seen else ""
    if facts.kind == "script" or content_type not in _HTML:
        return NotApplicable("不是网页")
    if facts.redirect:
        return NotApplicable("跳转页")
    if facts.soft_error or (seen and seen.status is not None and seen.status >= 400):
        return NotApplicable("出错提示页")
    if page.framed:
        return NotApplicable("嵌在其他页面中的框架")
    if _PRINT_VIEW.search(page.url.partition("://")[2].partition("/")[2]):
        return NotApplicable("打印页")
    if facts.protection:
        return page.undecidable("被安全防护拦截")
    if facts.shell or facts.kind == "empty":
        return page.undecidable("页面由脚本生成，须用浏览器打开才能看到")
    return None


def marks(page: PageView, item: str) -> tuple[Mark, ...]:
    found: tuple[Mark, ...] = getattr(page.footer, item)
    return found


def template(page: PageView) -> str:
    """What tells one footer template from another; "bare" where a page has no footer at all."""
    if page.footer.template:
        return page.footer.template
    return "unnamed" if any(m.via != "meta" for item in NAMES for m in marks(page, item)) else "bare"


def missing(page: PageView, item: str, *, accepts: Accepts, fix: str, points: float | None = None) -> Iterator[Said]:
    """Say that an item is missing, unless a mark is accepted or what may hold it was not read."""
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    found = marks(page, item)
    if any(mark.visible and accepts(mark) for mark in found):
        return
    if page.unread:
        yield Undecidable(UNREAD, page.url)
        return
    yield lack(page, item, found, accepts, fix=fix, points=points)


def lack(
    page: PageView, item: str, found: tuple[Mark, ...], accepts: Accepts, *, fix: str, points: float | None = None
) -> Finding:
    """The finding: one per item and template, whatever the number of pages."""
    why = _why(found, accepts)
    nearest = found[0].place if found else None
    evidence = {"缺少": NAMES[item], "页脚模板": template(page) if template(page) != "bare" else "页面没有页脚"}
    if found:
        evidence["页面上只有"] = "；".join(dict.fromkeys(_described(mark) for mark in found[:3]))
    return Finding(
        message=f"页面底部缺少{NAMES[item]}{why}",
        at=page.place(nearest.css if nearest else "", nearest.quote if nearest else ""),
        key=f"{item}@{template(page)}",
        fix=fix,
        evidence=evidence,
        points=points,
        per="site",
    )


def _why(found: tuple[Mark, ...], accepts: Accepts) -> str:
    if any(accepts(mark) for mark in found):
        return "（代码中有，但设为隐藏，访问者看不到）"
    if found and all(mark.via == "image" for mark in found):
        return "（只有图片，没有链接）"
    if found and all(mark.via == "meta" for mark in found):
        return "（只写在网页标签里，页面上看不到）"
    return "（有文字，没有链接）" if found else ""


_VIAS = {"html": "页面内容", "script": "脚本", "image": "图片", "meta": "网页标签"}


def _described(mark: Mark) -> str:
    seen = "" if mark.visible else "，不可见"
    return f"{(mark.place.quote or mark.value)[:60]}（{_VIAS[mark.via]}{seen}）"


def any_visible(mark: Mark) -> bool:
    return mark.via != "meta"


def province(page: PageView) -> str:
    """The two digits of the site's province, from its area or its site code; "" where neither is known."""
    site = page.site.site
    code = site.area or site.code or ""
    return code[:2] if code[:2].isdigit() else ""
