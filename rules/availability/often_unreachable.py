"""A site that too often does not open, by the official count of a week."""

from collections.abc import Iterator

from crawler.api import Said, Severity, SiteView, cite, site_rule
from rules.availability._probes import judge_share, week_of


@site_rule("AV-01", severity=Severity.VETO, basis=(cite("guobanmihan-2019-19", "veto.unreachable"),))
def often_unreachable(site: SiteView, *, share: float = 0.05, days: int = 7, a_day: int = 20) -> Iterator[Said]:
    """站点无法访问

    为什么: 监测一周，每天间隔访问20次以上，15秒打不开的次数累计达到5%，即单项否决，全站不合格。

    看什么: govcheck probe 对首页的定时探测：近7天、每天20次以上，打不开或超过15秒的占比。只按探测记录判断，
    记录不足不下结论；被安全防护拦截、本机网络故障的不算打不开；报备时段内的不计入，单独列出。

    怎么改: 查明打不开的原因（主机、线路、证书、防护），尽快恢复；计划内的停机事先报备并登记报备时段。
    """
    week = week_of(site, days, a_day)
    if isinstance(week, str):
        yield site.undecidable(week)
    else:
        yield from judge_share(site, week, share, "unreachable-share", days)
