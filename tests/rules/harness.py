"""Builds the views a case describes, through the real parser, and lets the real engine judge them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from crawler.api import Rule
from crawler.audit.discover import discover
from crawler.audit.run import Judgement, judge
from crawler.config import Position, load
from crawler.core.facts import FOOTER_ITEMS, Entry, FileText, Footer
from crawler.core.identity import is_own
from crawler.core.model import Attempt, Clause, Column, Outage, Outcome, Parent, Platform, Site, Source, State
from crawler.core.outcomes import SHANGHAI
from crawler.core.reach import HostFacts, Ipv6Look, Probe
from crawler.core.search import SearchLook, Trial
from crawler.core.views import (
    ColumnView,
    Earlier,
    FleetView,
    InputTable,
    Known,
    ListedEntry,
    PageView,
    Reading,
    Seen,
    SiteView,
    SourceView,
    TargetView,
)
from crawler.core.wording import Words
from crawler.core.workdays import Workdays
from crawler.fetch.outcome import STATES
from crawler.parse import Html, parse, parse_script

CASES = Path(__file__).parents[1] / "cases"
HOST = "www.lxs.gov.cn"
HOME = f"https://{HOST}/"

# The plain form of each item; `footer:` of a case leaves some out or writes them otherwise.
CONAC = "https://bszs.conac.cn/sitename?method=show&id=0A1B2C3D4E5F60718293A4B5C6D7E8F9"
JIUCUO = "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=6229010001"
ITEMS = {
    "conac": f'<a href="{CONAC}"><img src="/red.png"></a>',
    "jiucuo": f'<a href="{JIUCUO}"><img src="/jiucuo.png"></a>',
    "site_code": "<span>网站标识码：6229010001</span>",
    "organizer": "<span>主办单位：临夏市人民政府</span>",
    "contact": "<span>联系电话：0930-6212345</span>",
    "icp": '<a href="https://beian.miit.gov.cn/">陇ICP备12345678号-1</a>',
    "psb": '<a href="https://beian.mps.gov.cn/#/query/webSearch?code=62290102000123">甘公网安备62290102000123号</a>',
    "sitemap": '<a href="/wzdt/index.html">网站地图</a>',
}


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expected(Shape):
    """What one finding must look like; what is left out may be anything."""

    certainty: Literal["confirmed", "suspected", "proposed"] = "confirmed"
    says: str = ""  # stands in message or evidence
    target: str | None = None
    count: int | None = None
    severity: str | None = None
    points: float | None = None
    exempt: str | None = None
    also: tuple[str, ...] | None = None


class FooterCase(Shape):
    without: tuple[str, ...] = ()
    written: dict[str, str] = {}  # item -> HTML in its place
    box: str = 'class="footer"'


class StateCase(Shape):
    state: Literal["alive", "dead", "suspect", "blocked", "unknown"] = "alive"
    outcome: Outcome | None = None
    status: int | None = None
    note: str = ""
    at: datetime | None = None
    knowledge: Literal["fresh", "carried", "expired"] = "fresh"
    seconds: float = 0.3


class PageCase(StateCase):
    url: str = "/"
    title: str = "临夏市人民政府"
    html: str = "<h1>关于开展环境整治的公告</h1><p>现将有关事项公告如下。</p>"
    footer: FooterCase | None = FooterCase()
    scripts: dict[str, str] = {}  # external scripts that were read
    listed_in: tuple[str, ...] = ()
    framed: bool = False
    type: str = "text/html; charset=utf-8"
    before: str | None = None  # HTML of the page as it was read first, ten days ago; "same" where it has not changed
    times: int = 1  # as many pages, {n} in the url counts them
    files: dict[str, str] = {}  # end of an attachment's address -> its text; "?why" where it could not be read


class TargetCase(StateCase):
    url: str
    kind: str = "page"
    on_home: bool = False
    parents: tuple[dict[str, str], ...] = ({"url": "/a.html", "text": "更多"},)
    parent_count: int | None = None
    soft_404: str = ""
    times: int = 1
    tenant: str = ""  # id of the site whose path it is
    imitates: str = ""
    jumps: int = 0
    slow: tuple[dict[str, float], ...] = ()  # seconds and hours before the run, newest first


class EntryCase(Shape):
    title: str = ""
    url: str = ""
    date: datetime | None = None
    first_seen: datetime | None = None


class ColumnCase(StateCase):
    id: str = "zcwj"
    name: str = "政策文件"
    kind: str = "政策文件"
    url: str = "/zcwj/index.html"
    html: str | None = "<h1>政策文件</h1>"
    soft_404: str = ""
    entries: tuple[EntryCase, ...] = ()
    reading: Literal["ended", "joined", "stalled", "failed", "capped", "unread"] = "ended"
    read_at: datetime | None = None
    field: str | None = None  # one of the 26
    swap: dict[str, str] = {}  # words of `html` -> others: one good page, many slips
    files: dict[str, str] = {}
    limit: int | None = None  # days
    parent: str | None = None
    reading_note: str = ""
    lands: str = ""  # where its address leads


class OtherCase(Shape):
    """Another registered site, for rules that compare."""

    id: str
    name: str
    level: Literal["portal", "department"] = "portal"
    area: str | None = None
    columns: tuple[ColumnCase, ...] = ()


class SourceCase(StateCase):
    id: str = "gov"
    name: str = "中国政府网"
    level: Literal["central", "provincial", "prefecture"] = "central"
    feed: str = "https://www.gov.cn/yaowen/liebiao/YAOWENLIEBIAO.json"
    deadline_hours: float = 24
    owed_by: tuple[str, ...] = ("portal",)
    entries: tuple[EntryCase, ...] = ()


class ProbesCase(Shape):
    """Looks of `govcheck probe`, one every so many minutes; a later segment stands in place of an earlier one."""

    from_hours: float = 168  # before the run
    to_hours: float = 0
    every: float = 60
    outcome: Outcome = Outcome.OK
    status: int | None = None
    seconds: float = 0.4
    note: str = ""


class HostCase(Shape):
    host: str = HOST
    tls: dict[str, str] = {}


class Ipv6Case(Shape):
    record: Literal["yes", "no", "unknown"] = "yes"
    reached: Literal["yes", "no", "unknown"] = "yes"
    hours: float = 0.5  # before the run
    note: str = ""


class NeighbourCase(Shape):
    """Another site of the fleet, of which findings may speak but none is expected."""

    name: str = "康乐县人民政府"
    columns: tuple[ColumnCase, ...] = ()
    pages: tuple[PageCase, ...] = ()


class SearchCase(Shape):
    """What the trial of the site's search showed; `found` has one word for each known title."""

    works: Literal["yes", "no", "unknown"] = "yes"
    note: str = ""
    found: tuple[Literal["yes", "no", "unknown"], ...] = ("yes", "yes", "yes", "yes")
    nonsense: Literal["yes", "no", "unknown"] = "yes"
    paging: Literal["yes", "no", "unknown"] = "yes"
    opens: Literal["yes", "no", "unknown"] = "yes"
    classified: Literal["yes", "no", "unknown"] = "yes"


