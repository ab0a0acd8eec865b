"""A site on its way to a veto: the failures of a week come near the limit."""

from collections.abc import Iterator

from crawler.api import NotApplicable, Said, Severity, SiteView, cite, site_rule
from rules.availability._probes import judge_share, week_of


@site_rule("AV-02", severity=Severity.HINT, basis=(cite("guobanmihan-2019-19", "veto.unreachable"),))
def near_unreachable(
    site: SiteView, *, share: float = 0.03, veto: float = 0.05, days: int = 7, a_day: int = 20
) -> Iterator[Said]:
    """站点可用性预警

    为什么: 一周内打不开的次数达到5%即单项否决；达到3%时提前提醒，还来得及处理。

    看什么: 与 AV-01 相同的首页探测记录，打不开的占比达到3%而不到5%。记录不足不下结论。

    怎么改: 查看打不开的时刻和原因，排查主机、线路和防护设备；计划内的停机事先报备。
    """
    week = week_of(site, days, a_day)
    if isinstance(week, str):
        yield site.undecidable(week)
    elif week.reaches(veto):
        yield NotApplicable("已达到单项否决的比例，由 AV-01 判断")
    else:
        yield from judge_share(site, week, share, "unreachable-share-warning", days)
