"""`govcheck document`: what an official reads in the Word drafts, and that every number of them can be had again."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from crawler.report import word_layout
from crawler.report.word_texts import TEXTS

FIRST = Path(__file__).parent.parent / "fixtures" / "findings-v1.db"
PERIOD = ("--from", "2026-07-01", "--to", "2026-12-31")
SITE, NAME = "dxx", "东乡族自治县人民政府（模拟）"
REACH = "UPDATE decisions SET reach = 'prefix', value = ?, until = '2999-01-01T00:00:00.000000Z' WHERE issue = ?"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """15 sites after one night; no crawl.db."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(FIRST, folder / "findings.db")
    return folder


@pytest.fixture
def govcheck(run: Any, config: Path, data: Path) -> Any:
    return lambda *args: run(*args, "--config", config, "--data", data)


def words(element: Any) -> str:
    return "".join(piece.text or "" for piece in element.iter(qn("w:t")))


class Draft:
    """A document and the figures beside it, read with other libraries than those that wrote it."""

    def __init__(self, path: Path, data: Path) -> None:
        self.path, self.data = path, data
        self.document = Document(str(path))
        self.figures = json.loads(path.with_name(f"{path.stem}.figures.json").read_text("utf-8"))
        self.text = "\n".join(p.text for p in self.document.paragraphs)

    def rows(self, number: int = -1) -> list[list[str]]:
        """Of a table, without its head."""
        table = self.document.tables[number]._tbl
        cells = [[words(c) for c in row.iter(qn("w:tc"))] for row in table.iter(qn("w:tr"))]
        return cells[1:]

    def issues(self) -> list[int]:
        return [int(row[1]) for row in self.rows()]

    def bookmarked(self) -> dict[str, str]:
        """What stands between the ends of each bookmark."""
        found = {}
        for mark in self.document.element.body.iter(qn("w:bookmarkStart")):
            run = mark.getnext()
            found[str(mark.get(qn("w:name")))] = words(run)
        return found

    def check_every_number(self) -> int:
        """Asks findings.db each query again."""
        printed, asked = self.bookmarked(), 0
        decided = json.dumps(self.figures["decided"])
        with closing(sqlite3.connect(self.data / "findings.db")) as db:
            for figure in self.figures["figures"]:
                assert all(printed.pop(name) == figure["text"] for name in figure["bookmarks"]), figure
                if "sql" in figure:
                    (value,) = db.execute(figure["sql"], {**figure["parameters"], "decided": decided}).fetchone()
                    assert value == figure["value"], figure["name"]
                    asked += 1
        assert not printed, "a number without its query"
        return asked


@pytest.fixture
def draft(govcheck: Any, data: Path, tmp_path: Path) -> Any:
    def write(*args: object) -> Draft:
        path = tmp_path / "out" / "公文.docx"
        said = govcheck("document", *args, "--out", path)
        assert said.code == 0, said.err
        return Draft(path, data)

    return write


def ask(data: Path, sql: str, *values: object) -> list[Any]:
    with closing(sqlite3.connect(data / "findings.db")) as db, db:
        return db.execute(sql, values).fetchall()


def faults(data: Path, site: str, certainty: str = "confirmed") -> list[int]:
    """What a notice to a site must list: found with certainty, no hint, no sum of others, not exempt."""
    wanted = "SELECT issue FROM findings WHERE site = ? AND certainty = ? AND rollup = 0 AND exempt = ''"
    return sorted(number for (number,) in ask(data, f"{wanted} AND severity <> '提示'", site, certainty))


# ── Which issues, which numbers ──────────────────────────────────────────────────────────────────────────────────────


def test_a_notice_lists_every_fault_of_its_site_once(draft: Any, data: Path) -> None:
    notice = draft("notice", SITE)
    wanted = faults(data, SITE)
    assert sorted(notice.issues()) == wanted
    assert len(wanted) == 10
    assert f"{NAME}（" in notice.text
    assert "需要整改的问题10个，其中单项否决类0个、扣分类9个、州要求类1个" in notice.text
    assert notice.check_every_number() >= 5
    assert [row[0] for row in notice.rows()] == [str(n) for n in range(1, 11)]
    assert "项检查" in notice.text, "what was not judged"


