"""An old run reads the same for ever: after later nights, under another hash seed, with rules in another order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo.answer import missing
from crawler.jobs import judging
from crawler.report import machine
from tests.crawl.small_world import World, html, standing


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with standing(tmp_path) as found:
        found.add("aaa", articles=25, home_extra='<a href="/gone.html">旧页</a><a href="/old.doc">附件</a>')
        found.add("bbb", articles=8, article_extra={7: '<a href="http://www.aaa.gov.cn/gone.html">附件</a>'})
        found.add("ccc", confirmed=False)
        found.write()
        yield found


def spoken(world: World, *words: str, seed: str = "0") -> str:
    code, out, err = world.command("audit", "--json", *words, env={"PYTHONHASHSEED": seed})
    assert code == 0, err
    json.loads(out)
    return out.removesuffix("\n")


def change(world: World) -> None:
    """Everything that a later night may bring."""
    site = world.sites["aaa"]
    site.articles += 7
    world.pages[f"{site.root}/gone.html"] = html("回来了", "<p>恢复</p>")
    world.pages[site.article(3)] = missing()
    world.pages[site.article(4)] = html("改过的标题", '<p>新内容</p><a href="/another.html">新链接</a>', site.footer)
    world.sites["bbb"].home_extra = '<a href="/nowhere.html">无</a>'


def test_the_same_bytes_twice_and_after_a_later_night(world: World) -> None:
    world.report()
    first = spoken(world, "--run", "1")
    assert spoken(world, "--run", "1", seed="1") == first
    change(world)
    world.report()
    second = spoken(world, "--run", "2")
    assert spoken(world, "--run", "1", seed="77") == first
    assert spoken(world, seed="5") == second
    assert second != first


def test_the_order_in_which_rules_are_found_says_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.report()
    config = world.config()
    found = judging.discover(config.rules.packages)
    plain = judging.audit(config, world.places.crawl_db, world.places.findings_db)
    for turn in (slice(None, None, -1), slice(7, None)):
        order = (*found.rules[turn], *(rule for rule in found.rules if rule not in found.rules[turn]))
        shuffled = type(found)(order, found.broken)
        monkeypatch.setattr(judging, "discover", lambda _packages, told=shuffled: told)
        again = judging.audit(config, world.places.crawl_db, world.places.findings_db)
        assert machine.dumps(machine.document(again)) == machine.dumps(machine.document(plain))


def test_the_state_a_report_told_is_the_state_it_tells_again(world: World) -> None:
    """Issues have moved on since; the old run's report has not."""
    told = machine.dumps(machine.document(world.report()))
    assert spoken(world, "--run", "1") == told
    change(world)
    world.report()
    world.report()
    assert spoken(world, "--run", "1") == told
