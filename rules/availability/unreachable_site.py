"""A site whose home page could not be opened in this run."""

from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Finding,
    NotApplicable,
    Place,
    Said,
    Seen,
    Severity,
    SiteView,
    State,
    cite,
    printed,
    said_by,
    site_rule,
    why_unknown,
)


@site_rule(
    "AV-08",
    severity=Severity.LOCAL,
    basis=(
        cite("linxia-2022-08-26", "seed.g"),
        cite("guobanfa-2017-47", "outage.report"),
        cite("guobanmihan-2019-19", "veto.unreachable"),
    ),
    excusable=True,
)
def unreachable_site(site: SiteView) -> Iterator[Said]:
    """本次检查无法访问

    为什么: 网站打不开是最严重的问题：监测一周打不开的次数达到5%即单项否决；
    打不开又不向州政府办公室报备，会被通报。

    看什么: 首页能否在15秒内打开。隔30分钟以上的两轮都打不开才认定；只有一轮打不开的列为疑似。
    检查程序自己的网络有故障时不下结论；在报备时段内的列为免责；被安全防护拦截的列为未能核实。

    怎么改: 尽快恢复网站；计划内的停机事先向州政府办公室报备，并把报备时段登记到本程序。
    """
    home = site.home
    if home is None:
        yield site.undecidable("首页尚未检查")
        return
    known = home.known
    if other := site.opened_instead():
        yield NotApplicable(f"{other} 可以打开，由 AC-02 判断")
    elif known.blocked is not None:
        yield site.undecidable(why_unknown(known))
    elif known.state is State.DEAD and known.seen and known.knowledge != "expired":
        yield _finding(site, known.seen, Certainty.CONFIRMED, said_by(known.seen))
    elif known.pending:
        yield _finding(site, known.pending, Certainty.SUSPECTED, f"{said_by(known.pending)}，待第二轮复查")
    elif known.state is not State.ALIVE or known.knowledge == "expired" or known.seen is None:
        yield site.undecidable(why_unknown(known))
    elif _seconds(known.seen) > site.platform.clock.total_seconds():
        words = f"首页用了 {_seconds(known.seen):.1f} 秒才打开，超过 {site.platform.clock.total_seconds():.0f} 秒"
        yield _finding(site, known.seen, Certainty.SUSPECTED, words)


def _seconds(row: Seen) -> float:
    """Of the last request alone: waiting for a slot or retrying is our time, not the site's."""
    return (row.attempts[-1].elapsed if row.attempts else row.elapsed).total_seconds()


def _finding(site: SiteView, row: Seen, certainty: Certainty, words: str) -> Finding:
    return Finding(
        message=f"首页打不开：{words}" if not words.startswith("首页") else words,
        at=Place(site.site.home),
        key="unreachable",
        certainty=certainty,
        target=site.site.home,
        attempts=row.attempts,
        evidence={
            "结果": words,
            "最近一次访问": printed(row.at),
            "访问次数": str(max(1, len(row.attempts))),
        },
        cites=(site.site.home,),
    )
