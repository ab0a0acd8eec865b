"""The exchanges of a finding as WARC 1.1 (ISO 28500), for any public tool."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.core.evidence import Body, Exchange, Gathered
from crawler.core.model import Outcome

_NAMESPACE: Final = uuid.UUID("6f1d8b0a-4f43-5c0e-9a57-7c5f4b8a2e11")  # ours: equal exchanges give equal record ids
_SAME: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
NEVER_ASKED: Final = frozenset({Outcome.ROBOTS, Outcome.PRIVATE, Outcome.ACTION, Outcome.BREAKER})
# The body is kept decoded and whole, so these would speak of other bytes.
_OF_THE_WIRE: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

_ABOUT: Final = (
    "Written from the fetch log of govcheck. Requests are rebuilt from the log; of the response headers those that "
    "the log keeps; bodies are decoded of their content-encoding, original headers about it stand as X-Archive-Orig-*. "
    "WARC-Truncated: the body was not kept, or was cut at the cap."
)


class _Archive:
    """Writes the records of one bundle and remembers which bodies stand in it."""

    def __init__(self, stream: BinaryIO, bodies: Mapping[str, Body]) -> None:
        self._warc = WARCWriter(stream, gzip=True, warc_version="1.1")
        self._bodies = bodies
        self._written: dict[str, tuple[str, datetime, str]] = {}  # body -> URL, time and id of its response
        self.records = 0

    def info(self, program: str, made: datetime, name: str) -> None:
        said = {"software": f"govcheck/{program}", "format": "WARC File Format 1.1", "description": _ABOUT}
        body = "".join(f"{label}: {value}\r\n" for label, value in said.items()).encode()
        self._put("", "warcinfo", made, name, body, "application/warc-fields", {"WARC-Filename": name})

    def exchange(self, each: Exchange) -> None:
        ident = f"{each.run}/{each.number}"
        concurrent = ""
        if each.outcome not in NEVER_ASKED:
            for place, hop in enumerate(each.hops):
                key = f"{ident}/hop/{place}"
                concurrent = self._request(each, hop.url, each.at, key)
                head = _head(hop.status, {"location": hop.location})
                self._response(hop.url, each.at, key, head, b"", concurrent, "unspecified")
            for place, attempt in enumerate(each.attempts[:-1]):
                self._request(each, attempt.url, attempt.at, f"{ident}/attempt/{place}")
            concurrent = self._last(each, ident)
        facts = json.dumps(exchange_document(each), ensure_ascii=False, indent=1).encode("utf-8", "replace")
        extra = {"WARC-Concurrent-To": concurrent} if concurrent else {}
        self._put(each.final_url, "metadata", each.at, f"{ident}/log", facts, "application/json", extra)

    def _last(self, each: Exchange, ident: str) -> str:
        """The answer that decided, or nothing where there was none: the metadata record tells of it."""
        asked = self._request(each, each.final_url, each.attempts[-1].at, ident)
        if each.status is None:
            return asked
        head = _head(each.status, {"content-type": each.content_type, **each.headers})
        body = self._bodies.get(each.body_hash)
        known = self._written.get(each.body_hash)
        if known is not None and body is not None and body.data is not None:
            self._revisit(each, ident, head, body.data, known, asked)
        elif body is None or body.data is None or each.outcome is Outcome.NOT_MODIFIED:
            self._response(each.final_url, each.at, ident, head, b"", asked, "unspecified")
        else:
            self._response(each.final_url, each.at, ident, head, body.data, asked, "length" if each.truncated else "")
            self._written[each.body_hash] = (each.final_url, each.at, _record_id(f"{ident}/response"))
        return _record_id(f"{ident}/response")

    def _request(self, each: Exchange, url: str, at: datetime, ident: str) -> str:
        # What a list API was posted is not in the log, so its request is not rebuilt.
        if each.kind.startswith("unit") or not url.startswith(("http://", "https://")):
            return ""
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        agent = [("User-Agent", _clean(each.agent))] if each.agent else []
        head = StatusAndHeaders(
            f"GET {_clean(path)} HTTP/1.1", [("Host", _clean(parts.netloc)), *agent], is_http_request=True
        )
        self._put(url, "request", at, f"{ident}/request", b"", "application/http; msgtype=request", {}, head)
        return _record_id(f"{ident}/request")

    def _response(
        self, url: str, at: datetime, ident: str, head: StatusAndHeaders, body: bytes, asked: str, cut: str
    ) -> None:
        extra = {"WARC-Truncated": cut} if cut else {}
        if asked:
            extra["WARC-Concurrent-To"] = asked
        kind = "application/http; msgtype=response"
        self._put(url, "response", at, f"{ident}/response", body, kind, extra, head)

    def _revisit(
        self,
        each: Exchange,
        ident: str,
        head: StatusAndHeaders,
        body: bytes,
        known: tuple[str, datetime, str],
        asked: str,
    ) -> None:
        url, at, record = known
        extra = {
            "WARC-Profile": _NOT_MODIFIED if each.outcome is Outcome.NOT_MODIFIED else _SAME,
            "WARC-Refers-To": record,
            "WARC-Refers-To-Target-URI": _clean(url),
            "WARC-Refers-To-Date": _date(at),
            "WARC-Payload-Digest": _payload_digest(body),
        }
        if asked:
            extra["WARC-Concurrent-To"] = asked
        kind = "application/http; msgtype=response"
        self._put(each.final_url, "revisit", each.at, f"{ident}/response", b"", kind, extra, head)

    def _put(
        self,
        url: str,
        kind: str,
        at: datetime,
        ident: str,
        body: bytes,
        content_type: str,
        extra: Mapping[str, str],
        head: StatusAndHeaders | None = None,
    ) -> None:
        named = _record_id(ident) if head is not None else _record_id(f"{ident}/{kind}")
        given = {"WARC-Record-ID": named, "WARC-Date": _date(at), **extra}
        record: Any = self._warc.create_warc_record(
            _clean(url),
            kind,
            payload=BytesIO(body),
            length=len(body),
            warc_content_type=content_type,
            warc_headers_dict=given,
            http_headers=head,
        )
        self._warc.write_record(record)
        self.records += 1


def write(stream: BinaryIO, gathered: Gathered, *, program: str, made: datetime, name: str) -> int:
    """Returns the number of records."""
    archive = _Archive(stream, gathered.bodies)
    archive.info(program, made, name)
    for exchange in _in_order(gathered.exchanges):
        archive.exchange(exchange)
    return archive.records


def _in_order(exchanges: Iterable[Exchange]) -> list[Exchange]:
    return sorted(exchanges, key=lambda each: (each.at, each.number))


def exchange_document(each: Exchange) -> dict[str, Any]:
    """One row of the fetch log as facts; times are Beijing's."""
    return {
        "request": each.number,
        "run": each.run,
        "url": each.url,
        "kind": each.kind,
        "at": each.at.isoformat(),
        "cited": each.cited,
        "state": each.state.value,
        "outcome": each.outcome.value,
        "status": each.status,
        "final_url": each.final_url,
        "elapsed_ms": round(each.elapsed.total_seconds() * 1000),
        "content_type": each.content_type,
        "headers": dict(each.headers),
        "hops": [{"url": hop.url, "status": hop.status, "location": hop.location} for hop in each.hops],
        "attempts": [
            {
                "at": attempt.at.isoformat(),
                "url": attempt.url,
                "status": attempt.status,
                "outcome": attempt.outcome.value,
                "elapsed_ms": round(attempt.elapsed.total_seconds() * 1000),
                "note": attempt.note,
            }
            for attempt in each.attempts
        ],
        "tls": dict(each.tls),
        "note": each.note,
        "body_sha256": each.body_hash,
        "body_bytes": each.length,
        "truncated": each.truncated,
        "user_agent": each.agent,
    }


def _head(status: int, headers: Mapping[str, str]) -> StatusAndHeaders:
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = ""
    pairs = [
        (f"X-Archive-Orig-{name}" if name in _OF_THE_WIRE else _clean(name), _clean(value))
        for name, value in headers.items()
        if value
    ]
    return StatusAndHeaders(f"{status} {reason}".strip(), pairs, protocol="HTTP/1.1")


def _clean(text: str) -> str:
    """One line: a value from the web starts no header of its own."""
    return _CONTROL.sub(" ", text).encode("utf-8", "replace").decode("utf-8")


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _record_id(ident: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, ident)}>"


def _payload_digest(body: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
