"""Stale columns of news, notices and policies together: the veto, and how far it is."""

from collections.abc import Iterator

from crawler.api import Certainty, Finding, Place, Said, Severity, SiteView, cite, site_rule
from rules.updating._standing import distance, distinct, named


@site_rule(
    "UP-04",
    severity=Severity.VETO,
    basis=(cite("guobanmihan-2019-19", "veto.column-stale"),),
    rollup=("UP-02", "UP-03"),
    form="proposed",
)
def too_many_stale(site: SiteView, *, veto: int = 5) -> Iterator[Said]:
    """动态、公告、政策类栏目不更新累计

    为什么: 两周未更新的动态、要闻类栏目和六个月未更新的通知公告、政策文件类一级栏目，
    合计5个以上即单项否决，网站不合格。

    看什么: UP-02 和 UP-03 列出的栏目，逐个写明，并算出距单项否决还差几个。同一栏目挂在两个路径下只算一个。
    有1个起就提示；够5个才是单项否决，须人工逐个确认。

    怎么改: 按列出的栏目逐个更新，先更新最久没有更新的。
    """
    examined = sum(number for number, _ in site.examined.values())
    unknown = sum(number for _, number in site.examined.values())
    if not examined and not unknown:
        yield site.not_applicable("没有可以判断的动态要闻、通知公告或政策文件栏目")
        return
    urls = {finding.target for _, finding in site.findings}
    columns = distinct(column for column in site.columns if column.url in urls)
    if len(columns) < veto <= len(columns) + unknown:
        yield site.undecidable(f"有 {unknown} 个栏目没有读完，能否达到 {veto} 个还不知道")
    if not columns:
        return
    reached = len(columns) >= veto
    yield Finding(
        message=f"动态要闻、通知公告、政策文件类栏目未按期更新：{distance(len(columns), veto)}",
        at=Place(site.site.home),
        key="total",
        certainty=Certainty.PROPOSED,
        count=len(columns),
        severity=None if reached else Severity.HINT,
        cites=tuple(sorted(column.url for column in columns)),
        evidence={
            "计入的栏目": named(columns),
            "距单项否决": distance(len(columns), veto),
            "没有读完的栏目": str(unknown),
        },
    )
