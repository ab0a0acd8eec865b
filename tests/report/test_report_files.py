"""What an inspector opens: workbooks, pages, and where they lie."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser

import openpyxl
import pytest

from crawler import report as reports
from crawler.core.model import Certainty, Severity
from crawler.report import figures, html, sheet_cells, words, xlsx
from tests.report import sample_report


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "all.xlsx"
    xlsx.write(sample_report.make(), path, "政府网站检查问题清单")
    return openpyxl.load_workbook(path)


def cells(sheet):
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


def table(sheet):
    head, *rows = sheet.iter_rows(min_row=2, values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_no_cell_is_a_formula_and_page_text_stays_text(book):
    """BEHAVIOURS 78."""
    every = [cell for sheet in book for cell in cells(sheet)]
    assert not [c for c in every if c.data_type == "f"]
    assert sample_report.FORMULA in {c.value for c in every}


def test_only_web_addresses_are_live(book):
    links = [c.hyperlink for sheet in book for c in cells(sheet) if c.hyperlink]
    assert links
    assert all(re.match(r"https?://", link.target) and len(link.target) <= 2_079 for link in links)


def test_a_sheet_per_problem_class_with_the_inspectors_columns(book):
    """RULES 7.6."""
    assert book.sheetnames[:5] == ["汇总", "底部标识", "链接与附件", "栏目与政策文件", "转载"]
    assert {"未判定", "已整改与撤回", "豁免", "累计指标"} <= set(book.sheetnames)
    sheet = book["链接与附件"]
    assert [c.value for c in sheet[2]] == [f.head for f in sheet_cells.ISSUE_FIELDS]
    assert sheet.freeze_panes == "C3"
    assert sheet.auto_filter.ref.startswith("A2:W")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$1:$2"


def test_a_row_tells_parents_attempts_and_times_of_beijing(book):
    rows = table(book["链接与附件"])
    dead = next(r for r in rows if r["上级页面数"] == 300)
    assert dead["上级页面URL"].count("https://") == sheet_cells.PARENTS_SHOWN
    assert "共 300 个页面" in dead["上级页面URL"]
    assert "2026-11-23 03:15:00 返回码 404（页面不存在" in dead["返回码与检查经过"]
    assert dead["首次发现时间"] == datetime(2026, 11, 20, 4, 30)  # noqa: DTZ001 cells hold no zone
    assert dead["网站标识码"] == "6229010001"


def test_totals_are_the_rows_of_the_sheets(book):
    summary = [row for row in book["汇总"].iter_rows(values_only=True) if row[0] == "合计"]
    sites, classes = summary
    assert sites[5:11] == classes[2:8]
    classed = [name for name, _ in words.CLASSES] + [words.OTHER_CLASS]
    rows = [r for name in classed if name in book.sheetnames for r in table(book[name])]
    certain = [(r["严重程度"], r["确定程度"]) for r in rows]
    assert sites[5:9] == tuple(certain.count((s, "确认")) for s in ("单否", "扣分", "提示", "州要求"))
    assert sites[9:12] == (1, 1, 1)
    assert not [r for r in rows if r["规则编号"] == "FT-09"]  # a roll-up is in no total


def test_an_unchecked_site_shows_a_dash_and_never_a_nought(book):
    """BEHAVIOURS 2."""
    rows = list(book["汇总"].iter_rows(values_only=True))
    guessed = next(r for r in rows if r[1] == "临夏州公安局")
    assert guessed[4] == "待确认"
    assert set(guessed[5:18]) == {"—"}


def test_long_text_is_cut_with_a_mark_and_illegal_text_removed(book):
    values = [c.value for sheet in book for c in cells(sheet) if isinstance(c.value, str)]
    assert max(map(len, values)) <= sheet_cells.CELL_LIMIT
    assert any(v.endswith(sheet_cells.CUT_MARK) for v in values)
    assert not [v for v in values if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", v)]
    assert len(sheet_cells.safe_text("😀" * 40_000).encode("utf-16-le")) // 2 <= sheet_cells.CELL_LIMIT


def test_rows_beyond_the_limit_are_announced(tmp_path, monkeypatch):
    """BEHAVIOURS 98."""
    monkeypatch.setattr(xlsx, "ROWS_LISTED", 5)
    rows = tuple(sample_report.finding("LK-06", "lxs", n) for n in range(8))
    xlsx.write(sample_report.make(findings=rows), tmp_path / "a.xlsx", "清单")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["链接与附件"]
    assert "共 8 条，本表列出前 5 条" in sheet["A1"].value
    assert sheet.max_row == 7


def test_links_beyond_the_limit_of_a_sheet_are_plain_text(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "SHEET_URLS", 3)
    rows = tuple(sample_report.finding("LK-06", "lxs", n) for n in range(8))
    xlsx.write(sample_report.make(findings=rows), tmp_path / "a.xlsx", "清单")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["链接与附件"]
    assert len([c for c in cells(sheet) if c.hyperlink]) == 3


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT://a.cn/%0aalert(1)",
        "data:text/html,x",
        "file:///C:/a.doc",
        "http://",
        "http://user@a.cn/",
        "http://a.cn:port/",
        'https://a.cn/"onclick="x',
        "https://a.cn/ b",
        "\x01https://a.cn/",
        "https://[::1/",
        "//a.cn/",
        None,
        "",
    ],
)
def test_what_is_no_web_address_is_never_followed(url):
    assert words.web_url(url) == ""


class Page(HTMLParser):
    """Collects what a browser would act on, and the headings."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.hrefs, self.handlers, self.levels, self.words, self.ids = [], [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        values = dict(attrs)
        self.handlers += [name for name in values if name.startswith("on") or name in {"src", "srcset", "action"}]
        if tag == "a":
            self.hrefs.append(values["href"])
        if "id" in values:
            self.ids.append(values["id"])
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))

    def handle_data(self, data):
        self.words.append(data)


