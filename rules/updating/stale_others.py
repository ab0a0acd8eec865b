"""Other columns that should be updated and have long not been."""

from collections.abc import Iterator

from crawler.api import (
    Certainty,
    ColumnView,
    Finding,
    NotApplicable,
    Place,
    Said,
    Severity,
    cite,
    column_rule,
    timedelta,
)
from rules.updating._stale import stale, unless_stale
from rules.updating._standing import Standing, counted, distance, is_portal, named, standing

_OWN_RULES = {"动态要闻", "通知公告", "政策文件"}  # UP-02, UP-03


@column_rule(
    "UP-05",
    severity=Severity.POINTS,
    points=1,
    basis=(cite("guobanmihan-2019-19", "columns.other"), cite("guobanmihan-2019-19", "veto.column-stale")),
    form="proposed",
)
def stale_others(column: ColumnView, *, veto: int = 10) -> Iterator[Said]:
    """其他栏目长期不更新

    为什么: 应更新而长期未更新的栏目，门户网站每个扣1分（与空白栏目合计最多4分）；10个以上即单项否决。

    看什么: 有更新期限的其他栏目（期限见 config/column_kinds.yaml，或网站文件里这个栏目的 limit）。
    概况、机构、领导、年报、指南、规章、专题等不要求定期更新的栏目不算；下级栏目的更新算上级栏目的更新；
    没有读完的列表不判断。指标没有写明“长期”是多久，所以须人工确认。

    怎么改: 更新栏目内容；已经结束的专题标明“已归档”；不再需要的栏目合并或撤销。
    """
    limit = column.column.limit
    if column.column.kind in _OWN_RULES:
        yield NotApplicable("由 UP-02、UP-03 判断")
        return
    if limit is None:
        yield NotApplicable("这类栏目不要求定期更新")
        return
    for said in unless_stale(column, limit):
        if not isinstance(said, Standing):
            yield said
            continue
        every = counted(column.site, "stale-others", _counts)
        shown = distance(len(every), veto)
        points = 1 if is_portal(column.site) else 0
        yield stale(column, said, limit, points=points, 本网站此类栏目=shown)
        if len(every) >= veto:
            yield Finding(
                message=f"应更新而长期未更新的栏目{shown}",
                at=Place(column.site.site.home),
                key="veto",
                per="site",
                certainty=Certainty.PROPOSED,
                severity=Severity.VETO,
                points=0,
                cites=tuple(sorted(one.url for one in every)),
                evidence={"计入的栏目": named(every), "距单项否决": shown},
            )


def _counts(column: ColumnView) -> bool:
    limit: timedelta | None = column.column.limit
    if column.column.kind in _OWN_RULES or limit is None:
        return False
    return standing(column, limit).state == "stale"
