"""config/inputs/: what offices export and type, and every fault of it at once, with line and column."""

from datetime import date
from pathlib import Path

import pytest

from crawler.config.cells import Unfit, moment, number
from crawler.config.formats import FORMATS
from crawler.config.inputs import Inputs, read_inputs, template
from crawler.core.model import Site

SITES = (
    Site("lxs", "临夏市人民政府", "6229010001", "portal", "p", "https://www.lxs.gov.cn/", ("www.lxs.gov.cn",)),
    Site("jyj", "临夏州教育局", None, "department", "p", "https://jyj.linxia.gov.cn/", ("jyj.linxia.gov.cn",)),
)
MEDIA = "网站,账号名称,平台,最近发布日期,核查日期\n"


def put(folder: Path, name: str, text: str | bytes, encoding: str = "utf-8") -> Inputs:
    target = folder / "inputs" / name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return read_inputs(folder, SITES, "config")


def said(inputs: Inputs) -> list[str]:
    return [str(problem) for problem in inputs.problems]


@pytest.mark.parametrize(
    "text",
    [
        "2026-1-5",
        "2026/1/5",
        "2026年1月5日",
        "20260105",
        "46027",
        "２０２６－０１－０５",
        "'2026.01.05",
        " 2026-01-05 ",
    ],
)
def test_a_day_in_many_spellings(text: str) -> None:
    assert moment(text).date() == date(2026, 1, 5)


@pytest.mark.parametrize("text", ["2026-1-5 09:30", "2026/1/5 9:30:00", "2026年1月5日9时30分", "46027.3958333333"])
def test_a_moment_in_many_spellings(text: str) -> None:
    assert moment(text).strftime("%Y-%m-%d %H:%M") == "2026-01-05 09:30"


@pytest.mark.parametrize(
    "text", ["5/1/2026", "26/1/5", "2026-2-30", "去年", "12345", "2026-1-5 25:00", "2026-1-5下午", ""]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        moment(text)


def test_numbers_as_people_write_them() -> None:
    assert [number(text) for text in ("12", "1,234 件", "０", "3.0")] == [12, 1234, 0, 3]
    with pytest.raises(Unfit):
        number("-1")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_every_encoding_excel_writes(tmp_path: Path, encoding: str) -> None:
    row = "临夏市人民政府,临夏发布,微信公众号,2026年1月5日,2026/1/8\r\n"
    inputs = put(tmp_path, "media.csv", MEDIA.replace("\n", "\r\n") + row, encoding)
    assert said(inputs) == []
    table = inputs.tables["lxs"]["media"]
    assert table.rows[0]["last_post"] == date(2026, 1, 5)
    assert table.until == date(2026, 1, 8)
    assert set(inputs.tables) == {"lxs"}  # of the other site nothing is known


def test_english_heads_a_site_code_and_tabs_do_too(tmp_path: Path) -> None:
    inputs = put(tmp_path, "media.csv", "site\tname\tlast_post\tchecked\n6229010001\t临夏发布\t46027\t20260108\n")
    assert inputs.tables["lxs"]["media"].rows[0]["last_post"] == date(2026, 1, 5)


def test_all_faults_at_once_with_line_and_column(tmp_path: Path) -> None:
    rows = "lxx,甲,微信,2026-1-5,2026-1-8\nlxs,乙,微信,五号,2026-1-8\nlxs,,微信,,\nlxs,丙,微信,2026-1-9,2026-1-8\n"
    words = said(put(tmp_path, "media.csv", MEDIA + rows))
    assert any("第2行 第1列" in w and "lxx" in w and "是不是 lxs" in w for w in words)
    assert any("第3行 第4列" in w and "2026年1月5日" in w for w in words)
    assert sum("第4行" in w for w in words) == 2
    assert any("第5行" in w and "早于" in w for w in words)


def test_duplicate_rows_name_the_first(tmp_path: Path) -> None:
    row = "lxs,JC1,2026-1-5,,,\n"
    words = said(put(tmp_path, "jiucuo.csv", "网站,编号,提交时间,答复时间,标题,来自平台的列\n" + row + row))
    assert len(words) == 1
    assert "第3行" in words[0]
    assert "第2行重复" in words[0]


def test_wrong_columns_are_named_with_what_to_write(tmp_path: Path) -> None:
    words = said(put(tmp_path, "media.csv", "网站,帐号名称,核查日期,粉丝数\nlxs,甲,2026-1-8,9\n"))
    assert any("账号名称" in w and "缺少" in w for w in words)
    assert any("第4列" in w and "粉丝数" in w for w in words)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("medium.csv", "x", "是不是 media"),
        ("media.xlsx", b"PK\x03\x04", "另存为"),
        ("media.csv", b"PK\x03\x04zip", "Excel 工作簿"),
        ("media.csv", b"\xff\xff\x80\x00", "编码"),
        ("media.csv", "", "没有表头"),
        ("media.csv", "网站，账号名称，核查日期\nlxs，甲，2026-1-8\n", "半角逗号"),
        ("media.csv", MEDIA + 'lxs,"甲,微信,,2026-1-8\n', "引号没有写完"),
        ("media.csv", MEDIA + "lxs,甲,乙,微信,,2026-1-8\n", "第6列"),
        ("media.csv", "# 资料截至: 上月\n" + MEDIA, "资料截至"),
        ("media.csv", "# 涵盖网站: 临夏\n" + MEDIA, "涵盖网站"),
        ("phone.csv", "网站,事项,电话,核查日期,结果\nlxs,甲,1,2026-1-8,好的\n", "只能写"),
        ("media.yaml", "rows:\n  - {site: lxs, nam: 甲, checked: 2026-1-8}\n", "是不是 name"),
        ("media.yaml", "rows: 3\n", "列表"),
    ],
)
def test_one_sentence_for_each_mistake(tmp_path: Path, name: str, text: str | bytes, says: str) -> None:
    words = said(put(tmp_path, name, text))
    assert any(says in w for w in words), words
    assert all(w.startswith(f"config/inputs/{name}") for w in words)


