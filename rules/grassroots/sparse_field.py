"""A field that published next to nothing in the period."""

from collections.abc import Iterator

from crawler.api import Certainty, ColumnView, Finding, Place, Said, Severity, cite, column_rule, timedelta
from rules.grassroots._counting import Count, count
from rules.grassroots._fields import KIND, PERIOD


@column_rule(
    "JC-04",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(cite("linxia-2022-08-26", "seed.c"), cite("guobanfa-2019-54", "fields.columns")),
    kinds=(KIND,),
)
def sparse_field(
    column: ColumnView, *, few: int = 1, period: timedelta = PERIOD, no_event: tuple[str, ...] = ()
) -> Iterator[Said]:
    """26个领域信息过少

    为什么: 州里通报点名过半年只公开1条信息的领域，公众看不到工作进展。

    看什么: 列表读完整的基层公开栏目（连同登记的下级栏目），本期（默认近半年）的信息是不是只有1条；
    一条也没有的由 JC-03 指出。没有日期的不下结论。须人工确认后计入。

    怎么改: 对照标准目录逐项检查，把应公开而没有公开的信息补上。
    """
    told = count(column, period, no_event)
    if not isinstance(told, Count):
        yield told
    elif 0 < told.inside <= few:
        name = column.column.field or column.column.name
        yield Finding(
            message=f"“{name}”领域近 {period.days} 天只公开了 {told.inside} 条信息",
            at=Place(column.url),
            key="sparse",
            certainty=Certainty.PROPOSED,
            target=column.url,
            evidence={"领域": name, "栏目里全部信息": f"{told.all} 条"},
        )
