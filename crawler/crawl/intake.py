"""Turns an exchange into rows, and the links of a page into targets: parse once, resolve each href once per site."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from crawler.core.facts import BLANK, FileText, Link, Listing, PageFacts, Parsed
from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.model import EXTERNAL, Fetch, Outcome, Site, State
from crawler.core.scope import Owner, Scope
from crawler.core.urls import host_of, is_action, normalise
from crawler.crawl.documents import is_policy
from crawler.crawl.frontier import ENTRANCE, NEW_TARGET, Frontier, Target
from crawler.crawl.tokens import is_dated
from crawler.crawl.traps import Traps
from crawler.parse import SiteCache, parse, parse_script, read_unit
from crawler.store import crawl_db as db
from crawler.store.pack import Detail, pack_detail, pack_facts, pack_ids, text_key
from crawler.store.writer import Writer

SCRIPT_CAP = 1_000_000  # bytes of a script that is searched for a footer
RESOLVED_CAP = 200_000  # hrefs remembered per site
DEPTH_CAP = 60  # clicks from the home page; deeper is a maze
# What fills or draws a page without a word of text.
_DRAWS = re.compile(
    rb"<(?:script|img|i?frame|frameset|object|embed|video|audio|svg|canvas|form|input|meta\s[^>]*refresh)\b",
    re.IGNORECASE,
)
ACTION = "action"  # kind of what is never asked, remembered with the URL: the word on its link is not
_KEPT_HEADERS = ("server", "content-type", "content-length", "retry-after", "location", "last-modified", "etag", "date")


class Intake:
    """Knows what was asked in this run, numbers new URLs, writes rows. No network, no waiting."""

    def __init__(self, sites: Mapping[str, Site], scope: Scope, frontier: Frontier, writer: Writer, run: int) -> None:
        self.sites = sites  # those crawled tonight
        self.scope = scope
        self.frontier = frontier
        self.writer = writer
        self.run = run
        self.asked: set[int] = set()
        self.traps: dict[str, Traps] = {}
        self.unit_pages: dict[int, str] = {}  # list unit -> the page it belongs to
        self._platforms: dict[str, str] = {}
        self.reads = "policy"  # whose attachments are read whole: policy | all | none
        self.to_read: set[int] = set()
        self.files: dict[int, tuple[bytes, bytes | None, FileText | None]] = {}  # hash, new body and text of an answer
        self.handed_out: dict[int, str] = {}  # attachment whose address may be good once -> the page that gave it
        self._included: set[str] = set()
        self._known: dict[str, SiteCache] = {}
        self._numbers: dict[str, dict[tuple[str, str], int]] = {}

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

    def links(self, page: Target, parsed: Parsed, at: float) -> tuple[list[int], bool]:
        """Ids of the page's targets, and whether it led to something new outside its own URL pattern."""
        numbers = self._numbers.setdefault(page.site, {})
        if len(numbers) > RESOLVED_CAP:
            numbers.clear()
        suffixes = {a.url: a.suffix for a in parsed.facts.attachments}
        ids, leads = [], False
        for link in parsed.links:
            if not link.url:
                continue
            number = numbers.get((link.url, link.kind))
            if number is None:
                number, new = self._link(page, link, suffixes.get(link.url, ""), at)
                numbers[(link.url, link.kind)] = number
                leads = leads or new
            if number:
                ids.append(number)
        if self.reads == "all" or (self.reads == "policy" and is_policy(parsed.facts)):
            self.to_read.update(numbers.get((url, "attachment"), 0) for url in suffixes)
        return ids, leads

    def _includes(self, page: Target, facts: PageFacts, at: float) -> None:
        """What may hold the footer is read whole, once per site, on whatever host of ours it lies."""
        for address in facts.footer.unread:
            if address.startswith(("http://", "https://")) and address not in self._included:
                self._included.add(address)
                _, target = self.target(address, "include", depth=page.depth + 1, at=at, priority=ENTRANCE)
                if target is not None and not self.scope.silent(target.url) and not is_action(target.url):
                    self.frontier.put(target)

    def _link(self, page: Target, link: Link, suffix: str, at: float) -> tuple[int, bool]:
        if link.fault in {"private", "placeholder"} or not link.url.startswith(("http://", "https://")):
            return 0, False
        kind: str = "attachment" if suffix else link.kind
        if kind == "page" and link.origin in {"iframe", "frame"}:
            kind = "frame"
        if kind == "page" and self._left_out(page.site, link.url):
            return 0, False
        action = is_action(link.url, link.text)
        if action:
            kind = ACTION
        number, target = self.target(link.url, kind, depth=page.depth + 1, at=at, suffix=suffix)
        if target is None:
            return number, False
        if kind == "attachment" and target.site == page.site and is_dated(target.url):
            self.handed_out[number] = page.url
        if action:
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
                "detail": None if plain else pack_detail(detail_of(fetch)),
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

    def page(self, target: Target, fetch: Fetch, at: float) -> tuple[PageFacts | None, bytes | None]:
        """Facts of a body that is new, None for one already known; rows of the page and its links are written."""
        if fetch.outcome is Outcome.NOT_MODIFIED:
            return None, target.body_hash
        body = fetch.body
        if body is None or fetch.status == 204:  # 204: "stay where you are"
            return None, None
        body_hash = hashlib.sha256(body).digest()
        if body_hash == target.body_hash and target.parsed:
            return None, body_hash
        url = fetch.final_url or target.url
        facts, ids, leads = self._read(target, url, body, fetch.headers, at)
        if facts is None:
            return None, body_hash
        key = text_key(facts)
        self.writer.body(body_hash, body)
        self.writer.add(
            "pages",
            {
                "url_id": target.id,
                "body_hash": body_hash,
                "facts_version": FACTS_VERSION,
                "text_key": key,
                "flags": flags(facts),
                "facts": pack_facts(facts),
                "links": pack_ids(ids),
            },
        )
        target.parsed = True
        if target.kind == "page" and (traps := self.traps.get(target.site)) is not None:
            traps.count(target.url, article=facts.kind == "article", leads_outside=leads, text_key=key)
        return facts, body_hash

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
                "flags": db.FLAG_SOFT_ERROR,
                "facts": pack_facts(facts),
                "links": pack_ids(()),
            },
        )
        return body_hash

    def _read(
        self, target: Target, url: str, body: bytes, headers: Mapping[str, str], at: float
    ) -> tuple[PageFacts | None, list[int], bool]:
        if target.kind.startswith("unit"):
            listing = read_unit(body, target.kind[5:], url, self.unit_pages.get(target.id, url), headers)
            return unit_facts(url, listing), [], True
        if target.kind in {"script", "include"}:
            if len(body) > SCRIPT_CAP:
                return None, [], False
            return parse_script(body, url, headers), [], False
        if not is_html(headers, body):
            return None, [], False
        parsed = parse(body, url, headers, self._known.setdefault(target.site, SiteCache()))
        ids, leads = self.links(target, parsed, at)
        self._includes(target, parsed.facts, at)
        if target.kind == "baseline":
            return parsed.facts, [], False
        blank = not parsed.links and is_blank(parsed.facts, body)
        return replace(parsed.facts, soft_error=BLANK) if blank else parsed.facts, ids, leads

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


