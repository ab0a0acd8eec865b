"""findings.db: what each audit said, and the life of every issue; reports need nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.sqlite import insert as upsert

from crawler.core.clock import SHANGHAI
from crawler.core.covered import Wide
from crawler.core.evidence import Origin
from crawler.core.issues import Decide
from crawler.core.report import Report
from crawler.store import desk, findings_read, findings_write
from crawler.store import origin as origins
from crawler.store.datafile import MissingData, MissingRun, explained, open_engine, update_schema
from crawler.store.desk import Case
from crawler.store.findings_read import OpenIssue
from crawler.store.findings_rows import moment, to_text
from crawler.store.findings_schema import VERSION, audits, first_seen, issue_cites, issue_events, issues
from crawler.store.findings_write import Audited

__all__ = ["Audited", "Case", "Findings", "FirstSeen", "LastAudit", "OpenIssue"]

KEEP_BACKUPS = 14
_SCRIPTS = Path(__file__).parent / "migrations" / "findings"
_ASK_AT_ONCE = 500  # bound parameters of one statement; SQLite's own limit is 32,766


class LastAudit(NamedTuple):
    """The newest audited run and the versions it was judged under."""

    run: int
    facts_version: int
    rules_digest: str
    config_digest: str


class FirstSeen(NamedTuple):
    """When a page or an entry was first met; nothing can rebuild it."""

    site: str
    url: str
    title: str
    at: datetime


class Findings:
    """One open findings.db. Errors are `DataError`s with a Chinese sentence."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        engine = open_engine(path, read_only=read_only)
        try:
            update_schema(engine, path, version=VERSION, scripts=_SCRIPTS, read_only=read_only)
        except BaseException:
            engine.dispose()
            raise
        return cls(path, engine)

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained(self.path), self._engine.connect() as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with explained(self.path), self._engine.connect().execution_options(writes=True) as db, db.begin():
            yield db

    # ── Audits ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def record(self, audited: Audited, decide: Decide) -> Report:
        """Stores an audit and moves the issues it may move, in one transaction; the report is what was stored.

        `decide` answers for a URL as of the audited run.
        """
        with self._writing() as db:
            return findings_read.report(db, findings_write.write(db, audited, decide))

    def load(self, run: int | None = None) -> Report:
        """The report of a run, or of the newest audited one."""
        with self._reading() as db:
            audit = findings_read.newest_audit(db, run)
            if audit is None:
                says = "还没有任何检查结果，请先运行一次检查" if run is None else f"没有第 {run} 次检查的结果"
                raise MissingRun(self.path, says) if run is not None else MissingData(self.path, says)
            return findings_read.report(db, audit)

    def issues(
        self,
        *,
        number: int | None = None,
        prefix: str = "",
        site: str = "",
        fingerprints: Collection[str] = (),
        numbers: Collection[int] | None = None,
    ) -> list[OpenIssue]:
        """One issue by its number or the head of its fingerprint, some by either, or the open ones of a site."""
        wanted = {"number": number, "prefix": prefix, "site": site, "fingerprints": fingerprints, "numbers": numbers}
        with self._reading() as db:
            return findings_read.issues_by(db, **wanted)  # type: ignore[arg-type]

    def noticed(self, notice: str) -> list[int]:
        """The issues that were notified together under a number."""
        with self._reading() as db:
            return desk.noticed(db, notice)

    def answered(self) -> list[int]:
        """The issues whose unit says they are mended, and nobody looked since."""
        return [case.number for case in self.cases() if case.standing.work == "answered"]

    def cases(self, *, number: int | None = None, prefix: str = "", site: str = "") -> list[Case]:
        """Issues with what people decided about them, or all of them."""
        with self._reading() as db:
            return desk.cases(db, datetime.now(SHANGHAI), number=number, prefix=prefix, site=site)

    def origin(self, number: int) -> Origin | None:
        """The audit that described an issue last, and what the issue cites."""
        with self._reading() as db:
            return origins.origin(db, number)

    def decide(self, decisions: Mapping[int, desk.Decision], *, known: Mapping[int, int] | None = None) -> list[str]:
        """Writes them all, or none and the refusals."""
        with self._writing() as db:
            return desk.decide(db, decisions, datetime.now(SHANGHAI), known=known)

    def restore(self, choose: Callable[[list[Case]], Iterable[tuple[int, desk.Decision]]]) -> None:
        """Writes back the decisions that `choose` takes, knowing every issue; all of them, or none where it raises."""
        with self._writing() as db:
            desk.restore(db, choose(desk.cases(db, datetime.now(SHANGHAI))))

    def reaching(self) -> list[Wide]:
        """Decisions that reach further than their own issue."""
        with self._reading() as db:
            return desk.wide_ones(db, datetime.now(SHANGHAI))

    def last_audit(self) -> LastAudit | None:
        """The newest run audited as a whole: where the versions differ now, that run is audited again first."""
        wanted = (audits.c.run, audits.c.facts_version, audits.c.rules_digest, audits.c.config_digest)
        newest = select(*wanted).where(audits.c.scope == "").order_by(audits.c.run.desc(), audits.c.id.desc()).limit(1)
        with self._reading() as db:
            row = db.execute(newest).first()
        return LastAudit(*row) if row else None

    def was_audited(self, run: int) -> bool:
        """Whether a run was ever judged, for all sites or for some."""
        with self._reading() as db:
            return db.execute(select(audits.c.id).where(audits.c.run == run).limit(1)).first() is not None

    def issue_cites_due(self, limit: int | None = None) -> list[str]:
        """URLs that would settle open issues: pages of sampled templates first, then the longest unread."""
        is_subject = (issues.c.subject == "") | (issues.c.subject == issue_cites.c.url)  # its parents settle little
        answered = self.answered()  # a unit waits for the look that decides
        due = (
            select(issue_cites.c.url)
            .join(issues, issues.c.number == issue_cites.c.issue)
            .where(is_subject)
            .order_by(
                issues.c.number.not_in(answered),
                issues.c.state != "sampled",
                issue_cites.c.at,
                issues.c.number,
                issue_cites.c.url,
            )
        )
        with self._reading() as db:
            return list(dict.fromkeys(db.execute(due).scalars()))[:limit]

    def evidence(self) -> tuple[set[str], set[int]]:
        """Body hashes and fetches that issues rest on, closed ones too: somebody may still ask how it looked."""
        with self._reading() as db:
            rows = [
                *db.execute(select(issue_cites.c.body_hash, issue_cites.c.fetch_id)),
                *db.execute(select(issue_events.c.body_hash, issue_events.c.fetch_id)),
            ]
        return {row.body_hash for row in rows if row.body_hash}, {row.fetch_id for row in rows if row.fetch_id}

    # ── What nothing can rebuild ─────────────────────────────────────────────────────────────────────────────────────

    def note_first_seen(self, kind: str, rows: Iterable[FirstSeen]) -> None:
        """Keeps the earliest moment of each; `kind` is page or entry."""
        values = [
            {"kind": kind, "site": row.site, "url": row.url, "title": row.title, "first_seen": to_text(row.at)}
            for row in rows
        ]
        note = upsert(first_seen)
        note = note.on_conflict_do_update(
            index_elements=["kind", "site", "url"],
            set_={"first_seen": note.excluded.first_seen},
            where=note.excluded.first_seen < first_seen.c.first_seen,
        )
        if values:
            with self._writing() as db:
                db.execute(note, values)

    def first_seen(self, kind: str, urls: Iterable[str]) -> dict[str, datetime]:
        """The earliest moment of each URL on any site; URLs never met are absent."""
        asked = list(dict.fromkeys(urls))
        found: dict[str, str] = {}
        with self._reading() as db:
            for start in range(0, len(asked), _ASK_AT_ONCE):
                some = first_seen.c.url.in_(asked[start : start + _ASK_AT_ONCE])
                for url, at in db.execute(
                    select(first_seen.c.url, first_seen.c.first_seen).where(first_seen.c.kind == kind, some)
                ):
                    found[url] = min(at, found.get(url, at))
        return {url: moment(at) for url, at in found.items()}

    def backup(self, folder: Path, *, keep: int = KEEP_BACKUPS) -> Path:
        """A compact copy named after the newest audited run; the newest `keep` stay."""
        last = self.last_audit()
        copy = folder / f"findings-{last.run if last else 0}.db"
        half = copy.with_suffix(".part")
        with explained(copy):
            folder.mkdir(parents=True, exist_ok=True)
            half.unlink(missing_ok=True)
            raw = self._engine.raw_connection()
            try:
                raw.cursor().execute("VACUUM INTO ?", (str(half),))
            except BaseException:
                half.unlink(missing_ok=True)
                raise
            finally:
                raw.close()
            half.replace(copy)
            for old in sorted(folder.glob("findings-*.db"), key=_run_of, reverse=True)[keep:]:
                old.unlink()
        return copy


def _run_of(backup: Path) -> int:
    number = backup.stem.removeprefix("findings-")
    return int(number) if number.isascii() and number.isdigit() else -1
