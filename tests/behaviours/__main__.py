"""`make behaviours`: runs the numbered tests and prints every number with its issue, its tests and its result."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from ruamel.yaml import YAML

from tests.behaviours.keeping import FAILED, PASSED, read

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LAST = ROOT / ".pytest_cache" / "behaviours.json"
OURS = "the web as it is"  # the issue whose every number must be shown
COLOURS = {"shown": "green", "failed": "bold red", "missing": "red", "later": "dim"}

Ran = dict[int, list[tuple[str, str]]]  # number -> tests and what each came to


def titles() -> dict[int, tuple[str, str]]:
    """Number -> title and issue."""
    listed = YAML(typ="safe").load((HERE / "numbers.yaml").read_text(encoding="utf-8"))
    return {number: (title, issue) for issue, rows in listed.items() for number, title in rows.items()}


def run(more: list[str]) -> int:
    LAST.parent.mkdir(exist_ok=True)
    LAST.unlink(missing_ok=True)
    words = ["-q", "-m", "behaviour", "-p", "tests.behaviours.keeping", "--behaviours-to", str(LAST)]
    return subprocess.run([sys.executable, "-m", "pytest", *words, *more], cwd=ROOT, check=False).returncode


def ran() -> Ran:
    found: Ran = defaultdict(list)
    for test, numbers, outcome in read(LAST):
        for number in numbers:
            found[number].append((test, outcome))
    return found


def result(tests: list[tuple[str, str]], issue: str) -> str:
    """A number is shown when a test of it ran and none failed."""
    if any(outcome == FAILED for _, outcome in tests):
        return "failed"
    if any(outcome == PASSED for _, outcome in tests):
        return "shown"
    return "missing" if issue == OURS else "later"


def names(tests: list[tuple[str, str]]) -> str:
    """One line a test; cases of one parametrised test are counted."""
    cases: dict[str, int] = defaultdict(int)
    for test, _ in tests:
        cases[test.removeprefix("tests/").partition("[")[0]] += 1
    return "\n".join(f"{name} ({count})" if count > 1 else name for name, count in sorted(cases.items()))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.behaviours", description=__doc__)
    parser.add_argument("--last", action="store_true", help="run nothing, print the table of the last run")
    parser.add_argument("--short", action="store_true", help="without the names of the tests")
    parser.add_argument("pytest", nargs="*", help="for pytest, after --: -n 2, or paths")
    options = parser.parse_args()
    code = 0 if options.last else run(options.pytest)
    if not LAST.exists():
        print("no run is kept yet: call without --last", file=sys.stderr)
        return 2
    found, listed = ran(), titles()
    table = Table("no.", "behaviour", "issue", "result", box=None, pad_edge=False)
    if not options.short:
        table.add_column("tests")
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for number, (title, issue) in sorted(listed.items()):
        came_to = result(found[number], issue)
        totals[issue, came_to] += 1
        shown = f"[{COLOURS[came_to]}]{came_to}[/]"
        table.add_row(
            str(number), escape(title), issue, shown, *([] if options.short else [escape(names(found[number]))])
        )
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    console.print(table)
    for issue in dict.fromkeys(issue for _, issue in listed.values()):
        console.print(f"{issue}: " + ", ".join(f"{n} {w}" for (i, w), n in sorted(totals.items()) if i == issue))
    if unknown := sorted(set(found) - set(listed) - {n for n in found if not found[n]}):
        console.print(f"[red]numbers of no list: {unknown}[/]")
    bad = totals[OURS, "missing"] or totals[OURS, "failed"] or unknown
    return 1 if bad or code not in {0, 5} else 0


if __name__ == "__main__":
    raise SystemExit(main())
