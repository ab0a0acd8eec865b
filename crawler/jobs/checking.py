"""Checks before publishing: a whole site, a page on the web, a file, a folder. Never touches the two databases."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from crawler.audit.discover import discover
from crawler.audit.overlay import Draft, Elder, Overlay
from crawler.audit.run import judge
from crawler.audit.words import row as rule_row
from crawler.config import Config
from crawler.core import protection
from crawler.core.clock import beijing
from crawler.core.facts import PageFacts
from crawler.core.model import EXTERNAL, Column, Fetch, Network, Scope, Site, State
from crawler.core.report import Coverage, Report
from crawler.core.scope import Scope as Territory
from crawler.core.urls import normalise
from crawler.core.views import Known, Seen
from crawler.crawl.budget import Budget
from crawler.crawl.watch import Watch
from crawler.fetch import Fetcher, Request
from crawler.jobs.crawling import Order, Outcome, crawl, user_agent
from crawler.jobs.judging import audited, judge_snapshot, run_info, site_rows, snapshot, void_report
from crawler.jobs.places import Places
from crawler.parse import parse, saved_from
from crawler.store import crawl_db as db
from crawler.store import runs
from crawler.store.datafile import DataError
from crawler.store.findings import Findings

PAGE_RULES = frozenset({Scope.PAGE, Scope.TARGET, Scope.COLUMN})
SUFFIXES = frozenset({".html", ".htm", ".shtml", ".xhtml"})
FILE_CAP = 20_000_000  # bytes of one draft
UNCONFIRMED = "还没有确认（confirmed: false），不能向它发请求；先核实域名并改配置"
INCLUDES_CAP = 5  # scripts fetched for one page, to read its footer


class BadTarget(ValueError):
    """What was given cannot be checked; the text says why and what to give instead."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What `govcheck check` was asked."""

    target: str
    as_url: str | None = None
    site: str | None = None
    column: str | None = None
    links: bool = False
    pages: int = 200


@dataclass(frozen=True, slots=True)
class Checked:
    """What it came to. `errors` are crashes of our own."""

    report: Report
    errors: int = 0
    whole_site: bool = False
    only: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


def check(config: Config, places: Places, wish: Wish, watch: Watch) -> Checked:
    """Raises BadTarget for what cannot be checked."""
    if any(site.id == wish.target for site in config.sites):
        return check_site(config, places, config.site(wish.target), wish.pages, watch)
    if wish.target.startswith(("http://", "https://")):
        return _check_page(config, places, wish)
    path = Path(wish.target)
    if path.is_dir():
        return _check_folder(config, places, path, wish)
    if path.is_file():
        return _check_file(config, places, path, wish)
    if "/" in wish.target or "\\" in wish.target or "." in wish.target:
        raise BadTarget(f"没有这个文件或文件夹：{wish.target}")
    config.site(wish.target)  # raises UnknownSite, which names the near ones
    raise BadTarget(f"不知道 {wish.target} 是什么")


# ── a whole site ─────────────────────────────────────────────────────────────────────────────────────────────────────


def check_site(config: Config, places: Places, site: Site, pages: int | None, watch: Watch) -> Checked:
    """A live crawl into a scratch database, under the limits of the machine."""
    if not site.confirmed:
        raise BadTarget(
            f"网站 {site.id}（{site.name}）还没有确认（confirmed: false），不能向它发请求；先核实域名并改配置"
        )
    with tempfile.TemporaryDirectory(prefix="govcheck-") as folder:
        scratch = Places(Path(folder))
        outcome = crawl(config, scratch.crawl_db, places.limits, Order((site,), "check", Budget(pages=pages)), watch)
        only = (site.id,)
        if outcome.void:
            report = void_report(config, outcome.run, outcome.void, scratch.crawl_db)
            return Checked(report, outcome.crawled.errors, whole_site=True, only=only)
        if outcome.stopped:
            raise BadTarget("检查被中断，没有结果")
        watch.phase("正在按规则判断")
        return Checked(_scratch_report(config, scratch, outcome, only), outcome.crawled.errors, True, only)


