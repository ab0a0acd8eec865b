"""A tag that says another domain, another site or another title than the page."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import unescape

from crawler.api import Finding, PageView, Said, Severity, cite, page_rule
from rules.tags._pages import is_article, out_of_scope, values

_LETTERS = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")
_CODE = re.compile(r"bm\d{8}|\d{10}", re.IGNORECASE)
_SHORT = 6  # characters: shorter titles prove nothing


@page_rule(
    "TG-05",
    severity=Severity.HINT,
    basis=(cite("guobanfa-2017-47", "tags.site"), cite("guobanfa-2017-47", "tags.content")),
)
def wrong_tag_value(page: PageView, *, likeness: float = 0.5) -> Iterator[Said]:
    """标签值错误

    为什么: 标签是平台识别网站和文章的依据；模板从别的网站复制过来而没有改，信息就会记到别人名下。

    看什么: SiteDomain 是不是本网站登记的域名（带不带 www、http、端口都可以）；SiteIDCode 是不是登记的网站标识码；
    ArticleTitle 与页面显示的标题是否一致（标点、空格、截断、转义写法不论）。没有登记标识码的不比。

    怎么改: 改正模板里的标签；ArticleTitle 由发布系统按文章标题生成。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    hosts = {_host(host) for host in (*page.site.site.hosts, page.url)}
    for written in values(page, "SiteDomain")[:1]:
        if written and "." in written and _host(written) not in hosts:
            yield _site_wide(page, "SiteDomain", written, page.site.site.hosts[0])
    code = page.site.site.code
    for written in values(page, "SiteIDCode")[:1]:
        if code and _CODE.fullmatch(written) and written.lower() != code.lower():
            yield _site_wide(page, "SiteIDCode", written, code)
    if is_article(page):
        yield from _title(page, likeness)


def _host(written: str) -> str:
    rest = written.strip().lower().rpartition("://")[2]
    return rest.partition("/")[0].partition(":")[0].strip(".").removeprefix("www.")


def _site_wide(page: PageView, name: str, written: str, wanted: str) -> Finding:
    return Finding(
        message=f"{name} 标签写的是 {written[:60]}，应为 {wanted}",
        at=page.place("head", written),
        key=name,
        per="site",
        evidence={"标签": name, "写的是": written[:60], "应为": wanted},
    )


def _title(page: PageView, likeness: float) -> Iterator[Finding]:
    tag = next((value for value in values(page, "ArticleTitle") if value), "")
    said = _plain(tag)
    if len(said) < _SHORT or said in _plain(page.facts.title):
        return
    headings = [element.text for element in page.html.css("h1")]
    shown = [text for text in headings if len(_plain(text)) >= _SHORT] or [page.facts.title]
    if any(_alike(said, _plain(text), likeness) for text in shown) or not _plain(shown[0]):
        return
    if said in _plain(page.facts.prose[:4000]):  # the title may stand in a paragraph of its own
        return
    yield Finding(
        message=f"ArticleTitle 标签是“{tag[:40]}”，页面标题是“{shown[0].strip()[:40]}”",
        at=page.place("head", tag),
        key="ArticleTitle",
        evidence={"ArticleTitle 标签": tag[:100], "页面标题": shown[0].strip()[:100]},
    )


def _plain(text: str) -> str:
    return _LETTERS.sub("", unescape(unescape(text)).lower())


def _alike(tag: str, shown: str, likeness: float) -> bool:
    if not shown:
        return False
    head = min(len(tag), len(shown))
    return (
        tag[:head] == shown[:head]
        or tag in shown
        or shown in tag
        or SequenceMatcher(None, tag[:200], shown[:200]).ratio() >= likeness
    )
