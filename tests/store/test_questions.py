"""The ten questions of data/README.md, asked of a real findings.db and answered again by other means."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.core.desk import Decision
from crawler.store.findings import Findings
from crawler.store.readme import DATA_README

FIRST = Path(__file__).parent.parent / "fixtures" / "findings-v1.db"
NOW = datetime.now(UTC)
SQL = re.findall(r"```sql\n(.*?)\n```", DATA_README, re.DOTALL)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: Any) -> Any:
    """The answers, beside the report and the cases the program itself makes of the same file."""
    path = tmp_path_factory.mktemp("data") / "findings.db"
    shutil.copy(FIRST, path)
    with Findings.open(path) as findings:
        first, second, third = [f.issue for f in findings.load().findings if f.issue and not f.rollup][:3]
        soon = NOW + timedelta(days=7)
        for number, decision in (
            (first, Decision(NOW, "张三", "dismiss", "页面本来如此", until=soon)),
            (second, Decision(NOW, "李四", "confirm")),
            (third, Decision(NOW, "李四", "confirm")),
            (third, Decision(NOW, "李四", "notify", deadline=soon)),
        ):
            assert not findings.decide({number: decision})
        report, cases = findings.load(), findings.cases()
    with sqlite3.connect(path) as db:
        late = "2026-01-01T00:00:00.000000Z"
        db.execute("UPDATE decisions SET deadline = ? WHERE issue = ? AND decision = 'notify'", (late, third))
        db.commit()
        db.row_factory = sqlite3.Row
        answers = [[dict(row) for row in db.execute(sql)] for sql in SQL]
    return answers, report, cases, (first, second, third)


def test_there_are_ten_and_none_fails(asked: Any) -> None:
    assert len(SQL) == len(asked[0]) == 10


def test_open_issues_are_counted_as_the_report_counts_them(asked: Any) -> None:
    answers, report, _, _ = asked
    names = {site.id: site.name for site in report.sites}
    counted = Counter(names[f.site] for f in report.findings if not f.exempt and not f.rollup)
    said: Counter[str] = Counter()
    for row in answers[0]:
        said[row["网站"]] += row["问题数"]
    assert said == counted


def test_what_moved_and_what_is_oldest(asked: Any) -> None:
    answers, report, _, _ = asked
    moved = {f.issue for f in (*report.findings, *report.closed) if f.change in {"new", "recurred", "fixed"}}
    assert {row["编号"] for row in answers[1]} >= moved
    assert len(answers[2]) == 20
    assert [row["存在天数"] for row in answers[2]] == sorted((row["存在天数"] for row in answers[2]), reverse=True)


def test_people_s_decisions_answer(asked: Any) -> None:
    answers, _, _, (first, second, third) = asked
    assert [row["编号"] for row in answers[3]] == [third]
    assert [(row["编号"], row["决定人"]) for row in answers[6]] == [(first, "张三")]
    judged = {row["规则"]: (row["人工确认"], row["人工误报"]) for row in answers[5]}
    assert sum(map(sum, judged.values())) == len({first, second, third})
    assert {row["准确率"] for row in answers[5]} == {"样本不足"}


def test_a_notice_that_was_answered_in_vain_is_overdue_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "findings.db"
    shutil.copy(FIRST, path)
    with Findings.open(path) as findings:
        number = next(f.issue for f in findings.load().findings if f.issue and not f.rollup)
        for action, extra in (("confirm", {}), ("notify", {"deadline": NOW + timedelta(days=7)}), ("answer", {})):
            assert not findings.decide({number: Decision(datetime.now(UTC), "李四", action, **extra)})
    with sqlite3.connect(path) as db:
        db.execute("UPDATE decisions SET deadline = '2026-01-01T00:00:00.000000Z' WHERE decision = 'notify'")
        assert db.execute(SQL[3]).fetchall() == [], "nobody looked since the answer"
        db.execute("UPDATE issues SET last_seen = '2099-01-01T00:00:00.000000Z' WHERE number = ?", (number,))
        assert [row[0] for row in db.execute(SQL[3])] == [number]


def test_the_history_of_one_issue(asked: Any) -> None:
    answers, _, cases, _ = asked
    case = next(case for case in cases if case.number == 1)
    assert len(answers[4]) == len(case.steps) + len(case.decisions)


def test_what_was_not_judged_and_not_read(asked: Any) -> None:
    answers, report, _, _ = asked
    assert len(answers[7]) == sum(
        r.verdict.value in {"crashed", "not_configured", "unverified"} for r in report.results
    )
    unread = sum(not column.complete for row in report.coverage for column in row.columns)
    assert len(answers[8]) == unread
    assert [row["检查批次"] for row in answers[9]] == [report.run.number]
