"""An attachment that cannot be downloaded, or is not the file it says it is."""

from collections.abc import Iterator

from crawler.api import NotApplicable, Said, Severity, TargetView, cite, target_rule
from rules.links._dead import judge_state


@target_rule(
    "LK-03",
    severity=Severity.POINTS,
    points=0.1,
    basis=(
        cite("guobanmihan-2019-19", "availability.attachment"),
        cite("guobanfa-2017-47", "attachments.open"),
    ),
    identity="dead-target",
    excusable=True,
)
def dead_attachment(target: TargetView) -> Iterator[Said]:
    """附件无法下载

    为什么: 表格、文件下载不了，公众就办不成事。打不开的附件按打不开的链接扣分。

    看什么: 附件能否下载，内容是不是它自称的格式（按文件头判断）。
    空文件、点开是网页或出错提示、扩展名与内容不符的都算打不开。

    怎么改: 重新上传附件并在页面上点开确认；旧附件已迁移的，改成新地址。
    """
    if target.kind != "attachment":
        yield NotApplicable("不是附件")
        return
    yield from judge_state(target, fix="重新上传这个附件，并在页面上点开确认能正常打开。")
