"""A small web of a few sites on loopback that changes between nights, and the configuration that leads to it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.config import Config, load
from crawler.core.report import FindingRow, Report
from crawler.crawl.budget import Budget
from crawler.crawl.watch import Silence
from crawler.demo.answer import Answer, missing, page
from crawler.demo.server import Server, Visit
from crawler.jobs.nightly import Night, nightly
from crawler.jobs.places import Places

ROOT = Path(__file__).resolve().parents[2]
FOOTER = (
    '<div class="footer"><p>主办：{name}办公室 联系电话：0930-6212345</p>'
    "<p>网站标识码：{code} 陇ICP备05000001号 甘公网安备 62290102000001号</p></div>"
)
WORDS = ("教育", "卫生", "交通", "水务", "农业", "林草", "文旅", "民政", "财政", "住建")
FAST: dict[str, Any] = {
    "rate": 2000,
    "concurrency": 4,
    "attachment_rate": 2000,
    "search_interval": "1s",
    "second_round_after": "0s",
    "breaker_pause": "1s",
    "timeout": "3s",
}


def html(title: str, body: str, footer: str = "") -> Answer:
    return page(f"<html><head><title>{title}</title></head><body>{body}{footer}</body></html>")


@dataclass
class SmallSite:
    """A home page, one paged column, and its articles; everything may be overlaid by `World.pages`."""

    id: str
    articles: int = 6
    per_page: int = 5
    confirmed: bool = True
    platform: str = "small"
    home_extra: str = ""
    article_extra: dict[int, str] = field(default_factory=dict)
    has_column: bool = True
    more: dict[str, Any] = field(default_factory=dict)  # of its YAML file

    @property
    def host(self) -> str:
        return f"www.{self.id}.gov.cn"

    @property
    def root(self) -> str:
        return f"http://{self.host}"

    @property
    def column_url(self) -> str:
        return f"{self.root}/zwgk/zcwj/index.html"

    def day(self, number: int) -> str:
        return f"2026-{number % 12 + 1:02}-11"

    def article(self, number: int) -> str:
        return f"{self.root}/zwgk/zcwj/art_{number:03}.html"

    @property
    def code(self) -> str:
        return f"62290{sum(self.id.encode()) % 100_000:05}"

    @property
    def footer(self) -> str:
        return FOOTER.format(name=self.id, code=self.code)

    def shown(self) -> Iterator[tuple[str, Answer]]:
        menu = f'<div class="menu"><a href="/">首页</a> <a href="{self.column_url}">政策文件</a></div>'
        yield f"{self.root}/", html(f"{self.id}人民政府", f"{menu}<h1>首页</h1>{self.home_extra}", self.footer)
        numbers = list(range(self.articles, 0, -1))
        pages = [numbers[i : i + self.per_page] for i in range(0, len(numbers), self.per_page)] or [[]]
        for index, some in enumerate(pages):
            rows = "".join(
                f'<li><a href="{self.article(n)}">关于印发第{n}号工作方案的通知</a><span>{self.day(n)}</span></li>'
                for n in some
            )
            after = f'<a href="index_{index + 1}.html">下一页</a>' if index + 1 < len(pages) else ""
            url = self.column_url if not index else self.column_url.replace("index", f"index_{index}")
            body = f'{menu}<ul class="list">{rows}</ul><div class="page">{after}</div>'
            yield url, html("政策文件", body, self.footer)
        for n in numbers:
            text = f"<h1>关于印发第{n}号工作方案的通知</h1><p>发布时间：{self.day(n)}</p>"
            words = "".join(WORDS[int(digit)] for digit in str(n))  # digits alone would look like a calendar
            text += f"<div class='content'><p>{words}方案全文如下，请执行。</p>{self.article_extra.get(n, '')}</div>"
            yield self.article(n), html(f"{words}工作方案", menu + text, self.footer)

    def registered(self) -> dict[str, Any]:
        columns = [{"id": "zcwj", "name": "政策文件", "kind": "政策文件", "url": self.column_url}]
        return {
            "id": self.id,
            "name": f"{self.id}人民政府",
            "code": self.code,
            "level": "portal",
            "platform": self.platform,
            "home": f"{self.root}/",
            "hosts": [self.host],
            "prefixes": [],
            "confirmed": self.confirmed,
            "columns": columns if self.has_column else [],
            **self.more,
        }


@dataclass
class World:
    """`sites` say what is shown, `pages` (URL -> answer) what is shown instead."""

    folder: Path
    sites: dict[str, SmallSite] = field(default_factory=dict)
    pages: dict[str, Answer] = field(default_factory=dict)
    platform: dict[str, Any] = field(default_factory=dict)
    external: dict[str, Any] = field(default_factory=dict)
    connect_to: dict[str, str] = field(default_factory=dict)
    canaries: list[str] = field(default_factory=lambda: ["http://canary.example.cn/"])
    sources: list[dict[str, Any]] = field(default_factory=list)
    disabled: list[str] = field(default_factory=list)
    port: int = 0
    server: Server = field(init=False)

    def __post_init__(self) -> None:
        self.server = Server(self.answer)
        self._shown: dict[str, Answer] = {}

    def add(self, name: str, **more: Any) -> SmallSite:
        site = self.sites[name] = SmallSite(name, **more)
        return site

    def answer(self, host: str, target: str) -> Answer:
        url = f"http://{host}{target}"
        if (found := self.pages.get(url) or self.pages.get(f"http://{host}/*")) is not None:
            return found
        if host == "canary.example.cn":
            return page("ok")
        return self._shown.get(url) or missing()

    # ── the configuration ────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def config_dir(self) -> Path:
        return self.folder / "config"

    @property
    def places(self) -> Places:
        return Places(self.folder / "data")

    def write(self) -> Path:
        """YAML is JSON, too."""
        self._shown = {url: answer for site in self.sites.values() for url, answer in site.shown()}
        folder = self.config_dir
        (folder / "sites").mkdir(parents=True, exist_ok=True)
        for old in (folder / "sites").iterdir():
            old.unlink()
        for site in self.sites.values():
            _dump(folder / "sites" / f"{site.id}.yaml", site.registered())
        lanes = sorted({site.platform for site in self.sites.values()})
        external = {"id": "external", **FAST, "concurrency": 1, **self.external}
        _dump(folder / "platforms.yaml", [*({"id": lane, **FAST, **self.platform} for lane in lanes), external])
        _dump(folder / "sources.yaml", self.sources)
        routes = {"*:80": f"127.0.0.1:{self.server.port}", "*:443": "refused", **self.connect_to}
        _dump(folder / "network.yaml", {"connect_to": routes, "canaries": self.canaries, "proxy": None})
        rules = {"edition": "试验", "packages": ["rules"], "options": {}, "site_options": {}, "retired": {}}
        _dump(folder / "rules.yaml", {**rules, "disabled": self.disabled})
        return folder

    def config(self) -> Config:
        return load(self.write())

    # ── nights ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def night(self, **options: Any) -> Night:
        """One nightly run in this process. Its `pages` are --max-pages."""
        until = options.pop("until", None)
        budget = Budget(pages=options.pop("pages", None), until=until.timestamp() if until else None)
        return nightly(self.config(), self.places, Silence(), formats=("json",), budget=budget, **options)

    def report(self, **options: Any) -> Report:
        found = self.night(**options).report
        assert found is not None
        assert not found.run.void, found.run.void_reason
        return found

    def command(self, *words: str, env: dict[str, str] | None = None, wait: float = 60) -> tuple[int, str, str]:
        """A whole process: exit code, stdout, stderr."""
        done = subprocess.run(
            self.words(*words), cwd=ROOT, env=self.env(env), capture_output=True, text=True, timeout=wait, check=False
        )
        return done.returncode, done.stdout, done.stderr

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.words(*words), cwd=ROOT, env=self.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def words(self, *words: str) -> list[str]:
        """The last option of a name counts."""
        places = ["--config", str(self.config_dir), "--data", str(self.places.root)]
        return [sys.executable, "-m", "crawler.cli", words[0], *places, *words[1:]]

    def env(self, more: dict[str, str] | None = None) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(ROOT), **(more or {})}

    # ── the server's own log ─────────────────────────────────────────────────────────────────────────────────────────

    @property
    def log(self) -> list[Visit]:
        return [visit for visit in self.server.log if visit.host != "canary.example.cn"]

    def asked(self, status: int | None = None) -> Counter[str]:
        """How often each URL was asked."""
        return Counter(f"http://{v.host}{v.path}" for v in self.log if status is None or v.status == status)

    def forget(self) -> None:
        self.server.log.clear()

    def wait_for(self, requests: int, seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while len(self.log) < requests and time.monotonic() < end:
            time.sleep(0.005)
        assert len(self.log) >= requests, f"only {len(self.log)} requests"


def _dump(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


@contextmanager
def standing(folder: Path) -> Iterator[World]:
    """An empty world whose server runs in a thread of its own."""
    world = World(folder)
    loop = asyncio.new_event_loop()
    started, stop = threading.Event(), asyncio.Event()

    async def stand() -> None:
        await world.server.start()
        started.set()
        await stop.wait()
        await world.server.stop()

    thread = threading.Thread(target=loop.run_until_complete, args=(stand(),), daemon=True)
    thread.start()
    started.wait()
    try:
        yield world
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=5)
        loop.close()


# ── what a test looks for ────────────────────────────────────────────────────────────────────────────────────────────


def on(report: Report, url: str) -> FindingRow | None:
    """The finding that judges a URL, or none."""
    return next((row for row in report.findings if row.target == url and not row.rollup), None)


def said(document: Any, *, but: Callable[[str], bool] = lambda _key: False) -> Any:
    """A JSON document without what times and run numbers make different from crawl to crawl."""
    timed = {"at", "elapsed", "as_of", "oldest", "first_seen", "last_seen", "attempts", "seconds", "requests"}
    timed |= {"id", "started", "sealed", "received", "config_digest", "config"}
    if isinstance(document, dict):
        return {k: said(v, but=but) for k, v in document.items() if k not in timed and not but(k)}
    if isinstance(document, list):
        return [said(value, but=but) for value in document]
    if isinstance(document, str):
        return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "…", document)
    return document


def kill(process: subprocess.Popen[str], number: int = signal.SIGKILL) -> int:
    process.send_signal(number)
    process.communicate(timeout=10)
    return process.returncode


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""
