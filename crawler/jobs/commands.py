"""What each command does, between the words of the command line and the jobs."""

from __future__ import annotations

import re
import shutil
import time as clock
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from crawler.config import Config
from crawler.core.clock import SHANGHAI
from crawler.core.model import Severity
from crawler.core.report import Report
from crawler.jobs.places import Places
from crawler.jobs.refusals import BadOption, BadTarget, NoRun
from crawler.jobs.verdict import exit_code
from crawler.jobs.watching import set_up_logging, watch_for

if TYPE_CHECKING:  # a check of one file waits for neither the crawler nor a database
    from crawler.crawl.budget import Budget
    from crawler.jobs import checking, nightly
    from crawler.jobs.crawling import Outcome

_ROUTE = re.compile(r"(?P<host>[^=:\s]+|\*):(?P<port>\d+|\*)=(?P<to>[^=\s]+:\d+|nxdomain|refused)")


def routed(config: Config, routes: Sequence[str]) -> Config:
    """--connect-to HOST:PORT=ADDR:PORT, as often as given."""
    if not routes:
        return config
    from crawler.jobs.checking import with_connections

    table = {}
    for route in routes:
        found = _ROUTE.fullmatch(route)
        if found is None:
            raise BadOption(
                f"--connect-to {route} 写法不对，应为 HOST:PORT=ADDR:PORT，例如 www.lxs.gov.cn:443=127.0.0.1:8443"
            )
        table[f"{found['host']}:{found['port']}"] = found["to"]
    return with_connections(config, table)


