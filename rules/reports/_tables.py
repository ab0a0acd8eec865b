"""The figures of an annual report's tables, row by row, and whether their sums agree."""

import re
import unicodedata
from collections.abc import Iterator

from crawler.api import PageView

_NUMBER = re.compile(r"-?\d{1,7}(?:\.\d+)?")
_PERSONS = 6  # 自然人 and five kinds of legal persons; then 总计
_CELLS = 3_000


def rows(page: PageView) -> list[tuple[str, list[float]]]:
    """(words, figures at the end) of every table row; LookupError where the body is not kept."""
    found: dict[str, list[str]] = {}
    for cell in page.html.css("table td, table th")[:_CELLS]:
        row = cell.path.rpartition(" > ")[0]
        found.setdefault(row, []).append("".join(unicodedata.normalize("NFKC", cell.text).split()).replace(",", ""))
    told = []
    for cells in found.values():
        figures: list[float] = []
        while cells and _NUMBER.fullmatch(cells[-1]):
            figures.insert(0, float(cells.pop()))
        told.append(("".join(cells), figures))
    return told


def contradictions(table: list[tuple[str, list[float]]]) -> Iterator[tuple[str, str]]:
    """(key, sentence) of sums that disagree: across a row of applications, between its lines, and of the remedies."""
    lines: dict[str, list[float]] = {}
    for words, figures in table:
        if len(figures) == _PERSONS + 1 and words:
            lines.setdefault(words, figures)
            if sum(figures[:-1]) != figures[-1]:
                yield (
                    f"row:{words[:20]}",
                    f"“{words[:30]}”一行各类申请人之和是 {sum(figures[:-1]):g}，总计写的是 {figures[-1]:g}",
                )
        elif len(figures) == 15:
            for at in (0, 5, 10):
                group = figures[at : at + 5]
                if sum(group[:4]) != group[4]:
                    yield (
                        f"remedies:{at}",
                        f"行政复议和行政诉讼表中四项结果之和是 {sum(group[:4]):g}，总计写的是 {group[4]:g}",
                    )
    received, carried = _line(lines, r"新收"), _line(lines, r"^二.*结转|上年结转")
    done, left = _line(lines, r"总计"), _line(lines, r"^四.*结转|结转下年")
    if received and carried and done and left:
        before, after = received[-1] + carried[-1], done[-1] + left[-1]
        if before != after:
            yield ("balance", f"新收加上年结转是 {before:g}，办理总计加结转下年是 {after:g}")


def _line(lines: dict[str, list[float]], words: str) -> list[float] | None:
    return next((figures for name, figures in lines.items() if re.search(words, name)), None)
