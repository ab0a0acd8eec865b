"""Turns an exchange into rows, and the links of a page into targets: parse once, resolve each href once per site."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.facts import FileText, Listing, PageFacts
from crawler.core.model import EXTERNAL, Fetch, Outcome, Site, State
from crawler.core.scope import Owner, Scope
from crawler.core.urls import host_of, is_action, normalise
from crawler.crawl.digest import Digest, NewLink, digest
from crawler.crawl.frontier import ENTRANCE, NEW_TARGET, Frontier, Target
from crawler.crawl.reader import Reader, Reference
from crawler.crawl.tokens import is_dated
from crawler.crawl.traps import Traps
from crawler.parse import parse_script, read_unit
from crawler.store.flags import FLAG_SOFT_ERROR
from crawler.store.pack import Detail, pack_detail, pack_facts, pack_ids, text_key
from crawler.store.writer import Writer

SCRIPT_CAP = 1_000_000  # bytes of a script that is searched for a footer
DEPTH_CAP = 60  # clicks from the home page; deeper is a maze
ACTION = "action"  # kind of what is never asked, remembered with the URL: the word on its link is not
_KEPT_HEADERS = (
    "server", "content-type", "content-length", "retry-after", "location", "last-modified", "etag", "date",
    "content-encoding", "via", "x-via", "x-cache", "x-request-id",
)  # fmt: skip


class Intake:
    """Knows what was asked in this run, numbers new URLs, writes rows. No network; only reading a page may wait."""

    def __init__(
        self,
        sites: Mapping[str, Site],
        scope: Scope,
        frontier: Frontier,
        writer: Writer,
        run: int,
        reader: Reader | None = None,
    ) -> None:
        self.sites = sites  # those crawled tonight
        self.scope = scope
        self.frontier = frontier
        self.writer = writer
        self.run = run
        self.asked: set[int] = set()
        self.reading: dict[int, asyncio.Future[None]] = {}  # asked, and its rows are not written yet
        self.traps: dict[str, Traps] = {}
        self.unit_pages: dict[int, str] = {}  # list unit -> the page it belongs to
        self._platforms: dict[str, str] = {}
        self.reads = "policy"  # whose attachments are read whole: policy | all | none
        self.to_read: set[int] = set()
        self.files: dict[int, tuple[bytes, bytes | None, FileText | None]] = {}  # hash, new body and text of an answer
        self.handed_out: dict[int, str] = {}  # attachment whose address may be good once -> the page that gave it
        self.reader = reader or Reader(beside=False)
        self._included: set[str] = set()
        self._nested: set[int] = set()  # includes of includes: theirs are not followed

    def platform(self, site: str, lane: str) -> None:
        self._platforms[site] = lane

    def lane_of(self, owner: Owner) -> str:
        return self._platforms.get(owner.site or owner.host_site or "", EXTERNAL.id)

    # ── URLs ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def target(
        self, url: str, kind: str, *, depth: int, at: float, priority: int = NEW_TARGET, suffix: str = ""
    ) -> tuple[int, Target | None]:
        """The id of a URL, and its target when it is new. Ids are 0 for what is never a target."""
        key = normalise(url)
        number, new = self.frontier.number(key)
        if not new:
            return number, None
        owner = self.scope.owner(key)
        lane = self.lane_of(owner)
        host = host_of(key)
        target = Target(number, key, owner.site or "", lane, host, kind, suffix, depth, priority)
        self.writer.add(
            "urls",
            {
                "id": number,
                "url": key,
                "site": target.site,
                "lane": lane,
                "host": host,
                "kind": kind,
                "suffix": suffix,
                "depth": depth,
                "first_seen": at,
            },
        )
        return number, target

    def links(
        self, page: Target, references: Sequence[Reference], at: float, *, policy: bool
    ) -> tuple[list[int], bool]:
        """Ids of the page's targets, and whether it led to something new outside its own URL pattern."""
        leads = False
        for reference in references:
            if reference.link is not None:
                reference.number, new = self._link(page, reference.link, at)
                reference.link = None
                leads = leads or new
        if self.reads == "all" or (self.reads == "policy" and policy):
            self.to_read.update(each.number for each in references if each.is_file)
        return [reference.number for reference in references if reference.number], leads

    def _includes(self, page: Target, unread: Sequence[str], at: float) -> list[int]:
        """What may hold the footer is read whole, once per site, on whatever host of ours it lies."""
        numbers = []
        for address in unread:
            if address.startswith(("http://", "https://")) and address not in self._included:
                self._included.add(address)
                number, target = self.target(address, "include", depth=page.depth + 1, at=at, priority=ENTRANCE)
                numbers.append(number)
                if target is not None and not self.scope.silent(target.url) and not is_action(target.url):
                    self.frontier.put(target)
        return numbers

    def _link(self, page: Target, link: NewLink, at: float) -> tuple[int, bool]:
        kind = link.kind
        if not kind:
            return 0, False
        if kind == "page" and self._left_out(page.site, link.url):
            return 0, False
        if link.action:
            kind = ACTION
        number, target = self.target(link.url, kind, depth=page.depth + 1, at=at, suffix=link.suffix)
        if target is None:
            return number, False
        if kind == "attachment" and target.site == page.site and is_dated(target.url):
            self.handed_out[number] = page.url
        if link.action:
            self.refuse(target, Outcome.ACTION, "操作类地址（登录、提交等），不请求", at)
        elif self.scope.silent(target.url):
            self.refuse(target, Outcome.ROBOTS, "网站待确认，不请求", at)
        elif target.depth <= DEPTH_CAP:
            self.frontier.put(target)
        return number, True

    def _left_out(self, site: str, url: str) -> bool:
        """New URLs of a pattern that is cut; what is known already stays a target."""
        traps = self.traps.get(site)
        if traps is None or not traps.refuses(url) or self.frontier.knows(normalise(url)):
            return False
        traps.leave_out(url)
        return True

    def link_entry(self, url: str, at: float) -> None:
        """A row of a list goes to the head of the night: new entries are what people ask about."""
        if not url.startswith(("http://", "https://")):
            return
        _, target = self.target(url, "page", depth=2, at=at, priority=ENTRANCE)
        if target is not None and not self.scope.silent(target.url) and not is_action(target.url):
            self.frontier.put(target)

    def refuse(self, target: Target, outcome: Outcome, note: str, at: float) -> None:
        """A row that says why a URL was not asked."""
        moment = datetime.fromtimestamp(at, UTC)
        self.asked.add(target.id)
        self.rows(target, Fetch(target.url, moment, outcome, State.BLOCKED, note=note), None, at, None)

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def rows(self, target: Target, fetch: Fetch, body_hash: bytes | None, at: float, due: float | None) -> None:
        final = "" if fetch.final_url in ("", target.url) else fetch.final_url
        plain = fetch.state is State.ALIVE and len(fetch.attempts) < 2 and not fetch.hops and not fetch.tls
        detail = Detail() if plain else detail_of(fetch)
        if plain and body_hash is not None and body_hash != target.body_hash:
            detail = Detail(headers=detail_of(fetch).headers)  # of each body kept: evidence shows how it was answered
        self.writer.add(
            "fetches",
            {
                "url_id": target.id,
                "run": self.run,
                "at": at,
                "state": fetch.state.value,
                "outcome": fetch.outcome.value,
                "status": fetch.status,
                "final_url": final,
                "elapsed": fetch.elapsed.total_seconds(),
                "content_type": fetch.headers.get("content-type", "")[:200],
                "body_hash": body_hash,
                "length": fetch.length,
                "truncated": int(fetch.truncated),
                "note": fetch.note[:500],
                "detail": pack_detail(detail) if detail.headers or not plain else None,
            },
        )
        if body_hash is not None:
            target.body_hash = body_hash
            target.etag = fetch.headers.get("etag", "")[:500]
            target.modified = fetch.headers.get("last-modified", "")[:100]
        if fetch.state is State.ALIVE and fetch.outcome is not Outcome.NOT_MODIFIED:
            target.full_at = at
        target.asked_at = at
        self.writer.add(
            "asked",
            {
                "key": target.id,
                "asked_run": self.run,
                "asked_at": at,
                "full_at": target.full_at,
                "due": due,
                "etag": target.etag,
                "modified": target.modified,
                "body_hash": target.body_hash,
            },
        )

    async def page(self, target: Target, fetch: Fetch, at: float) -> tuple[Digest | None, bytes | None]:
        """What a body that is new comes to, None for one already known; rows of the page and its links are written."""
        if fetch.outcome is Outcome.NOT_MODIFIED:
            return None, target.body_hash
        body = fetch.body
        if body is None or fetch.status == 204:  # 204: "stay where you are"
            return None, None
        body_hash = hashlib.sha256(body).digest()
        if body_hash == target.body_hash and target.parsed:
            return None, body_hash
        url = fetch.final_url or target.url
        read, ids, leads = await self._read(target, url, body, fetch.headers, at)
        if read is None:
            return None, body_hash
        self.writer.body(body_hash, body)
        self.writer.add(
            "pages",
            {
                "url_id": target.id,
                "body_hash": body_hash,
                "facts_version": FACTS_VERSION,
                "text_key": read.text_key,
                "flags": read.flags,
                "facts": read.facts,
                "links": pack_ids(ids),
            },
        )
        target.parsed = True
        if target.kind == "page" and (traps := self.traps.get(target.site)) is not None:
            traps.count(target.url, article=read.article, leads_outside=leads, text_key=read.text_key)
        return read, body_hash

    def file(self, target: Target) -> bytes | None:
        """Facts of an attachment that was just read whole; the hash of its bytes, None where it was not."""
        body_hash, body, text = self.files.pop(target.id, (None, None, None))
        if body_hash is None or text is None:
            return body_hash
        if body is not None:
            self.writer.body(body_hash, body)
        self.writer.add(
            "pages",
            {
                "url_id": target.id,
                "body_hash": body_hash,
                "facts_version": FACTS_VERSION,
                "text_key": 0,
                "flags": 0,
                "facts": pack_facts(PageFacts(url=target.url, declared="", used="", file=text)),
                "links": pack_ids(()),
            },
        )
        target.parsed = True
        return body_hash

    def note_trouble(self, target: Target, body: bytes, facts: PageFacts) -> bytes:
        """Keep what a page of nobody's site says instead of its content; none of its links is ours to check."""
        body_hash = hashlib.sha256(body).digest()
        self.writer.body(body_hash, body)
        self.writer.add(
            "pages",
            {
                "url_id": target.id,
                "body_hash": body_hash,
                "facts_version": FACTS_VERSION,
                "text_key": text_key(facts),
                "flags": FLAG_SOFT_ERROR,
                "facts": pack_facts(facts),
                "links": pack_ids(()),
            },
        )
        return body_hash

    async def _read(
        self, target: Target, url: str, body: bytes, headers: Mapping[str, str], at: float
    ) -> tuple[Digest | None, Sequence[int], bool]:
        if target.kind.startswith("unit") or target.kind in {"script", "include"}:
            facts = _read_part(target.kind, url, body, self.unit_pages.get(target.id, url), headers)
            if facts is None:
                return None, (), False
            if target.kind in {"script", "include"} and target.id not in self._nested:
                self._nested.update(self._includes(target, facts.footer.unread, at))
            return digest(facts), (), target.kind.startswith("unit")
        if not is_html(headers, body):
            return None, (), False
        baseline = target.kind == "baseline"
        read, references = await self.reader.read(target.site, url, body, headers, baseline=baseline)
        ids, leads = self.links(target, references, at, policy=read.policy)
        self._includes(target, read.unread, at)
        return (read, (), False) if baseline else (read, ids, leads)

    def entrance(self, url: str, kind: str, at: float) -> tuple[int, Target | None]:
        """A target for the head of the night; None when this run has its answer. What is known of it stays known."""
        number, target = self.target(url, kind, depth=0, at=at, priority=ENTRANCE)
        if target is None:
            target = self.frontier.targets.get(number)
        if target is not None:
            target.priority = min(target.priority, ENTRANCE)
            return number, target
        if number in self.asked:
            return number, None
        key = normalise(url)
        owner = self.scope.owner(key)
        return number, Target(number, key, owner.site or "", self.lane_of(owner), host_of(key), kind, priority=ENTRANCE)


def _read_part(kind: str, url: str, body: bytes, page: str, headers: Mapping[str, str]) -> PageFacts | None:
    """Facts of what is only a part of pages: a list unit, a script."""
    if kind.startswith("unit"):
        return unit_facts(url, read_unit(body, kind[5:], url, page, headers))
    return parse_script(body, url, headers) if len(body) <= SCRIPT_CAP else None


def unit_facts(url: str, listing: Listing) -> PageFacts:
    """A list unit is stored like a page that is nothing but its list."""
    return PageFacts(url=url, declared="", used="utf-8", kind="list", listing=listing)


def is_html(headers: Mapping[str, str], body: bytes) -> bool:
    kind = headers.get("content-type", "").lower()
    if "html" in kind or "xml" in kind:
        return not body.startswith((b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    return (not kind or "text/plain" in kind) and b"<" in body[:1024]


def detail_of(fetch: Fetch) -> Detail:
    headers = {name: fetch.headers[name][:300] for name in _KEPT_HEADERS if name in fetch.headers}
    return Detail(fetch.hops, fetch.attempts, headers, dict(fetch.tls))
