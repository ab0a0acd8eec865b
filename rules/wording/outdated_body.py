"""WD-05: a body called by a name it no longer has."""

import re
from collections.abc import Iterator

from crawler.api import Hit, NotApplicable, PageView, Said, Severity, cite, page_rule, timedelta
from rules.wording._hits import document_date, finding, out_of_scope, standing

_FORMER = re.compile(
    r"(?:(?<![草高平还])原|前身|曾|旧称|时任|撤销|划入|划转|整合|合并|并入|更名|改名|改为|改称|组建|不再保留|历任|先后任|任过)"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
_SENTENCE = "。；！？\n"

GRACE = timedelta(days=365)  # seals and signs follow a reform within the year


@page_rule(
    "WD-05",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("guowuyuan-jigou-2018", "bodies"),),
)
def outdated_body(page: PageView, *, grace: timedelta = GRACE) -> Iterator[Said]:
    """机构名称过时

    为什么: 机构改革后仍在指南、职能介绍和新文章里写旧名称，群众会找错部门。

    看什么: 改名一年以后发布的文章，和没有日期的机构、指南、联系页面里，config/words/bodies.yaml 列出的旧机构名。
    旧文章、列表里的旧标题、引文和文件名、写着“原……局”或早年年份的句子不算。各地改名先后不一，由人确认。

    怎么改: 改成现在的名称；确需提到旧机构的，写“原××局”。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    hits = list(standing(page, "WD-05"))
    day = document_date(page)
    if day is None and any(not h.exempt for h in page.wording.of("WD-05")):
        yield NotApplicable("文章没有日期，不知道当时叫什么")
        return
    for hit in hits:
        since = hit.phrase.since
        when = hit.block.dated or day
        early = since is not None and when is not None and when < since + grace
        if not early and _is_current(page, hit):
            yield finding(page, hit)


def _is_current(page: PageView, hit: Hit) -> bool:
    """Whether the sentence speaks of today, on a page that does; lists show titles of every age."""
    if not page.is_article and hit.block.part != "common":
        titles = {entry.title for entry in page.facts.listing.entries}
        if page.is_home or page.column or page.facts.kind == "list" or hit.block.text in titles:
            return hit.block.part == "entry" and hit.block.dated is not None
    source = page.wording.source
    first = max(source.rfind(sign, 0, hit.start) for sign in _SENTENCE) + 1
    ends = [at for sign in _SENTENCE if (at := source.find(sign, hit.end)) >= 0]
    sentence = source[max(first, hit.start - 80) : min([*ends, hit.end + 80])]
    if _FORMER.search(sentence):
        return False
    years = [int(year) for year in _YEAR.findall(sentence)]
    return not (years and hit.phrase.since and min(years) <= hit.phrase.since.year)
