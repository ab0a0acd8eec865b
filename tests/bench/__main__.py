"""`make bench`: govcheck beside Scrapy, LinkChecker and lychee on a site of this machine; `--help` says the rest."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path

from tests.bench import competitors, ours, table, website
from tests.bench.serve import served

MOST_FOR_OTHERS = 10_000  # pages; beyond that only govcheck runs, and its memory is the question


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--pages", type=int, default=5000, help="pages of the site (50000: does memory stay level?)")
    parser.add_argument("--folder", type=Path, default=ours.REPOSITORY / "bench-data", help="where all of it is kept")
    parser.add_argument(
        "--only", default="", help=f"of {', '.join(competitors.ALL)}, by commas; 'none' for govcheck alone"
    )
    return parser.parse_args()


def _wanted(options: argparse.Namespace) -> list[str]:
    if options.only:
        names = [name for name in options.only.split(",") if name != "none"]
        unknown = [name for name in names if name not in competitors.ALL]
        if unknown:
            raise SystemExit(f"--only: no such program {', '.join(unknown)}")
        return names
    return list(competitors.ALL) if options.pages <= MOST_FOR_OTHERS else []


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main() -> int:
    options = _options()
    folder = options.folder.resolve()
    work = folder / "work"
    work.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()[0]
    _say(f"making the site of {options.pages} pages …")
    truth = website.site(folder / f"site-{options.pages}", options.pages)
    seen = []
    others: dict[str, competitors.Score] = {}
    with served(folder / f"site-{options.pages}") as (port, server):
        arena = competitors.Arena(truth, port, work)
        ours.configure(arena)
        _say("govcheck crawl, first …")
        first = ours.crawl(arena, "first crawl")
        _say("govcheck crawl, second …")
        second = ours.crawl(arena, "second crawl")
        _say("govcheck audit …")
        audit = ours.audit(arena)
        seen += [(first.score, truth), (second.score, truth)]
        for name in (name for name in _wanted(options) if name != "linkchecker"):
            _say(f"{name} …")
            score = competitors.ALL[name](arena)
            if score is None:
                _say(f"{name} is not installed")
                continue
            others[name] = score
            seen.append((score, truth))
    if "linkchecker" in _wanted(options):
        small = min(options.pages, competitors.LINKCHECKER_PAGES)
        few = website.site(folder / f"site-{small}", small)
        with served(folder / f"site-{small}") as (port, _):
            _say("linkchecker …")
            score = competitors.linkchecker(competitors.Arena(few, port, work))
        if score is not None:
            others["linkchecker"] = score
            seen.append((score, few))
    figures = table.Figures(first, second, audit, others, _peak_at_5000(folder))
    noise = f"load {load:.1f} before and {os.getloadavg()[0]:.1f} after on {os.cpu_count()} cores"
    context = (
        f"{options.pages} pages, {len(truth.broken)} broken, {server}, Python {platform.python_version()}, {noise}"
    )
    goals = table.show(figures, context)
    if load > 0.5:
        print("The machine was not idle: trust the ratios more than the times, and neither to the last digit.")
    _keep(folder / f"last-{options.pages}.json", figures, goals)
    said = table.faults(seen, audit)
    for fault in said:
        print(f"FAULT {fault}")
    return 1 if said else 0


def _keep(file: Path, figures: table.Figures, goals: list[table.Target]) -> None:
    peak = max(figures.first.score.cost.peak, figures.second.score.cost.peak, figures.audit.peak)
    file.write_text(json.dumps({"peak": peak, "targets": [asdict(goal) for goal in goals]}, indent=1), encoding="utf-8")


def _peak_at_5000(folder: Path) -> float | None:
    file = folder / "last-5000.json"
    return float(json.loads(file.read_text(encoding="utf-8"))["peak"]) if file.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
