"""How a report names the run, the sites and the rules it speaks of."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from crawler import __version__
from crawler.api import Rule
from crawler.audit.words import rule_version
from crawler.config import Config
from crawler.core.clock import beijing
from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.model import Site
from crawler.core.report import RunInfo, SiteRow

if TYPE_CHECKING:  # a check of one file loads no database
    from crawler.store.runs import Run


def run_info(config: Config, run: Run, rules: Iterable[Rule]) -> RunInfo:
    kind = run.kind if run.kind in {"nightly", "crawl", "check", "demo"} else "crawl"
    return RunInfo(
        id=run.id,
        number=run.number,
        started=beijing(run.started),
        sealed=beijing(run.sealed) if run.sealed else None,
        as_of=beijing(run.as_of),
        kind=kind,  # type: ignore[arg-type]
        void=run.void,
        void_reason=run.void_reason,
        program=__version__,
        facts_version=FACTS_VERSION,
        rules_digest=rules_digest(rules),
        config_digest=config.digest,
        edition=config.rules.edition,
        authorisations=tuple(f"{name}：{why}" for name, why in run.asked.get("authorisations", {}).items()),
        requests=run.requests,
        seconds=run.seconds,
    )


def check_info(config: Config, rules: Iterable[Rule], now: float) -> RunInfo:
    """Of a check that is no run: number 0, and nowhere stored."""
    return RunInfo(
        id="",
        number=0,
        started=beijing(now),
        sealed=beijing(now),
        as_of=beijing(now),
        kind="check",
        program=__version__,
        facts_version=FACTS_VERSION,
        rules_digest=rules_digest(rules),
        config_digest=config.digest,
        edition=config.rules.edition,
    )


def rules_digest(rules: Iterable[Rule]) -> str:
    versions = sorted(f"{rule.code}:{rule_version(rule)}" for rule in rules)
    return hashlib.sha256("\n".join(versions).encode()).hexdigest()


def site_rows(sites: Iterable[Site]) -> tuple[SiteRow, ...]:
    return tuple(SiteRow(s.id, s.name, s.code, s.level, s.home, s.confirmed, s.owner or "") for s in sites)


def kin(rules: Iterable[Rule]) -> dict[str, frozenset[str]]:
    """Rules of one identity: the issue of one may be raised by the other."""
    families: dict[str, set[str]] = {}
    for rule in rules:
        if rule.identity:
            families.setdefault(rule.identity, set()).add(rule.code)
    return {code: frozenset(codes) for codes in families.values() for code in codes}


def user_agent() -> str:
    """Honest, with a contact that an operator sets once for the machine (BEHAVIOURS 87)."""
    contact = os.environ.get("GOVCHECK_CONTACT", "contact: the office that runs this check")
    return f"govcheck/{__version__} (government website self-check; {contact})"
