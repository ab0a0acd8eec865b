"""SC-03: an external link whose domain nobody holds any more, or is for sale."""

from collections.abc import Iterator

from crawler.api import (  # fmt: skip
    Certainty,
    Finding,
    NotApplicable,
    Outcome,
    Place,
    Said,
    Severity,
    State,
    TargetView,
    cite,
    host_of,
    printed,
    said_by,
    target_rule,
    why_unknown,
)


@target_rule("SC-03", severity=Severity.HINT, basis=(cite("guobanfa-2017-47", "links.patrol"),), identity="dead-target")
def expired_domain(target: TargetView) -> Iterator[Said]:
    """站外链接域名过期

    为什么: 过期的域名谁都可以注册，今天打不开，明天就可能变成赌博网站，应当尽早撤下。

    看什么: 站外链接的域名是不是两轮都不能解析，打开后是不是域名待售或停放页面。
    只有一轮不能解析的等下一轮再看。与死链是同一个目标时合并为一个问题。

    怎么改: 撤下这个域名的全部链接；仍需引用的，改用对方现在的网址。
    """
    known = target.known
    seen = known.seen
    if target.internal or target.kind != "page":
        yield NotApplicable("不是站外网页")
    elif known.state is None or known.knowledge == "expired" or seen is None:
        yield target.undecidable(why_unknown(known))
    elif known.state is State.DEAD and seen.outcome is Outcome.NXDOMAIN:
        yield _finding(target, said_by(seen), f"host:{host_of(target.url)}", "site")
    elif known.state is State.ALIVE and target.trouble == "域名停放":
        yield _finding(target, target.soft_404, "dead", "subject")


def _finding(target: TargetView, words: str, key: str, per: str) -> Finding:
    parents = target.parents()
    first = parents[0] if parents else None
    seen = target.known.seen
    return Finding(
        message=f"站外链接的域名 {host_of(target.url)} 疑似已过期：{words}",
        at=Place(first.url, first.css, first.text) if first else Place(target.url),
        key=key,
        certainty=Certainty.PROPOSED,
        target=target.url,
        parents=parents,
        parent_count=target.parent_count,
        attempts=seen.attempts if seen else (),
        evidence={"域名": host_of(target.url), "最近一次访问": printed(seen.at) if seen else ""},
        cites=(target.url,),
        per="site" if per == "site" else "subject",
    )
