"""An interpretation that came more than three working days after its document."""

from collections.abc import Iterator

from crawler.api import Finding, NotApplicable, PageView, Said, Severity, cite, page_rule, timedelta
from rules.interpretation._pairs import READING_KINDS, YEAR, Document, Reading, pairs, unread


@page_rule(
    "IN-05",
    severity=Severity.HINT,
    basis=(cite("guobanfa-2016-80", "interpretation.3days"), cite("linxia-2022-08-26", "seed.k")),
    kinds=READING_KINDS,
)
def late_interpretation(page: PageView, *, workdays: int = 3, window: timedelta = YEAR) -> Iterator[Said]:
    """解读滞后

    为什么: 解读应与文件同步发布，最迟不晚于文件公布后3个工作日，晚了就起不到引导作用。

    看什么: 近一年的解读中，一份文件最早的那篇解读比文件晚发布多少个工作日；同一份文件的后续解读不计。
    文件登在多处的，按离解读最近的发布日期算；没有发布日期的、解读栏目没有读完的不下结论。

    怎么改: 起草文件时同步准备解读稿，与文件同一天发布。
    """
    if page.column is not None or page.facts.kind != "article":
        yield NotApplicable("不是解读文章")
        return
    found = pairs(page.site)
    reading = found.readings.get(page.url)
    if reading is None or not reading.documents:
        yield NotApplicable("本网站上没有找到所解读的文件")
        return
    if reading.day is None:
        yield page.undecidable("解读没有发布日期")
        return
    if (page.as_of.date() - reading.day) > window:
        yield NotApplicable("一年以前发布的解读")
        return
    late = [(count, one) for one in reading.documents if (count := _late(page, reading, one)) is not None]
    if not late:
        yield page.undecidable("文件没有发布日期")
        return
    count, document = min(late, key=lambda pair: pair[0])
    if count <= workdays:
        return
    if any(_earlier(other, reading) for other in found.of_document[document.urls[0]]):
        yield NotApplicable("同一文件的后续解读")
    elif column := unread(page.site, READING_KINDS):
        yield page.undecidable(f"栏目“{column}”没有读完，不知有没有更早的解读")
    else:
        yield _finding(page, reading, document, count, workdays)


def _late(page: PageView, reading: Reading, document: Document) -> int | None:
    """Working days after the nearest publication of the document; 0 for one that came with or before it."""
    assert reading.day is not None
    if not document.days:
        return None
    before = [day for day in document.days if day <= reading.day]
    return page.site.workdays.between(max(before), reading.day) if before and len(before) == len(document.days) else 0


def _earlier(other: Reading, reading: Reading) -> bool:
    assert reading.day is not None
    return other.url != reading.url and other.day is not None and (other.day, other.url) < (reading.day, reading.url)


def _finding(page: PageView, reading: Reading, document: Document, count: int, limit: int) -> Finding:
    assert reading.day is not None
    return Finding(
        message=f"解读比文件晚 {count} 个工作日发布，最迟应在 {limit} 个工作日内",
        at=page.place(quote=reading.shown),
        key="late",
        target=page.url,
        evidence={
            "解读": reading.shown,
            "解读发布": reading.day.isoformat(),
            "文件": document.shown,
            "文件发布": max(day for day in document.days if day <= reading.day).isoformat(),
            "文件地址": document.urls[0],
        },
        cites=(page.url, document.urls[0]),
    )
