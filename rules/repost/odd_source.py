"""A repost that names no source, or names the reposter."""

import re
from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Examined,
    Finding,
    FleetView,
    NotApplicable,
    NotConfigured,
    PageView,
    Place,
    Said,
    Severity,
    Undecidable,
    cite,
    fleet_rule,
    host_of,
    path_key,
    plain,
    timedelta,
)
from rules.repost._matching import STALE_AFTER, WINDOW, Match, Owed, owed

_OWN = re.compile(
    r"^(?:本站|本网|原创|本站原创|本网原创|本网站|本单位|本局|管理员|admin|网站管理员|佚名|未知|网络|互联网|转载|其他)$",
    re.IGNORECASE,
)
# Platforms where anybody writes: no source that may be reposted (国办发〔2018〕123号).
_ANYBODY = re.compile(r"微信公众号|微博|百度|搜狐|新浪|网易|腾讯|今日头条|抖音|快手|知乎|豆瓣|百家号|公众号")
# 东乡县 of 东乡族自治县, 临夏州 of 临夏回族自治州.
_AUTONOMY = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:(?:(?:回|东乡|保安|撒拉|藏|裕固|蒙古|哈萨克)族)*|族)自治")
_OFFICIAL = re.compile(r"新华|人民|央视|政府|国务院|党")


@fleet_rule(
    "RP-04",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("guobanfa-2018-123", "repost.sources"), cite("guobanfa-2017-47", "repost.source")),
)
def odd_source(fleet: FleetView, *, window: timedelta = WINDOW, stale_after: timedelta = STALE_AFTER) -> Iterator[Said]:
    """转载来源标注不规范

    为什么: 转载上级信息要注明原来的来源，写成“本站原创”或自己单位，是把别人的稿件当成自己的。

    看什么: 已经对上的转载，文章页的来源是不是空白，是不是写成“本站”“原创”或本单位，是不是商业平台。
    只登原文链接的、来源写在正文里的不算问题。须人工确认。

    怎么改: 把来源改为原发布单位（例如“中国政府网”“新华社”），有条件的附上原文链接。
    """
    if not fleet.sources:
        yield NotConfigured("未登记应转载的信息来源（config/sources.yaml）")
        return
    sites = {site.id: site for site in fleet.sites}
    for one in owed(fleet, window=window, stale_after=stale_after):
        if not isinstance(one, Owed):
            yield one
        elif one.match is None:
            yield NotApplicable("没有转载的由 RP-02 判断", one.site.id)
        elif host_of(one.match.local.url) not in one.site.site.hosts:
            yield NotApplicable("只登原文链接，来源就是原文", one.site.id)
        elif (page := sites[one.site.id].open_page(one.match.local.url)) is None:
            yield Undecidable("转载的文章页还没有读到", one.match.local.url, one.site.id)
        else:
            yield _judge(one, one.match, page)


def _judge(one: Owed, match: Match, page: PageView) -> Said:
    source = " ".join(page.facts.source.split())
    if page.facts.shell or page.facts.kind != "article":
        return Undecidable("看不到转载的文章内容", page.url, one.site.id)
    trouble = _trouble(source, one, page)
    if not trouble:
        return Examined(one.site.id, page.known.seen.at if page.known.seen else None, page.known.knowledge == "fresh")
    return Finding(
        message=f"转载{one.source.name}的《{match.local.shown.strip('《》')}》{trouble}",
        at=Place(page.url, "", source),
        key=path_key(page.url),
        certainty=Certainty.PROPOSED,
        target=page.url,
        evidence={"来源标注": source or "没有", "实际来源": one.source.name, "原文": one.item.url},
        cites=(page.url,),
        site=one.site.id,
    )


def _trouble(source: str, one: Owed, page: PageView) -> str:
    if not source:
        named = plain(one.source.name.partition("·")[0])
        text = plain(page.facts.prose)
        return "" if named in text or "来源" in text or host_of(one.item.url) in page.facts.prose else "没有注明来源"
    if _OWN.match(plain(source)) or _is_own(plain(source), one):
        return f"来源写成“{source}”"
    if _ANYBODY.search(source) and not _OFFICIAL.search(source):
        return f"来源是商业平台“{source}”"
    return ""


def _is_own(source: str, one: Owed) -> bool:
    """The site's own name or place; its superior's, which begins with the same prefecture, is none."""
    name = plain(one.site.site.name).removesuffix("模拟")
    place = _AUTONOMY.sub("", name.removesuffix("人民政府"))
    return source in {
        name,
        name + "网",
        name + "网站",
        name + "门户网站",
        place,
        place + "政府网",
        place + "人民政府",
        place + "融媒体中心",
    }
