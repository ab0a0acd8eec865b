"""Blocks that do not look like blocks: 404 or the home page for everything, one shell for every path."""

from __future__ import annotations

import pytest

from tests.world.office import page
from tests.world.server import Visit, answer

GOOD = [f"/art/{n}.html" for n in range(60)]


def serve(world, name: str, paths=GOOD) -> str:
    host = f"www.{name}.gov.cn"
    for path in paths:
        world.on(f"http://{host}{path}", answer(page(f"通知 {path}", path.replace("art", "more"))))
    return host


def after(number: int, then: bytes, world, host: str) -> None:
    """From the request of this number on, everything but the home page is answered so."""
    for url, reply in list(world.routes.items()):
        if f"//{host}/" in url and not url.endswith(".gov.cn/"):

            def throttled(visit: Visit, was: bytes = reply) -> bytes:
                return was if visit.serial <= number else then

            world.on(url, throttled)
    world.on(f"//{host}/*", lambda _visit: answer("没有", 404) if _visit.serial <= number else then)


@pytest.mark.behaviour(30)
def test_404_for_everything_after_request_30_is_no_dead_link(world, office) -> None:
    """BEHAVIOURS 30; and the host is left alone meanwhile."""
    host = serve(world, "burst")
    office.site("burst", *GOOD)
    after(30, answer("", 404), world, host)
    told = office.nightly()
    assert not told.findings("burst")
    assert told.result("burst", "LK-02")["unknown"] > 20
    assert len([v for v in world.log if v.host == host]) < 30 + 40


@pytest.mark.behaviour(30)
def test_forty_links_that_are_dead_are_dead(world, office) -> None:
    """The twin: the site stands, and forty of its links do not."""
    serve(world, "cluster", GOOD[:20])
    for path in GOOD[:20]:
        world.on(f"http://www.cluster.gov.cn{path}", answer(page(f"通知 {path}")))
    office.site("cluster", *GOOD)
    told = office.nightly()
    found = told.findings("cluster", ["LK-02"])
    assert sum(max(1, row["count"]) for row in found if row["certainty"] == "confirmed") >= 1
    assert told.result("cluster", "LK-02")["unknown"] == 0


@pytest.mark.behaviour(31)
def test_the_home_page_for_everything_is_no_jump_to_home(world, office) -> None:
    """BEHAVIOURS 31."""
    host = serve(world, "homely")
    office.site("homely", *GOOD)
    after(30, world.routes[f"http://{host}/"], world, host)
    told = office.nightly()
    assert not told.findings("homely")
    assert told.result("homely", "LK-02")["unknown"] > 20


@pytest.mark.behaviour(31)
def test_one_link_that_shows_the_home_page_is_proposed(world, office) -> None:
    """The twin of BEHAVIOURS 31."""
    host = serve(world, "mirror", GOOD[:5])
    office.site("mirror", *GOOD[:5], "/old/9.html")
    world.on(f"http://{host}/old/9.html", world.routes[f"http://{host}/"])
    for path in GOOD[:5]:
        world.on(f"http://{host}{path}", answer(page(f"通知 {path}")))
    told = office.nightly()
    assert [(f["target"], f["certainty"]) for f in told.findings("mirror")] == [
        (f"http://{host}/old/9.html", "proposed")
    ]


@pytest.mark.behaviour(29)
def test_one_shell_for_every_path_leaves_links_unverified(world, office) -> None:
    """BEHAVIOURS 29."""
    shell = answer(page("示范县", "/links.html", *GOOD[:20]))
    world.on("//www.shell.gov.cn/*", shell)
    office.site("shell", *GOOD[:20])
    world.on("http://www.shell.gov.cn/links.html", shell)
    world.on("http://www.shell.gov.cn/", shell)
    told = office.nightly()
    assert not told.findings("shell")
    assert told.result("shell", "LK-01")["unknown"] + told.result("shell", "LK-02")["unknown"] >= 20
