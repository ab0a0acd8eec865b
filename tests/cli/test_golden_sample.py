"""`govcheck check` reads the prefecture's circular as an editor does: its three faults, and nothing that is right.

The circular lies beside the project where the team works; a text of our own with the same faults stands in the
repository (issue: the golden sample).
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "tests" / "fixtures" / "own-circular.txt"
CIRCULAR = next(
    (f for up in ROOT.parents[:2] if (f := up / "shared" / "circular-2022.txt").is_file()),
    ROOT.parent / "shared" / "circular-2022.txt",
)
SAMPLES = [
    pytest.param(OWN, id="own"),
    pytest.param(CIRCULAR, id="circular", marks=pytest.mark.skipif(not CIRCULAR.is_file(), reason="not beside us")),
]
READING = ("WD-", "PV-")

Read = Callable[[str], list[tuple[str, str, str]]]


@pytest.fixture
def read(run: Any, tmp_path: Path) -> Read:
    def go(text: str) -> list[tuple[str, str, str]]:
        """Rule, message and the words on the page, of every finding about what is written."""
        title, *lines = [line.strip() for line in text.splitlines() if line.strip()]
        body = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
        file = tmp_path / "page.html"
        file.write_text(
            f'<html><head><meta charset="utf-8"><title>{title}</title><meta name="ArticleTitle" content="{title}">'
            f'<meta name="PubDate" content="2022-08-29 19:46"></head><body><h1>{title}</h1>'
            f'<div class="TRS_Editor">{body}</div></body></html>',
            encoding="utf-8",
        )
        words = ("check", file, "--as", "https://www.linxia.gov.cn/zw/art_1.html", "--fail-on", "none")
        said = run(*words, "--json", "--config", ROOT / "config", "--data", tmp_path / "data")
        rows = [row for row in json.loads(said.out)["findings"] if row["rule"].startswith(READING)]
        assert {row["certainty"] for row in rows} <= {"proposed"}, "a person confirms what a dictionary says"
        return [(r["rule"], r["message"], str({e["label"]: e["value"] for e in r["evidence"]})) for r in rows]

    return go


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_three_faults_are_found(read: Read, sample: Path) -> None:
    found = read(sample.read_text("utf-8"))
    (doubled,) = [row for row in found if row[0] == "WD-11"]
    assert "网站网站" in doubled[1]
    (entrance,) = [row for row in found if "我为政府网站纠错" in row[1]]
    assert "我为政府网站找错" in entrance[1]
    (total,) = [row for row in found if "各项相加" in row[1]]
    assert "96,381" in total[1]
    assert "93,294" in total[1]
    assert "22,025 + 59,094 + 15,262" in total[2]


@pytest.mark.parametrize("sample", SAMPLES)
def test_nothing_that_is_right_is_called_wrong(read: Read, sample: Path) -> None:
    found = read(sample.read_text("utf-8"))
    faults = {  # what an editor would mark in it; half-width commas are one finding a site
        "WD-11": ["网站网站"],
        "WD-02": ["我为政府网站纠错", *(["回应解读"] if sample == CIRCULAR else [])],
        "WD-06": ["半角标点"],
        "WD-07": ["96,381", "信息的5233条"],
    }
    assert sorted(rule for rule, *_ in found) == sorted(rule for rule, words in faults.items() for _ in words)
    for rule, words in faults.items():
        for word in words:
            assert any(row[0] == rule and word in row[1] for row in found), word


MENDED = (
    ("网站网站建设", "网站建设"),
    ("我为政府网站纠错", "我为政府网站找错"),
    ("93294条", "96381条"),
    ("信息的5233条", "的信息5233条"),
    ("增长83%", "增长78%"),
    ("回应解读数", "回应关切数"),
    (",", "，"),
    (":", "："),
    (";", "；"),
    ("(", "（"),
    (")", "）"),
)


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_mended_text_is_clean(read: Read, sample: Path) -> None:
    text = sample.read_text("utf-8")
    for wrong, right in MENDED:
        text = text.replace(wrong, right)
    assert read(text) == []  # the first of several parts is no whole
