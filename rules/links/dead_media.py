"""LK-04: a picture or a film that does not load."""

from collections.abc import Iterator
from dataclasses import replace

from crawler.api import Certainty, Finding, NotApplicable, Said, Severity, TargetView, cite, target_rule
from rules.links._dead import judge_state


@target_rule(
    "LK-04",
    severity=Severity.HINT,
    basis=(cite("guobanmihan-2019-19", "availability.media"), cite("guobanfa-2017-47", "links.patrol")),
    identity="dead-target",
    excusable=True,
)
def dead_media(target: TargetView) -> Iterator[Said]:
    """图片视频无法加载

    为什么: 页面上空着的图框和放不出来的视频，让公众看不到内容，也显得网站无人维护。

    看什么: 页面上的图片和音视频能否打开，内容是不是图片、音视频（空文件、出错网页都算加载不了）。
    延迟加载的图片按真正的地址检查；对方网站防盗链、拒绝程序访问的不下结论，须在浏览器里看。
    与死链是同一个目标时合并为一个问题；由脚本放出的视频看不到，不在此列。

    怎么改: 重新上传图片、视频，或者改正地址；引用别人网站图片的，存到本站再用。
    """
    if target.kind not in {"image", "media"}:
        yield NotApplicable("不是图片、音视频")
        return
    for said in judge_state(target, fix="重新上传这个图片或视频，或者改正它的地址。"):
        # 站外的图片换一个来源页面就可能打开（防盗链），由人看过再算。
        if isinstance(said, Finding) and not target.internal and said.certainty is Certainty.CONFIRMED:
            yield replace(said, evidence={**said.evidence, "提示": "站外图片、视频，请在浏览器中再看一次"})
        else:
            yield said
