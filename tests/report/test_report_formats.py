"""SARIF, JUnit and CSV: valid by their own schemas, honest about what was not judged, inert whatever pages said."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

from crawler import report as reports
from crawler.core.model import Verdict
from crawler.core.report import DecisionRow, DeskRow, Report, ResultRow
from tests.report import sample_report

SCHEMAS = Path(__file__).parent.parent / "fixtures" / "schemas"
SHAPES = [sample_report.make, sample_report.quiet, sample_report.void]


def decided() -> Report:
    """Issue 1 of FT-03 is a false alarm, by a person."""
    report = sample_report.make()
    row = next(f for f in report.findings if f.rule == "FT-03")
    said = DecisionRow(sample_report.AS_OF, "张三", "dismiss", "图片里有", until=sample_report.AS_OF + timedelta(9))
    desk = DeskRow(9001, "dismissed", sample_report.AS_OF, "张三", "图片里有", decisions=(said,))
    changed = replace(row, issue=9001, exempt="误报：图片里有（张三）")
    return replace(report, findings=tuple(changed if f is row else f for f in report.findings), desk=(desk,))


def sarif(report: Report) -> Any:
    return json.loads(reports.text(report, "sarif"))


def results(report: Report, run: int = 0) -> Any:
    return sarif(report)["runs"][run]["results"]


def junit(report: Report) -> Any:
    return etree.fromstring(reports.text(report, "junit"))


def table(report: Report, what: str = "csv") -> list[dict[str, str]]:
    text = reports.text(report, what).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("shape", [*SHAPES, decided])
def test_sarif_is_valid_by_its_schema(shape: Any) -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text("utf-8"))
    jsonschema.Draft7Validator(schema).validate(sarif(shape()))


@pytest.mark.parametrize("shape", [*SHAPES, decided])
def test_junit_is_valid_by_its_schema(shape: Any) -> None:
    etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd")).assertValid(junit(shape()))


def test_the_life_of_an_issue_is_its_baseline() -> None:
    rows = results(sample_report.make())
    said = {(r["properties"]["change"], r["baselineState"]) for r in rows}
    assert {("新增", "new"), ("复发", "new"), ("仍存在", "unchanged"), ("已整改", "absent"), ("撤回", "absent")} <= said
    assert all(isinstance(r["suppressions"], list) for r in rows)
    assert len({r["partialFingerprints"]["govcheckIssue/v1"] for r in rows}) == len(rows)


def test_a_decision_of_a_person_is_a_suppression_with_its_reason() -> None:
    (row,) = (r for r in results(decided()) if r["properties"]["issue"] == 9001)
    (held,) = row["suppressions"]
    assert (held["kind"], held["status"]) == ("external", "accepted")
    assert "误报：图片里有" in held["justification"]
    assert "张三" in held["justification"]
    assert not [r for r in results(sample_report.make()) if r["ruleId"] == "FT-03" and r["suppressions"]]


def test_sarif_leads_to_the_web_and_to_no_path_of_a_machine() -> None:
    text = reports.text(sample_report.make(), "sarif").decode()
    assert "file:///" not in text
    uris = [
        at["physicalLocation"]["artifactLocation"]["uri"]
        for run in json.loads(text)["runs"]
        for row in run["results"]
        for at in (*row.get("locations", ()), *row.get("relatedLocations", ()))
        if "physicalLocation" in at
    ]
    assert uris
    assert all(uri.startswith(("https://", "http://")) and uri.isascii() for uri in uris)


def test_a_rule_that_was_not_judged_never_passes() -> None:
    """BEHAVIOURS 1, 2."""
    report = sample_report.make()
    passed = {(r.site, r.rule) for r in report.results if r.verdict is Verdict.PASSED}
    cases = junit(report).iter("testcase")
    green = [c for c in cases if not (c.findall("skipped") + c.findall("failure") + c.findall("error"))]
    assert green
    assert {(c.get("classname").split(".")[1], c.get("name").split()[0]) for c in green} <= passed
    kinds = {(r["properties"]["verdict"], r["kind"]) for r in results(report, 1)}
    assert ("unverified", "open") in kinds
    assert ("not_applicable", "notApplicable") in kinds
    assert {verdict for verdict, kind in kinds if kind == "pass"} == {"passed"}


@pytest.mark.parametrize("shape", [sample_report.void, lambda: replace(sample_report.quiet(), results=())])
def test_where_nothing_was_judged_nothing_is_green(shape: Any) -> None:
    report = replace(shape(), rules=sample_report.RULES)
    assert all(case.find("skipped") is not None for case in junit(report).iter("testcase"))
    assert "pass" not in {r["kind"] for r in results(report, 1)}


def test_an_old_issue_nobody_read_again_keeps_its_rule_from_passing() -> None:
    row = sample_report.finding("LK-01", "lxs", 1, state="not_rechecked", change="not_rechecked")
    kept = replace(
        sample_report.quiet(), findings=(row,), results=(ResultRow("LK-01", "lxs", Verdict.PASSED, examined=9),)
    )
    (case,) = junit(kept).iter("testcase")
    assert "还没有复查" in case.find("skipped").get("message")


def test_csv_is_a_table_that_no_spreadsheet_executes() -> None:
    """BEHAVIOURS 78."""
    raw = reports.text(sample_report.make(), "csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == len(table(sample_report.make())) + 1
    cells = [cell for row in table(sample_report.make()) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert f"'{sample_report.FORMULA}" in cells
    assert max(map(len, cells)) <= 32_767


def test_csv_tells_every_verdict_with_what_was_examined() -> None:
    report = sample_report.make()
    rows = table(report, "results")
    assert len(rows) == len(report.sites) * len(sample_report.RULES) + 1  # and the rule of a stray finding
    assert {"未配置", "未判定", "规则出错", "不适用", "通过"} <= {row["结论"] for row in rows}


def test_files_are_written_where_they_are_asked_for(tmp_path: Path) -> None:
    written = reports.write(sample_report.quiet(), tmp_path, ["sarif", "junit", "csv"])
    assert sorted(p.name for p in written) == ["findings.csv", "findings.sarif", "junit.xml", "results.csv"]
