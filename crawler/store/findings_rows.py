"""Rows of findings.db and the dataclasses of `core/report.py`, one function each way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import RowMapping

from crawler.core.clock import SHANGHAI
from crawler.core.model import Attempt, Certainty, Parent, Place, Severity, Verdict
from crawler.core.report import (
    ColumnCoverage,
    Coverage,
    FindingRow,
    ResultRow,
    RuleRow,
    RunInfo,
    SiteRow,
)

Values = dict[str, Any]

_parents = msgspec.json.Decoder(tuple[Parent, ...])
_attempts = msgspec.json.Decoder(tuple[Attempt, ...])
_evidence = msgspec.json.Decoder(dict[str, str])
_words = msgspec.json.Decoder(tuple[str, ...])


def to_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def to_text(at: datetime | None) -> str | None:
    """Fixed width, so that text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z" if at else None


def to_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(SHANGHAI) if text else None


def moment(text: str | None) -> datetime:
    """Of a column that is never null."""
    at = to_moment(text)
    assert at is not None
    return at


# ── Runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def run_values(run: RunInfo) -> Values:
    return {
        "number": run.number,
        "id": run.id,
        "kind": run.kind,
        "started": to_text(run.started),
        "sealed": to_text(run.sealed),
        "as_of": to_text(run.as_of),
        "void": int(run.void),
        "void_reason": run.void_reason,
        "authorisations": to_json(run.authorisations),
        "requests": run.requests,
        "seconds": run.seconds,
    }


def run_info(run: RowMapping, audit: RowMapping) -> RunInfo:
    return RunInfo(
        id=run["id"],
        number=run["number"],
        started=moment(run["started"]),
        sealed=to_moment(run["sealed"]),
        as_of=moment(run["as_of"]),
        kind=run["kind"],
        void=bool(run["void"]),
        void_reason=run["void_reason"],
        program=audit["program"],
        facts_version=audit["facts_version"],
        rules_digest=audit["rules_digest"],
        config_digest=audit["config_digest"],
        edition=audit["edition"],
        authorisations=_words.decode(run["authorisations"]),
        requests=run["requests"],
        seconds=run["seconds"],
    )


# ── Findings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def finding_values(row: FindingRow) -> Values:
    return {
        "fingerprint": row.fingerprint,
        "rule": row.rule,
        "site": row.site,
        "severity": row.severity.value,
        "certainty": row.certainty.value,
        "title": row.title,
        "message": row.message,
        "fix": row.fix,
        "clause": row.clause,
        "place_url": row.place.url,
        "place_css": row.place.css,
        "place_quote": row.place.quote,
        "target": row.target,
        "parents": to_json(row.parents),
        "parent_count": row.parent_count,
        "count": row.count,
        "attempts": to_json(row.attempts),
        "evidence": to_json(dict(row.evidence)),
        "also": to_json(row.also),
        "rollup": int(row.rollup),
        "points": row.points,
        "exempt": row.exempt,
        "state": row.state,
        "change": row.change,
        "first_seen": to_text(row.first_seen),
        "last_seen": to_text(row.last_seen),
        "issue": row.issue,
        "rule_version": row.rule_version,
    }


def finding_row(row: RowMapping) -> FindingRow:
    return FindingRow(
        fingerprint=row["fingerprint"],
        rule=row["rule"],
        site=row["site"],
        severity=Severity(row["severity"]),
        certainty=Certainty(row["certainty"]),
        title=row["title"],
        message=row["message"],
        fix=row["fix"],
        clause=row["clause"],
        place=Place(row["place_url"], row["place_css"], row["place_quote"]),
        target=row["target"],
        parents=_parents.decode(row["parents"]),
        parent_count=row["parent_count"],
        count=row["count"],
        attempts=_local(row["attempts"]),
        evidence=_evidence.decode(row["evidence"]),
        also=_words.decode(row["also"]),
        rollup=bool(row["rollup"]),
        points=row["points"],
        exempt=row["exempt"],
        state=row["state"],
        change=row["change"],
        first_seen=to_moment(row["first_seen"]),
        last_seen=to_moment(row["last_seen"]),
        issue=row["issue"],
        rule_version=row["rule_version"],
    )


def _local(attempts: str) -> tuple[Attempt, ...]:
    return tuple(replace(said, at=said.at.astimezone(SHANGHAI)) for said in _attempts.decode(attempts))


# ── Results and coverage ─────────────────────────────────────────────────────────────────────────────────────────────


def _plain(row: object, names: tuple[str, ...]) -> Values:
    return {name: getattr(row, name) for name in names}


def _back(row: Mapping[Any, Any], names: tuple[str, ...]) -> Values:
    return {name: row[name] for name in names}


_RESULT = ("rule", "site", "reason", "examined", "fresh", "carried", "unknown", "confirmed", "suspected", "proposed")


def result_values(row: ResultRow) -> Values:
    return _plain(row, _RESULT) | {"verdict": row.verdict.value, "oldest": to_text(row.oldest)}


def result_row(row: RowMapping) -> ResultRow:
    return ResultRow(**_back(row, _RESULT), verdict=Verdict(row["verdict"]), oldest=to_moment(row["oldest"]))


_COVERAGE = (
    *("site", "reason", "home", "pages_known", "pages_fresh", "pages_carried", "pages_expired", "pages_unknown"),
    *("targets_known", "targets_decided", "targets_unknown", "requests", "received"),
)


def coverage_values(row: Coverage) -> Values:
    own = {"judged": int(row.judged), "oldest": to_text(row.oldest), "notes": to_json(row.notes)}
    return _plain(row, _COVERAGE) | own


def coverage_row(row: RowMapping, columns: tuple[ColumnCoverage, ...]) -> Coverage:
    return Coverage(
        **_back(row, _COVERAGE),
        judged=bool(row["judged"]),
        oldest=to_moment(row["oldest"]),
        notes=_words.decode(row["notes"]),
        columns=columns,
    )


_COLUMN = ("id", "name", "kind", "url", "end", "reader", "entries", "note")


def column_values(row: ColumnCoverage) -> Values:
    return _plain(row, _COLUMN) | {"complete": int(row.complete), "at": to_text(row.at)}


def column_row(row: RowMapping) -> ColumnCoverage:
    return ColumnCoverage(**_back(row, _COLUMN), complete=bool(row["complete"]), at=to_moment(row["at"]))


# ── Words ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_SITE = ("id", "name", "code", "level", "home", "owner")


def site_values(row: SiteRow) -> Values:
    return _plain(row, _SITE) | {"confirmed": int(row.confirmed)}


def site_row(row: RowMapping) -> SiteRow:
    return SiteRow(**_back(row, _SITE), confirmed=bool(row["confirmed"]))


_RULE = ("code", "name", "title", "scope", "clause", "why", "look", "fix", "family")


def rule_values(row: RuleRow) -> Values:
    return _plain(row, _RULE) | {"severity": row.severity.value}


def rule_row(row: RowMapping) -> RuleRow:
    return RuleRow(**_back(row, _RULE), severity=Severity(row["severity"]))


def words(text: str) -> tuple[str, ...]:
    return _words.decode(text)
