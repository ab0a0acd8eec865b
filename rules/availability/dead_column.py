"""A registered column whose page does not open."""

from collections.abc import Iterator

from crawler.api import (
    OF_ONE_PAGE,
    ONE_PAGE,
    Certainty,
    ColumnView,
    Finding,
    NotApplicable,
    Parent,
    Place,
    Said,
    Seen,
    Severity,
    State,
    cite,
    column_rule,
    printed,
    said_by,
    why_unknown,
)

_FIX = "恢复这个栏目页；栏目已调整的，把导航改到新地址，并更新登记的栏目地址。"


@column_rule(
    "AV-05",
    severity=Severity.POINTS,
    points=0.1,
    basis=(
        cite("guobanmihan-2019-19", "availability.column"),
        cite("guobanfa-2017-47", "links.patrol"),
        cite("linxia-2022-08-26", "seed.b"),
    ),
    identity="dead-target",
    excusable=True,
)
def dead_column(column: ColumnView) -> Iterator[Said]:
    """栏目页面打不开

    为什么: 栏目打不开，栏目里的信息公众全都看不到；州里通报点名过26个领域的栏目打不开。按打不开的链接扣分。

    看什么: 登记的每个栏目的地址能否打开。返回404、410的一次即可认定；超时、服务器错误等隔30分钟以上再看一次；
    打开后是“页面不存在”提示的，须人工确认；被防护拦截、需要登录的不下结论。栏目暂无内容不算打不开。

    怎么改: 恢复栏目页；栏目已调整的，把导航和各处链接改到新地址，并更新登记的栏目地址。
    """
    known = column.known
    row = known.seen if known.state is State.DEAD else known.pending
    if row and column.site.is_down and row.outcome not in OF_ONE_PAGE:
        yield NotApplicable("全站打不开，由 AV-08 判断")
    elif known.state is State.DEAD and known.seen and known.knowledge != "expired":
        yield _finding(column, known.seen, Certainty.CONFIRMED, said_by(known.seen))
    elif known.pending:
        yield _finding(column, known.pending, Certainty.SUSPECTED, f"{said_by(known.pending)}，待第二轮复查")
    elif known.state is not State.ALIVE or known.knowledge == "expired" or known.seen is None:
        yield column.undecidable(why_unknown(known))
    elif column.target and column.target.one_page:
        yield column.undecidable(ONE_PAGE)
    elif column.soft_404:
        yield _finding(column, known.seen, Certainty.PROPOSED, column.soft_404)


def _finding(column: ColumnView, row: Seen, certainty: Certainty, words: str) -> Finding:
    parents: tuple[Parent, ...] = column.target.parents() if column.target else ()
    return Finding(
        message=f"栏目“{column.column.name}”打不开：{words}",
        at=Place(column.url),
        key="dead",
        certainty=certainty,
        target=column.url,
        fix=_FIX,
        parents=parents,
        parent_count=column.target.parent_count if column.target else 0,
        attempts=row.attempts,
        evidence={"栏目": f"{column.column.name}（{column.column.kind}）", "最近一次访问": printed(row.at)},
        cites=(column.url,),
    )
