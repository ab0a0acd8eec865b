"""`govcheck evidence`: a bundle a person and a public tool can read offline, and every later change of it is found."""

from __future__ import annotations

import json
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from crawler import cli, words
from crawler.parse.inert import marked


@pytest.fixture(scope="module")
def written(crawled: Path, config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bundles of three issues of one night; the data folder and the chain stay as they are."""
    out = tmp_path_factory.mktemp("evidence") / "out"
    args = ["evidence", "1", "2", "3", "--no-screenshot", "--out", str(out), "--data", str(crawled)]
    assert words.spoken(cli.govcheck, [*args, "--config", str(config)], cli.err) == 0
    return out


@pytest.fixture
def own(written: Path, tmp_path: Path) -> Path:
    """A copy to tamper with."""
    return Path(shutil.copytree(written, tmp_path / "out"))


def bundles(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir())


@pytest.mark.behaviour(95)
def test_a_bundle_is_complete_and_read_by_another_library(run: Any, own: Path) -> None:
    for bundle in bundles(own):
        facts = json.loads((bundle / "facts.json").read_text("utf-8"))
        page = (bundle / "index.html").read_text("utf-8")
        assert facts["finding"]["message"] in page.replace("&#34;", '"')
        assert facts["run"]["config_digest"] in page
        assert "<script" not in page
        asked = [row for row in facts["exchanges"] if row["cited"]]
        assert asked
        assert all("+08:00" in row["at"] and row["attempts"] for row in asked)
        data = (bundle / "exchanges.warc.gz").read_bytes()
        kept = {p.read_bytes() for p in bundle.glob("body-*.bin")}
        responses = set()
        assert all(record.verify_block_digest() for record in ArchiveIterator(BytesIO(data), parse_http=False))
        for record in ArchiveIterator(BytesIO(data), parse_http=True):
            if record.record_type == WarcRecordType.response and not record.headers.get("WARC-Truncated"):
                responses.add(record.reader.read())
        assert kept == responses
    assert run("evidence", "verify", own).code == 0


def test_the_same_again_writes_nothing_new(run: Any, own: Path, crawled: Path, config: Path) -> None:
    said = run(
        "evidence", "1", "--no-screenshot", "--out", own, "--data", crawled, "--config", config, "--json"
    )  # fmt: skip
    assert [made["new"] for made in json.loads(said.out)["bundles"]] == [False]
    assert len(bundles(own)) == 3


def change_a_byte(folder: Path) -> str:
    path = bundles(folder)[1] / "facts.json"
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    return f"{path.parent.name}/facts.json"


def remove_a_file(folder: Path) -> str:
    path = bundles(folder)[0] / "exchanges.warc.gz"
    path.unlink()
    return f"{path.parent.name}/exchanges.warc.gz"


def remove_a_bundle(folder: Path) -> str:
    gone = bundles(folder)[1]
    shutil.rmtree(gone)
    return gone.name


def remove_a_bundle_and_its_line(folder: Path) -> str:
    gone = bundles(folder)[1]
    shutil.rmtree(gone)
    lines = (folder / "chain.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "chain.jsonl").write_text(lines[0] + lines[2], "utf-8")
    return "接不上"


def swap_two(folder: Path) -> str:
    lines = (folder / "chain.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "chain.jsonl").write_text(lines[1] + lines[0] + lines[2], "utf-8")
    return "调换了位置"


def cut_the_end(folder: Path) -> str:
    shutil.rmtree(bundles(folder)[2])
    lines = (folder / "chain.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "chain.jsonl").write_text("".join(lines[:2]), "utf-8")
    return "末尾的证据包被移除"


@pytest.mark.parametrize(
    "tamper",
    [change_a_byte, remove_a_file, remove_a_bundle, remove_a_bundle_and_its_line, swap_two, cut_the_end],
)
def test_every_change_is_found_and_named(run: Any, own: Path, tamper: Any) -> None:
    named = tamper(own)
    said = run("evidence", "verify", own)
    assert said.code == 1
    assert named in said.out


def test_bad_input_is_one_sentence(run: Any, crawled: Path, config: Path, tmp_path: Path) -> None:
    places = ("--data", crawled, "--config", config)
    for args in (("evidence", "99999"), ("evidence", "verify", tmp_path / "none"), ("evidence", "--pages", "1")):
        said = run(*args, *places)
        assert said.code == 2
        assert len(said.err.strip().splitlines()) == 1


def test_a_hostile_page_is_inert_and_its_place_is_marked() -> None:
    body = (
        '<head><title>页</title><script>steal()</script></head><body onload=x()><div style="display:none">'
        '<a href="javascript:x()">暗<b>链</b></a></div><img src=//evil/a.png onerror=x()>'
        '<p style="background:url(//e)">'
        "身份证 622901199001011239 结束</p><iframe src=//evil></iframe><svg><script>x()</script></svg>"
    ).encode("gb18030")
    hidden = marked(body, "http://a.gov.cn/", {"content-type": "text/html; charset=gbk"}, css="body > div > a")
    assert "藏了起来" in hidden.how
    assert 'id="gc-mark"' in hidden.inner
    masked = marked(body, "http://a.gov.cn/", quote="622901********1239")
    assert "<mark>622901199001011239</mark>" in masked.inner
    for page in (hidden, masked):
        assert not any(f"<{tag}" in page.inner for tag in ("script", "iframe", "img", "a ", "svg", "form"))
        assert not any(f" {name}=" in page.inner for name in ("onload", "onerror", "href", "src"))
        assert "url(" not in page.inner
