"""A pytest plugin (`-p tests.behaviours.keeping`) that keeps what every numbered test of a run came to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
_found: dict[str, tuple[set[int], str]] = {}  # test -> its numbers and the worst of its three phases
_WORST = (FAILED, SKIPPED, PASSED)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--behaviours-to", help="a JSON file for the results of numbered tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Properties travel with a report from the processes of xdist; markers do not."""
    for item in items:
        for marker in item.iter_markers("behaviour"):
            item.user_properties += [("behaviour", number) for number in marker.args]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    numbers = {value for name, value in report.user_properties if name == "behaviour" and isinstance(value, int)}
    if not numbers:
        return
    # A test that is expected to fail shows nothing, whatever it is called.
    outcome = FAILED if hasattr(report, "wasxfail") else report.outcome
    _, before = _found.get(report.nodeid, (numbers, PASSED))
    _found[report.nodeid] = numbers, min(outcome, before, key=_WORST.index)


def pytest_sessionfinish(session: pytest.Session) -> None:
    path = session.config.getoption("--behaviours-to")
    if path is None or hasattr(session.config, "workerinput"):
        return
    rows = [{"test": name, "numbers": sorted(n), "outcome": outcome} for name, (n, outcome) in sorted(_found.items())]
    Path(path).write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def read(path: Path) -> Iterable[tuple[str, list[int], str]]:
    return [(row["test"], row["numbers"], row["outcome"]) for row in json.loads(path.read_text(encoding="utf-8"))]