def unit_facts(url: str, listing: Listing) -> PageFacts:
    """A list unit is stored like a page that is nothing but its list."""
    return PageFacts(url=url, declared="", used="utf-8", kind="list", listing=listing)


def is_html(headers: Mapping[str, str], body: bytes) -> bool:
    kind = headers.get("content-type", "").lower()
    if "html" in kind or "xml" in kind:
        return not body.startswith((b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    return (not kind or "text/plain" in kind) and b"<" in body[:1024]


def is_blank(facts: PageFacts, body: bytes) -> bool:
    """A reader sees nothing at all, and nothing in the page could change that."""
    return not (facts.text_length or facts.soft_error or facts.protection or facts.redirect or _DRAWS.search(body))


def flags(facts: PageFacts) -> int:
    """What the audit must find without unpacking every page."""
    footer = facts.footer
    marks = any(
        (footer.conac, footer.jiucuo, footer.site_code, footer.organizer, footer.icp, footer.psb, footer.sitemap)
    )
    return (
        (db.FLAG_SOFT_ERROR if facts.soft_error else 0)
        | (db.FLAG_SHELL if facts.shell else 0)
        | (db.FLAG_PROTECTION if facts.protection else 0)
        | (db.FLAG_REDIRECT if facts.redirect else 0)
        | (db.FLAG_FOOTER if marks else 0)
        | (db.FLAG_POLICY if facts.attachments and is_policy(facts) else 0)
    )


def detail_of(fetch: Fetch) -> Detail:
    headers = {name: fetch.headers[name][:300] for name in _KEPT_HEADERS if name in fetch.headers}
    return Detail(fetch.hops, fetch.attempts, headers, dict(fetch.tls))
