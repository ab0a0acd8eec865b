"""Our own network is down: nothing is said of anybody, and the next good night knows nothing of it."""

from __future__ import annotations

import json
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.jobs.crawling import ALL_FAILED
from tests.crawl.small_world import ROOT, World, standing

SENTENCE = "本机网络不通"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with standing(tmp_path) as found:
        for name in ("aaa", "bbb", "ccc"):
            found.add(name)
        yield found


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.behaviour(4)
@pytest.mark.parametrize("as_json", [True, False])
def test_the_registered_sites_over_a_dead_network(world: World, as_json: bool) -> None:
    """Every host and every canary leads to a closed port (issue, "Done when")."""
    shutil.copytree(ROOT / "config", world.config_dir)
    port = closed_port()
    network = {"connect_to": {"*:*": f"127.0.0.1:{port}"}, "canaries": ["https://www.gov.cn/"], "proxy": None}
    (world.config_dir / "network.yaml").write_text(json.dumps(network), encoding="utf-8")
    started = time.monotonic()
    code, out, err = world.command("nightly", *(["--json"] if as_json else []), wait=120)
    assert code == 3, err
    assert time.monotonic() - started < 60
    if as_json:
        document = json.loads(out)
        assert document["run"]["void"] is True
        assert SENTENCE in document["run"]["void_reason"]
        assert document["findings"] == document["results"] == []
        assert not any(row["judged"] for row in document["coverage"])
    else:
        assert SENTENCE in out + err
    code, out, _ = world.command("audit")
    assert code in {2, 3}
    assert not (world.places.reports / "latest").exists()


def test_a_good_night_after_a_dark_one(world: World) -> None:
    first = world.report()
    good = dict(world.connect_to)
    world.connect_to = {"*:80": f"127.0.0.1:{closed_port()}"}
    dark = world.night()
    assert dark.outcome.void.startswith(SENTENCE)
    assert dark.report is not None
    assert dark.report.findings == ()
    world.connect_to = good
    again = world.report()
    assert again.run.number == 3
    assert {row.fingerprint for row in again.findings} == {row.fingerprint for row in first.findings}
    assert {row.change for row in again.findings} == {"known"}
    assert again.closed == ()


def test_without_canaries_all_homes_failing_is_our_own_fault(world: World) -> None:
    world.canaries = []
    world.report()
    good = dict(world.connect_to)
    world.connect_to = {"*:80": f"127.0.0.1:{closed_port()}"}
    dark = world.night()
    assert dark.outcome.void == ALL_FAILED
    assert dark.report is not None
    assert dark.report.findings == ()
    world.connect_to = good
    assert {row.change for row in world.report().findings} == {"known"}


def test_one_dark_site_among_many_is_its_own_trouble(world: World) -> None:
    world.report()
    world.connect_to = {"www.bbb.gov.cn:80": "refused"}
    report = world.report()
    codes = {row.rule for row in report.findings if row.site == "bbb" and row.change == "new"}
    assert codes == {"AV-08"}
    assert not [row for row in report.closed if row.site == "bbb"]
