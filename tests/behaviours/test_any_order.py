"""Random small webs: the order of answers and a kill at any request change nothing of what is said (issue, item 9)."""

from __future__ import annotations

import asyncio
import random
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.world.office import Office, Told, page
from tests.world.server import Visit, World, answer, redirect

NAME = "order"
HOST = f"www.{NAME}.gov.cn"
FATES = ("good", "good", "good", "good", "404", "410", "moved", "soft")
KINDS = st.lists(st.sampled_from(FATES), min_size=6, max_size=14)
WORDS = "教育卫生交通水务农业林草文旅民政"


def build(world: World, fates: list[str], links: random.Random, delay) -> None:
    """Pages that link to one another at random; each answers after a delay of its own."""
    paths = [f"/art/{n}.html" for n in range(len(fates))]
    world.on("http://canary.test/", answer("<p>在</p>"))

    def later(reply: bytes):
        async def run(seconds: float) -> AsyncIterator[bytes]:
            await asyncio.sleep(seconds)
            yield reply.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)

        return lambda visit: run(delay(visit))

    for n, fate in enumerate(fates):
        text = page(f"{WORDS[n % 16]}{WORDS[n * 7 % 16]}通知{n}号", *links.sample(paths, 4), "/", "/lost.html")
        reply = {
            "good": answer(text),
            "404": answer("没有", 404),
            "410": answer("", 410),
            "moved": redirect("/lost.html"),
            "soft": answer("<html><title>提示</title><body>您访问的页面不存在或已被删除！</body></html>"),
        }[fate]
        world.on(f"http://{HOST}{paths[n]}", later(reply))
    world.on(f"http://{HOST}/links.html", later(answer(page("链接", *paths))))


def night(world: World, folder: Path, **platform) -> tuple[Office, Told]:
    office = Office(world, folder)
    office.site(NAME, platform=platform)
    return office, office.nightly()


def said(told: Told) -> list[tuple[object, ...]]:
    """Findings and verdicts without times and issue numbers."""
    found = [
        (f["rule"], f["fingerprint"], f["certainty"], f["message"], f["target"], f["count"], f["parent_count"])
        for f in told.document["findings"]
    ]
    verdicts = [(r["rule"], r["verdict"], r["examined"], r["unknown"]) for r in told.document["results"]]
    return [*sorted(found, key=str), *sorted(verdicts)]


@pytest.mark.behaviour(93)
@settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(fates=KINDS, seed=st.integers(0, 10_000))
def test_any_order_of_answers_says_the_same(world: World, fates: list[str], seed: int) -> None:
    spoken = []
    for turn in range(2):
        chance = random.Random(seed + turn)

        def delay(_visit: Visit, chance: random.Random = chance) -> float:
            return chance.random() / 20

        build(world, fates, random.Random(seed), delay)
        with tempfile.TemporaryDirectory() as folder:
            spoken.append(said(night(world, Path(folder), concurrency=1 + 7 * turn)[1]))
    assert spoken[0] == spoken[1]


@pytest.mark.behaviour(89)
@settings(max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(fates=KINDS, seed=st.integers(0, 10_000), share=st.floats(0.05, 0.95), number=st.sampled_from([9, 15]))
def test_killed_at_any_request_it_resumes_to_the_same(
    world: World, fates: list[str], seed: int, share: float, number: int
) -> None:
    build(world, fates, random.Random(seed), lambda _visit: 0.01)
    with tempfile.TemporaryDirectory() as folder:
        before = len(world.log)
        _, whole = night(world, Path(folder), rate=60)
        total = len(world.log) - before
    with tempfile.TemporaryDirectory() as folder:
        office = Office(world, Path(folder))
        office.site(NAME, platform={"rate": 60})
        process = office.start("nightly", "--json")
        office.wait_for(max(2, int(total * share)))
        office.end(process, signal.Signals(number))
        resumed = office.nightly()
    assert resumed.document["run"]["number"] == 1
    assert said(resumed) == said(whole)