def test_a_circular_lists_every_fault_of_all_sites_once(draft: Any, data: Path) -> None:
    circular = draft("circular", *PERIOD, "--office", "某某州政府办公室")
    sites = [site for (site,) in ask(data, "SELECT DISTINCT site FROM findings")]
    wanted = sorted(number for site in sites for number in faults(data, site))
    assert sorted(circular.issues()) == wanted
    assert f"共查出问题{len(wanted)}个" in circular.text
    assert circular.check_every_number() > 100
    *table, total = circular.rows(1)
    assert total[4] == str(len(wanted)) == str(sum(int(row[4]) for row in table if row[4] != "—"))
    by_name = {row[0]: row for row in table}
    assert by_name[NAME][1:5] == ["0", "9", "1", "10"]
    assert len(table) == 15
    places = [row[2] for row in circular.rows()]
    assert list(dict.fromkeys(places)) == [name for name in by_name if name in places], "in the order of the office"
    assert circular.text.startswith("某某州政府办公室关于2026年下半年政府网站检查情况的通报")


def test_what_a_person_excused_is_in_no_list_and_no_number(draft: Any, govcheck: Any, data: Path) -> None:
    first, second, third, *rest = faults(data, SITE)
    assert govcheck("issues", "dismiss", first, "--reason", "页面本来如此").code == 0
    basis = ("--basis", "州政办函〔2026〕1号", "--until", "2999-01-01")
    assert govcheck("issues", "except", second, "--reason", "改版", *basis).code == 0
    assert govcheck("issues", "dismiss", third, "--reason", "看错了").code == 0
    assert govcheck("issues", "reopen", third).code == 0
    notice = draft("notice", SITE)
    assert sorted(notice.issues()) == [third, *rest]
    assert "需要整改的问题8个" in notice.text
    circular = draft("circular", *PERIOD)
    assert not {first, second} & set(circular.issues())
    assert "例外1个" in circular.text
    assert circular.check_every_number() > 100
    assert notice.figures["decided"]


def test_a_decision_that_reaches_further_takes_the_others_out(draft: Any, govcheck: Any, data: Path) -> None:
    number, alike, other, *rest = faults(data, SITE)
    ask(data, "UPDATE issues SET rule = 'LK-02' WHERE number IN (?, ?)", number, alike)
    folder = "place_url = 'https://www.example.gov.cn/old/' || issue || '.html', parents = '[]', parent_count = 0"
    ask(data, f"UPDATE findings SET rule = 'LK-02', count = 1, {folder} WHERE issue IN (?, ?)", number, alike)
    assert govcheck("issues", "dismiss", number, "--reason", "旧栏目已归档").code == 0
    ask(data, REACH, "https://www.example.gov.cn/old/", number)
    listed = json.loads(govcheck("issues", "list", "--site", SITE, "--work", "误报", "--json").out)
    assert sorted(row["number"] for row in listed) == [number, alike], "what the desk says"
    notice = draft("notice", SITE)
    assert sorted(notice.issues()) == [other, *rest]
    assert notice.check_every_number() >= 5


def test_a_decision_that_ran_out_holds_nothing_back(draft: Any, govcheck: Any, data: Path) -> None:
    number = faults(data, SITE)[0]
    assert govcheck("issues", "dismiss", number, "--reason", "暂不处理", "--until", "2999-01-01").code == 0
    ask(data, "UPDATE decisions SET at = '2026-11-24T00:00:00.000000Z', until = '2026-11-24T00:01:00.000000Z'")
    assert number in draft("notice", SITE).issues()


def test_what_only_a_person_can_judge_is_listed_once_confirmed(draft: Any, govcheck: Any, data: Path) -> None:
    number, *_ = faults(data, "klx", "proposed")
    before = draft("notice", "klx")
    assert number not in before.issues()
    assert "2个待人工核实的问题，未列入本通知" in before.text
    assert govcheck("issues", "confirm", number).code == 0
    after = draft("notice", "klx")
    assert number in after.issues()
    assert "1个待人工核实" in after.text


