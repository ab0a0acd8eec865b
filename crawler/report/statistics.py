"""The circular's figures as a table, as data, and as files people open."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from crawler.core.statistics import Figure, Item, Ranking, Statistics
from crawler.report import machine
from crawler.report.words import plain

BY = {"site": "网站", "column": "栏目", "topic": "主题", "month": "月份"}
BASIS = {"printed": "网页标明的日期", "first_seen": "首次看到的日期"}
HEADS = ("编号", "名称", "数量", "是否读全", "上年同期", "增减", "说明")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def document(found: Statistics, *, items: bool = True) -> dict[str, Any]:
    return {
        "schema": "stats-1",
        "run": found.run,
        "as_of": found.as_of.isoformat(),
        "edition": found.edition,
        "from": str(found.period.first),
        "to": str(found.period.last),
        "by": found.by,
        "basis": found.basis,
        "total": _figure(found.total, items=items),
        "figures": [_figure(one, items=items) for one in found.figures],
        "rankings": [_ranking(one) for one in found.rankings],
        "undated": found.undated,
        "notes": list(found.notes),
        "items": {url: _item(item) for url, item in sorted(found.items.items())} if items else {},
    }


def _figure(one: Figure, *, items: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "by": one.by,
        "key": one.key,
        "name": one.name,
        "count": one.count,
        "complete": one.complete,
        "shown": one.shown,
        "before": one.before,
        "growth": one.growth,
        "why_no_growth": one.why_no_growth,
        "unread": list(one.unread),
        "items": list(one.items) if items else [],
    }


def _ranking(ranking: Ranking) -> dict[str, Any]:
    rows = [
        {"rank": rank, "figure": one.id, "site": one.key, "name": one.name, "count": one.count, "shown": one.shown}
        for rank, one in ranking.figures
    ]
    return {"name": ranking.name, "rows": rows}


def _item(item: Item) -> dict[str, Any]:
    return {
        "site": item.site,
        "column": item.column,
        "title": item.title,
        "printed": str(item.printed) if item.printed else None,
        "first_seen": str(item.first_seen) if item.first_seen else None,
    }


def tables(found: Statistics, *, items: bool = False) -> list[Table | Text]:
    """For a terminal."""
    title = f"{found.period} 发布信息，按{BY[found.by]}（{BASIS[found.basis]}；第 {found.run} 次检查）"
    shown = Table(title=title, title_justify="left")
    for head in (BY[found.by], "数量", "上年同期", "增减", "编号"):
        shown.add_column(head, overflow="fold", justify="right" if head in {"数量", "上年同期", "增减"} else "left")
    for one in (*found.figures, found.total):
        before = "—" if one.before is None else str(one.before)
        shown.add_row(Text(plain(one.name)), one.shown, before, growth(one), one.id)
    parts: list[Table | Text] = [shown]
    for ranking in found.rankings if found.by == "site" else ():
        board = Table(title=f"{ranking.name}排名", title_justify="left")
        for head in ("名次", "网站", "数量"):
            board.add_column(head)
        for rank, one in ranking.figures:
            board.add_row(str(rank) if rank else "未读全，不排名", Text(plain(one.name)), one.shown)
        parts.append(board)
    reasons = dict.fromkeys(one.why_no_growth for one in found.figures if one.why_no_growth)
    parts += [Text(f"增减未列：{reason}") for reason in list(reasons)[:5]]
    parts += [Text(plain(note, 400)) for note in found.notes]
    if items:
        parts.append(_items(found))
    return parts


def _items(found: Statistics) -> Table:
    listed = Table(title=f"{len(found.items)} 条信息", title_justify="left")
    for head in ("编号", "日期", "标题", "网址"):
        listed.add_column(head, overflow="fold")
    for one in found.figures:
        for url in one.items:
            item = found.items[url]
            day = item.printed if found.basis == "printed" else item.first_seen
            listed.add_row(one.id, str(day or ""), Text(plain(item.title)), Text(plain(url, 500)))
    return listed


def growth(one: Figure) -> str:
    return "—" if one.growth is None else f"{one.growth:+.1%}"


def _rows(found: Statistics) -> list[tuple[str, ...]]:
    return [
        (
            one.id,
            plain(one.name),
            str(one.count),
            "是" if one.complete else f"否：{'、'.join(one.unread[:5])}",
            "" if one.before is None else str(one.before),
            growth(one),
            one.why_no_growth,
        )
        for one in (*found.figures, found.total)
    ]


def write_csv(found: Statistics, *, items: bool = False) -> str:
    """With a mark of UTF-8 in front: Excel takes it for GBK otherwise."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADS)
    writer.writerows(tuple(_cell(value) for value in row) for row in _rows(found))
    if items:
        writer.writerow(())
        writer.writerow(("编号", "日期", "标题", "网址"))
        for one in found.figures:
            for url in one.items:
                item = found.items[url]
                day = item.printed if found.basis == "printed" else item.first_seen
                writer.writerow((one.id, str(day or ""), _cell(plain(item.title)), _cell(url)))
    return "\ufeff" + out.getvalue()


def _cell(value: str) -> str:
    """A web page's title must not become a formula; a plain number may be negative."""
    number = value.lstrip("+-").removesuffix("%").replace(".", "", 1)
    return "'" + value if value.startswith(_FORMULA) and not number.isdigit() and value != "—" else value


def write_xlsx(found: Statistics, path: Path) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("统计")
        sheet.write_row(0, 0, HEADS, bold)
        for number, row in enumerate(_rows(found), 1):
            sheet.write_row(number, 0, row)
            sheet.write_number(number, 2, int(row[2]))
        for number, note in enumerate(found.notes, len(found.figures) + 3):
            sheet.write_string(number, 0, plain(note, 400))
        sheet.set_column(1, 1, 36)
        for ranking in found.rankings:
            board = book.add_worksheet(f"{ranking.name}排名")
            board.write_row(0, 0, ("名次", "网站", "数量", "编号"), bold)
            for number, (rank, one) in enumerate(ranking.figures, 1):
                board.write_row(number, 0, (rank or "未读全，不排名", plain(one.name), one.shown, one.id))
        listed = book.add_worksheet("明细")
        listed.write_row(0, 0, ("编号", "日期", "首次看到", "网站", "栏目", "标题", "网址"), bold)
        number = 0
        for one in found.figures:
            for url in one.items:
                item, number = found.items[url], number + 1
                days = (str(item.printed or ""), str(item.first_seen or ""))
                listed.write_row(number, 0, (one.id, *days, item.site, item.column, plain(item.title), url))


def write(found: Statistics, form: str, path: Path | None, *, items: bool = False) -> Path | None:
    """To a file, or to the terminal where that can hold it; the path written."""
    if form == "xlsx" or (form == "table" and path is not None):
        target = path or Path(f"统计-{found.period.first}-{found.period.last}-{found.by}.xlsx")
        write_xlsx(found, target)
        return target
    text = write_csv(found, items=items) if form == "csv" else machine.dumps(document(found)) + "\n"
    if path is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return None
    path.write_text(text, "utf-8", newline="")
    return path
