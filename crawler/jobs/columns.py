"""Proposes a site's table of columns from its last crawl, and tells what changed against the registered one."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rich.table import Table
from ruamel.yaml import YAML

from crawler.config import Config
from crawler.core.model import State
from crawler.core.outcomes import said_by
from crawler.core.urls import path_key
from crawler.core.views import ColumnView, SiteView
from crawler.jobs.judging import snapshot
from crawler.jobs.mapping import Candidate, candidates
from crawler.jobs.places import Places
from crawler.jobs.refusals import BadOption, NoRun

_HEAD = """\
# 栏目表建议：网站 {site}（{name}），根据第 {run} 次抓取提出，没有经过确认。
# 逐行核对：name、kind、url 对的，去掉 confirmed、confidence、reasons，
# 抄进 config/sites/{site}.yaml 的 columns；不对的改正或删去。
# kind 是栏目类别（config/column_kinds.yaml），field 是26个领域之一。
# unmapped 是没有认出类别的栏目：不登记就是“未配置”，不算问题。
"""
Change = Literal["gone", "moved", "renamed", "kind", "new"]
_WORDS: dict[Change, str] = {
    "gone": "打不开",
    "moved": "已移走",
    "renamed": "改名",
    "kind": "类别待核对",
    "new": "新栏目",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One difference between the registered table and what the crawl shows."""

    change: Change
    name: str
    url: str
    says: str


@dataclass(frozen=True, slots=True)
class Proposal:
    run: int
    proposed: tuple[dict[str, Any], ...]
    unmapped: tuple[dict[str, Any], ...]
    registered: int

    def document(self, site: str) -> dict[str, Any]:
        return {"site": site, "run": self.run, "registered": self.registered, "proposed": list(self.proposed),
                "unmapped": list(self.unmapped)}  # fmt: skip


def propose(config: Config, places: Places, site_id: str) -> Proposal:
    """Columns that are not registered yet, each with its reasons; nobody has confirmed any."""
    config.site(site_id)
    with snapshot(config, places.crawl_db) as taken:
        view = _view(taken.fleet([site_id]).sites, site_id)
        known = {path_key(column.url) for column in view.columns}
        found = [one for one in candidates(view, config.kinds) if path_key(one.url) not in known]
        ids = {column.column.id for column in view.columns}
        rows = tuple(_row(one, ids) for one in found if one.kind)
        rest = tuple({"name": one.name, "url": one.url, "reasons": list(dict.fromkeys(one.reasons))}
                     for one in found if not one.kind)  # fmt: skip
        return Proposal(taken.run.number, rows, rest, len(view.columns))


def _view(sites: tuple[SiteView, ...], site_id: str) -> SiteView:
    view = next((site for site in sites if site.id == site_id), None)
    if view is None:
        raise NoRun(f"最近一次抓取里没有网站 {site_id}，请先运行 govcheck crawl {site_id}")
    return view


def _row(one: Candidate, ids: set[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"id": _id(one.url, ids), "name": one.name, "kind": one.kind, "url": one.url}
    if one.area:
        row["field"] = one.area
    return row | {"confirmed": False, "confidence": one.confidence, "reasons": list(dict.fromkeys(one.reasons))}


def _id(url: str, ids: set[str]) -> str:
    """The last folder of the address, with its parent's before it or a number where that is taken."""
    parts = [re.sub(r"[^A-Za-z0-9-]", "", part) for part in path_key(url).split("/") if part and "." not in part]
    parts = parts or [re.sub(r"[^A-Za-z0-9-]", "", path_key(url).strip("/").partition(".")[0])]
    names = [parts[-1], "-".join(parts[-2:])] if parts and parts[-1] else ["lm"]
    names += [f"{names[0]}{number}" for number in range(2, 10_000)]
    chosen = next(name for name in (n.strip("-")[:60].lower() for n in names) if name and name not in ids)
    ids.add(chosen)
    return chosen


def text(config: Config, proposal: Proposal, site_id: str) -> str:
    """The proposal as the YAML an owner reads."""
    writer = YAML()
    writer.allow_unicode = True
    writer.width = 200
    out = io.StringIO()
    writer.dump(proposal.document(site_id), out)
    return _HEAD.format(site=site_id, name=config.site(site_id).name, run=proposal.run) + out.getvalue()


def write(words: str, path: Path) -> None:
    """A new file; one that is there holds somebody's work."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(words)
    except FileExistsError:
        raise BadOption(f"{path} 已经存在，不覆盖；请换一个文件名，或先把它移走") from None
    except OSError as error:
        raise BadOption(f"{path} 写不进去：{error.strerror}；请换一个已有的文件夹") from None


# ── What changed ─────────────────────────────────────────────────────────────────────────────────────────────────────


def diff(config: Config, places: Places, site_id: str) -> tuple[int, tuple[Row, ...]]:
    """The registered columns against the last crawl: the number of the run, and what differs."""
    config.site(site_id)
    with snapshot(config, places.crawl_db) as taken:
        view = _view(taken.fleet([site_id]).sites, site_id)
        found = candidates(view, config.kinds)
        by_key = {path_key(one.url): one for one in found}
        known = {path_key(column.url) for column in view.columns}
        rows = [
            row for column in view.columns if (row := _changed(column, by_key.get(path_key(column.url)), found, known))
        ]
        moved = {row.says for row in rows if row.change == "moved"}
        rows += [
            Row(
                "new",
                one.name,
                one.url,
                f"像是{one.kind}（把握{one.confidence}）：{'；'.join(dict.fromkeys(one.reasons))}",
            )
            for one in found
            if one.kind and path_key(one.url) not in known and not any(one.url in says for says in moved)
        ]
        return taken.run.number, tuple(rows)


def _changed(column: ColumnView, now: Candidate | None, found: list[Candidate], known: set[str]) -> Row | None:  # noqa: PLR0911 -- one return per change
    name, url, seen = column.column.name, column.url, column.known.seen
    if column.known.state is State.DEAD or column.soft_404:
        heir = next((one for one in found if one.name == name and path_key(one.url) not in known), None)
        if heir is not None:
            return Row("moved", name, url, f"原地址打不开，同名栏目在 {heir.url}")
        return Row("gone", name, url, column.soft_404 or (said_by(seen) if seen else "打不开"))
    told = column.page.facts.redirect if column.page else ""
    landed = told or (seen.final_url if seen else "")
    if landed and path_key(landed) != path_key(url):
        return Row("moved", name, url, f"转到 {landed}")
    if now is None:
        return None
    tag = now.names.get("标签") or now.names.get("导航", "")
    if tag and tag != name and tag not in name and name not in tag:
        return Row("renamed", name, url, f"网站上现在叫“{tag}”")
    if now.kind and now.kind != column.column.kind and now.confidence == "高":
        return Row("kind", name, url, f"登记为{column.column.kind}，网站上像是{now.kind}：{'；'.join(now.reasons)}")
    return None


def diff_document(site_id: str, run: int, rows: tuple[Row, ...]) -> dict[str, Any]:
    changes = [{"change": row.change, "name": row.name, "url": row.url, "says": row.says} for row in rows]
    return {"site": site_id, "run": run, "changes": changes}


def diff_table(rows: tuple[Row, ...], run: int) -> Table:
    table = Table(title=f"栏目变化（第 {run} 次抓取与登记的栏目表比较）", title_justify="left")
    for title in ("变化", "栏目", "地址", "说明"):
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(_WORDS[row.change], row.name, row.url, row.says)
    return table