class Case(Shape):
    name: str = Field(min_length=6)
    expect: tuple[Expected, ...] = ()
    verdict: str | None = None
    reason: str = ""  # stands in the result's reason
    as_of: datetime = datetime(2026, 3, 10, 22, 0)  # noqa: DTZ001 -- cases are written in Asia/Shanghai
    code: str | None = "6229010001"
    level: Literal["portal", "department"] = "portal"
    site_name: str = "临夏市人民政府"
    others: tuple[OtherCase, ...] = ()
    own_hosts: tuple[str, ...] = (HOST,)  # registered
    outages: tuple[dict[str, str], ...] = ()
    options: dict[str, Any] = {}
    pages: tuple[PageCase, ...] = ()
    targets: tuple[TargetCase, ...] = ()
    columns: tuple[ColumnCase, ...] = ()
    sources: tuple[SourceCase, ...] = ()
    home: StateCase = StateCase()
    neighbour: NeighbourCase | None = None
    cloaking_check: bool = False
    searched: PageCase | None = None  # the home page as somebody gets it who comes from a search engine
    inputs: dict[str, tuple[dict[str, Any], ...]] = {}  # format -> rows
    inputs_until: dict[str, date] = {}
    pages_unknown: int = 0
    targets_unknown: int = 0
    probes: tuple[ProbesCase, ...] = ()
    hosts: tuple[HostCase, ...] = ()
    ipv6: tuple[Ipv6Case, ...] = ()
    search: SearchCase | None = None
    new_script_hosts: dict[str, float] = {}  # host -> hours before the run when it was met first


