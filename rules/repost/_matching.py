"""What the repost rules share: which items a site owes, and what on the site stands for each of them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import fuzz

from crawler.api import (
    SHANGHAI,
    ColumnView,
    Entry,
    FleetView,
    ListedEntry,
    NotApplicable,
    Said,
    SiteView,
    Source,
    SourceView,
    State,
    Undecidable,
    datetime,
    host_of,
    normalise,
    timedelta,
    why_unknown,
)

# Where a repost is looked for before it is called missing (RULES 5); it may stand anywhere on the site.
REPOST_KINDS = ("国务院信息", "动态要闻", "通知公告", "政策文件")
WINDOW = timedelta(days=30)  # the feeds hold about a month (FIELD 6)
STALE_AFTER = timedelta(hours=24)  # BEHAVIOURS 69
SIMILAR = 85.0  # per cent, RULES 5 "match ≥0.85 similarity"
_TEXT_SIMILAR = 0.6  # share of the source's pieces found in the repost
_PIECES, _PIECE = 10, 12  # pieces of a text and their length
_LONGEST = 300  # characters of a title; longer ones are somebody's joke on our patterns
_SHORT = 8  # characters of a normalised title below which only equality counts

Span = tuple[datetime | None, datetime | None]  # the earliest and latest moment a date may mean
How = Literal["copied", "number", "title_changed", "link"]
HOW_WORDS = {
    "copied": "原题转载",
    "number": "按文号对上",
    "title_changed": "标题有改动",
    "link": "直接链接到原文",
}

_SUFFIX = re.compile(r"[_|－—-]+\s*(?:中国政府网|新华网|人民网|中央人民政府.*|.{2,12}人民政府.*|政府门户网站)\s*$")
_PREFIX = re.compile(r"^\s*[【\[](?:转载|转发|要闻|国务院|中国政府网|权威发布|最新|头条|置顶|顶)[^】\]]{0,8}[】\]]\s*")
_NOT_WORD = re.compile(r"[^\w]|_")
_NUMBER = re.compile(r"([\u4e00-\u9fa5]{1,8})[〔\[(（【]((?:19|20)\d\d)[〕\])）】]\s*(?:第)?(\d{1,4})号")
_FORMAL = re.compile(r"关于(?:印发|转发|发布|公布|下发|批转|印发实施)?")
_ENDING = re.compile(r"的?(?:通知|公告|决定|意见|通告|批复|函)$")
_FIGURES = re.compile(r"\d+|[一二三四五六七八九十百]+(?=[次届批期号季月年日])")
_CUT = re.compile(r"(?:\.{2,}|…+|⋯+)\s*$")


@dataclass(frozen=True, slots=True)
class Title:
    """A title reduced to what must agree before two may be called one."""

    full: str  # letters, digits and characters only
    core: str  # without issuer, 关于印发 and 的通知
    issuer: str
    figures: frozenset[str]
    number: str  # 文号
    cut: bool  # the list cut it short

    @classmethod
    def of(cls, text: str) -> "Title":
        text = unicodedata.normalize("NFKC", text[:_LONGEST])
        cut = _CUT.search(text) is not None
        text = _PREFIX.sub("", _SUFFIX.sub("", text))
        number = number_in(text)
        bare = _NUMBER.sub("", text)
        issuer, _, rest = bare.partition("关于") if "关于" in bare[:40] else ("", "", bare)
        quoted = re.search(r"《([^》]{6,})》", bare)
        core = _plain(quoted[1] if quoted else _ENDING.sub("", _plain(_FORMAL.sub("", rest, count=1))))
        return cls(_plain(bare), core, _plain(issuer), frozenset(_FIGURES.findall(_plain(bare))), number, cut)

    def equals(self, other: "Title") -> bool:
        if self.full == other.full:
            return bool(self.full)
        short, long = sorted((self, other), key=lambda t: len(t.full))
        return short.cut and len(short.full) >= 12 and long.full.startswith(short.full)

    def resembles(self, other: "Title") -> bool:
        """The same matter in other words; another year, number or issuer is another matter."""
        if self.figures != other.figures and not (self.cut or other.cut):
            return False
        if self.issuer and other.issuer and self.issuer not in other.issuer and other.issuer not in self.issuer:
            return False
        short, long = sorted((self.core, other.core), key=len)
        if len(short) < _SHORT:
            return False
        return short in long or fuzz.ratio(self.full, other.full) >= SIMILAR


def _plain(text: str) -> str:
    return _NOT_WORD.sub("", text).replace("中华人民共和国", "").lower()


def number_in(text: str) -> str:
    """`国办发2026 31`: a 文号 in canonical form, "" where there is none."""
    match = _NUMBER.search(unicodedata.normalize("NFKC", text))
    return f"{_issuer_mark(match[1])}{match[2]} {int(match[3])}" if match else ""


def _issuer_mark(text: str) -> str:
    """The last words before the year: 文号 stand in running text, too."""
    return re.split(r"[的了和与及按据]|根据|依据|通知|印发", text)[-1]


@dataclass(frozen=True, slots=True)
class Local:
    """Something on the site that may be a repost."""

    url: str
    title: Title
    shown: str
    earliest: datetime | None  # when it was published: a range, since many dates are days
    latest: datetime | None
    text: str = ""
    number: str = ""

    def recent(self, since: datetime) -> bool:
        return self.latest is None or self.latest >= since


@dataclass(slots=True)
class Index:
    """All that a site offers, ready to be asked for one item after the other."""

    by_title: dict[str, list[Local]] = field(default_factory=dict)
    by_number: dict[str, list[Local]] = field(default_factory=dict)
    by_url: dict[str, list[Local]] = field(default_factory=dict)
    all: list[Local] = field(default_factory=list)

    def add(self, local: Local) -> None:
        self.all.append(local)
        self.by_title.setdefault(local.title.full, []).append(local)
        self.by_url.setdefault(_address(local.url), []).append(local)
        for number in {local.number, local.title.number} - {""}:
            self.by_number.setdefault(number, []).append(local)


@dataclass(frozen=True, slots=True)
class Match:
    how: How
    local: Local


@dataclass(frozen=True, slots=True)
class Owed:
    """One item of one source, as one site owes it."""

    site: SiteView
    source: Source
    item: Entry
    earliest: datetime  # when the source published it
    latest: datetime
    match: Match | None

    @property
    def due(self) -> datetime:
        return self.latest + self.source.deadline


def owed(fleet: FleetView, *, window: timedelta, stale_after: timedelta) -> list[Owed | Said]:
    """Every item every site owes, matched, and what keeps a source or a site from being judged. Both rules ask."""
    name = f"reposts:owed:{window}:{stale_after}"
    if name not in fleet.memo:
        fleet.memo[name] = list(_owed(fleet, window, stale_after))
    found: list[Owed | Said] = fleet.memo[name]
    return found


def _owed(fleet: FleetView, window: timedelta, stale_after: timedelta) -> Iterator[Owed | Said]:
    judged: dict[str, list[SourceView]] = {}
    for site in fleet.sites:
        sources = [view for view in fleet.sources if _owes(site, view.source)]
        if not sources:
            yield NotApplicable("没有登记此网站应转载的信息来源", site.id)
            continue
        for view in sources:
            if reason := _unusable(view, fleet.as_of, stale_after):
                yield Undecidable(f"来源“{view.source.name}”{reason}", view.source.feed, site.id)
            else:
                judged.setdefault(site.id, []).append(view)
    for site in fleet.sites:
        seen: set[str] = set()
        for view in judged.get(site.id, []):
            yield from _items(site, view, fleet, window, seen)


def _items(site: SiteView, view: SourceView, fleet: FleetView, window: timedelta, seen: set[str]) -> Iterator[Owed]:
    index = _index(fleet, site, fleet.as_of - window)
    for item in view.entries:
        key = _address(item.url)
        if not item.title or not item.url or item.date is None or key in seen:  # FIELD 6: rows without title or URL
            continue
        seen.add(key)
        earliest, latest = when(item.date)
        if latest < fleet.as_of - window or earliest > fleet.as_of:
            continue
        text = _text_of(fleet, site, item, fleet.as_of - window)
        yield Owed(site, view.source, item, earliest, latest, find(index, item, earliest, text))


def _text_of(fleet: FleetView, site: SiteView, item: Entry, since: datetime) -> str:
    """The body of an item, where its source is a site that we read ourselves."""
    owner = next((s for s in fleet.sites if s is not site and host_of(item.url) in s.site.hosts), None)
    found = _index(fleet, owner, since).by_url.get(_address(item.url), []) if owner else []
    return next((local.text for local in found if local.text), "")


def _owes(site: SiteView, source: Source) -> bool:
    return (site.site.level in source.owed_by or site.id in source.owed_by) and (
        host_of(source.feed) not in site.site.hosts or not normalise(source.feed).startswith("http")
    )


def _unusable(view: SourceView, as_of: datetime, stale_after: timedelta) -> str:
    if view.known.state is not State.ALIVE or view.known.knowledge in {"expired", "unknown"}:
        return f"没有读到：{why_unknown(view.known)}"
    newest = max((when(entry.date)[1] for entry in view.entries if entry.date), default=None)
    if newest is None:
        return "没有带日期的条目"
    if newest + stale_after < as_of:
        return f"自 {newest:%Y-%m-%d} 起没有新内容，暂停比对"
    return ""


def when(date: datetime, precision: str = "") -> tuple[datetime, datetime]:
    """The range a date stands for: midnight is a day without a time (BEHAVIOURS 71)."""
    date = date.astimezone(SHANGHAI) if date.tzinfo else date.replace(tzinfo=SHANGHAI)
    if precision == "minute" or (not precision and (date.hour or date.minute or date.second)):
        return date, date
    start: datetime = date.replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)


def _address(url: str) -> str:
    """Without scheme: http and https show one article."""
    return normalise(url).partition("://")[2].removesuffix("/")


def _index(fleet: FleetView, site: SiteView, since: datetime) -> Index:
    """Made once for both rules: it reads every page of the site."""
    name = f"reposts:{site.id}:{since.isoformat()}"
    if name not in fleet.memo:
        fleet.memo[name] = _read(site, since)
    index: Index = fleet.memo[name]
    return index


def _read(site: SiteView, since: datetime) -> Index:
    index = Index()
    spans: dict[str, Span] = {}
    whole: set[str] = set()  # pages that say their title in full: the list's shortened one counts no more
    listed = {_address(e.url): e for column in site.columns for e in column.entries if e.url}
    for page in site.pages():
        facts = page.facts
        if facts.kind != "article" and not facts.published:
            continue
        entry = listed.get(_address(page.url))
        span = when(facts.published.value, facts.published.precision) if facts.published else _listed_span(entry)
        spans[_address(page.url)] = span
        if facts.heading:
            whole.add(_address(page.url))
        if span[1] is None or span[1] >= since:
            words = facts.heading or facts.meta("ArticleTitle") or facts.title
            text, number = _plain(facts.main_text), number_in(facts.document_number)
            index.add(Local(page.url, Title.of(words), words, span[0], span[1], text, number))
    for address, entry in listed.items():
        span = spans.get(address, _listed_span(entry))
        if span[1] is None or span[1] >= since:
            title = Title.of(entry.title)
            if not (title.cut and address in whole):
                index.add(Local(entry.url, title, entry.title, span[0], span[1]))
    index.all.sort(key=lambda local: (local.url, local.shown))
    return index


def _listed_span(entry: ListedEntry | None) -> Span:
    return when(entry.date) if entry and entry.date else (None, None)


def find(index: Index, item: Entry, earliest: datetime, text: str = "") -> Match | None:
    """By address, then title, 文号, similar title, body: the surest first (BEHAVIOURS 70)."""
    title = Title.of(item.title)
    # A day's grace: sources and sites do not agree on midnight. What is older is last year's meeting of that name.
    since = earliest - timedelta(days=1)
    surest: tuple[tuple[How, list[Local]], ...] = (
        ("link", index.by_url.get(_address(item.url), [])),
        ("copied", index.by_title.get(title.full, []) if title.full else []),
        ("number", index.by_number.get(title.number, []) if title.number else []),
    )
    for how, found in surest:
        if recent := [one for one in found if one.recent(since)]:
            return Match(how, _first(recent))
    near = [one for one in index.all if one.recent(since)]
    tests: tuple[tuple[How, Callable[[Local], bool]], ...] = (
        ("copied", lambda one: title.equals(one.title)),
        ("title_changed", lambda one: title.resembles(one.title)),
        ("title_changed", lambda one: len(title.core) >= 12 and title.core in one.text),
        ("title_changed", lambda one: bool(text) and contained(text, one.text)),
    )
    for how, test in tests:
        if passed := [one for one in near if test(one)]:
            return Match(how, _first(passed))
    return None


def contained(source: str, text: str) -> bool:
    """Whether most pieces of the source's text stand in the other one. Pieces, not shingles: it runs on every page."""
    if len(source) < _PIECES * _PIECE:
        return False
    step = (len(source) - _PIECE) // (_PIECES - 1)
    missing = 0
    for start in range(0, step * _PIECES, step):
        missing += source[start : start + _PIECE] not in text
        if missing > _PIECES * (1 - _TEXT_SIMILAR):
            return False
    return True


