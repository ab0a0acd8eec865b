"""LK-10: a page or a file of the site that takes longer than the official clock to open."""

from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Finding,
    NotApplicable,
    Place,
    Said,
    Severity,
    State,
    TargetView,
    cite,
    printed,
    target_rule,
    timedelta,
    trap_pattern,
    why_unknown,
)

_LIMIT = timedelta(seconds=15)
_APART = timedelta(minutes=30)  # two looks of one burst are one
_LOADED = 3  # a home page that takes a third of the limit speaks of the server, not of the link


@target_rule("LK-10", severity=Severity.HINT, basis=(cite("guobanfa-2017-47", "page.speed"),))
def slow_link(target: TargetView, *, limit: timedelta = _LIMIT) -> Iterator[Said]:
    """链接超时缓慢

    为什么: 十五秒还没打开的页面，多数人已经关掉了。

    看什么: 本站的网页、附件打开用时是否超过15秒。隔30分钟以上两次都超过才算，只有一次的先记为疑似，下次再看；
    首页同样缓慢的是服务器的问题（见 AV-04），不逐个链接下结论；站外网页不归本站管。

    怎么改: 请技术人员检查这个页面的程序、数据库查询或文件大小；太大的文件分开上传。
    """
    known = target.known
    if not target.internal or target.kind not in {"page", "attachment"}:
        yield NotApplicable("不是本站的网页、附件")
        return
    if known.state is State.DEAD:
        yield NotApplicable("打不开的由死链规则判断")
        return
    if known.state is not State.ALIVE or known.knowledge == "expired":
        yield target.undecidable(why_unknown(known))
        return
    over = [answer for answer in target.slow if answer.elapsed > limit]
    if not over or over[0] != target.slow[0]:
        return
    home = target.site.home.known.seen if target.site.home else None
    if home is not None and home.elapsed * _LOADED > limit and target.url != target.site.site.home:
        yield target.undecidable("首页同样缓慢，可能是服务器负载，由 AV-04 判断")
        return
    parents = target.parents()
    first = parents[0] if parents else None
    again = any(over[0].at - answer.at >= _APART for answer in over[1:])
    seconds = "、".join(f"{answer.elapsed.total_seconds():.0f} 秒" for answer in over[:3])
    yield Finding(
        message=f"打开用时 {seconds}，超过 {limit.total_seconds():.0f} 秒{'' if again else '，待下次复查'}",
        at=Place(first.url, first.css, first.text) if first else Place(target.url),
        key="slow",
        certainty=Certainty.CONFIRMED if again else Certainty.SUSPECTED,
        target=target.url,
        parents=parents,
        parent_count=target.parent_count,
        attempts=tuple(over[:3]),
        evidence={"最近一次访问": printed(over[0].at), "地址规律": trap_pattern(target.url)},
        cites=(target.url,),
    )
