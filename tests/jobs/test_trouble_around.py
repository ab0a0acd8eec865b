"""What goes wrong around a night: locks, disks, damaged files. One clear sentence, exit 3, and old reports stay."""

from __future__ import annotations

import fcntl
import json
import resource
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.demo.answer import Answer
from tests.crawl.small_world import ROOT, World, kill, standing


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with standing(tmp_path) as found:
        found.add("aaa", articles=20)
        found.write()
        yield found


def one_sentence(text: str) -> str:
    lines = [line for line in text.splitlines() if line and not line.startswith("{")]
    assert len(lines) == 1, text
    assert "Traceback" not in text
    assert "程序内部出错" not in text
    return lines[0]


def test_a_second_nightly_run_says_who_holds_the_lock(world: World) -> None:
    world.places.root.mkdir()
    with (world.places.root / "nightly.lock").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write("4711")
        file.flush()
        code, out, err = world.command("nightly")
        assert code == 3
        assert out == ""
        assert "4711" in one_sentence(err)
        assert world.log == []
        page = world.folder / "page.html"
        page.write_text("<html><body><h1>草稿</h1><p>内容</p></body></html>", encoding="utf-8")
        code, out, _ = world.command(
            "check", str(page), "--as", f"{world.sites['aaa'].root}/x.html", "--format", "json"
        )
        assert code in {0, 1}
        assert json.loads(out)["findings"] is not None
        code, out, _ = world.command("check", "aaa", "--format", "json")
        assert code in {0, 1}
        assert not world.places.crawl_db.exists(), "a check writes to a scratch database"


def test_a_full_disk_ends_the_crawl_with_one_sentence(world: World) -> None:
    """As when the disk fills: no file may grow beyond what it is (RLIMIT_FSIZE, whose signal Python ignores)."""
    world.report()
    latest = {path: path.read_bytes() for path in (world.places.reports / "latest").iterdir()}
    site = world.sites["aaa"]
    site.articles = 400
    world.write()
    limit = world.places.crawl_db.stat().st_size + 40_000

    def shrink() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        world.words("nightly"),
        cwd=ROOT,
        env=world.env(),
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=shrink,
        check=False,
    )
    assert done.returncode == 3
    one_sentence(done.stderr)
    assert {path: path.read_bytes() for path in latest} == latest
    code, out, err = world.command("nightly", "--json")  # room again: the same run goes on
    assert code == 0, err
    document = json.loads(out)
    assert document["run"]["number"] == 2
    assert document["coverage"][0]["columns"][0]["entries"] == 400


def test_a_full_disk_while_writing_findings(world: World) -> None:
    world.report()
    limit = 4096 * 3

    def shrink() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        world.words("audit"),
        cwd=ROOT,
        env=world.env(),
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=shrink,
        check=False,
    )
    assert done.returncode == 3
    one_sentence(done.stderr)


@pytest.mark.parametrize("name", ["findings.db", "crawl.db"])
def test_a_damaged_file_is_named(world: World, name: str) -> None:
    world.report()
    latest = sorted((world.places.reports / "latest").iterdir())
    path = world.places.root / name
    path.write_bytes(b"nonsense" * 4096)
    for side in ("-wal", "-shm"):
        path.with_name(name + side).unlink(missing_ok=True)
    code, _, err = world.command("nightly")
    assert code == 3
    assert name in one_sentence(err)
    assert sorted((world.places.reports / "latest").iterdir()) == latest


def test_a_file_damaged_in_its_middle_is_named(world: World) -> None:
    world.add("bbb", articles=150)
    world.report()
    path = world.places.crawl_db
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))
    for words in (("nightly",), ("audit",)):
        code, _, err = world.command(*words)
        assert code == 3
        assert "crawl.db" in one_sentence(err)


@pytest.mark.parametrize("name", ["findings.db", "crawl.db"])
def test_data_of_a_newer_program_is_not_touched(world: World, name: str) -> None:
    world.report()
    with closing(sqlite3.connect(world.places.root / name)) as connection:
        connection.execute("PRAGMA user_version = 99")
    world.forget()
    code, _, err = world.command("nightly")
    assert code == 3
    assert "升级程序" in one_sentence(err)
    assert world.log == []


def test_a_data_folder_that_cannot_be_made(world: World) -> None:
    blocked = world.folder / "file"
    blocked.write_text("")
    for place in (blocked / "data", Path("/proc/nowhere/data")):
        code, _, err = world.command("nightly", "--data", str(place))
        assert code == 3
        one_sentence(err)


def test_a_stop_signal_before_the_first_answer(world: World) -> None:
    """The canary hangs, the signal comes: nothing is void."""
    world.pages["http://canary.example.cn/"] = Answer(delay=3600)
    world.write()
    process = world.start("nightly")
    for _ in range(600):
        if world.places.crawl_db.exists() and (world.places.limits).exists():
            break
        time.sleep(0.01)
    time.sleep(0.5)
    assert kill(process, 15) == 3
    with closing(sqlite3.connect(world.places.crawl_db)) as connection:
        assert connection.execute("SELECT status, void FROM runs").fetchall() == [("open", 0)]
