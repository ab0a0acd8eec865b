"""Figures of the circular that no crawler sees: applications and messages, from config/inputs/ where they are whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from crawler.config import Config
from crawler.core.quantities import Gap, Piece, Quantity, chinese_day, identity, listed
from crawler.core.statistics import Period
from crawler.core.views import InputTable

_COUNTED = (("received", "收到申请", "件"), ("answered", "答复", "件"), ("overdue", "超期", "件"))


def applications(config: Config, period: Period) -> Piece:
    """Only where the rows of every registered site cover the period without a gap and without counting a day twice."""
    tables = _tables(config, "applications")
    rows = [row for table in tables.values() for row in _within(table, period)]
    bare = [
        site.name
        for site in config.sites
        if site.id not in tables or not _tiled(_within(tables[site.id], period), period)
    ]
    if not tables:
        return Gap("依申请公开的收到、答复和超期数（可填入 config/inputs/applications.csv）")
    if bare:
        names = "、".join(bare[:3]) + (f"等{len(bare)}个网站" if len(bare) > 3 else "")
        return Gap(f"依申请公开的收到、答复和超期数：{names}的资料没有正好覆盖这段时间")
    whole = [one for one in _COUNTED if all(row.get(one[0]) is not None for row in rows)]
    parts = [(says, _sum(f"依申请公开{says}", rows, column, period), unit) for column, says, unit in whole]
    return ("各网站", *listed(parts, "，"))


def messages(config: Config, period: Period, today: date) -> Piece:
    """Of the export of the national platform, with the days it speaks of: it does not say where it begins."""
    tables = _tables(config, "jiucuo")
    if not tables:
        return Gap("找错平台留言数和超期数（可把平台导出放进 config/inputs/jiucuo.csv）")
    end = min(period.last, today)
    until = min((table.until for table in tables.values() if table.until), default=None)
    bare = [site.name for site in config.sites if site.id not in tables]
    if bare or until is None or until < end:
        why = f"{len(bare)}个网站不在导出资料里" if bare else f"导出资料只到{until or '不明'}"
        return Gap(f"找错平台留言数和超期数：{why}")
    every = [row for table in tables.values() for row in table.rows]
    rows = [row for row in every if row["received"].date() in period]
    first = min((row["received"].date() for row in every), default=until)
    answered = [row for row in rows if row.get("replied")]
    received = _count("找错留言数", rows, period)
    done = _count("已答复找错留言数", answered, period)
    return (
        f"据{chinese_day(first)}至{chinese_day(until)}的找错平台资料，期间收到留言",
        received,
        "件，已答复",
        done,
        "件",
    )


def _tables(config: Config, name: str) -> dict[str, InputTable]:
    return {site: own[name] for site, own in config.inputs.tables.items() if name in own}


def _within(table: InputTable, period: Period) -> list[Mapping[str, Any]]:
    return [row for row in table.rows if row["from"] in period and row["to"] in period]


def _tiled(rows: Iterable[Mapping[str, Any]], period: Period) -> bool:
    wanted = period.first
    for row in sorted(rows, key=lambda row: row["from"]):
        if row["from"] != wanted:
            return False
        wanted = row["to"] + timedelta(days=1)
    return bool(wanted == period.last + timedelta(days=1))


def _sum(name: str, rows: Sequence[Mapping[str, Any]], column: str, period: Period) -> Quantity:
    value = sum(int(row[column]) for row in rows)
    query = f"config/inputs/applications 中起止日期在 {period} 之内各行的 {column} 之和"
    sites = tuple(sorted({str(row["site"]) for row in rows}))
    return Quantity(identity(name, str(period)), name, value, str(value), name, "inputs", query, {}, sites)


def _count(name: str, rows: Sequence[Mapping[str, Any]], period: Period) -> Quantity:
    query = f"config/inputs/jiucuo 中提交时间在 {period} 之内的留言" + ("，有答复时间的" if "答复" in name else "")
    items = tuple(str(row["number"]) for row in rows)
    return Quantity(identity(name, str(period)), name, len(rows), str(len(rows)), name, "inputs", query, {}, items)
