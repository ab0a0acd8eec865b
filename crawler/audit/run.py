"""Judges a Snapshot: every subject goes once through the rules that may see it, and comes out as rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from crawler.api import Rule
from crawler.audit.discover import BrokenRule
from crawler.audit.merge import Gathered, collapse, merge
from crawler.audit.select import Configured, Selection, select
from crawler.audit.tally import Crash, Tally, is_expired, is_undecided
from crawler.audit.words import Words, clause_text, rule_version, words_of
from crawler.core.identity import fingerprint
from crawler.core.model import (
    Certainty,
    Clause,
    Column,
    Examined,
    Finding,
    NotApplicable,
    NotConfigured,
    Scope,
    Undecidable,
    Verdict,
)
from crawler.core.report import FindingRow, ResultRow
from crawler.core.views import FleetView, Known, SiteView


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Why a site is not judged in this audit: 待确认 (not_configured), 本轮作废 (unverified)."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Raised:
    row: FindingRow
    cited: tuple[str, ...]  # URLs this rests on


@dataclass(frozen=True, slots=True)
class Judgement:
    results: tuple[ResultRow, ...]  # by site, then rule
    findings: tuple[Raised, ...]  # by site, rule, fingerprint
    crashes: tuple[Crash, ...] = ()  # with the exceptions, for the log


def judge(
    fleet: FleetView,
    unjudged: Mapping[str, Unjudged],
    rules: Iterable[Rule],
    broken: Sequence[BrokenRule],
    config: Configured,
    *,
    only: Collection[str] | None = None,
    scopes: Collection[Scope] | None = None,
) -> Judgement:
    """Raises ConfigError for options, codes and clauses that do not fit; never for what a rule does.

    `scopes` limits what is judged (a draft page says nothing of its site); the other rules are listed as not judged.
    """
    selection = select(rules, config, only=only, broken=[b.code for b in broken])
    running = tuple(rule for rule in selection.rules if scopes is None or rule.scope in scopes)
    sites = sorted((s for s in fleet.sites if s.id not in unjudged), key=lambda s: s.id)
    benches = {site.id: _Bench(site, running, selection) for site in sites}
    for bench in benches.values():
        bench.judge()
    _judge_fleet(FleetView(tuple(sites), fleet.sources, fleet.as_of), running, selection, benches)

    results: list[ResultRow] = []
    findings: list[Raised] = []
    crashes: list[Crash] = []
    printer = _Printer(config.clauses)
    for bench in benches.values():
        shown = [tally for tally in bench.tallies if tally.rule.code in selection.shown]
        results += [_result(tally) for tally in shown]
        crashes += [Crash(t.rule.code, t.site.id, t.crash) for t in shown if t.crash is not None]
        gathered = merge(g for tally in shown for g in tally.found.values())
        findings += [printer.row(g, bench.site.id) for g in collapse(gathered, bench.site.id)]
    skipped = [rule for rule in selection.rules if rule not in running and rule.code in selection.shown]
    wanted = [b for b in broken if only is None or b.code in only]
    every_site = sorted({site.id for site in fleet.sites} | set(unjudged))
    results += [
        ResultRow(b.code, site, Verdict.CRASHED, f"{b.error}（{b.file}）") for b in wanted for site in every_site
    ]
    results += [ResultRow(rule.code, site.id, Verdict.UNVERIFIED, _OUT_OF_SCOPE) for rule in skipped for site in sites]
    results += [
        ResultRow(code, site_id, why.verdict, why.reason)
        for site_id, why in unjudged.items()
        for code in selection.shown
    ]
    return Judgement(
        tuple(sorted(results, key=lambda r: (r.site, r.rule, r.reason))),
        tuple(sorted(findings, key=lambda f: (f.row.site, f.row.rule, f.row.fingerprint))),
        tuple(crashes),
    )


_OUT_OF_SCOPE = "本次检查的范围不足以判断此项"


class _Bench:
    """One site and the tallies of all rules that judge it."""

    def __init__(self, site: SiteView, rules: Iterable[Rule], selection: Selection) -> None:
        self.site = site
        self.tallies = [Tally(rule, site.site, selection.options(rule, site.id), site.as_of) for rule in rules]

    def of(self, scope: Scope) -> list[Tally]:
        return [tally for tally in self.tallies if tally.rule.scope is scope and not tally.not_configured]

    def judge(self) -> None:
        self._require()
        self._judge_pages()
        self._judge_targets()
        self._judge_columns()
        plain = [tally for tally in self.of(Scope.SITE) if not tally.rule.rollup]
        home = self.site.home.known if self.site.home else None
        for tally in plain:
            tally.look(self.site, home, self.site.site.home)
        self._roll_up([tally for tally in self.of(Scope.SITE) if tally.rule.rollup], home)

    def _require(self) -> None:
        kinds = {column.kind for column in self.site.site.columns}
        for tally in self.tallies:
            if missing := [name for name in tally.rule.inputs if name not in self.site.inputs]:
                tally.not_configured = f"缺少输入资料：config/inputs/ 中没有{'、'.join(missing)}"
                continue
            wanted = tally.rule.kinds
            if wanted and not kinds.intersection(wanted):
                tally.not_configured = f"未登记{'、'.join(wanted)}栏目"
            elif not kinds and tally.rule.scope is Scope.COLUMN:
                tally.not_configured = "未登记任何栏目"

    def _judge_pages(self) -> None:
        tallies = self.of(Scope.PAGE)
        if not tallies:
            return
        looks = [(tally.look, frozenset(tally.rule.kinds), tally) for tally in tallies]
        undecided = 0
        for page in self.site.pages():
            if is_expired(page.known):
                continue
            undecided += is_undecided(page.known)
            kinds = {column.kind for column in page.listed_in}
            for look, wanted, tally in looks:
                if wanted and not (wanted & kinds):
                    tally.inapplicable += 1
                else:
                    look(page, page.known, page.url)
        _miss(tallies, max(0, self.site.pages_unknown - undecided))

    def _judge_targets(self) -> None:
        tallies = self.of(Scope.TARGET)
        if not tallies:
            return
        expired = handed = 0
        for target in self.site.targets():
            # Pages of the site itself are among pages_unknown.
            handed += is_undecided(target.known) and not (target.internal and target.kind == "page")
            if is_expired(target.known):
                expired += 1
                continue
            for tally in tallies:
                tally.look(target, target.known, target.url)
        _miss(tallies, expired + max(0, self.site.targets_unknown - handed))

    def _judge_columns(self) -> None:
        for tally in self.of(Scope.COLUMN):
            for column in self.site.columns:
                if _concerns(tally.rule, column.column):
                    tally.look(column, column.known, column.url)

    def _roll_up(self, tallies: Sequence[Tally], home: Known | None) -> None:
        if not tallies:
            return
        by_code = {tally.rule.code: tally for tally in self.tallies}
        for tally in tallies:
            cited = [by_code[code] for code in tally.rule.rollup if code in by_code]
            view = replace(
                self.site,
                findings=tuple(
                    (t.rule.code, gathered.as_finding()) for t in cited for _, gathered in sorted(t.found.items())
                ),
                examined={t.rule.code: (t.examined, t.undecidable + t.unseen) for t in cited},
            )
            tally.look(view, home, self.site.site.home)


def _concerns(rule: Rule, column: Column) -> bool:
    return not rule.kinds or column.kind in rule.kinds


def _miss(tallies: Iterable[Tally], unseen: int) -> None:
    """What the Snapshot counts as unknown and did not hand out."""
    for tally in tallies:
        tally.unseen = unseen


def _judge_fleet(fleet: FleetView, rules: Iterable[Rule], selection: Selection, benches: Mapping[str, _Bench]) -> None:
    for rule in rules:
        if rule.scope is not Scope.FLEET:
            continue
        tallies = {
            site_id: tally for site_id, bench in benches.items() for tally in bench.tallies if tally.rule is rule
        }
        try:
            for word in rule.judge(fleet, **selection.options(rule)):
                _hear_fleet(word, tallies)
        except Exception as error:  # noqa: BLE001 -- the boundary that keeps a broken rule from the others
            for tally in tallies.values():
                tally.fail(error)


def _hear_fleet(word: object, tallies: Mapping[str, Tally]) -> None:
    if not isinstance(word, Finding | Undecidable | NotApplicable | NotConfigured | Examined):
        raise TypeError(f"规则给出了 {type(word).__name__}，应为 Finding 等结论")
    if word.site is None and not isinstance(word, Finding):
        concerned = list(tallies.values())
    elif word.site is not None and word.site in tallies:
        concerned = [tallies[word.site]]
    else:
        raise ValueError(f"规则提到了没有参加检查的网站 {word.site}")
    for tally in concerned:
        match word:
            case Finding():
                tally.raise_(word, None, word.target or word.at.url, set())
                tally.examined_at(None, fresh=True)
            case Undecidable():
                tally.undecidable += 1
                tally.reasons[word.reason] += 1
            case NotApplicable():
                tally.inapplicable += 1
                tally.reasons[word.reason] += 0
            case NotConfigured():
                tally.not_configured = tally.not_configured or word.reason
            case Examined():
                tally.examined_at(word.at, fresh=word.fresh)
            case _:
                assert_never(word)


def _result(tally: Tally) -> ResultRow:
    verdict, reason = tally.verdict()
    crashed = tally.crash is not None
    return ResultRow(
        rule=tally.rule.code,
        site=tally.site.id,
        verdict=verdict,
        reason=reason,
        examined=0 if crashed else tally.examined,
        fresh=0 if crashed else tally.fresh,
        carried=0 if crashed else tally.carried,
        unknown=0 if crashed else tally.undecidable + tally.unseen,
        oldest=None if crashed else tally.oldest,
        confirmed=tally.count(Certainty.CONFIRMED),
        suspected=tally.count(Certainty.SUSPECTED),
        proposed=tally.count(Certainty.PROPOSED),
    )


class _Printer:
    """Turns what was gathered into rows, with the rule's own words."""

    def __init__(self, clauses: Mapping[tuple[str, str], Clause]) -> None:
        self._clauses = clauses
        self._words: dict[str, tuple[Words, str, str]] = {}

    def row(self, found: Gathered, site_id: str) -> Raised:
        rule = found.rule
        if rule.code not in self._words:
            self._words[rule.code] = (words_of(rule), clause_text(rule, self._clauses), rule_version(rule))
        words, clause, version = self._words[rule.code]
        finding = found.best
        on_pages = finding.per == "site" and rule.scope is Scope.PAGE
        row = FindingRow(
            fingerprint=fingerprint(found.identity, found.subject, found.key),
            rule=rule.code,
            site=site_id,
            severity=found.severity,
            certainty=found.certainty,
            title=words.title,
            message=f"{finding.message}，共 {found.count} 个页面" if on_pages and found.count > 1 else finding.message,
            fix=finding.fix or words.fix,
            clause=clause,
            place=finding.at,
            target=finding.target,
            parents=tuple(found.parents),
            parent_count=max(found.parent_count, len(found.parents), found.count if on_pages else 0),
            count=found.count,
            attempts=finding.attempts,
            evidence=found.labelled(),
            also=tuple(sorted(found.also)),
            rollup=bool(rule.rollup),
            points=0.0 if rule.rollup else found.points,
            exempt=found.exempt,
            state="exempt" if found.exempt else "open",
            rule_version=version,
        )
        return Raised(row, tuple(sorted(found.cited)))