def test_applications_are_written_only_where_every_site_told_the_whole_period(
    run: Any, config: Path, data: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(config, tmp_path / "config"))
    (own / "inputs").mkdir(exist_ok=True)
    sites = [path.stem for path in (own / "sites").glob("*.yaml")]
    halves = [f"{site},{days},2,1,0" for site in sites for days in ("2026-07-01,2026-09-30", "2026-10-01,2026-12-31")]

    def written(rows: list[str]) -> Draft:
        table = "\n".join(["网站,起始日期,截止日期,收到申请数,答复数,超期数", *rows])
        (own / "inputs" / "applications.csv").write_text(table + "\n", "utf-8")
        path = tmp_path / "通报.docx"
        said = run("document", "circular", *PERIOD, "--config", own, "--data", data, "--out", path)
        assert said.code == 0, said.err
        return Draft(path, data)

    whole = written(halves)
    assert f"各网站收到申请{4 * len(sites)}件，答复{2 * len(sites)}件，超期0件" in whole.text
    assert whole.check_every_number() > 100
    short = written(halves[:-1])
    assert "各网站收到申请" not in short.text
    assert "的资料没有正好覆盖这段时间】" in short.text


# ── Days ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_deadline_of_the_desk_is_the_deadline_of_the_notice(draft: Any, govcheck: Any, data: Path) -> None:
    numbers = faults(data, SITE)
    told = numbers[0]
    assert govcheck("issues", "confirm", told).code == 0
    assert govcheck("issues", "notify", told, "--deadline", "2098-03-05").code == 0
    notice = draft("notice", SITE, "--deadline", "2097-01-02")
    days = {int(row[1]): row[-1] for row in notice.rows()}
    assert days.pop(told) == "2098年3月5日"
    assert set(days.values()) == {"2097年1月2日"}
    assert "此前已通知期限的问题仍按原期限" in notice.text
    ask(data, "UPDATE decisions SET deadline = '2026-11-23T01:00:00.000000Z' WHERE decision = 'notify'")
    late = {int(row[1]): row[-1] for row in draft("notice", SITE).rows()}
    assert late[told] == "2026年11月23日（已逾期）"


def test_a_unit_that_answered_is_not_asked_again(draft: Any, govcheck: Any, data: Path) -> None:
    number = faults(data, SITE)[0]
    for step in ("confirm", "notify", "answer"):
        assert govcheck("issues", step, number).code == 0
    notice = draft("notice", SITE)
    assert number not in notice.issues()
    assert "另有1个已答复、待复查的问题，未列入本通知" in notice.text
    reply = draft("reply", SITE)
    state = {int(row[1]): row[4] for row in reply.rows()}
    assert state[number] == "已答复，待复查"
    assert sorted(state) == faults(data, SITE)
    assert "需要整改的问题共10个" in reply.text
    assert reply.check_every_number() >= 4


def second_run(govcheck: Any, data: Path, first: str, second: str, site: str) -> None:
    """The night of the fixture moved to one moment, and a second night that looked at one site."""
    govcheck("issues", "list")  # brings the schema up to date
    ask(data, "UPDATE runs SET as_of = ?", first)
    ask(data, "UPDATE issue_events SET at = ?", first)
    ask(data, "UPDATE issues SET first_seen = ?, last_seen = ?", first, first)
    for table, change, only in (
        ("runs", f"number = 2, id = 'B', as_of = '{second}'", ""),
        ("audits", "id = 2, run = 2", ""),
        ("coverage", "audit = 2", f"WHERE site = '{site}'"),
    ):
        ask(data, f"CREATE TABLE copied AS SELECT * FROM {table} {only}")
        ask(data, f"UPDATE copied SET {change}")
        ask(data, f"INSERT INTO {table} SELECT * FROM copied")
        ask(data, "DROP TABLE copied")


def test_the_day_of_the_check_is_that_of_the_site(draft: Any, govcheck: Any, data: Path) -> None:
    second_run(govcheck, data, "2026-09-09T20:00:00.000000Z", "2026-11-20T20:00:00.000000Z", "fgw")
    assert "最近一次检查时间为2026年9月10日" in draft("notice", SITE).text
    assert "最近一次检查时间为2026年11月21日" in draft("notice", "fgw").text


