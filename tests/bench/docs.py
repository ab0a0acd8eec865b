"""`python -m tests.bench.docs`: pages that nobody here wrote, on loopback, crawled by govcheck and LinkChecker.

The pages come with the operating system (Debian: `apt-get install python3-doc postgresql-doc-15 debian-handbook
debian-reference-zh-cn gimp-help-zh-cn lilypond-doc-html-zh maint-guide-zh-cn installation-guide-amd64`). Only what both
programs can be asked is compared: addresses of the served host. Every difference is printed, for a person to explain.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

from tests.bench.measure import run
from tests.bench.ours import REPOSITORY

HOST = "www.docs.gov.cn"
# Short name -> the folder, and the page a reader begins with.
BOOKS = {
    "python": ("/usr/share/doc/python3.11/html", "index.html"),
    "postgresql": ("/usr/share/doc/postgresql-doc-15/html", "index.html"),
    "handbook-zh": ("/usr/share/doc/debian-handbook/html/zh-CN", "index.html"),
    "reference": ("/usr/share/debian-reference", "index.zh-cn.html"),
    "installation-zh": ("/usr/share/doc/installation-guide-amd64/zh_CN", "index.html"),
    "maint-guide-zh": ("/usr/share/doc/maint-guide-zh-cn/html", "index.zh-cn.html"),
    "gimp-zh": ("/usr/share/gimp/2.0/help/zh_CN", "index.html"),
    "lilypond": ("/usr/share/doc/lilypond/html/Documentation", "web/index.zh.html"),
    "faq-zh": ("/usr/share/doc/debian/FAQ/zh-cn", "index.zh-cn.html"),
    "edu-zh": ("/usr/share/doc/debian-edu-doc-zh-cn", "debian-edu-bookworm-manual.html"),
    "developers-reference": ("/usr/share/developers-reference", "index.html"),
    "policy": ("/usr/share/doc/debian-policy", "policy.html/index.html"),
    "aptitude": ("/usr/share/doc/aptitude/html/en", "index.html"),
}


class _Quiet(SimpleHTTPRequestHandler):
    """Files and nothing else: no listing of a folder, which would be a page that nobody wrote."""

    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        self.send_header("LinkChecker", "full-speed")  # its manual: else three requests a second
        super().end_headers()

    def list_directory(self, path: object) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def do_GET(self) -> None:
        if self.headers.get("Host", "").split(":")[0] in {HOST, "127.0.0.1"}:
            super().do_GET()
        else:  # somebody else's host: it is there
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None: ...


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None: ...  # a client that hangs up


@contextmanager
def served(root: Path) -> Iterator[int]:
    server = _Server(("127.0.0.1", 0), partial(_Quiet, directory=str(root)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()


def shelve(root: Path, wanted: list[str]) -> list[str]:
    """Links to the installed books, and a first page that leads to each."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    there = []
    for name in wanted:
        folder, first = BOOKS[name]
        if (Path(folder) / first).is_file():
            (root / name).symlink_to(folder)
            there.append(name)
        else:
            print(f"{name} is not installed ({folder}/{first})", file=sys.stderr)
    rows = "".join(f'<li><a href="/{name}/{BOOKS[name][1]}">{name}</a></li>' for name in there)
    words = "本页列出本机安装的说明文档，供巡查程序试读。" * 12
    (root / "index.html").write_text(
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>说明文档</title></head>'
        f"<body><h1>说明文档</h1><p>{words}</p><ul>{rows}</ul></body></html>",
        encoding="utf-8",
    )
    return there


def _configure(work: Path, port: int) -> list[str]:
    config, data = work / "config", work / "data"
    for folder in (config, data):
        shutil.rmtree(folder, ignore_errors=True)
    left_out = shutil.ignore_patterns("sites", "sources.yaml", "network.yaml", "platforms.yaml")
    shutil.copytree(REPOSITORY / "config", config, ignore=left_out)
    (config / "sites").mkdir()
    site = {"id": "docs", "name": "说明文档县人民政府", "code": None, "level": "portal", "platform": "docs"}
    site |= {"home": f"http://{HOST}/", "hosts": [HOST], "prefixes": [], "confirmed": True, "columns": []}
    fast = {"rate": 100_000, "attachment_rate": 100_000, "second_round_after": "0s", "timeout": "20s", "clock": "15s"}
    platform = {"id": "docs", **fast, "concurrency": 8, "trap_cap": 10_000_000, "robots": "obey"}
    network = {"connect_to": {"*:80": f"127.0.0.1:{port}", "*:443": "refused"}}
    told = {
        "sites/docs": site,
        "platforms": [platform, {"id": "external", **fast, "concurrency": 4}],
        "sources": [],
        "network": network,
    }
    for name, value in told.items():
        (config / f"{name}.yaml").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return ["--config", str(config), "--data", str(data)]


