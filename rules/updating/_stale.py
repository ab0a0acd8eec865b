"""What the rules on stale columns say alike."""

from collections.abc import Iterator

from crawler.api import Certainty, ColumnView, Finding, NotApplicable, Place, Said, Severity, timedelta
from rules.updating._standing import Standing, standing

FIX = "尽快发布新信息并保持更新；确实没有内容可发的栏目，合并或撤销，并更新登记的栏目表。"


def limit_of(column: ColumnView, default: timedelta) -> timedelta:
    """The column's own limit, from its row or its kind; else the rule's."""
    return column.column.limit or default


def unless_stale(column: ColumnView, limit: timedelta) -> Iterator[Standing | Said]:
    """The standing of a stale column, or what else is to be said of it; nothing for one that is up to date."""
    found = standing(column, limit)
    match found.state:
        case "moved" | "dead" | "empty":
            yield NotApplicable(found.why)
        case "unknown":
            yield column.undecidable(found.why)
        case "stale":
            yield found


def stale(column: ColumnView, found: Standing, limit: timedelta, *, points: float, **evidence: str) -> Finding:
    """A person confirms: whether an update was due is no matter of arithmetic alone."""
    entry = found.newest
    due = found.due(limit)
    return Finding(
        message=f"栏目“{column.column.name}”已有 {found.idle} 天没有更新，最新一条是 {found.day}",
        at=Place(column.url, quote=entry.title if entry else ""),
        key="stale",
        certainty=Certainty.PROPOSED,
        target=column.url,
        fix=FIX,
        points=points,
        severity=None if points else Severity.HINT,
        evidence={
            "栏目": f"{column.column.name}（{column.column.kind}）",
            "最新一条": f"{found.day}（{found.source}日期）{entry.title[:60] if entry else ''}",
            "期限": f"{limit.days} 天，应在 {due} 前更新",
            "读到列表的时间": f"{column.as_of:%Y-%m-%d %H:%M}",
            **evidence,
        },
    )