def _first(found: list[Local]) -> Local:
    """The earliest repost is the one that counts; undated ones come last."""
    return min(found, key=lambda one: (one.latest is None, one.latest or datetime.max, one.url))


def tally(items: list[Owed]) -> str:
    """How many were owed and what became of them, so that nobody reads a number without its whole (BEHAVIOURS 70)."""
    counts = Counter(became(one) for one in items)
    shown = [
        f"{name} {counts[name]}" for name in (*HOW_WORDS.values(), "滞后", "漏转", "说不准", "未到期限") if counts[name]
    ]
    return f"共 {len(items)} 条：" + "、".join(shown)


def became(one: Owed) -> str:
    """原题转载, 标题有改动, 直接链接, 滞后, 漏转, 说不准 or 未到期限."""
    if one.match is None:
        if one.site.as_of <= one.due:
            return "未到期限"
        return "说不准" if unread_column(one.site, one.due) else "漏转"
    local = one.match.local
    if local.earliest is None or local.latest is None:
        return "说不准"
    if local.earliest > one.due:
        return "滞后"
    late = local.latest > one.earliest + one.source.deadline
    if late:
        return "说不准"
    return HOW_WORDS["title_changed" if one.match.how == "number" else one.match.how]


def unread_column(site: SiteView, due: datetime) -> str | None:
    """Why the repost columns cannot tell that an item is missing; None when they can (BEHAVIOURS 72).

    A complete reading reached the end or what an earlier complete one knew: it covers every date.
    """
    for column in repost_columns(site):
        reading = column.reading
        if not reading.complete or reading.at is None:
            return f"栏目“{column.column.name}”没有读完" + (f"（{reading.note}）" if reading.note else "")
        if reading.at < due:
            return f"栏目“{column.column.name}”在转载期限之后还没有读过"
    return None


def repost_columns(site: SiteView) -> list[ColumnView]:
    return [column for column in site.columns if column.column.kind in REPOST_KINDS]
