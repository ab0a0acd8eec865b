"""Compares what was found with what was planted: per rule and certainty."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from rich.table import Table
from ruamel.yaml import YAML

Found = Mapping[str, Any]  # one finding of `govcheck audit --json`
_EXEMPT = {"exempt", "豁免"}
_WORDS = {"confirmed": "确认", "suspected": "疑似", "proposed": "待人工确认"}


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault that must be found."""

    rule: str
    site: str
    certainty: str
    why: str
    target: str | None = None
    pattern: str = ""
    spellings: tuple[str, ...] = ()
    also: bool = False  # found under a graver rule of the same cause, which names it in `also`

    def fits(self, found: Found) -> int:
        """How well: 3 its very target, 2 its pattern or its words, 1 the finding names no other one, 0 not at all."""
        if (found["rule"], found["site"], found["certainty"]) != (self.rule, self.site, self.certainty):
            return 0
        target = subject(found)
        if target is not None and target in {self.target, *self.spellings}:
            return 3
        if self.pattern and re.search(self.pattern, target or ""):
            return 2
        nameless = not found.get("target")
        if nameless and self.target and self.target in found.get("message", ""):
            return 2  # what resolves to nothing has no target: a template, a file of somebody's computer
        return int(nameless if self.pattern else self.target is None)


@dataclass(frozen=True, slots=True)
class Near:
    """Something that looks like a fault and is none."""

    rule: str
    site: str
    url: str
    why: str
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    planted: tuple[Planted, ...]
    near: tuple[Near, ...]
    pending: frozenset[str] = frozenset()  # rules whose faults nobody has planted yet: told apart, in no total


@dataclass(slots=True)
class Row:
    rule: str
    certainty: str
    planted: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)  # Chinese sentences
    false: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Score:
    rows: tuple[Row, ...]
    unplanted: tuple[tuple[str, int], ...] = ()  # rules that are pending, and how many findings they have

    @property
    def perfect(self) -> bool:
        return not any(row.missed or row.false for row in self.rows)


@cache
def plan() -> Plan:
    folder = files("crawler.demo").joinpath("planted")
    read = YAML(typ="safe", pure=True)
    lists = [read.load(file.read_text("utf-8")) for file in sorted(folder.iterdir(), key=lambda file: file.name)]
    planted = (
        Planted(
            rule=row["rule"],
            site=row["site"],
            certainty=row["certainty"],
            why=row["why"],
            target=row.get("target"),
            pattern=row.get("pattern", ""),
            spellings=tuple(row.get("or", ())),
            also=row.get("also", False),
        )
        for told in lists
        for row in told.get("planted", ())
    )
    near = (
        Near(row["rule"], row["site"], row["url"], row["why"], row.get("exempt", False))
        for told in lists
        for row in told.get("near", ())
    )
    pending = frozenset(rule for told in lists for rule in told.get("pending", ()))
    done = tuple(planted)
    return Plan(done, tuple(near), pending - {one.rule for one in done})


def subject(found: Found) -> str | None:
    """The URL a finding speaks of: its target, else the page it stands on."""
    place = found.get("place") or {}
    return found.get("target") or place.get("url")


def score(findings: Iterable[Found], wanted: Plan | None = None) -> Score:
    """Each planted fault takes the one finding that fits it best; what is left over is false.

    Findings are dicts of the JSON contract (rule, site, target, certainty, place, message, state).
    Exempt ones are left out: an exempt site is no fault to be found. What a rule finds that plants nothing is false,
    unless the plan says that its faults are still to be planted.
    """
    wanted = wanted or plan()
    counted = [one for one in findings if one.get("state") not in _EXEMPT]
    unplanted = Counter(one["rule"] for one in counted if one["rule"] in wanted.pending)
    shared = {planted.rule for planted in wanted.planted if planted.also}
    left = [one for one in counted if one["rule"] not in wanted.pending]
    left += [{**one, "rule": rule} for one in counted for rule in one.get("also", ()) if rule in shared]
    rows: dict[tuple[str, str], Row] = {}

    def row(rule: str, certainty: str) -> Row:
        return rows.setdefault((rule, certainty), Row(rule, certainty))

    taken = dict(_pairs(wanted.planted, left))
    for number, planted in enumerate(wanted.planted):
        line = row(planted.rule, planted.certainty)
        line.planted += 1
        if number in taken:
            line.found += 1
        else:
            line.missed.append(f"{planted.site}：{planted.why}（{planted.target or planted.pattern or '全站'}）")
    used = set(taken.values())
    for index, found in enumerate(left):
        if index not in used:
            row(found["rule"], found["certainty"]).false.append(_blame(found, wanted.near))
    return Score(tuple(rows[key] for key in sorted(rows)), tuple(sorted(unplanted.items())))


def _pairs(wanted: tuple[Planted, ...], findings: list[Found]) -> Iterator[tuple[int, int]]:
    """(number of the planted fault, index of the finding), the surest pairs first."""
    marks = [
        (-mark, number, index)
        for number, planted in enumerate(wanted)
        for index, found in enumerate(findings)
        if (mark := planted.fits(found))
    ]
    planted_done: set[int] = set()
    found_done: set[int] = set()
    for _, number, index in sorted(marks):
        if number not in planted_done and index not in found_done:
            planted_done.add(number)
            found_done.add(index)
            yield number, index


def _blame(found: Found, near: tuple[Near, ...]) -> str:
    trap = next((n.why for n in near if (n.rule, n.site, n.url) == (found["rule"], found["site"], subject(found))), "")
    told = f"{found['site']}：{found.get('message', '')}（{subject(found) or '全站'}）"
    return f"{told}；陷阱：{trap}" if trap else told


def table(result: Score) -> Table:
    """For a terminal; what was missed or false is told under its line."""
    shown = Table(title="模拟州：植入的问题与查出的问题", title_justify="left")
    for name in ("规则", "确定程度"):
        shown.add_column(name, no_wrap=True)
    for name in ("植入", "查出", "误报", "漏报"):
        shown.add_column(name, justify="right", no_wrap=True)
    shown.add_column("说明", overflow="fold")
    for row in result.rows:
        notes = [f"漏报 {text}" for text in row.missed] + [f"误报 {text}" for text in row.false]
        counts = (row.planted, row.found, len(row.false), len(row.missed))
        style = "red" if notes else ""
        word = _WORDS.get(row.certainty, row.certainty)
        shown.add_row(row.rule, word, *(str(count) for count in counts), "\n".join(notes), style=style)
    for rule, count in result.unplanted:
        shown.add_row(rule, "尚未植入", "", str(count), "", "", "模拟州还没有为这条规则准备问题，不计分", style="dim")
    total = [
        sum(column)
        for column in zip(*((r.planted, r.found, len(r.false), len(r.missed)) for r in result.rows), strict=True)
    ]
    shown.add_section()
    shown.add_row("合计", "", *(str(count) for count in total or (0, 0, 0, 0)), "", style="bold")
    return shown
