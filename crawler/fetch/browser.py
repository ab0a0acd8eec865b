"""A browser without a network of its own: every request it makes is handed to the caller, who fetches or refuses it.

Chromium is driven over its DevTools pipe by the few commands that are needed. Playwright ships a Node runtime, and the
pyppeteer family is unkept or made to evade detection; `--dump-dom` would let the browser ask on its own, past our
limiter, our private-address rules and our User-Agent.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

from crawler.core.model import Fetch, State

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chromium-headless-shell")
VARIABLE = "GOVCHECK_CHROMIUM"
QUIET = 0.8  # seconds without a request after the load event: then the page is taken as it is
HTML_CAP = 5_000_000  # characters
MESSAGE_CAP = 64 * 1024 * 1024
_DEAD = "http://127.0.0.1:9"  # discard: whatever is not handed to us goes nowhere
_FLAGS = (
    "--headless=new", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
    "--disable-dev-shm-usage", "--disable-breakpad", "--metrics-recording-only", "--mute-audio", "--no-pings",
    "--dns-prefetch-disable",
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,NetworkPrediction,Translate,MediaRouter",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--host-resolver-rules=MAP * ~NOTFOUND",
    f"--proxy-server={_DEAD}", "--proxy-bypass-list=<-loopback>", "--remote-debugging-pipe", "--window-size=1366,2000",
)  # fmt: skip
# Puts the two ends where Chromium looks for them, then becomes Chromium.
_BECOME = (
    "import os,sys; r,w=os.dup(int(sys.argv[1])),os.dup(int(sys.argv[2])); r,w=os.dup(r),os.dup(w);"
    "os.dup2(r,3); os.dup2(w,4); os.closerange(5,256); os.execv(sys.argv[3],sys.argv[3:])"
)

# (URL, resource type, method) -> the answer, or None where the request must not be made
Get = Callable[[str, str, str], Awaitable[Fetch | None]]


def find_chromium() -> str | None:
    """GOVCHECK_CHROMIUM, else the first of the usual names; the pipe needs POSIX."""
    if sys.platform == "win32":
        return None
    named = os.environ.get(VARIABLE)
    if named:
        return named if os.access(named, os.X_OK) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as a reader sees it. `problem` says why it is not: then `html` is nothing to judge by."""

    html: str = ""
    url: str = ""
    problem: str = ""


class _Gone(Exception):
    """The browser ended or speaks nonsense."""


async def render(chromium: str, url: str, get: Get, *, seconds: float) -> Rendered:
    """One page in one browser with one profile, all gone afterwards. Never raises for what the page did."""
    with tempfile.TemporaryDirectory(prefix="govcheck-browser-", ignore_cleanup_errors=True) as profile:
        try:
            async with asyncio.timeout(seconds), _Browser(chromium, profile, get) as browser:
                return await browser.see(url)
        except TimeoutError:
            return Rendered(problem=f"浏览器渲染超过 {seconds:g} 秒，已中止")
        except (_Gone, OSError, ValueError) as error:
            return Rendered(problem=f"浏览器渲染失败：{str(error)[:200] or type(error).__name__}")


