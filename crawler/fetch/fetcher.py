"""One URL in, one `Fetch` out: pace, breaker, redirects, retries, TLS ladder and file heads in their order."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2

from crawler.core.model import EXTERNAL, Attempt, Fetch, Hop, Network, Outcome, Platform
from crawler.core.outcomes import PAUSED

from . import body, judge, lenient
from .breaker import Breaker
from .limiter import Held, Limiter, Limiters, Stopped, sleep
from .outcome import BLOCK_SIGNALS, REDIRECTS, STATES, is_transient, of_error
from .redirect import MAX_HOPS, BadLocation, Chain, leads_to_login, resolve
from .request import FAULT_CAP, RANGED, Headers, Request
from .resolve import Names
from .tls import Ladder
from .transport import Dialer, Transport, is_private_spelling, tls_key

_RETRIES = 2  # more attempts for one URL, over all its hops
_WORTH_WAITING = 30.0  # seconds of Retry-After for which the same fetch waits and asks once more
_TLS_STEPS = 3
_RANGE_REFUSED = frozenset({400, 416, 500, 501})  # what servers say that do not know the header
_SPARE_CONNECTIONS = 64  # for hosts of nobody's platform


@dataclass(slots=True)
class _Walk:
    """A fetch under way: where it is and what it has met."""

    request: Request
    url: str
    platform: Platform
    ranged: bool
    chain: Chain = field(default_factory=Chain)
    hops: list[Hop] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    elapsed: float = 0.0  # of the answers of this chain: waiting for slots and earlier attempts are not the site's time
    earlier: float = 0.0  # of the hops before this one
    retries_left: int = _RETRIES
    waited: bool = False
    lenient: bool = False  # the answer breaks HTTP's grammar: read it as a browser does


@dataclass(frozen=True, slots=True)
class _End:
    """The host, port and parsed form of the URL that is asked now."""

    url: httpx2.URL
    host: str
    port: int
    tls: str  # key of the TLS ladder; "" for http


class Fetcher:
    """Fetches for all sites of a run. An async context manager; `fetch` never raises for what the web did.

    `hosts` maps a host to its platform's id and decides under whose limiter a redirect goes on. `classify` answers
    which protection product sent (status, headers, cookie names, head of the body). Setting `stop` ends every wait.
    With `retries=0` an answer is taken as it comes, Retry-After included: a probe counts what one visitor meets.
    """

    def __init__(
        self,
        *,
        limits_dir: Path,
        user_agent: str,
        platforms: Mapping[str, Platform] | None = None,
        hosts: Mapping[str, str] | None = None,
        network: Network | None = None,
        classify: judge.Classify = judge.knows_nothing,
        stop: asyncio.Event | None = None,
        retry_wait: timedelta = timedelta(seconds=1),
        retries: int = _RETRIES,
        names: Names | None = None,
    ) -> None:
        network = network or Network()
        self._platforms = dict(platforms or {})
        self._hosts = hosts or {}
        self._directory = limits_dir
        self._classify = classify
        self._stop = stop
        self._retry_wait = retry_wait.total_seconds()
        self._retries = retries
        self._headers = Headers(user_agent)
        self._limiters = Limiters(limits_dir, stop)
        self._breakers: dict[str, Breaker] = {}
        self._ladder = Ladder(network.trust)
        self._proxied = network.proxy is not None
        self._dialer = Dialer(network, names or Names(), self._ladder)
        connections = sum(platform.concurrency for platform in self._platforms.values()) + _SPARE_CONNECTIONS
        # The connect step takes its contexts from the ladder; this one only fills the argument.
        self._transport = Transport(network, self._dialer, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), connections)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def fetch(self, request: Request) -> Fetch:
        at = datetime.now(UTC)
        platform = self._platforms.get(request.platform, EXTERNAL)
        walk = _Walk(request, request.url, platform, ranged=request.kind in RANGED)
        walk.retries_left, walk.waited = self._retries, not self._retries
        try:
            answer = await self._follow(walk)
        except Stopped:
            answer = judge.Answer(Outcome.OUR_FAULT, note="收到停止信号，未完成请求")
        except Exception as error:  # noqa: BLE001 - an error of ours is a value too, and never a statement about the site
            answer = judge.Answer(Outcome.OUR_FAULT, note=f"{type(error).__name__}: {error}"[:300])
        return Fetch(
            url=request.url,
            at=at,
            outcome=answer.outcome,
            state=STATES[answer.outcome],
            final_url=walk.url,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            truncated=answer.truncated,
            length=len(answer.body or b""),
            elapsed=timedelta(seconds=walk.elapsed),
            hops=tuple(walk.hops),
            attempts=tuple(walk.attempts),
            note=answer.note,
            tls=answer.tls,
        )

    # Redirects

    async def _follow(self, walk: _Walk) -> judge.Answer:
        while True:
            answer = await self._ask(walk)
            if answer.location is None:
                return answer
            stopped = self._take_hop(walk, answer, answer.location)
            if stopped is not None:
                return stopped

    def _take_hop(  # noqa: PLR0911 - one for each way in which a redirect ends
        self, walk: _Walk, answer: judge.Answer, location: bytes
    ) -> judge.Answer | None:
        """Move the walk to where the answer points; an answer if it ends here."""
        host = httpx2.URL(walk.url).raw_host.decode("ascii")
        if not walk.hops:
            walk.chain.is_ring(walk.url, host)
        walk.chain.keep(host, answer.set_cookies)
        try:
            target = resolve(walk.url, location)
        except BadLocation as error:
            return replace(answer, outcome=Outcome.BAD_HTTP, note=str(error))
        walk.hops.append(Hop(walk.url, answer.status or 0, target))
        if leads_to_login(walk.url, target):
            return replace(answer, outcome=Outcome.LOGIN, note=f"跳转到登录页面 {target}"[:300])
        if len(walk.hops) > MAX_HOPS:
            return replace(answer, outcome=Outcome.TOO_MANY_REDIRECTS, note=f"重定向超过 {MAX_HOPS} 次")
        end = self._end(target)
        if isinstance(end, judge.Answer) and end.outcome is Outcome.PRIVATE:
            walk.url = target
            return replace(answer, outcome=Outcome.INTRANET, note=f"跳转到{end.note}"[:300])
        try:
            next_host = httpx2.URL(target).raw_host.decode("ascii")
        except (httpx2.InvalidURL, UnicodeError):
            return replace(answer, outcome=Outcome.BAD_HTTP, note=f"重定向地址无法解析：{target}"[:300])
        if walk.chain.is_ring(target, next_host):
            return self._ring(walk, host, answer)
        platform_id = self._hosts.get(next_host)
        if platform_id is None and next_host != host:
            platform_id = EXTERNAL.id
        if platform_id is not None:
            walk.platform = self._platforms.get(platform_id, EXTERNAL)
        walk.url, walk.earlier = target, walk.elapsed
        return None

    def _ring(self, walk: _Walk, host: str, answer: judge.Answer) -> judge.Answer:
        # A product that wants a cookie script to run sends the same redirect for ever (FIELD 2.2: the moj shell).
        signature = judge.signature(self._classify, answer)
        if signature is None:
            return replace(answer, outcome=Outcome.REDIRECT_LOOP, note="重定向循环")
        self._breaker(walk.platform).signal(host, own=signature.own, why=signature.says)
        return replace(answer, outcome=Outcome.PROTECTED, note=signature.says)

    # Attempts

    async def _ask(self, walk: _Walk) -> judge.Answer:
        answer = await self._once(walk)
        if answer.retry and walk.retries_left:
            from tenacity import AsyncRetrying, retry_if_result, stop_after_attempt, wait_exponential

            retrying = AsyncRetrying(
                retry=retry_if_result(lambda again: again.retry),
                stop=stop_after_attempt(walk.retries_left),
                wait=wait_exponential(multiplier=2 * self._retry_wait, max=60),
                sleep=partial(sleep, stop=self._stop),
                retry_error_callback=lambda state: state.outcome.result() if state.outcome else answer,
            )
            await sleep(self._retry_wait, self._stop)
            return await retrying(self._once_more, walk)
        if answer.outcome is Outcome.THROTTLED and answer.wait is not None and not walk.waited:
            walk.waited = True
            if answer.wait.total_seconds() <= _WORTH_WAITING:
                return await self._once(walk)  # the limiter holds it back as long as the host said
        return answer

    async def _once_more(self, walk: _Walk) -> judge.Answer:
        walk.retries_left -= 1
        return await self._once(walk)

    async def _once(self, walk: _Walk) -> judge.Answer:
        end = self._end(walk.url)
        if isinstance(end, judge.Answer):
            return end
        breaker = self._breaker(walk.platform)
        if breaker.is_open(end.host):
            return _paused(breaker, end.host)
        limiter = self._limiters.of(walk.platform, end.host)
        for step in range(_TLS_STEPS + 1):
            try:
                async with limiter.turn(end.host, walk.request.lane):
                    if step == 0 and not breaker.allows(end.host):
                        return _paused(breaker, end.host)
                    answer = await self._attempt(walk, end)
            except Held:
                return judge.Answer(Outcome.THROTTLED, note="服务器要求稍后再访问（Retry-After）")
            self._learn(limiter, breaker, end.host, answer, walk.request.kind)
            if not answer.again:
                break
        return answer

    def _end(self, url: str) -> _End | judge.Answer:
        try:
            parsed = httpx2.URL(url)
            host = parsed.raw_host.decode("ascii")
        except (httpx2.InvalidURL, UnicodeError):
            if is_private_spelling(url):  # httpx knows no octal addresses
                return judge.Answer(Outcome.PRIVATE, note="内网或本机地址")
            return judge.Answer(Outcome.OUR_FAULT, note="地址无法解析")
        scheme = parsed.scheme
        if scheme not in {"http", "https"} or not host:
            return judge.Answer(Outcome.OUR_FAULT, note="只请求 http 和 https 地址")
        port = parsed.port or (443 if scheme == "https" else 80)
        if self._dialer.is_forbidden(host, port):
            return judge.Answer(Outcome.PRIVATE, note=f"内网或本机地址 {host}")
        return _End(parsed, host, port, tls_key(host, None if self._proxied else port) if scheme == "https" else "")

    async def _attempt(self, walk: _Walk, end: _End) -> judge.Answer:
        """One request, whatever comes of it, noted in the walk."""
        at = datetime.now(UTC)
        clock = asyncio.get_running_loop().time
        start = clock()
        try:
            async with asyncio.timeout(walk.platform.timeout.total_seconds()):
                answer = await self._exchange(walk, end)
        except Exception as error:  # noqa: BLE001 - the table knows every error; what it does not know is ours
            answer = self._failure(walk, end, error)
        elapsed = clock() - start
        answer.latency = elapsed
        walk.elapsed = walk.earlier + elapsed
        if answer.location is None:
            spent = timedelta(seconds=elapsed)
            walk.attempts.append(Attempt(at, walk.url, answer.status, answer.outcome, spent, answer.note))
        return answer

    def _failure(self, walk: _Walk, end: _End, error: Exception) -> judge.Answer:
        outcome, note, retry = of_error(error)
        if outcome is Outcome.BAD_HTTP and not walk.lenient and not self._proxied:
            walk.lenient = True
            return judge.Answer(outcome, note=note, again=True)
        if isinstance(error, TimeoutError):
            note = f"{walk.platform.timeout.total_seconds():g} 秒内没有答完"
        again = bool(end.tls) and outcome is Outcome.TLS and self._ladder.climb(end.tls, error)
        if end.tls and not again:
            self._ladder.forget(end.tls)
        tls = self._ladder.facts(end.tls) if end.tls else {}
        return judge.Answer(outcome, note=note, retry=retry and not again, again=again, tls=tls)

    async def _exchange(self, walk: _Walk, end: _End) -> judge.Answer:
        request = walk.request
        headers = self._headers.of(request, walk.url, walk.chain.header(end.host), ranged=walk.ranged)
        if walk.lenient:
            return await self._exchange_leniently(walk, end, headers)
        response = await self._transport.get(end.url, headers)
        try:
            status = response.status
            fields, set_cookies, location = judge.fields(response.headers)
            cap = min(request.cap, FAULT_CAP) if status >= 300 else request.cap
            encoding = fields.get("content-encoding", "").strip().lower()
            read = await body.read(
                response.stream,  # type: ignore[arg-type] # the raw stream: a client's decoder has no bound
                cap,
                "" if encoding == "identity" else encoding,
                sniff=not walk.ranged,
            )
            if end.tls and not self._ladder.is_settled(end.tls):
                wire = response.extensions["network_stream"].get_extra_info("ssl_object")
                self._ladder.settled(end.tls, wire.getpeercert(binary_form=True) if wire else None)
        finally:
            await response.aclose()
        answer = judge.Answer(
            Outcome.OK, status, fields, read.data, read.truncated, read.fault, set_cookies=set_cookies
        )
        return self._judged(walk, end, answer, location, read.broken)

    async def _exchange_leniently(self, walk: _Walk, end: _End, headers: list[tuple[bytes, bytes]]) -> judge.Answer:
        """As browsers read it: headers with spaces in their names, lines without a colon (BEHAVIOURS 36)."""
        wire = await self._dialer.connect_tcp(end.host, end.port)
        try:
            if end.tls:
                wire = await wire.start_tls(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), end.host)
            reply = await lenient.ask(wire, end.url, headers)
            fields, set_cookies, location = judge.fields(reply.headers)
            cap = min(walk.request.cap, FAULT_CAP) if reply.status >= 300 else walk.request.cap
            encoding = fields.get("content-encoding", "").strip().lower()
            encoding = "" if encoding == "identity" else encoding
            read = await body.read(reply.body(), cap, encoding, sniff=not walk.ranged)
        finally:
            await wire.aclose()
        answer = judge.Answer(Outcome.OK, reply.status, fields, read.data, read.truncated, set_cookies=set_cookies)
        answer.note = "服务器响应不规范：HTTP 头写法有误"
        return self._judged(walk, end, answer, location, read.broken)

    def _judged(
        self, walk: _Walk, end: _End, answer: judge.Answer, location: bytes | None, broken: Exception | None
    ) -> judge.Answer:
        if walk.ranged and answer.status in _RANGE_REFUSED:
            walk.ranged = False
            note = "不接受 Range，改为普通请求"
            return judge.Answer(Outcome.CLIENT_ERROR, answer.status, answer.headers, note=note, again=True)
        if end.tls:
            answer.tls = self._ladder.facts(end.tls)
            answer.note = answer.note or self._ladder.note(end.tls)
        if location is not None and answer.status in REDIRECTS:
            answer.location = location
            return answer
        judge.judge(answer, walk.request, walk.url, broken, self._classify)
        answer.retry = is_transient(answer.outcome)
        return answer

    def _learn(self, limiter: Limiter, breaker: Breaker, host: str, answer: judge.Answer, kind: str) -> None:
        """What an answer says of its host, for the next request."""
        limiter.beat(host, answer.latency)
        if answer.wait is not None:
            limiter.hold(host, answer.wait)
        if answer.status in {429, 503}:
            limiter.strained(host, rest=answer.wait is None and answer.outcome is Outcome.THROTTLED)
        if answer.outcome is Outcome.OK:
            limiter.eased(host)
            breaker.passed(host)
        elif answer.outcome is Outcome.PROTECTED or answer.status in BLOCK_SIGNALS:
            # An address that cannot exist provokes some products that let every real one pass (FIELD 2.2, 重庆税务).
            breaker.signal(host, own=answer.own and kind != "baseline", why=answer.note or f"状态码 {answer.status}")
        elif answer.status is not None:
            breaker.passed(host)
        elif not answer.again:
            breaker.failed(host)

    def _breaker(self, platform: Platform) -> Breaker:
        breaker = self._breakers.get(platform.id)
        if breaker is None:
            breaker = self._breakers[platform.id] = Breaker(platform, self._directory)
        return breaker


def _paused(breaker: Breaker, host: str) -> judge.Answer:
    why = breaker.why(host)
    return judge.Answer(Outcome.BREAKER, note=f"{PAUSED}（{why}）" if why else PAUSED)
