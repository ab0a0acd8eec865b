"""A first-level column of notices or policies without an update for six months."""

from collections.abc import Iterator

from crawler.api import ColumnView, NotApplicable, Said, Severity, cite, column_rule, timedelta
from rules.updating._stale import limit_of, stale, unless_stale
from rules.updating._standing import Standing, is_first_level, is_portal

_LIMIT = timedelta(days=184)


@column_rule(
    "UP-03",
    severity=Severity.POINTS,
    points=5,
    basis=(cite("guobanmihan-2019-19", "columns.policy"), cite("guobanmihan-2019-19", "veto.column-stale")),
    kinds=("通知公告", "政策文件"),
    form="proposed",
)
def stale_notices(column: ColumnView, *, limit: timedelta = _LIMIT) -> Iterator[Said]:
    """通知公告、政策文件一级栏目不更新

    为什么: 通知公告、政策文件类一级栏目六个月没有更新，计入“栏目不更新”的单项否决；门户网站的政策文件栏目另扣5分。

    看什么: 一级栏目连同它的下级栏目中最新一条的日期。下级栏目不单独计算；没有读完的列表不判断；
    转到上级网站的栏目不算。六个月按最长的184天计。

    怎么改: 及时发布通知公告和政策文件；下级栏目更新也算上级栏目更新。
    """
    if not is_first_level(column):
        yield NotApplicable("下级栏目，计入它的上级栏目")
        return
    own = limit_of(column, limit)
    for said in unless_stale(column, own):
        if isinstance(said, Standing):
            points = 5 if is_portal(column.site) and column.column.kind == "政策文件" else 0
            yield stale(column, said, own, points=points)
        else:
            yield said
