"""`govcheck issues`: what a person decides is kept, counts, and is refused in one sentence where it cannot be."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

FIRST = Path(__file__).parent.parent / "fixtures" / "findings-v1.db"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of an older program, 15 sites after one night."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(FIRST, folder / "findings.db")
    return folder


@pytest.fixture
def issues(run: Any, config: Path, data: Path) -> Any:
    return lambda *args: run("issues", *args, "--config", config, "--data", data)


@pytest.fixture
def report(run: Any, config: Path, data: Path, tmp_path: Path) -> Any:
    def load() -> Any:
        run("report", "--format", "json,html,xlsx", "--out", tmp_path / "out", "--config", config, "--data", data)
        (file,) = (tmp_path / "out").rglob("*.json")
        return json.loads(file.read_text("utf-8"))

    return load


def decisions(data: Path) -> int:
    with sqlite3.connect(data / "findings.db") as db:
        return int(db.execute("SELECT count(*) FROM decisions").fetchone()[0])


def found(document: Any, number: int) -> Any:
    return next(row for row in document["findings"] if row["issue"] == number)


def confirmed(document: Any) -> int:
    return sum(row["counts"]["confirmed"] for row in document["results"])


def test_a_dismissed_issue_counts_no_more(issues: Any, report: Any) -> None:
    listed = json.loads(issues("list", "--json").out)
    assert {row["work"] for row in listed} == {"待核实"}
    before = report()
    number = next(
        r["issue"] for r in before["findings"] if r["certainty"] == "confirmed" and not r["rollup"] and not r["exempt"]
    )
    said = issues("dismiss", number, "--reason", "页面本来如此", "--who", "张三", "--json")
    assert said.code == 0, said.err
    after = report()
    assert confirmed(after) == confirmed(before) - 1
    assert "页面本来如此" in found(after, number)["exempt"]
    assert len(after["findings"]) == len(before["findings"]), "it stays in the record"
    shown = json.loads(issues("show", number, "--json").out)
    assert (shown["work"], shown["by"]) == ("误报", "张三")
    assert [row["who"] for row in shown["history"]] == ["机器", "张三"]
    assert [row["number"] for row in json.loads(issues("list", "--work", "误报", "--json").out)] == [number]
    assert issues("reopen", number).code == 0
    assert confirmed(report()) == confirmed(before)


def test_an_exception_that_ran_out_counts_again(issues: Any, report: Any, data: Path) -> None:
    args = ("--reason", "改版", "--basis", "州政办函〔2026〕1号", "--until", "2999-01-01")
    assert issues("except", 1, *args).code == 0
    assert "例外" in found(report(), 1)["exempt"]
    with sqlite3.connect(data / "findings.db") as db:
        db.execute("UPDATE decisions SET at = '2026-04-01T00:00:00.000000Z', until = '2026-05-01T00:00:00.000000Z'")
    row = found(report(), 1)
    assert not row["exempt"]
    assert "重新计入" in json.dumps(row["evidence"], ensure_ascii=False)


def test_a_notice_has_a_deadline_in_working_days(issues: Any) -> None:
    assert issues("confirm", 1, 2).code == 0
    assert issues("notify", 1, 2, "--who", "李").code == 0
    rows = [json.loads(issues("show", n, "--json").out) for n in (1, 2)]
    assert all(row["work"] == "已通知" and row["deadline"] for row in rows)
    assert "已通知，期限" in issues("show", 1).out
    assert issues("answer", 1).code == 0


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ("notify 1 --deadline 2020-01-01", "不能"),
        ("dismiss 1 --reason 甲 --until 2020-01-01", "已经过去"),
        ("dismiss 1 99999 --reason 甲", "没有编号"),
        ("dismiss 1", "理由"),
        ("except 1 --reason 甲", "依据"),
        ("confirm 1 --until 2999-01-01", "--until"),
        ("dismiss 1 --reason 甲 --until 明天", "不是日期"),
        ("notify 1 --deadline 2999-01-01 --workdays 3", "只能写一个"),
        ("confirm", "编号"),
        ("list --work 没有", "没有"),
        ("show zzz", "没有编号"),
    ],
)
def test_a_refusal_is_one_sentence_and_writes_nothing(issues: Any, data: Path, args: str, says: str) -> None:
    assert issues("list", "--json").code == 0  # brings the schema up to date
    said = issues(*args.split())
    assert said.code == 2
    assert says in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert decisions(data) == 0


def test_a_deadline_in_the_past(issues: Any, data: Path) -> None:
    assert issues("confirm", 1).code == 0
    said = issues("notify", 1, "--deadline", "2020-01-01")
    assert (said.code, "已经过去" in said.err, decisions(data)) == (2, True, 1)


def test_a_closed_issue(issues: Any, data: Path) -> None:
    issues("list")
    with sqlite3.connect(data / "findings.db") as db:
        db.execute("UPDATE issues SET state = 'withdrawn' WHERE number = 1")
        db.execute("UPDATE issues SET state = 'fixed' WHERE number = 2")
    for number, says in ((1, "已撤回"), (2, "已消失")):
        said = issues("dismiss", 3, number, "--reason", "甲")
        assert (said.code, says in said.err, decisions(data)) == (2, True, 0)


def test_decisions_are_exported(issues: Any, tmp_path: Path) -> None:
    issues("dismiss", 1, "--reason", "甲\x1b[31m", "--who", "张三")
    issues("note", 2, "--reason", "乙")
    assert issues("export", tmp_path / "d.jsonl").code == 0
    rows = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text("utf-8").splitlines()]
    assert [(row["issue"], row["action"], row["reason"]) for row in rows] == [(1, "误报", "甲"), (2, "备注", "乙")]


def test_no_data_yet(run: Any, config: Path, tmp_path: Path) -> None:
    said = run("issues", "list", "--config", config, "--data", tmp_path / "none")
    assert said.code == 3
    assert not (tmp_path / "none" / "findings.db").exists()
