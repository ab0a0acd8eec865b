"""Cells of an issue list: the columns of RULES 7.6, their widths, and text no program can execute."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from crawler.core.report import FindingRow, SiteRow
from crawler.report.words import CERTAINTIES, STATES, attempt_line, beijing, plain, web_url

Cell = str | int | datetime | None

CELL_LIMIT = 32_767  # UTF-16 units, of Excel
CUT_MARK = "……（过长，已截断）"
URL_LIMIT = 2_079  # of Excel, UTF-16 units
SHEET_URLS = 65_530  # of Excel, per sheet
PARENTS_SHOWN = 5
_EPOCH = 1900  # Excel knows no earlier year
_LINE = 15.0  # points
_MOST_LINES = 14
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a sheet; `width` in half-width characters."""

    head: str
    width: int
    kind: Literal["text", "link", "number", "time"] = "text"


ISSUE_FIELDS = (
    Field("序号", 6, "number"),
    Field("网站名称", 20),
    Field("网站标识码", 13),
    Field("责任单位", 16),
    Field("规则编号", 10),
    Field("问题类型", 18),
    Field("问题描述", 42),
    Field("整改建议", 40),
    Field("问题页面URL", 40, "link"),
    Field("目标URL", 40, "link"),
    Field("上级页面URL", 42, "link"),
    Field("上级页面数", 11, "number"),
    Field("链接文字", 18),
    Field("位置（CSS）", 26),
    Field("页面摘录", 34),
    Field("返回码与检查经过", 46),
    Field("依据条款", 42),
    Field("首次发现时间", 17, "time"),
    Field("最近发现时间", 17, "time"),
    Field("复查状态", 14),
    Field("严重程度", 10),
    Field("确定程度", 12),
    Field("出现次数", 10, "number"),
)


def issue_cells(number: int, finding: FindingRow, site: SiteRow) -> tuple[Cell, ...]:
    """One row under ISSUE_FIELDS."""
    parents = finding.parents[:PARENTS_SHOWN]
    parent_count = max(finding.parent_count, len(finding.parents))
    more = f"\n……共 {parent_count} 个页面" if parent_count > len(parents) else ""
    texts = dict.fromkeys(plain(p.text, 60) for p in parents if p.text.strip())
    state = STATES.get(finding.state, finding.state)
    return (
        number,
        site.name,
        site.code or "待确认",
        site.owner or "",
        finding.rule,
        plain(finding.title),
        _described(finding),
        plain(finding.fix),
        finding.place.url,
        finding.target,
        "\n".join(p.url for p in parents) + more,
        parent_count or None,
        "\n".join(texts),
        plain(finding.place.css),
        plain(finding.place.quote),
        "\n".join(attempt_line(a) for a in finding.attempts),
        plain(finding.clause),
        _when(finding.first_seen),
        _when(finding.last_seen),
        f"{state}（{finding.exempt}）" if finding.exempt else state,
        finding.severity.value,
        CERTAINTIES[finding.certainty],
        finding.count,
    )


def _described(finding: FindingRow) -> str:
    lines = [plain(finding.message) or plain(finding.title)]
    lines += [f"{plain(label, 40)}：{plain(value, 300)}" for label, value in finding.evidence.items()]
    if finding.also:
        lines.append(f"同时违反：{'、'.join(finding.also)}")
    return "\n".join(lines)


def _when(moment: datetime | None) -> Cell:
    if moment is None:
        return None
    local = beijing(moment).replace(tzinfo=None, second=0, microsecond=0)
    return local if local.year >= _EPOCH else f"{local:%Y-%m-%d %H:%M}"


def safe_text(text: str) -> str:
    """Text that is legal XML and fits a cell; a cut is marked."""
    cleaned = _ILLEGAL.sub("", text)
    room = CELL_LIMIT - len(CUT_MARK)
    if len(cleaned.encode("utf-16-le")) // 2 <= CELL_LIMIT:
        return cleaned
    return cleaned.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore") + CUT_MARK


def linkable(url: str) -> bool:
    return bool(web_url(url)) and len(url.encode("utf-16-le", "replace")) // 2 <= URL_LIMIT and safe_text(url) == url


def row_height(fields: Sequence[Field], cells: Iterable[Cell]) -> float:
    """Points that show the tallest cell: not every office program measures wrapped text itself."""
    most = 1
    for field, cell in zip(fields, cells, strict=True):
        if isinstance(cell, str):
            lines = sum(math.ceil(_width(line) / (field.width - 1)) or 1 for line in cell[:2_000].split("\n"))
            most = max(most, lines)
    return _LINE * min(most, _MOST_LINES) + 3


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def write_cell(sheet: Any, at: tuple[int, int], cell: Cell, kind: str, formats: Mapping[str, Any]) -> bool:
    """Write one cell as what it is; page text only ever as a string. True where it became a live link."""
    match cell:
        case None | "":
            sheet.write_blank(*at, None, formats["text"])
        case datetime():
            sheet.write_datetime(*at, cell, formats["time"])
        case int():
            sheet.write_number(*at, cell, formats["number"])
        case str() if kind == "link" and linkable(cell):
            sheet.write_url(*at, cell, formats["link"], safe_text(cell))
            return True
        case str():
            sheet.write_string(*at, safe_text(cell), formats["text"])
    return False
