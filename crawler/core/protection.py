"""What a protection product answers: signatures (data: config/waf.yaml) and the pure function that matches them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# How much of a body `match` wants to see: with less, the head of a long page could pass for a short one.
HEAD = 16_384

# A challenge that answers 200 is a shell: FIELD 2.2 gives < 2 kB for the generic ones and < 5 kB for EdgeOne.
_SHELL_LENGTH = 5_000
SHELL_TEXT = 300  # visible characters
# No block page seen has more links than its vendor's few.
_PAGE_LINKS = 10

_LINK = re.compile(r"<a\s[^>]{0,500}?href", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLANK = re.compile(r"\s+|&nbsp;")
# The tags that 47号 asks of a real page (RULES 1.4): no protection product writes them.
SITE_META = re.compile(r"<meta\s[^>]{0,200}?(?:SiteName|SiteIDCode|ColumnName|ArticleTitle)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signature:
    """One way in which one product refuses. A redirect status is only to be asked when it leads to itself.

    A status alone decides only where a signature has nothing else: a status that nobody but the vendor uses.
    """

    vendor: str
    source: str
    statuses: frozenset[int] = frozenset()  # empty: any
    headers: Mapping[str, re.Pattern[str]] = field(default_factory=dict)  # lower-case name -> value; one hit is enough
    cookies: re.Pattern[str] | None = None  # searched in the sorted names joined by ";"
    body: tuple[re.Pattern[str], ...] = ()  # all must be found
    signals_needed: int = 1  # of status (other than 200), header, cookie, body
    own: bool = True  # the vendor's own mark: opens the breaker at once


@dataclass(frozen=True, slots=True)
class Match:
    """A signature that fits, and what agreed, in Chinese."""

    signature: Signature
    signals: tuple[str, ...]

    @property
    def vendor(self) -> str:
        return self.signature.vendor

    @property
    def own(self) -> bool:
        return self.signature.own

    @property
    def says(self) -> str:
        """`瑞数 Botgate：状态码 412、Cookie 4hP44ZykCTt5S`: the verdict and what it rests on (BEHAVIOURS 27)."""
        return f"{self.vendor}：{'、'.join(self.signals)}"


def match(
    signatures: Sequence[Signature],
    status: int | None,
    headers: Mapping[str, str],
    cookies: Iterable[str],
    body_head: str,
) -> Match | None:
    """The first signature that fits; give at least `HEAD` characters of the body, lower-case header names."""
    if status == 200 and len(body_head) >= _SHELL_LENGTH:
        return None  # nearly every page of a crawl ends here
    body = body_head[:HEAD]
    names = ";".join(sorted(cookies))
    for one in signatures:
        if agreed := signals(one, status, headers, names, body):
            if _is_page(body) if status != 200 else not _is_shell(body):
                return None
            kin = (signals(more, status, headers, names, body) for more in signatures if more.vendor == one.vendor)
            return Match(one, tuple(dict.fromkeys((*agreed, *(signal for some in kin for signal in some)))))
    return None


def signals(
    signature: Signature, status: int | None, headers: Mapping[str, str], cookies: str, body: str
) -> tuple[str, ...]:
    """What agreed, in Chinese; () when the signature does not fit. `cookies` are sorted names joined by ";"."""
    if signature.statuses and status not in signature.statuses:
        return ()
    found: list[str] = []
    for name, value in signature.headers.items():
        if (given := headers.get(name)) is not None and value.search(given):
            found.append(f"响应头 {name}: {given[:80]}")
            break
    if signature.cookies and (hit := signature.cookies.search(cookies)):
        found.append(f"Cookie {hit[0].strip(';')[:80]}")
    if signature.body and body:
        hits = [pattern.search(body) for pattern in signature.body]
        if all(hits):
            found.append(f"正文 {next(hit[0] for hit in hits if hit)[:80]}")
    only_status = not (signature.headers or signature.cookies or signature.body)
    if not found and not only_status:
        return ()
    if signature.statuses and status != 200:
        found.insert(0, f"状态码 {status}")
    return tuple(found) if len(found) >= signature.signals_needed else ()


def _is_page(body: str) -> bool:
    """A real page may mention a vendor, or carry $_ts (PATTERNS)."""
    return _links(body) >= _PAGE_LINKS and _text(body) >= SHELL_TEXT


def _is_shell(body: str) -> bool:
    """So little is there that it can be a challenge's."""
    return _links(body) < _PAGE_LINKS and _text(body) < SHELL_TEXT and not SITE_META.search(body)


def _links(body: str) -> int:
    return sum(1 for _ in _LINK.finditer(body))


def _text(body: str) -> int:
    return len(_BLANK.sub("", _TAG.sub("", _without_code(body))))


def _without_code(body: str) -> str:
    """Cut scripts and styles in one pass; an element that never closes ends the text."""
    kept: list[str] = []
    lower = body.lower()
    at = 0
    while at < len(body):
        starts = [(start, name) for name in ("script", "style") if (start := lower.find(f"<{name}", at)) >= 0]
        if not starts:
            kept.append(body[at:])
            break
        start, name = min(starts)
        kept.append(body[at:start])
        end = lower.find(f"</{name}", start)
        if end < 0:
            break
        at = end + len(name) + 2
    return "".join(kept)