def moment(clock: str | None) -> datetime | None:
    """--until HH:MM, Beijing time: the next time the clock shows it."""
    if clock is None:
        return None
    from crawler.jobs.nightly import next_time

    try:
        wanted = time.fromisoformat(clock)
    except ValueError:
        raise BadOption(f"--until {clock} 不是时刻，请写成 06:00 这样（北京时间）") from None
    return next_time(wanted, datetime.now(SHANGHAI))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a crawl may spend, as written on the command line."""

    until: str | None = None
    max_time: str | None = None
    site_time: str | None = None
    max_pages: int | None = None
    max_requests: int | None = None
    max_mb: int | None = None
    render: bool = False


def budget(limits: Limits) -> Budget:
    """Hard limits; the unfinished part is listed in the report."""
    from crawler.crawl.budget import Budget

    ends = [end.timestamp()] if (end := moment(limits.until)) else []
    if limits.max_time is not None:
        ends.append(clock.time() + _span("--max-time", limits.max_time).total_seconds())
    return Budget(
        pages=limits.max_pages,
        requests=limits.max_requests,
        received=limits.max_mb * 1_000_000 if limits.max_mb is not None else None,
        until=min(ends, default=None),
        per_site=_span("--site-time", limits.site_time) if limits.site_time is not None else None,
    )


def rendering(config: Config, limits: Limits) -> Config:
    """--render, for one run; a browser that is asked for and not there is said, never passed over."""
    from crawler.fetch.browser import VARIABLE, find_chromium

    wanted = limits.render or config.rendering.enabled
    if wanted and find_chromium() is None:
        raise BadOption(
            f"没有找到 chromium，不能渲染页面：请安装 chromium，或用环境变量 {VARIABLE} 指明它的路径；"
            "也可去掉 --render 并在 crawl.yaml 写 rendering: {enabled: false}"
        )
    return replace(config, rendering=replace(config.rendering, enabled=wanted))


def _span(option: str, text: str) -> timedelta:
    from crawler.config.scalars import duration

    try:
        return duration(text)
    except ValueError as error:
        raise BadOption(f"{option} {text}：{error}") from None


def run_nightly(
    config: Config,
    places: Places,
    console: Console,
    *,
    only: Collection[str] | None,
    limits: Limits,
    kind: str = "nightly",
) -> nightly.Night:
    from crawler.jobs.nightly import nightly as night

    spend = budget(limits)
    config = rendering(config, limits)
    with watch_for(console, set_up_logging(), _names(config)) as watch:
        return night(config, places, watch, only=only, budget=spend, kind=kind)


def run_crawl(
    config: Config,
    places: Places,
    console: Console,
    *,
    only: Collection[str] | None,
    limits: Limits,
) -> Outcome:
    from crawler.jobs.crawling import Order, refuse_over_a_night
    from crawler.jobs.crawling import crawl as work

    spend = budget(limits)
    config = rendering(config, limits)
    chosen = tuple(site for site in config.sites if only is None or site.id in only)
    with places.lock(), watch_for(console, set_up_logging(), _names(config)) as watch:
        refuse_over_a_night(places.crawl_db)
        return work(config, places.crawl_db, places.limits, Order(chosen, "crawl", spend), watch)


def run_audit(config: Config, places: Places, *, number: int | None, rules: Collection[str]) -> Report:
    from crawler.jobs import judging

    return judging.audit(
        config,
        places.crawl_db,
        places.findings_db,
        number=number,
        only_rules=sorted({code.upper() for code in rules}) or None,
    )


def run_reparse(config: Config, places: Places, number: int) -> int:
    from crawler.jobs import judging, reparsing

    with judging.snapshot(config, places.crawl_db, number):
        pass  # says what is wrong with the number
    with places.lock():
        return reparsing.reparse(config, places.crawl_db, number)


def run_prune(config: Config, places: Places, *, dry: bool, days: int) -> str:
    """What was forgotten, or would be, as a sentence."""
    from crawler.store.prune import cited, compact, prune

    if not places.crawl_db.exists():
        raise NoRun("还没有检查过，没有可以清理的内容；先运行 govcheck nightly")
    with places.lock():
        keep = timedelta(days=days)
        found = prune(places.crawl_db, config.platforms, cited(places.findings_db), dry=dry, replaced_kept=keep)
        smaller = not dry and compact(places.crawl_db)
    return found.says(dry=dry) + ("；文件已压缩" if smaller else "")


def run_check(config: Config, places: Places, wish: checking.Wish, console: Console) -> checking.Checked:
    from crawler.jobs import checking

    with watch_for(console, set_up_logging(), _names(config)) as watch:
        return checking.check(config, places, wish, watch)


def run_report(
    config: Config,
    places: Places,
    *,
    number: int | None,
    sites: Collection[str] | None,
    formats: str,
    folder: Path | None,
) -> list[Path]:
    from crawler import report as reports
    from crawler.jobs.evidence import noted
    from crawler.jobs.scoring import scored
    from crawler.store.datafile import MissingRun
    from crawler.store.findings import Findings

    wanted = [part.strip() for part in formats.replace("，", ",").split(",") if part.strip()]
    wrong = [part for part in wanted if part not in reports.FORMATS]
    if wrong or not wanted:
        says = f"没有 {'、'.join(wrong)} 这种格式" if wrong else "没有写格式"
        raise BadOption(f"--format {formats}：{says}，可用 {','.join(reports.FORMATS)}")
    with Findings.open(places.findings_db, read_only=True) as findings:
        try:
            found = findings.load(number)
        except MissingRun as error:
            raise NoRun(str(error)) from error
    return reports.write(noted(places, scored(config, found)), folder or places.reports / "latest", wanted, sites)


def run_facts(config: Callable[[], Config], places: Places, target: str, as_url: str | None) -> Mapping[str, Any]:
    """Needs the configuration only for what is on the web."""
    from crawler.jobs import checking, drafts
    from crawler.parse import parse, saved_from
    from crawler.report import machine

    if as_url is not None:
        checking.web_address(as_url, "--as")
    headers: Mapping[str, str] = {}
    if checking.is_web(target):
        from crawler.jobs.asking import fetch_for_facts

        url, body, headers = fetch_for_facts(config(), places, checking.web_address(target, "目标"))
    else:
        path = Path(target)
        if not path.is_file():
            raise BadTarget(f"没有这个文件：{target}；facts 只看一个网页文件或网址")
        body = drafts.read_page(path)
        url = saved_from(body) or path.resolve().as_uri()
    parsed = parse(body, as_url or url, headers)
    return machine.facts_document(parsed.facts, parsed.links)


def crawl_sentence(outcome: Outcome) -> str:
    if outcome.void:
        return outcome.void
    spent = outcome.crawled.spent
    requests = sum(row.requests for row in spent.values())
    pages = sum(row.pages for row in spent.values())
    head = f"第 {outcome.run} 次检查：{len(spent)} 个网站，{pages} 个页面，{requests} 次请求"
    if outcome.stopped:
        return f"{head}；已停止，进度已保存，再次运行会接着做"
    errors = f"；检查程序出错 {outcome.crawled.errors} 次" if outcome.crawled.errors else ""
    return f"{head}{errors}；接着运行 govcheck audit 判断"


def crawl_document(outcome: Outcome) -> Mapping[str, Any]:
    return {
        "run": outcome.run,
        "void": outcome.void,
        "stopped": outcome.stopped,
        "errors": outcome.crawled.errors,
        "sites": {
            site: {"pages": row.pages, "requests": row.requests, "received": row.received, "notes": row.notes}
            for site, row in sorted(outcome.crawled.spent.items())
        },
    }


def code(report: Report, fail_on: Severity | None) -> int:
    return exit_code(report, fail_on=fail_on)


def code_of(night: nightly.Night, fail_on: Severity | None, only: Collection[str] | None) -> int:
    assert night.report is not None
    return exit_code(night.report, errors=night.outcome.crawled.errors, fail_on=fail_on, only=only)


def check_code(checked: checking.Checked, fail_on: Severity | None) -> int:
    """In a check what a person must decide counts too; coverage only where a whole site was asked for."""
    blind = checked.whole_site or not any(row.judged for row in checked.report.coverage)
    return exit_code(
        checked.report,
        errors=checked.errors,
        fail_on=fail_on,
        proposed_too=True,
        only=checked.only,
        check_coverage=blind,
    )


def forget(places: Places) -> None:
    """The demonstration begins anew each time, in a folder of its own."""
    for path in (places.crawl_db, places.findings_db):
        for file in path.parent.glob(path.name + "*"):
            file.unlink()
    for folder in (places.reports, places.limits, places.backup):
        shutil.rmtree(folder, ignore_errors=True)


def _names(config: Config) -> dict[str, str]:
    return {site.id: site.name for site in config.sites}
