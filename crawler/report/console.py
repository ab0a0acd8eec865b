"""The report at a terminal: summary of the sites, findings of a check, and what was not judged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crawler.core.model import Severity
from crawler.core.report import EXPIRED, REFUSED, SAME_PAGE, FindingRow, Report
from crawler.report.figures import (
    LOTS,
    Lot,
    SiteFigures,
    change_line,
    count,
    examined,
    headline,
    lot,
    site_figures,
)
from crawler.report.words import CERTAINTIES, STATES, VERDICTS, attempt_line, day, minute, plain

WIDE = 100  # columns from which the summary takes everything on one line
GROUP_LISTED = 50  # findings of one rule; the rest stands in the files
_BLANK = re.compile(r"(?<=\d) (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) (?=\d)")  # "3 个": no place to break a line
_COLOURS = {Severity.VETO: "bold red", Severity.POINTS: "red", Severity.LOCAL: "blue", Severity.HINT: "cyan"}
_STANDINGS = {"已检查": "green", "未完全判定": "yellow", "未检查": "red", "待确认": "dim", "作废": "red"}


def print_report(report: Report, console: Console, *, findings: bool = False, undecided: bool = True) -> None:
    """Print the summary; with `findings` each finding too, as a check does."""
    console.print(summary(report, console.width))
    if findings:
        for title, part in _parts(report):
            if title:
                console.print(_text(f"\n{title}", "bold reverse"))
            console.print(finding_list(part))
    if undecided:
        console.print(undecided_table(report))


def _parts(report: Report) -> Iterator[tuple[str, Report]]:
    """A check that can be compared says first what publishing would add and mend, then what was there before."""
    if not (report.run.kind == "check" and report.compared):
        yield "", report
        return
    new = tuple(f for f in report.findings if f.change == "new")
    old = tuple(f for f in report.findings if f.change != "new")
    heaps = (("新增", new), ("已消除", report.closed), ("原有", old))
    if not any(rows for _, rows in heaps):
        yield "", report
    for name, rows in heaps:
        if rows:
            yield f"{name}（{len(rows)}）", replace(report, findings=rows)


def summary(report: Report, width: int = 80) -> RenderableType:
    figures = site_figures(report)
    parts: list[RenderableType] = [_head(report, figures), _site_table(figures, width)]
    parts += [_text(line) for line in _foot(report, figures)]
    return Group(*parts)


def finding_list(report: Report) -> RenderableType:
    """Findings by heap and rule; "0" never without what was examined."""
    parts: list[RenderableType] = []
    for fig in site_figures(report):
        if not fig.findings:
            none = "发现 0 个问题。" if fig.counted else ""
            parts.append(_text(f"{plain(fig.site.name, 80)}：{none}{examined(fig)}", "green" if none else "yellow"))
            continue
        parts.append(_text(f"{plain(fig.site.name, 80)}：{examined(fig)}", "bold"))
        for key, title in LOTS.items():
            rows = [f for f in fig.findings if lot(f) == key]
            if rows:
                parts += [Text(), _text(f"{title}（{len(rows)}）", "bold underline"), *_groups(rows, key)]
    return Group(*parts)


def undecided_table(report: Report) -> RenderableType:
    rows = [(fig, row) for fig in site_figures(report) for row in fig.undecided]
    if not rows:
        return Text()
    table = Table(
        title=f"未判定（{len(rows)} 项；没有判定不等于没有问题）",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        expand=True,
    )
    table.add_column("网站", ratio=3, overflow="fold")
    table.add_column("规则", ratio=3, overflow="fold")
    table.add_column("结论", no_wrap=True)
    table.add_column("原因", ratio=5, overflow="fold")
    for fig, row in rows:
        table.add_row(
            _text(fig.site.name),
            _text(" ".join(row.rules)),  # rich breaks lines at blanks alone
            _text(VERDICTS[row.verdict]),
            _text(_BLANK.sub("", plain(row.reason, 300))),
        )
    return table


def _text(words: str, style: str = "") -> Text:
    """Page text as text: no markup, no terminal sequence."""
    return Text(plain(words), style=style, overflow="fold")


def _head(report: Report, figures: Sequence[SiteFigures]) -> Text:
    head = Text(headline(figures), style="bold")
    if line := change_line(report):
        head.append(f"\n{line}", style="not bold")
    which = f"第 {report.run.number} 次检查" if report.run.number else "发布前检查"
    head.append(f"\n{which}，截至 {minute(report.run.as_of)}（北京时间）", style="not bold dim")
    if report.run.void:
        head.append(f"\n本次检查作废：{plain(report.run.void_reason, 300) or '未说明原因'}", style="bold red")
    return head


def _site_table(figures: Sequence[SiteFigures], width: int) -> Table:
    wide = width >= WIDE
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1) if wide else (0, 0, 0, 1), pad_edge=False)
    # without min_width rich gives a folding column one cell where space is short
    table.add_column("网站", overflow="fold", min_width=14, max_width=40)
    table.add_column("结论", overflow="fold", min_width=6, max_width=None if wide else 6)
    for name in ("确认\n国家", "确认\n提示", "确认\n州要求", "疑似", "待人工\n确认", "豁免"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("新读/沿用/未知 页" if wide else "新读/沿用\n/未知 页", justify="right", no_wrap=True)
    table.add_column("最旧", no_wrap=True)
    for fig in figures:
        c, n = fig.coverage, fig.count
        national = n.of(Severity.VETO) + n.of(Severity.POINTS)
        numbers = (national, n.of(Severity.HINT), n.of(Severity.LOCAL), n.suspected, n.proposed, n.exempt)
        pages = "/".join(map(_short, (c.pages_fresh, c.pages_carried, c.pages_unknown))) if c.judged else "—"
        table.add_row(
            _text(plain(fig.site.name, 60)),
            Text(fig.standing, style=_STANDINGS[fig.standing]),
            *(str(v) if fig.counted else "—" for v in numbers),
            pages,
            day(c.oldest) if wide else day(c.oldest)[-5:],  # month and day: nothing counts that is older than 45 days
        )
    return table


def _short(pages: int) -> str:
    return str(pages) if pages < 10_000 else f"{pages / 10_000:.1f}万"


def _foot(report: Report, figures: Sequence[SiteFigures]) -> Iterator[str]:
    total = count(f for fig in figures for f in fig.findings)
    if any(fig.counted for fig in figures):
        national = f"单否 {total.of(Severity.VETO)} · 扣分 {total.of(Severity.POINTS)}，提示 {total.of(Severity.HINT)}"
        yield (
            f"确认（国家指标）{national}；确认（州要求）{total.of(Severity.LOCAL)}；疑似 {total.suspected}；"
            f"待人工确认 {total.proposed}；豁免 {total.exempt}（各自统计，互不相加）"
        )
        if total.rollup:
            yield f"另有累计指标 {total.rollup} 条，不计入合计"
    for fig in figures:
        if fig.standing == "未检查":
            yield f"{plain(fig.site.name, 60)}：未检查，{plain(fig.reason, 200)}"
        for note in fig.coverage.notes:
            if note.startswith((REFUSED, SAME_PAGE, EXPIRED)):
                yield f"{plain(fig.site.name, 60)}：{plain(note, 500)}"
    yield from (f"未按 robots.txt 限制访问的授权：{plain(words, 300)}" for words in report.run.authorisations)
    yield from (plain(note, 300) for note in report.notes)


def _groups(rows: Sequence[FindingRow], key: Lot) -> Iterator[RenderableType]:
    for (code, severity), group in groupby(rows, key=lambda f: (f.rule, f.severity)):
        members = list(group)
        head = Text()
        head.append(f"{severity.value} ", style=_COLOURS[severity])
        head.append(f"{code} {plain(members[0].title, 60)}（{len(members)}）", style="bold")
        yield head
        fixes = {f.fix for f in members}
        for finding in members[:GROUP_LISTED]:
            yield Padding(_finding(finding, key, with_fix=len(fixes) > 1), (0, 0, 0, 2))
        if len(members) > GROUP_LISTED:
            yield Padding(_text(f"共 {len(members)} 条，此处列出前 {GROUP_LISTED} 条", "dim"), (0, 0, 0, 2))
        if len(fixes) == 1 and members[0].fix:
            yield Padding(_text(f"怎么改：{plain(members[0].fix, 400)}", "green"), (0, 0, 0, 2))
        clauses = dict.fromkeys(plain(f.clause, 200) for f in members if f.clause)
        yield from (Padding(_text(f"依据：{clause}", "dim"), (0, 0, 0, 2)) for clause in list(clauses)[:3])


def _finding(finding: FindingRow, key: Lot, *, with_fix: bool) -> Text:
    lines = [("· " + (plain(finding.message, 300) or plain(finding.title, 80) or "（没有描述）"), "")]
    if finding.count > 1:
        lines[0] = (f"{lines[0][0]}（{finding.count} 处）", "")
    place = plain(finding.place.url, 300) + (f"  {plain(finding.place.css, 120)}" if finding.place.css else "")
    lines.append((f"  位置 {place}", "dim"))
    if finding.place.quote:
        lines.append((f"  原文 {plain(finding.place.quote, 120)}", "dim"))
    if finding.target and finding.target != finding.place.url:
        lines.append((f"  目标 {plain(finding.target, 300)}", "dim"))
    lines += [(f"  {plain(label, 40)}：{plain(value, 120)}", "dim") for label, value in finding.evidence.items()]
    if finding.attempts:
        lines.append((f"  最近一次 {attempt_line(finding.attempts[-1])}", "dim"))
    if finding.state not in {"open", "exempt"}:
        lines.append((f"  状态 {STATES[finding.state]}", "yellow"))
    if key == "exempt":
        why = plain(finding.exempt, 80) or "报备时段"
        lines.append((f"  豁免 {why}；{CERTAINTIES[finding.certainty]}", "dim"))
    if with_fix and finding.fix:
        lines.append((f"  怎么改 {plain(finding.fix, 300)}", "green"))
    text = Text(overflow="fold")
    for n, (line, style) in enumerate(lines):
        text.append(("\n" if n else "") + line, style=style)
    return text