class _Browser:
    """The process, its pipe, and one tab in it."""

    def __init__(self, chromium: str, profile: str, get: Get) -> None:
        self._chromium = chromium
        self._profile = profile
        self._get = get
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._number = 0
        self._pending: set[asyncio.Task[None]] = set()
        self._last = 0.0  # when the last request was answered
        self._loaded = asyncio.Event()
        self._landed: dict[str, Fetch] = {}  # answers of redirects, under the address they ended at
        self._failed = ""

    async def __aenter__(self) -> Self:
        to_read, self._out = os.pipe()
        self._in, to_write = os.pipe()
        flags = [*_FLAGS, f"--user-data-dir={self._profile}"]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")  # Chromium refuses to start as root with it
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-c", _BECOME, str(to_read), str(to_write), self._chromium, *flags),
                "about:blank",
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                pass_fds=(to_read, to_write),
                start_new_session=True,  # so that its children end with it
                env={"HOME": self._profile, "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "TZ": "Asia/Shanghai"},
            )
        finally:
            os.close(to_read)
            os.close(to_write)
        loop = asyncio.get_running_loop()
        self._reader = asyncio.StreamReader(limit=MESSAGE_CAP)
        self._pipe, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(self._reader), os.fdopen(self._in, "rb", 0)
        )
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in (self._listening, *self._pending):
            task.cancel()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.close(self._out)
        self._pipe.close()
        await self._process.wait()

    async def see(self, url: str) -> Rendered:
        target = await self._call("Target.createTarget", url="about:blank")
        attached = await self._call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        session = attached["sessionId"]
        await self._call("Browser.setDownloadBehavior", behavior="deny")
        await self._call("Page.enable", session)
        await self._call("Fetch.enable", session, patterns=[{"urlPattern": "*"}])
        went = await self._call("Page.navigate", session, url=url)
        if went.get("errorText") or self._failed:
            raise _Gone(self._failed or str(went["errorText"]))
        await self._loaded.wait()
        await self._settle()
        if self._failed:
            raise _Gone(self._failed)
        script = f"[location.href, document.documentElement.outerHTML.slice(0, {HTML_CAP + 1})]"
        found = await self._call("Runtime.evaluate", session, expression=script, returnByValue=True)
        value = found.get("result", {}).get("value")
        if not isinstance(value, list) or len(value) != 2 or not all(isinstance(part, str) for part in value):
            raise _Gone("页面没有给出内容")
        if len(value[1]) > HTML_CAP:
            raise _Gone("渲染后的页面过大")
        return Rendered(value[1], value[0])

    async def _settle(self) -> None:
        loop = asyncio.get_running_loop()
        self._last = max(self._last, loop.time())
        while self._pending or loop.time() - self._last < QUIET:  # noqa: ASYNC110  it waits for a silence
            await asyncio.sleep(0.1)

    async def _call(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        self._number += 1
        number = self._number
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        await asyncio.to_thread(_write_all, self._out, data)
        answer: dict[str, Any] = await future
        return answer

    async def _listen(self) -> None:
        try:
            while True:
                data = await self._reader.readuntil(b"\0")
                self._take(json.loads(data[:-1]))
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, OSError):
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(_Gone("浏览器中途退出"))
            self._failed = self._failed or "浏览器中途退出"
            self._loaded.set()

    def _take(self, message: dict[str, Any]) -> None:
        if "id" in message:
            future = self._waiting.pop(message["id"], None)
            if future is not None and not future.done():
                if "error" in message:
                    future.set_exception(_Gone(str(message["error"].get("message", ""))))
                else:
                    future.set_result(message.get("result", {}))
            return
        method, params, session = message.get("method"), message.get("params", {}), message.get("sessionId", "")
        if method == "Fetch.requestPaused":
            self._start(self._answer(params, session))
        elif method == "Page.loadEventFired":
            self._loaded.set()
        elif method == "Page.javascriptDialogOpening":
            self._start(self._quietly("Page.handleJavaScriptDialog", session, accept=False))
        elif method in {"Inspector.targetCrashed", "Target.targetCrashed"}:
            self._failed = "页面使浏览器崩溃"
            self._loaded.set()

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._pending.add(task)
        task.add_done_callback(self._finish)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._pending.discard(task)
        self._last = asyncio.get_running_loop().time()
        if not task.cancelled() and task.exception() is not None:
            self._failed = self._failed or str(task.exception())[:200]
            self._loaded.set()

    async def _quietly(self, method: str, session: str, **params: Any) -> None:
        with contextlib.suppress(_Gone):  # what it was about may be gone by now
            await self._call(method, session, **params)

    async def _answer(self, paused: dict[str, Any], session: str) -> None:
        request, number = paused["request"], paused["requestId"]
        url = str(request["url"]).partition("#")[0]
        kind = str(paused.get("resourceType", ""))
        fetch = self._landed.pop(url, None) or await self._get(url, kind, str(request.get("method", "")))
        if fetch is None or fetch.state not in {State.ALIVE, State.DEAD} or fetch.status is None:
            if kind == "Document":
                self._failed = self._failed or "页面没有读到"
            await self._quietly("Fetch.failRequest", session, requestId=number, errorReason="BlockedByClient")
            return
        final = fetch.final_url.partition("#")[0]
        headers = {"Content-Type": fetch.headers.get("content-type", "text/plain")}
        status, body = fetch.status, fetch.body or b""
        if kind == "Document" and final and final != url and len(self._landed) < 10:
            self._landed[final] = fetch
            status, body, headers = 302, b"", {"Location": final}
        await self._quietly(
            "Fetch.fulfillRequest",
            session,
            requestId=number,
            responseCode=status,
            responseHeaders=[{"name": name, "value": value} for name, value in headers.items()],
            body=base64.b64encode(body).decode(),
        )


def _write_all(pipe: int, data: bytes) -> None:
    while data:
        data = data[os.write(pipe, data) :]
