"""What of each site was looked at, and what was not: printed beside every count of problems."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from crawler.core.clock import beijing
from crawler.core.model import Site, State
from crawler.core.report import EXPIRED, SAME_PAGE, ColumnCoverage, Coverage
from crawler.core.urls import host_of, normalise
from crawler.core.views import ONE_PAGE, ColumnView, FleetView
from crawler.store import crawl_db as db
from crawler.store.refused import sentences
from crawler.store.snapshot import Snapshot

# Columns that are a page, not a list: nothing of them can be read to an end.
PAGE_KINDS = frozenset(
    {"概况信息", "机构职能", "领导信息", "信息公开指南", "信息公开制度", "依申请公开", "互动交流", "办事服务"}
)


def coverage(snapshot: Snapshot, fleet: FleetView) -> tuple[Coverage, ...]:
    """One row per registered site, judged or not, in the order of the registry."""
    views = {view.id: view for view in fleet.sites}
    query = select(db.run_sites).where(db.run_sites.c.run == snapshot.run.number)
    spent = {row.site: row for row in snapshot.connection.execute(query)}
    rows = []
    for site in snapshot.sites:
        view = views.get(site.id)
        row = spent.get(site.id)
        if view is None:
            rows.append(Coverage(site.id, judged=False, reason=snapshot.unjudged.get(site.id, "不在本次检查范围")))
            continue
        rows.append(_site(snapshot, site, tuple(_column(c) for c in view.columns), row))
    return tuple(rows)


def _site(snapshot: Snapshot, site: Site, columns: tuple[ColumnCoverage, ...], row: object) -> Coverage:
    log = snapshot.log
    pages: Counter[str] = Counter()
    targets: Counter[str] = Counter()
    linked = set(snapshot.links(site.id).counts) | set(snapshot.by_site.get(site.id, ()))
    linked |= {n for n in (log.numbers.get(normalise(u)) for u in (site.home, *(c.url for c in site.columns))) if n}
    oldest = None
    for number in linked:
        url = log.urls.get(number)
        if url is None or snapshot.is_action(number):
            continue
        folded = log.state(number)
        if url.site == site.id and url.kind == "page":
            pages[folded.knowledge] += 1
            if folded.deciding is not None and folded.knowledge in {"fresh", "carried"}:
                oldest = min(oldest or folded.deciding.at, folded.deciding.at)
        else:
            targets["decided" if folded.knowledge in {"fresh", "carried"} else "unknown"] += 1
    home = _home(snapshot, site)
    return Coverage(
        site.id,
        judged=home in {"alive", "dead", "suspect"},
        reason=str(getattr(row, "reason", "") or ""),
        home=home,
        pages_known=pages.total(),
        pages_fresh=pages["fresh"],
        pages_carried=pages["carried"],
        pages_expired=pages["expired"],
        pages_unknown=pages["unknown"],
        targets_known=targets.total(),
        targets_decided=targets["decided"],
        targets_unknown=targets["unknown"],
        requests=int(getattr(row, "requests", 0) or 0),
        received=int(getattr(row, "received", 0) or 0),
        oldest=beijing(oldest) if oldest else None,
        columns=columns,
        notes=(*_to_act_on(snapshot, site, home), *json.loads(getattr(row, "notes", "[]") or "[]")),
    )


def _to_act_on(snapshot: Snapshot, site: Site, home: str) -> Iterator[str]:
    """Who to let us in, what nobody can verify, and what is no longer let be."""
    yield from sentences(snapshot, site, home_blocked=home == "blocked")
    if alike := snapshot.one_page(site.id):
        yield f"{SAME_PAGE}{ONE_PAGE}（{host_of(site.home)}，{len(alike)} 个页面）"
    for entry in site.ignore:
        if entry.expired(snapshot.as_of):
            yield f"{EXPIRED}{entry.written} 已于 {entry.until} 到期，不再生效（{entry.reason}）"


def _home(snapshot: Snapshot, site: Site) -> str:
    number = snapshot.log.numbers.get(normalise(site.home))
    if number is None:
        return "unknown"
    folded = snapshot.log.state(number)
    if folded.pending is not None:
        return "suspect"
    if folded.blocked is not None and folded.blocked.run == snapshot.run.number:
        return "blocked"
    if folded.state is None or folded.knowledge in {"expired", "unknown"}:
        return "unknown"
    return folded.state.value


def _column(view: ColumnView) -> ColumnCoverage:
    column, reading = view.column, view.reading
    end = reading.end
    note = reading.note
    if column.kind in PAGE_KINDS and view.known.state is State.ALIVE and not view.entries:
        end, note = "ended", "单页栏目，没有列表"
    return ColumnCoverage(
        column.id,
        column.name,
        column.kind,
        column.url,
        end,
        end in {"ended", "joined"},
        reading.reader,
        len(view.entries),
        reading.at,
        note,
    )
