"""Counts what one rule looked at on one site and gathers what it said; a rule that raises crashes here, alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from crawler.api import Rule, Said
from crawler.audit.merge import Gathered
from crawler.audit.select import Options
from crawler.core.identity import is_own, subject_id
from crawler.core.model import (
    Certainty,
    Finding,
    NotApplicable,
    NotConfigured,
    Outage,
    Scope,
    Site,
    Undecidable,
    Verdict,
)
from crawler.core.views import Known

SAID_CAP = 1_000  # a page of ten thousand odd links says no more than a thousand times what is wrong with it
IGNORED = "白名单 "  # how the excuse of an entry of `ignore:` begins
_OF_ONE_URL = frozenset({Scope.PAGE, Scope.TARGET, Scope.COLUMN})  # rules of a site or fleet judge no address
ALLOWED_UNKNOWN = 0.01  # share of pages or links that may stay unknown in a pass (DESIGN "Verdicts")


@dataclass(frozen=True, slots=True)
class Crash:
    """For the log: what people get to see is class and message."""

    rule: str
    site: str
    error: Exception


def _named(said: Iterator[Said], subject: object) -> Iterator[Said]:
    """What rests on a browser's view says so in its evidence."""
    if getattr(subject, "via", "static") != "rendered":
        return said
    return (replace(w, evidence={**w.evidence, "依据": RENDERED}) if isinstance(w, Finding) else w for w in said)


RENDERED = "浏览器渲染后的页面（via: rendered）"