class CaseFile(Shape):
    rule: str
    failing: tuple[Case, ...] = ()
    passing: tuple[Case, ...] = Field(min_length=2)


@dataclass(frozen=True)
class Settings:
    """Rule settings of a case: only its own options."""

    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    packages: tuple[str, ...] = ("rules",)
    site_options: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()
    retired: Mapping[str, str] = field(default_factory=dict)
    positions: Mapping[tuple[str, ...], Position] = field(default_factory=dict)


@dataclass(frozen=True)
class Configured:
    rules: Settings
    clauses: Mapping[tuple[str, str], Clause]


@cache
def all_rules() -> tuple[Rule, ...]:
    found = discover(("rules",))
    assert not found.broken, found.broken
    return found.rules


@cache
def clauses() -> Mapping[tuple[str, str], Clause]:
    return load(Path(__file__).parents[2] / "config").clauses


@cache
def workdays() -> Workdays:
    return load(Path(__file__).parents[2] / "config").workdays


@cache
def words() -> Words:
    return load(Path(__file__).parents[2] / "config").words


@cache
def case_files() -> Mapping[str, CaseFile]:
    """`family/name` -> cases."""
    yaml = YAML(typ="safe")
    files = sorted(CASES.glob("*/*.yaml"))
    return {f"{f.parent.name}/{f.stem}": CaseFile.model_validate(yaml.load(f.read_text("utf-8"))) for f in files}


def configured(options: Mapping[str, Mapping[str, Any]] | None = None, **settings: Any) -> Configured:
    return Configured(Settings(options or {}, **settings), clauses())


def run(case: Case, code: str, *, backwards: bool = False) -> Judgement:
    fleet = build(case, backwards=backwards)
    options = {code: case.options} if case.options else {}
    return judge(fleet, {}, all_rules(), (), configured(options), only=[code])


