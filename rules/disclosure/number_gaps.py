"""Numbers of a series of documents that are not online: for information only."""

import re
from collections.abc import Iterator, Mapping

from crawler.api import (
    Certainty,
    ColumnView,
    Finding,
    NotApplicable,
    Place,
    Said,
    Severity,
    cite,
    column_rule,
    number_key,
)
from rules.disclosure._documents import POLICY_KINDS

_KEY = re.compile(r"(?P<series>.+?)(?P<year>(?:19|20)\d\d) (?P<number>\d{1,5})")
_SHOWN = 20


@column_rule(
    "PF-08",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("guowuyuanling-711", "art.20.documents"),),
    kinds=POLICY_KINDS,
)
def number_gaps(column: ColumnView, *, least: int = 4, share: float = 0.5, years: int = 2) -> Iterator[Said]:
    """文号不连续（仅供核对）

    为什么: 同一文号系列中间缺号，可能是该公开的文件漏了公开，也可能是依法不公开的文件。仅供核对，不作为问题。

    看什么: 文件栏目近两年各文号系列已经上网的号码，列出中间缺的号；上网不到一半的系列不列。

    怎么改: 对照发文登记核对缺号：应当公开的补上，依法不公开的不必处理。
    """
    if not column.reading.complete:
        yield column.undecidable("栏目没有读完，不知缺的是不是没有读到")
        return
    series = _series(column, column.as_of.year - years + 1)
    if not series:
        yield NotApplicable("栏目中没有带文号的文件")
        return
    for (name, year), numbers in sorted(series.items()):
        span = max(numbers) - min(numbers) + 1
        gaps = [number for number in range(min(numbers), max(numbers)) if number not in numbers]
        if len(numbers) < least or not gaps or len(numbers) < share * span:
            continue
        shown = "、".join(map(str, gaps[:_SHOWN])) + ("等" if len(gaps) > _SHOWN else "")
        yield Finding(
            message=f"{name}〔{year}〕{min(numbers)} 号到 {max(numbers)} 号之间缺 {len(gaps)} 个号：{shown}（仅核对）",
            at=Place(column.url),
            key=f"gaps:{name}:{year}",
            certainty=Certainty.PROPOSED,
            target=column.url,
            evidence={"系列": f"{name}〔{year}〕", "已上网": f"{len(numbers)} 个", "缺号": shown},
        )


def _series(column: ColumnView, since: int) -> Mapping[tuple[str, int], set[int]]:
    """Numbers by series and year, of the documents that the column lists."""
    numbers = {brief.url: brief.document_number for brief in column.site.briefs()}
    found: dict[tuple[str, int], set[int]] = {}
    for entry in column.entries:
        key = _KEY.fullmatch(number_key(numbers.get(entry.url, "")) or number_key(entry.title))
        if key and int(key["year"]) >= since:
            found.setdefault((key["series"], int(key["year"])), set()).add(int(key["number"]))
    return found
