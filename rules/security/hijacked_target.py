"""SC-02: an external link whose address belongs to gambling, porn or a parking service now."""

from collections.abc import Iterator

from crawler.api import (  # fmt: skip
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
    why_unknown,
)


@target_rule(
    "SC-02", severity=Severity.VETO, basis=(cite("guobanmihan-2019-19", "veto.security"),), identity="dead-target"
)
def hijacked_target(target: TargetView) -> Iterator[Said]:
    """站外链接被劫持

    为什么: 链接的域名过期后常被人抢注，改成赌博、色情网站或待售页面，政府网站就成了它们的引路人，属单项否决事项。

    看什么: 站外链接打开后的标题和首页内容是不是赌博、色情广告，是不是域名待售、停放页面
    （只看这一页，不跟进其中的链接）。
    报道打击赌博的新闻不算。须人工打开确认后计入。

    怎么改: 立即撤下这个链接；许多页面都有的，改公共模板，并检查同一域名的其他链接。
    """
    known = target.known
    if target.internal or target.kind != "page":
        yield NotApplicable("不是站外网页")
    elif known.state is State.DEAD:
        yield NotApplicable("打不开的链接由 LK-01、LK-02 判断")
    elif known.state is not State.ALIVE or known.knowledge == "expired" or known.seen is None:
        yield target.undecidable(why_unknown(known))
    elif target.trouble in {"赌博、色情", "域名停放"}:
        parents = target.parents()
        first = parents[0] if parents else None
        text = next((parent.text for parent in parents if parent.text), "")
        yield Finding(
            message=f"站外链接{f'“{text[:40]}”' if text else ''}疑似被劫持：{target.soft_404}",
            at=Place(first.url, first.css, first.text) if first else Place(target.url),
            key="dead",
            certainty=Certainty.PROPOSED,
            target=target.url,
            parents=parents,
            parent_count=target.parent_count,
            attempts=known.seen.attempts,
            evidence={"类别": target.trouble, "打开后看到": target.soft_404, "最近一次访问": printed(known.seen.at)},
            cites=(target.url,),
        )