# ── Views ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def build(case: Case, *, backwards: bool = False) -> FleetView:
    as_of = _moment(case.as_of)
    columns = tuple(
        Column(
            c.id, c.name, c.kind, urljoin(HOME, c.url), c.field, timedelta(days=c.limit) if c.limit else None, c.parent
        )
        for c in case.columns
    )
    outages = tuple(
        Outage(_moment(datetime.fromisoformat(o["from"])), _moment(datetime.fromisoformat(o["to"])), o["number"])
        for o in case.outages
    )
    registered = Site(
        "lxs",
        case.site_name,
        case.code,
        case.level,
        "p",
        HOME,
        case.own_hosts,
        columns=columns,
        outages=outages,
        cloaking_check=case.cloaking_check,
    )
    site = SiteView(
        registered, Platform("p"), as_of, None, (), pages=lambda: iter(()), targets=lambda: iter(()), rows=_no_rows
    )
    pages = [page for p in case.pages for page in _pages(site, p, as_of)]
    targets = [target for t in case.targets for target in _targets(site, t, as_of)]
    known = {target.url: target.known for target in targets}
    order = -1 if backwards else 1
    site.pages = lambda: iter(pages[::order])
    linked: dict[str, frozenset[str]] = {}
    for p in case.pages:
        for n in range(1, p.times + 1):
            url = urljoin(HOME, p.url.format(n=n) if p.times > 1 else p.url)
            parsed = parse(document(p).encode(), url, {"content-type": p.type})
            linked[url] = frozenset(link.url for link in parsed.links if link.url)
    for c in case.columns:
        url = urljoin(HOME, c.url)
        shown = parse((c.html or "").encode(), url, {"content-type": "text/html; charset=utf-8"})
        linked[url] = frozenset(link.url for link in shown.links if link.url)
    site.links_of = lambda url: linked.get(url, frozenset())
    site.targets = lambda: iter(targets[::order])
    site.known = known.get
    if case.searched is not None:
        other = next(_pages(site, case.searched, as_of))
        site.searched = lambda: (other.known, other.facts if other.known.state is State.ALIVE else None)
    site.new_script_hosts = lambda: {host: as_of - timedelta(hours=h) for host, h in case.new_script_hosts.items()}
    site.earlier = {urljoin(HOME, p.url): _earlier(p, as_of) for p in case.pages if p.before is not None}.get
    opened = {page.url: page for page in pages}
    site.open_page = opened.get
    site.workdays = workdays()
    site.inputs = {
        name: InputTable(name, f"config/inputs/{name}.csv", tuple(map(_row, rows)), case.inputs_until.get(name))
        for name, rows in case.inputs.items()
    }
    site.words = words()
    site.columns = tuple(_column(site, c, column, as_of) for c, column in zip(case.columns, columns, strict=True))
    opened |= {c.page.url: c.page for c in site.columns if c.page is not None and c.page.url not in opened}
    home = next((page for page in pages if page.is_home), None)
    site.home = TargetView(
        site, HOME, _known(HOME, case.home, as_of), "page", True, True, 0, home.facts if home else None
    )
    looked = _probes(case, as_of)
    hosts = tuple(HostFacts(h.host, f"https://{h.host}/", as_of - timedelta(hours=1), h.tls) for h in case.hosts)
    looks = tuple(Ipv6Look(HOST, as_of - timedelta(hours=i.hours), i.record, i.reached, i.note) for i in case.ipv6)
    site.probes, site.hosts, site.ipv6 = (lambda: looked), (lambda: hosts), (lambda: looks)
    searched = _search(case.search, as_of) if case.search else None
    site.search = lambda: searched
    site.pages_unknown, site.targets_unknown = case.pages_unknown, case.targets_unknown
    sources = tuple(_source(s, as_of) for s in case.sources)
    others = (_other(other, as_of) for other in case.others)
    return FleetView((site, *_neighbours(case, as_of), *others), sources, as_of)


def _neighbours(case: Case, as_of: datetime) -> Iterator[SiteView]:
    """Its pages are read under the judged site's host: only what they say matters."""
    if case.neighbour is None:
        return
    columns = tuple(Column(c.id, c.name, c.kind, urljoin(HOME, c.url)) for c in case.neighbour.columns)
    registered = Site("zzz", case.neighbour.name, None, "portal", "p", HOME, (HOST,), columns=columns)
    site = SiteView(
        registered, Platform("p"), as_of, None, (), pages=lambda: iter(()), targets=lambda: iter(()), rows=_no_rows
    )
    pages = [page for p in case.neighbour.pages for page in _pages(site, p, as_of)]
    site.pages = lambda: iter(pages)
    site.open_page = {page.url: page for page in pages}.get
    yield site


def _other(case: OtherCase, as_of: datetime) -> SiteView:
    columns = tuple(Column(c.id, c.name, c.kind, urljoin(HOME, c.url), c.field) for c in case.columns)
    registered = Site(case.id, case.name, None, case.level, "p", HOME, (HOST,), columns=columns, area=case.area)
    site = SiteView(
        registered, Platform("p"), as_of, None, (), pages=lambda: iter(()), targets=lambda: iter(()), rows=_no_rows
    )
    site.columns = tuple(_column(site, c, column, as_of) for c, column in zip(case.columns, columns, strict=True))
    return site


