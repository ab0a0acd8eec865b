"""The figures of the circular, counted from the stored lists of the newest run; without one request."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from crawler.config import Config
from crawler.config.cells import Unfit, moment
from crawler.core.clock import beijing
from crawler.core.statistics import Basis, Book, By, Period, Statistics, statistics
from crawler.jobs.judging import snapshot
from crawler.jobs.places import Places
from crawler.jobs.refusals import BadOption
from crawler.store.findings import Findings
from crawler.store.published import entry_urls, published


def count(
    config: Config,
    places: Places,
    period: Period,
    *,
    by: By = "site",
    basis: Basis = "printed",
    only: Collection[str] | None = None,
    number: int | None = None,
) -> Statistics:
    """Raises NoRun and BadOption. The figures' ids stay the same from night to night."""
    return statistics(read_book(config, places, only=only, number=number), period, by=by, basis=basis)


def read_book(
    config: Config, places: Places, *, only: Collection[str] | None = None, number: int | None = None
) -> Book:
    """What all counts are made from; read once for several of them."""
    sites = tuple(site for site in config.sites if only is None or site.id in only)
    with snapshot(config, places.crawl_db, number) as taken:
        seen = {}
        if places.findings_db.exists():
            with Findings.open(places.findings_db, read_only=True) as findings:
                seen = findings.first_seen("entry", entry_urls(taken.connection, taken.run))
        items, reads = published(taken.connection, taken.run, sites, seen)
        return Book(
            sites, items, reads, config.topics, taken.run.number, beijing(taken.run.as_of), config.rules.edition
        )


def period(first: str, last: str) -> Period:
    """--from and --to as people write days."""
    chosen = Period(_day("--from", first), _day("--to", last))
    if chosen.first > chosen.last:
        raise BadOption(f"--from {chosen.first} 晚于 --to {chosen.last}，请对调")
    if chosen.first.year < 1991:
        raise BadOption(f"--from {chosen.first} 太早，请写 1991 年以后的日期")
    return chosen


def _day(option: str, text: str) -> date:
    try:
        return moment(text).date()
    except Unfit as unfit:
        raise BadOption(f"{option} {unfit}") from None
