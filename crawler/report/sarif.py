"""SARIF 2.1.0: one run of issues with their life and people's decisions, one of what was judged and what was not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from crawler.core.desk import ACTIONS, WORK
from crawler.core.model import Certainty, Severity, Verdict
from crawler.core.report import Change, DecisionRow, DeskRow, FindingRow, Report, RuleRow, SiteRow
from crawler.report.figures import is_compared, site_figures, site_rows
from crawler.report.judged import Judged, judged
from crawler.report.words import CERTAINTIES, CHANGES, STATES, VERDICTS, beijing, day, plain, web_url

Json = dict[str, Any]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
PARENTS = 20  # related locations of one result; `parentCount` is exact
ATTEMPTS = 10

# SARIF 3.27.10: a level other than "none" belongs to the kind "fail" alone.
_LEVELS = MappingProxyType(
    {Severity.VETO: "error", Severity.POINTS: "error", Severity.LOCAL: "warning", Severity.HINT: "note"}
)
_KINDS = MappingProxyType({Certainty.CONFIRMED: "fail", Certainty.SUSPECTED: "open", Certainty.PROPOSED: "review"})
# Against the night before: what came back was absent from it, and what was fixed is absent now.
_BASELINE: Mapping[Change, str] = MappingProxyType(
    {
        "new": "new",
        "new_rule": "new",
        "recurred": "new",
        "known": "unchanged",
        "not_rechecked": "unchanged",
        "sampled": "updated",
        "fixed": "absent",
        "withdrawn": "absent",
    }
)
# A failed rule is not among them: its findings are the results of the other run.
_VERDICT_KINDS = MappingProxyType(
    {
        Verdict.PASSED: "pass",
        Verdict.NOT_APPLICABLE: "notApplicable",
        Verdict.NOT_CONFIGURED: "open",
        Verdict.UNVERIFIED: "open",
        Verdict.CRASHED: "open",
        Verdict.EXEMPT: "informational",
    }
)
_UNRESERVED = "%/:?#[]@!$&'()*+,;=~-._"
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_WORD = re.compile("[^0-9A-Za-z]+")


def document(report: Report) -> Json:
    """Equal reports give equal documents. Nothing in it names a path of this machine."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_issues(report), _verdicts(report)]}


# ── The two runs ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _issues(report: Report) -> Json:
    index = _Index(report)
    sites = {site.id: site for site in site_rows(report)}
    desk = {row.issue: row for row in report.desk}
    compared = is_compared(report)
    rows = sorted((*report.findings, *report.closed), key=lambda f: (f.site, f.rule, f.fingerprint))
    results = [
        _result(row, index, sites.get(row.site), desk.get(row.issue) if row.issue is not None else None, compared)
        for row in rows
    ]
    return _run(report, "issues", index.rules(), results, _notifications(report))


def _verdicts(report: Report) -> Json:
    index = _Index(report)
    results = [_verdict(row, index) for row in judged(report) if row.verdict in _VERDICT_KINDS]
    return _run(report, "verdicts", index.rules(), results, [])


def _run(report: Report, what: str, rules: list[Json], results: list[Json], notifications: list[Json]) -> Json:
    run = report.run
    invocation: Json = {
        "executionSuccessful": not run.void and all(r.verdict is not Verdict.CRASHED for r in report.results),
        "startTimeUtc": _utc(run.started),
        "endTimeUtc": _utc(run.sealed or run.as_of),
    }
    if notifications:
        invocation["toolExecutionNotifications"] = notifications
    return {
        "tool": {
            "driver": {
                "name": "govcheck",
                "semanticVersion": run.program or "0",
                "language": "zh-CN",
                "rules": rules,
                "properties": {
                    "edition": run.edition,
                    "rulesDigest": run.rules_digest,
                    "configDigest": run.config_digest,
                },
            }
        },
        "automationDetails": {
            "id": f"govcheck/{what}/{run.kind}/{run.number}",
            "description": {"text": f"第 {run.number} 次检查，截至 {beijing(run.as_of):%Y-%m-%d %H:%M}（北京时间）"},
        },
        "invocations": [invocation],
        "language": "zh-CN",
        "columnKind": "unicodeCodePoints",
        "results": results,
    }


