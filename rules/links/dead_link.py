"""A link or picture of any page but the home page that does not open."""

from collections.abc import Iterator

from crawler.api import NotApplicable, Said, Severity, TargetView, cite, target_rule
from rules.links._dead import judge_state


@target_rule(
    "LK-02",
    severity=Severity.POINTS,
    points=0.1,
    basis=(
        cite("guobanmihan-2019-19", "availability.other"),
        cite("guobanfa-2017-47", "links.patrol"),
        cite("linxia-2022-08-26", "seed.h"),
    ),
    identity="dead-target",
    excusable=True,
)
def dead_link(target: TargetView) -> Iterator[Said]:
    """其他页死链错链

    为什么: 打不开的链接让公众白跑一趟，检查时每个扣0.1分（与首页合计不超过1分）。

    看什么: 首页以外各页面上的链接和图片能否打开。同一个目标被许多页面引用时只算一个问题，
    列出引用它的页面；同一类旧系统地址打不开的达到20个时合并成一个问题。

    怎么改: 到列出的页面上改正或删除这个链接；许多页面都有的，多半在公共模板里，改一处即可。
    """
    if target.on_home:
        yield NotApplicable("首页上的链接由 LK-01 判断")
    elif target.kind == "attachment":
        yield NotApplicable("附件由 LK-03 判断")
    else:
        yield from judge_state(target, fix="到引用它的页面上改正或删除这个链接；许多页面都有的，请改公共模板。")
