"""What the rules on availability make of the looks of `govcheck probe`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from crawler.api import (
    Certainty,
    Finding,
    Place,
    Probe,
    Said,
    SiteView,
    printed,
    said_of_probe,
    short_of,
    spaced,
    timedelta,
)


def notice(site: SiteView, probe: Probe) -> str:
    """The number of the 报备 window a look falls into."""
    return next((o.number for o in site.site.outages if o.start <= probe.at <= o.end), "")


@dataclass(frozen=True)
class Week:
    """The looks of the days before the run, counted."""

    judged: int  # outside 报备 windows, and not kept from being known
    failed: tuple[Probe, ...]
    unknown: int  # outside 报备 windows, blocked
    excused: int  # inside 报备 windows
    excused_failed: int
    notices: tuple[str, ...]

    def reaches(self, share: float) -> bool:
        return self.judged > 0 and Fraction(len(self.failed), self.judged) >= Fraction(str(share))

    def is_sure(self, share: float) -> bool:
        """Even if all that was not known had been in order."""
        return Fraction(len(self.failed), self.judged + self.unknown) >= Fraction(str(share))

    def might_reach(self, share: float) -> bool:
        """If all that was not known had failed."""
        total = self.judged + self.unknown
        return total == 0 or Fraction(len(self.failed) + self.unknown, total) >= Fraction(str(share))

    def only_excused(self, share: float) -> bool:
        """Whether the share is reached with the looks inside 报备 windows and not without."""
        total = self.judged + self.excused
        failed = len(self.failed) + self.excused_failed
        return self.excused_failed > 0 and Fraction(failed, total) >= Fraction(str(share))

    @property
    def percent(self) -> str:
        return f"{100 * len(self.failed) / self.judged:.2f}%"


def week_of(site: SiteView, days: int, a_day: int) -> Week | str:
    """The counts, or what is missing of the sample."""
    probes = spaced(site.probes())
    if short := short_of(probes, site.as_of, days, a_day):
        return short
    clock = site.platform.clock
    rows = [probe for probe in probes if timedelta() <= site.as_of - probe.at < timedelta(days=days)]
    own = [(probe, probe.opens(clock)) for probe in rows if not notice(site, probe)]
    excused = [(probe, probe.opens(clock)) for probe in rows if notice(site, probe)]
    return Week(
        judged=sum(opens is not None for _, opens in own),
        failed=tuple(probe for probe, opens in own if opens is False),
        unknown=sum(opens is None for _, opens in own),
        excused=len(excused),
        excused_failed=sum(opens is False for _, opens in excused),
        notices=tuple(dict.fromkeys(notice(site, probe) for probe, _ in excused)),
    )


def judge_share(site: SiteView, week: Week, share: float, key: str, days: int) -> Iterator[Said]:
    if week.reaches(share):
        yield share_finding(site, week, share, key, days)
    elif week.only_excused(share):
        yield share_finding(site, week, share, key, days, exempt="、".join(week.notices))
    elif (week.unknown or not week.judged) and week.might_reach(share):
        yield site.undecidable(f"近{days}天有 {week.unknown} 次探测被拦截等未能判断，不足以得出结论")


def share_finding(site: SiteView, week: Week, share: float, key: str, days: int, exempt: str = "") -> Finding:
    said = f"近{days}天首页探测 {week.judged} 次，{len(week.failed)} 次打不开"
    words = f"{said}，占 {week.percent}，达到 {100 * share:g}%" if week.judged else said
    if exempt:
        words = f"{said}；另有报备时段内 {week.excused_failed} 次打不开，免责"
    sure = bool(exempt) or week.is_sure(share)
    return Finding(
        message=words if sure else f"{words}；另有 {week.unknown} 次未能判断，请人工确认",
        at=Place(site.site.home),
        key=key,
        certainty=Certainty.CONFIRMED if sure else Certainty.PROPOSED,
        target=site.site.home,
        evidence={
            "计入次数": str(week.judged),
            "打不开": str(len(week.failed)),
            "未能判断": f"{week.unknown} 次（被防护拦截等，不计入）",
            "报备时段内": f"{week.excused} 次，其中打不开 {week.excused_failed} 次（不计入）",
            **when(site, week.failed),
        },
        cites=(f"probe:{site.id}",),
        exempt=exempt,
    )


def when(site: SiteView, failed: Sequence[Probe]) -> dict[str, str]:
    """The first and the last failure with their causes."""
    if not failed:
        return {}
    clock = site.platform.clock
    return {
        "第一次打不开": f"{printed(failed[0].at)} {said_of_probe(failed[0], clock)}",
        "最近一次打不开": f"{printed(failed[-1].at)} {said_of_probe(failed[-1], clock)}",
    }
