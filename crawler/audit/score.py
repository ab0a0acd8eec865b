"""What stored results and findings come to under the national table: pure, without a clock or a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from crawler.core.model import Certainty, Severity, Verdict
from crawler.core.report import FindingRow, Report, ResultRow, SiteRow
from crawler.core.score import (
    Counted,
    FooterList,
    FooterScore,
    LocalDuty,
    PointItem,
    PointScore,
    ScoreTable,
    SiteScore,
    VetoItem,
    VetoScore,
)

_DECIDED = {Verdict.PASSED, Verdict.FAILED, Verdict.EXEMPT, Verdict.NOT_APPLICABLE}
_CATCH_ALL = VetoItem("other-veto", "其他单项否决问题", ())
NO_RULE, NOT_RUN = "没有这条规则", "本次没有运行"

Results = Mapping[str, ResultRow]


def scores(report: Report, table: ScoreTable) -> tuple[SiteScore, ...]:
    """One per site of the report, in its order."""
    named = {rule.code: rule.title for rule in report.rules}
    return tuple(_site(report, site, table, named) for site in report.sites)


def _site(report: Report, site: SiteRow, table: ScoreTable, named: Mapping[str, str]) -> SiteScore:
    results = {row.rule: row for row in report.results if row.site == site.id}
    everything = [row for row in report.findings if row.site == site.id and not row.exempt]
    findings = [row for row in everything if not row.rollup]
    covered = next((row for row in report.coverage if row.site == site.id), None)
    judged = bool(results) and (covered is None or covered.judged)
    reason = "" if judged else (covered.reason if covered else "没有检查结果") or "没有检查结果"
    veto = tuple(_vetoes(findings, results, table, named)) if judged else ()
    points: tuple[PointScore, ...] = ()
    if judged and site.level == "portal":
        points = tuple(
            _points(group.name, item, findings, results, named) for group in table.groups for item in group.items
        )
    return SiteScore(
        site=site.id,
        level=site.level,
        edition=table.edition,
        thresholds=report.run.edition,
        judged=judged,
        reason=reason,
        veto=veto,
        points=points,
        local=tuple(_local(everything, results, report, named)) if judged else (),
        footers=tuple(_footer(one, findings, results) for one in table.footers) if judged else (),
        says=_says(veto) if judged else f"未能判断：{reason}",
    )


# ── veto ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _vetoes(
    findings: Sequence[FindingRow], results: Results, table: ScoreTable, known: Collection[str]
) -> Iterable[VetoScore]:
    listed = {code for item in table.veto for code in item.rules} | table.not_of_site
    for item in table.veto:
        yield _veto(item, [row for row in findings if _codes(row) & set(item.rules)], results, known)
    rest = [row for row in findings if row.severity is Severity.VETO and not _codes(row) & listed]
    if rest:
        yield _veto(_CATCH_ALL, rest, results, known)


def _veto(item: VetoItem, found: Sequence[FindingRow], results: Results, known: Collection[str]) -> VetoScore:
    """A finding of severity 单否 vetoes by itself; the others are counted against the threshold, if there is one."""
    final = [row for row in found if row.severity is Severity.VETO]
    each = [row for row in found if row.severity is not Severity.VETO]
    counted = _count(each if item.threshold > 1 else final)
    unjudged = _unjudged(item.rules, results, known)
    confirmed = any(row.certainty is Certainty.CONFIRMED for row in final) or counted.confirmed >= item.threshold
    total = counted.confirmed + counted.suspected + counted.proposed
    distance: int | None = 0
    if confirmed:
        state = "vetoed"
    else:
        state = "open" if final or total >= item.threshold else "unjudged" if unjudged else "clear"
        distance = item.threshold - counted.confirmed if item.threshold > 1 else None
    return VetoScore(
        id=item.id,
        name=item.name,
        state=state,  # type: ignore[arg-type]
        threshold=item.threshold,
        counted=counted,
        distance=distance,
        says=_veto_says(item, state, counted, distance, unjudged),
        findings=tuple(row.fingerprint for row in (found if item.threshold > 1 else final)),
        unjudged=unjudged,
    )


def _veto_says(item: VetoItem, state: str, counted: Counted, distance: int | None, unjudged: Sequence[str]) -> str:
    held = "、".join(_parts(counted))
    if state == "vetoed":
        says = f"已达到单项否决（{held or '规则认定'}）"
    elif distance is not None:
        says = f"再有 {distance} {item.unit}即单项否决（已确认 {counted.confirmed} {item.unit}"
        others = "、".join(part for part in _parts(counted) if not part.startswith("确认"))
        says += f"，另有{others}，若都确认则达到否决）" if state == "open" else f"，另有{others}）" if others else "）"
    elif state == "open":
        says = f"{held}，确认一处即单项否决"
    else:
        says = "没有发现" if state == "clear" else "没有发现，但未能全部判断"
    return says + (f"；未判断：{'；'.join(unjudged)}" if unjudged and state != "vetoed" else "")


def _says(veto: Sequence[VetoScore]) -> str:
    hit = [item.name for item in veto if item.state == "vetoed"]
    maybe = [item.name for item in veto if item.state == "open"]
    blind = [item.name for item in veto if item.unjudged]
    if hit:
        says = f"不合格：已触及单项否决（{'、'.join(hit)}）"
    elif maybe:
        says = f"尚未触及单项否决，待确认的问题若成立则否决（{'、'.join(maybe)}）"
    else:
        says = "已判断的项目没有触及单项否决" if blind else "没有触及单项否决"
    return says + (f"；{len(blind)} 项未能全部判断（{'、'.join(blind)}）" if blind else "")


# ── points ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _points(
    group: str, item: PointItem, findings: Sequence[FindingRow], results: Results, known: Collection[str]
) -> PointScore:
    found = [row for row in findings if _codes(row) & set(item.rules) and _concerns(item, row)]
    found = [row for row in found if row.severity is not Severity.VETO]
    sure = _lost(item, [row for row in found if row.certainty is Certainty.CONFIRMED])
    every = _lost(item, found)
    unjudged = _unjudged(item.rules, results, known)
    if item.needs:
        unjudged = (*unjudged, item.needs)
    # What is lost whole cannot be lost again, whatever was not looked at.
    judged = sure >= item.cap or (bool(item.rules) and not unjudged)
    return PointScore(
        item.id,
        group,
        item.name,
        item.cap,
        judged,
        sure,
        every,
        _count(found),
        tuple(row.fingerprint for row in found),
        () if judged else unjudged,
    )


def _lost(item: PointItem, rows: Sequence[FindingRow]) -> float:
    taken = [(row.rule, row.points if item.each is None else item.each) for row in rows if row.points or item.each]
    if item.once_per_rule:
        taken = list(dict(taken).items())
    return round(min(item.cap, sum(points for _, points in taken)), 2)


def _concerns(item: PointItem, row: FindingRow) -> bool:
    """Whether a finding speaks of this item: one rule may serve several."""
    said = row.message + "".join(row.evidence.values())
    codes = _codes(row) & set(item.rules)
    return any(item.named.get(code, "") in said for code in codes)


# ── the prefecture's own duties, the footer's lists ──────────────────────────────────────────────────────────────────


def _local(
    findings: Sequence[FindingRow], results: Results, report: Report, named: Mapping[str, str]
) -> Iterable[LocalDuty]:
    local = {rule.code for rule in report.rules if rule.severity is Severity.LOCAL}
    local |= {row.rule for row in findings if row.severity is Severity.LOCAL}
    for code in sorted(local & set(results)):
        rows = [row for row in findings if row.rule == code and row.severity is Severity.LOCAL]
        result = results[code]
        yield LocalDuty(code, named.get(code, code), result.verdict.value, result.reason, _count(rows))


def _footer(one: FooterList, findings: Sequence[FindingRow], results: Results) -> FooterScore:
    marks = []
    for mark in one.marks:
        counted = _count(row for row in findings if row.rule in mark.rules)
        known = [results[code].verdict for code in mark.rules if code in results]
        if counted.confirmed:
            state = "有缺失"
        elif counted.any or any(verdict is Verdict.UNVERIFIED for verdict in known):
            state = "待核实"
        else:
            state = "齐全" if len(known) == len(mark.rules) and all(v in _DECIDED for v in known) else "未检"
        marks.append((mark.name, state, counted))
    return FooterScore(one.name, one.basis, tuple(marks))


# ── counting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _codes(row: FindingRow) -> set[str]:
    """One cause that fits several rules is one finding under the gravest."""
    return {row.rule, *row.also}


def _count(rows: Iterable[FindingRow]) -> Counted:
    kinds = [row.certainty for row in rows]
    return Counted(*(kinds.count(kind) for kind in (Certainty.CONFIRMED, Certainty.SUSPECTED, Certainty.PROPOSED)))


def _parts(counted: Counted) -> list[str]:
    words = (("确认", counted.confirmed), ("疑似", counted.suspected), ("待人工确认", counted.proposed))
    return [f"{name} {number} 处" for name, number in words if number]


def _unjudged(codes: Iterable[str], results: Results, known: Collection[str]) -> tuple[str, ...]:
    """Rules that came to no verdict, with why."""
    found = []
    for code in codes:
        result = results.get(code)
        if result is None:
            found.append(f"{code} {NOT_RUN if code in known else NO_RULE}")
        elif result.verdict not in _DECIDED:
            found.append(f"{code} {result.reason}".strip())
    return tuple(found)