def _notifications(report: Report) -> list[Json]:
    """What could not be looked at, so that no reader takes an empty list for a clean site."""
    said: list[tuple[str, str]] = []
    if report.run.void:
        said.append(("error", f"本次检查作废：{report.run.void_reason or '未说明原因'}"))
    said += [
        ("warning", f"{figures.site.name}没有检查：{figures.reason}")
        for figures in site_figures(report)
        if figures.standing in {"待确认", "作废", "未检查"}
    ]
    said += [
        ("error", f"规则 {row.rule} 在 {row.site} 上出错：{row.reason}")
        for row in sorted(report.results, key=lambda r: (r.site, r.rule))
        if row.verdict is Verdict.CRASHED
    ]
    return [{"level": level, "message": {"text": plain(text, 1000)}} for level, text in said]


# ── Rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Index:
    """The rules of one run and their places in it; a finding may name a rule that has no words."""

    def __init__(self, report: Report) -> None:
        self._known: dict[str, RuleRow | None] = {rule.code: rule for rule in report.rules}
        named = [row.rule for row in (*report.findings, *report.closed)] + [row.rule for row in report.results]
        for code in named:
            self._known.setdefault(code, None)
        self._places = {code: place for place, code in enumerate(self._known)}

    def place(self, code: str) -> int:
        return self._places[code]

    def rules(self) -> list[Json]:
        return [_rule(code, rule) for code, rule in self._known.items()]


def _rule(code: str, rule: RuleRow | None) -> Json:
    if rule is None:
        return {"id": plain(code, 80) or "?"}
    parts = [(head, text) for head, text in _parts(rule) if text]
    descriptor: Json = {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in _WORD.split(rule.name)) or rule.code,
        "shortDescription": {"text": plain(rule.title, 200) or rule.code},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"severity": rule.severity.value, "scope": rule.scope, "tags": [rule.family or "rules"]},
    }
    if parts:
        descriptor["fullDescription"] = {"text": plain(rule.why or rule.look or rule.fix or rule.clause, 2000)}
        descriptor["help"] = {
            "text": "\n".join(f"{head}：{plain(text, 2000)}" for head, text in parts),
            "markdown": "\n\n".join(f"**{head}**：{_markdown(text)}" for head, text in parts),
        }
    return descriptor


def _parts(rule: RuleRow) -> Iterable[tuple[str, str]]:
    return ("为什么", rule.why), ("看什么", rule.look), ("怎么改", rule.fix), ("依据", rule.clause)