def _search(case: SearchCase, as_of: datetime) -> SearchLook:
    titles = ("关于城区供水管网改造的公告", "春季植树造林工作方案", "老旧小区改造项目清单", "公共租赁住房分配方案")
    trials = tuple(
        Trial(title, f"{HOME}art/{n}.html", found, f"{HOME}search?q={n}")
        for n, (title, found) in enumerate(zip(titles, case.found, strict=False))
    )
    said = case.model_dump(exclude={"found"})
    return SearchLook(as_of - timedelta(hours=1), f"{HOME}search?q=0", "form", trials=trials, **said)


def _probes(case: Case, as_of: datetime) -> tuple[Probe, ...]:
    rows: dict[float, Probe] = {}
    for part in case.probes:
        rows = {hours: row for hours, row in rows.items() if not part.to_hours <= hours < part.from_hours}
        for step in range(round((part.from_hours - part.to_hours) * 60 / part.every)):
            hours = part.to_hours + step * part.every / 60
            state, elapsed = STATES[part.outcome], timedelta(seconds=part.seconds)
            at = as_of - timedelta(hours=hours)
            rows[hours] = Probe(at, HOME, state, part.outcome, part.status, elapsed, "", part.note)
    return tuple(row for _, row in sorted(rows.items(), reverse=True))


def _earlier(case: PageCase, as_of: datetime) -> Earlier:
    elder = case if case.before == "same" else case.model_copy(update={"html": case.before})
    facts = parse(document(elder).encode(), urljoin(HOME, case.url), {"content-type": case.type}).facts
    return Earlier(as_of - timedelta(days=10), facts)


def _no_rows(*_: object) -> Sequence[Mapping[str, Any]]:
    raise AssertionError("no rule of ours asks for rows")


def _row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: _moment(value) if isinstance(value, datetime) else value for name, value in row.items()}


def _moment(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)


_OUTCOMES = {
    "alive": (Outcome.OK, 200),
    "dead": (Outcome.NOT_FOUND, 404),
    "suspect": (Outcome.TIMEOUT, None),
    "blocked": (Outcome.PROTECTED, 412),
}


def _known(url: str, case: StateCase, as_of: datetime, content_type: str = "text/html") -> Known:
    if case.state == "unknown":
        return Known(url, "unknown", None)
    outcome, status = _OUTCOMES[case.state]
    outcome, status = case.outcome or outcome, case.status or status
    at = _moment(case.at) if case.at else as_of - timedelta(hours=1)
    elapsed = timedelta(seconds=case.seconds)
    attempts = (Attempt(at, url, status, outcome, elapsed),)
    seen = Seen(1, at, 7, State(case.state), outcome, status, url, elapsed, (), attempts, case.note, content_type)
    match case.state:
        case "suspect":
            return Known(url, "unknown", None, pending=seen)
        case "blocked":
            return Known(url, "unknown", None, blocked=seen)
        case _:
            return Known(url, case.knowledge, State(case.state), seen)


def _pages(site: SiteView, case: PageCase, as_of: datetime) -> Iterator[PageView]:
    for n in range(1, case.times + 1):
        url = urljoin(HOME, case.url.format(n=n) if case.times > 1 else case.url)
        body = document(case).encode()
        parsed = parse(body, url, {"content-type": case.type})
        footer = parsed.facts.footer
        for script, text in case.scripts.items():
            read = parse_script(text.encode(), urljoin(url, script)).footer
            footer = _joined(footer, read, urljoin(url, script))
        listed = tuple(column for c in case.listed_in if (column := site.site.column(c)))
        known = _known(url, case, as_of, case.type)
        facts = parsed.facts
        yield PageView(
            site,
            url,
            known,
            facts,
            footer,
            footer.unread,
            is_home=url == HOME,
            listed_in=listed,
            framed=case.framed,
            find_file=lambda address, files=case.files: _file(files, address),
            open_html=lambda body=body: Html(body),
        )