def test_a_period_counts_its_own_checks_and_what_they_saw(draft: Any, govcheck: Any, data: Path) -> None:
    mended = faults(data, SITE)[:2]
    second_run(govcheck, data, "2026-08-09T20:00:00.000000Z", "2026-10-20T20:00:00.000000Z", SITE)
    for number in mended:
        ask(data, "UPDATE issues SET state = 'fixed', change = 'fixed' WHERE number = ?", number)
        columns = "issue, at, change, before, state, reason, run"
        step = "'2026-10-20T18:00:00.000000Z', 'fixed', 'open', 'fixed', '', 2"
        ask(data, f"INSERT INTO issue_events ({columns}) VALUES (?, {step})", number)
    every = sum(len(faults(data, site)) for (site,) in ask(data, "SELECT DISTINCT site FROM findings"))
    summer = draft("circular", "--from", "2026-07-01", "--to", "2026-09-30")
    assert f"共查出问题{every}个" in summer.text
    assert f"截至2026年9月30日，已整改0个，仍存在{every}个" in summer.text
    assert summer.check_every_number() > 100
    autumn = draft("circular", "--from", "2026-10-01", "--to", "2026-11-30")
    assert "另有14个网站没有检查，本通报对其不作结论" in autumn.text
    assert "共查出问题10个，涉及网站1个" in autumn.text
    assert "已整改2个，仍存在8个，未复查0个" in autumn.text
    state = {int(row[1]): row[-1] for row in autumn.rows()}
    assert {number for number, says in state.items() if says == "已整改"} == set(mended)
    assert autumn.check_every_number() > 20
    both = draft("circular", "--from", "2026-07-01", "--to", "2026-11-30")
    assert f"共查出问题{every}个" in both.text
    assert "开展检查2次" in both.text
    assert sorted(draft("notice", SITE).issues()) == faults(data, SITE)[2:]


def test_a_list_too_long_for_a_letter_is_cut_aloud(draft: Any, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.jobs.documents.LISTED", 3)
    grave = faults(data, SITE)[-1]
    ask(data, "UPDATE findings SET severity = '单否' WHERE issue = ?", grave)
    notice = draft("notice", SITE)
    assert len(notice.issues()) == 3
    assert grave in notice.issues()
    assert "共10个问题，本表按严重程度列出前3个，其余见问题清单工作簿" in notice.text
    assert len(draft("circular", *PERIOD).issues()) == 3


# ── Nothing found ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_circular_without_problems_says_so_and_what_was_not_judged(draft: Any, data: Path) -> None:
    ask(data, "UPDATE findings SET certainty = 'proposed'")
    ask(data, "DELETE FROM coverage WHERE site = 'lxz'")
    circular = draft("circular", *PERIOD)
    assert "检查期间，在已检查的范围内没有查实的问题。" in circular.text
    assert "另有1个网站没有检查，本通报对其不作结论" in circular.text
    assert "没有判定，不等于没有问题" in circular.text
    assert "（无）" in circular.rows()[0]
    assert circular.check_every_number() > 50


def test_no_notice_without_a_fault(govcheck: Any, data: Path) -> None:
    ask(data, "UPDATE findings SET certainty = 'proposed' WHERE site = ?", SITE)
    said = govcheck("document", "notice", SITE)
    assert said.code == 2
    assert "没有已查实而要整改的问题" in said.err
    assert "10个待人工核实" in said.err
    assert "没有判定，不等于没有问题" in said.err
    assert not (data / "documents").exists()


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        ("notice nosuch", 2, "没有登记"),
        ("notice dxx --deadline 2020-01-01", 2, "已经过去"),
        ("notice dxx --deadline 999个工作日", 2, "1 到 250"),
        ("notice dxx --deadline 明天", 2, "--deadline"),
        ("notice dxx --template none.docx", 2, "没有模板文件"),
        ("notice dxx --template bad.docx", 2, "不是 Word 文档"),
        ("notice dxx --out a.doc", 2, ".docx"),
        ("circular --from 2020-01-01 --to 2020-06-30", 2, "没有检查记录"),
        ("circular --from 2026-06-30 --to 2026-01-01", 2, "请对调"),
        ("template notice bad.docx", 2, "已存在"),
    ],
)
def test_a_refusal_is_one_sentence(govcheck: Any, args: str, code: int, says: str, tmp_path: Path) -> None:
    (tmp_path / "bad.docx").write_text("no zip")
    said = govcheck("document", *args.split())
    assert (said.code, says in said.err) == (code, True), said
    assert len(said.err.strip().splitlines()) <= 2
    assert not list(tmp_path.rglob("*.figures.json"))


