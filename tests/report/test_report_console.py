"""What an administrator reads at a terminal."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from crawler.core.report import FindingRow
from crawler.report.console import print_report
from tests.report import sample_report


def shown(report, width=80, *, colour=False, findings=True):
    out = io.StringIO()
    print_report(
        report,
        Console(file=out, width=width, force_terminal=colour, color_system="truecolor" if colour else None),
        findings=findings,
    )
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 100, 200])
@pytest.mark.parametrize("report", [sample_report.make(), sample_report.quiet(), sample_report.void()])
def test_it_fits_the_terminal(report, width):
    assert max(cell_len(line) for line in shown(report, width).splitlines()) <= width


def test_every_site_keeps_its_name_at_80_columns():
    text = shown(sample_report.make(), findings=False)
    assert "临夏市人民政府" in text
    assert "临夏州公安局" in text


def test_page_text_cannot_drive_the_terminal():
    text = shown(sample_report.make(), colour=True)
    assert not re.sub("\x1b\\[[0-9;]*m", "", text).count("\x1b")
    assert not re.search("[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_markup_in_page_text_is_text():
    row: FindingRow = sample_report.finding("LK-06", "lxs", 1, message="[bold red]x[/] [link=http://a]y[/link]")
    assert "[bold red]x[/] [link=http://a]y[/link]" in shown(sample_report.make(findings=(row,)), 120)


def test_headline_and_changes():
    text = shown(sample_report.make(), 160, findings=False)
    assert "已检查 9 / 15 个网站" in text
    assert "已整改 1" in text
    assert "未复查 1" in text
    assert "撤回 1" in text


def test_each_total_stands_alone():
    text = shown(sample_report.make(), 200, findings=False)
    assert "单否 1 · 扣分 5，提示 8；确认（州要求）3；疑似 1；待人工确认 1；豁免 1" in text
    assert "累计指标 1 条，不计入合计" in text


def test_zero_is_said_with_what_was_examined_and_not_at_all_of_a_void_run():
    """BEHAVIOURS 1, 2, 4, 5."""
    assert "发现 0 个问题。已知 120 页中本次新读 100 页" in shown(sample_report.quiet(), 160)
    void = shown(sample_report.void(), 160)
    assert "发现 0 个问题" not in void
    assert "本次检查作废：本机网络不通" in void


def test_what_was_not_judged_is_listed_with_its_reason():
    text = shown(sample_report.make(), 200, findings=False)
    assert "只看到检索框，没有试用" in text
    assert "规则出错" in text
