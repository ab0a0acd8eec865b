"""`govcheck check SITE --format json` over columns of all makes: how far each was read, by whom, and why no further."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawl.columns_world import Office, configure, office, served

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, dict[str, object]], Office]:
    folder = tmp_path_factory.mktemp("lists")
    with served(office()) as made:
        config = configure(made, ROOT / "config", folder / "config")
        command = [sys.executable, "-m", "crawler.cli", "check", "lists", "--format", "json", "--max-pages", "3000"]
        done = subprocess.run(
            [*command, "--config", str(config), "--data", str(folder / "data")],
            capture_output=True, timeout=150, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    assert done.stdout, done.stderr[-3000:]
    report = json.loads(done.stdout)
    return {column["id"]: column for column in report["coverage"][0]["columns"]}, made


@pytest.mark.parametrize(
    ("name", "end", "entries", "reader"),
    [
        ("jpage", "ended", 853, "jpage"),
        ("jpagebypage", "ended", 100, "jpage"),
        ("jpagestalled", "stalled", 45, "jpage"),
        ("jpagehollow", "failed", 45, "jpage"),
        ("jpaasok", "ended", 40, "jpaas"),
        ("jpaasparam", "ended", 40, "jpaas"),
        ("jpaasstalled", "stalled", 15, "jpaas"),
        ("trs", "ended", 50, "trs"),
        ("trsgap", "failed", 40, "trs"),
        ("trsstub", "failed", 40, "trs"),
        ("trsone", "ended", 30, "trs"),
        ("vsb", "ended", 40, "vsb"),
        ("gkmlpt", "ended", 230, "gkmlpt"),
        ("ucap", "ended", 50, "api"),
        ("frame", "ended", 15, "plain"),
        ("drawn", "stalled", 15, "plain"),  # a pager of nothing but a script: there may be more
        ("drawnfew", "ended", 4, "plain"),
        ("fifteen", "ended", 15, "plain"),
        ("atob", "ended", 14, "atob"),
        ("inline", "ended", 12, "inline"),
        ("epoint", "failed", 0, ""),
        ("empty", "ended", 0, ""),
        ("blank", "failed", 0, ""),
        ("article", "failed", 0, ""),
        ("moved", "failed", 0, ""),
        ("tohome", "failed", 0, ""),
        ("gone", "failed", 0, ""),
    ],
)
def test_each_make_is_read_to_its_end_behaviours_12_to_24_66(
    checked: tuple[dict[str, dict[str, object]], Office], name: str, end: str, entries: int, reader: str
) -> None:
    column = checked[0][name]
    assert (column["end"], column["entries"], column["reader"]) == (end, entries, reader), column["note"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("jpagehollow", "45/853"),
        ("trsgap", "index_3.html"),
        ("trsstub", "残页"),
        ("epoint", "Epoint"),
        ("empty", "暂无数据"),
        ("article", "文章"),
        ("moved", "www.upper.gov.cn/zcwjk/"),
        ("tohome", "跳转"),
        ("jpaasstalled", "翻页没有生效"),
        ("drawn", "后面的页由脚本翻出"),
    ],
)
def test_what_stood_in_the_way_is_said(
    checked: tuple[dict[str, dict[str, object]], Office], name: str, words: str
) -> None:
    assert words in str(checked[0][name]["note"])


@pytest.mark.behaviour(20)
def test_the_first_page_of_gkmlpt_is_asked_once_behaviour_20(
    checked: tuple[dict[str, dict[str, object]], Office],
) -> None:
    asked = [target for target in checked[1].asked if "/gkmlpt/api/" in target]
    assert sorted(asked) == [f"/gkmlpt/api/all/8039?page={n}&sid=755" for n in (1, 2, 3)]


@pytest.mark.behaviour(18)
def test_vsb_pages_are_asked_in_reading_order_behaviour_18(
    checked: tuple[dict[str, dict[str, object]], Office],
) -> None:
    asked = [target for target in checked[1].asked if target.startswith("/zwgk/vsb/")]
    assert asked[0] == "/zwgk/vsb/3.htm"
    assert sorted(asked) == sorted({f"/zwgk/vsb/{n}.htm" for n in (1, 2, 3)})
