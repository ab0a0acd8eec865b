"""LK-05: a title that leads to another article, and many titles that lead to one."""

from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Finding,
    NotApplicable,
    PageView,
    Parent,
    Said,
    Severity,
    cite,
    page_rule,
    path_key,
    plain,
    resolve,
)

_LONG = 8  # characters of a link that can be compared: shorter ones are labels
_LOOKED_AT = 600  # links of one page
_PROSE = 4_000  # characters of the article in which a shortened title may be found again
_TOLD = 0.45  # share of the title's pairs of characters that the article's own text repeats


@page_rule(
    "LK-05",
    severity=Severity.HINT,
    basis=(cite("linxia-2022-08-26", "seed.h"), cite("guobanfa-2017-47", "links.patrol")),
    form="proposed",
)
def wrong_target(page: PageView, *, alike: float = 0.3, titles: int = 3) -> Iterator[Said]:
    """链接与标题不符

    为什么: 点标题打开的是另一篇文章，公众找不到要看的内容，多半是编辑复制链接时忘了改。

    看什么: 首页和登记的栏目页上，标题与点开文章的标题、正文是否几乎没有相同的字词；
    有没有几个完全不同的标题指向同一篇文章。“更多”、图标、八个字以下的短标签和登录页不比；
    列表上的缩略标题、按正文改写的标题不算。须人工点开确认后计入。

    怎么改: 在后台改正这条信息的链接，让标题打开对应的文章。
    """
    if not page.is_home and page.column is None:
        yield NotApplicable("只看首页和登记的栏目页")
        return
    if page.facts.protection or page.facts.shell:
        yield page.undecidable("页面没有读到")
        return
    found = _links(page)
    if found is None:
        yield page.undecidable("网页内容没有保存")
        return
    for url, shown in found.items():
        article = _article(page, url)
        if article is None:
            continue
        if len(shown) >= titles and _all_differ(shown, alike):
            yield _finding(page, url, shown, f"{len(shown)} 个不同的标题指向同一篇文章")
        elif wrong := [title for title in shown if _another(article, title, alike)]:
            yield _finding(page, url, wrong[:1], f"点开是另一篇文章“{_another(article, wrong[0], alike)[:60]}”")


def _links(page: PageView) -> dict[str, list[str]] | None:
    """Titles by where they lead: the rows of a column's list, the list items of the home page."""
    pairs: list[tuple[str, str]] = [(entry.title, entry.url) for entry in page.facts.listing.entries[:_LOOKED_AT]]
    if page.is_home:
        try:
            anchors = page.html.css("li a[href], dd a[href], td a[href]")[:_LOOKED_AT]
        except LookupError:
            return None
        pairs += [(a.attrs.get("title") or a.text, resolve(page.url, a.attrs.get("href", ""))[0]) for a in anchors]
    found: dict[str, list[str]] = {}
    for written, url in pairs:
        title = " ".join(written.split())[:200]
        known = found.setdefault(url, [])
        if url and len(plain(title)) >= _LONG and title not in known:
            known.append(title)
    return {url: shown for url, shown in found.items() if shown}


def _article(page: PageView, url: str) -> PageView | None:
    """What opens, where that is one article of the site: many titles may well lead to one service or one column."""
    target = page.site.open_page(url)
    if target is None or target.is_home or target.column is not None or target.url == page.url:
        return None
    facts = target.facts
    troubled = facts.soft_error or facts.redirect or facts.protection or facts.shell
    return target if target.is_article and not troubled else None


def _another(article: PageView, title: str, alike: float) -> str:
    """The title of the article, where it is surely not the one that was announced."""
    facts = article.facts
    heading = facts.heading or facts.title
    if len(plain(heading)) < _LONG or max(_share(title, one) for one in (heading, facts.title) if one) >= alike:
        return ""
    return "" if _share(title, f"{heading} {facts.prose[:_PROSE]}", one_way=True) >= _TOLD else heading


def _all_differ(shown: list[str], alike: float) -> bool:
    return all(_share(one, other) < alike for at, one in enumerate(shown) for other in shown[:at])


def _share(one: str, other: str, *, one_way: bool = False) -> float:
    """How many pairs of characters of the shorter (or, one way, of the first) title stand in the other."""
    pairs = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (plain(one), plain(other))]
    least = len(pairs[0]) if one_way else min(map(len, pairs))
    return len(pairs[0] & pairs[1]) / least if least else 1.0


def _finding(page: PageView, url: str, shown: list[str], words: str) -> Finding:
    return Finding(
        message=f"链接“{shown[0][:60]}”{words}" if len(shown) == 1 else f"{words}：{'、'.join(shown[:3])[:120]}",
        at=page.place(quote=shown[0]),
        key=path_key(url),
        certainty=Certainty.PROPOSED,
        target=url,
        parents=(Parent(page.url, shown[0]),),
        evidence={"链接文字": "\n".join(shown[:10]), "打开的页面": url},
        cites=(page.url, url),
        per="site",
    )
