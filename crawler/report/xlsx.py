"""Issue lists as workbooks: a summary, one sheet per problem class, and what was not judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter

from crawler.core.model import Severity
from crawler.core.report import FindingRow, Report
from crawler.report.figures import (
    Count,
    SiteFigures,
    change_line,
    count,
    headline,
    lot,
    site_figures,
)
from crawler.report.sheet_cells import (
    ISSUE_FIELDS,
    SHEET_URLS,
    Cell,
    Field,
    issue_cells,
    row_height,
    safe_text,
    write_cell,
)
from crawler.report.words import CLASSES, OTHER_CLASS, READINGS, VERDICTS, day, minute, plain, problem_class

ROWS_LISTED = 50_000  # of one sheet: more cannot be worked through by hand, and office programs crawl
_FONT = {"font_name": "微软雅黑", "font_size": 10, "valign": "top"}
_GRID = {"border": 1, "border_color": "#BFBFBF"}

SUMMARY_FIELDS = (
    Field("序号", 6, "number"),
    Field("网站名称", 30),
    Field("网站标识码", 13),
    Field("责任单位", 14),
    Field("结论", 12),
    Field("确认：单否", 7, "number"),
    Field("确认：扣分", 7, "number"),
    Field("确认：提示", 7, "number"),
    Field("确认：州要求", 8, "number"),
    Field("疑似", 7, "number"),
    Field("待人工确认", 8, "number"),
    Field("豁免", 7, "number"),
    Field("本次新读页数", 9, "number"),
    Field("沿用页数", 9, "number"),
    Field("过期页数", 9, "number"),
    Field("未知页数", 9, "number"),
    Field("链接目标已判定", 9, "number"),
    Field("链接目标未知", 9, "number"),
    Field("最旧内容", 12),
    Field("说明", 48),
)
CLASS_FIELDS = (
    Field("序号", 6, "number"),
    Field("问题类别", 30),
    *(Field(f"确认：{s.value}", 9, "number") for s in (Severity.VETO, Severity.POINTS, Severity.HINT, Severity.LOCAL)),
    Field("疑似", 7, "number"),
    Field("待人工确认", 8, "number"),
)
UNDECIDED_FIELDS = (
    Field("序号", 6, "number"),
    Field("网站名称", 30),
    Field("结论", 10),
    Field("原因", 60),
    Field("涉及规则", 40),
    Field("已检查对象数", 11, "number"),
    Field("未知对象数", 11, "number"),
)
COLUMN_FIELDS = (
    Field("序号", 6, "number"),
    Field("网站名称", 30),
    Field("栏目", 20),
    Field("栏目类型", 14),
    Field("栏目URL", 50, "link"),
    Field("读取情况", 16),
    Field("是否完整", 10),
    Field("已知条目数", 11, "number"),
    Field("读取时间", 17),
    Field("说明", 44),
)


@dataclass(frozen=True, slots=True)
class _Book:
    """An open workbook and its cell formats."""

    workbook: Any
    formats: Mapping[str, Any]

    def sheet(self, name: str, fields: Sequence[Field], pages_wide: int) -> Any:
        sheet = self.workbook.add_worksheet(name)
        for index, field in enumerate(fields):
            sheet.set_column(index, index, field.width)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(pages_wide, 0)
        sheet.set_footer("&L&A&R第 &P 页，共 &N 页")
        return sheet


def write(report: Report, path: Path, title: str) -> None:
    """Write the workbook of the whole report; narrow the report first for one site."""
    options = {
        "constant_memory": True,
        "strings_to_urls": False,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties(
            {"title": title, "comments": f"govcheck {report.run.program}，第 {report.run.number} 次检查"}
        )
        book = _Book(workbook, _formats(workbook))
        figures = site_figures(report)
        _summary(book, report, figures, title)
        names = {f.site.id: f.site for f in figures}
        rows = [finding for f in figures for finding in f.findings]
        for name, lead, heap in _heaps(rows, [finding for f in figures for finding in f.closed]):
            cells = (issue_cells(n, finding, names[finding.site]) for n, finding in enumerate(heap, 1))
            _table(book, book.sheet(name, ISSUE_FIELDS, 3), f"{name}：{lead}", ISSUE_FIELDS, cells, len(heap))
        _undecided(book, figures)
        _columns(book, figures)


def _formats(workbook: Any) -> dict[str, Any]:
    wrap = {**_FONT, **_GRID, "text_wrap": True}
    return {
        "title": workbook.add_format({**_FONT, "bold": True, "font_size": 16, "valign": "vcenter"}),
        "lead": workbook.add_format({**_FONT, "bold": True, "font_size": 11, "valign": "vcenter"}),
        "note": workbook.add_format({**_FONT, "font_color": "#505A5F"}),
        "head": workbook.add_format(
            {
                **wrap,
                "bold": True,
                "valign": "vcenter",
                "align": "center",
                "bg_color": "#1D4F7C",
                "font_color": "#FFFFFF",
            }
        ),
        "text": workbook.add_format(wrap | {"num_format": "@"}),
        "number": workbook.add_format({**_FONT, **_GRID, "num_format": "#,##0", "align": "right"}),
        "time": workbook.add_format({**_FONT, **_GRID, "num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        "link": workbook.add_format({**wrap, "font_color": "#1D5FA8", "underline": 1}),
        "total": workbook.add_format({**_FONT, **_GRID, "bold": True, "num_format": "#,##0", "bg_color": "#E8EEF4"}),
    }


def _heaps(rows: Sequence[FindingRow], closed: Sequence[FindingRow]) -> Iterator[tuple[str, str, list[FindingRow]]]:
    """Sheet name, what its rows count, and the rows; sheets without rows are left out."""
    counted = [f for f in rows if lot(f) not in {"exempt", "rollup"}]
    for name in (*(n for n, _ in CLASSES), OTHER_CLASS):
        heap = [f for f in counted if problem_class(f.rule) == name]
        if heap:
            # national rules before the prefecture's own duties, doubts last (RULES 10.9 (7))
            heap.sort(key=lambda f: ("national", "local", "suspected", "proposed").index(lot(f)))
            yield name, _count_line(count(heap)), heap
    apart = (
        ("豁免", "在报备时段、白名单内，或经人工认定为误报、例外", [f for f in rows if lot(f) == "exempt"]),
        ("累计指标", "由其他问题累计得出，不计入合计", [f for f in rows if lot(f) == "rollup"]),
        ("已整改与撤回", "撤回：检查规则或配置有改动，网站并无变化", list(closed)),
    )
    yield from ((name, f"{len(heap)} 条（{why}）", heap) for name, why, heap in apart if heap)


def _count_line(counted: Count) -> str:
    national = " · ".join(f"{s.value} {counted.of(s)}" for s in (Severity.VETO, Severity.POINTS, Severity.HINT))
    return (
        f"确认（国家指标与提示）{national}；确认（州要求）{counted.of(Severity.LOCAL)}；"
        f"疑似 {counted.suspected}；待人工确认 {counted.proposed}"
    )


def _table(
    book: _Book, sheet: Any, lead: str, fields: Sequence[Field], rows: Iterable[Sequence[Cell]], total: int
) -> None:
    """A lead line, a repeated and frozen head, and filters; rows beyond the limit are announced (BEHAVIOURS 98)."""
    if total > ROWS_LISTED:
        lead += f"。共 {total:,} 条，本表列出前 {ROWS_LISTED:,} 条，其余见 JSON"
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, safe_text(lead), book.formats["lead"])
    last = _rows(book, sheet, 1, fields, islice(rows, ROWS_LISTED))
    sheet.freeze_panes(2, 2)
    sheet.repeat_rows(0, 1)
    sheet.repeat_columns(0, 1)
    sheet.autofilter(1, 0, max(last, 1), len(fields) - 1)


def _rows(book: _Book, sheet: Any, top: int, fields: Sequence[Field], rows: Iterable[Sequence[Cell]]) -> int:
    """Write head and rows from `top`; the number of the last row written."""
    sheet.set_row(top, 33)
    for index, field in enumerate(fields):
        sheet.write_string(top, index, field.head, book.formats["head"])
    links, at = 0, top
    for at, cells in enumerate(rows, top + 1):
        sheet.set_row(at, row_height(fields, cells))
        for index, (field, cell) in enumerate(zip(fields, cells, strict=True)):
            kind = field.kind if links < SHEET_URLS else "text"
            links += write_cell(sheet, (at, index), cell, kind, book.formats)
    return at


def _summary(book: _Book, report: Report, figures: Sequence[SiteFigures], title: str) -> None:
    sheet = book.sheet("汇总", SUMMARY_FIELDS, 1)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, safe_text(plain(title, 200)), book.formats["title"])
    lines = _lead_lines(report, figures)
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, safe_text(line), book.formats["lead" if row == 1 else "note"])
    top = len(lines) + 2
    last = _rows(book, sheet, top, SUMMARY_FIELDS, (_site_cells(n, f) for n, f in enumerate(figures, 1)))
    sheet.autofilter(top, 0, last, len(SUMMARY_FIELDS) - 1)
    counted = count(finding for f in figures for finding in f.findings)
    numbers = (*_certain(counted), counted.exempt)
    _total(book, sheet, last + 1, ("合计", *[""] * 4, *numbers, *_pages(figures), "", "各列分别合计，互不相加"))
    _classes(book, sheet, last + 4, figures)


def _lead_lines(report: Report, figures: Sequence[SiteFigures]) -> list[str]:
    run = report.run
    lines = [headline(figures) + (f"；{line}" if (line := change_line(report)) else "")]
    if run.void:
        lines.append(f"本次检查作废：{plain(run.void_reason, 300)}。以下各项都不是对网站的结论。")
    lines.append(
        f"第 {run.number} 次检查，截至 {minute(run.as_of)}（北京时间）；指标版本 {plain(run.edition, 60) or '未注明'}；"
        "累计指标与豁免的问题另表列出，不计入合计"
    )
    lines += [plain(n, 500) for n in report.notes]
    lines += [f"未按 robots.txt 限制访问的授权：{plain(a, 300)}" for a in run.authorisations]
    return lines


def _certain(counted: Count) -> tuple[int, ...]:
    graded = (counted.of(s) for s in (Severity.VETO, Severity.POINTS, Severity.HINT, Severity.LOCAL))
    return (*graded, counted.suspected, counted.proposed)


def _site_cells(number: int, fig: SiteFigures) -> tuple[Cell, ...]:
    c = fig.coverage
    judged = fig.counted
    figures: tuple[Cell, ...] = (*_certain(fig.count), fig.count.exempt) if judged else ("—",) * 7
    pages: tuple[Cell, ...] = _pages((fig,)) if c.judged else ("—",) * 6
    notes = "；".join(plain(n, 500) for n in (fig.reason, *c.notes) if n)
    return (
        number,
        plain(fig.site.name),
        fig.site.code or "待确认",
        plain(fig.site.owner or ""),
        fig.standing,
        *figures,
        *pages,
        day(c.oldest),
        notes,
    )


def _pages(figures: Sequence[SiteFigures]) -> tuple[int, ...]:
    rows = [f.coverage for f in figures]
    return (
        sum(c.pages_fresh for c in rows),
        sum(c.pages_carried for c in rows),
        sum(c.pages_expired for c in rows),
        sum(c.pages_unknown for c in rows),
        sum(c.targets_decided for c in rows),
        sum(c.targets_unknown for c in rows),
    )


def _total(book: _Book, sheet: Any, row: int, cells: Sequence[Cell]) -> None:
    for index, cell in enumerate(cells):
        if isinstance(cell, int):
            sheet.write_number(row, index, cell, book.formats["total"])
        else:
            sheet.write_string(row, index, str(cell or ""), book.formats["total"])


def _classes(book: _Book, sheet: Any, top: int, figures: Sequence[SiteFigures]) -> None:
    """Problem classes below the sites; the totals of both tables are the same rows."""
    rows = [f for fig in figures for f in fig.findings if lot(f) not in {"exempt", "rollup"}]
    sheet.write_string(top, 0, "按问题类别", book.formats["lead"])
    by_class = [
        (name, count(f for f in rows if problem_class(f.rule) == name))
        for name in (*(n for n, _ in CLASSES), OTHER_CLASS)
    ]
    used = [(name, counted) for name, counted in by_class if any(_certain(counted))]
    last = _rows(book, sheet, top + 1, CLASS_FIELDS, ((n, name, *_certain(c)) for n, (name, c) in enumerate(used, 1)))
    _total(book, sheet, last + 1, ("合计", "", *_certain(count(rows))))


def _undecided(book: _Book, figures: Sequence[SiteFigures]) -> None:
    rows = [(fig, row) for fig in figures for row in fig.undecided]
    cells = (
        (
            n,
            plain(fig.site.name),
            VERDICTS[row.verdict],
            plain(row.reason, 1000),
            "、".join(row.rules),
            row.examined,
            row.unknown,
        )
        for n, (fig, row) in enumerate(rows, 1)
    )
    sheet = book.sheet("未判定", UNDECIDED_FIELDS, 1)
    _table(book, sheet, f"未判定的规则：{len(rows)} 条（没有判定不等于没有问题）", UNDECIDED_FIELDS, cells, len(rows))


def _columns(book: _Book, figures: Sequence[SiteFigures]) -> None:
    rows = [(fig, column) for fig in figures for column in fig.coverage.columns]
    if not rows:
        return
    cells = (
        (
            n,
            plain(fig.site.name),
            plain(column.name, 200),
            plain(column.kind, 200),
            column.url,
            READINGS.get(column.end, column.end),
            "完整" if column.complete else "不完整",
            column.entries,
            minute(column.at),
            plain(column.note, 500),
        )
        for n, (fig, column) in enumerate(rows, 1)
    )
    incomplete = sum(1 for _, c in rows if not c.complete)
    sheet = book.sheet("栏目读取情况", COLUMN_FIELDS, 1)
    _table(book, sheet, f"栏目 {len(rows)} 个，其中没有读完整的 {incomplete} 个", COLUMN_FIELDS, cells, len(rows))
