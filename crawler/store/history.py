"""What earlier readings say as of a run: how a page was first, which answers were slow, which hosts are new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.core.clock import beijing
from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.model import Attempt, Outcome, State
from crawler.core.views import BASELINE, SLOW, Earlier
from crawler.store.pack import unpack_facts

if TYPE_CHECKING:
    from crawler.store.snapshot import Snapshot

_GOOD = "run IN (SELECT number FROM runs WHERE status = 'sealed' AND void = 0) AND run <= :run"
_NEWEST = 5  # answers of one address that are looked at


def earlier(snapshot: Snapshot, url: str) -> Earlier | None:
    """The first reading of a page in the BASELINE days up to the run; None where it was never read."""
    number = snapshot.landing(url)
    if number is None:
        return None
    row = _first(snapshot, number, snapshot.run.as_of - BASELINE.total_seconds())
    if row is None:
        return None
    at, body_hash = row
    stored = snapshot.connection.exec_driver_sql(
        "SELECT facts FROM pages WHERE url_id = ? AND body_hash = ? AND facts_version = ?",
        (number, body_hash, FACTS_VERSION),
    ).scalar()
    return Earlier(beijing(at), unpack_facts(stored) if stored else None)


def _first(snapshot: Snapshot, number: int, since: float) -> tuple[float, bytes] | None:
    statement = f"""SELECT at, body_hash FROM fetches WHERE url_id = :url AND state = 'alive' AND at >= :since
        AND body_hash IS NOT NULL AND {_GOOD} ORDER BY at LIMIT 1"""  # noqa: S608 - words of ours
    cursor = snapshot.connection.connection.cursor()
    try:
        cursor.execute(statement, {"url": number, "since": since, "run": snapshot.run.number})
        found = cursor.fetchone()
        return (found[0], found[1]) if found else None
    finally:
        cursor.close()


def new_script_hosts(snapshot: Snapshot) -> Mapping[str, datetime]:
    """Hosts of scripts that were met in the BASELINE days up to the run for the first time, on whichever site."""
    statement = "SELECT host, min(first_seen) FROM urls WHERE kind = 'script' GROUP BY host"
    since, until = snapshot.run.as_of - BASELINE.total_seconds(), snapshot.run.sealed or snapshot.run.as_of
    rows = snapshot.connection.exec_driver_sql(statement)
    return {host: beijing(first) for host, first in rows if since <= first <= until}


def slow(snapshot: Snapshot) -> Mapping[int, tuple[Attempt, ...]]:
    """Of each address whose newest answer took SLOW or longer: its newest answers in a row that did, newest first."""
    statement = f"""SELECT url_id, at, status, outcome, elapsed, note FROM fetches WHERE url_id IN
        (SELECT url_id FROM fetches WHERE state = 'alive' AND elapsed >= :slow AND at >= :since)
        AND state = 'alive' AND at >= :since AND {_GOOD} ORDER BY url_id, at DESC"""  # noqa: S608 - words of ours
    since = snapshot.run.as_of - BASELINE.total_seconds()
    found: dict[int, list[Attempt]] = {}
    over: set[int] = set()
    cursor = snapshot.connection.connection.cursor()
    try:
        values = {"slow": SLOW.total_seconds(), "since": since, "run": snapshot.run.number}
        cursor.execute(statement, values)
        for number, at, status, outcome, elapsed, note in cursor.fetchall():
            url = snapshot.log.urls.get(number)
            folded = snapshot.log.state(number)
            if url is None or number in over or folded.state is not State.ALIVE:
                continue
            if elapsed < SLOW.total_seconds() or len(found.get(number, ())) >= _NEWEST:
                over.add(number)
                continue
            took = timedelta(seconds=elapsed)
            found.setdefault(number, []).append(Attempt(beijing(at), url.url, status, Outcome(outcome), took, note))
    finally:
        cursor.close()
    return {number: tuple(answers) for number, answers in found.items()}
