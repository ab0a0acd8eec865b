"""What an answer is, once it is here: status, protection, irregular transfer, the real type of a file."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from posixpath import splitext
from typing import Protocol
from urllib.parse import unquote, urlsplit

from crawler.core import filetype
from crawler.core.model import Outcome

from .outcome import of_error, of_status
from .request import FILES, RANGED, Request

_SHELL = 16_384  # bytes; a challenge that answers 200 is far smaller (FIELD 2.2), and most pages are larger
_HEAD = 65_536  # bytes handed to the signatures at most
_MAX_FIELDS = 100
_MAX_FIELD = 4096
_SUFFIX = re.compile(r"\.([a-z0-9]{1,5})[\"']?\s*(?:;|$)", re.IGNORECASE)
_IRREGULAR = "服务器响应不规范"


class Refusal(Protocol):
    """What `crawler.core.protection` knows of a product that refused."""

    @property
    def own(self) -> bool: ...
    @property
    def says(self) -> str: ...


Classify = Callable[[int, Mapping[str, str], Iterable[str], str], Refusal | None]


def knows_nothing(
    status: int,  # noqa: ARG001
    headers: Mapping[str, str],  # noqa: ARG001
    cookies: Iterable[str],  # noqa: ARG001
    body_head: str,  # noqa: ARG001
) -> Refusal | None:
    return None


@dataclass(slots=True)
class Answer:
    """How one request ended, and what is to be done about it."""

    outcome: Outcome
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    truncated: bool = False
    note: str = ""
    tls: Mapping[str, str] = field(default_factory=dict)
    set_cookies: list[str] = field(default_factory=list)
    location: bytes | None = None  # raw, of a redirect
    wait: timedelta | None = None  # Retry-After of a 429 or 503
    own: bool = False  # a vendor's own signature was seen
    retry: bool = False  # transient: worth another attempt in this round
    again: bool = False  # ask again at once in another way: without Range, or one step down the TLS ladder
    latency: float = 0.0


def fields(raw: Sequence[tuple[bytes, bytes]]) -> tuple[dict[str, str], list[str], bytes | None]:
    """Lower-case headers (repeated ones joined by a comma), each Set-Cookie by itself, and the raw first Location."""
    headers: dict[str, str] = {}
    cookies: list[str] = []
    location: bytes | None = None
    for raw_name, raw_value in raw[:_MAX_FIELDS]:
        name = raw_name.decode("latin-1").lower()
        value = _text(raw_value[:_MAX_FIELD])
        if name == "set-cookie":
            cookies.append(value)
        elif name == "location" and location is None:
            location = raw_value
        headers[name] = f"{headers[name]}, {value}"[:_MAX_FIELD] if name in headers else value
    return headers, cookies, location


def judge(answer: Answer, request: Request, url: str, broken: Exception | None, classify: Classify) -> None:
    """Set outcome, note and what goes with them, from a final answer."""
    status = answer.status or 0
    if status == 304:
        answer.body = None
        answer.outcome = Outcome.NOT_MODIFIED if request.is_conditional else Outcome.BAD_HTTP
        answer.note = answer.note if request.is_conditional else f"{_IRREGULAR}：未询问却回答 304"
        return
    retry_after = answer.headers.get("retry-after")
    answer.outcome = of_status(status, retry_after=retry_after is not None)
    if answer.outcome is Outcome.BAD_HTTP:
        answer.note = f"{_IRREGULAR}：状态码 {status}"
    if retry_after is not None and status in {429, 503}:
        answer.wait = parse_retry_after(retry_after)
        answer.note = f"Retry-After: {retry_after[:60]}"
    found = signature(classify, answer)
    if found is not None:
        answer.outcome, answer.own, answer.note = Outcome.PROTECTED, found.own, found.says
    elif answer.outcome is Outcome.PROTECTED:
        answer.note = f"未识别厂商的防护：状态码 {status}"
    elif answer.outcome is Outcome.OK:
        if broken is not None:
            _cut_short(answer, request, broken)
        if answer.outcome is Outcome.OK and request.kind in FILES:
            _check_file(answer, request, url)


def signature(classify: Classify, answer: Answer) -> Refusal | None:
    """The protection product that sent this, if one did. Large pages and files are not asked about."""
    body = answer.body or b""
    if classify is knows_nothing or answer.status is None:
        return None
    if 200 <= answer.status < 300 and (len(body) > _SHELL or b"<" not in body[:1024]):
        return None
    names = [line.partition("=")[0].strip() for line in answer.set_cookies]
    return classify(answer.status, answer.headers, names, _text(body[:_HEAD]))


def parse_retry_after(value: str) -> timedelta | None:
    """Seconds or an HTTP date; None when it is neither."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text[:9]))
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(when - datetime.now(UTC), timedelta())


def _cut_short(answer: Answer, request: Request, broken: Exception) -> None:
    """A transfer that ended too early: with some bytes it is irregular, without any it is no answer."""
    outcome, note, _ = of_error(broken)
    if not answer.body:
        answer.outcome, answer.note = outcome, note
        return
    answer.note = f"{_IRREGULAR}：正文没有传完"
    # Many servers only count wrong: a page that ends as pages end is whole.
    answer.truncated = b"</html>" not in answer.body[-256:].lower()
    if outcome is Outcome.RESET and answer.truncated and request.kind not in RANGED:
        answer.outcome, answer.note = outcome, "正文没有传完连接就被重置"


def _check_file(answer: Answer, request: Request, url: str) -> None:
    body = answer.body or b""
    suffix = request.suffix or _own_suffix(request, answer, url)
    note = filetype.fault(suffix, body) if suffix else _fault_without_suffix(request, body)
    if note:
        answer.outcome, answer.note = Outcome.WRONG_TYPE, note


def _fault_without_suffix(request: Request, body: bytes) -> str:
    """A download address without a suffix may be a page; a picture may be a counter that sends nothing."""
    if request.kind == "attachment" and not body:
        return filetype.fault("", body)
    if request.kind == "image" and body:
        return filetype.IS_A_PAGE if filetype.sniff(body) == "html" else ""
    return ""


def _own_suffix(request: Request, answer: Answer, url: str) -> str:
    if request.kind in {"script", "style"}:
        return "js" if request.kind == "script" else "css"
    named = _SUFFIX.search(unquote(answer.headers.get("content-disposition", "")))
    if named:
        return named[1].lower()
    for address in (url, request.url):
        suffix = splitext(unquote(urlsplit(address).path))[1].lstrip(".").lower()
        if suffix and suffix.isalnum() and len(suffix) <= 5:
            return suffix
    return ""


def _text(data: bytes) -> str:
    """UTF-8, else GB18030: good enough for headers and signatures; pages are decoded by the parser."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")
