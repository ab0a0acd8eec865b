"""Rows of what a run's trial of each site's search showed: written in one step, read as a run saw them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from crawler.core.clock import beijing
from crawler.core.issues import Decision
from crawler.core.model import State
from crawler.core.search import SearchLook, Trial
from crawler.store import crawl_db as db
from crawler.store.runs import Run

SEARCH = "search:"  # what a finding cites that rests on a trial
_SAID = ("works", "nonsense", "paging", "opens", "classified")


def record(connection: Connection, run: int, looks: Mapping[str, SearchLook]) -> None:
    """Store what a run saw of each site, by site id; a run that goes on replaces its own rows."""
    table = db.searches
    for site, look in looks.items():
        connection.execute(table.delete().where(table.c.run == run, table.c.site == site))
        trials = [[trial.title[:200], trial.url, trial.found, trial.asked] for trial in look.trials]
        row = {
            "run": run,
            "site": site,
            "at": look.at.timestamp(),
            "url": look.url,
            "family": look.family,
            "note": look.note[:500],
            "result": look.result,
            "trials": json.dumps(trials, ensure_ascii=False),
            **{name: getattr(look, name) for name in _SAID},
        }
        connection.execute(insert(table), [row])


def newest(connection: Connection, site: str, run: int) -> SearchLook | None:
    """The newest trial up to a run; those of open and void runs left out."""
    found = _newest(connection, site, run)
    return found[1] if found else None


def _newest(connection: Connection, site: str, run: int) -> tuple[int, SearchLook] | None:
    table, runs = db.searches, db.runs
    query = (
        select(table)
        .join(runs, runs.c.number == table.c.run)
        .where(table.c.site == site, table.c.run <= run, runs.c.status == "sealed", runs.c.void == 0)
        .order_by(table.c.at.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    trials = tuple(Trial(*values) for values in json.loads(row.trials))
    said = {name: getattr(row, name) for name in _SAID}
    return row.run, SearchLook(
        beijing(row.at), row.url, row.family, note=row.note, trials=trials, result=row.result, **said
    )


def decide(connection: Connection, cited: str, run: Run) -> Decision | None:
    """What stands behind a citation of a trial; it is decided differently when what was seen changed."""
    found = _newest(connection, cited.removeprefix(SEARCH), run.number)
    if found is None:
        return None
    number, look = found
    answers = [getattr(look, name) for name in _SAID] + [trial.found for trial in look.trials]
    said = "trial:" + "/".join(answers)  # the colon tells it from the hash of a body
    fresh = number == run.number
    unseen = look.works == "unknown"
    return Decision(0, look.at, number, State.ALIVE, said, "expired" if unseen else "fresh" if fresh else "carried")