def _scratch_report(config: Config, scratch: Places, outcome: Outcome, only: tuple[str, ...]) -> Report:
    found = discover(config.rules.packages)
    with (
        Findings.open(scratch.findings_db) as findings,
        snapshot(config, scratch.crawl_db, outcome.run) as taken,
    ):
        judged = judge_snapshot(config, taken, rules=found, only_sites=only)
        report = findings.record(audited(config, judged, found.rules, only_sites=only), taken.log.decide)
    return replace(
        report,
        sites=tuple(row for row in report.sites if row.id in only),
        coverage=tuple(row for row in report.coverage if row.site in only),
    )


# ── pages that are not online, or one that is ────────────────────────────────────────────────────────────────────────


def _check_page(config: Config, places: Places, wish: Wish) -> Checked:
    site = _site_of(config, wish.as_url or wish.target, wish.site)
    if not site.confirmed:
        raise BadTarget(f"网站 {site.id}（{site.name}）{UNCONFIRMED}")
    fetch, scripts = asyncio.run(_fetch_page(config, places, site, wish.target))
    if fetch.state is not State.ALIVE or fetch.body is None:
        why = fetch.note or fetch.outcome.value
        status = f"（状态码 {fetch.status}）" if fetch.status else ""
        report = _unopened(config, site, fetch, f"页面没有打开：{why}{status}")
        return Checked(report, only=(site.id,))
    url = wish.as_url or fetch.final_url or wish.target
    draft = Draft(url, fetch.body, parse(fetch.body, url, fetch.headers))
    return _judge(config, places, site, [draft], wish, scripts=scripts)


def _check_file(config: Config, places: Places, path: Path, wish: Wish) -> Checked:
    body = read_page(path)
    url = wish.as_url or saved_from(body)
    if url is None and wish.site is not None:
        url = urljoin(config.site(wish.site).home, quote(path.name))
    if url is None:
        raise BadTarget(f"{path}：不知道这个页面将放在哪里，请用 --as 网址 说明，或用 --site 指明网站")
    site = _site_of(config, url, wish.site)
    draft = Draft(url, body, parse(body, url, {}))
    return _judge(config, places, site, [draft], wish, present=partial(_beside, path.parent, url))


def _check_folder(config: Config, places: Places, folder: Path, wish: Wish) -> Checked:
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    if not files:
        raise BadTarget(f"文件夹 {folder} 里没有网页文件（{' '.join(sorted(SUFFIXES))}）")
    root = wish.as_url or (config.site(wish.site).home if wish.site else None)
    if root is None:
        raise BadTarget(
            f"{folder}：不知道这些页面将放在哪里，请用 --as 网址 说明文件夹对应的地址，或用 --site 指明网站"
        )
    root = root if root.endswith("/") else root + "/"
    site = _site_of(config, root, wish.site)
    drafts = []
    for file in files:
        body = read_page(file)
        url = urljoin(root, quote(file.relative_to(folder).as_posix()))
        drafts.append(Draft(url, body, parse(body, url, {})))
    return _judge(config, places, site, drafts, wish, present=partial(_beside, folder, root))


