"""inputs, score and stats as an inspector calls them, over a small night of the simulated prefecture."""

import csv
import io
import json
import shutil
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import Run

PERIOD = ("--from", "2020-01-01", "--to", "2030-12-31")


def test_stats_agree_with_the_entries_they_count(run: Run, config: Path, crawled: Path) -> None:
    said = run("stats", *PERIOD, "--json", "--config", config, "--data", crawled)
    assert said.code == 0
    document = json.loads(said.out)
    db = sqlite3.connect(crawled / "crawl.db")
    rows = db.execute("SELECT site, count(DISTINCT url) FROM entries WHERE date > 0 GROUP BY site").fetchall()
    assert {f["key"]: f["count"] for f in document["figures"] if f["count"]} == dict(rows)
    listed = {url for (url,) in db.execute("SELECT DISTINCT url FROM entries WHERE date > 0")}
    assert set(document["total"]["items"]) == set(document["items"]) == listed
    assert all(len(f["items"]) == f["count"] for f in document["figures"])


@pytest.mark.parametrize("by", ["site", "topic", "month"])
def test_parts_add_up(run: Run, config: Path, crawled: Path, by: str) -> None:
    document = json.loads(run("stats", *PERIOD, "--by", by, "--json", "--config", config, "--data", crawled).out)
    assert sum(f["count"] for f in document["figures"]) == document["total"]["count"] > 0


def test_sites_of_no_night_are_a_lower_bound_and_take_no_rank(run: Run, config: Path, crawled: Path) -> None:
    said = run("stats", "--from", "2026-1-1", "--to", "2026/6/30", "--config", config, "--data", crawled)
    assert "≥ 0（未读全）" in said.out
    assert "不排名" in said.out


def test_csv_and_xlsx_hold_the_same_numbers(run: Run, config: Path, crawled: Path, tmp_path: Path) -> None:
    told = ("--site", "lxs", "--config", config, "--data", crawled)
    text = run("stats", *PERIOD, *told, "--format", "csv", "--items").out
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert run("stats", *PERIOD, *told, "--format", "xlsx", "--out", tmp_path / "a.xlsx").code == 0
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert str(book["统计"]["C2"].value) == rows[1][2]
    assert book["明细"].max_row - 1 == int(rows[1][2])


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--from", "2026-6-30", "--to", "2026-1-1"), "请对调"),
        (("--from", "上月", "--to", "2026-1-1"), "看不出是哪一天"),
        (("--from", "2026-1-1", "--to", "2026-1-2", "--site", "lxx9"), "没有登记"),
        (("--from", "2026-1-1"), "--to"),
    ],
)
def test_wrong_periods_are_one_sentence(
    run: Run, config: Path, crawled: Path, args: tuple[str, ...], says: str
) -> None:
    said = run("stats", *args, "--config", config, "--data", crawled)
    assert (said.code, says in said.err) == (2, True), said


def test_nothing_is_counted_before_any_night(run: Run, config: Path) -> None:
    assert run("stats", *PERIOD, "--config", config).code == 3
    assert run("score", "--config", config).code == 3


def test_score_of_a_portal_and_of_a_department(run: Run, config: Path, crawled: Path) -> None:
    document = json.loads(run("score", "lxs", "rsj", "--json", "--config", config, "--data", crawled).out)
    portal, department = sorted(document["sites"], key=lambda one: one["site"])
    assert portal["points"]["judgeable"] + portal["points"]["unjudged"] == 100
    assert "分未检" in portal["points"]["says"]
    assert department["points"] is None
    assert {duty["rule"] for duty in portal["local"]} >= {"FT-08", "PF-01", "AV-08"}
    text = run("score", "lxs", "--config", config, "--data", crawled)
    assert "可机检部分" in text.out
    assert "州要求" in text.out


def test_the_report_carries_the_same_score(run: Run, config: Path, crawled: Path, tmp_path: Path) -> None:
    args = ("--config", config, "--data", crawled)
    assert run("report", "--format", "json", "--out", tmp_path / "r", *args).code == 0
    report = json.loads((tmp_path / "r" / "findings.json").read_text("utf-8"))
    score = json.loads(run("score", "--json", *args).out)
    assert report["scores"] == score["sites"]


def test_inputs_are_listed_templated_and_never_overwritten(run: Run, own_config: Path) -> None:
    assert "jiucuo" in run("inputs", "--config", own_config).out
    rows = json.loads(run("inputs", "--json", "--config", own_config).out)
    assert next(row for row in rows if row["name"] == "jiucuo")["rules"] == ["IX-05"]
    assert run("inputs", "template", "jiucuo", "--config", own_config).code == 0
    again = run("inputs", "template", "jiucuo", "--config", own_config)
    assert (again.code, "没有改动" in again.err) == (2, True)
    assert run("inputs", "template", "jiucu", "--config", own_config).err.count("jiucuo") == 1
    rows = json.loads(run("inputs", "--json", "--config", own_config).out)
    assert next(row for row in rows if row["name"] == "jiucuo")["rows"] == 0


def test_an_overdue_message_is_found_in_an_export(run: Run, own_config: Path, crawled: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(crawled, tmp_path / "data"))
    args = ("--config", own_config, "--data", data, "--json")
    ((as_of,),) = sqlite3.connect(data / "crawl.db").execute(
        "SELECT date(max(as_of), 'unixepoch', '-20 days') FROM runs"
    )
    head = "# 涵盖网站: 全部\n网站,编号,提交时间,答复时间\n"
    file = own_config / "inputs" / "jiucuo.csv"
    file.parent.mkdir()
    file.write_bytes(
        (head + f"lxs,JC1,{as_of},\nlxs,JC2,{as_of},{as_of}\n")
        .replace("# 涵盖", f"# 资料截至: {_today(data)}\n# 涵盖")
        .encode("gbk")
    )
    document = json.loads(run("audit", *args).out)
    (found,) = [f for f in document["findings"] if f["rule"] == "IX-05"]
    assert "JC1" in found["message"]
    verdicts = {r["site"]: r["verdict"] for r in document["results"] if r["rule"] == "IX-05"}
    assert (verdicts["lxs"], verdicts["rsj"]) == ("failed", "passed")


def _today(data: Path) -> str:
    ((day,),) = sqlite3.connect(data / "crawl.db").execute("SELECT date(max(as_of), 'unixepoch') FROM runs")
    return str(day)


def test_a_bad_input_is_one_sentence_per_fault(run: Run, own_config: Path) -> None:
    (own_config / "inputs").mkdir()
    (own_config / "inputs" / "media.csv").write_text("网站,账号名称,核查日期\nlxx9,甲,昨天\n", "utf-8")
    said = run("sites", "--config", own_config)
    assert said.code == 2
    assert said.err.count("media.csv 第2行") == 2


def test_doctor_lists_inputs(run: Run, config: Path, tmp_path: Path) -> None:
    rows = json.loads(run("doctor", "--json", "--config", config, "--data", tmp_path / "d").out)
    assert any(row["name"] == "输入资料 jiucuo" and "IX-05 在等" in row["says"] for row in rows)
