"""Checks before publishing: a page on the web, a file, a folder, and the way to a whole site.

Never touches the two databases, and loads neither the fetcher nor a database where a file needs none.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.audit.discover import discover
from crawler.audit.overlay import Draft, Elder, Overlay
from crawler.audit.run import Unjudged, judge
from crawler.audit.words import row as rule_row
from crawler.config import Config
from crawler.core.clock import beijing
from crawler.core.model import Column, Fetch, Network, Scope, Site, State, Verdict
from crawler.core.report import Coverage, Report
from crawler.core.scope import Scope as Territory
from crawler.core.urls import normalise
from crawler.core.views import FleetView, Known
from crawler.jobs.comparing import Elders, compared, only_new
from crawler.jobs.described import check_info, site_rows
from crawler.jobs.drafts import STDIN, Drafts, read_drafts
from crawler.jobs.places import Places
from crawler.jobs.refusals import BadOption, BadTarget
from crawler.parse import parse

if TYPE_CHECKING:
    from crawler.crawl.watch import Watch

PAGE_RULES = frozenset({Scope.PAGE, Scope.TARGET, Scope.COLUMN})
UNCONFIRMED = "还没有确认（confirmed: false），不能向它发请求；先核实域名并改配置"

ElderOf = Callable[[Collection[str]], Elder]


@dataclass(frozen=True, slots=True)
class Wish:
    """What `govcheck check` was asked."""

    targets: tuple[str, ...]
    as_url: str | None = None
    site: str | None = None
    column: str | None = None
    links: bool = False
    pages: int = 200
    new_only: bool = False
    root: Path | None = None

    @property
    def target(self) -> str:
        """The one, where there is one."""
        return self.targets[0]


@dataclass(frozen=True, slots=True)
class Checked:
    """What it came to. `errors` are crashes of our own."""

    report: Report
    errors: int = 0
    whole_site: bool = False
    only: tuple[str, ...] = ()


def check(config: Config, places: Places, wish: Wish, watch: Watch) -> Checked:
    """Raises BadTarget for what cannot be checked, BadOption for what does not fit it."""
    config = config.at(beijing(time.time()).date())
    if len(wish.targets) > 1:
        _only_files(config, wish.targets)
    elif any(site.id == wish.target for site in config.sites):
        return _check_site(config, places, wish, watch)
    if wish.as_url is not None:
        web_address(wish.as_url, "--as")
    if is_web(wish.target):
        return _check_page(config, places, wish)
    if wish.target == STDIN or len(wish.targets) > 1 or Path(wish.target).exists():
        return _check_drafts(config, places, wish)
    if any(sign in wish.target for sign in "/\\."):
        raise BadTarget(f"没有这个文件或文件夹：{wish.target}；如果是网址，请以 http:// 或 https:// 开头")
    config.site(wish.target)  # raises UnknownSite, which names the near ones
    raise BadTarget(f"不知道 {wish.target} 是什么")


def _only_files(config: Config, targets: Collection[str]) -> None:
    ids = {site.id for site in config.sites}
    if alone := [name for name in targets if is_web(name) or (name in ids and not Path(name).exists())]:
        raise BadOption(f"{alone[0]} 是网站或网址，请单独检查；一次检查几个目标时只能是文件和文件夹")


def is_web(target: str) -> bool:
    return target.lower().startswith(("http://", "https://"))


def web_address(url: str, what: str) -> str:
    """Raises BadOption for what is no address of a web page."""
    try:
        parts = urlsplit(url)
        fits = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fits = False
    if not fits or not is_web(url) or any(sign.isspace() for sign in url):
        raise BadOption(f"{what} {url} 不是网址，请写成 https://www.lxs.gov.cn/lxs/… 这样")
    return url


def with_connections(config: Config, routes: Mapping[str, str]) -> Config:
    """--connect-to: these routes beside those of network.yaml, and no canaries of the open web."""
    network = config.network
    merged = Network({**network.connect_to, **routes}, network.trust, network.canaries, network.proxy)
    return replace(config, network=merged)


# ── what is to be checked ────────────────────────────────────────────────────────────────────────────────────────────


def _check_site(config: Config, places: Places, wish: Wish, watch: Watch) -> Checked:
    from crawler.jobs.site_check import check_site

    given = {
        "--as": wish.as_url,
        "--site": wish.site,
        "--column": wish.column,
        "--links": wish.links or None,
        "--new-only": wish.new_only or None,
        "--root": wish.root,
    }
    if unfit := [name for name, value in given.items() if value is not None]:
        raise BadOption(f"{wish.target} 是网站 ID，检查的是整个网站；{'、'.join(unfit)} 只用于网址、文件和文件夹")
    return check_site(config, places, config.site(wish.target), wish.pages, watch)


def _check_page(config: Config, places: Places, wish: Wish) -> Checked:
    from crawler.jobs.asking import fetch_page, why_unopened

    url = wish.as_url or web_address(wish.target, "目标")
    site = _site_of(config, url, wish.site)
    if not site.confirmed:
        raise BadTarget(f"网站 {site.id}（{site.name}）{UNCONFIRMED}")
    _column(site, wish.column)  # before anything is sent
    fetch, scripts = fetch_page(config, places, site, wish.target, wish.as_url)
    if fetch.state is not State.ALIVE or fetch.body is None:
        return _unopened(config, site, fetch, f"页面没有打开：{why_unopened(fetch)}")
    base = wish.as_url or fetch.final_url or url
    draft = Draft(url, fetch.body, parse(fetch.body, base, fetch.headers), base)
    return _judge(config, places, site, Drafts([draft]), wish, scripts=scripts)


def _check_drafts(config: Config, places: Places, wish: Wish) -> Checked:
    home = config.site(wish.site).home if wish.site else None
    drafts = read_drafts(wish.targets, wish.as_url, home, wish.root)
    sites = {site.id: site for site in (_site_of(config, draft.url, wish.site) for draft in drafts.pages)}
    if len(sites) > 1:
        named = "、".join(f"{site.id}（{site.name}）" for site in sites.values())
        raise BadTarget(f"这些页面属于几个网站：{named}；请分开检查，或用 --site 指明按哪个检查")
    return _judge(config, places, next(iter(sites.values())), drafts, wish)


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


def _column(site: Site, column_id: str | None) -> Column | None:
    if column_id is None:
        return None
    column = site.column(column_id)
    if column is None:
        known = "、".join(f"{c.id}（{c.name}）" for c in site.columns) or "没有登记栏目"
        raise BadTarget(f"网站 {site.id} 没有栏目 {column_id}；已登记：{known}")
    return column


# ── judging it ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _judge(
    config: Config,
    places: Places,
    site: Site,
    drafts: Drafts,
    wish: Wish,
    *,
    scripts: Mapping[str, bytes] | None = None,
) -> Checked:
    column = _column(site, wish.column)
    known_file = cache(drafts.present)
    with _last_crawl(config, places) as (last, note):

        def overlay(pages: Sequence[Draft], asked: Mapping[str, Known], *, elders: bool = False) -> Overlay:
            return Overlay(
                site,
                config.platforms[site.platform],
                pages,
                as_of=beijing(time.time()),
                registry=config.sites,
                elder=last.elder if last else None,
                column=column,
                present=(lambda _url: None) if elders else known_file,
                asked=asked,
                scripts=None if elders else scripts,
                workdays=config.workdays,
                inputs=config.inputs.tables.get(site.id),
                words=config.words,
            )

        asked: Mapping[str, Known] = {}
        view = overlay(drafts.pages, asked)
        said = [*drafts.notes, *([note] if note else [])]
        if wish.links and (unasked := view.to_ask):
            from crawler.jobs.asking import ask_links

            asked = ask_links(config, places, unasked)
            view = overlay(drafts.pages, asked)
        elif unasked := view.to_ask:
            said.append(f"有 {len(unasked)} 个链接以前没有检查过，没有判断（加 --links 可当场检查）")
        checked = _report(config, site, view, drafts.pages, said)
        report = checked.report
        if last is not None:
            before = view.elders()
            old = overlay(before, asked, elders=True)
            rows = _report(config, site, old, before, ()).report.findings if before else ()
            elders = Elders(last.name, rows, len(drafts.pages) - len(before))
            report = compared(report, elders, view.linked)
        return replace(checked, report=only_new(report) if wish.new_only else report)


@dataclass(frozen=True, slots=True)
class _Last:
    """The last sealed crawl."""

    elder: ElderOf
    name: str


@contextmanager
def _last_crawl(config: Config, places: Places) -> Iterator[tuple[_Last | None, str]]:
    """What the last sealed crawl knows; None and why where there is none. The page is judged all the same."""
    if not places.crawl_db.exists():
        yield None, ""
        return
    from crawler.audit.last_crawl import LastCrawl
    from crawler.store import crawl_db as db
    from crawler.store import runs
    from crawler.store.datafile import DataError, explained

    try:
        engine = db.open_crawl(places.crawl_db, read_only=True)
    except DataError as error:
        yield None, f"上次抓取的数据读不了，没有用来核对链接：{error}"
        return
    try:
        with explained(places.crawl_db), engine.connect() as connection:
            run = runs.find(connection)
            if run is None:
                yield None, ""
                return
            name = f"第 {run.number} 次检查（{beijing(run.as_of):%Y-%m-%d}）"
            yield _Last(partial(LastCrawl, connection, run, config.platforms), name), ""
    finally:
        engine.dispose()


def _report(config: Config, site: Site, view: Overlay, drafts: Collection[Draft], notes: Collection[str]) -> Checked:
    found = discover(config.rules.packages)
    judgement = judge(view.fleet(), {}, found.rules, found.broken, config, scopes=PAGE_RULES)
    links, unknown = view.count
    covered = Coverage(
        site.id,
        judged=True,
        reason="只检查了给出的页面；需要整站才能判断的规则没有判断",
        home="unknown",
        pages_known=len(drafts),
        pages_fresh=len(drafts),
        targets_known=links,
        targets_decided=links - unknown,
        targets_unknown=unknown,
    )
    report = Report(
        check_info(config, found.rules, time.time()),
        site_rows([site]),
        judgement.results,
        tuple(replace(raised.row, first_seen=view.as_of, last_seen=view.as_of) for raised in judgement.findings),
        (covered,),
        tuple(rule_row(rule, config.clauses) for rule in found.rules),
        notes=tuple(notes),
    )
    return Checked(report, only=(site.id,))


def _unopened(config: Config, site: Site, fetch: Fetch, reason: str) -> Checked:
    """Every rule is listed, as not judged."""
    found = discover(config.rules.packages)
    nothing = FleetView((), (), beijing(fetch.at.timestamp()))
    unjudged = {site.id: Unjudged(Verdict.UNVERIFIED, reason)}
    report = Report(
        check_info(config, found.rules, fetch.at.timestamp()),
        site_rows([site]),
        judge(nothing, unjudged, found.rules, found.broken, config).results,
        (),
        (
            Coverage(
                site.id,
                judged=False,
                reason=f"{normalise(fetch.url)} {reason}",
                home="blocked",
                pages_known=1,
                pages_unknown=1,
            ),
        ),
        tuple(rule_row(rule, config.clauses) for rule in found.rules),
    )
    return Checked(report, only=(site.id,))
