"""`govcheck recheck`: one issue, or what is open of one site, looked at now and nothing else (BEHAVIOURS 96)."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crawler.audit.discover import Discovered, discover
from crawler.config import Config
from crawler.core.model import State, Verdict
from crawler.core.scope import Scope
from crawler.crawl import retest
from crawler.crawl.budget import UNLIMITED
from crawler.crawl.retest import Answered, Known
from crawler.crawl.taking import NO_ANSWER
from crawler.fetch import our_network_down
from crawler.jobs import judging
from crawler.jobs.asking import fetcher, why_unopened
from crawler.jobs.crawling import OUR_NETWORK, Order, asked, canaries_of, heed_signals
from crawler.jobs.described import kin
from crawler.jobs.places import Places
from crawler.jobs.refusals import BadTarget
from crawler.jobs.verdict import Exit
from crawler.report.words import STATES, plain
from crawler.store.crawl_db import open_crawl
from crawler.store.datafile import explained_sql
from crawler.store.findings import Findings, OpenIssue
from crawler.store.runs import RECHECK

MOST = 60  # URLs of one recheck: a minute at the usual pace; the rest is said and waits for the night
_OF_ONE_SITE = 3  # cited URLs of each issue, where a whole site is looked at
ANSWERED = "已答复"  # the issues whose unit says they are mended
_FINGERPRINT = re.compile(r"[0-9a-f]{6,64}")


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What one recheck came to; run is 0 where nothing was kept."""

    run: int
    before: tuple[OpenIssue, ...]
    after: tuple[OpenIssue, ...] = ()
    answers: tuple[Answered, ...] = ()
    left: int = 0  # URLs beyond the limit
    void: str = ""
    stopped: bool = False
    crashed: bool = False


def recheck(config: Config, places: Places, what: str) -> Rechecked:
    """`what` is an issue's number, the head of its fingerprint, a site, a notice, or ANSWERED."""
    with Findings.open(places.findings_db, read_only=True) as findings:
        chosen = find(config, findings, what)
    if not chosen:
        return Rechecked(0, ())
    started = time.time()
    engine = open_crawl(places.crawl_db)
    try:
        with explained_sql(places.crawl_db):
            with engine.connect() as connection:
                urls = urls_of(chosen, whole_site=len(chosen) > 1)
                found = [known for known in retest.known_urls(connection, urls) if _may_ask(config, known)]
            wanted, left = found[:MOST], max(0, len(found) - MOST)
            answers, void, stopped = asyncio.run(_ask(config, places, wanted))
            if void or stopped or not any(answer.sent for answer in answers):
                return Rechecked(0, chosen, chosen, answers, left, void, stopped)
            order = Order(tuple(s for s in config.sites if s.id in {i.site for i in chosen}), RECHECK, UNLIMITED)
            with engine.connect().execution_options(writes=True) as connection, connection.begin():
                run = retest.store(connection, answers, asked(config, order), started)
    finally:
        engine.dispose()
    after, crashed = _judge(config, places, run, chosen)
    return Rechecked(run, chosen, after, answers, left, crashed=crashed)


def find(config: Config, findings: Findings, what: str) -> tuple[OpenIssue, ...]:
    """The issues meant. Raises BadTarget in one sentence."""
    if any(site.id == what for site in config.sites):
        return tuple(findings.issues(site=what))
    if what == ANSWERED:
        return tuple(findings.issues(numbers=findings.answered()))
    if noticed := findings.noticed(what):
        return tuple(issue for issue in findings.issues(numbers=noticed) if issue.state not in {"fixed", "withdrawn"})
    if what.isascii() and what.isdigit() and len(what) < 10 and (found := findings.issues(number=int(what))):
        return tuple(found)
    if _FINGERPRINT.fullmatch(what.lower()):
        found = findings.issues(prefix=what.lower())
        if len(found) > 1:
            numbers = "、".join(str(issue.number) for issue in found[:5])
            raise BadTarget(f"{what} 对应 {len(found)} 个问题（编号 {numbers}），请写问题编号或更长的指纹")
        if found:
            return tuple(found)
    raise BadTarget(
        f"没有编号、指纹、通知编号或网站 ID 为 {what} 的问题；编号见报告的“编号”一列，govcheck sites 列出网站"
    )


def urls_of(chosen: Sequence[OpenIssue], *, whole_site: bool) -> list[str]:
    """The gist of every issue before the rest of any."""
    each = [issue.urls[:_OF_ONE_SITE] if whole_site else issue.urls for issue in chosen]
    rows = [urls[place] for place in range(max(map(len, each), default=0)) for urls in each if place < len(urls)]
    return list(dict.fromkeys(rows))


