"""Whether this machine is ready: configuration, rules, data folder, disk, clock, optional programs."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.table import Table
from rich.text import Text
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from crawler.audit.discover import discover
from crawler.config import Config, ConfigError, load
from crawler.core.clock import SHANGHAI
from crawler.core.report import FindingRow
from crawler.crawl.columns import MISCONFIGURED, MOVED
from crawler.jobs.places import Places
from crawler.parse import is_article_url
from crawler.store import crawl_db as db
from crawler.store.datafile import DataError
from crawler.store.findings import Findings
from crawler.store.prune import sizes

FREE_AT_LEAST = 5_000_000_000  # bytes: a night of 28,800 pages keeps some 600 MB of bodies (20 kB each, compressed)


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    ok: bool | None  # None: worth knowing, nothing to mend
    says: str


def examine(config_dir: Path, places: Places) -> list[Row]:
    rows = [Row("Python", sys.version_info >= (3, 11), sys.version.split()[0])]
    config: Config | None = None
    try:
        config = load(config_dir)
    except ConfigError as error:
        rows.append(Row("配置", ok=False, says=str(error)))
    if config is not None:
        unsure = [site.id for site in config.sites if not site.confirmed]
        codeless = [site.id for site in config.sites if site.code is None]
        rows.append(Row("配置", ok=True, says=f"{config.directory}：{len(config.sites)} 个网站"))
        if unsure:
            rows.append(Row("待确认的网站", ok=None, says=f"{'、'.join(unsure)}：核实域名后把 confirmed 改为 true"))
        if codeless:
            rows.append(
                Row("缺标识码", ok=None, says=f"{'、'.join(codeless)}：从全国政府网站信息数据库查到后填入 code")
            )
        rows += _rules(config)
        rows += _columns(config, places)
    rows.append(_try("数据文件夹", lambda: _writable(places.root)))
    rows.append(_disk(places.root))
    if places.crawl_db.exists():
        rows.append(_try("crawl.db", lambda: _opens(places.crawl_db)))
        rows.append(_try("保存的网页内容", lambda: _kept(places.crawl_db)))
    if places.findings_db.exists():
        rows.append(_try("findings.db", lambda: _opens_findings(places.findings_db)))
    if config is not None:
        rows += _ignored(config, places)
    contact = os.environ.get("GOVCHECK_CONTACT")
    says = contact or "没有设置；请设为值班电话或邮箱，写进请求的 User-Agent，网站方才找得到你"
    rows.append(Row("联系方式 GOVCHECK_CONTACT", ok=None if not contact else True, says=says))
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    rows.append(Row("浏览器（可选）", ok=None, says=chromium or "没有安装；由脚本生成的内容会列为未核实"))
    return rows


def _columns(config: Config, places: Places) -> list[Row]:
    """Columns that a person must register anew: by their address, or by what the last run met there."""
    rows: list[Row] = []
    met = _misconfigured(places)
    for site in config.sites:
        for column in site.columns:
            name = f"栏目 {site.id}/{column.id}"
            if is_article_url(column.url):
                rows.append(Row(name, ok=False, says=f"登记的地址像一篇文章，请改为栏目页的地址：{column.url}"))
            elif note := met.get((site.id, column.id, column.url)):
                rows.append(Row(name, ok=False, says=f"{note}：{column.url}"))
    return rows


def _misconfigured(places: Places) -> dict[tuple[str, str, str], str]:
    """What the newest reading of a column says against its registration."""
    if not places.crawl_db.exists():
        return {}
    try:
        engine = db.open_crawl(places.crawl_db, read_only=True)
    except DataError:
        return {}  # said in a row of its own
    table = db.readings.c
    query = select(table.site, table.column_id, table.url, table.note).order_by(table.run, table.at)
    try:
        with engine.connect() as connection:
            newest = {(row.site, row.column_id, row.url): str(row.note) for row in connection.execute(query)}
    except SQLAlchemyError:
        return {}
    finally:
        engine.dispose()
    return {key: note for key, note in newest.items() if note.startswith((MISCONFIGURED, MOVED))}


def _rules(config: Config) -> list[Row]:
    found = discover(config.rules.packages)
    rows = [Row("规则", ok=not found.broken, says=f"{len(found.rules)} 条（{config.rules.edition}）")]
    rows += [Row("规则加载失败", ok=False, says=f"{b.file}：{b.error}") for b in found.broken]
    return rows


def _ignored(config: Config, places: Places) -> Iterator[Row]:
    """Entries of `ignore:` that have expired, and those that hid nothing in the last audit (BEHAVIOURS 54)."""
    entries = [(site.id, entry) for site in config.sites for entry in site.ignore]
    if not entries:
        return
    now, found = datetime.now(SHANGHAI), _last_findings(places)
    for site, entry in entries:
        name = f"白名单 {site}"
        if entry.expired(now):
            yield Row(
                name, ok=None, says=f"{entry.written} 已于 {entry.until} 到期（{entry.reason}）：删去或写新的期限"
            )
        elif found is not None and not any(
            row.site == site and row.exempt and entry.covers(row.target or row.place.url) for row in found
        ):
            yield Row(name, ok=None, says=f"{entry.written} 在最近一次检查中没有用到（{entry.reason}）：可以删去")


def _last_findings(places: Places) -> Sequence[FindingRow] | None:
    try:
        with Findings.open(places.findings_db, read_only=True) as findings:
            return findings.load().findings
    except (DataError, OSError):
        return None


def _try(name: str, act: Callable[[], str]) -> Row:
    try:
        return Row(name, ok=True, says=act())
    except (DataError, OSError) as error:
        return Row(name, ok=False, says=str(error))


def _writable(root: Path) -> str:
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=root):
        return f"{root} 可写"


def _opens(path: Path) -> str:
    db.open_crawl(path, read_only=True).dispose()
    return f"可读，{path.stat().st_size // 1_000_000} MB"


def _kept(path: Path) -> str:
    bodies, stored, log = sizes(path)
    return f"{bodies} 份网页内容，{stored / 1e6:.1f} MB；访问记录 {log} 条；可用 govcheck prune --dry-run 看能清理多少"


def _opens_findings(path: Path) -> str:
    with Findings.open(path, read_only=True):
        return f"可读，{path.stat().st_size // 1_000_000} MB"


def _disk(root: Path) -> Row:
    place = next((p for p in (root.absolute(), *root.absolute().parents) if p.exists()), Path("/"))
    free = shutil.disk_usage(place).free
    return Row("磁盘", ok=free >= FREE_AT_LEAST or None, says=f"剩余 {free / 1e9:.1f} GB")


def table(rows: Sequence[Row]) -> Table:
    shown = Table(show_header=False, box=None)
    signs = {True: Text("✓", style="green"), False: Text("✗", style="bold red"), None: Text("!", style="yellow")}
    for row in rows:
        shown.add_row(signs[row.ok], row.name, Text(row.says))
    return shown
