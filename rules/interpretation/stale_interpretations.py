"""A column of interpretations that fell silent."""

from collections.abc import Iterator

from crawler.api import (
    SHANGHAI,
    Certainty,
    ColumnView,
    Finding,
    NotApplicable,
    Place,
    Said,
    Severity,
    State,
    cite,
    column_rule,
    timedelta,
)
from rules.interpretation._pairs import HALF_A_YEAR, READING_KINDS


@column_rule(
    "IN-01",
    severity=Severity.POINTS,
    points=5.0,
    form="proposed",
    basis=(cite("guobanmihan-2019-19", "columns.interpretation"),),
    kinds=READING_KINDS,
)
def stale_interpretations(column: ColumnView, *, limit: timedelta = HALF_A_YEAR) -> Iterator[Said]:
    """政策解读栏目不更新

    为什么: 检查指标规定，没有政策解读栏目或6个月没有更新的，扣5分。

    看什么: 登记的政策解读栏目最新一条的日期，或栏目是不是空的。栏目打不开的由 AV-05 判断；
    没有读完、条目没有日期的不下结论。这一栏是不是该网站唯一的解读栏目由人工确认。

    怎么改: 补发近期文件的解读；确实没有需要解读的文件的，可转发上级文件的解读。
    """
    if column.known.state is State.DEAD:
        yield NotApplicable("栏目打不开，由 AV-05 判断")
        return
    if not column.reading.complete:
        yield column.undecidable("栏目没有读完")
        return
    if not column.entries:
        yield _finding(column, f"栏目“{column.column.name}”没有任何解读", "没有")
        return
    newest = column.newest_entry()
    if newest is None or newest.date is None:
        yield column.undecidable("栏目里的条目都没有日期")
        return
    if column.as_of - newest.date.astimezone(SHANGHAI) > (column.column.limit or limit):
        day = newest.date.astimezone(SHANGHAI).date()
        yield _finding(column, f"栏目“{column.column.name}”自 {day} 以来没有更新", f"{day} {newest.title}")


def _finding(column: ColumnView, message: str, newest: str) -> Finding:
    return Finding(
        message=message,
        at=Place(column.url),
        key="stale",
        certainty=Certainty.PROPOSED,
        target=column.url,
        evidence={"栏目": column.column.name, "最新一条": newest, "栏目读取时间": f"{column.as_of:%Y-%m-%d}"},
    )
