"""A key-area column with next to nothing in it."""

from collections.abc import Iterator

from crawler.api import Certainty, ColumnView, Finding, NotApplicable, Place, Said, Severity, State, cite, column_rule
from rules.updating._standing import children_of, moved_to


@column_rule(
    "UP-08",
    severity=Severity.LOCAL,
    basis=(cite("linxia-2022-08-26", "seed.c"),),
    kinds=("重点领域", "基层公开"),
    form="proposed",
)
def too_few_items(column: ColumnView, *, fewest: int = 2) -> Iterator[Said]:
    """信息数量过少

    为什么: 州里通报点名过只公开了1条信息的重点领域栏目。

    看什么: 重点领域和基层公开栏目（连同下级栏目）各页一共有几条信息，同一条只算一次。列表没有读完、
    没有读到的不判断；一条也没有的由 UP-06 判断；转到上级网站的栏目不算。有的领域确实没有事项，须人工确认。

    怎么改: 按目录补充应公开的信息；确实没有事项的，在栏目里写明情况说明。
    """
    if target := moved_to(column):
        yield NotApplicable(f"栏目已转到 {target[:200]}，由对方维护")
        return
    if column.known.state is State.DEAD:
        yield NotApplicable("栏目打不开，由 AV-05 判断")
        return
    lists = (column, *children_of(column))
    entries = {entry.url or entry.title for one in lists for entry in one.entries}
    if len(entries) >= fewest:
        return
    if unread := [one for one in lists if not one.reading.complete]:
        yield column.undecidable(f"列表没有读完：{unread[0].reading.note or unread[0].reading.end}")
    elif not entries:
        yield NotApplicable("没有条目，由 UP-06 判断")
    else:
        yield Finding(
            message=f"栏目“{column.column.name}”只有 {len(entries)} 条信息",
            at=Place(column.url),
            key="few",
            certainty=Certainty.PROPOSED,
            target=column.url,
            evidence={
                "栏目": f"{column.column.name}（{column.column.field or column.column.kind}）",
                "仅有": "；".join(entry.title[:60] for entry in column.entries[:3]),
                "读到列表的时间": f"{column.as_of:%Y-%m-%d %H:%M}",
            },
        )
