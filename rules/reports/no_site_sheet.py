"""A site that did not publish the yearly sheet about itself."""

import re
import unicodedata
from collections.abc import Iterator

from crawler.api import Finding, Place, Said, Severity, SiteView, cite, host_of, normalise, resolve, site_rule
from rules.reports._titles import due_year

_SHEET = re.compile(
    r"网站(?:监管)?(?:工作)?(?:年度)?(?:工作)?(?:年度)?(?:报表|年报表?)|网站工作年度|网站年度(?:工作)?报(?:表|告)|工作年度报表"
)


@site_rule(
    "AR-03",
    severity=Severity.HINT,
    basis=(cite("guobanhan-2018-12", "site-sheet"),),
)
def no_site_sheet(site: SiteView) -> Iterator[Said]:
    """没有按时公布网站工作年度报表

    为什么: 国办函〔2018〕12号要求每年1月31日前在网站首页公布上一年度政府网站工作年度报表。

    看什么: 首页的链接（含图片链接指向的页面）、读到的页面和栏目列表里，有没有上一年度的网站工作年度报表；
    写明发布日期的，是不是晚于1月31日。首页没有读到、由脚本生成的，不下结论。

    怎么改: 在首页公布上一年度的政府网站工作年度报表，标题写明年度。
    """
    home = site.open_page(site.site.home)
    if home is None or home.facts.protection:
        yield site.undecidable("首页没有读到")
        return
    if home.facts.shell:
        yield site.undecidable("首页由脚本生成，须用浏览器打开才能看到")
        return
    try:
        anchors = home.html.css("a[href]")[:3000]
    except LookupError:
        yield site.undecidable("首页内容没有保存")
        return
    year, due = due_year(site.as_of.date(), 1, 31)
    links = {
        normalise(resolve(home.url, a.attrs.get("href") or "")[0]): plain(f"{a.text}{a.attrs.get('title') or ''}")
        for a in anchors
    }
    sheets: list[tuple[str, str, str]] = []  # (title, URL, day or "")
    sheets += [(words, url, "") for url, words in links.items() if _SHEET.search(words)]
    sheets += [
        (plain(e.title), e.url, e.date.date().isoformat() if e.date else "")
        for column in site.columns
        for e in column.entries
        if _SHEET.search(plain(e.title))
    ]
    sheets += [
        (plain(b.title), b.url, b.published.value.date().isoformat() if b.published else "")
        for b in site.briefs()
        if _SHEET.search(plain(b.title))
    ]
    # "网站工作年度报表" without a year is a topic that collects them all:
    # whether this year's is in it, nobody sees here.
    ours = [sheet for sheet in sheets if str(year) in sheet[0]]
    days = {day for _, _, day in ours if day}
    if ours and (not days or min(days) <= due.isoformat()):
        return
    if not ours and any(not re.search(r"20\d{2}", title) for title, _, _ in sheets):
        yield site.undecidable("首页有网站工作年度报表的入口，没有读到里面的年度")
        return
    own = set(site.site.hosts)
    if not ours and any(not w and host_of(u) in own and site.open_page(u) is None for u, w in links.items()):
        yield site.undecidable("首页有没有文字的图片链接没有读到，可能指向年度报表")
        return
    late = f"{min(days)}才公布" if ours else "没有找到"
    yield Finding(
        message=f"{year}年度政府网站工作年度报表{late}，期限是{due:%Y-%m-%d}",
        at=Place(ours[0][1] if ours else home.url, "", ours[0][0] if ours else ""),
        key=f"sheet:{year}",
        cites=(home.url,),
    )


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
