"""govcheck as an office would run it, with the limiter open: two crawls of an unchanged site, and the audit."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crawler.crawl.order import NIGHT_CAP
from tests.bench.competitors import Arena, Score
from tests.bench.measure import Cost, run
from tests.bench.website import HOST

CONCURRENCY = 32
REPOSITORY = Path(__file__).parents[2]

# JSON is YAML. robots.txt: the bench's site has none to obey, and asking would be one request in 6,000.
_SITE = {
    "id": "bench",
    "name": "临夏测试州人民政府",
    "code": "6229990001",
    "level": "portal",
    "platform": "bench",
    "home": f"http://{HOST}/index.html",
    "hosts": [HOST],
    "prefixes": [],
    "confirmed": True,
    "columns": [],
}
_OPEN = {"rate": 100_000, "attachment_rate": 100_000, "second_round_after": "0s", "timeout": "30s", "clock": "30s"}
_PLATFORMS = [
    {
        "id": "bench",
        **_OPEN,
        "concurrency": CONCURRENCY,
        "trap_cap": 10_000_000,
        "robots": "ignore",
        "authorisation": "本机测速",
    },
    {"id": "external", **_OPEN, "concurrency": 4},
]


@dataclass(frozen=True, slots=True)
class Crawl:
    """One crawl and what it left in crawl.db."""

    score: Score
    bodies: int  # stored by now
    parsed: int  # pages whose facts are stored by now
    changed: int  # rows of pages that this crawl wrote
    bare: dict[str, Cost]  # the same addresses with nothing but the fetch


def configure(arena: Arena) -> tuple[Path, Path]:
    """The configuration folder and the empty data folder."""
    config, data = arena.work / "config", arena.work / "data"
    shutil.rmtree(config, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(
        REPOSITORY / "config", config, ignore=shutil.ignore_patterns("sites", "sources.yaml", "network.yaml")
    )
    (config / "sites").mkdir()
    network = {"connect_to": {"*:80": f"127.0.0.1:{arena.port}", "*:443": "refused"}}
    for name, told in (
        ("sites/bench", _SITE),
        ("platforms", _PLATFORMS),
        ("sources", []),
        ("network", network),
    ):
        (config / f"{name}.yaml").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return config, data


def _govcheck(arena: Arena, log: str, timeout: float, *words: str) -> Cost:
    folders = ["--config", str(arena.work / "config"), "--data", str(arena.work / "data")]
    return run([sys.executable, "-m", "crawler.cli", *words, *folders], arena.work / log, timeout=timeout)


def crawl(arena: Arena, name: str) -> Crawl:
    """One `govcheck crawl`, counted in its database, and the bare fetch of the addresses it asked."""
    before = _known(arena)
    patience = 30 + len(arena.truth.pages) / 25
    cost = _govcheck(arena, f"govcheck-{name}.log", patience, "crawl", "--all")
    database = arena.work / "data" / "crawl.db"
    if not database.is_file():
        return Crawl(Score(f"govcheck, {name}", 0, 0, set(), cost), 0, 0, 0, {})
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT u.url, u.kind, u.etag, f.state, f.outcome FROM fetches f JOIN urls u ON u.id = f.url_id "
            "WHERE f.id IN (SELECT max(id) FROM fetches WHERE run = (SELECT max(number) FROM runs) GROUP BY url_id)"
        ).fetchall()
        bodies, parsed, last = connection.execute(
            "SELECT (SELECT count(*) FROM bodies), (SELECT count(*) FROM pages), "
            "(SELECT coalesce(max(id), 0) FROM pages)"
        ).fetchone()
    ours = [row for row in rows if urlsplit(row[0]).hostname == HOST and row[1] != "baseline"]
    broken = {urlsplit(url).path for url, _, _, state, _ in ours if state == "dead"}
    pages = len({urlsplit(row[0]).path for row in ours if row[3] == "alive"} & set(arena.truth.pages))
    partial = before > 0 and len(arena.truth.linked) > NIGHT_CAP  # a night takes up no more of what is known
    score = Score(f"govcheck, {name}", pages, len(rows), broken, cost, partial=partial)
    bare = {which: _bare(arena, which, ours) for which in ("client", "fetcher")} if cost.code == 0 else {}
    return Crawl(score, bodies, parsed, last - before, bare)


def _known(arena: Arena) -> int:
    """The newest id of a page's facts; a page parsed anew replaces its row and gets a higher one."""
    database = arena.work / "data" / "crawl.db"
    if not database.is_file():
        return 0
    with sqlite3.connect(database) as connection:
        return int(connection.execute("SELECT coalesce(max(id), 0) FROM pages").fetchone()[0])


def _bare(arena: Arena, which: str, rows: list[tuple[str, str, str, str, str]]) -> Cost:
    listed = arena.work / "bare.jsonl"
    with listed.open("w", encoding="utf-8") as out:
        for url, kind, etag, _, outcome in rows:
            out.write(json.dumps([url, kind, etag if outcome == "not_modified" else ""]) + "\n")
    command = [sys.executable, "-m", "tests.bench.bare", which, str(listed), str(arena.port), str(CONCURRENCY)]
    return run(command, arena.work / f"bare-{which}.log", timeout=60 + len(rows) / 100)


def audit(arena: Arena) -> Cost:
    return _govcheck(arena, "govcheck-audit.log", 60 + len(arena.truth.pages) / 50, "audit")
