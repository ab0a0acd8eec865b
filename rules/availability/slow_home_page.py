"""A home page that takes its time."""

from collections.abc import Iterator
from statistics import median

from crawler.api import Certainty, Finding, Place, Said, Severity, SiteView, State, cite, site_rule, spaced, timedelta

_LIMIT = timedelta(seconds=3)


@site_rule("AV-04", severity=Severity.HINT, basis=(cite("guobanfa-2017-47", "page.speed"),))
def slow_home_page(site: SiteView, *, limit: timedelta = _LIMIT, least: int = 5, days: int = 7) -> Iterator[Said]:
    """首页加载过慢

    为什么: 页面打开时间不宜超过3秒；太慢的首页公众等不及。超过15秒按打不开处理，由 AV-08、AV-01 判断。

    看什么: 近7天首页探测和本次检查中首页打开用时的中位数（从连接到收完网页本身，不含图片和脚本）。
    测到5次以上才认定，不足5次而超过3秒的列为疑似。

    怎么改: 压缩首页、减少首页的动态查询、启用缓存；网络出口拥堵的联系运营商。
    """
    known = site.home.known if site.home else None
    seen = known.seen if known and known.state is State.ALIVE and known.knowledge == "fresh" else None
    times = [
        probe.elapsed
        for probe in spaced(site.probes())
        if probe.state is State.ALIVE and timedelta() <= site.as_of - probe.at < timedelta(days=days)
    ]
    if seen is not None:
        times.append(seen.attempts[-1].elapsed if seen.attempts else seen.elapsed)
    if not times:
        yield site.undecidable("没有测到首页的打开用时")
        return
    middle = timedelta(seconds=median(time.total_seconds() for time in times))
    enough = len(times) >= least
    if middle > limit:
        yield Finding(
            message=f"首页打开用时 {middle.total_seconds():.1f} 秒，超过 {limit.total_seconds():g} 秒",
            at=Place(site.site.home),
            key="slow",
            certainty=Certainty.CONFIRMED if enough else Certainty.SUSPECTED,
            target=site.site.home,
            evidence={
                "测量次数": f"{len(times)}{'' if enough else f'（认定须 {least} 次以上，请运行 govcheck probe）'}",
                "最快和最慢": f"{min(times).total_seconds():.1f} 秒、{max(times).total_seconds():.1f} 秒",
            },
            cites=(f"probe:{site.id}", site.site.home) if enough else (site.site.home,),
        )
    elif not enough:
        yield site.undecidable(f"只测到 {len(times)} 次打开用时，不足 {least} 次")
