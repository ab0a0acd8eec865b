"""Pages whose head does not show the name of the site."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, Finding, PageView, Said, Severity, SiteView, cite, site_rule
from rules.domain._names import holds

_SAMPLE = 5  # columns and articles each, as the inspectors take them
_HEAD = 150  # characters of visible text from the top: the name stands before the menu
_REGION = (
    "header, [class*=head], [id*=head], [class*=top], [id*=top], [class*=banner], [id*=banner], [class*=logo], "
    "[id*=logo], [class*=site], h1"
)
_PLACES = (
    "header",
    "[class*=head]",
    "[id*=head]",
    "[class*=top]",
    "[id*=top]",
    "[class*=banner]",
    "[class*=logo]",
    "h1",
)
_PICTURES = ", ".join(f"{place} {tag}" for place in _PLACES for tag in ("img", "svg", "object", "embed"))
_MARKS = "[class*=logo], [id*=logo], [class*=banner], [id*=banner]"  # may be drawn by a style sheet
_NAMED = re.compile(r"logo|banner|top|head|title|name|bt", re.IGNORECASE)  # how a picture of the name is called


@site_rule(
    "DN-06",
    severity=Severity.POINTS,
    points=1,
    basis=(cite("guobanmihan-2019-19", "domain"), cite("guobanfa-2017-47", "name.area")),
    form="proposed",
)
def no_name_in_head(site: SiteView) -> Iterator[Said]:
    """头部未显著显示网站名称

    为什么: 每个页面的头部都应显著显示网站名称，没有的扣1分。

    看什么: 首页、5个栏目页和5篇文章的头部，文字或图片说明里有没有网站名称（简称也可以）。头部是没有说明文字的图片的，
    看不出写了什么，不下结论；样式里的背景图看不到，所以须人工确认。专题页可以有自己的头部，不抽。

    怎么改: 在所有模板的头部显示网站名称；用图片的，在 alt 里写上名称。
    """
    lacking: list[PageView] = []
    seen = unclear = 0
    for page in _sample(site):
        shown = _shown(site, page)
        if shown is None:
            unclear += 1
            continue
        seen += 1
        if not shown:
            lacking.append(page)
    if unclear:
        yield site.undecidable(f"{unclear} 个页面的头部是图片或没有读到，看不到名称")
    if not seen and not unclear:
        yield site.undecidable("没有读到可以抽查的页面")
    if lacking:
        first = min(lacking, key=lambda page: (not page.is_home, page.url))
        yield Finding(
            message=f"抽查的 {seen + unclear} 个页面中，{len(lacking)} 个头部没有显示网站名称",
            at=first.place(),
            key="head",
            certainty=Certainty.PROPOSED,
            count=len(lacking),
            cites=tuple(sorted(page.url for page in lacking)),
            evidence={"应显示": site.site.name, "页面": "\n".join(sorted(page.url for page in lacking))},
        )


def _sample(site: SiteView) -> Iterator[PageView]:
    """The same pages in every audit of the same facts."""
    urls = [site.site.home]
    urls += sorted(c.page.url for c in site.columns if c.page is not None)[:_SAMPLE]
    dated = [b for b in site.briefs() if b.kind == "article" and b.listed_in and b.published]
    dated.sort(key=lambda b: (b.published.value if b.published else site.as_of, b.url), reverse=True)
    urls += [b.url for b in dated[:_SAMPLE]]
    for url in dict.fromkeys(urls):
        page = site.open_page(url)
        if page is not None and not page.facts.soft_error and not page.facts.redirect and page.facts.kind != "script":
            yield page


def _shown(site: SiteView, page: PageView) -> bool | None:
    """Whether the head shows the name; None where it may stand in a picture or is written by a script."""
    if page.facts.protection or page.facts.shell or page.facts.kind == "empty":
        return None
    words = [value for img in page.html.css("img") for value in (img.attrs.get("alt"), img.attrs.get("title")) if value]
    words += [element.text[:_HEAD] for element in page.html.css(_REGION)[:40]]
    words += [element.text[:_HEAD] for element in page.html.css("body")[:1]]
    if any(holds(site, text) for text in words):
        return True
    first = [img.attrs.get("src") or "" for img in page.html.css("img")[:3]]
    pictures = page.html.css(_PICTURES) or page.html.css(_MARKS) or any(_NAMED.search(src) for src in first)
    return None if pictures else False
