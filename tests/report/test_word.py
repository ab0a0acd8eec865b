"""A template an office changed in Word is filled as it stands, or refused with the place that is wrong."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from crawler.core.quantities import Absent, Gap, Quantity
from crawler.report.word import BadTemplate, Filling, fill

ROWS = [
    {"名称": "甲", "数量": Quantity("N1", "数", 3, "3", "数", "findings.db", "SELECT 3")},
    {"名称": "乙", "数量": "—"},
]
FILLING = Filling(
    {
        "单位": "州政府\u202e办公室\x00",
        "总数": Quantity("N2", "总数", 1250, "1250", "总数", "findings.db", "SELECT 1250"),
        "没有": Absent(),
        "缺少": Gap("收到的数量"),
        "电话": Gap("电话", sentence=False),
    },
    {"行": ROWS, "空": []},
    {"行": ("名称", "数量"), "空": ("名称", "数量")},
)


def template(tmp_path: Path, *paragraphs: Any, table: tuple[str, ...] = ()) -> Path:
    """A paragraph is its text, or the texts of its runs."""
    document = Document()
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for number, text in enumerate((runs,) if isinstance(runs, str) else runs):
            paragraph.add_run(text).bold = number % 2 == 1
    if table:
        made = document.add_table(1, len(table))
        for cell, text in zip(made.rows[0].cells, table, strict=True):
            cell.text = text
    path = tmp_path / "模板.docx"
    document.save(str(path))
    return path


def filled(path: Path, filling: Filling = FILLING) -> tuple[Any, Any]:
    done = fill(path, filling)
    return Document(io.BytesIO(done.data)), done


def test_a_name_that_word_split_over_runs_is_one_name(tmp_path: Path) -> None:
    document, done = filled(template(tmp_path, ("共{{", "总", "数}}个，由", "{{单位}}检查。")))
    paragraph = document.paragraphs[0]
    assert paragraph.text == "共1250个，由州政府办公室检查。"
    assert "".join(run.text for run in paragraph.runs if run.bold) == "州政府办公室检查。", "looks stay"
    (mark,) = document.element.body.iter(qn("w:bookmarkStart"))
    assert (mark.get(qn("w:name")), done.bookmarks) == ("N2", {"N2": ["N2"]})


def test_a_sentence_without_its_figure_is_left_out_or_marked(tmp_path: Path) -> None:
    document, done = filled(
        template(tmp_path, "一共{{总数}}个。去年{{没有}}个。收到{{缺少}}件，都已办结。电话：{{电话}}", "只有{{没有}}。")
    )
    (paragraph,) = document.paragraphs
    assert paragraph.text == "一共1250个。【待补：收到的数量】电话：【待补：电话】"
    marked = [run.text for run in paragraph.runs if run.font.highlight_color is not None]
    assert marked == ["【待补：收到的数量】", "【待补：电话】"]
    assert done.gaps == ["收到的数量", "电话"]


def test_paragraphs_and_rows_of_a_group_repeat(tmp_path: Path) -> None:
    path = template(
        tmp_path, "（一）{{行.名称}}", "有{{行.数量}}个。", "{{总数}}", table=("{{行.名称}}", "{{行.数量}}")
    )
    document, done = filled(path)
    assert [p.text for p in document.paragraphs] == ["（一）甲", "有3个。", "（一）乙", "有—个。", "1250"]
    assert [[c.text for c in row.cells] for row in document.tables[0].rows] == [["甲", "3"], ["乙", "—"]]
    assert done.bookmarks["N1"] == ["N1", "N1_2"], "a number printed twice has two names"


def test_an_empty_table_says_so(tmp_path: Path) -> None:
    document, _ = filled(template(tmp_path, "前文", table=("{{空.名称}}", "{{空.数量}}")))
    assert [c.text for c in document.tables[0].rows[0].cells] == ["", "（无）"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{总署}}个", "是不是 {{总数}}"),
        ("{{总数}个", "写得不完整"),
        ("{{行.名称}}{{空.名称}}", "两个组"),
    ],
)
def test_a_faulty_template_is_refused_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadTemplate, match="模板") as refused:
        fill(template(tmp_path, text), FILLING)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
