"""A repost that came after its deadline."""

from collections.abc import Iterator

from crawler.api import (
    Examined,
    Finding,
    FleetView,
    NotApplicable,
    NotConfigured,
    Place,
    Said,
    Severity,
    Undecidable,
    cite,
    fleet_rule,
    path_key,
    printed,
    timedelta,
)
from rules.repost._matching import HOW_WORDS, STALE_AFTER, WINDOW, Local, Match, Owed, owed


@fleet_rule(
    "RP-03",
    severity=Severity.LOCAL,
    basis=(
        cite("guobanfa-2014-57", "repost.24h"),
        cite("guobanfa-2017-47", "repost.superior"),
        cite("linxia-2022-08-26", "seed.j"),
    ),
)
def late_repost(
    fleet: FleetView, *, window: timedelta = WINDOW, stale_after: timedelta = STALE_AFTER
) -> Iterator[Said]:
    """转载滞后

    为什么: 国务院重要政策信息应在24小时内转载，晚了公众就从别处先看到，权威发布成了旧闻。

    看什么: 已转载的信息，本网站的发布时间比来源晚了多久；期限由来源的设置决定，默认24小时。
    来源或本网站只写了日期的，按最早和最晚的可能计算，肯定超过期限才算滞后，说不准的不下结论。

    怎么改: 安排专人每天查看来源栏目，当天转载；能自动抓取的，请技术人员设置自动转载、人工审核。
    """
    if not fleet.sources:
        yield NotConfigured("未登记应转载的信息来源（config/sources.yaml）")
        return
    for one in owed(fleet, window=window, stale_after=stale_after):
        if not isinstance(one, Owed):
            yield one
        elif one.match is None:
            yield NotApplicable("没有转载的由 RP-02 判断", one.site.id)
        else:
            yield _judge(one, one.match)


def _judge(one: Owed, match: Match) -> Said:
    local = match.local
    if local.earliest is None or local.latest is None:
        return Undecidable("转载没有标明发布时间", local.url, one.site.id)
    if local.earliest > one.due:
        return _finding(one, match, local)
    if local.latest > one.earliest + one.source.deadline:
        return Undecidable("只有日期没有时间，是否超过期限说不准", local.url, one.site.id)
    return Examined(one.site.id)


def _finding(one: Owed, match: Match, local: Local) -> Finding:
    assert local.earliest is not None
    hours = int((local.earliest - one.latest).total_seconds() // 3600)
    limit = int(one.source.deadline.total_seconds() // 3600)
    return Finding(
        message=f"转载{one.source.name}的《{local.shown.strip('《》')}》至少晚了 {hours} 小时，期限是 {limit} 小时",
        at=Place(local.url, "", local.shown[:200]),
        key=path_key(one.item.url),
        target=one.item.url,
        evidence={
            "来源": one.source.name,
            "来源标题": one.item.title,
            "来源发布": printed(one.earliest)[: 10 if one.earliest != one.latest else 16],
            "本网站发布": printed(local.earliest)[: 10 if local.earliest != local.latest else 16],
            "比对方式": HOW_WORDS[match.how],
        },
        cites=(local.url,),
        site=one.site.id,
    )
