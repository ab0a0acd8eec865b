"""The fetch log as of one run: every URL with its folded state, and its rows as evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from sys import intern
from typing import NamedTuple

from sqlalchemy import Connection, select

from crawler.core.clock import SHANGHAI, beijing
from crawler.core.fold import EXPIRE_AFTER, UNKNOWN, Folded, LogRow, fold_all
from crawler.core.issues import Decision
from crawler.core.model import EXTERNAL, Attempt, Hop, Outcome, Platform, State
from crawler.core.views import Known, Seen
from crawler.store import crawl_db as db
from crawler.store import probes
from crawler.store.pack import Detail, unpack_detail
from crawler.store.runs import Run

AT_ONCE = 500  # bound parameters of one statement
SEEN_KEPT = 4_000  # readings of rows kept at hand: every page asks for its site map's
LOOK_BACK = 2 * EXPIRE_AFTER  # rows older than this decide nothing and are not read


def batched(items: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


class UrlRow(NamedTuple):
    id: int
    url: str
    site: str
    lane: str
    host: str
    kind: str
    suffix: str


class Log:
    """Rows of sealed runs that are not void, up to one run; a site's rows of a run void for it are left out."""

    def __init__(
        self,
        connection: Connection,
        run: Run,
        platforms: Mapping[str, Platform],
        only: Collection[str] | None = None,
    ) -> None:
        """`only` these URLs (normalised): a draft page asks for its hundred links, not for the whole log."""
        self._connection = connection
        self._only = None if only is None else sorted(set(only))
        self.run = run
        self.as_of = beijing(run.as_of)
        self.urls: dict[int, UrlRow] = {}
        self.numbers: dict[str, int] = {}
        self.folded: dict[int, Folded] = {}
        self._seen: dict[tuple[int, ...], Seen] = {}
        self._read_urls()
        for lane in sorted({row.lane for row in self.urls.values()}):
            platform = platforms.get(lane, EXTERNAL)
            rows = self._rows(lane)
            self.folded.update(
                fold_all(rows, as_of=self.as_of, second_round_after=platform.second_round_after, run=run.number)
            )

    def _read_urls(self) -> None:
        columns = [db.urls.c[name] for name in UrlRow._fields]
        limit = self.run.sealed or self.run.as_of
        query = select(*columns).where(db.urls.c.first_seen <= limit)
        queries = [query]
        if self._only is not None:
            parts = [self._only[i : i + AT_ONCE] for i in range(0, len(self._only), AT_ONCE)]
            queries = [query.where(db.urls.c.url.in_(part)) for part in parts]
        for part in queries:
            for number, url, *words in self._connection.execute(part):
                self.urls[number] = UrlRow(number, url, *map(intern, words))  # a handful of words, many times over
                self.numbers[url] = number

    def _rows(self, lane: str) -> Iterable[LogRow]:
        statement = """
            SELECT f.url_id, f.id, f.at, f.run, f.state, f.body_hash
            FROM fetches f JOIN urls u ON u.id = f.url_id
            WHERE u.lane = :lane AND f.at >= :since AND f.run <= :run
              AND f.run IN (SELECT number FROM runs WHERE status = 'sealed' AND void = 0)
              AND NOT EXISTS (SELECT 1 FROM run_sites s WHERE s.run = f.run AND s.site = u.site AND s.status = 'void')
            ORDER BY f.url_id, f.at, f.id
        """
        since = self.run.as_of - LOOK_BACK.total_seconds()
        values = {"lane": lane, "since": since, "run": self.run.number}
        if self._only is not None:
            # Numbers of ours, so they may stand in the text; the index by URL is then used.
            chosen = ",".join(str(int(number)) for number in self.urls)
            statement = statement.replace("WHERE u.lane", f"WHERE f.url_id IN ({chosen}) AND u.lane")
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(statement, values)
            while rows := cursor.fetchmany(5000):
                for url, fetch, at, run, state, body in rows:
                    yield LogRow(url, fetch, at, run, intern(state), body)
        finally:
            cursor.close()

    def state(self, number: int) -> Folded:
        return self.folded.get(number, UNKNOWN)

    def known(self, number: int, *, full: bool = False) -> Known:
        """`full` reads the evidence: status, redirects, every attempt of every row the state rests on."""
        folded = self.state(number)
        url = self.urls[number].url
        if not full:
            seen = _brief(folded.deciding, folded.state) if folded.deciding else None
            pending = _brief(folded.pending, State.SUSPECT) if folded.pending else None
            blocked = self.seen((folded.blocked,)) if folded.blocked else None
            return Known(url, folded.knowledge, folded.state, seen, pending, blocked)
        return Known(
            url,
            folded.knowledge,
            folded.state,
            self.seen(folded.rests_on) if folded.rests_on else None,
            self.seen((folded.pending,)) if folded.pending else None,
            self.seen((folded.blocked,)) if folded.blocked else None,
        )

    def seen(self, rows: tuple[LogRow, ...]) -> Seen:
        """The last of `rows` with the attempts of all."""
        key = tuple(row.fetch_id for row in rows)
        if key not in self._seen:
            if len(self._seen) >= SEEN_KEPT:
                self._seen.clear()
            self._seen[key] = self._read(rows, key)
        return self._seen[key]

    def _read(self, rows: tuple[LogRow, ...], ids: tuple[int, ...]) -> Seen:
        found = {r.id: r for r in self._connection.execute(select(db.fetches).where(db.fetches.c.id.in_(ids)))}
        attempts: list[Attempt] = []
        hops: tuple[Hop, ...] = ()
        for row in rows:
            stored = found[row.fetch_id]
            detail = unpack_detail(stored.detail) if stored.detail else Detail()
            at = beijing(stored.at)
            elapsed = timedelta(seconds=stored.elapsed)
            plain = Attempt(at, self.urls[row.url_id].url, stored.status, Outcome(stored.outcome), elapsed, stored.note)
            attempts += [_local(a) for a in detail.attempts] or [plain]
            hops = detail.hops
        last = found[rows[-1].fetch_id]
        return Seen(
            last.id,
            beijing(last.at),
            last.run,
            State(last.state),
            Outcome(last.outcome),
            last.status,
            last.final_url or self.urls[last.url_id].url,
            timedelta(seconds=last.elapsed),
            hops,
            tuple(attempts),
            last.note,
            last.content_type,
            last.body_hash.hex() if last.body_hash else "",
            bool(last.truncated),
        )

    def decide(self, url: str) -> Decision | None:
        """What decided a URL as of this run; None where nothing ever did, or too long ago."""
        if probes.is_of_the_wire(url):
            return probes.decide(self._connection, url, self.run)
        number = self.numbers.get(url)
        folded = self.state(number) if number is not None else UNKNOWN
        row = folded.deciding
        if row is None or folded.state is None:
            return None
        body = row.body_hash.hex() if isinstance(row.body_hash, bytes) else ""
        silent = len(folded.rests_on) > 1  # two suspects, no word from the server
        return Decision(row.fetch_id, beijing(row.at), row.run, folded.state, body, folded.knowledge, silent)


def _brief(row: LogRow, state: State | None) -> Seen:
    body = row.body_hash.hex() if isinstance(row.body_hash, bytes) else ""
    return Seen(row.fetch_id, beijing(row.at), row.run, state or State.ALIVE, Outcome.OK, body_hash=body)


def _local(attempt: Attempt) -> Attempt:
    return Attempt(
        attempt.at.astimezone(SHANGHAI), attempt.url, attempt.status, attempt.outcome, attempt.elapsed, attempt.note
    )
