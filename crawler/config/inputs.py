"""config/inputs/: every fault of every file at once, or one table per site and format."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crawler.config import cells
from crawler.config.cells import Unfit, clean
from crawler.config.formats import ALSO, BY_NAME, FORMATS, Field, Format
from crawler.config.problems import Position, Problem, offer
from crawler.config.scalars import web_url
from crawler.config.sheets import Cell, Sheet, read_sheet
from crawler.core.model import Outage, Site
from crawler.core.views import InputTable

FOLDER = "inputs"
_ALL = {"全部", "所有", "全部网站", "all", "*"}
_SUFFIXES = (".csv", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file that was read and found good."""

    name: str
    shown: str
    rows: int
    sites: tuple[str, ...]  # it speaks of
    until: date | None
    digest: str  # of its bytes: what a finding rests on


@dataclass(frozen=True, slots=True)
class Inputs:
    files: tuple[InputFile, ...] = ()
    tables: Mapping[str, Mapping[str, InputTable]] = field(default_factory=dict)  # site -> format -> table
    outages: Mapping[str, tuple[Outage, ...]] = field(default_factory=dict)  # site -> windows of outages.csv
    problems: tuple[Problem, ...] = ()

    def digest(self, name: str) -> str:
        return next((file.digest for file in self.files if file.name == name), "")


def read_inputs(directory: Path, sites: Sequence[Site], shown: str) -> Inputs:
    """Everything under config/inputs/; a folder that is not there is an empty one."""
    folder = directory / FOLDER
    if not folder.is_dir():
        return Inputs()
    problems: list[Problem] = []
    files: list[InputFile] = []
    tables: dict[str, dict[str, InputTable]] = defaultdict(dict)
    for name, path in _found(folder, shown, problems).items():
        form = BY_NAME[name]
        sheet = read_sheet(path, f"{shown}/{FOLDER}/{path.name}", form)
        rows, until, covered = _judged(sheet, form, sites)
        problems += sheet.problems
        by_site: dict[str, list[Mapping[str, Any]]] = {site: [] for site in covered}
        for row in rows:
            by_site.setdefault(row["site"], []).append(row)
        for site, own in by_site.items():
            tables[site][name] = InputTable(name, sheet.shown, tuple(own), until)
        digest = hashlib.sha256(sheet.data).hexdigest()
        files.append(InputFile(name, sheet.shown, len(rows), tuple(sorted(by_site)), until, digest))
    outages = {site: _windows(own["outages"]) for site, own in tables.items() if "outages" in own}
    return Inputs(tuple(files), dict(tables), outages, tuple(problems))


def with_outages(site: Site, inputs: Inputs) -> Site:
    more = inputs.outages.get(site.id, ())
    return replace(site, outages=tuple(dict.fromkeys((*site.outages, *more)))) if more else site


def _windows(table: InputTable) -> tuple[Outage, ...]:
    return tuple(Outage(row["from"], row["to"], row["number"]) for row in table.rows)


def _found(folder: Path, shown: str, problems: list[Problem]) -> dict[str, Path]:
    """Format name -> its file; what is no input is said, where it looks like one."""
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        suffix, name = path.suffix.lower(), ALSO.get(path.stem, path.stem)
        at = Position(f"{shown}/{FOLDER}/{path.name}")
        if path.name.startswith((".", "~$")) or suffix in {".md", ".txt"} or not path.is_file():
            continue
        if suffix in {".xlsx", ".xls", ".et", ".ods"}:
            problems.append(Problem(at, "不读工作簿；请在 Excel 或 WPS 里“另存为”CSV，文件名不变，扩展名 .csv"))
        elif suffix not in _SUFFIXES:
            continue
        elif name not in BY_NAME:
            near = offer(path.stem, BY_NAME) or f"；可以放的有：{'、'.join(BY_NAME)}"
            problems.append(Problem(at, f"没有名叫 {path.stem} 的输入资料{near}"))
        elif name in found:
            problems.append(Problem(at, f"{found[name].name} 也在，同一份资料只留一个文件"))
        else:
            found[name] = path
    return found


# ── one file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _judged(
    sheet: Sheet, form: Format, sites: Sequence[Site]
) -> tuple[list[Mapping[str, Any]], date | None, tuple[str, ...]]:
    names = _names(sites)
    rows: list[Mapping[str, Any]] = []
    first: dict[tuple[Any, ...], Position] = {}
    for at, found in sheet.rows:
        row = _values(sheet, form, at, found, names, sites)
        if row is None:
            continue
        key = tuple(row.get(name) for name in form.unique)
        if key and all(part not in {None, ""} for part in key if part is not row.get("platform")):
            if key in first:
                heads = "、".join(one.head for name in form.unique if (one := form.field(name)))
                sheet.complain(at, f"与第{first[key].line}行重复（{heads}都相同），请删去一行")
                continue
            first[key] = at
        rows.append(row)
    until = _until(sheet, form, rows)
    return rows, until, _covered(sheet, names, sites)


