"""A link that answers 200 and shows that there is nothing."""

from collections.abc import Iterator
from dataclasses import replace

from crawler.api import (
    ONE_PAGE,
    Certainty,
    Finding,
    NotApplicable,
    Said,
    Severity,
    State,
    TargetView,
    cite,
    host_of,
    target_rule,
    why_unknown,
)
from rules.links._dead import dead


@target_rule(
    "LK-07",
    severity=Severity.POINTS,
    form="proposed",
    points=0.1,
    basis=(
        cite("guobanmihan-2019-19", "availability.other"),
        cite("guobanfa-2017-47", "links.patrol"),
    ),
    identity="dead-target",
    excusable=True,
)
def soft_404(target: TargetView, *, together: int = 5) -> Iterator[Said]:
    """软404

    为什么: 页面不存在却返回“正常”，访问者看到的仍是空页、提示页或被带回首页，与打不开无异，按错链扣分。

    看什么: 能打开的链接，内容是不是“页面不存在”“已删除”“无权访问”一类提示，
    是不是和随便输入一个地址得到的页面一样，或被转到首页。谈论404的文章不算。转到首页的达到5个时合并为一个问题，列出数目。须人工确认后计入。

    怎么改: 改正或删除链接；并请技术人员让不存在的页面返回404状态码。
    """
    known = target.known
    if known.state is State.DEAD:
        yield NotApplicable("打不开的链接由 LK-01、LK-02、LK-03 判断")
    elif known.state is not State.ALIVE or known.knowledge == "expired" or known.seen is None:
        yield target.undecidable(why_unknown(known))
    elif target.one_page:
        yield target.undecidable(ONE_PAGE)
    elif target.soft_404:
        fix = "改正或删除这个链接；并让不存在的页面返回404状态码。"
        # 微信公众平台的删除提示是固定写法，不会看错；其余须人工确认。
        sure = host_of(target.url) == "mp.weixin.qq.com" and "删除" in target.soft_404
        certainty = Certainty.CONFIRMED if sure else Certainty.PROPOSED
        found = dead(target, known.seen, certainty, fix, words=target.soft_404)
        found = replace(found, evidence={"类别": target.trouble, **found.evidence})
        yield found if target.jumps < together else _all_to_home(found, target)


def _all_to_home(found: Finding, target: TargetView) -> Finding:
    """One cause, the server's answer to what it does not know, and not a fault of so many links."""
    return replace(
        found,
        message=f"本站有 {target.jumps} 个内页链接打开后都跳转到网站首页",
        key="all-to-home",
        fix="请技术人员让不存在的页面返回404状态码，不要一律跳转首页；再改正或删除列出的链接。",
        evidence={**found.evidence, "跳转到首页的链接数": str(target.jumps)},
        group="",
        per="site",
    )
