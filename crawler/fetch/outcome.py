"""The one table of failure: exception or status -> `Outcome`, whether to try again, and what it says of the URL."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Mapping

import httpcore2
import httpx2

from crawler.core.model import Outcome, State

from .errors import ConnectTimedOut, NameUnanswered, NoSuchName, PrivateAddress, causes
from .tls import verification_fault

STATES: Mapping[Outcome, State] = {
    Outcome.OK: State.ALIVE,
    Outcome.NOT_MODIFIED: State.ALIVE,
    Outcome.NOT_FOUND: State.DEAD,
    Outcome.GONE: State.DEAD,
    Outcome.WRONG_TYPE: State.DEAD,
    Outcome.NXDOMAIN: State.SUSPECT,
    Outcome.REFUSED: State.SUSPECT,
    Outcome.UNREACHABLE: State.SUSPECT,
    Outcome.TIMEOUT: State.SUSPECT,
    Outcome.RESET: State.SUSPECT,
    Outcome.TLS: State.SUSPECT,
    Outcome.SERVER_ERROR: State.SUSPECT,
    Outcome.BAD_HTTP: State.SUSPECT,
    Outcome.REDIRECT_LOOP: State.SUSPECT,
    Outcome.TOO_MANY_REDIRECTS: State.SUSPECT,
    Outcome.INTRANET: State.SUSPECT,
    Outcome.PROTECTED: State.BLOCKED,
    Outcome.THROTTLED: State.BLOCKED,
    Outcome.FORBIDDEN: State.BLOCKED,
    Outcome.CLIENT_ERROR: State.BLOCKED,
    Outcome.LOGIN: State.BLOCKED,
    Outcome.ROBOTS: State.BLOCKED,
    Outcome.PRIVATE: State.BLOCKED,
    Outcome.ACTION: State.BLOCKED,
    Outcome.BREAKER: State.BLOCKED,
    Outcome.OUR_FAULT: State.BLOCKED,
}

# FIELD 2.2: statuses that a protection product uses and no content server does.
_STATUSES: Mapping[int, Outcome] = {
    401: Outcome.FORBIDDEN,
    403: Outcome.FORBIDDEN,
    404: Outcome.NOT_FOUND,
    405: Outcome.PROTECTED,
    407: Outcome.OUR_FAULT,  # the proxy of ours
    410: Outcome.GONE,
    412: Outcome.PROTECTED,
    418: Outcome.PROTECTED,
    429: Outcome.THROTTLED,
    451: Outcome.FORBIDDEN,
    468: Outcome.PROTECTED,
    493: Outcome.PROTECTED,
    521: Outcome.PROTECTED,
    567: Outcome.PROTECTED,
    999: Outcome.PROTECTED,
}

# Statuses that count as an unnamed block signal; three in a row open the breaker of the host.
BLOCK_SIGNALS = frozenset({403, 405, 412, 418, 429, 468, 493, 521, 567, 999})

REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})

# Worth another attempt in the same round. A timeout of the answer is not: it cost half a minute already.
_TRANSIENT = frozenset({Outcome.RESET, Outcome.SERVER_ERROR, Outcome.UNREACHABLE})

_ERRNOS: Mapping[int, tuple[Outcome, str]] = {
    errno.ECONNREFUSED: (Outcome.REFUSED, "连接被拒绝"),
    errno.ECONNRESET: (Outcome.RESET, "连接被重置"),
    errno.ECONNABORTED: (Outcome.RESET, "连接被中断"),
    errno.EPIPE: (Outcome.RESET, "连接被关闭"),
    errno.ETIMEDOUT: (Outcome.TIMEOUT, "连接超时"),
    errno.EHOSTUNREACH: (Outcome.UNREACHABLE, "主机不可达"),
    errno.ENETUNREACH: (Outcome.UNREACHABLE, "网络不可达"),
    errno.EADDRNOTAVAIL: (Outcome.UNREACHABLE, "网络不可达"),
    errno.EMFILE: (Outcome.OUR_FAULT, "本机打开的文件过多"),
    errno.ENFILE: (Outcome.OUR_FAULT, "本机打开的文件过多"),
    errno.ENOMEM: (Outcome.OUR_FAULT, "本机内存不足"),
}


def of_status(status: int, *, retry_after: bool = False) -> Outcome:
    """The outcome of a final status. A 503 that says when to come back is throttling, not a fault."""
    known = _STATUSES.get(status)
    if known is not None:
        return known
    if 200 <= status < 300:
        return Outcome.OK
    if status == 503 and retry_after:
        return Outcome.THROTTLED
    if 400 <= status < 500:
        return Outcome.CLIENT_ERROR
    if 500 <= status < 600:
        return Outcome.SERVER_ERROR
    return Outcome.BAD_HTTP  # 1xx, 3xx that leads nowhere, 6xx and more


def of_error(error: BaseException) -> tuple[Outcome, str, bool]:
    """Outcome, the decisive detail in Chinese, and whether another attempt is worth it."""
    for cause in causes(error):
        ruling = _of_cause(cause)
        if ruling is not None:
            outcome, note = ruling
            return outcome, note, outcome in _TRANSIENT or isinstance(cause, ConnectTimedOut)
    return Outcome.OUR_FAULT, f"{type(error).__name__}: {error}"[:300], False


def is_transient(outcome: Outcome) -> bool:
    return outcome in _TRANSIENT


def _of_cause(cause: BaseException) -> tuple[Outcome, str] | None:  # noqa: C901, PLR0911, PLR0912 - the table
    match cause:
        case PrivateAddress():
            return Outcome.PRIVATE, str(cause)
        case NoSuchName():
            return Outcome.NXDOMAIN, str(cause)
        case NameUnanswered():
            return Outcome.UNREACHABLE, str(cause)
        case ConnectTimedOut():
            return Outcome.TIMEOUT, str(cause)
        case ssl.SSLError():
            return Outcome.TLS, _tls_reason(cause)
        case ConnectionAbortedError() if "handshake" in str(cause):
            return Outcome.TIMEOUT, "TLS 握手超时"
        case ConnectionResetError() | BrokenPipeError():
            return Outcome.RESET, "连接被重置"
        case TimeoutError() | httpx2.TimeoutException() | httpcore2.TimeoutException():
            return Outcome.TIMEOUT, "超时"
        case OSError(errno=int(number)) if number in _ERRNOS:
            return _ERRNOS[number]
        case httpx2.ProxyError() | httpcore2.ProxyError():
            return Outcome.OUR_FAULT, f"代理：{cause}"
        case httpcore2.RemoteProtocolError() if "without sending a response" in str(cause):
            return Outcome.RESET, "连接被关闭，没有应答"
        case httpcore2.RemoteProtocolError():
            return Outcome.BAD_HTTP, f"服务器响应不规范：{cause}"[:200]
        case httpcore2.ReadError() | httpcore2.WriteError():
            return Outcome.RESET, "连接被中断"
        case httpcore2.ConnectError():
            return Outcome.UNREACHABLE, f"无法连接：{cause}"[:200]
    return None


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return verification_fault(error)[1]
    reason = (error.reason or str(error) or type(error).__name__)[:200]
    # A server that speaks national cryptography only refuses every cipher we have.
    hint = "（可能只支持国密算法 SM2）" if "HANDSHAKE_FAILURE" in reason else ""
    return f"TLS 握手失败：{reason}{hint}"