@dataclass(slots=True)
class Tally:
    rule: Rule
    site: Site
    options: Options
    as_of: datetime | None = None  # of the Snapshot: whether an entry of `ignore:` still holds
    fresh: int = 0
    carried: int = 0
    undecidable: int = 0
    inapplicable: int = 0
    unseen: int = 0  # pages or links of the site that no night has decided yet
    oldest: datetime | None = None
    reasons: Counter[str] = field(default_factory=Counter)
    not_configured: str = ""
    crash: Exception | None = None
    found: dict[tuple[str, str], Gathered] = field(default_factory=dict)

    @property
    def examined(self) -> int:
        return self.fresh + self.carried

    def look(self, subject: object, known: Known | None, url: str) -> None:
        """Run the rule over one subject; `known` is what the subject's own URL is known by."""
        if self.crash is None:
            try:
                said = islice(self.rule.judge(subject, **self.options), SAID_CAP)
                self._hear(_named(said, subject), known, url)
            except Exception as error:  # noqa: BLE001 -- the boundary that keeps a broken rule from the others
                self.fail(error)

    def fail(self, error: Exception) -> None:
        """Half a judgement is none: what was found so far goes."""
        self.crash = error
        self.found.clear()

    def _hear(self, said: Iterator[Said], known: Known | None, url: str) -> None:
        judged = True
        counted: set[tuple[str, str]] = set()
        for word in said:
            match word:
                case Finding():
                    self.raise_(word, known, url, counted)
                    judged = True
                case Undecidable():
                    self.undecidable += 1
                    self.reasons[word.reason] += 1
                    judged = judged and bool(counted)
                case NotApplicable():
                    self.inapplicable += 1
                    self.reasons[word.reason] += 0
                    judged = judged and bool(counted)
                case NotConfigured():
                    self.not_configured = self.not_configured or word.reason
                    judged = False
                case _:
                    raise TypeError(f"规则给出了 {type(word).__name__}，应为 Finding 等结论")
        if judged:
            self.examine(known)

    def examine(self, known: Known | None) -> None:
        row = (known.seen or known.pending) if known else None
        self.examined_at(row.at if row else None, fresh=known is None or known.knowledge == "fresh")

    def examined_at(self, at: datetime | None, *, fresh: bool) -> None:
        if fresh:
            self.fresh += 1
        else:
            self.carried += 1
        if at is not None and (self.oldest is None or at < self.oldest):
            self.oldest = at

    def raise_(self, finding: Finding, known: Known | None, url: str, counted: set[tuple[str, str]]) -> None:
        """Gather one finding; one subject counts once per key, however often it says it."""
        subject = self.site.id if self._speaks_of_site(finding) else subject_id(self.site, url)
        name = (subject, finding.key)
        if name in counted:
            return
        counted.add(name)
        gathered = self.found.get(name)
        if gathered is None:
            gathered = self.found[name] = Gathered.start(self.rule, subject, finding)
        excuse, lapsed = self._ignored(finding, url)
        if lapsed:
            finding = replace(finding, evidence={**finding.evidence, "白名单": lapsed})
        gathered.add(finding, url, excuse or self._excuse(finding, known, url))

    def _speaks_of_site(self, finding: Finding) -> bool:
        return finding.per == "site" or self.rule.scope in {Scope.SITE, Scope.FLEET}

    def _excuse(self, finding: Finding, known: Known | None, url: str) -> str:
        """The notice that covers the deciding fetch. Somebody else's host is not excused by our outage."""
        if finding.exempt:
            return finding.exempt
        if not self.rule.excusable or known is None or not is_own(self.site, url):
            return ""
        row = known.pending if finding.certainty is Certainty.SUSPECTED and known.pending else known.seen
        row = row or known.pending
        return next((o.number for o in self.site.outages if row and _covers(o, row.at)), "")

    def _ignored(self, finding: Finding, url: str) -> tuple[str, str]:
        """Why this address is let be, or that the entry that let it be has expired (BEHAVIOURS 54)."""
        if not self.site.ignore or self.as_of is None or self.rule.scope not in _OF_ONE_URL:
            return "", ""
        judged = finding.target or url
        entries = [entry for entry in self.site.ignore if entry.covers(judged)]
        for entry in entries:
            if not entry.expired(self.as_of):
                return f"{IGNORED}{entry.written}（{entry.reason}，至 {entry.until}）", ""
        return "", "".join(f"{entry.written} 已于 {entry.until} 到期（{entry.reason}）" for entry in entries[:1])

    def count(self, certainty: Certainty) -> int:
        return sum(g.certainty is certainty and not g.exempt for g in self.found.values())

    def verdict(self) -> tuple[Verdict, str]:  # noqa: PLR0911 -- one return per rung of the ladder
        """The first of DESIGN's ladder that holds, with its reason."""
        if self.crash is not None:
            return Verdict.CRASHED, f"规则运行出错：{type(self.crash).__name__}: {self.crash}"[:300]
        if self.not_configured:
            return Verdict.NOT_CONFIGURED, self.not_configured
        if not self.found and not self.examined and not self.undecidable and self.inapplicable and not self._blind():
            return Verdict.NOT_APPLICABLE, _most(self.reasons)
        if self.count(Certainty.CONFIRMED):
            return Verdict.FAILED, ""
        if self.found and all(g.exempt for g in self.found.values()):
            return Verdict.EXEMPT, "均在报备时段或白名单内：" + "、".join(
                sorted({g.exempt for g in self.found.values()})
            )
        if doubt := self._doubt():
            return Verdict.UNVERIFIED, doubt
        return Verdict.PASSED, ""

    def _blind(self) -> bool:
        total = self.examined + self.undecidable + self.inapplicable + self.unseen
        return self.unseen > ALLOWED_UNKNOWN * total

    def _doubt(self) -> str:
        doubts = []
        if suspected := self.count(Certainty.SUSPECTED):
            doubts.append(f"{suspected} 处疑似问题待第二轮复查")
        if proposed := self.count(Certainty.PROPOSED):
            doubts.append(f"{proposed} 处待人工确认")
        allowed = ALLOWED_UNKNOWN if self.rule.scope in {Scope.PAGE, Scope.TARGET} else 0.0
        if self.undecidable > allowed * (self.examined + self.undecidable):
            doubts.append(f"{self.undecidable} 个对象无法判断（{_most(self.reasons)}）")
        if self._blind():
            doubts.append(f"{self.unseen} 个{_NAMES[self.rule.scope]}尚未检查或已过期")
        if not self.examined and not doubts:
            doubts.append("没有可供检查的对象")
        return "；".join(doubts)


_NAMES = {Scope.PAGE: "页面", Scope.TARGET: "链接目标", Scope.COLUMN: "栏目", Scope.SITE: "对象", Scope.FLEET: "对象"}


def _covers(outage: Outage, at: datetime) -> bool:
    return outage.start <= at <= outage.end


def _most(reasons: Counter[str]) -> str:
    """The reasons, most frequent first; three are named."""
    named = [(reason, n) for reason, n in reasons.items() if reason]
    named.sort(key=lambda item: (-item[1], item[0]))
    words = [f"{reason} {n} 个" if n > 1 else reason for reason, n in named[:3]]
    return "、".join(words) + (f"等 {len(named)} 种原因" if len(named) > 3 else "")


def is_expired(known: Known) -> bool:
    """In no denominator: the site counts it as unknown (DESIGN "Nights")."""
    return known.knowledge == "expired" and known.pending is None


def is_undecided(known: Known) -> bool:
    """Whether the site's own count of unknown URLs holds this one, which was handed out all the same."""
    return known.knowledge in {"expired", "unknown"}
