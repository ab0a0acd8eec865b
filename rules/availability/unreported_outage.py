"""A site that was down for a day and of which nobody had been told."""

from collections.abc import Iterator, Sequence

from crawler.api import (
    Certainty,
    Finding,
    Place,
    Probe,
    Said,
    Severity,
    SiteView,
    cite,
    short_of,
    site_rule,
    spaced,
    timedelta,
)
from crawler.api import printed as time_of
from rules.availability._probes import notice, when

_GAP = timedelta(hours=3)  # two failures further apart say nothing of the time between them

_LASTING = timedelta(hours=24)


@site_rule(
    "AV-03",
    severity=Severity.LOCAL,
    basis=(cite("linxia-2022-08-26", "seed.g"), cite("guobanfa-2017-47", "outage.report")),
)
def unreported_outage(site: SiteView, *, lasting: timedelta = _LASTING, days: int = 7) -> Iterator[Said]:
    """无法访问未报备

    为什么: 州里通报点名过网站无法访问又不向州政府办公室报备的情况。

    看什么: 首页探测记录中，近7天内连续打不开24小时以上、又没有登记报备的时段。中间打开过一次、
    相隔3小时以上没有探测的，不连着算；被防护拦截的不算打不开。

    怎么改: 向州政府办公室说明情况并补报；已经报备的，把报备时段登记到网站配置的 outages。
    """
    probes = spaced(site.probes())
    long = [
        stretch
        for stretch in _stretches(site, probes)
        if stretch[-1].at - stretch[0].at >= lasting and site.as_of - stretch[-1].at < timedelta(days=days)
    ]
    if long:
        yield _finding(site, long[-1])
    elif short := short_of(probes, site.as_of):
        yield site.undecidable(short)


def _stretches(site: SiteView, probes: Sequence[Probe]) -> Iterator[list[Probe]]:
    """Failures in a row that no 报备 entry touches; an entry parts those before it from those behind it."""
    stretch: list[Probe] = []
    for probe in probes:
        opens = probe.opens(site.platform.clock)
        if opens is None:
            continue
        far = bool(stretch) and probe.at - stretch[-1].at > _GAP
        if stretch and (opens or far or notice(site, probe)):
            yield stretch
            stretch = []
        if opens is False and not notice(site, probe):
            stretch.append(probe)
    if stretch:
        yield stretch


def _finding(site: SiteView, stretch: Sequence[Probe]) -> Finding:
    first, last = stretch[0].at, stretch[-1].at
    hours = (last - first).total_seconds() / 3600
    return Finding(
        message=f"{time_of(first)} 到 {time_of(last)} 首页连续 {hours:.1f} 小时打不开，没有登记报备",
        at=Place(site.site.home),
        key="outage",
        certainty=Certainty.CONFIRMED,
        target=site.site.home,
        evidence={"连续打不开": f"{len(stretch)} 次探测", **when(site, stretch)},
        cites=(f"probe:{site.id}",),
    )