@pytest.mark.parametrize("report", [sample_report.make(), sample_report.quiet(), sample_report.void()])
def test_the_page_is_inert_whatever_pages_said(report):
    """BEHAVIOURS 78."""
    text = html.render(report, "政府网站检查报告")
    text.encode()
    page = Page(text)
    assert page.tags.count("script") == 1
    assert not page.handlers
    assert not {"iframe", "object", "embed", "base", "form", "img", "link"} & set(page.tags)
    assert all(re.match("https?://|#", href) for href in page.hrefs)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert len(text) < 400_000  # the 100,000-character title is cut


@pytest.mark.parametrize("report", [sample_report.make(), sample_report.quiet(), sample_report.void()])
def test_headings_stand_in_order_and_anchors_lead_somewhere(report):
    page = Page(html.render(report, "政府网站检查报告"))
    assert page.levels[0] == 1
    assert page.levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.levels, page.levels[1:], strict=False))
    assert {h[1:] for h in page.hrefs if h.startswith("#")} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_zero_problems_never_stand_without_what_was_examined():
    """BEHAVIOURS 1, 2, 5."""
    text = "".join(Page(html.render(sample_report.quiet(), "报告")).words)
    assert "发现 0 个问题" in text
    assert "本次新读 100 页、沿用以前 20 页" in text
    void = "".join(Page(html.render(sample_report.void(), "报告")).words)
    assert "发现 0 个问题" not in void
    assert "本次检查作废：本机网络不通" in void


def test_long_lists_of_the_page_are_announced(monkeypatch):
    """BEHAVIOURS 98."""
    monkeypatch.setattr(html, "LISTED_OF_ALL", 3)
    rows = tuple(sample_report.finding("LK-06", "lxs", n) for n in range(8))
    text = html.render(sample_report.make(findings=rows), "报告")
    assert "共 8 条，此处列出前 3 条" in text
    assert text.count('<article class="finding"') == 3


def test_heaps_are_never_added_together():
    """RULES 10.9 (7), BEHAVIOURS 1."""
    rows = [
        sample_report.finding("LK-01", "lxs", 1),
        sample_report.finding("PF-02", "lxs", 1),
        sample_report.finding("LK-01", "lxs", 2, certainty=Certainty.SUSPECTED),
        sample_report.finding("LK-01", "lxs", 3, certainty=Certainty.PROPOSED),
        sample_report.finding("LK-01", "lxs", 4, exempt="3号"),
        sample_report.finding("FT-09", "lxs", 1, rollup=True),
    ]
    assert [figures.lot(f) for f in rows] == ["national", "local", "suspected", "proposed", "exempt", "rollup"]
    counted = figures.count(rows)
    assert (counted.of(Severity.POINTS), counted.of(Severity.LOCAL), counted.suspected, counted.proposed) == (
        1,
        1,
        1,
        1,
    )
    assert (counted.exempt, counted.rollup) == (1, 1)


def test_files_keep_their_names_and_a_dated_copy_lies_beside(tmp_path):
    written = reports.write(sample_report.make(), tmp_path / "latest")
    names = {p.relative_to(tmp_path).as_posix() for p in written}
    assert {
        "latest/index.html",
        "latest/findings.json",
        "latest/全部网站.xlsx",
        "latest/lxs-临夏市人民政府.xlsx",
    } <= names
    assert "2026-11-23-run42/lxs-临夏市人民政府.html" in names
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*")} == names  # no part is left behind


def test_one_site_leaves_the_files_of_all_alone(tmp_path):
    written = reports.write(sample_report.make(), tmp_path / "out", ["html", "json"], ["lxs"])
    assert sorted(p.name for p in written) == ["lxs-临夏市人民政府.html", "lxs-临夏市人民政府.json"]
    assert "临夏县人民政府" not in (tmp_path / "out" / "lxs-临夏市人民政府.html").read_text("utf-8")


def test_a_failing_write_leaves_the_old_report(tmp_path, monkeypatch):
    out = tmp_path / "out"
    reports.write(sample_report.quiet(), out, ["html"])
    before = (out / "index.html").read_bytes()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(html, "render", full)
    with pytest.raises(OSError, match="No space"):
        reports.write(sample_report.make(), out, ["html"])
    assert (out / "index.html").read_bytes() == before
    assert not list(out.glob(".*"))


def test_a_draft_without_a_site_is_reported_too(tmp_path):
    row = sample_report.finding("LK-06", "lxs", 1)
    stray = sample_report.make(sites=(), coverage=(), results=(), closed=(), findings=(replace(row, site=""),))
    assert {p.name for p in reports.write(stray, tmp_path)} >= {"index.html", "未指定网站.xlsx"}


def test_a_void_run_shows_no_number_of_problems():
    """BEHAVIOURS 4."""
    text = "".join(Page(html.render(sample_report.void(), "报告")).words)
    assert not re.search(r"(单否|扣分|豁免) \d", text)
