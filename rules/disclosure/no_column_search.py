"""A column of policy documents without a search box of its own."""

from collections.abc import Iterator

from crawler.api import (
    Certainty,
    ColumnView,
    Finding,
    NotApplicable,
    Said,
    Severity,
    State,
    cite,
    column_rule,
    why_unknown,
)

POLICY_KINDS = ("政策文件", "规章", "规范性文件")


@column_rule(
    "PF-01",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(cite("linxia-2022-08-26", "seed.e"), cite("linxia-2022-08-26", "seed.m")),
    kinds=POLICY_KINDS,
)
def no_column_search(column: ColumnView) -> Iterator[Said]:
    """政策文件栏目无专用检索框

    为什么: 文件多了，公众要能只在政策文件里查找。州里通报指出“政策文件栏目没有设置单独搜索功能”。

    看什么: 登记的政策文件、规章、规范性文件栏目页上，有没有只查本栏目文件的检索框。
    页头的全站搜索不算；看不出检索范围的不下结论。须人工确认后计入。

    怎么改: 在栏目页上加一个检索框，范围限定为本栏目（例如标明“本栏检索”“文件检索”，
    可按标题、文号、年份查），并试查一个文件名确认有结果。
    """
    if column.known.state is State.DEAD:
        yield NotApplicable("栏目打不开，由 AV-05 判断")
        return
    if column.page is None or column.page.facts.protection:
        yield column.undecidable(why_unknown(column.known) if column.page is None else "被安全防护拦截")
        return
    boxes = column.page.facts.search_boxes
    if any(box.scope == "column" for box in boxes):
        return
    unclear = next((box for box in boxes if box.scope == "unknown"), None)
    if unclear is not None:
        yield column.undecidable("栏目页有检索框，但看不出是否只查本栏目")
        return
    box = next(iter(boxes), None)
    yield Finding(
        message=f"栏目“{column.column.name}”没有自己的检索框" + ("，只有全站搜索" if boxes else ""),
        at=column.page.place(box.place.css if box else "", box.place.quote if box else ""),
        key="no-own-search",
        certainty=Certainty.PROPOSED,
        target=column.url,
        evidence={
            "栏目": f"{column.column.name}（{column.column.kind}）",
            "页面上的检索框": "全站搜索" if boxes else "没有",
        },
    )
