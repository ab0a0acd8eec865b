"""The two versioned contracts machines read: `findings-1` of an audit and `facts-1` of one page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any, Literal

from crawler.core.facts import FOOTER_ITEMS, Attachment, Dated, Entry, Link, Listing, Mark, PageFacts, Spot
from crawler.core.model import Attempt, Parent, Place
from crawler.core.precision import ENOUGH
from crawler.core.report import (
    Coverage,
    DeskRow,
    FindingRow,
    Precision,
    Report,
    ResultRow,
    RunInfo,
    SiteRow,
    Trend,
)
from crawler.report import score
from crawler.report.figures import is_compared, site_rows, tally
from crawler.report.words import beijing

FINDINGS_SCHEMA = "findings-1"
FACTS_SCHEMA = "facts-1"

# json.dumps leaves DEL, C1, line separators and direction marks raw: a terminal or a line reader would act on them.
_RAW = re.compile("[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # cannot be written as UTF-8

Json = dict[str, Any]


def schema(name: Literal["findings-1", "facts-1"]) -> Json:
    text = files("crawler.report").joinpath("schemas", f"{name}.json").read_text("utf-8")
    document: Json = json.loads(text)
    return document


def dumps(document: Json) -> str:
    """Equal documents give equal bytes."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return _RAW.sub(lambda m: f"\\u{ord(m[0]):04x}", _LONE_SURROGATE.sub("\ufffd", text))


def document(report: Report) -> Json:
    """The document of `--json`: `{run, as_of, sites, results, findings, coverage}` and what was closed."""
    return {
        "schema": FINDINGS_SCHEMA,
        "run": _run(report.run),
        "as_of": _time(report.run.as_of),
        "sites": [_site(s) for s in site_rows(report)],
        "results": [_result(r) for r in sorted(report.results, key=lambda r: (r.site, r.rule))],
        "findings": _findings(report.findings),
        "closed": _findings(report.closed),
        "coverage": [_coverage(c) for c in report.coverage],
        "notes": list(report.notes),
        "scores": [score.document(one) for one in report.scores],
        "changes": _changes(report),
        "decisions": [_desk(row) for row in report.desk],
        "precision": [_precision(row) for row in report.precision],
        "trend": [_trend(row) for row in report.trend],
    }


def facts_document(facts: PageFacts, links: Sequence[Link] = ()) -> Json:
    """What the parser saw in one page: the document of `govcheck facts`."""
    return {
        "schema": FACTS_SCHEMA,
        "url": facts.url,
        "encoding": {"declared": facts.declared, "used": facts.used},
        "title": facts.title,
        "heading": facts.heading,
        "kind": facts.kind,
        "metas": [{"name": name, "content": content} for name, content in facts.metas],
        "footer": {item: [_mark(m) for m in getattr(facts.footer, item)] for item in FOOTER_ITEMS},
        "footer_template": facts.footer.template,
        "footer_unread": list(facts.footer.unread),
        "search_boxes": [{"scope": b.scope, "kind": b.kind, "place": _spot(b.place)} for b in facts.search_boxes],
        "published": _dated(facts.published) if facts.published else None,
        "dates": [_dated(d) for d in facts.dates],
        "entries": [_entry(e) for e in facts.listing.entries],
        "list_source": facts.listing.reader,
        "list": _listing(facts.listing),
        "attachments": [_attachment(a) for a in facts.attachments],
        "links": [_link(link) for link in links],
        "odd_links": [_link(link) for link in facts.odd_links],
        "hidden_links": [_link(link) for link in facts.hidden_links],
        "scripts": list(facts.scripts),
        "iframes": list(facts.iframes),
        "document_number": facts.document_number,
        "source": facts.source,
        "labels": [{"name": name, "value": value} for name, value in facts.labels],
        "text_length": facts.text_length,
        "main_text": facts.main_text,
        "soft_error": facts.soft_error,
        "redirect": facts.redirect,
        "protection": facts.protection,
        "shell": facts.shell,
        "links_dropped": facts.links_dropped,
    }


def _time(moment: datetime | None) -> str | None:
    return beijing(moment).isoformat() if moment else None


def _run(run: RunInfo) -> Json:
    return {
        "id": run.id,
        "number": run.number,
        "kind": run.kind,
        "started": _time(run.started),
        "sealed": _time(run.sealed),
        "void": run.void,
        "void_reason": run.void_reason,
        "program": run.program,
        "facts_version": run.facts_version,
        "rules_digest": run.rules_digest,
        "config_digest": run.config_digest,
        "edition": run.edition,
        "authorisations": list(run.authorisations),
        "requests": run.requests,
        "seconds": run.seconds,
    }


def _site(site: SiteRow) -> Json:
    return {
        "id": site.id,
        "name": site.name,
        "code": site.code,
        "level": site.level,
        "home": site.home,
        "confirmed": site.confirmed,
        "owner": site.owner,
    }


def _result(row: ResultRow) -> Json:
    return {
        "rule": row.rule,
        "site": row.site,
        "verdict": row.verdict.value,
        "reason": row.reason,
        "examined": row.examined,
        "fresh": row.fresh,
        "carried": row.carried,
        "unknown": row.unknown,
        "oldest": _time(row.oldest),
        "counts": {"confirmed": row.confirmed, "suspected": row.suspected, "proposed": row.proposed},
    }


