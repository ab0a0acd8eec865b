"""How many items a field's column shows of the period, its registered sub-columns included."""

import re
from dataclasses import dataclass

from crawler.api import ColumnView, NotApplicable, Said, State, timedelta, why_unknown
from rules.grassroots._fields import children, folder

# "本年度无征收事项": the field says itself that there was nothing.
_NO_EVENT = re.compile(
    r"(?:本年度|今年|目前|本季度|上半年|下半年|本县|本市|我县|我市|辖区)?(?:内)?(?:无|没有|未发生|未开展|暂无|不涉及)[^。\n]{0,16}"
    r"(?:事项|项目|征收|灾情|灾害|任务|业务|业务发生|情况|案件)"
)
_SUB_COLUMNS = 3  # lists under its folder that nobody registered make it a container


@dataclass(frozen=True, slots=True)
class Count:
    inside: int  # dated within the period
    all: int


def count(column: ColumnView, period: timedelta, no_event: tuple[str, ...]) -> Count | Said:  # noqa: PLR0911 -- one return a reason
    """Items of the period; else why the column cannot be counted."""
    if column.site.site.level != "portal":
        return NotApplicable("部门网站没有26个领域的公开任务")
    if column.column.field in no_event:
        return NotApplicable("配置中注明本地没有这类事项")
    if column.known.state is State.DEAD or column.soft_404:
        return NotApplicable("栏目打不开，由 AV-05、JC-02 判断")
    if column.page is None:
        return column.undecidable(why_unknown(column.known))
    below = children(column)
    if not column.column.field and below:
        return NotApplicable("总栏目，看它下面的各领域")
    every = [column, *below]
    if any(not one.reading.complete for one in every):
        return column.undecidable("栏目列表没有读完")
    entries = {entry.url: entry for one in every for entry in one.entries}.values()
    start = column.as_of - period
    inside = sum(1 for e in entries if e.date is not None and e.date >= start)
    undated = sum(1 for e in entries if e.date is None)
    if inside <= 1 < inside + undated or (inside == 0 and undated):
        return column.undecidable("列表里的信息没有日期，数不出本期有几条")
    if inside <= 1 and not below and _unregistered(column) >= _SUB_COLUMNS:
        return column.undecidable("这是容器栏目，下级栏目没有登记")
    if inside == 0 and _NO_EVENT.search(column.page.facts.prose):
        return NotApplicable("栏目注明本期没有这类事项")
    return Count(inside, len(entries))


def _unregistered(column: ColumnView) -> int:
    """Links of the column's page to other list pages under its folder."""
    own = folder(column.url)
    listed = {entry.url for entry in column.entries}
    found = 0
    for url in sorted(column.site.links_of(column.page.url if column.page else column.url)):
        if url in listed or folder(url) == own or not folder(url).startswith(own):
            continue
        if re.search(r"/(?:index(?:_\d+)?\.s?html?)?$|/(?:list|index)[^/]*$", url):
            found += 1
    return found
