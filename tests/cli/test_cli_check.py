"""`govcheck check` as the people before publishing use it: a site, a URL, a file, a folder."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crawler.core.model import Severity
from crawler.demo.world import World
from crawler.jobs.places import Places
from crawler.store.pack import decompress

FOOT = (
    """<div class="footer"><p>主办单位：临夏市人民政府办公室 联系电话：0930-6212345 网站标识码：6229010001</p></div>"""
)
ARTICLE = f"""<html><head><meta charset="utf-8"><title>关于印发办法的通知</title></head><body>
<a href="sub/b.html">二</a> <a href="附件.pdf">附件</a> <a href="nothere.html">不在</a> <a href="sub/">目录</a>
{FOOT}</body></html>"""


def judged(said: Any) -> dict[str, dict[str, Any]]:
    return {row["rule"]: row for row in json.loads(said.out)["results"]}


def found(said: Any) -> list[dict[str, Any]]:
    return list(json.loads(said.out)["findings"])


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    page = tmp_path / "a.html"
    page.write_text(ARTICLE, "utf-8")
    return page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "drafts"
    (root / "sub").mkdir(parents=True)
    (root / "a.html").write_text(ARTICLE, "utf-8")
    (root / "sub" / "b.html").write_text(f"<html><body><a href='../a.html'>回</a>{FOOT}</body></html>", "utf-8")
    (root / "sub" / "index.html").write_text(f"<html><body>目录{FOOT}</body></html>", "utf-8")
    (root / "附件.pdf").write_bytes(b"%PDF-1.4\n")
    return root


def digest(data: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(data.glob("*.db"))}


def test_file_needs_no_data_and_leaves_none(run: Any, draft: Path, config: Path, tmp_path: Path) -> None:
    said = run("check", draft, "--as", "http://www.lxs.gov.cn/lxs/a.html", "--config", config, "--json")
    assert said.code == 1
    assert said.err == ""
    assert {f["rule"] for f in found(said)} >= {"FT-01", "FT-06"}
    assert not (tmp_path / "data").exists()


def test_a_page_with_a_stray_nul_byte_is_a_page(run: Any, tmp_path: Path, config: Path) -> None:
    """Editors leave them behind, browsers read on; an executable with as many of them as letters is refused."""
    page = tmp_path / "nul.html"
    page.write_bytes(ARTICLE.encode().replace("印发".encode(), "印\0发".encode()))
    said = run("check", page, "--as", "http://www.lxs.gov.cn/lxs/a.html", "--config", config, "--json")
    assert said.code == 1
    assert {f["rule"] for f in found(said)} >= {"FT-01", "FT-06"}
    page.write_bytes(b"MZ<a>" + b"\0\1\2code" * 200)
    refused = run("check", page, "--as", "http://www.lxs.gov.cn/lxs/a.html", "--config", config)
    assert refused.code == 2
    assert "二进制文件" in refused.err


def test_site_and_fleet_rules_are_listed_as_not_judged(run: Any, draft: Path, config: Path) -> None:
    rows = judged(run("check", draft, "--site", "lxs", "--config", config, "--json"))
    for code in ("AV-08", "RP-02", "RP-03"):
        assert rows[code]["verdict"] == "unverified"
        assert rows[code]["reason"]


def test_links_beside_the_drafts_are_not_dead_and_unknown_ones_not_checked(
    run: Any, folder: Path, config: Path
) -> None:
    said = run("check", folder, "--as", "http://www.lxs.gov.cn/draft/", "--config", config, "--json")
    assert not [f for f in found(said) if f["rule"].startswith("LK")]
    assert judged(said)["LK-02"]["unknown"] == 1
    assert "加 --links" in json.loads(said.out)["notes"][0]


def test_links_asks_for_what_nobody_knows(run: Any, folder: Path, config: Path) -> None:
    said = run("check", folder, "--as", "http://www.lxs.gov.cn/draft/", "--config", config, "--links", "--json")
    dead = [f for f in found(said) if f["rule"] == "LK-02"]
    assert [f["target"] for f in dead] == ["http://www.lxs.gov.cn/draft/nothere.html"]
    assert dead[0]["parents"][0]["text"] == "不在"


def test_one_bad_file_of_a_folder_is_named_and_the_others_judged(run: Any, folder: Path, config: Path) -> None:
    (folder / "empty.html").touch()
    said = run("check", folder, "--as", "http://www.lxs.gov.cn/draft/index.html", "--config", config)
    assert "empty.html是空文件" in "".join(said.out.split())
    assert "http://www.lxs.gov.cn/draft/a.html" in said.out


def test_page_saved_from_a_browser_tells_its_own_address(run: Any, draft: Path, config: Path) -> None:
    saved = "<!-- saved from url=(0037)http://www.lxs.gov.cn/lxs/x/saved.html -->\n"
    draft.write_text(saved + ARTICLE, "utf-8")
    said = run("check", draft, "--config", config, "--json")
    assert found(said)[0]["place"]["url"] == "http://www.lxs.gov.cn/lxs/x/saved.html"


def test_links_are_judged_by_the_last_crawl_which_stays_as_it_was(
    run: Any, draft: Path, config: Path, crawled: Path
) -> None:
    before = digest(crawled)
    draft.write_text(f"<html><body><a href='http://rsj.linxia.gov.cn/'>人社</a>{FOOT}</body></html>", "utf-8")
    said = run("check", draft, "--as", "http://www.lxs.gov.cn/a.html", "--config", config, "--data", crawled, "--json")
    assert judged(said)["LK-02"]["verdict"] == "passed"
    assert judged(said)["LK-02"]["carried"] == 1
    assert digest(crawled) == before


def test_column_of_policies_brings_its_rules(run: Any, draft: Path, config: Path) -> None:
    body = (
        "<h1>临夏市人民政府关于印发办法的通知</h1><p>临市政发〔2026〕3号</p><p>各镇人民政府：现将办法印发给你们。</p>"
    )
    draft.write_text(
        f"<html><head><title>关于印发办法的通知</title></head><body>{body}<a href='x.doc'>办法</a>{FOOT}</body></html>",
        "utf-8",
    )
    where = ("--as", "http://www.lxs.gov.cn/lxs/zwgk/a.html", "--config", config, "--json")
    with_column = judged(run("check", draft, "--column", "zcwj", *where))["PF-02"]
    without = judged(run("check", draft, *where))["PF-02"]
    assert with_column["examined"] == 1
    assert without["examined"] == 0


def test_page_that_is_a_policy_column_is_asked_for_its_search_box(run: Any, tmp_path: Path, config: Path) -> None:
    page = tmp_path / "list.html"
    page.write_text(f"<html><body><ul><li><a href='/lxs/a.html'>文件</a></li></ul>{FOOT}</body></html>", "utf-8")
    url = "http://www.lxs.gov.cn/lxs/zwgk/zc/agwwzfl/lsff/index.html"
    rows = judged(run("check", page, "--as", url, "--config", config, "--json"))
    assert rows["PF-01"]["examined"] == 1


def test_whole_site_goes_to_a_scratch_database(run: Any, config: Path, tmp_path: Path) -> None:
    said = run("check", "rsj", "--max-pages", 5, "--config", config, "--json")
    assert said.code in {0, 1}
    document = json.loads(said.out)
    assert [site["id"] for site in document["sites"]] == ["rsj"]
    assert not list((tmp_path / "data").glob("*.db"))


def test_connect_to_reaches_a_server_that_is_not_online_yet(run: Any, own_config: Path, world: World) -> None:
    (own_config / "network.yaml").unlink()
    route = f"rsj.linxia.gov.cn:80=127.0.0.1:{world.port}"
    said = run("check", "http://rsj.linxia.gov.cn/", "--connect-to", route, "--config", own_config, "--format", "json")
    assert said.code == 1
    assert {f["rule"] for f in found(said)} >= {"FT-03", "FT-07"}


def test_page_that_does_not_open_is_not_judged(run: Any, config: Path) -> None:
    said = run("check", "http://rsj.linxia.gov.cn/nothere.htm", "--config", config, "--json")
    assert said.code == 4
    assert found(said) == []
    assert {row["verdict"] for row in judged(said).values()} == {"unverified"}
    assert "页面不存在（404）" in judged(said)["FT-01"]["reason"]


def test_unconfirmed_site_is_sent_nothing(run: Any, own_config: Path) -> None:
    file = own_config / "sites" / "rsj.yaml"
    file.write_text(file.read_text("utf-8").replace("confirmed: true", "confirmed: false"), "utf-8")
    for target in ("rsj", "http://rsj.linxia.gov.cn/"):
        said = run("check", target, "--config", own_config)
        assert said.code == 2
        assert "还没有确认" in said.err


def test_works_while_a_nightly_run_holds_the_lock(run: Any, draft: Path, config: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Places(data).lock():
        assert run("check", draft, "--site", "lxs", "--config", config, "--fail-on", "none").code == 0
        assert run("check", "http://rsj.linxia.gov.cn/", "--config", config, "--fail-on", "none").code == 0
        said = run("nightly", "--config", config)
    assert said.code == 3
    assert "另一个夜间检查正在运行" in said.err


@pytest.mark.parametrize(
    ("fail_on", "code"), [("提示", 1), ("hint", 1), ("local", 1), ("扣分", 1), ("单否", 0), ("veto", 0), ("none", 0)]
)
def test_exit_code_follows_fail_on(run: Any, draft: Path, config: Path, fail_on: str, code: int) -> None:
    assert run("check", draft, "--site", "lxs", "--config", config, "--fail-on", fail_on).code == code
    assert Severity.POINTS.value == "扣分"


def test_terminal_sequences_of_a_page_stay_on_the_page(run: Any, draft: Path, config: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\u202e[bold]粗[/bold]"
    draft.write_text(f"<html><head><title>{evil}</title></head><body>{evil}<a href='x.pdf'>{evil}</a></body></html>")
    for form in ("table", "json"):
        said = run("check", draft, "--site", "lxs", "--links", "--config", config, "--format", form)
        assert not {"\x1b", "\x07", "\u202e"} & set(said.out + said.err)


def test_loads_nothing_that_a_file_does_not_need(draft: Path, config: Path, tmp_path: Path) -> None:
    """Also on Windows, where neither fcntl nor uvloop exists."""
    code = (
        "import sys\n"
        "sys.modules['fcntl'] = sys.modules['uvloop'] = None\n"
        "from crawler import cli, words\n"
        f"args = ['check', {str(draft)!r}, '--site', 'lxs', '--config', {str(config)!r}]\n"
        "words.spoken(cli.govcheck, args, cli.err)\n"
        "heavy = {'sqlalchemy', 'alembic', 'xlsxwriter', 'jinja2', 'httpx2', 'asyncio', 'aiosqlite'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)))\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "FT-01" in done.stdout
    assert done.stdout.splitlines()[-1] == "heavy: []"


# ── several at once, and beside the last crawl ───────────────────────────────────────────────────────────────────────


def test_several_files_and_folders_stand_where_their_common_folder_does(
    run: Any, folder: Path, config: Path, tmp_path: Path
) -> None:
    """--as is the address of that folder, --root names another; a file given twice is judged once."""
    files = (folder / "a.html", folder / "sub", folder / "sub" / "b.html")
    said = run("check", *files, "--as", "http://www.lxs.gov.cn/draft/", "--config", config, "--json")
    assert {f["place"]["url"] for f in found(said)} <= {
        f"http://www.lxs.gov.cn/draft/{name}" for name in ("a.html", "sub/b.html", "sub/index.html")
    }
    assert json.loads(said.out)["coverage"][0]["pages"]["known"] == 3
    rooted = run(
        *("check", *files, "--as", "http://www.lxs.gov.cn/x/", "--root", tmp_path, "--config", config, "--json")
    )
    assert {f["place"]["url"].split("/x/")[1].split("/")[0] for f in found(rooted)} == {"drafts"}


@pytest.mark.parametrize("others", [["lxs"], ["http://www.lxs.gov.cn/a.html"], ["-"], ["nothere.html"]])
def test_what_cannot_be_checked_beside_files_is_named(run: Any, draft: Path, config: Path, others: list[str]) -> None:
    said = run("check", draft, *others, "--site", "lxs", "--config", config)
    assert said.code == 2
    assert others[0].strip("-") in said.err
    assert len(said.err.strip().splitlines()) <= 3


def test_a_page_comes_through_the_pipe(run: Any, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pipe(body: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body), "ascii"))

    pipe(ARTICLE.encode("gb18030").replace(b'charset="utf-8"', b'charset="gb2312"'))
    said = run("check", "-", "--as", "http://www.lxs.gov.cn/lxs/a.html", "--config", config, "--json")
    assert said.code == 1
    assert {f["rule"] for f in found(said)} >= {"FT-01", "FT-06"}
    pipe(b"")
    empty = run("check", "-", "--as", "http://www.lxs.gov.cn/lxs/a.html", "--config", config)
    assert (empty.code, "标准输入" in empty.err) == (2, True)


@pytest.fixture
def online(crawled: Path, config: Path) -> tuple[str, bytes]:
    """A page of the last crawl with faults of its own: its address and its bytes as they came."""
    with sqlite3.connect(crawled / "crawl.db") as connection:
        rows = connection.execute(
            "SELECT u.url, b.data FROM urls u JOIN bodies b ON b.hash = u.body_hash"
            " WHERE u.site = 'lxs' AND u.kind = 'page' ORDER BY u.id"
        ).fetchall()
    url, data = rows[0]
    return url, decompress(data)


def test_what_a_change_adds_and_mends_stands_first(
    run: Any, draft: Path, config: Path, crawled: Path, online: tuple[str, bytes]
) -> None:
    """The page as it is adds nothing; without its footer it adds, and these come first."""
    url, body = online
    before = digest(crawled)
    where = ("--as", url, "--config", config, "--data", crawled)
    draft.write_bytes(body)
    same = json.loads(run("check", draft, *where, "--json").out)
    assert same["changes"]["new"] == same["changes"]["fixed"] == 0
    assert same["changes"]["known"] == len(same["findings"])
    draft.write_bytes(b"<html><body><p>nothing is left</p></body></html>")
    bare = run("check", draft, *where, "--json")
    changes = json.loads(bare.out)["changes"]
    assert changes["new"] > 0
    assert {f["change"] for f in found(bare)} <= {"new", "known"}
    said = run("check", draft, *where).out
    assert f"相比：新增 {changes['new']}" in said.replace("\n", "")
    assert said.index(f"新增（{changes['new']}）") < (said.find("原有（") if "原有（" in said else len(said))
    assert digest(crawled) == before


def test_new_only_leaves_out_what_was_there(
    run: Any, draft: Path, config: Path, crawled: Path, online: tuple[str, bytes]
) -> None:
    """A hook before each commit: yesterday's faults do not stop today's work, today's do."""
    url, body = online
    where = ("--as", url, "--config", config, "--data", crawled, "--fail-on", "hint")
    draft.write_bytes(body)
    unchanged = run("check", draft, *where, "--new-only", "--json")
    assert found(unchanged) == []
    assert unchanged.code == 0
    assert any("原有" in note for note in json.loads(unchanged.out)["notes"])
    draft.write_bytes(b"<html><body><p>nothing is left</p></body></html>")
    changed = run("check", draft, *where, "--new-only", "--json")
    assert changed.code == 1
    assert {f["change"] for f in found(changed)} == {"new"}


def test_new_only_without_a_crawl_leaves_out_nothing_and_says_so(run: Any, draft: Path, config: Path) -> None:
    where = ("--as", "http://www.lxs.gov.cn/lxs/a.html", "--config", config, "--json")
    whole, new = run("check", draft, *where), run("check", draft, *where, "--new-only")
    assert len(found(new)) == len(found(whole)) > 0
    assert json.loads(new.out)["changes"] is None
    assert any("没有可以比较" in note for note in json.loads(new.out)["notes"])


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp437"])
def test_any_console_shows_the_whole_report(draft: Path, config: Path, encoding: str) -> None:
    """A letter that the console lacks (🈶 in GBK, all Chinese in ASCII) is shown by its code, not as a crash."""
    draft.write_text(ARTICLE.replace("附件</a>", "附件🈶</a>").replace("附件.pdf", "file:///C:/🈶.pdf"), "utf-8")
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "crawler.cli", "check", str(draft), "--site", "lxs", "--config", str(config)],
        cwd=root,
        env={"PYTHONPATH": str(root), "PYTHONIOENCODING": encoding, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr.decode(encoding)
    assert "FT-01" in done.stdout.decode(encoding)
    assert "Error" not in done.stdout.decode(encoding) + done.stderr.decode(encoding)