def _values(
    sheet: Sheet,
    form: Format,
    at: Position,
    found: Mapping[str, Cell],
    names: Mapping[str, str],
    sites: Sequence[Site],
) -> Mapping[str, Any] | None:
    """The row as the format's types; None, and every fault of it said, where it does not fit."""
    row: dict[str, Any] = {}
    before = len(sheet.problems)
    for one in form.fields:
        cell = found.get(one.name)
        if cell is None:
            row[one.name] = None
            if one.required:
                sheet.complain(at, f"这一行没有写“{one.head}”" + (f"，例如 {one.example}" if one.example else ""))
            continue
        try:
            row[one.name] = _value(one, cell.text, names, sites)
        except Unfit as unfit:
            sheet.complain(cell.at, f"“{one.head}”{unfit}" if not str(unfit).startswith("“") else f"{one.head} {unfit}")
    for early, late in form.ordered:
        if row.get(early) and row.get(late) and row[early] > row[late]:
            heads = [each.head for each in form.fields if each.name in {early, late}]
            cell = found[late]
            sheet.complain(
                cell.at, f"“{heads[1]}”{clean(cell.text)} 早于“{heads[0]}”{clean(found[early].text)}，请核对"
            )
    return row if len(sheet.problems) == before else None


def _value(one: Field, text: str, names: Mapping[str, str], sites: Sequence[Site]) -> Any:  # noqa: PLR0911  one a kind
    value = clean(text)
    match one.kind:
        case "site":
            return _site(text, names, sites)
        case "day":
            return cells.moment(text).date()
        case "moment" | "end":
            return cells.moment(text, end=one.kind == "end")
        case "number":
            return cells.number(text)
        case "choice":
            if value not in one.choices:
                raise Unfit(f"只能写 {'、'.join(one.choices)}，现在是 {value[:40]}{offer(value, one.choices)}")
            return value
        case "url":
            try:
                return web_url(value)
            except ValueError as error:
                raise Unfit(f"写得不对：{error}") from None
        case _:
            return " ".join(text.split())[:500]


def _names(sites: Sequence[Site]) -> dict[str, str]:
    """What people call a site -> its id."""
    named: dict[str, str] = {}
    for site in sites:
        for name in (site.id.lower(), site.name, site.code or ""):
            named.setdefault(clean(name), site.id)
    return named


def _site(text: str, names: Mapping[str, str], sites: Sequence[Site]) -> str:
    value = clean(text)
    if found := names.get(value) or names.get(value.lower()):
        return found
    near = offer(value, [*(site.id for site in sites), *(site.name for site in sites)])
    if near:
        raise Unfit(f"“{value[:40]}”不是登记的网站{near}")
    raise Unfit(f"“{value[:40]}”不是登记的网站；请写 id、网站名称或标识码（govcheck sites 列出全部）")


def _until(sheet: Sheet, form: Format, rows: Sequence[Mapping[str, Any]]) -> date | None:
    """How far the file speaks: as it says itself, else by its newest row."""
    if sheet.until is not None:
        try:
            return cells.moment(sheet.until.text).date()
        except Unfit as unfit:
            sheet.complain(sheet.until.at, f"资料截至{unfit}")
            return None
    newest = [row[form.until] for row in rows if form.until and row.get(form.until)]
    return max((one.date() if isinstance(one, datetime) else one for one in newest), default=None)


def _covered(sheet: Sheet, names: Mapping[str, str], sites: Sequence[Site]) -> tuple[str, ...]:
    """Sites the file speaks of even where it has no row of theirs."""
    if sheet.covers is None:
        return ()
    text = clean(sheet.covers.text)
    if text.lower() in _ALL:
        return tuple(site.id for site in sites)
    found = []
    for word in re.split(r"[、,，;；\s]+", text):
        if word:
            try:
                found.append(_site(word, names, sites))
            except Unfit as unfit:
                sheet.complain(sheet.covers.at, f"涵盖网站{unfit}")
    return tuple(dict.fromkeys(found))


# ── templates ────────────────────────────────────────────────────────────────────────────────────────────────────────


def template(form: Format) -> str:
    """Heads, what each column takes, and one example row that is a comment until somebody removes its sign."""
    required = "、".join(one.head for one in form.fields if one.required)
    heads = [one.head for one in form.fields]
    lines = [
        f"# {form.title}。必填：{required}。以 # 开头的行不读；网站写 id、名称或标识码都可以。",
        "# 要说明资料到哪一天为止，加一行“# 资料截至: 2026-10-31”；没有行的网站也算查过，加一行“# 涵盖网站: 全部”。",
    ]
    example = ["# 例：" + (form.fields[0].example), *(one.example for one in form.fields[1:])]
    return "\r\n".join([*(_line([line]) for line in lines), _line(heads), _line(example)]) + "\r\n"


def _line(values: Sequence[str]) -> str:
    return ",".join('"' + v.replace('"', '""') + '"' if any(s in v for s in ',"\n') else v for v in values)


__all__ = ["BY_NAME", "FOLDER", "FORMATS", "InputFile", "Inputs", "read_inputs", "template", "with_outages"]
