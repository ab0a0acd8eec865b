"""A night over some sites asks of other people's hosts only what those sites link to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.world.office import Office
from tests.world.server import World, answer, standing


@pytest.fixture
def world() -> Iterator[World]:
    with standing() as made:
        yield made


def test_targets_that_only_other_sites_link_to_are_not_asked(world, tmp_path) -> None:
    office = Office(world, tmp_path)
    office.site("mine", "http://a.test/1.html", "http://both.test/1.html")
    office.site("other", "http://b.test/1.html", "http://both.test/1.html", "http://bad.test/1.html")
    for host in ("a", "b", "both"):
        world.on(f"http://{host}.test/1.html", answer("<p>好</p>"))
    world.on("http://bad.test/1.html", answer("", 404))
    first = office.nightly()
    assert first.findings("other", target="http://bad.test/1.html")
    world.log.clear()
    office.nightly("--site", "mine")
    asked = {visit.host for visit in world.log}
    assert {"a.test", "both.test", "www.mine.gov.cn"} <= asked
    assert not asked & {"b.test", "bad.test", "www.other.gov.cn"}
    world.log.clear()
    office.nightly()  # the twin: a night over all asks for all
    assert {"a.test", "b.test", "both.test", "bad.test"} <= {visit.host for visit in world.log}
