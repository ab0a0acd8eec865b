"""WD-07: figures of one paragraph that contradict each other."""

from collections.abc import Iterator

from crawler.api import Certainty, Finding, PageView, Said, Severity, cite, page_rule
from rules.wording._figures import contradictions
from rules.wording._hits import LEVELS, lines, out_of_scope


@page_rule(
    "WD-07",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("linxia-2022-08-26", "seed.h"), cite("linxia-2022-08-26", "seed.p")),
)
def contradictory_figures(page: PageView) -> Iterator[Said]:
    """数据前后矛盾

    为什么: 通报、年报里分项加起来不等于总数、增幅算不出来，说明数据没有核对，公开后会被质疑。

    看什么: 同一段里总数与“其中”各项、分渠道各项之和；“增加多少、增长百分之几”与总数；办结率等与件数；
    量词语序与同段其他各项不一致。分项本来就会重叠的（已办结、满意、新增等）不算，四舍五入的差额不算。由人确认。

    怎么改: 按“算式”核对原始数据，改正总数、分项或百分比；统计口径有重叠的写明。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    if not page.is_article or page.wording.is_lesson:
        return
    words = page.wording
    for block, start in lines(page):
        for found in contradictions(block.text):
            first, last = start + found.start, start + found.end
            evidence = {"级别": LEVELS["notice"], "原文": words.around(first, last), **dict(found.evidence)}
            if found.right:
                evidence["建议"] = words.corrected(first, last, found.right)
            evidence["语境编号"] = words.context(first, last)
            yield Finding(
                message=found.message,
                at=page.place(quote=words.around(first, last)),
                key=f"{found.key}@{words.context(first, last)}",
                certainty=Certainty.PROPOSED,
                fix=f"改为：{evidence['建议']}" if found.right else "核对原始数据后改正，或写明统计口径有重叠。",
                evidence=evidence,
            )
