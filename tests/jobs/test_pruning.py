"""What is forgotten after a night, and that nothing which anybody still needs is."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, redirect_stdout

import pytest

from crawler.cli import main
from crawler.store.prune import LOG_KEPT
from tests.world.office import Office, page
from tests.world.server import World, answer, standing

SITE = "http://www.forget.gov.cn"
PATHS = [f"/n/{word}.html" for word in ("one", "two", "three", "four")]


@pytest.fixture
def world() -> Iterator[World]:
    with standing() as made:
        yield made


@pytest.fixture
def office(world, tmp_path) -> Office:
    office = Office(world, tmp_path)
    office.site("forget", *PATHS, "/gone.html")
    for path in PATHS:
        world.on(SITE + path, answer(page(f"通知{path}第一版", "/dead.html")))
    return office


def said(office: Office, *words: str) -> str:
    out = io.StringIO()
    folders = ("--config", str(office.write()), "--data", str(office.folder / "data"))
    with redirect_stdout(out), pytest.raises(SystemExit) as end:
        main([*words, *folders])
    assert end.value.code in (0, None)
    return out.getvalue()


def rows(office: Office, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(office.folder / "data" / "crawl.db")) as connection:
        found = connection.execute(sql, values).fetchall()
        connection.commit()
        return found


def test_the_newest_night_reads_the_same_before_and_after(world, office) -> None:
    office.nightly()
    for path in PATHS[:3]:
        world.on(SITE + path, answer(page(f"通知{path}第二版", "/dead.html", "/other.html")))
    office.nightly()
    before = said(office, "audit", "--json")
    first = said(office, "audit", "--json", "--run", "1")
    bodies = rows(office, "SELECT count(*) FROM bodies")[0][0]
    assert "没有可以清理" in said(office, "prune"), "what was replaced yesterday stays for re-audits of yesterday"
    assert said(office, "audit", "--json", "--run", "1") == first
    assert "可清理" in said(office, "prune", "--dry-run", "--days", "0")
    assert rows(office, "SELECT count(*) FROM bodies")[0][0] == bodies, "a dry run deletes nothing"
    assert "已清理" in said(office, "prune", "--days", "0")
    assert rows(office, "SELECT count(*) FROM bodies")[0][0] < bodies
    assert said(office, "audit", "--json") == before
    told = office.nightly()
    assert told.document["run"]["number"] == 3
    assert told.findings("forget"), "the dead links are still known"


def test_what_an_open_issue_rests_on_stays(world, office) -> None:
    office.nightly()
    for path in PATHS:
        world.on(SITE + path, answer(page(f"通知{path}第二版")))
    office.nightly("--max-pages", "1")  # few were read again: what the issues cite is carried
    with closing(sqlite3.connect(office.folder / "data" / "findings.db")) as connection:
        cited = {row[0] for row in connection.execute("SELECT body_hash FROM issue_cites WHERE body_hash > ''")}
    before = said(office, "audit", "--json")
    said(office, "prune", "--days", "0")
    kept = {bytes(row[0]).hex() for row in rows(office, "SELECT hash FROM bodies")}
    assert cited <= kept
    assert said(office, "audit", "--json") == before


def test_the_fetch_log_is_kept_for_its_days(world, office) -> None:
    office.nightly()
    office.nightly()
    old = (LOG_KEPT.days + 1) * 86400
    rows(office, "UPDATE fetches SET at = at - ? WHERE run = 1", old)
    before = said(office, "audit", "--json")
    found = rows(office, "SELECT count(*) FROM fetches WHERE run = 1")[0][0]
    assert str(LOG_KEPT.days) in said(office, "prune")
    assert rows(office, "SELECT count(*) FROM fetches WHERE run = 1")[0][0] < found
    assert rows(office, "SELECT count(*) FROM fetches WHERE run = 2")[0][0] > 0
    assert said(office, "audit", "--json") == before


def test_a_night_prunes_by_itself_and_doctor_tells_sizes(world, office) -> None:
    office.nightly()
    for path in PATHS:
        world.on(SITE + path, answer(page(f"通知{path}第二版")))
    rows(office, "UPDATE fetches SET at = at - 100 * 86400")
    rows(office, "UPDATE runs SET as_of = as_of - 100 * 86400, started = started - 100 * 86400")
    bodies = rows(office, "SELECT count(*) FROM bodies")[0][0]
    office.nightly()  # replaces what is a hundred days old
    rows(office, "UPDATE fetches SET at = at - 60 * 86400")
    office.nightly()
    assert rows(office, "SELECT count(*) FROM bodies")[0][0] <= bodies + 1
    says = {row["name"]: row["says"] for row in json.loads(said(office, "doctor", "--json"))}
    assert "份网页内容" in says["保存的网页内容"]


def test_prune_before_any_night_is_one_sentence(world, tmp_path, capsys) -> None:
    fresh = Office(world, tmp_path / "fresh")
    fresh.folder.mkdir()
    fresh.site("fresh")
    with pytest.raises(SystemExit) as end:
        main(["prune", "--config", str(fresh.write()), "--data", str(fresh.folder / "data")])
    assert end.value.code in (2, 3)
    assert "govcheck nightly" in capsys.readouterr().err
