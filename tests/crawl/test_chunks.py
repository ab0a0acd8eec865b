"""A night takes up what is known in pieces, and all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.crawl import order
from tests.crawl.small_world import World, standing


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with standing(tmp_path) as found:
        yield found


def test_a_second_night_reads_more_than_it_takes_up_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.add("aaa", articles=60, per_page=10)
    world.night()
    first = {url for url in world.asked() if "govcheck-" not in url and "robots" not in url}
    world.forget()
    monkeypatch.setattr(order, "AT_HAND", 8)
    world.night()
    again = world.asked()
    assert len(first) > 60
    assert first <= set(again)
    assert max(again[url] for url in first) == 1
