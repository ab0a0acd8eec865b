"""A news column without an update for two weeks."""

from collections.abc import Iterator

from crawler.api import ColumnView, Said, Severity, cite, column_rule, timedelta
from rules.updating._stale import limit_of, stale, unless_stale
from rules.updating._standing import Standing, is_portal

_LIMIT = timedelta(days=14)


@column_rule(
    "UP-02",
    severity=Severity.POINTS,
    points=5,
    basis=(cite("guobanmihan-2019-19", "columns.news"), cite("guobanmihan-2019-19", "veto.column-stale")),
    kinds=("动态要闻",),
    form="proposed",
)
def stale_news(column: ColumnView, *, limit: timedelta = _LIMIT) -> Iterator[Said]:
    """动态要闻栏目不更新

    为什么: 动态、要闻类栏目两周没有更新，门户网站扣5分，并计入“栏目不更新”的单项否决。

    看什么: 栏目列表（连同下级栏目）中最新一条的日期，不管它排在第几行。只凭完整读到的列表下结论：
    没有读完、没有读到的不判断；转到上级网站的栏目不算；比今天晚的日期、首次发现以后才改晚的日期不采信；
    列表没有日期的看文章，都没有的请人工核对。两周按14个自然日计，节假日照算。

    怎么改: 及时发布动态信息；没有内容可发的栏目合并或撤销。
    """
    own = limit_of(column, limit)
    for said in unless_stale(column, own):
        if isinstance(said, Standing):
            yield stale(column, said, own, points=5 if is_portal(column.site) else 0)
        else:
            yield said
