"""What will be stale soon, with the day it is due."""

from collections.abc import Iterator

from crawler.api import Certainty, ColumnView, Finding, Place, Said, Severity, SiteView, cite, site_rule, timedelta
from rules.updating._home import shown
from rules.updating._standing import is_first_level, standing

_FIRST_LEVEL = {"通知公告", "政策文件"}

_HOME_LIMIT = timedelta(days=14)
_HOME_WARNING = timedelta(days=10)
_LONGEST = timedelta(days=30)


@site_rule(
    "UP-07",
    severity=Severity.HINT,
    basis=(cite("guobanmihan-2019-19", "veto.column-stale"), cite("guobanmihan-2019-19", "veto.home-stale")),
)
def due_soon(
    site: SiteView,
    *,
    home_limit: timedelta = _HOME_LIMIT,
    home_warning: timedelta = _HOME_WARNING,
    share: float = 0.3,
    longest: timedelta = _LONGEST,
) -> Iterator[Said]:
    """栏目不更新预警

    为什么: 到期以后再发就晚了：首页和动态栏目只有两周。提前知道哪天到期，才来得及安排。

    看什么: 首页超过10天没有更新；有更新期限的栏目，剩下的时间不到期限的三成（最多30天）。写明最迟哪一天要更新。
    已经超期的由 UP-01、UP-02、UP-03、UP-05 列出。

    怎么改: 在到期日以前发布新信息。
    """
    yield from _home(site, home_limit, home_warning)
    unknown = 0
    for column in site.columns:
        limit = column.column.limit
        if limit is None or (column.column.kind in _FIRST_LEVEL and not is_first_level(column)):
            continue
        found = standing(column, limit)
        unknown += found.state == "unknown"
        due = found.due(limit)
        if found.state != "fresh" or due is None:
            continue
        left = due - column.as_of.date()
        if left <= min(limit * share, longest):
            yield _soon(column, left.days, f"{due}", f"{found.day}", limit)
    if unknown:
        yield site.undecidable(f"有 {unknown} 个栏目的最新日期还不知道")


def _soon(column: ColumnView, left: int, due: str, newest: str, limit: timedelta) -> Finding:
    when = f"还有 {left} 天到期" if left else "今天到期"
    return Finding(
        message=f"栏目“{column.column.name}”{when}，最迟 {due} 更新（最新一条 {newest}）",
        at=Place(column.url),
        key=f"due:{column.column.id}",
        target=column.url,
        fix=f"在 {due} 以前发布新信息。",
        cites=(column.url,),
        evidence={"栏目": f"{column.column.name}（{column.column.kind}）", "期限": f"{limit.days} 天", "到期日": due},
    )


def _home(site: SiteView, limit: timedelta, warning: timedelta) -> Iterator[Finding]:
    found = shown(site, warning)
    if (
        found is None
        or found.why
        or found.day is None
        or found.second_level
        or not warning.days <= found.idle <= limit.days
    ):
        return
    due = found.day + limit
    yield Finding(
        message=f"首页已有 {found.idle} 天没有更新，最迟 {due} 更新",
        at=found.page.place(quote=found.title),
        key="home",
        certainty=Certainty.CONFIRMED,
        evidence={"最新一条": f"{found.day} {found.title}", "到期日": f"{due}"},
    )
