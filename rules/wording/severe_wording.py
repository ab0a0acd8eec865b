"""WD-01: the country, an organ of state or a leader named wrongly."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.wording._hits import finding, out_of_scope, standing


@page_rule(
    "WD-01",
    severity=Severity.VETO,
    form="proposed",
    basis=(cite("guobanmihan-2019-19", "veto.security"),),
)
def severe_wording(page: PageView) -> Iterator[Said]:
    """严重表述错误

    为什么: 国名、党政机关名称、国家领导人姓名写错，或一字之差使意思相反、成为侮辱，属于单项否决的严重表述错误。

    看什么: 文章标题、正文和栏目、首页文字中 config/words/severe.yaml 和本单位词表列出的错误写法。
    引文、书名号里的也查；举例说明“不得使用……”“……应为……”的不算。一律须人工确认后计入。

    怎么改: 立即按“建议”改正，并检查同一来源的其他文章；转载的先核对原文。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    for hit in standing(page, "WD-01"):
        yield finding(page, hit)
