"""A field that published nothing in the period."""

from collections.abc import Iterator

from crawler.api import Certainty, ColumnView, Finding, Place, Said, Severity, cite, column_rule, timedelta
from rules.grassroots._counting import Count, count
from rules.grassroots._fields import KIND, PERIOD


@column_rule(
    "JC-03",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(cite("linxia-2022-08-26", "seed.b"), cite("guobanfa-2019-54", "fields.columns")),
    kinds=(KIND,),
)
def empty_field(column: ColumnView, *, period: timedelta = PERIOD, no_event: tuple[str, ...] = ()) -> Iterator[Said]:
    """26个领域无信息

    为什么: 州里通报点名过信息公开数为零的领域（市政服务、城市综合执法、农村危房改造等）。

    看什么: 列表读完整的基层公开栏目（连同登记的下级栏目），本期（默认近半年）有没有信息。
    没有日期的数不出来，不下结论；栏目注明没有这类事项的、下级栏目没有登记的容器栏目，不算。须人工确认后计入。

    怎么改: 按标准目录把这个领域的信息补充公开；确实没有发生的，在栏目里写明“本期没有这类事项”。
    """
    told = count(column, period, no_event)
    if not isinstance(told, Count):
        yield told
    elif told.inside == 0:
        name = column.column.field or column.column.name
        yield Finding(
            message=f"“{name}”领域近 {period.days} 天没有公开信息" + ("" if told.all else "，栏目里一条信息也没有"),
            at=Place(column.url),
            key="empty",
            certainty=Certainty.PROPOSED,
            target=column.url,
            evidence={"领域": name, "栏目里全部信息": f"{told.all} 条"},
        )
