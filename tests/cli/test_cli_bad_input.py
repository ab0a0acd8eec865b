"""Bad input: one clear Chinese sentence on stderr, the right exit code, never a traceback."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

CHINESE = re.compile("[\u4e00-\u9fff]")


def one_sentence(said: Any, code: int, *words: str) -> None:
    assert said.code == code
    assert said.out == ""
    assert CHINESE.search(said.err)
    for word in words:
        assert word in said.err


@pytest.mark.parametrize(
    ("line", "code", "word"),
    [
        ("check lxz9", 2, "是不是 lxz"),
        ("check lxs --column zcwj", 2, "--column 只用于"),
        ("check http://www.example.com/", 2, "不属于任何登记的网站"),
        ("check http://www.lxs.gov.cn/dxx/x.html", 2, "是网站 dxx 的路径，却在网站 lxs 的主机上"),
        ("check http://www.lxs.gov.cn/ --column nope", 2, "没有栏目 nope；已登记：ywdt"),
        ("check www.lxs.gov.cn/index.html", 2, "请以 http:// 或 https:// 开头"),
        ("check http://[::1", 2, "不是网址"),
        ("check missing.html", 2, "没有这个文件或文件夹"),
        ("check empty.html --site lxs", 2, "是空文件"),
        ("check noise.html --site lxs", 2, "二进制文件"),
        ("check paper.pdf --site lxs", 2, "二进制文件"),
        ("check words.txt --site lxs", 2, "没有 HTML 标记"),
        ("check folder --site lxs", 2, "没有网页文件"),
        ("check page.html", 2, "请用 --as 网址 说明"),
        ("check page.html --as page", 2, "--as page 不是网址"),
        ("check page.html --as http://www.lxs.gov.cn:99999/", 2, "不是网址"),
        ("check page.html --site nope", 2, "没有登记 id 为“nope”的网站"),
        ("check page.html --site lxs --column nope", 2, "没有栏目 nope"),
        ("check page.html --site lxs --connect-to a=b", 2, "应为 HOST:PORT=ADDR:PORT"),
        ("check page.html --site lxs --format xml", 2, "xml 不在可选的值里：table、json"),
        ("check page.html --site lxs --fail-on high", 2, "high 不在可选的值里"),
        ("nightly --site nope", 2, "没有登记"),
        ("nightly --until 25:00", 2, "不是时刻"),
        ("nightly --max-pages 0", 2, "超出范围"),
        ("nightly --data file", 2, "file 是一个文件"),
        ("crawl", 2, "或用 --all"),
        ("audit", 3, "还没有数据"),
        ("audit --run x", 2, "x 不是数字"),
        ("reparse --run 1", 3, "还没有数据"),
        ("report", 3, "还没有数据"),
        ("report --format pdf", 2, "没有 pdf 这种格式"),
        ("explain XX-99", 2, "没有规则 XX-99"),
        ("explain FT-99", 2, "相近的有 FT-01"),
        ("sites --config nowhere", 2, "配置文件夹不存在"),
        ("chek", 2, "是不是 check"),
        ("check --lnks x", 2, "没有 --lnks 这个选项"),
        ("check", 2, "缺少参数 目标"),
        ("report extra", 2, "多余的参数：extra"),
    ],
)
def test_one_sentence(run: Any, config: Path, tmp_path: Path, line: str, code: int, word: str) -> None:
    (tmp_path / "page.html").write_text("<p>甲</p>", "utf-8")
    (tmp_path / "words.txt").write_text("甲乙丙", "utf-8")
    (tmp_path / "noise.html").write_bytes(random.Random(1).randbytes(300).replace(b"\0", b"<a "))
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.4\n")
    (tmp_path / "empty.html").touch()
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.iterdir())
    said = run(*line.split(), *(() if "--config" in line else ("--config", config)))
    one_sentence(said, code, word)
    assert len(said.err.strip().splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("audit --run 99", "没有第 99 次检查"),
        ("report --run 99", "没有第 99 次检查"),
        ("reparse --run 99", "没有第 99 次检查"),
        ("audit --rule XX-99", "没有规则 XX-99"),
        ("audit --rule FT-99", "相近的有 FT-01"),
    ],
)
def test_a_run_or_rule_that_is_not_there(run: Any, config: Path, crawled: Path, line: str, word: str) -> None:
    one_sentence(run(*line.split(), "--config", config, "--data", crawled), 2, word)


def changed(crawled: Path, tmp_path: Path, sql: str, name: str = "crawl.db") -> Path:
    data = Path(shutil.copytree(crawled, tmp_path / "copy"))
    with sqlite3.connect(data / name) as connection:
        connection.execute(sql)
    connection.close()
    return data


def test_a_void_run_is_not_judged(run: Any, config: Path, crawled: Path, tmp_path: Path) -> None:
    data = changed(crawled, tmp_path, "UPDATE runs SET void = 1, void_reason = '本机网络不通'")
    one_sentence(run("audit", "--run", 1, "--config", config, "--data", data), 2, "已作废：本机网络不通")


def test_an_open_run_is_not_judged(run: Any, config: Path, crawled: Path, tmp_path: Path) -> None:
    data = changed(crawled, tmp_path, "UPDATE runs SET status = 'open', sealed = NULL")
    one_sentence(run("audit", "--run", 1, "--config", config, "--data", data), 2, "还没有封存")


@pytest.mark.parametrize("line", ["nightly", "audit", "report", "crawl lxs"])
def test_newer_data(run: Any, config: Path, crawled: Path, tmp_path: Path, line: str) -> None:
    data = changed(crawled, tmp_path, "PRAGMA user_version = 99")
    with sqlite3.connect(data / "findings.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    one_sentence(run(*line.split(), "--config", config, "--data", data), 3, "更新版本的程序", "请升级")


@pytest.mark.parametrize("line", ["nightly", "audit", "report", "crawl lxs", "reparse --run 1"])
def test_corrupt_data(run: Any, config: Path, tmp_path: Path, line: str) -> None:
    for name in ("crawl.db", "findings.db"):
        (tmp_path / name).write_bytes(b"not a database" * 100)
    one_sentence(run(*line.split(), "--config", config, "--data", tmp_path), 3, "已损坏", "备份")


def test_a_page_is_judged_beside_a_corrupt_crawl(run: Any, config: Path, tmp_path: Path) -> None:
    (tmp_path / "crawl.db").write_bytes(b"not a database" * 100)
    (tmp_path / "page.html").write_text("<p>甲</p>", "utf-8")
    said = run("check", "page.html", "--site", "lxs", "--config", config, "--data", tmp_path)
    assert said.code == 1
    assert "上次抓取的数据读不了" in said.out


def test_every_fault_of_a_configuration_at_once(run: Any, own_config: Path) -> None:
    sites = own_config / "sites"
    lxs = (sites / "lxs.yaml").read_text("utf-8")
    (sites / "lxs.yaml").write_text(lxs.replace("code: '6229010001'", "code: 6229010001").replace("/lxs/\n", "/lxs\n"))
    (sites / "other.yaml").write_text(lxs)
    rules = "edition: x\npackages: [rules]\noptions:\n  PF-02: {editabel: [wps]}\n"
    (own_config / "rules.yaml").write_text(rules, "utf-8")
    said = run("sites", "--config", own_config)
    one_sentence(said, 2, "lxs.yaml 第3行", "other.yaml", "重")
    assert len(said.err.strip().splitlines()) > 2


def test_an_unknown_option_of_a_rule(run: Any, own_config: Path) -> None:
    shipped = (Path(__file__).resolve().parents[2] / "config" / "rules.yaml").read_text("utf-8")
    assert "editable:" in shipped
    (own_config / "rules.yaml").write_text(shipped.replace("editable:", "editabel:", 1), "utf-8")
    (own_config.parent / "page.html").write_text("<p>甲</p>", "utf-8")
    one_sentence(
        run("check", "page.html", "--site", "lxs", "--config", own_config), 2, "rules.yaml 第", "是不是 editable"
    )


def test_the_demonstration_never_empties_real_data(run: Any, tmp_path: Path, own_config: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "crawl.db").touch()
    one_sentence(run("demo", "--data", real), 2, "真实网站的数据")
    (own_config / "network.yaml").unlink()
    one_sentence(run("demo", "--data", tmp_path / "d", "--config", own_config), 2, "真实网站的配置")
    assert (real / "crawl.db").exists()


def test_a_report_of_one_site_and_format_in_a_folder(run: Any, config: Path, crawled: Path, tmp_path: Path) -> None:
    where = ("--config", config, "--data", crawled, "--out", tmp_path / "o")
    said = run("report", "--site", "rsj", "--format", "html", *where)
    assert said.code == 0
    files = [path.name for path in (tmp_path / "o").iterdir()]
    assert len(files) == 1
    assert files[0].startswith("rsj-")
    assert files[0].endswith(".html")


def test_random_arguments_meet_a_sentence(run: Any, config: Path, tmp_path: Path) -> None:
    dice = random.Random(20261124)
    (tmp_path / "p.html").write_text("<p>甲</p>", "utf-8")
    commands = ["check", "audit", "report", "facts", "sites", "rules", "explain", "doctor", "reparse", "", "crawl"]
    bits = [
        "--run",
        "-1",
        "--as",
        "://",
        "p.html",
        "--site",
        "",
        "😀",
        "--json",
        "--column",
        "--format",
        ",",
        "\udcff",
    ]
    bits += [
        "--connect-to",
        "*:*=refused",
        "--rule",
        "--fail-on",
        "NONE",
        "--out",
        "http://",
        "..",
        "--",
        "99999999999999999999",
    ]
    for _ in range(40):
        args = [dice.choice(commands), *dice.choices(bits, k=dice.randrange(4))]
        said = run(*args, "--config", config)
        assert said.code in range(5), args
        assert "程序内部出错" not in said.err, (args, said.err)
