"""One file of config/inputs/ as rows of text with their places: CSV as Excel writes it, or YAML."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.config.cells import clean
from crawler.config.formats import NOTE, Format
from crawler.config.problems import Position, Problem, offer
from crawler.config.reading import Loc, Source, read

MAX_BYTES = 10_000_000
MAX_ROWS = 50_000  # a year of every list an office keeps is some thousands
_DIRECTIVE = re.compile(r"[#＃]\s*(资料截至|涵盖网站|until|covers)\s*[:：]?\s*(.*)", re.IGNORECASE)
_WHAT = {"资料截至": "until", "涵盖网站": "covers", "until": "until", "covers": "covers"}


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    at: Position


@dataclass(slots=True)
class Sheet:
    """A file as read: rows by field name, and what it says of itself."""

    shown: str
    rows: list[tuple[Position, Mapping[str, Cell]]] = field(default_factory=list)
    until: Cell | None = None
    covers: Cell | None = None
    data: bytes = b""
    problems: list[Problem] = field(default_factory=list)

    def complain(self, at: Position, words: str) -> None:
        self.problems.append(Problem(at, words))


def read_sheet(path: Path, shown: str, form: Format) -> Sheet:
    sheet = Sheet(shown)
    try:
        size = path.stat().st_size
        sheet.data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        sheet.complain(Position(shown), f"文件读不了：{error.strerror}")
        return sheet
    if size > MAX_BYTES:
        sheet.complain(Position(shown), f"文件超过 {MAX_BYTES // 1_000_000} MB，请只留检查期内的行")
    elif path.suffix.lower() in {".yaml", ".yml"}:
        _read_yaml(sheet, path, form)
    else:
        _read_csv(sheet, form)
    return sheet


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _read_csv(sheet: Sheet, form: Format) -> None:
    text = _decoded(sheet)
    if text is None:
        return
    heads: list[str | None] | None = None
    for line, cells in _records(sheet, text):
        if not any(cell.strip() for cell in cells):
            continue
        if clean(cells[0]).startswith("#"):
            _directive(sheet, line, cells)
        elif heads is None:
            heads = _heads(sheet, form, line, cells)
            if not any(heads):
                return
        elif len(sheet.rows) >= MAX_ROWS:
            sheet.complain(Position(sheet.shown, line, 1), f"超过 {MAX_ROWS} 行，请只留检查期内的行")
            return
        else:
            _row(sheet, heads, line, cells)
    if heads is None:
        words = f"文件里没有表头；第一行应写：{','.join(one.head for one in form.fields)}"
        sheet.complain(Position(sheet.shown, 1, 1), words)


def _decoded(sheet: Sheet) -> str | None:
    data = sheet.data
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0":
        words = "这是 Excel 工作簿，不是 CSV；请在 Excel 里“另存为”CSV UTF-8（逗号分隔）"
        sheet.complain(Position(sheet.shown), words)
        return None
    names = ["utf-16"] if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "gb18030"]
    for name in names:
        try:
            text = data.decode(name)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            continue
        if "\0" not in text:
            return text
        line = text.count("\n", 0, text.index("\0")) + 1
    words = "看不出是什么编码（应为 UTF-8 或 GBK）；请在 Excel 里“另存为”CSV UTF-8（逗号分隔）"
    sheet.complain(Position(sheet.shown, line, 1), words)
    return None


def _records(sheet: Sheet, text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on."""
    sample = next((line for line in text.splitlines() if line.strip() and line.lstrip()[0] not in "#＃"), "")
    sign = max(",\t;", key=sample.count)
    if not sample.count(sign) and sample.count("，") > 1:
        words = "各列之间用了全角逗号“，”，请改成半角逗号“,”"
        number = text[: text.index(sample)].count("\n") + 1
        sheet.complain(Position(sheet.shown, number, sample.index("，") + 1), words)
        sign = "，"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, cells or [""]
            start = reader.line_num + 1
    except csv.Error as error:
        long = "field larger" in str(error)
        words = "这一格太长，不像表格" if long else '引号没有写完或多了引号；格子里要有引号就写两个（""）'
        sheet.complain(Position(sheet.shown, start, 1), words)


def _directive(sheet: Sheet, line: int, cells: Sequence[str]) -> None:
    """`# 资料截至：2026-10-31` and `# 涵盖网站：全部`; any other line with # is a comment."""
    text = "、".join(cell.strip() for cell in cells if cell.strip())
    if found := _DIRECTIVE.fullmatch(text):
        setattr(sheet, _WHAT[found[1].lower()], Cell(found[2], Position(sheet.shown, line, 1)))


