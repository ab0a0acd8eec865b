"""What people must supply: which files of config/inputs/ are there, how old they are, and who waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from crawler.audit.discover import discover
from crawler.config import Config
from crawler.config.formats import BY_NAME, FORMATS, Format
from crawler.config.inputs import FOLDER, InputFile, template
from crawler.config.problems import offer
from crawler.core.clock import SHANGHAI
from crawler.jobs.refusals import BadOption

_ALSO_USED = {"outages": "AV-01 等可免责的规则", "phone": "SV-03", "roster": "UP-12、WD-03"}
_OLD = 92  # days: older than a quarter, in which the circular counts


@dataclass(frozen=True, slots=True)
class Supply:
    """One format and what is there of it."""

    form: Format
    file: InputFile | None
    rules: tuple[str, ...]  # that cannot judge without it

    @property
    def says(self) -> str:
        waits = "、".join(self.rules) or _ALSO_USED.get(self.form.name, "")
        if self.file is None:
            needs = f"，{waits} 在等" if waits else ""
            return f"没有{needs}；govcheck inputs template {self.form.name} 写出空表"
        age = f"，资料截至 {self.file.until}" if self.file.until else ""
        return f"{self.file.shown}：{self.file.rows} 行，{len(self.file.sites)} 个网站{age}{self.old}"

    @property
    def old(self) -> str:
        days = (today() - self.file.until).days if self.file and self.file.until else 0
        return f"（已过 {days} 天，请更新）" if days > _OLD else ""


def today() -> date:
    return datetime.now(SHANGHAI).date()


def supplies(config: Config) -> list[Supply]:
    files = {file.name: file for file in config.inputs.files}
    rules = discover(config.rules.packages).rules
    return [
        Supply(form, files.get(form.name), tuple(rule.code for rule in rules if form.name in rule.inputs))
        for form in FORMATS
    ]


def table(rows: Sequence[Supply]) -> Table:
    shown = Table(title=f"输入资料（config/{FOLDER}/）", title_justify="left")
    for head in ("名称", "内容", "需要它的规则", "现状"):
        shown.add_column(head, overflow="fold")
    for row in rows:
        waits = "、".join(row.rules) or _ALSO_USED.get(row.form.name, "—")
        shown.add_row(row.form.name, row.form.title, waits, Text(row.says))
    return shown


def document(rows: Sequence[Supply]) -> list[dict[str, Any]]:
    return [
        {
            "name": row.form.name,
            "title": row.form.title,
            "file": row.file.shown if row.file else None,
            "rows": row.file.rows if row.file else None,
            "sites": list(row.file.sites) if row.file else [],
            "until": str(row.file.until) if row.file and row.file.until else None,
            "rules": list(row.rules),
            "heads": [one.head for one in row.form.fields],
        }
        for row in rows
    ]


def write_template(folder: Path, name: str) -> Path:
    """An empty table with its heads; what is there stays as it is."""
    form = BY_NAME.get(name)
    if form is None:
        raise BadOption(f"没有名叫 {name} 的输入资料{offer(name, BY_NAME) or '；可写的有 ' + '、'.join(BY_NAME)}")
    target = folder / FOLDER / f"{form.name}.csv"
    there = next((p for s in (".csv", ".yaml", ".yml") if (p := target.with_suffix(s)).exists()), None)
    if there is not None:
        raise BadOption(f"{there} 已经有了，没有改动；要重来请先把它移走")
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("x", encoding="utf-8-sig", newline="") as out:  # the mark tells Excel that it is UTF-8
        out.write(template(form))
    return target
