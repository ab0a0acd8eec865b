"""`--json`: one document on stdout, valid against its schema; everything else on stderr; nothing where it failed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from crawler.report import machine

PAGE = "<html><head><title>甲</title></head><body><p>主办单位：临夏市政府办</p><a href='b.pdf'>乙</a></body></html>"


def valid(text: str, name: Any = "findings-1") -> Any:
    document = json.loads(text)
    jsonschema.Draft202012Validator(machine.schema(name)).validate(document)
    return document


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text(PAGE, "utf-8")
    return file


def test_audit(run: Any, config: Path, crawled: Path) -> None:
    first = run("audit", "--json", "--config", config, "--data", crawled)
    assert valid(first.out)["run"]["number"] == 1
    assert run("audit", "--json", "--config", config, "--data", crawled).out == first.out


def test_audit_of_one_rule_in_any_case(run: Any, config: Path, crawled: Path) -> None:
    document = valid(run("audit", "--rule", "ft-03", "--json", "--config", config, "--data", crawled).out)
    assert {row["rule"] for row in document["results"]} == {"FT-03"}


def test_nightly(run: Any, config: Path, tmp_path: Path) -> None:
    said = run("nightly", "--site", "rsj", "--max-pages", 2, "--json", "--config", config, "--data", tmp_path / "d")
    assert valid(said.out)["run"]["kind"] == "nightly"
    assert "报告在" in said.err


@pytest.mark.parametrize(
    "target", ["rsj", "http://rsj.linxia.gov.cn/", "http://rsj.linxia.gov.cn/none.htm", "page.html"]
)
def test_check(run: Any, config: Path, page: Path, target: str) -> None:
    options = ("--site", "lxs") if target == page.name else ()
    said = run("check", target, *options, "--max-pages", 2, "--format", "json", "--config", config)
    assert valid(said.out)["run"]["kind"] == "check"


def test_crawl_goes_beside_the_databases_with_connect_to(run: Any, config: Path, world: Any, tmp_path: Path) -> None:
    route = f"rsj.linxia.gov.cn:80=127.0.0.1:{world.port}"
    said = run("crawl", "rsj", "--max-pages", 2, "--connect-to", route, "--json", "--config", config)
    assert json.loads(said.out)["sites"]["rsj"]["requests"] > 1
    assert not (tmp_path / "data" / "crawl.db").exists()


@pytest.mark.parametrize("command", ["sites", "rules", "doctor"])
def test_lists(run: Any, config: Path, command: str) -> None:
    said = run(command, "--json", "--config", config)
    assert isinstance(json.loads(said.out), list)
    assert said.err == ""


@pytest.mark.parametrize(
    "words",
    [
        "nightly --json --data file",
        "audit --json --data none",
        "crawl nope --json",
        "check nope --json",
        "check none.html --format json",
        "sites --json --config none",
        "rules --json --config none",
        "demo --json --port 99999",
        "facts none.html",
    ],
)
def test_a_refusal_leaves_stdout_empty(run: Any, config: Path, tmp_path: Path, words: str) -> None:
    (tmp_path / "file").touch()
    said = run(*words.split(), *(() if "--config" in words or "demo" in words else ("--config", config)))
    assert said.code in {2, 3}
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1


def test_facts_of_a_file_need_no_configuration(run: Any, page: Path) -> None:
    document = valid(run("facts", page.name, "--as", "http://www.lxs.gov.cn/a/page.html").out, "facts-1")
    assert document["url"] == "http://www.lxs.gov.cn/a/page.html"
    assert document["links"][0]["url"] == "http://www.lxs.gov.cn/a/b.pdf"
    promised = (
        "url encoding title metas footer search_boxes published dates entries list_source attachments links "
        "hidden_links protection"
    )
    assert set(promised.split()) <= set(document)
    assert set(document["footer"]) >= {"conac", "jiucuo", "site_code", "organizer", "contact", "icp", "psb", "sitemap"}


def test_facts_of_a_page_on_the_web(run: Any, config: Path) -> None:
    document = valid(run("facts", "http://rsj.linxia.gov.cn/", "--config", config).out, "facts-1")
    assert document["footer"]["organizer"]


def test_facts_of_a_page_that_does_not_open(run: Any, config: Path) -> None:
    said = run("facts", "http://gaj.linxia.gov.cn/", "--config", config)
    assert (said.code, said.out) == (3, "")
    assert "没有打开" in said.err
