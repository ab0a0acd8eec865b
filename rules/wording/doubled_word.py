"""WD-11: a word written twice running."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.wording._hits import finding, out_of_scope, standing


@page_rule(
    "WD-11",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("linxia-2022-08-26", "seed.h"),),
)
def doubled_word(page: PageView) -> Iterator[Said]:
    """词语重复

    为什么: “门户网站网站建设”一类的重复是复制、拼接时留下的，一眼就能看出没有校对。

    看什么: config/words/repeats.yaml 里从不重叠的词连写两遍。可以重叠的动词（研究研究）、
    碰巧相连的说法（社会社会主义、目的的）不算。由人确认。

    怎么改: 删去重复的一个。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    for hit in standing(page, "WD-11"):
        yield finding(page, hit, why="连写了两遍")
