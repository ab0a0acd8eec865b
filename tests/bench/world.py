"""`make bench-world`: the misbehaving world of tests/world, crawled by govcheck and by the others, and who was wrong.

The truth stands in tests/world (places, shapes) as what a person finds who opens the link in a browser at leisure.
The others run as they come out of the box and reach the world through a proxy; lychee is given the list of pages.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.measure import run
from tests.world.office import DEAD_TARGET, Office
from tests.world.places import GONE, LIVING, Target, platform_of, stand
from tests.world.proxy import proxied
from tests.world.server import Visit, World, standing

RATE, AT_ONCE = 10.0, 2  # the limit of every host here: requests a second, and how many may come together
PATIENCE = 420.0
OUR_WORLD = ["canary.test"]


@dataclass(slots=True)
class Answer:
    """What one program said, and what the world saw of it."""

    name: str
    dead: set[str]
    unverified: set[str] = field(default_factory=set)  # said to be unknown
    proposed: int = 0  # of the dead ones, left to a person
    seconds: float = 0.0
    requests: int = 0
    above: int = 0
    worst: str = ""
    note: str = ""


def above_the_limit(world: World, visits: Iterable[Visit]) -> Counter[str]:
    """Requests of each platform beyond RATE and AT_ONCE in the second before them, which is what a server can see."""
    most = int(RATE) + AT_ONCE
    recent: dict[str, deque[float]] = {}
    over: Counter[str] = Counter()
    for visit in visits:
        platform = platform_of(world, visit.host)
        times = recent.setdefault(platform, deque(maxlen=most))
        if len(times) == most and visit.at - times[0] < 1.0:
            over[platform] += 1
        times.append(visit.at)
    return over


def govcheck(office: Office, targets: list[Target]) -> Answer:
    limit = {"rate": RATE, "concurrency": AT_ONCE, "attachment_rate": RATE}
    for site in office.sites.values():
        site.platform |= limit
    office.external |= limit
    told = office.nightly()
    rows = [row for row in told.document["findings"] if row["rule"] in DEAD_TARGET and row["target"]]
    sure = {row["target"] for row in rows if row["certainty"] == "confirmed"}
    proposed = {row["target"] for row in rows if row["certainty"] == "proposed"} - sure
    hosts = {f"//www.{row['site']}.gov.cn/" for row in told.document["results"] if row["unknown"]}
    open_ones = {target.url for target in targets if any(host in target.url for host in hosts)} - sure - proposed
    return Answer("govcheck", sure | proposed, open_ones, len(proposed))


def _environment(office: Office, proxy: str) -> dict[str, str]:
    trust = office.world.trust or ""
    names = {"http_proxy": proxy, "https_proxy": proxy, "HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "no_proxy": ""}
    return names | {"SSL_CERT_FILE": trust, "REQUESTS_CA_BUNDLE": trust, "NO_PROXY": ""}


def _program(name: str) -> str | None:
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.is_file() else None


def _homes(office: Office) -> list[str]:
    return [site.home for site in office.sites.values()]


def linkkeep(office: Office, work: Path, proxy: str) -> Answer | None:
    if (program := _program("linkkeep")) is None:
        return None
    out = work / "linkkeep.json"
    command = [program, "--db", str(work / "linkkeep.db"), "crawl", *_homes(office), "--allow-private", "-f", "json"]
    cost = run([*command, "-o", str(out)], work / "linkkeep.log", timeout=PATIENCE, env=_environment(office, proxy))
    issues = json.loads(out.read_text(encoding="utf-8"))["issues"] if out.is_file() else []
    dead = {row["target_url"] for row in issues if row["severity"] == "error"}
    return Answer("linkkeep", dead, seconds=cost.wall, note="" if out.is_file() else "no report in time")


def linkchecker(office: Office, work: Path, proxy: str) -> Answer | None:
    if (program := _program("linkchecker")) is None:
        return None
    log, ini = work / "linkchecker.csv", work / "linkchecker.ini"
    authority = office.world.trust
    ini.write_text("[checking]\n" + (f"sslverify={authority}\n" if authority else "") + "[filtering]\ncheckextern=1\n")
    # As root it becomes nobody, who has to read the authority's certificate.
    work.chmod(0o755)
    command = [program, "--config", str(ini), "--no-status", "--verbose", "-o", "csv", *_homes(office)]
    cost = run(command, log, timeout=PATIENCE, env=_environment(office, proxy))
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").split("\n") if line[:1] != "#"]
    rows = [row for row in csv.DictReader(lines, delimiter=";") if row.get("valid") == "False"]
    dead = {url for row in rows for url in (row.get("url"), row.get("urlname")) if url}
    return Answer("LinkChecker", dead, seconds=cost.wall, note="stopped by the time-out" if cost.late else "")


def lychee(office: Office, work: Path, proxy: str) -> Answer | None:
    if (program := _program("lychee")) is None:
        return None
    pages, out = work / "lychee.txt", work / "lychee.json"
    # A page that it cannot open itself ends it at once: those behind a doubtful certificate are left out.
    homes = [home for home in _homes(office) if "tls-" not in home]
    pages.write_text("".join(f"{home}\n{home}links.html\n" for home in homes))
    command = [program, "--no-progress", "--format", "json", "--files-from", str(pages), "--max-retries", "0"]
    cost = run(command, out, timeout=PATIENCE, env=_environment(office, proxy))
    try:
        said = json.loads(out.read_text())
    except ValueError:
        said = {}
    maps = [said.get(key) or {} for key in ("error_map", "timeout_map")]
    dead = {row["url"] for found in maps for rows in found.values() for row in rows}
    return Answer("lychee", dead, seconds=cost.wall, note="given the pages" if said else "no report in time")


OTHERS: dict[str, Callable[[Office, Path, str], Answer | None]] = {
    "linkkeep": linkkeep,
    "linkchecker": linkchecker,
    "lychee": lychee,
}


def contest(name: str, work: Path) -> tuple[Answer | None, list[Target]]:
    """One program in a world of its own, which has answered nobody before."""
    folder = work / name
    folder.mkdir(parents=True, exist_ok=True)
    with standing() as world:
        office = Office(world, folder)
        targets = stand(office, folder)
        office.write()
        if name == "govcheck":
            told: Answer | None = govcheck(office, targets)
        else:
            with proxied(world) as proxy:
                told = OTHERS[name](office, folder, proxy)
        if told is None:
            return None, targets
        visits = [visit for visit in world.log if visit.host not in OUR_WORLD]
        over = above_the_limit(world, visits)
        told.requests, told.above = len(visits), over.total()
        told.worst = ", ".join(f"{host} {count}" for host, count in over.most_common(2))
        if not told.seconds and visits:
            told.seconds = visits[-1].at - visits[0].at
    return told, targets


def show(answers: list[Answer], truth: list[Target]) -> None:
    gone = {target.url for target in truth if target.truth == GONE}
    living = {target.url: target.kind for target in truth if target.truth == LIVING}
    title = f"{len(gone)} dead and {len(living)} living targets; limit {RATE:g} requests/s, {AT_ONCE} at a time"
    table = Table(title=title)
    for column in (
        "program", "dead found", "left to a person", "living called dead", "said unknown", "requests",
        "above the limit", "s",
    ):  # fmt: skip
        table.add_column(column, justify="left" if column == "program" else "right")
    for told in answers:
        said = f"{len(told.unverified)}" if told.name == "govcheck" else "no such word"
        wrong = sorted(set(living) & told.dead)
        figures = (f"{len(gone & told.dead)}", f"{told.proposed}", f"{len(wrong)}", said, f"{told.requests}")
        name = f"{told.name} ({told.note})" if told.note else told.name
        table.add_row(name, *figures, f"{told.above}", f"{told.seconds:.0f}")
    console = Console(width=140)
    console.print(table)
    for told in answers:
        wrong_kinds = Counter(living[url] for url in living if url in told.dead)
        missed = sorted({target.kind for target in truth if target.url in gone - told.dead})
        print(f"\n{told.name}: living called dead: {dict(wrong_kinds) or 'none'}")
        print(f"{told.name}: dead and not found: {missed or 'none'}")
        print(f"{told.name}: most above the limit: {told.worst or 'none'}")


def verdict(answers: list[Answer], truth: list[Target]) -> list[str]:
    """What makes the benchmark fail."""
    ours = next(told for told in answers if told.name == "govcheck")
    gone = {target.url for target in truth if target.truth == GONE}
    faults = [
        f"govcheck calls a living target dead: {target.kind} {target.url}"
        for target in truth
        if target.truth == LIVING and target.url in ours.dead
    ]
    faults += [
        f"{told.name} finds {len(gone & told.dead)} dead ones, govcheck {len(gone & ours.dead)}"
        for told in answers
        if len(gone & told.dead) > len(gone & ours.dead)
    ]
    if ours.above:
        faults.append(f"govcheck sent {ours.above} requests above the limit: {ours.worst}")
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.world", description=__doc__)
    parser.add_argument("--only", default=",".join(OTHERS), help="the others, by commas; 'none' for govcheck alone")
    parser.add_argument("--folder", type=Path, help="where all is kept (default: a folder that is removed)")
    options = parser.parse_args()
    answers, truth = [], []
    with tempfile.TemporaryDirectory(prefix="bench-world-") as made:
        work = (options.folder or Path(made)).resolve()
        Path(made).chmod(0o755)
        for name in ("govcheck", *(name for name in options.only.split(",") if name in OTHERS)):
            print(f"{name} …", file=sys.stderr, flush=True)
            told, truth = contest(name, work)
            if told is None:
                print(f"{name} is not installed (extra `bench`)", file=sys.stderr)
            else:
                answers.append(told)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    show(answers, truth)
    faults = verdict(answers, truth)
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