def _may_ask(config: Config, known: Known) -> bool:
    return not Scope(config.sites).silent(known.url)


async def _ask(config: Config, places: Places, wanted: Sequence[Known]) -> tuple[tuple[Answered, ...], str, bool]:
    stop = asyncio.Event()
    heed_signals(stop)
    async with fetcher(config, places.limits, stop=stop) as client:
        answers = tuple(await retest.ask(client, wanted))
        silent = answers and all(answer.fetch.outcome in NO_ANSWER for answer in answers)
        down = bool(silent) and await our_network_down(client, canaries_of(config))
    return answers, OUR_NETWORK if down else "", stop.is_set()


def _judge(config: Config, places: Places, run: int, chosen: Sequence[OpenIssue]) -> tuple[tuple[OpenIssue, ...], bool]:
    """Audits the new run for these issues alone; all others keep what was said of them."""
    found = discover(config.rules.packages)
    families = kin(found.rules)
    codes = {issue.rule for issue in chosen}
    rules = sorted(codes.union(*(families.get(code, frozenset()) for code in codes)) & _existing(found))
    sites = sorted({issue.site for issue in chosen})
    only = [issue.fingerprint for issue in chosen]
    with judging.snapshot(config, places.crawl_db, run) as taken, Findings.open(places.findings_db) as findings:
        judged = judging.judge_snapshot(config, taken, rules=found, only_rules=rules, only_sites=sites)
        kept = judging.audited(config, judged, found.rules, only_rules=rules, only_sites=sites, only_issues=only)
        findings.record(kept, judging.decider(config, taken))
        after = tuple(findings.issues(fingerprints=only))
    return after, any(row.verdict is Verdict.CRASHED for row in judged.judgement.results)


def _existing(found: Discovered) -> frozenset[str]:
    return frozenset(rule.code for rule in found.rules)


# ── What people read ─────────────────────────────────────────────────────────────────────────────────────────────────


def exit_code(done: Rechecked) -> Exit:
    if done.void or done.stopped or done.crashed:
        return Exit.BROKEN
    blind = not done.run and bool(done.before)
    return Exit.BLIND if blind or any(answer.fetch.state is State.BLOCKED for answer in done.answers) else Exit.DONE


def sentence(before: OpenIssue, after: OpenIssue) -> str:
    was, now = STATES[before.state], STATES[after.state]
    return f"{was} → {now}" if was != now else f"{now}（没有变化）"


def document(done: Rechecked) -> Mapping[str, Any]:
    after = {issue.fingerprint: issue for issue in done.after}
    return {
        "run": done.run,
        "void": done.void,
        "stopped": done.stopped,
        "left": done.left,
        "requests": [
            {
                "url": answer.known.url,
                "state": answer.fetch.state.value,
                "outcome": answer.fetch.outcome.value,
                "status": answer.fetch.status,
                "says": why_unopened(answer.fetch),
            }
            for answer in done.answers
        ],
        "issues": [
            {
                "number": issue.number,
                "fingerprint": issue.fingerprint,
                "rule": issue.rule,
                "site": issue.site,
                "message": issue.message,
                "before": issue.state,
                "after": after.get(issue.fingerprint, issue).state,
                "says": sentence(issue, after.get(issue.fingerprint, issue)),
                "reason": after[issue.fingerprint].reason if done.run and issue.fingerprint in after else "",
            }
            for issue in done.before
        ],
    }


def shown(done: Rechecked) -> RenderableType:
    if not done.before:
        return Text("没有未关闭的问题，没有发出请求")
    if done.void or done.stopped:
        return Text(done.void or "已停止，没有保存任何结果")
    table = Table(title=f"第 {done.run} 次检查（复查）" if done.run else "没有可复查的网址", title_justify="left")
    for heading in ("编号", "规则", "问题", "复查前 → 复查后", "原因"):
        table.add_column(heading)
    for row in document(done)["issues"]:
        words = (str(row["number"]), row["rule"], row["message"], row["says"], row["reason"])
        table.add_row(*(Text(plain(word)) for word in words))
    lines = [Text(plain(f"{a.known.url}：{why_unopened(a.fetch)}")) for a in done.answers]
    rest = [Text(f"另有 {done.left} 个网址超出一次复查的上限 {MOST}，等夜间检查")] if done.left else []
    return Group(table, *lines, *rest)
