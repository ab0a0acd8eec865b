"""A portal whose home page has no place for announcements of the State Council."""

import re
from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Finding,
    NotApplicable,
    Said,
    Severity,
    SiteView,
    cite,
    normalise,
    site_rule,
    why_unknown,
)

_ZONE = re.compile(
    r"国务院(?:的|最新|重要|相关|有关|办公厅)*(?:政策|信息|文件|要闻|动态|部署|新闻|会议|声音|精神|专区|专栏|大督查)|转载国务院|国务院.{0,6}(?:信息|政策|文件)"
    r"|中央(?:政策|文件|精神|要闻|动态)|(?:上级|国家)(?:政策|文件|要闻)|国务院[|｜]?$"
)
_KIND = "国务院信息"


@site_rule(
    "RP-01",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("guowuyuan-choucha-2017q1", "repost.zone"), cite("guobanfa-2014-57", "repost.24h")),
)
def no_repost_zone(site: SiteView) -> Iterator[Said]:
    """首页未设国务院重要信息专区

    为什么: 国务院重要政策信息要在门户网站首页显著位置转载，公众一打开首页就能看到；全国抽查把它作为一项。

    看什么: 门户网站首页上有没有“国务院信息”“国务院要闻”“国家政策”一类的区块、图标或栏目链接；
    页脚指向中国政府网的友情链接不算。区块叫法很多，须人工确认。

    怎么改: 在首页要闻区旁设“国务院重要信息”区块，列出最近转载的条目并链接到转载栏目。
    """
    if site.site.level != "portal":
        yield NotApplicable("不是政府门户网站")
        return
    if site.home is None or site.home.facts is None or site.is_down:
        yield site.undecidable(why_unknown(site.home.known) if site.home else "首页没有读到")
        return
    home = site.home.facts
    page = site.open_page(site.site.home)
    if home.shell or home.protection or page is None:
        yield site.undecidable("首页由脚本生成或被防护拦截，须用浏览器打开才能看到")
        return
    columns = {_address(c.url) for c in site.site.columns if c.kind == _KIND or _ZONE.search(c.name)}
    if any(_address(url) in columns for url in site.links_of(page.url)) or _ZONE.search(home.prose):
        return
    for element in page.html.css("a, img, area, [title]"):
        attrs = element.attrs
        if _ZONE.search(f"{attrs.get('alt', '')} {attrs.get('title', '')}") or _ZONE.search(element.text):
            return
    if home.iframes or home.listing.units:
        yield site.undecidable("首页有区块由脚本或框架载入，看不到里面有没有")
        return
    yield Finding(
        message="首页没有转载国务院重要信息的区块",
        at=page.place(quote=home.title),
        key="no-zone",
        certainty=Certainty.PROPOSED,
        evidence={"登记的转载栏目": "、".join(c.name for c in site.site.columns if c.kind == _KIND) or "没有"},
    )


def _address(url: str) -> str:
    return normalise(url).partition("://")[2].removesuffix("/").removesuffix("/index.html")