def _markdown(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", plain(text, 2000))


# ── Results ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _result(row: FindingRow, index: _Index, site: SiteRow | None, desk: DeskRow | None, compared: bool) -> Json:
    kind = "informational" if row.rollup else _KINDS[row.certainty]
    result: Json = {
        "ruleId": plain(row.rule, 80) or "?",
        "ruleIndex": index.place(row.rule),
        "kind": kind,
        "level": _LEVELS[row.severity] if kind == "fail" else "none",
        "message": {"text": plain(row.message, 2000) or plain(row.title, 200) or "（没有描述）"},
        "fingerprints": {"govcheckIssue/v1": row.fingerprint},
        "partialFingerprints": {"govcheckIssue/v1": row.fingerprint},
        "occurrenceCount": max(1, row.count),
        # All results or none carry both (SARIF 3.27.23, 3.27.24): an empty list says "not suppressed".
        "suppressions": _suppressions(row, desk),
        "provenance": _provenance(row),
        "properties": _properties(row, site, desk),
    }
    if compared:
        result["baselineState"] = _BASELINE[row.change]
    if locations := _locations(row):
        result["locations"] = locations
    if related := _related(row):
        result["relatedLocations"] = related
    if row.attempts:
        last = row.attempts[-1]
        if uri := _uri(last.url):
            result["webRequest"] = {"target": uri, "method": "GET"}
        result["webResponse"] = {"statusCode": last.status} if last.status is not None else {"noResponseReceived": True}
    return {key: value for key, value in result.items() if value != {}}


def _suppressions(row: FindingRow, desk: DeskRow | None) -> list[Json]:
    """What takes a finding out of every total: a person's decision, or an outage notice or white list on file."""
    if desk is not None and desk.work in {"dismissed", "excepted"}:
        held = next((d for d in reversed(desk.decisions) if d.action in {"dismiss", "except"}), None)
        if held is not None:
            return [_decided(held)]
    if row.exempt or row.state == "exempt":
        return [_suppression(row.exempt or STATES["exempt"])]
    return []


def _decided(decision: DecisionRow) -> Json:
    said = f"{_action(decision.action)}：{decision.reason or '未写理由'}"
    if decision.basis:
        said += f"；依据：{decision.basis}"
    if decision.until:
        said += f"；到 {day(decision.until)} 为止"
    suppression = _suppression(f"{said}（{decision.who}，{day(decision.at)}）")
    return suppression | {
        "properties": {
            "decision": decision.action,
            "by": plain(decision.who, 200),
            "at": _utc(decision.at),
            "until": _utc(decision.until) if decision.until else None,
        }
    }


def _suppression(justification: str) -> Json:
    return {"kind": "external", "status": "accepted", "justification": plain(justification, 2000)}


def _action(action: str) -> str:
    return next((words for name, words in ACTIONS.items() if name == action), action)


def _provenance(row: FindingRow) -> Json:
    seen = {"firstDetectionTimeUtc": row.first_seen, "lastDetectionTimeUtc": row.last_seen}
    return {name: _utc(moment) for name, moment in seen.items() if moment}


def _properties(row: FindingRow, site: SiteRow | None, desk: DeskRow | None) -> Json:
    properties: Json = {
        "site": row.site,
        "siteName": plain(site.name, 200) if site else "",
        "issue": row.issue,
        "severity": row.severity.value,
        "certainty": CERTAINTIES[row.certainty],
        "state": STATES[row.state],
        "change": CHANGES[row.change],
        "fix": plain(row.fix, 2000),
        "clause": plain(row.clause, 2000),
        "target": _uri(row.target) or None,
        "parentCount": max(row.parent_count, len(row.parents)),
        "alsoRules": list(row.also),
    }
    if desk is not None:
        properties["work"] = next((words for name, words in WORK.items() if name == desk.work), desk.work)
        properties["deadline"] = _utc(desk.deadline) if desk.deadline else None
        properties["overdue"] = desk.overdue
    return properties


def _locations(row: FindingRow) -> list[Json]:
    """Where a person can look: a web address only, since a path of this machine leads nobody anywhere."""
    location: Json = {}
    if uri := _uri(row.place.url):
        location["physicalLocation"] = {"artifactLocation": {"uri": uri}}
    if css := plain(row.place.css, 1000):
        location["logicalLocations"] = [{"fullyQualifiedName": css, "kind": "element"}]
    if location and (said := plain(row.place.quote, 1000)):
        location["message"] = {"text": said}
    return [location] if location else []


def _related(row: FindingRow) -> list[Json]:
    pages: Sequence[tuple[str, str]] = [(p.url, p.text) for p in row.parents[:PARENTS]]
    if row.target and row.target != row.place.url:
        pages = [(row.target, "目标网址"), *pages]
    related: list[Json] = []
    for url, text in pages:
        if uri := _uri(url):
            location: Json = {"physicalLocation": {"artifactLocation": {"uri": uri}}}
            if said := plain(text, 200):
                location["message"] = {"text": said}
            related.append({"id": len(related) + 1} | location)
    return related


def _verdict(row: Judged, index: _Index) -> Json:
    examined = row.result.examined if row.result else 0
    unknown = row.result.unknown if row.result else 0
    said = f"{row.site.name}：{VERDICTS[row.verdict]}，检查对象 {examined} 个，未知 {unknown} 个"
    result: Json = {
        "ruleId": plain(row.rule, 80) or "?",
        "ruleIndex": index.place(row.rule),
        "kind": _VERDICT_KINDS[row.verdict],
        "level": "none",
        "message": {"text": plain(f"{said}；{row.why}" if row.why else said, 2000)},
        "properties": {
            "site": row.site.id,
            "verdict": row.verdict.value,
            "reason": row.why,
            "examined": examined,
            "unknown": unknown,
        },
    }
    if uri := _uri(row.site.home):
        result["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": uri}}}]
    return result


def _uri(url: str | None) -> str:
    """The address as RFC 3986 writes it, "" where it is none of the web."""
    web = web_url(url)
    return quote(_LONE_PERCENT.sub("%25", web.encode("utf-8", "replace").decode()), safe=_UNRESERVED) if web else ""


def _utc(moment: datetime) -> str:
    return beijing(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
