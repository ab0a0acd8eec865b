"""A link, picture or file of the home page that does not open."""

from collections.abc import Iterator

from crawler.api import NotApplicable, Said, Severity, TargetView, cite, target_rule
from rules.links._dead import judge_state


@target_rule(
    "LK-01",
    severity=Severity.POINTS,
    points=0.2,
    basis=(
        cite("guobanmihan-2019-19", "availability.home"),
        cite("guobanfa-2017-47", "links.patrol"),
        cite("linxia-2022-08-26", "seed.h"),
    ),
    identity="dead-target",
    excusable=True,
)
def dead_home_link(target: TargetView) -> Iterator[Said]:
    """首页死链错链

    为什么: 首页是公众的入口，打不开的链接每个扣0.2分（与其他页面合计不超过1分）。

    看什么: 首页上的每个链接能否打开，图片、附件、站外链接都在其内。返回404、410的一次即可认定；
    超时、拒绝连接、服务器错误等要隔30分钟以上再看一次；被安全防护拦截、需要登录的不下结论。

    怎么改: 改正或删除首页上的这个链接；图片和附件重新上传；站外网站已关闭的，撤下链接。
    """
    if not target.on_home:
        yield NotApplicable("不在首页上")
        return
    yield from judge_state(target, fix="改正或删除首页上的这个链接；图片、附件请重新上传。")
