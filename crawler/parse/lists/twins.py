"""Lists laid out in parts: two columns side by side, blocks by year, and pages of several lists beside one another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crawler.parse.dates import find_dates
from crawler.parse.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from selectolax.lexbor import LexborNode

    from crawler.parse.lists.groups import Group, Row

OVERVIEW: Final = "栏目概览页"  # in a listing's note: the lists shown are beginnings of others
_UP: Final = 3  # levels between the halves of a list and what holds both
_YEAR: Final = re.compile(r"^(?:19|20)\d\d\s*年?(?:度)?$")
_MORE: Final = re.compile(r"更多|more|>>|查看全部", re.IGNORECASE)
_MAX_BLOCKS: Final = 40


def whole(best: Group, others: Iterable[Group], heading: Callable[[LexborNode], str]) -> tuple[list[Row], int]:
    """The rows of `best` with those of its other halves, in the page's order; and of how many blocks they come.

    A half has rows of the same kind under the same kind of element close by, has no heading but a year, and its dates
    go on where the other's end: lists of several subjects beside one another overlap.
    """
    rows = list(best.rows)
    parts = [best]
    if not best.dated or _headed(best, heading):
        return rows, 1
    above = _above(best.container)
    for group in list(others)[:_MAX_BLOCKS]:
        if group is best or group.dated * 2 < len(group.rows) or not _alike(best, group, above):
            continue
        if not _headed(group, heading) and all(_apart(part, group) for part in parts):
            parts.append(group)
    parts.sort(key=_newest, reverse=True)
    return [row for part in parts for row in part.rows], len(parts)


def sections(best: Group, others: Iterable[Group]) -> list[Group]:
    """Lists of several subjects on one page, each under a heading with a way to more: an overview, no list."""
    above = _above(best.container)
    return [
        group
        for group in list(others)[:_MAX_BLOCKS]
        if group.dated * 2 >= len(group.rows) and (group is best or _alike(best, group, above)) and _leads_on(group)
    ]


def _above(node: LexborNode) -> set[int]:
    found: set[int] = set()
    parent = node.parent
    for _ in range(_UP):
        if parent is None or parent.tag in {"body", "html"}:
            break
        found.add(parent.mem_id)
        parent = parent.parent
    return found


def _alike(best: Group, group: Group, above: set[int]) -> bool:
    same = group.container.tag == best.container.tag and group.rows[0].node.tag == best.rows[0].node.tag
    return same and not above.isdisjoint(_above(group.container))


def _headed(group: Group, heading: Callable[[LexborNode], str]) -> bool:
    words = heading(group.container)
    return bool(words) and not _YEAR.match(words) and not find_dates(words)


def _newest(group: Group) -> tuple[int, int, int]:
    return max((row.date.year, row.date.month, row.date.day) for row in group.rows if row.date)


def _apart(part: Group, group: Group) -> bool:
    """Whether the days of one lie wholly before those of the other."""
    spans = []
    for one in (part, group):
        days = [(row.date.year, row.date.month, row.date.day) for row in one.rows if row.date]
        spans.append((min(days), max(days)))
    (first, last), (begin, end) = spans
    return begin >= last or end <= first


def _leads_on(group: Group) -> bool:
    """更多 within the block around the list, but not in the list itself."""
    node: LexborNode | None = group.container
    own = {row.anchor.mem_id for row in group.rows}
    for _ in range(2):
        node = node.parent if node is not None else None
        if node is None or node.tag in {"body", "html"}:
            return False
        for anchor in node.css("a")[:60]:
            if anchor.mem_id not in own and len(words := squeeze(anchor.text())) < 8 and _MORE.search(words):
                return True
    return False


def paired(cell: LexborNode) -> bool:
    """Whether a table's row holds several entries, each with its date behind it: title date title date."""
    row = cell.parent
    if row is None or row.tag != "tr":
        return False
    marks = ""
    child = row.first_child
    for _ in range(40):
        if child is None:
            break
        if child.tag == "td":
            marks += "t" * (child.css_first("a[href]") is not None) + "d" * len(find_dates(child.text(separator=" ")))
        child = child.next
    return re.fullmatch(r"(?:td){2,6}", marks) is not None
