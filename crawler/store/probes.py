"""Rows of `govcheck probe` and of the looks over IPv6: written in one step, read as a run saw them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from crawler.core.clock import beijing
from crawler.core.fold import EXPIRE_AFTER
from crawler.core.issues import Decision
from crawler.core.model import Outcome, State
from crawler.core.reach import HostFacts, Ipv6Look, Probe, short_of, spaced
from crawler.core.views import Knowledge
from crawler.store import crawl_db as db
from crawler.store.pack import unpack_detail
from crawler.store.runs import Run

KEPT_IN_VIEW = timedelta(days=35)  # of probes: an outage of a month is still seen whole
PROBE, TLS, IPV6 = "probe:", "tls:", "ipv6:"  # what a finding cites that rests on no page but on one of these


def record_round(
    connection: Connection,
    probes: Collection[tuple[str, Probe]],
    *,
    started: datetime,
    ended: datetime,
    void: str = "",
) -> int:
    """Store one round, (site id, probe) each; returns its number. `void` says why it counts for nothing."""
    number = (connection.scalar(select(func.max(db.probe_rounds.c.number))) or 0) + 1
    values = {"started": started.timestamp(), "ended": ended.timestamp(), "void": int(bool(void)), "reason": void}
    connection.execute(insert(db.probe_rounds), [{"number": number, **values}])
    rows = [
        {
            "round": number,
            "site": site,
            "at": probe.at.timestamp(),
            "url": probe.url,
            "state": probe.state.value,
            "outcome": probe.outcome.value,
            "status": probe.status,
            "elapsed": probe.elapsed.total_seconds(),
            "opened": probe.opened,
            "note": probe.note[:500],
        }
        for site, probe in probes
    ]
    if rows:
        connection.execute(insert(db.probes), rows)
    return number


def probes_of(connection: Connection, site: str, since: datetime, until: datetime) -> tuple[Probe, ...]:
    """Oldest first, those of void rounds left out."""
    probes, rounds = db.probes, db.probe_rounds
    query = (
        select(probes)
        .join(rounds, rounds.c.number == probes.c.round)
        .where(probes.c.site == site, rounds.c.void == 0)
        .where(probes.c.at > since.timestamp(), probes.c.at <= until.timestamp())
        .order_by(probes.c.at, probes.c.id)
    )
    return tuple(
        Probe(
            beijing(row.at),
            row.url,
            State(row.state),
            Outcome(row.outcome),
            row.status,
            timedelta(seconds=row.elapsed),
            row.opened,
            row.note,
        )
        for row in connection.execute(query)
    )


def record_ipv6(connection: Connection, run: int, looks: Mapping[str, Ipv6Look]) -> None:
    """Store what a run saw of each site, by site id."""
    connection.execute(db.ipv6_looks.delete().where(db.ipv6_looks.c.run == run))
    rows = [
        {
            "run": run,
            "site": site,
            "host": look.host,
            "at": look.at.timestamp(),
            "record": look.record,
            "reached": look.reached,
            "note": look.note[:500],
        }
        for site, look in looks.items()
    ]
    if rows:
        connection.execute(insert(db.ipv6_looks), rows)


def ipv6_of(connection: Connection, site: str, run: int, newest: int = 5) -> tuple[Ipv6Look, ...]:
    """The newest looks up to a run, newest first; those of open and void runs left out."""
    looks, runs = db.ipv6_looks, db.runs
    query = (
        select(looks)
        .join(runs, runs.c.number == looks.c.run)
        .where(looks.c.site == site, looks.c.run <= run, runs.c.status == "sealed", runs.c.void == 0)
        .order_by(looks.c.at.desc())
        .limit(newest)
    )
    return tuple(
        Ipv6Look(row.host, beijing(row.at), row.record, row.reached, row.note) for row in connection.execute(query)
    )


def hosts_of(connection: Connection, site: str, hosts: Collection[str], run: Run) -> tuple[HostFacts, ...]:
    """The newest https answer of each host, up to a run."""
    return tuple(facts for host in hosts if (facts := _host(connection, host, run, site)) is not None)


def _host(connection: Connection, host: str, run: Run, site: str | None = None) -> HostFacts | None:
    fetches, urls, runs = db.fetches, db.urls, db.runs
    query = (
        select(urls.c.url, fetches.c.at, fetches.c.note, fetches.c.detail)
        .join(urls, urls.c.id == fetches.c.url_id)
        .join(runs, runs.c.number == fetches.c.run)
        .where(urls.c.host == host, urls.c.url.like("https:%"), fetches.c.state == "alive")
        .where(fetches.c.final_url == "", fetches.c.run <= run.number, runs.c.status == "sealed", runs.c.void == 0)
        .order_by(fetches.c.at.desc(), fetches.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query if site is None else query.where(urls.c.site == site)).first()
    if row is None:
        return None
    tls = unpack_detail(row.detail).tls if row.detail else {}
    return HostFacts(host, row.url, beijing(row.at), tls)


def decide(connection: Connection, cited: str, run: Run) -> Decision | None:
    """What stands behind a citation that is no page; it is decided differently when what was seen changed."""
    as_of = beijing(run.as_of)
    if cited.startswith(PROBE):
        rows = probes_of(connection, cited.removeprefix(PROBE), as_of - KEPT_IN_VIEW, as_of)
        if not rows:
            return None
        at = rows[-1].at
        enough = not short_of(spaced(rows), as_of)
        return Decision(0, at, run.number, State.ALIVE, at.isoformat(), "fresh" if enough else "expired")
    if cited.startswith(TLS):
        host = _host(connection, cited.removeprefix(TLS), run)
        seen = repr(sorted(host.tls.items())) if host else ""
        return Decision(0, host.at, run.number, State.ALIVE, seen, _age(host.at, run)) if host else None
    looks = ipv6_of(connection, cited.removeprefix(IPV6), run.number)
    if not looks:
        return None
    unseen = "unknown" in {looks[0].record, looks[0].reached}
    knowledge: Knowledge = "expired" if unseen else _age(looks[0].at, run)
    return Decision(0, looks[0].at, run.number, State.ALIVE, f"{looks[0].record} {looks[0].reached}", knowledge)


def _age(at: datetime, run: Run) -> Knowledge:
    if at.timestamp() >= run.started:
        return "fresh"
    return "expired" if beijing(run.as_of) - at > EXPIRE_AFTER else "carried"


def is_of_the_wire(cited: str) -> bool:
    return cited.startswith((PROBE, TLS, IPV6))
