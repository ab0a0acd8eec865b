"""A night that is killed, stopped, or run twice: nothing is lost, and nothing asked again but what was under way."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.demo.answer import Answer
from crawler.store.writer import BATCH
from tests.crawl.small_world import World, kill, on, said, standing

CONCURRENCY = 4


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with standing(tmp_path) as found:
        found.platform = {"rate": 120, "concurrency": CONCURRENCY}
        extra = '<a href="/gone.html">旧页</a><a href="/moved.html">新页</a>'
        found.add("aaa", articles=120, per_page=10, home_extra=extra)
        found.add("bbb", articles=60, per_page=10, article_extra={7: '<a href="/gone.html">附件</a>'})
        found.pages["http://www.aaa.gov.cn/moved.html"] = Answer(
            status=302, headers=(("Location", "/zwgk/zcwj/art_009.html"),)
        )
        found.write()
        yield found


def runs(world: World) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(world.places.crawl_db)) as connection:
        return list(connection.execute("SELECT number, status, void, as_of FROM runs ORDER BY number"))


def stored(world: World) -> set[tuple[str, int]]:
    """URLs whose answer is in the log, with how often."""
    sql = "SELECT u.url, count(*) FROM fetches f JOIN urls u ON u.id = f.url_id GROUP BY u.url"
    with closing(sqlite3.connect(world.places.crawl_db)) as connection:
        return set(connection.execute(sql))


def whole(world: World, folder: str) -> Any:
    """What an uninterrupted night says of the same web."""
    data = world.folder / folder
    code, out, err = world.command("nightly", "--json", "--data", str(data))
    assert code == 0, err
    return json.loads(out)


@pytest.mark.behaviour(89)
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_any_moment_and_started_again(world: World, seed: int) -> None:
    """BEHAVIOURS 89: same number, same as_of, same findings, and little is asked again."""
    expected = whole(world, "whole")
    total = len(world.log)
    world.forget()
    chance = random.Random(seed)
    killed, first = 0, None
    for _ in range(3):
        before = len(world.log)
        process = world.start("nightly", "--json")
        world.wait_for(before + chance.randint(5, total // 5))
        time.sleep(chance.random() / 10)
        assert kill(process) == -signal.SIGKILL
        killed += 1
        first = first or runs(world)[0]
        assert runs(world) == [first]
        assert first[1] == "open"
    code, out, err = world.command("nightly", "--json")
    assert code == 0, err
    document = json.loads(out)
    assert [row[0] for row in runs(world)] == [1]
    assert runs(world)[0][3] == first[3] if first else False
    assert said(document["findings"]) == said(expected["findings"])
    assert said(document["results"]) == said(expected["results"])
    assert [row["columns"] for row in said(document["coverage"])] == [
        row["columns"] for row in said(expected["coverage"])
    ]
    again = len(world.log) - total
    assert 0 <= again <= killed * (BATCH + CONCURRENCY + 2 * 2)  # robots.txt of both hosts, each time
    assert all(times == 1 for _, times in stored(world)), "no answer was written twice"


@pytest.mark.behaviour(89)
def test_a_stop_signal_ends_it_at_once_and_a_second_start_goes_on(world: World) -> None:
    expected = whole(world, "whole")
    total = len(world.log)
    world.forget()
    process = world.start("nightly", "--json")
    world.wait_for(40)
    asked = time.monotonic()
    assert kill(process, signal.SIGTERM) == 3
    assert time.monotonic() - asked < 5
    assert [row[:3] for row in runs(world)] == [(1, "open", 0)]
    code, out, err = world.command("nightly", "--json")
    assert code == 0, err
    document = json.loads(out)
    assert [row[:3] for row in runs(world)] == [(1, "sealed", 0)]
    assert said(document["findings"]) == said(expected["findings"])
    assert len(world.log) - total <= CONCURRENCY + 2
    requests = sum(row["requests"] for row in document["coverage"])
    once = sum(row["requests"] for row in expected["coverage"])
    assert once <= requests <= once + CONCURRENCY, "both sittings are counted"


def test_a_stop_signal_with_a_dead_home_page_is_no_broken_network(world: World) -> None:
    """The request to the canary is cut short by the signal, too, and says nothing."""
    world.connect_to = {"www.bbb.gov.cn:80": "refused"}
    world.platform |= {"second_round_after": "1s"}
    world.write()
    process = world.start("nightly")
    world.wait_for(60)
    assert kill(process, signal.SIGTERM) == 3
    assert [row[:3] for row in runs(world)] == [(1, "open", 0)]


@pytest.mark.behaviour(89, 100)
def test_a_site_that_hangs_stops_neither_a_signal_nor_the_others(world: World) -> None:
    """BEHAVIOURS 100 and 89."""
    world.platform |= {"timeout": "20s", "rate": 2000}
    world.pages["http://www.aaa.gov.cn/*"] = Answer(delay=3600)
    world.write()
    process = world.start("nightly")
    world.wait_for(65)  # all of bbb
    asked = time.monotonic()
    assert kill(process, signal.SIGTERM) == 3
    assert time.monotonic() - asked < 5
    assert {visit.path for visit in world.log if visit.host == "www.aaa.gov.cn"} <= {"/", "/robots.txt"}


def test_a_hanging_site_is_a_suspect_and_the_others_are_whole(world: World) -> None:
    world.platform |= {"timeout": "0.3s", "rate": 2000}
    world.pages["http://www.aaa.gov.cn/*"] = Answer(delay=3600)
    report = world.report()
    rows = {row.site: row for row in report.coverage}
    assert (
        rows["bbb"].pages_fresh == rows["bbb"].pages_known == 68
    )  # 60 articles, 6 pages of a list, the home page, /gone.html
    assert rows["bbb"].columns[0].complete
    assert rows["aaa"].home in {"dead", "suspect"}
    assert on(report, "http://www.aaa.gov.cn/") is not None
