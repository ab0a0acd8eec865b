"""Names on a leaders' page against the list of who is in office."""

from collections.abc import Iterator

from crawler.api import Certainty, ColumnView, Finding, NotApplicable, Place, Said, Severity, cite, column_rule, date
from rules.updating._standing import children_of, moved_to


@column_rule(
    "UP-12",
    severity=Severity.POINTS,
    points=1,
    basis=(cite("guobanmihan-2019-19", "columns.profile"),),
    kinds=("领导信息",),
    form="input",
    inputs=("roster",),
)
def outdated_roster(column: ColumnView) -> Iterator[Said]:
    """机构概况信息不准

    为什么: 领导姓名缺失、错误或已经离任没有撤下的，每处扣1分。

    看什么: 领导信息栏目的页面和列表里的姓名，对照 config/inputs/ 的领导名册（姓名、任职和离任日期）：
    名册上在任的没有出现，或已经离任的还在。没有名册不判断；名册要由人维护，所以须人工确认。

    怎么改: 更新领导信息栏目；名册过时的先更新名册。
    """
    if moved_to(column) or column.page is None:
        yield NotApplicable("栏目转到别处") if moved_to(column) else column.undecidable()
        return
    today = column.as_of.date()
    lists = (column, *children_of(column))
    pages = [one.page.facts for one in lists if one.page is not None]
    words = [text for facts in pages for text in (facts.prose, facts.main_text)]
    words += [entry.title for one in lists for entry in one.entries]
    shown = "".join("".join(words).split())
    if not shown or column.page.facts.shell:
        yield column.undecidable("栏目内容由脚本生成，没有读到")
        return
    complete = all(one.reading.complete for one in lists)
    for row in column.site.inputs["roster"].rows:
        name = "".join(str(row.get("name", "")).split())
        start, end = _day(row.get("from")), _day(row.get("until"))
        if not name or (start and start > today):
            continue
        if end and end < today and name in shown:
            yield _finding(column, name, "former", f"{name} 已于 {end} 离任，仍在领导信息栏目中")
        elif not (end and end < today) and name not in shown:
            if complete or not any(one.entries for one in lists):
                yield _finding(column, name, "missing", f"在任的 {name} 没有出现在领导信息栏目中")
            else:
                yield column.undecidable("领导列表没有读完")


def _finding(column: ColumnView, name: str, what: str, message: str) -> Finding:
    return Finding(
        message=message,
        at=Place(column.url, quote=name),
        key=f"{what}:{name}",
        certainty=Certainty.PROPOSED,
        target=column.url,
        evidence={"名册": column.site.inputs["roster"].file},
    )


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
