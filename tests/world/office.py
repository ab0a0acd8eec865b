"""An office that runs govcheck over the misbehaving world: its configuration, its commands, what it reads."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.cli import main
from tests.world.server import Visit, World, answer

ROOT = Path(__file__).resolve().parents[2]
CANARY = "http://canary.test/"
FAST = {
    "rate": 100_000,
    "concurrency": 8,
    "attachment_rate": 100_000,
    "search_interval": "1s",
    "window": None,
    "robots": "obey",
    "robots_unknown": "columns",
    "second_round_after": "1s",
    "trap_cap": 20,
    "breaker_pause": "30m",
    "clock": "1s",
    "timeout": "2s",
}
DEAD_TARGET = ("LK-01", "LK-02", "LK-03", "LK-07", "SC-02", "SC-03", "AV-05", "AV-08")


def page(title: str, *links: str, body: str = "", head: str = "") -> str:
    """An ordinary page of a government site: chrome, text of its own, links. A link with a `<` is taken as it is."""
    written = "".join(link if "<" in link else f'<li><a href="{link}">{title}：{link[-30:]}</a></li>' for link in links)
    text = f"{title}。" + "".join(f"关于{title}的第{n}条说明，请各乡镇各部门结合实际认真贯彻落实。" for n in range(12))
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}<title>{title}_示范县人民政府</title></head><body>'
        f'<div class="nav"><a href="/">首页</a></div><div class="content"><h1>{title}</h1>{body}<p>{text}</p>'
        f"<ul>{written}</ul></div></body></html>"
    )


@dataclass
class Site:
    id: str
    home: str
    columns: list[dict[str, str]] = field(default_factory=list)
    platform: dict[str, Any] = field(default_factory=dict)  # what differs from FAST; a platform of its own
    shares: str = ""  # the id of another site's platform
    hosts: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)  # of its YAML file, over all the rest


@dataclass
class Office:
    world: World
    folder: Path
    sites: dict[str, Site] = field(default_factory=dict)
    sources: list[dict[str, Any]] = field(default_factory=list)
    external: dict[str, Any] = field(default_factory=dict)
    canaries: tuple[str, ...] = (CANARY,)
    files: dict[str, Any] = field(default_factory=dict)  # further files of the configuration, by name
    exit_code: int = 0
    said: str = ""  # what the last command wrote to stderr
    _started: list[subprocess.Popen[str]] = field(default_factory=list)

    def site(self, name: str, *links: str, **more: Any) -> Site:
        """A site whose home page leads to /links.html, where these links stand."""
        host = f"www.{name}.gov.cn"
        scheme = more.pop("scheme", "http")
        made = self.sites[name] = Site(name, f"{scheme}://{host}/", **more)
        self.world.routes.setdefault(f"{scheme}://{host}/", answer(page(f"{name}首页", "/links.html")))
        self.world.routes.setdefault(f"{scheme}://{host}/links.html", answer(page(f"{name}相关链接", *links)))
        return made

    def write(self) -> Path:
        config = self.folder / "config"
        (config / "sites").mkdir(parents=True, exist_ok=True)
        platforms = [{"id": "external", **FAST, **self.external}]
        for site in self.sites.values():
            if not site.shares:
                platforms.append({"id": site.id, **FAST, **site.platform})
            _dump(config / "sites" / f"{site.id}.yaml", _site(site))
        _dump(config / "platforms.yaml", platforms)
        _dump(config / "sources.yaml", self.sources)
        connect_to = {"*:80": f"127.0.0.1:{self.world.port}", "*:443": "refused", **self.world.connect_to}
        network = {"connect_to": connect_to, "canaries": list(self.canaries), "proxy": None}
        _dump(config / "network.yaml", network | ({"trust": self.world.trust} if self.world.trust else {}))
        for name, value in self.files.items():
            _dump(config / name, value)
        self.world.routes.setdefault(CANARY, answer("<p>在</p>"))
        return config

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def words(self, *words: str) -> list[str]:
        return [words[0], *words[1:], "--config", str(self.write()), "--data", str(self.data)]

    def text(self, *words: str) -> str:
        """What one command prints; its exit code and what it says beside are kept."""
        out, err = io.StringIO(), io.StringIO()
        self.exit_code = 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                main(self.words(*words))
            except SystemExit as end:
                self.exit_code = int(end.code or 0)
        self.said = err.getvalue()
        return out.getvalue()

    def run(self, *words: str) -> dict[str, Any]:
        """What one command prints as JSON."""
        text = self.text(*words)
        if not text.startswith("{"):
            sys.stderr.write(self.said[:3000])
            raise AssertionError(f"no JSON from {words}: exit {self.exit_code}: {text[:500]}")
        return dict(json.loads(text))

    def told(self, *words: str) -> Told:
        """A command whose JSON are findings, with the requests that the world got meanwhile."""
        before = len(self.world.log)
        document = self.run(*words)
        return Told(document, self.world.log[before:], self.exit_code)

    def nightly(self, *words: str) -> Told:
        return self.told("nightly", "--json", *words)

    def check(self, *words: str) -> Told:
        return self.told("check", *words, "--format", "json")

    def audit(self, *words: str) -> Told:
        return self.told("audit", "--json", *words)

    def crawl(self, *words: str) -> dict[str, Any]:
        return self.run("crawl", *(words or ("--all",)), "--json")

    # ── as cron starts it ────────────────────────────────────────────────────────────────────────────────────────────

    def start(self, *words: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
        """A process of its own, to be waited for, stopped or killed."""
        made = subprocess.Popen(
            [sys.executable, "-m", "crawler.cli", *self.words(*words)],
            cwd=ROOT,
            env={
                **os.environ,
                **{k: f"{ROOT}:{v}" if k == "PYTHONPATH" else v for k, v in {"PYTHONPATH": "", **(env or {})}.items()},
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._started.append(made)
        return made

    def wait_for(self, requests: int, host: str = "", seconds: float = 60.0) -> None:
        """Until the world got so many more requests (of a host)."""
        end, before = time.monotonic() + seconds, self._asked(host)
        while self._asked(host) - before < requests:
            assert time.monotonic() < end, f"only {self._asked(host) - before} requests"
            time.sleep(0.005)

    def _asked(self, host: str) -> int:
        return sum(visit.host == host for visit in list(self.world.log)) if host else len(self.world.log)

    def end(self, process: subprocess.Popen[str], number: int = signal.SIGTERM) -> tuple[int, float]:
        """Its exit code, and the seconds it took to go."""
        sent = time.monotonic()
        process.send_signal(number)
        process.communicate(timeout=30)
        return process.returncode, time.monotonic() - sent

    def close(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.communicate()


@dataclass
class Told:
    """The document of `--json`, as somebody asks it."""

    document: dict[str, Any]
    log: list[Visit] = field(default_factory=list)  # what the world was asked meanwhile
    exit_code: int = 0

    def asked(self, host: str) -> list[Visit]:
        """Requests to a host during the command."""
        return [visit for visit in self.log if visit.host == host]

    def coverage(self, site: str) -> dict[str, Any]:
        return next(row for row in self.document["coverage"] if row["site"] == site)

    def findings(self, site: str = "", rules: Iterable[str] = DEAD_TARGET, target: str = "") -> list[dict[str, Any]]:
        wanted = set(rules)
        return [
            row
            for row in self.document["findings"]
            if row["rule"] in wanted and site in ("", row["site"]) and target in ("", row["target"])
        ]

    def result(self, site: str, rule: str) -> dict[str, Any]:
        return next(r for r in self.document["results"] if r["site"] == site and r["rule"] == rule)

    def verdict(self, site: str, target: str) -> str:
        """confirmed, suspected or proposed where there is a finding; unverified where nothing is known; else alive."""
        rows = self.findings(site, target=target)
        if rows:
            return str(rows[0]["certainty"])
        results = [self.result(site, rule) for rule in ("LK-01", "LK-02", "LK-03", "LK-07")]
        return "unverified" if any(row["unknown"] for row in results) else "alive"

    def words(self, site: str, target: str) -> str:
        return " | ".join(row["message"] for row in self.findings(site, target=target))


def _site(site: Site) -> dict[str, Any]:
    host = site.home.partition("://")[2].partition("/")[0]
    return {
        "id": site.id,
        "name": f"{site.id}人民政府（模拟）",
        "code": None,
        "level": "portal",
        "platform": site.shares or site.id,
        "home": site.home,
        "hosts": list(site.hosts or (host,)),
        "prefixes": list(site.prefixes),
        "confirmed": True,
        "columns": site.columns,
        **site.more,
    }


def _dump(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")  # JSON is YAML
