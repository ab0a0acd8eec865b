"""The veto list and the points: what counts, what is left out, and what is never added together."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.audit.score import scores
from crawler.config import load
from crawler.core.model import Certainty, Place, Severity, Verdict
from crawler.core.report import Coverage, FindingRow, Report, ResultRow, RunInfo, SiteRow
from crawler.core.score import SiteScore
from crawler.report.score import document, points_sentence

TABLE = load(Path(__file__).parents[2] / "config").score
EVERY = sorted(
    {code for item in TABLE.veto for code in item.rules}
    | {code for group in TABLE.groups for item in group.items for code in item.rules}
    | {code for footer in TABLE.footers for mark in footer.marks for code in mark.rules}
)
NOW = datetime(2026, 3, 10, tzinfo=UTC)


def finding(rule: str, number: int = 1, **changes: Any) -> FindingRow:
    given: dict[str, Any] = {"severity": Severity.POINTS, "certainty": Certainty.CONFIRMED, "points": 1.0, **changes}
    words = {"title": "", "message": "", "fix": "", "clause": "", "place": Place("https://x/")}
    return FindingRow(f"{rule}-{number}", rule, "lxs", **{**words, **given})


def score(*findings: FindingRow, level: str = "portal", verdicts: dict[str, Verdict] | None = None) -> SiteScore:
    given = dict.fromkeys(EVERY, Verdict.PASSED) | {f.rule: Verdict.FAILED for f in findings} | (verdicts or {})
    report = Report(
        run=RunInfo("", 1, NOW, NOW, NOW, edition="甲版"),
        sites=(SiteRow("lxs", "临夏市", None, level, "https://x/", confirmed=True),),
        results=tuple(ResultRow(code, "lxs", verdict) for code, verdict in given.items()),
        findings=findings,
        coverage=(Coverage("lxs", judged=True),),
    )
    return scores(report, TABLE)[0]


def veto(one: SiteScore, name: str) -> Any:
    return next(item for item in one.veto if item.id == name)


def points(one: SiteScore, name: str) -> Any:
    return next(item for item in one.points if item.id == name)


def test_the_table_is_the_national_one() -> None:
    caps = {group.name: sum(item.cap for item in group.items) for group in TABLE.groups}
    assert caps == {"发布解读": 31, "办事服务": 25, "互动交流": 23, "功能设计": 21}


def test_distance_to_the_veto_counts_confirmed_ones_only() -> None:
    rows = [finding("UP-02", n) for n in range(2)] + [finding("UP-03", 9)]
    maybe = [finding("UP-03", n, certainty=Certainty.PROPOSED) for n in range(2)]
    item = veto(score(*rows), "news")
    assert (item.state, item.distance) == ("clear", 2)
    assert "再有 2 个栏目不更新即单项否决" in item.says
    item = veto(score(*rows, *maybe), "news")
    assert (item.state, item.distance, item.counted.confirmed, item.counted.proposed) == ("open", 2, 3, 2)
    assert veto(score(*rows, *(replace(row, certainty=Certainty.CONFIRMED) for row in maybe)), "news").state == "vetoed"


def test_four_stale_columns_are_no_veto_and_five_are() -> None:
    assert not score(*(finding("UP-06", n) for n in range(4))).says.startswith("不合格")
    assert score(*(finding("UP-06", n) for n in range(5))).says.startswith("不合格：已触及单项否决（空白栏目）")


def test_exempt_findings_and_roll_ups_count_nowhere() -> None:
    one = score(
        finding("AV-01", severity=Severity.VETO, exempt="7号"), finding("UP-04", severity=Severity.VETO, rollup=True)
    )
    assert all(item.state == "clear" for item in one.veto)


def test_a_silent_account_does_not_veto_the_site() -> None:
    assert not score(finding("NM-01", severity=Severity.VETO)).says.startswith("不合格")
    assert score(finding("ZZ-01", severity=Severity.VETO)).says.startswith("不合格")  # an office's own rule


def test_a_cap_holds_and_a_certainty_is_not_added_to_another() -> None:
    rows = [finding("LK-01", n, points=0.2) for n in range(4)]
    item = points(score(*rows), "links")
    assert (item.lost, item.lost_if_all) == (0.8, 0.8)
    more = [finding("LK-02", n, points=0.1, certainty=Certainty.SUSPECTED) for n in range(9)]
    item = points(score(*rows, *more), "links")
    assert (item.lost, item.lost_if_all, item.counted.suspected) == (0.8, 1.0, 9)


def test_a_mark_missing_on_many_templates_costs_once() -> None:
    rows = [finding("FT-06", n, points=0.5) for n in range(3)]
    assert points(score(*rows), "marks").lost == 0.5


def test_what_was_not_judged_is_named_with_its_points() -> None:
    one = score(verdicts={"SR-01": Verdict.UNVERIFIED})
    assert not points(one, "search").judged
    assert one.judgeable + one.unjudged == 100
    assert points_sentence(one).startswith(
        f"可机检部分 {one.kept:g} / {one.judgeable:g} 分，另有 {one.unjudged:g} 分未检"
    )
    whole = points(score(finding("SR-01", points=4.0), verdicts={"SR-02": Verdict.UNVERIFIED}), "search")
    assert whole.judged, "nothing is left to lose"


def test_one_rule_may_serve_several_items() -> None:
    one = score(finding("UP-13", points=5.0, message="没有找到“政策文件”栏目", certainty=Certainty.PROPOSED))
    assert (points(one, "policy").lost_if_all, points(one, "news").lost_if_all) == (5.0, 0.0)


def test_a_department_gets_no_points() -> None:
    one = score(finding("LK-01"), level="department")
    assert one.points == ()
    assert document(one)["points"] is None


def test_nothing_is_said_of_a_site_that_was_not_judged() -> None:
    report = Report(
        run=RunInfo("", 1, NOW, NOW, NOW),
        sites=(SiteRow("lxs", "临夏市", None, "portal", "https://x/", confirmed=True),),
        results=(),
        findings=(),
        coverage=(Coverage("lxs", judged=False, reason="本轮作废"),),
    )
    (one,) = scores(report, TABLE)
    assert (one.judged, one.says, one.veto) == (False, "未能判断：本轮作废", ())


@pytest.mark.parametrize(("rule", "in_19", "in_47"), [("FT-08", 0, 1), ("FT-05", 1, 1), ("FT-02", 1, 1)])
def test_both_lists_of_marks(rule: str, in_19: int, in_47: int) -> None:
    counts = [sum(state == "有缺失" for _, state, _ in footer.marks) for footer in score(finding(rule)).footers]
    assert counts == [in_19, in_47]


def test_a_hint_is_no_candidate_for_a_veto() -> None:
    one = score(finding("WD-08", severity=Severity.HINT, certainty=Certainty.PROPOSED))
    assert veto(one, "security").state == "clear"


def test_a_proposed_veto_is_open_until_a_person_confirms() -> None:
    one = score(finding("SC-01", severity=Severity.VETO, certainty=Certainty.PROPOSED))
    assert veto(one, "security").state == "open"
    assert one.says.startswith("尚未触及单项否决，待确认的问题若成立则否决")
