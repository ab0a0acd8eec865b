"""CSV for whatever reads tables: RFC 4180, UTF-8 with a mark for Excel, and no cell a program would execute."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from crawler.core.desk import WORK
from crawler.core.report import DeskRow, FindingRow, Report, SiteRow
from crawler.report.figures import order, site_rows
from crawler.report.judged import judged
from crawler.report.words import CERTAINTIES, CHANGES, STATES, VERDICTS, beijing, plain

Cell = str | int | float | datetime | None

MARK = "\ufeff"  # Excel takes a CSV without it for the code page of the machine
CELL_LIMIT = 32_767  # of Excel: a longer cell would spill into the next rows
# What a spreadsheet program begins a formula with, also written full width (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")

ISSUE_HEADS = (
    *("编号", "网站ID", "网站名称", "网站标识码", "责任单位", "规则编号", "问题类型", "严重程度", "确定程度"),
    *("机器状态", "变化", "工作状态", "期限", "逾期", "不计入合计的原因", "问题描述", "问题页面URL", "目标URL"),
    *("上级页面数", "出现次数", "位置（CSS）", "页面摘录", "整改建议", "依据条款", "首次发现", "最近发现"),
    *("累计指标", "指纹"),
)
RESULT_HEADS = (
    "网站ID",
    "网站名称",
    "规则编号",
    "规则",
    "结论",
    "原因",
    "检查对象",
    "本次读取",
    "沿用",
    "未知",
    "最早依据",
)


def issues(report: Report) -> str:
    """One row per issue, open ones first, then what this audit closed."""
    sites = {site.id: site for site in site_rows(report)}
    desk = {row.issue: row for row in report.desk}
    return text(
        ISSUE_HEADS,
        (
            _issue(row, sites[row.site], desk.get(row.issue) if row.issue is not None else None)
            for heap in (report.findings, report.closed)
            for row in sorted(heap, key=lambda f: (f.site, order(f)))
        ),
    )


def results(report: Report) -> str:
    """One row per rule and site, also where nothing was judged."""
    titles = {rule.code: rule.title for rule in report.rules}
    return text(
        RESULT_HEADS,
        (
            (
                row.site.id,
                row.site.name,
                row.rule,
                titles.get(row.rule, ""),
                VERDICTS[row.verdict],
                row.why,
                *((r.examined, r.fresh, r.carried, r.unknown, r.oldest) if (r := row.result) else (None,) * 5),
            )
            for row in judged(report)
        ),
    )


def text(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The whole file, its lines ended as RFC 4180 asks; write it without translating them."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)  # CRLF, quotes doubled, quoted where needed
    writer.writerow(heads)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return MARK + target.getvalue()


def _cell(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{beijing(cell):%Y-%m-%d %H:%M}"
        case str():
            said = plain(cell, CELL_LIMIT - 1)
            return f"'{said}" if said.startswith(_FORMULA) else said
        case _:
            return cell


def _issue(row: FindingRow, site: SiteRow, desk: DeskRow | None) -> tuple[Cell, ...]:
    work = next((words for name, words in WORK.items() if desk and name == desk.work), "")
    return (
        row.issue,
        site.id,
        site.name,
        site.code or "待确认",
        site.owner,
        row.rule,
        row.title,
        row.severity.value,
        CERTAINTIES[row.certainty],
        STATES[row.state],
        CHANGES[row.change],
        work,
        desk.deadline if desk else None,
        "是" if desk and desk.overdue else "",
        row.exempt,
        row.message or row.title,
        row.place.url,
        row.target,
        max(row.parent_count, len(row.parents)),
        row.count,
        row.place.css,
        row.place.quote,
        row.fix,
        row.clause,
        row.first_seen,
        row.last_seen,
        "是" if row.rollup else "",
        row.fingerprint,
    )
