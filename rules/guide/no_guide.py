"""A registered guide column without a guide."""

from collections.abc import Iterator

from crawler.api import Certainty, ColumnView, Finding, Said, Severity, cite, column_rule
from rules.guide._guide import KIND, MISSING, Guide, guide_of


@column_rule(
    "GD-01",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(cite("guowuyuanling-711", "art.12"), cite("linxia-2022-08-26", "seed.a")),
    kinds=(KIND,),
)
def no_guide(column: ColumnView) -> Iterator[Said]:
    """未编制公开指南

    为什么: 条例第十二条要求编制、公布政府信息公开指南；没有指南，公众不知道到哪里查、向谁申请。
    州里通报点名过没有发布指南的单位。

    看什么: 登记的信息公开指南栏目里有没有指南正文：直接写在栏目页上的、栏目列表里的文章、内嵌页面和附件都算。
    指南是图片或附件读不出文字的、页面没有读到的，不下结论。须人工确认后计入。

    怎么改: 按条例第十二条编制指南，写明信息分类、编排体系、获取方式和公开工作机构的联系方式，
    以网页文字发布在信息公开指南栏目。
    """
    found = guide_of(column)
    if isinstance(found, Guide):
        return
    if found is not MISSING:
        yield found
        return
    assert column.page is not None
    yield Finding(
        message=f"栏目“{column.column.name}”里没有指南正文",
        at=column.page.place(quote=column.page.facts.main_text[:80]),
        key="no-guide",
        certainty=Certainty.PROPOSED,
        target=column.url,
        evidence={"栏目": column.column.name, "列表中的信息": str(len(column.entries)) + " 条，没有一条是指南"},
    )
