"""A findings.db of the first schema opens for ever after: its issues, numbers and first sightings are kept.

The file is the simulated prefecture's of the day the schema was frozen. It is never changed.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from crawler.store.findings import Findings

FIRST = Path(__file__).parent.parent / "fixtures" / "findings-v1.db"


def test_it_opens_and_keeps_its_issues(tmp_path: Path) -> None:
    before = FIRST.read_bytes()
    shutil.copy(FIRST, tmp_path / "findings.db")
    with Findings.open(tmp_path / "findings.db") as findings:
        report = findings.load()
    assert report.run.number == 1
    assert len(report.sites) == 15
    numbers = [finding.issue for finding in report.findings]
    assert None not in numbers
    assert len(set(numbers)) == len(numbers) >= 80
    assert all(finding.first_seen and finding.first_seen.year == 2026 for finding in report.findings)
    assert {finding.rule for finding in report.findings} >= {"FT-01", "LK-01", "PF-01", "RP-02", "AV-08"}
    assert FIRST.read_bytes() == before
