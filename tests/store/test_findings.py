"""findings.db as its readers meet it: reports that load as they were, issues that live on, files that are broken."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from crawler.core.issues import Decision
from crawler.core.model import Attempt, Certainty, Outcome, Parent, Place, Severity, State, Verdict
from crawler.core.report import (
    ColumnCoverage,
    Coverage,
    FindingRow,
    ResultRow,
    RuleRow,
    RunInfo,
    SiteRow,
)
from crawler.store import desk
from crawler.store.datafile import (
    BusyData,
    CorruptData,
    FullDisk,
    MissingData,
    NewerData,
    OlderData,
    ReadOnlyData,
)
from crawler.store.findings import Audited, Findings, FirstSeen
from crawler.store.findings_schema import VERSION, metadata
from crawler.store.readme import DATA_README

START = datetime(2026, 3, 1, 14, 0, 0, 123456, tzinfo=UTC)
HOME = "https://www.lxs.gov.cn/"
GONE = "https://www.lxs.gov.cn/gone.pdf"


def night(number: int) -> datetime:
    return START + timedelta(days=number)


def run_of(number: int, *, rules: str = "r1", void: bool = False) -> RunInfo:
    return RunInfo(
        id=f"01J{number:023d}",
        number=number,
        started=night(number),
        sealed=night(number) + timedelta(hours=8),
        as_of=night(number),
        void=void,
        program="0.1.0",
        facts_version=1,
        rules_digest=rules,
        config_digest="c1",
        edition="2019",
        authorisations=("linxia-jpaas: 委托书",),
        requests=28_800,
        seconds=28_799.5,
    )


def dead_link(url: str = GONE, **more: Any) -> tuple[FindingRow, tuple[str, ...]]:
    row = FindingRow(
        fingerprint=f"{url:_<64}"[-64:],
        rule="LK-02",
        site="lxs",
        severity=Severity.POINTS,
        certainty=Certainty.CONFIRMED,
        title="内部链接打不开",
        message=f"=cmd|'打不开' {url} “引号” \x0b",
        fix="删除或更正",
        clause="《…》（国办秘函〔2019〕19号）：…",
        place=Place(HOME, "a:nth-child(2)", "附件下载"),
        target=url,
        parents=(Parent(HOME, "附件下载", "a:nth-child(2)"),),
        parent_count=1,
        attempts=(Attempt(START, url, 404, Outcome.NOT_FOUND, timedelta(seconds=1.5), "Not Found"),),
        evidence={"状态": "404", "字节": "0"},
        also=("LK-01",),
        points=0.5,
        rule_version="abc",
    )
    return replace(row, **more), (url,)


SITES = (SiteRow("lxs", "临夏市人民政府", "6229010001", "portal", HOME, confirmed=True, owner="市政府办"),)
RULES = (
    RuleRow("LK-02", "dead_link", "链接打不开", Severity.POINTS, "target", "…", "为什么", "看什么", "怎么改", "links"),
)
RESULTS = (ResultRow("LK-02", "lxs", Verdict.FAILED, "", 100, 60, 40, 0, START, confirmed=1),)
COVERAGE = (
    Coverage(
        "lxs",
        judged=True,
        home="alive",
        pages_known=80,
        oldest=START,
        columns=(
            ColumnCoverage(
                "zcwj", "政策文件", "政策文件", HOME, "ended", complete=True, reader="html", entries=3, at=START
            ),
        ),
        notes=("陷阱：50 页",),
    ),
)


def audited(number: int, *raised: tuple[FindingRow, tuple[str, ...]], **more: Any) -> Audited:
    said: dict[str, Any] = {
        "run": run_of(number),
        "sites": SITES,
        "results": RESULTS,
        "raised": raised,
        "coverage": COVERAGE,
        "rules": RULES,
    }
    return Audited(**said | more)


def answers(**states: tuple[int, str]) -> Callable[[str], Decision | None]:
    """`gone=(3, "dead")`: the target was decided in run 3."""
    known = {"gone": GONE, "home": HOME}

    def decide(url: str) -> Decision | None:
        for name, (run, state) in states.items():
            if known.get(name, name) == url:
                return Decision(run * 100, night(run) + timedelta(hours=1), run, State(state), f"b{run}", "carried")
        return None

    return decide


@pytest.fixture
def findings(tmp_path: Path) -> Iterator[Findings]:
    with Findings.open(tmp_path / "data" / "findings.db") as opened:
        yield opened


def test_a_report_loads_as_it_was_recorded(findings: Findings, tmp_path: Path) -> None:
    recorded = findings.record(audited(1, dead_link(), notes=("试运行",)), answers(gone=(1, "dead")))
    assert findings.load(1) == findings.load() == recorded
    assert recorded.run == run_of(1)
    assert (recorded.sites, recorded.results, recorded.rules, recorded.coverage) == (SITES, RESULTS, RULES, COVERAGE)
    assert recorded.notes == ("试运行",)
    (row,) = recorded.findings
    given, _ = dead_link()
    life = {"state": row.state, "change": row.change, "issue": 1, "first_seen": row.first_seen}
    assert row == replace(given, **life, last_seen=night(1) + timedelta(hours=1))
    assert row.first_seen is not None
    assert row.first_seen.utcoffset() == timedelta(hours=8)
    findings.close()
    with Findings.open(tmp_path / "data" / "findings.db", read_only=True) as again:
        assert again.load() == recorded


def test_an_issue_lives_through_nights(findings: Findings) -> None:
    """BEHAVIOURS 94: open, still there, fixed after it was looked at, back with its history."""
    first = findings.record(audited(1, dead_link()), answers(gone=(1, "dead"))).findings[0]
    assert (first.change, first.issue) == ("new", 1)
    carried = findings.record(audited(2, dead_link()), answers(gone=(1, "dead"))).findings[0]
    assert (carried.state, carried.change, carried.last_seen) == ("not_rechecked", "not_rechecked", first.last_seen)
    healed = findings.record(audited(3), answers(gone=(3, "alive")))
    assert healed.findings == ()
    (closed,) = healed.closed
    assert (closed.state, closed.change, closed.issue) == ("fixed", "fixed", 1)
    assert closed.parents == first.parents, "a closed issue still says where it was"
    back = findings.record(audited(4, dead_link()), answers(gone=(4, "dead"))).findings[0]
    assert (back.change, back.issue, back.first_seen) == ("recurred", 1, first.first_seen)
    assert [point.confirmed for point in findings.load(4).trend] == [1, 1, 0]


def test_an_open_issue_that_nobody_could_judge_stays_in_the_report(findings: Findings) -> None:
    findings.record(audited(1, dead_link()), answers(gone=(1, "dead")))
    unread = findings.record(audited(2), answers())
    assert [(row.state, row.issue) for row in unread.findings] == [("not_rechecked", 1)]
    void = findings.record(audited(3, run=run_of(3, void=True)), answers(gone=(3, "alive")))
    assert [row.state for row in void.findings] == ["not_rechecked"]
    crashed = (replace(RESULTS[0], verdict=Verdict.CRASHED),)
    broken = findings.record(audited(4, results=crashed), answers(gone=(4, "alive")))
    assert [row.state for row in broken.findings] == ["not_rechecked"]
    unjudged = (replace(COVERAGE[0], judged=False),)
    hidden = findings.record(audited(5, coverage=unjudged), answers(gone=(5, "alive")))
    assert [row.state for row in hidden.findings] == ["not_rechecked"]
    assert findings.record(audited(6), answers(gone=(5, "alive"))).closed[0].state == "fixed"


def test_a_link_taken_from_its_page_is_fixed_though_its_target_is_still_dead(findings: Findings) -> None:
    findings.record(audited(1, dead_link()), answers(gone=(1, "dead"), home=(1, "alive")))
    after = findings.record(audited(2), answers(gone=(1, "dead"), home=(2, "alive")))
    assert [row.state for row in after.closed] == ["fixed"]


def test_the_same_audit_again_moves_nothing(findings: Findings) -> None:
    findings.record(audited(1, dead_link()), answers(gone=(1, "dead")))
    decide = answers(gone=(2, "alive"), other=(2, "dead"))
    once = findings.record(audited(2, dead_link("other")), decide)
    events = rows_of(findings, "SELECT * FROM issue_events")
    assert findings.record(audited(2, dead_link("other")), decide) == once == findings.load(2)
    assert rows_of(findings, "SELECT * FROM issue_events") == events


def test_an_older_run_says_the_same_after_a_later_one_and_moves_nothing(findings: Findings) -> None:
    decide = answers(gone=(1, "dead"))
    once = findings.record(audited(1, dead_link()), decide)
    findings.record(audited(2), answers(gone=(2, "alive")))
    issues = rows_of(findings, "SELECT * FROM issues")
    assert findings.record(audited(1, dead_link()), decide) == once == findings.load(1)
    late = findings.record(audited(1, dead_link(), dead_link("other"), run=run_of(1, rules="r2")), decide)
    assert sorted((row.target or "", row.issue) for row in late.findings) == [(GONE, 1), ("other", None)]
    assert [(row[0], row[4]) for row in rows_of(findings, "SELECT * FROM issues")] == [(i[0], i[4]) for i in issues]
    assert findings.load().run.number == 2


def test_new_rules_find_and_withdraw_before_the_next_night_is_judged(findings: Findings) -> None:
    findings.record(audited(1, dead_link()), answers(gone=(1, "dead")))
    assert findings.last_audit() == (1, 1, "r1", "c1")
    again = audited(1, dead_link("other"), run=run_of(1, rules="r2"), cause="rules")
    report = findings.record(again, answers(gone=(1, "dead"), other=(1, "dead")))
    assert [(row.target, row.change) for row in report.findings] == [("other", "new_rule")]
    assert [(row.target, row.state) for row in report.closed] == [(GONE, "withdrawn")]
    assert findings.last_audit() == (1, 1, "r2", "c1")
    with pytest.raises(ValueError, match="last audited"):
        findings.record(audited(2, cause="rules"), answers())


def test_a_filtered_audit_touches_nothing_outside_its_filter(findings: Findings) -> None:
    findings.record(audited(1, dead_link()), answers(gone=(1, "dead")))
    decide = answers(gone=(2, "alive"))
    kin = {"LK-02": frozenset({"LK-01", "LK-02"})}
    assert findings.record(audited(2, only_rules={"FT-01"}), decide).closed == ()
    assert findings.record(audited(2, only_sites={"hz"}), decide).closed == ()
    assert findings.record(audited(2, only_rules={"LK-02"}, kin=kin), decide).closed == ()
    assert findings.load().run.number == 1, "a filtered audit is no report of everything"
    assert findings.record(audited(2, only_rules={"LK-01", "LK-02"}, kin=kin), decide).closed != ()
    assert findings.record(audited(2), decide).findings == ()


def test_a_filtered_audit_of_a_newer_run_does_not_stop_the_old_one_from_being_judged_again(findings: Findings) -> None:
    findings.record(audited(1, dead_link()), answers(gone=(1, "dead")))
    filtered = audited(2, run=run_of(2, rules="r2"), only_rules={"LK-02"})
    assert findings.record(filtered, answers(gone=(2, "alive"))).closed != ()
    again = audited(1, dead_link(), dead_link("other"), run=run_of(1, rules="r2"), cause="rules")
    report = findings.record(again, answers(gone=(1, "dead"), other=(1, "dead")))
    assert [(row.target, row.change) for row in report.findings] == [("other", "new_rule")]
    assert findings.load(2).closed[0].state == "fixed"


def test_an_outage_window_exempts_and_never_fixes(findings: Findings) -> None:
    report = findings.record(audited(1, dead_link(exempt="备〔2026〕3号")), answers(gone=(1, "dead")))
    assert [(row.state, row.change) for row in report.findings] == [("exempt", "new")]
    assert findings.load(1).trend == ()
    assert [row.state for row in findings.record(audited(2), answers()).findings] == ["exempt"]
    assert findings.record(audited(3), answers(gone=(1, "dead"), home=(1, "alive"))).closed[0].state == "withdrawn"
    assert [point.confirmed for point in findings.load(3).trend] == [0, 0]


def test_a_dismissed_issue_stays_dismissed_and_out_of_the_trend(findings: Findings) -> None:
    findings.record(audited(1, dead_link()), answers(gone=(1, "dead")))
    assert findings.decide({1: desk.Decision(night(1) + timedelta(hours=9), "王", "dismiss", "本来如此")}) == []
    again = findings.record(audited(2, dead_link()), answers(gone=(2, "dead")))
    assert [(row.issue, row.exempt) for row in again.findings] == [(1, "误报：本来如此（王）")]
    assert [(row.verdict, row.confirmed) for row in again.results] == [(Verdict.EXEMPT, 0)]
    findings.record(audited(3), answers(gone=(3, "alive")))
    back = findings.record(audited(4, dead_link()), answers(gone=(4, "dead")))
    assert "误报" in back.findings[0].exempt
    assert [point.confirmed for point in back.trend] == [1, 0, 0]


def test_the_night_asks_for_what_settles_issues(findings: Findings) -> None:
    pages = tuple(f"{HOME}{n}.html" for n in range(30))
    footer = replace(dead_link()[0], fingerprint="f" * 64, rule="FT-01", target=None, count=30, parents=(), attempts=())
    read = dict.fromkeys(pages, (1, "alive"))
    findings.record(audited(1, (footer, pages), dead_link()), answers(gone=(0, "dead"), **read))
    assert findings.issue_cites_due(2) == [GONE, pages[0]]
    read |= dict.fromkeys(pages[:20], (2, "alive"))
    sampled = findings.record(audited(2, (footer, pages[20:]), dead_link()), answers(gone=(0, "dead"), **read))
    assert [row.state for row in sampled.findings] == ["sampled", "not_rechecked"]
    assert set(findings.issue_cites_due()[:10]) == set(pages[20:])


def test_first_seen_keeps_the_earliest(findings: Findings) -> None:
    findings.note_first_seen(
        "entry", [FirstSeen("lxs", GONE, "附件", night(3)), FirstSeen("lxs", HOME, "首页", night(3))]
    )
    findings.note_first_seen(
        "entry", [FirstSeen("lxs", GONE, "附件", night(2)), FirstSeen("hz", HOME, "首页", night(4))]
    )
    assert findings.first_seen("entry", [GONE, HOME, "x"]) == {GONE: night(2), HOME: night(3)}
    assert findings.first_seen("page", [GONE]) == {}
    assert len(findings.first_seen("entry", [f"{HOME}{n}" for n in range(2000)])) == 0


def test_backups_are_whole_and_the_newest_stay(findings: Findings, tmp_path: Path) -> None:
    recorded = findings.record(audited(7, dead_link()), answers(gone=(1, "dead")))
    folder = tmp_path / "backup"
    folder.mkdir()
    for number in (1, 2, 3, 10):
        (folder / f"findings-{number}.db").touch()
    (folder / "findings-不要删.db").touch()
    copy = findings.backup(folder, keep=4)
    assert copy.name == "findings-7.db"
    left = {path.name for path in folder.iterdir()}
    assert left >= {"findings-10.db", "findings-7.db", "findings-3.db", "findings-2.db"}
    assert "findings-1.db" not in left
    with Findings.open(copy) as opened:
        assert opened.load() == recorded


def test_readers_find_views_in_plain_words_and_each_is_documented(findings: Findings) -> None:
    findings.record(audited(1, dead_link()), answers(gone=(1, "dead")))
    views = [name for (name,) in rows_of(findings, "SELECT name FROM sqlite_master WHERE type = 'view'")]
    tables = [name for (name,) in rows_of(findings, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    for view in views:
        rows_of(findings, f'SELECT * FROM "{view}"')
        assert f"`{view}`" in DATA_README
    for table in set(tables) - {"alembic_version"}:
        assert f"`{table}`" in DATA_README
    (issue,) = rows_of(findings, 'SELECT "编号", "网站", "确定性", "状态", "变化", "首次发现" FROM "问题清单"')
    assert issue == (1, "临夏市人民政府", "已确认", "待复查", "新发现", "2026-03-02 23:00:00")
    findings.record(audited(2), answers(gone=(2, "alive")))
    (closed,) = rows_of(findings, 'SELECT "编号", "结果", "目标链接", "关闭时间" FROM "已关闭问题"')
    assert closed == (1, "已整改", GONE, "2026-03-03 23:00:00")


def test_thousands_of_findings_go_in_batches(findings: Findings) -> None:
    """Measured: 50,000 take some ten seconds to store, move and load, and the time grows with their number."""
    many = [dead_link(f"{HOME}{n}.html") for n in range(12_000)]
    states = answers()
    report = findings.record(audited(1, *many), states)
    assert len(report.findings) == 12_000
    assert {row.issue for row in report.findings} == set(range(1, 12_001))


# ── Files that are not as they should be ─────────────────────────────────────────────────────────────────────────────


def rows_of(findings: Findings, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(findings.path) as db:
        return db.execute(sql).fetchall()


def test_the_migrations_make_the_tables_of_the_schema(findings: Findings) -> None:
    with findings._engine.connect() as db:
        assert compare_metadata(MigrationContext.configure(db), metadata) == []
    assert rows_of(findings, "PRAGMA user_version") == [(VERSION,)]
    assert rows_of(findings, "PRAGMA journal_mode") == [("wal",)]


def test_an_up_to_date_file_opens_without_alembic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "findings.db"
    Findings.open(path).close()
    monkeypatch.setattr("crawler.store.datafile._migrate", lambda *_: pytest.fail("alembic was started"))
    Findings.open(path).close()


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "findings.db"
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(NewerData, match="升级程序") as caught:
        Findings.open(path)
    assert str(path) in str(caught.value)


def test_read_only_neither_makes_nor_mends(tmp_path: Path) -> None:
    path = tmp_path / "findings.db"
    with pytest.raises(MissingData, match="先运行"):
        Findings.open(path, read_only=True)
    assert not path.exists()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE t (x)")
    with pytest.raises(OlderData):
        Findings.open(path, read_only=True)


def test_an_empty_file_has_no_report(findings: Findings) -> None:
    with pytest.raises(MissingData, match="还没有任何检查结果"):
        findings.load()
    with pytest.raises(MissingData, match="第 42 次"):
        findings.load(42)
    assert findings.last_audit() is None
    assert findings.issue_cites_due() == []


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "findings.db"
    path.write_bytes(b"<html>" * 1000)
    with pytest.raises(CorruptData, match="备份"):
        Findings.open(path)


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "findings.db"
    with Findings.open(path) as findings:
        findings.record(audited(1, *(dead_link(f"{HOME}{n}") for n in range(500))), answers())
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(CorruptData, match="损坏"), Findings.open(path) as findings:
        findings.load()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(ReadOnlyData, match="无法打开"):
        Findings.open(tmp_path / "data" / "findings.db")
    (tmp_path / "findings.db").mkdir()
    with pytest.raises(ReadOnlyData, match="无法打开"):
        Findings.open(tmp_path / "findings.db")


def test_writing_to_what_was_opened_to_read(findings: Findings) -> None:
    with (
        Findings.open(findings.path, read_only=True) as reader,
        pytest.raises(ReadOnlyData, match="不可写"),
    ):
        reader.record(audited(1), answers())


def test_a_full_disk_changes_nothing(findings: Findings) -> None:
    before = findings.record(audited(1, dead_link()), answers(gone=(1, "dead")))
    with findings._engine.connect() as db:
        pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
        db.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(FullDisk, match="磁盘空间不足"):
        findings.record(audited(2, *(dead_link(f"{HOME}{n}") for n in range(2000))), answers())
    assert findings.load() == before


def test_a_file_that_another_program_holds(findings: Findings) -> None:
    with findings._engine.connect() as db:
        db.exec_driver_sql("PRAGMA busy_timeout = 10")
    holder = sqlite3.connect(findings.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyData, match="占用"):
        findings.record(audited(1), answers())
    assert findings.last_audit() is None, "reading goes on meanwhile"
    holder.close()