def test_no_data_yet(run: Any, config: Path, tmp_path: Path) -> None:
    assert run("document", "notice", SITE, "--config", config, "--data", tmp_path / "none").code == 3


# ── The file ─────────────────────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = "甲\x00\x0b\x1b[31m\u202e乙\ufffe\u2028{{问题.序号}}<w:p/>&amp;]]>" + "长" * 100_000
ADDRESS = "https://www.example.gov.cn/\u202e" + "a" * 100_000


def test_hostile_words_make_a_valid_document(draft: Any, data: Path) -> None:
    held = (HOSTILE, HOSTILE, ADDRESS, ADDRESS, HOSTILE, SITE)
    wanted = "UPDATE findings SET message = ?, place_quote = ?, target = ?, place_url = ?, fix = ? WHERE site = ?"
    ask(data, wanted, *held)
    for args in (("circular", *PERIOD), ("notice", SITE), ("reply", SITE)):
        made = draft(*args)
        with zipfile.ZipFile(made.path) as package:
            assert package.testzip() is None
            for name in package.namelist():
                if name.endswith((".xml", ".rels")):
                    etree.fromstring(package.read(name))
        (row, *_) = (row for row in made.rows() if row[1] == str(faults(data, SITE)[0]))
        told = "".join(row)
        assert "{{问题.序号}}<w:p/>&amp;]]>" in told, "as it stood: no place to fill, no markup"
        assert not {"\u202e", "\ufffe", "\u2028", "\x1b"} & set(told)
        assert len(told) < 2_000


@pytest.mark.parametrize("kind", ["circular", "notice", "reply"])
def test_the_layout_is_that_of_an_official_letter(draft: Any, kind: str) -> None:
    made = draft(kind, *(PERIOD if kind == "circular" else (SITE,)))
    section = made.document.sections[0]
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(one.mm) for one in margins] == [37, 28, 26, 35]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    fonts = {s.name: s.element.rPr.rFonts.get(qn("w:eastAsia")) for s in made.document.styles if s.name[:2] == "公文"}
    assert fonts["公文正文"] == "仿宋_GB2312"
    assert fonts["公文一级"] == "黑体"
    assert fonts["公文标题"] == "方正小标宋简体"
    assert {one.get(qn("w:eastAsia")) for one in made.document.styles.element.iter(qn("w:lang"))} == {"zh-CN"}
    heads = [p.text for p in made.document.paragraphs if p.style.name == "公文一级"]
    assert [head[0] for head in heads] == list("一二三四")[: len(heads)]
    for table in made.document.tables:
        rows = list(table._tbl.iter(qn("w:tr")))
        assert next(rows[0].iter(qn("w:tblHeader")), None) is not None, "its head repeats on every page"
        assert all(next(row.iter(qn("w:cantSplit")), None) is not None for row in rows)
    for footer in (section.footer, section.even_page_footer):
        assert any(mark.text == "PAGE" for mark in footer._element.iter(qn("w:instrText")))
    assert "草稿" in section.header.paragraphs[0].text


@pytest.mark.parametrize("kind", sorted(TEXTS))
def test_the_shipped_templates_are_made_from_the_texts(kind: str, tmp_path: Path) -> None:
    word_layout.make(kind, tmp_path / "made.docx")
    shipped = Path(word_layout.__file__).with_name("templates") / f"{kind}.docx"
    with zipfile.ZipFile(tmp_path / "made.docx") as made, zipfile.ZipFile(shipped) as kept:
        for name in ("word/document.xml", "word/styles.xml", "word/footer1.xml"):
            assert made.read(name) == kept.read(name)
