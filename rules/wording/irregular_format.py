"""WD-06: punctuation, dates, document numbers and figures in a form that official text does not have."""

from collections.abc import Iterator

from crawler.api import Certainty, PageView, Said, Severity, cite, page_rule
from rules.wording._hits import document_date, lines, out_of_scope, shown
from rules.wording._shapes import faults, unbalanced

_WHOLE = 60_000  # prose of this length was cut: what is open at its end may be closed behind it


@page_rule(
    "WD-06",
    severity=Severity.HINT,
    basis=(cite("gbt-9704-2012", "form"),),
)
def irregular_format(page: PageView) -> Iterator[Said]:
    """标点、数字、文号格式不规范

    为什么: 文号、日期、标点有国家标准，写错了不便引用和检索，错误的日期、电话还会误事。

    看什么: 文章标题和正文里的文号括号、虚位、叠用和半角标点、“约……左右”一类重复、全角数字、不存在的日期、
    与日期不符的星期、位数不对的电话等。法院案号、列表日期、时间、网址不算。拿不准的由人确认。

    怎么改: 按“建议”改正；标准见党政机关公文格式（GB/T 9704）、标点符号用法（GB/T 15834）、数字用法（GB/T 15835）。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    if not page.is_article:
        return
    words = page.wording
    for fault in faults(words.source, document_date(page)):
        if words.is_lesson:
            return
        sure = Certainty.CONFIRMED if fault.sure else Certainty.PROPOSED
        yield shown(page, fault.start, fault.end, key=fault.key, message=fault.message, fix=fault.fix,
                    right=fault.right, certainty=sure)  # fmt: skip
    blocks = list(lines(page))
    if len(page.facts.prose) < _WHOLE and (found := unbalanced([block.text for block, _ in blocks])):
        number, mark = found
        block, start = blocks[number]
        at = start + block.text.find(mark)
        yield shown(page, at, at + 1, key="unbalanced", message=f"“{mark}”没有配成对", fix="补上缺少的一半。")