def _file(files: Mapping[str, str], address: str) -> tuple[Known | None, FileText | None]:
    text = next((text for end, text in files.items() if address.endswith(end)), None)
    if text is None:
        return None, None
    return None, FileText(problem=text[1:]) if text[0] in "?!" else FileText(text)


def document(case: PageCase) -> str:
    """The whole page: `html` as it is when it is one already, with {{footer}} where the footer goes."""
    footer = ""
    if case.footer is not None:
        items = {**ITEMS, **case.footer.written}
        kept = [html for item, html in items.items() if item not in case.footer.without]
        footer = f"<div {case.footer.box}><p>{' '.join(kept)}</p></div>"
    if "<html" in case.html:
        return case.html.replace("{{footer}}", footer)
    menu = '<ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul>'
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{case.title}</title></head>'
        f"<body>{menu}<div class='main'>{case.html}</div>{footer}</body></html>"
    )


def _joined(own: Footer, read: Footer, url: str) -> Footer:
    """As the Snapshot joins them: the page's marks, then those of the script."""
    marks = {item: getattr(own, item) + getattr(read, item) for item in FOOTER_ITEMS}
    unread = tuple(one for one in own.unread if one != url)
    return replace(own, **marks, template=own.template or read.template or "script", unread=unread)


def _targets(site: SiteView, case: TargetCase, as_of: datetime) -> Iterator[TargetView]:
    parents = tuple(Parent(urljoin(HOME, p["url"]), p.get("text", "")) for p in case.parents)
    for n in range(1, case.times + 1):
        url = urljoin(HOME, case.url.format(n=n) if case.times > 1 else case.url)
        own = is_own(site.site, url)
        count = len(parents) if case.parent_count is None else case.parent_count
        yield TargetView(
            site,
            url,
            _known(url, case, as_of),
            case.kind,
            own,
            case.on_home,
            count,
            None,
            soft_404=case.soft_404,
            tenant=Site(case.tenant, case.tenant, None, "portal", "p", HOME, (HOST,)) if case.tenant else None,
            imitates=case.imitates,
            jumps=case.jumps,
            slow=tuple(
                Attempt(as_of - timedelta(hours=s["hours"]), url, 200, Outcome.OK, timedelta(seconds=s["seconds"]))
                for s in case.slow
            ),
            find_parents=lambda: parents,
        )


def _column(site: SiteView, case: ColumnCase, column: Column, as_of: datetime) -> ColumnView:
    known = _known(column.url, case, as_of)
    if case.lands and known.seen:
        known = replace(known, seen=replace(known.seen, final_url=case.lands))
    page = None
    if case.html is not None and case.state == "alive":
        html = case.html
        for words, others in case.swap.items():
            assert words in html, words
            html = html.replace(words, others)
        page = next(_pages(site, PageCase(url=case.url, html=html, title=case.name, files=case.files), as_of))
        page.column = column
    read_at = _moment(case.read_at) if case.read_at else as_of
    first = as_of - timedelta(days=1)
    entries = tuple(
        ListedEntry(
            e.title,
            urljoin(HOME, e.url),
            _moment(e.date) if e.date else None,
            _moment(e.first_seen) if e.first_seen else first,
            as_of,
        )
        for e in case.entries
    )
    reading = Reading(case.reading, None if case.reading == "unread" else read_at, "plain", case.reading_note)
    return ColumnView(site, column, known, page, reading, entries, case.soft_404)


def _source(case: SourceCase, as_of: datetime) -> SourceView:
    deadline = timedelta(hours=case.deadline_hours)
    source = Source(case.id, case.name, case.level, "gov-json", case.feed, deadline, case.owed_by)
    entries = tuple(Entry(e.title, e.url, _moment(e.date) if e.date else None) for e in case.entries)
    return SourceView(source, _known(case.feed, case, as_of), entries)


assert {f.name for f in fields(Footer)} >= set(ITEMS), "a case writes every item of the footer"