def test_a_file_may_speak_of_sites_without_a_row(tmp_path: Path) -> None:
    text = "# 资料截至: 2026-10-31,,\n# 涵盖网站: 全部,,\n网站,编号,提交时间\nlxs,JC1,2026-1-5\n"
    inputs = put(tmp_path, "jiucuo.csv", text)
    assert said(inputs) == []
    assert inputs.tables["jyj"]["jiucuo"].rows == ()
    assert inputs.tables["jyj"]["jiucuo"].until == date(2026, 10, 31)


def test_yaml_says_the_same(tmp_path: Path) -> None:
    text = "until: 2026-10-31\ncovers: [lxs, 临夏州教育局]\nrows:\n  - {site: lxs, number: JC1, received: 2026-1-5}\n"
    inputs = put(tmp_path, "jiucuo.yaml", text)
    assert said(inputs) == []
    assert set(inputs.tables) == {"lxs", "jyj"}


def test_outages_join_those_of_the_site(tmp_path: Path) -> None:
    inputs = put(tmp_path, "outages.csv", "网站,开始时间,结束时间,报备文号\nlxs,2026-1-5 22:00,2026/1/6,7号\n")
    (window,) = inputs.outages["lxs"]
    assert (window.end.hour, window.end.minute, window.number) == (23, 59, "7号")


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_template_is_an_empty_file_and_its_example_is_good(tmp_path: Path, form: object) -> None:
    text = template(form)  # type: ignore[arg-type]
    assert said(put(tmp_path, f"{form.name}.csv", text, "utf-8-sig")) == []  # type: ignore[attr-defined]
    filled = put(tmp_path, f"{form.name}.csv", text.replace("# 例：", ""))  # type: ignore[attr-defined]
    assert said(filled) == []
    assert filled.files[0].rows == 1
