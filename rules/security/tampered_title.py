"""SC-04: a title, keywords or description that advertises gambling or porn."""

from collections.abc import Iterator

from crawler.api import Certainty, Finding, PageView, Said, Severity, cite, page_rule

_WHERE = {"title": "网页标题", "keywords": "关键词", "description": "网页描述", "heading": "正文标题"}
_DISGUISES = {
    "entities": "写成字符编码（&#…;）",
    "invisible": "夹有看不见的字符",
    "fullwidth": "写成全角字符",
    "script": "由脚本写入",
}


@page_rule("SC-04", severity=Severity.VETO, basis=(cite("guobanmihan-2019-19", "veto.security"),))
def tampered_title(page: PageView) -> Iterator[Said]:
    """页面标题、关键词被篡改

    为什么: 标题和关键词里的赌博、色情词语是给搜索引擎看的，说明网页已被篡改，属单项否决事项，须立即处置。

    看什么: 网页标题、关键词、描述和正文标题还原之后（字符编码、不可见字符、全角、脚本拼接）是不是赌博、色情一类的广告。
    打击赌博、警示提醒、案件通报一类的文章不算。须人工确认后计入。

    怎么改: 先下线该页并保留现场，恢复原来的标题，检查模板、脚本和服务器上有没有后门，修补后再上线，并按规定报告。
    """
    lures = page.facts.lures
    if not lures:
        return
    first = lures[0]
    evidence = {_WHERE[lure.where]: lure.text for lure in lures}
    if disguises := sorted({_DISGUISES[lure.disguise] for lure in lures if lure.disguise}):
        evidence["伪装"] = "、".join(disguises)
    yield Finding(
        message=f"{_WHERE[first.where]}疑似被篡改，带有赌博、色情等广告：{first.text[:60]}",
        at=page.place(quote=first.text),
        key="home" if page.is_home else "lure",
        certainty=Certainty.PROPOSED,
        evidence=evidence,
        per="site",
    )
