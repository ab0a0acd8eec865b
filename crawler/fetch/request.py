"""What is asked for, and the headers that ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from crawler.core.filetype import HEAD

from .limiter import Lane

Kind = Literal[
    "page",
    "attachment",
    "image",
    "script",
    "style",
    "media",
    "external",
    "feed",
    "robots",
    "baseline",
    "search",
    "document",
]

PAGE_CAP = 5_000_000  # bytes, decoded (BEHAVIOURS 37)
FAULT_CAP = 65_536  # of an error page or a redirect's body
ROBOTS_CAP = 512_000  # RFC 9309 asks for 500 KiB

# Only the head of these is read: enough to tell what they are, or what an external page is called.
RANGED: frozenset[Kind] = frozenset({"attachment", "image", "media", "external"})
# Their content must fit their suffix.
FILES: frozenset[Kind] = frozenset({"attachment", "document", "image", "media", "script", "style"})
# What an external page says of itself (deleted, for sale) stands below 20 kB of styles on the commonest platform.
EXTERNAL_CAP = 65_536
_CAPS: Mapping[Kind, int] = {"robots": ROBOTS_CAP, **dict.fromkeys(RANGED, HEAD), "external": EXTERNAL_CAP}
_LANES: Mapping[Kind, Lane] = {
    "attachment": "attachment",
    "document": "attachment",  # an attachment that is read whole
    "media": "attachment",
    "search": "search",
}

_ACCEPT: Mapping[Kind, str] = {
    "page": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "search": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "baseline": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "external": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "feed": "application/json,application/xml;q=0.9,*/*;q=0.8",
    "robots": "text/plain,*/*;q=0.8",
    "image": "image/*,*/*;q=0.8",
    "style": "text/css,*/*;q=0.8",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One URL to ask for. What may be asked is the caller's decision; the fetcher refuses what is not http(s)."""

    url: str
    kind: Kind = "page"
    platform: str = "external"
    etag: str | None = None
    last_modified: str | None = None
    validated_url: str = ""  # the URL that gave the two: they are sent to no other; the request's own when empty
    suffix: str = ""  # what an attachment says it is: pdf, docx; "" unknown
    largest: int = 0  # bytes, where it differs from the cap of its kind

    @property
    def cap(self) -> int:
        return self.largest or _CAPS.get(self.kind, PAGE_CAP)

    @property
    def lane(self) -> Lane:
        return _LANES.get(self.kind, "page")

    @property
    def is_conditional(self) -> bool:
        return bool(self.etag or self.last_modified)


class Headers:
    """Request headers as raw pairs, built once for each kind."""

    def __init__(self, user_agent: str) -> None:
        shared = [
            (b"User-Agent", user_agent.encode("latin-1", "replace")),
            (b"Accept-Language", b"zh-CN,zh;q=0.9,en;q=0.5"),
        ]
        self._plain: dict[str, list[tuple[bytes, bytes]]] = {}
        self._ranged: dict[str, list[tuple[bytes, bytes]]] = {}
        for kind in Kind.__args__:  # type: ignore[attr-defined]
            accept = (b"Accept", _ACCEPT.get(kind, "*/*").encode())
            self._plain[kind] = [*shared, accept, (b"Accept-Encoding", b"gzip, deflate")]
            # A range of a compressed file could not be read, so files are asked for as they are.
            head = [(b"Accept-Encoding", b"identity"), (b"Range", b"bytes=0-%d" % (_CAPS.get(kind, HEAD) - 1))]
            self._ranged[kind] = [*shared, accept, *head]

    def of(self, request: Request, url: str, cookie: str, *, ranged: bool) -> list[tuple[bytes, bytes]]:
        pairs = (self._ranged if ranged else self._plain)[request.kind]
        extra = []
        if request.is_conditional and url == (request.validated_url or request.url):
            if request.etag:
                extra.append((b"If-None-Match", _value(request.etag)))
            if request.last_modified:
                extra.append((b"If-Modified-Since", _value(request.last_modified)))
        if cookie:
            extra.append((b"Cookie", _value(cookie)))
        return [*pairs, *extra] if extra else pairs


def _value(text: str) -> bytes:
    """A header value that cannot start another header."""
    return text.replace("\r", "").replace("\n", "").strip().encode("latin-1", "replace")[:8192]