@dataclass(frozen=True, slots=True)
class Said:
    """What a program says of the served host."""

    name: str
    asked: set[str]  # paths with their queries
    dead: dict[str, str]  # path -> why
    seconds: float


def _path(url: str) -> str:
    parts = urlsplit(url)
    return unquote(parts.path) + (f"?{parts.query}" if parts.query else "")


def govcheck(work: Path, port: int) -> tuple[Said, Counter[tuple[str, str]]]:
    folders = _configure(work, port)
    cost = run([sys.executable, "-m", "crawler.cli", "crawl", "--all", *folders], work / "crawl.log", timeout=1200)
    run([sys.executable, "-m", "crawler.cli", "audit", "--json", *folders], work / "audit.json", timeout=600)
    with sqlite3.connect(work / "data" / "crawl.db") as connection:
        rows = connection.execute(
            "SELECT u.url, f.state, f.outcome, f.status FROM fetches f JOIN urls u ON u.id = f.url_id "
            "WHERE f.id IN (SELECT max(id) FROM fetches GROUP BY url_id) AND u.kind != 'baseline'"
        ).fetchall()
    ours = [row for row in rows if urlsplit(row[0]).hostname == HOST]
    dead = {_path(url): f"{outcome} {status or ''}" for url, state, outcome, status in ours if state == "dead"}
    document = json.loads((work / "audit.json").read_text(encoding="utf-8"))
    fired = Counter((row["rule"], row["certainty"]) for row in document["findings"])
    return Said("govcheck", {_path(url) for url, *_ in ours}, dead, cost.wall), fired


def linkchecker(work: Path, port: int) -> Said | None:
    program = Path(sys.executable).with_name("linkchecker")
    if not program.is_file():
        return None
    log = work / "linkchecker.csv"
    ini = Path(__file__).with_name("linkchecker.ini")
    command = [str(program), "--config", str(ini), "--no-status", "--verbose", "-o", "csv", f"http://127.0.0.1:{port}/"]
    cost = run(command, log, timeout=1200)
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").split("\n") if not line.startswith("#")]
    rows = [row for row in csv.DictReader(lines, delimiter=";") if row.get("url")]
    ours = [row for row in rows if urlsplit(row["url"]).netloc == f"127.0.0.1:{port}"]
    dead = {_path(row["url"]): str(row["result"]) for row in ours if row["valid"] != "True"}
    return Said("LinkChecker", {_path(row["url"]) for row in ours}, dead, cost.wall)


def differences(ours: Said, theirs: Said) -> list[str]:
    """Each path on which the two do not agree, with what the other knew of it."""
    told = []
    for one, other in ((ours, theirs), (theirs, ours)):
        for path in sorted(set(one.dead) - set(other.dead)):
            knew = "asked and found it alive" if path in other.asked else "never asked for it"
            told.append(f"only {one.name}: {path} ({one.dead[path]}); {other.name} {knew}")
    return told


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.docs", description=__doc__)
    parser.add_argument("--folder", type=Path, default=REPOSITORY / "bench-data" / "docs", help="where all is kept")
    parser.add_argument("--only", default=",".join(BOOKS), help="books, by commas")
    parser.add_argument("--alone", action="store_true", help="without LinkChecker")
    options = parser.parse_args()
    work = options.folder.resolve()
    books = shelve(work / "www", options.only.split(","))
    if not books:
        raise SystemExit("none of the books is installed")
    with served(work / "www") as port:
        theirs = None if options.alone else linkchecker(work, port)
        ours, fired = govcheck(work, port)
    print(f"{len(books)} books: {', '.join(books)}; {time.strftime('%F')}, on {os.cpu_count()} cores")
    for said in filter(None, (ours, theirs)):
        print(f"{said.name}: {len(said.asked)} addresses, {len(said.dead)} dead, {said.seconds:.0f} s")
    print("findings of govcheck by rule:", dict(sorted((f"{rule} {sure}", n) for (rule, sure), n in fired.items())))
    if theirs is not None:
        for line in differences(ours, theirs):
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