def _findings(rows: Iterable[FindingRow]) -> list[Json]:
    return [_finding(f) for f in sorted(rows, key=lambda f: (f.site, f.rule, f.fingerprint))]


def _finding(row: FindingRow) -> Json:
    return {
        "fingerprint": row.fingerprint,
        "issue": row.issue,
        "rule": row.rule,
        "rule_version": row.rule_version,
        "site": row.site,
        "severity": row.severity.value,
        "certainty": row.certainty.value,
        "title": row.title,
        "message": row.message,
        "fix": row.fix,
        "clause": row.clause,
        "place": _place(row.place),
        "target": row.target,
        "parents": [_parent(p) for p in row.parents],
        "parent_count": max(row.parent_count, len(row.parents)),
        # Of a single target: how many pages link to it (BEHAVIOURS 47).
        "count": row.count if row.count > 1 else max(1, row.parent_count),
        "points": row.points,
        "attempts": [_attempt(a) for a in row.attempts],
        "evidence": [{"label": label, "value": value} for label, value in row.evidence.items()],
        "also": list(row.also),
        "rollup": row.rollup,
        "exempt": row.exempt,
        "state": row.state,
        "change": row.change,
        "first_seen": _time(row.first_seen),
        "last_seen": _time(row.last_seen),
    }


finding_document, run_document = _finding, _run  # for what speaks of one finding alone


def _changes(report: Report) -> Json | None:
    """What moved since the audit before; null where there is none to compare with."""
    return tally(report) if is_compared(report) else None


def _desk(row: DeskRow) -> Json:
    return {
        "issue": row.issue,
        "work": row.work,
        "since": _time(row.since),
        "by": row.by,
        "reason": row.reason,
        "deadline": _time(row.deadline),
        "until": _time(row.until),
        "overdue": row.overdue,
        "decisions": [
            {
                "at": _time(d.at),
                "who": d.who,
                "action": d.action,
                "reason": d.reason,
                "basis": d.basis,
                "until": _time(d.until),
                "deadline": _time(d.deadline),
                "reach": d.reach,
                "value": d.value,
                "notice": d.notice,
            }
            for d in row.decisions
        ],
    }


def _precision(row: Precision) -> Json:
    return {
        "rule": row.rule,
        "confirmed": row.confirmed,
        "dismissed": row.dismissed,
        "share": round(row.confirmed / row.judged, 4) if row.judged >= ENOUGH else None,
    }


def _trend(row: Trend) -> Json:
    return {
        "number": row.number,
        "as_of": _time(row.as_of),
        "edition": row.edition,
        "rules_digest": row.rules_digest,
        "confirmed": row.confirmed,
        "suspected": row.suspected,
        "proposed": row.proposed,
    }


def _place(place: Place) -> Json:
    return {"url": place.url, "css": place.css, "quote": place.quote}


def _parent(parent: Parent) -> Json:
    return {"url": parent.url, "text": parent.text, "css": parent.css}


def _attempt(attempt: Attempt) -> Json:
    return {
        "at": _time(attempt.at),
        "url": attempt.url,
        "status": attempt.status,
        "outcome": attempt.outcome.value,
        "elapsed_ms": round(attempt.elapsed.total_seconds() * 1000),
        "note": attempt.note,
    }


def _coverage(row: Coverage) -> Json:
    return {
        "site": row.site,
        "judged": row.judged,
        "reason": row.reason,
        "home": row.home,
        "pages": {
            "known": row.pages_known,
            "fresh": row.pages_fresh,
            "carried": row.pages_carried,
            "expired": row.pages_expired,
            "unknown": row.pages_unknown,
        },
        "targets": {"known": row.targets_known, "decided": row.targets_decided, "unknown": row.targets_unknown},
        "requests": row.requests,
        "received": row.received,
        "oldest": _time(row.oldest),
        "columns": [
            {
                "id": c.id,
                "name": c.name,
                "kind": c.kind,
                "url": c.url,
                "end": c.end,
                "complete": c.complete,
                "reader": c.reader,
                "entries": c.entries,
                "at": _time(c.at),
                "note": c.note,
            }
            for c in row.columns
        ],
        "notes": list(row.notes),
    }


def _spot(spot: Spot) -> Json:
    return {"css": spot.css, "quote": spot.quote}


def _mark(mark: Mark) -> Json:
    return {"value": mark.value, "place": _spot(mark.place), "via": mark.via, "visible": mark.visible}


def _dated(dated: Dated) -> Json:
    return {"value": _time(dated.value), "source": dated.source, "precision": dated.precision}


def _entry(entry: Entry) -> Json:
    return {"title": entry.title, "url": entry.url, "date": _time(entry.date), "href": entry.href}


def _listing(listing: Listing) -> Json:
    return {
        "reader": listing.reader,
        "next_urls": list(listing.next_urls),
        "next_reader": listing.next_reader,
        "total": listing.total,
        "units": [{"reader": u.reader, "url": u.url, "pages": list(u.pages), "total": u.total} for u in listing.units],
        "note": listing.note,
        "empty_text": listing.empty_text,
    }


def _attachment(attachment: Attachment) -> Json:
    return {
        "url": attachment.url,
        "href": attachment.href,
        "text": attachment.text,
        "suffix": attachment.suffix,
    }


def _link(link: Link) -> Json:
    return {
        "url": link.url,
        "href": link.href,
        "text": link.text,
        "kind": link.kind,
        "origin": link.origin,
        "fault": link.fault,
    }