def _heads(sheet: Sheet, form: Format, line: int, cells: Sequence[str]) -> list[str | None]:
    """The field each column is; every fault of the head at once."""
    meant = {_bare(head): one.name for one in form.fields for head in (one.name, *one.heads)}
    found: list[str | None] = []
    for number, cell in enumerate(cells, 1):
        at = Position(sheet.shown, line, number)
        name = meant.get(_bare(cell))
        if name is not None and name in found:
            head = cells[found.index(name)].strip()
            sheet.complain(at, f"“{cell.strip()}”和第{found.index(name) + 1}列“{head}”是同一项，请删去一列")
            name = None
        elif name is None and _bare(cell) and _bare(cell) not in NOTE:
            near = offer(clean(cell), [one.head for one in form.fields])
            if not form.export:
                every = "、".join(one.head for one in form.fields)
                sheet.complain(
                    at, f"不认识的列“{cell.strip()[:40]}”{near or f'；可以写的列有：{every}；附加说明请写在“备注”列'}"
                )
        found.append(name)
    for one in form.fields:
        if one.required and one.name not in found:
            others = "、".join(one.heads[1:4])
            near = offer(one.head, [cell.strip() for cell, name in zip(cells, found, strict=True) if name is None])
            sheet.complain(
                Position(sheet.shown, line, 1),
                f"缺少“{one.head}”列（也可以叫 {others}）{near.replace('是不是', '是不是应把') or ''}",
            )
    return found


def _bare(head: str) -> str:
    """A head without blanks, brackets behind it and case."""
    return re.sub(r"\s+|\(.*?\)$|[*:]", "", clean(head)).lower()


def _row(sheet: Sheet, heads: Sequence[str | None], line: int, cells: Sequence[str]) -> None:
    if any(cell.strip() for cell in cells[len(heads) :]):
        words = f"这一行有 {len(cells)} 格，表头只有 {len(heads)} 格；格子里有逗号时请用引号把整格括起来"
        sheet.complain(Position(sheet.shown, line, len(heads) + 1), words)
        return
    found = {
        name: Cell(cell, Position(sheet.shown, line, number))
        for number, (name, cell) in enumerate(zip(heads, cells, strict=False), 1)
        if name is not None and cell.strip()
    }
    sheet.rows.append((Position(sheet.shown, line, 1), found))


# ── YAML ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _read_yaml(sheet: Sheet, path: Path, form: Format) -> None:
    source = read(path, sheet.shown)
    sheet.problems += source.problems
    if source.data is None:
        return
    rows = source.data.get("rows") if isinstance(source.data, dict) else source.data
    before = ("rows",) if isinstance(source.data, dict) else ()
    if isinstance(source.data, dict):
        for key in source.data:
            if key in {"until", "covers"}:
                setattr(sheet, str(key), Cell(_written(source.data[key], source.raw.get((key,))), source.at((key,))))
            elif key != "rows":
                words = f"不认识的键 {key}{offer(key, ('rows', 'until', 'covers')) or '，可以写 rows、until、covers'}"
                sheet.complain(source.at_key((key,)), words)
    if not isinstance(rows, list):
        sheet.complain(source.at(before), "应写成列表：rows: 下面每行一个“- {site: lxs, …}”")
        return
    for index, row in enumerate(rows[:MAX_ROWS]):
        loc = (*before, index)
        if isinstance(row, dict):
            sheet.rows.append((source.at(loc), _yaml_row(sheet, source, loc, row, form)))
        else:
            sheet.complain(source.at(loc), "应写成“键: 值”的形式，例如 - {site: lxs, …}")


def _yaml_row(sheet: Sheet, source: Source, loc: Loc, row: Mapping[Any, Any], form: Format) -> dict[str, Cell]:
    meant = {_bare(head): one.name for one in form.fields for head in (one.name, *one.heads)}
    cells: dict[str, Cell] = {}
    for key, value in row.items():
        name = meant.get(_bare(str(key)))
        if name is None and _bare(str(key)) not in NOTE and not form.export:
            names = [one.name for one in form.fields]
            words = f"不认识的键 {key}{offer(key, names) or '，可以写的键有：' + '、'.join(names)}"
            sheet.complain(source.at_key((*loc, key)), words)
        elif name is not None and value is not None:
            cells[name] = Cell(_written(value, source.raw.get((*loc, key))), source.at((*loc, key)))
    return cells


def _written(value: object, raw: str | None) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    return raw if raw is not None else str(value)
