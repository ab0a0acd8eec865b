"""No interpretation, or no answer to public concern, in a whole period."""

from collections.abc import Iterator

from crawler.api import (
    SHANGHAI,
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
from rules.interpretation._pairs import HALF_A_YEAR


@column_rule(
    "IN-06",
    severity=Severity.LOCAL,
    basis=(cite("linxia-2022-08-26", "seed.d"),),
    kinds=("政策解读", "回应关切"),
)
def no_interpretations(column: ColumnView, *, period: timedelta = HALF_A_YEAR, least: int = 1) -> Iterator[Said]:
    """政策解读、回应关切数量为零或过少

    为什么: 州里通报指出政策解读、回应关切“数量少，有的部门为零”。

    看什么: 登记的政策解读、回应关切栏目近半年有多少条；按印出的日期计，没有印日期的按首次看到的日期计。
    栏目打不开的由 AV-05 判断，没有读完的不下结论。

    怎么改: 有新文件的同步发布解读；对群众反映集中的问题发布回应。
    """
    if column.known.state is State.DEAD:
        yield NotApplicable("栏目打不开，由 AV-05 判断")
        return
    if not column.reading.complete:
        yield column.undecidable("栏目没有读完，数不出条数")
        return
    since = column.as_of - period
    count = sum((entry.date or entry.first_seen).astimezone(SHANGHAI) >= since for entry in column.entries)
    if count < least:
        many = "没有一条" if count == 0 else f"只有 {count} 条"
        yield Finding(
            message=f"栏目“{column.column.name}”近 {period.days} 天{many}{column.column.kind}",
            at=Place(column.url),
            key="too-few",
            target=column.url,
            evidence={
                "栏目": f"{column.column.name}（{column.column.kind}）",
                "统计时段": f"{since:%Y-%m-%d} 至 {column.as_of:%Y-%m-%d}",
                "条数": f"{count}",
                "栏目内总条数": f"{len(column.entries)}",
            },
        )