def read_page(path: Path) -> bytes:
    size = path.stat().st_size
    if size == 0:
        raise BadTarget(f"{path} 是空文件，没有可检查的内容")
    if size > FILE_CAP:
        raise BadTarget(f"{path} 有 {size // 1_000_000} MB，不像网页（上限 {FILE_CAP // 1_000_000} MB）")
    body = path.read_bytes()
    utf16 = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    if body.startswith((b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")) or (
        not utf16 and b"\0" in body[:4096]
    ):
        raise BadTarget(f"{path} 不是网页，是二进制文件；请给 HTML 文件")
    if b"<" not in body and not utf16:
        raise BadTarget(f"{path} 里没有 HTML 标记，不是网页；请给 HTML 文件")
    return body


def _beside(folder: Path, base: str, url: str) -> bytes | None:
    """The file beside the draft that a link of it would open; never one outside the folder."""
    root = urlsplit(base)
    parts = urlsplit(url)
    under = root.path.rpartition("/")[0] + "/"
    if parts.netloc != root.netloc or not parts.path.startswith(under):
        return None
    path = (folder / unquote(parts.path[len(under) :])).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return None
    with path.open("rb") as file:
        return file.read(FILE_CAP)


def _site_of(config: Config, url: str, site_id: str | None) -> Site:
    if site_id is not None:
        return config.site(site_id)
    owner = Territory(config.sites).owner(url)
    if owner.site is not None:
        return config.site(owner.site)
    if owner.tenant is not None:
        raise BadTarget(
            f"{url} 是网站 {owner.tenant} 的路径，却在网站 {owner.host_site} 的主机上；用 --site 指明按哪个检查"
        )
    hosts = "、".join(sorted({host for site in config.sites for host in site.hosts})[:5])
    raise BadTarget(f"{url} 不属于任何登记的网站（登记的主机如 {hosts} …）；请改网址，或用 --site 指明网站")


def _judge(
    config: Config,
    places: Places,
    site: Site,
    drafts: list[Draft],
    wish: Wish,
    *,
    present: Callable[[str], bytes | None] = lambda _url: None,
    scripts: Mapping[str, bytes] | None = None,
) -> Checked:
    column = _column(site, wish.column)
    engine = None
    try:
        elder = None
        if places.crawl_db.exists():
            try:
                engine = db.open_crawl(places.crawl_db, read_only=True)
                connection = engine.connect()
                run = runs.find(connection)
                elder = Elder(connection, run) if run else None
            except DataError:
                elder = None  # the page is judged all the same; its links are then "not checked"

        def overlay(asked: Mapping[str, Known]) -> Overlay:
            return Overlay(
                site,
                config.platforms[site.platform],
                drafts,
                as_of=beijing(time.time()),
                platforms=config.platforms,
                registry=config.sites,
                elder=elder,
                column=column,
                present=present,
                asked=asked,
                scripts=scripts,
            )

        view = overlay({})
        if wish.links:
            view = overlay(asyncio.run(_ask_links(config, places, view.to_ask)))
        return _report(config, site, view, drafts)
    finally:
        if engine is not None:
            engine.dispose()


def _column(site: Site, column_id: str | None) -> Column | None:
    if column_id is None:
        return None
    column = site.column(column_id)
    if column is None:
        known = "、".join(f"{c.id}（{c.name}）" for c in site.columns) or "没有登记栏目"
        raise BadTarget(f"网站 {site.id} 没有栏目 {column_id}；已登记：{known}")
    return column


def _report(config: Config, site: Site, view: Overlay, drafts: Collection[Draft]) -> Checked:
    found = discover(config.rules.packages)
    judgement = judge(view.fleet(), {}, found.rules, found.broken, config, scopes=PAGE_RULES)
    now = time.time()
    run = runs.Run(0, "", "check", now, now, sealed=now)
    covered = Coverage(
        site.id,
        judged=True,
        reason="只检查了给出的页面；需要整站才能判断的规则没有判断",
        home="unknown",
        pages_known=len(drafts),
        pages_fresh=len(drafts),
    )
    report = Report(
        run_info(config, run, found.rules),
        site_rows([site]),
        judgement.results,
        tuple(replace(raised.row, first_seen=view.as_of, last_seen=view.as_of) for raised in judgement.findings),
        (covered,),
        tuple(rule_row(rule, config.clauses) for rule in found.rules),
    )
    return Checked(report, only=(site.id,))


def _unopened(config: Config, site: Site, fetch: Fetch, reason: str) -> Report:
    now = fetch.at.timestamp()
    run = runs.Run(0, "", "check", now, now, sealed=now)
    info = run_info(config, run, discover(config.rules.packages).rules)
    row = Coverage(site.id, judged=False, reason=reason, home="blocked", pages_known=1, pages_unknown=1)
    return Report(info, site_rows([site]), (), (), (row,), notes=(reason,))


# ── the network ──────────────────────────────────────────────────────────────────────────────────────────────────────


def fetcher(config: Config, limits: Path) -> Fetcher:
    return Fetcher(
        limits_dir=limits,
        user_agent=user_agent(),
        platforms=config.platforms,
        hosts={host: site.platform for site in config.sites for host in site.hosts},
        network=config.network,
        classify=partial(protection.match, config.waf),
    )


async def _fetch_page(config: Config, places: Places, site: Site, url: str) -> tuple[Fetch, dict[str, bytes]]:
    scripts: dict[str, bytes] = {}
    async with fetcher(config, places.limits) as client:
        fetch = await client.fetch(Request(normalise(url), "page", site.platform))
        if fetch.state is State.ALIVE and fetch.body is not None:
            facts = parse(fetch.body, fetch.final_url or url, fetch.headers).facts
            for address in _includes(facts):
                script = await client.fetch(Request(address, "script", site.platform))
                if script.state is State.ALIVE and script.body is not None:
                    scripts[normalise(address)] = script.body
    return fetch, scripts


def _includes(facts: PageFacts) -> list[str]:
    return [u for u in facts.footer.unread if u.startswith(("http://", "https://"))][:INCLUDES_CAP]


async def _ask_links(config: Config, places: Places, wanted: Mapping[str, tuple[str, str]]) -> dict[str, Known]:
    """Each link once, at the pace of its platform."""
    hosts = {host: site.platform for site in config.sites for host in site.hosts}
    async with fetcher(config, places.limits) as client:

        async def ask(url: str, kind: str, suffix: str) -> tuple[str, Known]:
            lane = hosts.get(urlsplit(url).hostname or "", EXTERNAL.id)
            if lane == EXTERNAL.id and kind in {"page", "script", "style"}:
                kind = "external"
            fetch = await client.fetch(Request(url, kind, lane, suffix=suffix))  # type: ignore[arg-type]
            return url, _known(url, fetch)

        rows = await asyncio.gather(*(ask(url, kind, suffix) for url, (kind, suffix) in wanted.items()))
    return dict(rows)


def _known(url: str, fetch: Fetch) -> Known:
    """One round only: a suspect stays one."""
    seen = Seen(
        0,
        fetch.at.astimezone(UTC) if fetch.at.tzinfo is None else fetch.at,
        0,
        fetch.state,
        fetch.outcome,
        fetch.status,
        fetch.final_url or url,
        fetch.elapsed,
        fetch.hops,
        fetch.attempts,
        fetch.note,
    )
    match fetch.state:
        case State.ALIVE | State.DEAD:
            return Known(url, "fresh", fetch.state, seen)
        case State.SUSPECT:
            return Known(url, "unknown", None, None, seen)
        case State.BLOCKED:
            return Known(url, "unknown", None, None, None, seen)


def saved_url(body: bytes) -> str | None:
    return saved_from(body)


def fetch_for_facts(config: Config, places: Places, url: str) -> tuple[str, bytes, Mapping[str, str]]:
    """One page of the web as it is now: (URL it ended on, body, headers)."""

    async def fetch() -> Fetch:
        lane = next((s.platform for s in config.sites if urlsplit(url).hostname in s.hosts), EXTERNAL.id)
        async with fetcher(config, places.limits) as client:
            return await client.fetch(Request(normalise(url), "page", lane))

    found = asyncio.run(fetch())
    if found.body is None:
        raise BadTarget(f"{url} 没有打开：{found.note or found.outcome.value}")
    return found.final_url or url, found.body, found.headers


def with_connections(config: Config, routes: Mapping[str, str]) -> Config:
    """--connect-to: these routes beside those of network.yaml, and no canaries of the open web."""
    network = config.network
    merged = Network({**network.connect_to, **routes}, network.trust, network.canaries, network.proxy)
    return replace(config, network=merged)


__all__ = ["BadTarget", "Checked", "Wish", "check", "check_site", "fetcher", "with_connections"]
