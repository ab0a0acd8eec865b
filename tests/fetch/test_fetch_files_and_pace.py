"""Files by their head; limiter, breaker, robots, canaries, connection failures."""

from __future__ import annotations

import asyncio
import itertools
from types import SimpleNamespace

import pytest

from crawler.core.model import Outcome, Platform, State
from crawler.fetch import Request, Robots, our_network_down
from crawler.fetch.breaker import Breaker
from crawler.fetch.errors import NoSuchName, PrivateAddress
from crawler.fetch.limiter import SlotFile, _Pulse


def file(path: str, suffix: str = "") -> Request:
    return Request(f"http://a.test{path}", "attachment", "city", suffix=suffix)


async def test_eight_kilobytes_of_a_file_are_enough(web, fetcher) -> None:
    """BEHAVIOURS 50."""
    web.routes["/ranged.pdf"] = (
        b"HTTP/1.1 206 X\r\nContent-Range: bytes 0-8191/99999\r\nContent-Length: 8192\r\n\r\n%PDF-1.4" + bytes(8184)
    )
    web.routes["/whole.pdf"] = web.answer(b"%PDF-1.4" + bytes(3_000_000))
    for path in ("/ranged.pdf", "/whole.pdf"):
        fetch = await fetcher.fetch(file(path))
        assert (fetch.state, fetch.length) == (State.ALIVE, 8192)
    assert web.log[0].headers["range"] == "bytes=0-8191"


async def test_files_that_do_not_open_are_dead_with_a_reason(web, fetcher) -> None:
    """BEHAVIOURS 39, 50."""
    web.routes |= {
        "/a.pdf": web.answer("<!DOCTYPE html><title>文件不存在</title>"),
        "/b.docx": web.answer(b""),
        "/download?id=1": web.answer(b"PK\x03\x04", content_disposition="attachment; filename*=UTF-8''%E8%A1%A8.pdf"),
        "/c.wps": web.answer(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        "/page": web.answer("<!DOCTYPE html><title>下载</title>"),
    }
    notes = {path: (await fetcher.fetch(file(path))) for path in list(web.routes)}
    assert [fetch.state for fetch in notes.values()] == [State.DEAD] * 3 + [State.ALIVE] * 2
    assert notes["/a.pdf"].note == "文件实际是网页"
    assert notes["/b.docx"].note == "文件为空（0 字节）"
    assert notes["/download?id=1"].note.startswith("扩展名是 pdf，内容是")
    assert (await fetcher.fetch(file("/page", "doc"))).outcome is Outcome.WRONG_TYPE


async def test_a_server_that_refuses_ranges_is_asked_plainly(web, fetcher) -> None:
    web.routes["/a.pdf"] = lambda asked: web.answer("", 416) if "range" in asked.headers else web.answer(b"%PDF-1.4")
    assert (await fetcher.fetch(file("/a.pdf"))).state is State.ALIVE


async def test_a_vendor_is_named_and_its_signature_opens_the_breaker_at_once(web, make) -> None:
    """BEHAVIOURS 27, 28."""
    sign = SimpleNamespace(says="某云防护：状态码 403", own=True)
    fetcher = make(classify=lambda status, headers, cookies, head: sign if "challenge" in head else None)
    web.routes |= {"/x": web.answer("<script>challenge</script>"), "/ok": web.answer("好")}
    fetch = await fetcher.fetch(Request("http://a.test/x", "page", "city"))
    assert (fetch.outcome, fetch.state, fetch.note) == (Outcome.PROTECTED, State.BLOCKED, "某云防护：状态码 403")
    after = await fetcher.fetch(Request("http://a.test/ok", "page", "city"))
    assert (after.outcome, after.attempts, len(web.log)) == (Outcome.BREAKER, (), 1)
    assert (await fetcher.fetch(Request("http://b.test/ok", "page", "city"))).state is State.ALIVE


async def test_three_unnamed_signals_in_a_row_open_it_and_another_process_sees(web, make) -> None:
    web.routes |= {"/no": web.answer("", 403), "/ok": web.answer("好")}
    first, second = make(), make()
    for path in ("/no", "/no", "/ok", "/no", "/no"):
        await first.fetch(Request(f"http://a.test{path}", "page", "city"))
    assert (await first.fetch(Request("http://a.test/no", "page", "city"))).outcome is Outcome.FORBIDDEN
    for fetcher in (first, second):
        assert (await fetcher.fetch(Request("http://a.test/ok", "page", "city"))).outcome is Outcome.BREAKER
    assert len(web.log) == 6


def test_three_hosts_open_the_platform_and_one_request_decides(tmp_path, monkeypatch) -> None:
    clock = SimpleNamespace(now=1_000_000.0)
    monkeypatch.setattr(
        "crawler.fetch.breaker.time", SimpleNamespace(time=lambda: clock.now, monotonic=lambda: clock.now)
    )
    breaker = Breaker(Platform("city"), tmp_path)
    for host in "abc":
        breaker.signal(host, own=True)
    assert not breaker.allows("d")
    clock.now += 1801
    assert breaker.allows("d")
    assert not breaker.allows("e")
    breaker.passed("d")
    assert breaker.allows("e")
    external = Breaker(Platform("external"), tmp_path)
    for host in "abcd":
        external.signal(host, own=True)
    assert external.allows("e")


def test_slots_are_joint_over_files_and_lanes_are_apart(tmp_path) -> None:
    """BEHAVIOURS 7: two processes are two SlotFiles of one path."""
    one, two = SlotFile(tmp_path / "s"), SlotFile(tmp_path / "s")
    slots = [file.take("page", 1.0) for file in (one, two, one, two)]
    assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(slots))
    assert two.take("attachment", 5.0) < slots[1]


def test_a_slow_host_is_asked_more_slowly_until_it_recovers() -> None:
    """BEHAVIOURS 85."""
    pulse = _Pulse()
    for _ in range(20):
        pulse.beat(0.2)
    for _ in range(8):
        pulse.beat(0.8)
    assert pulse.factor() >= 3
    for _ in range(8):
        pulse.beat(0.2)
    assert pulse.factor() == 1.0


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ((404, ""), "allowed"),
        ((403, ""), "allowed"),
        ((500, ""), "unknown"),
        ((412, ""), "unknown"),
        ((200, "<html>404</html>"), "allowed"),
        ((200, "\ufeffUser-agent: *\nDisallow: /x"), "disallowed"),
        ((200, ""), "allowed"),
        ((200, "User-agent: govcheck\nDisallow: /y"), "allowed"),
    ],
)
async def test_robots(web, fetcher, reply, verdict) -> None:
    """BEHAVIOURS 86, 93: one fetch for many workers."""
    status, text = reply
    web.routes["/robots.txt"] = web.answer(text, status)
    robots = Robots(fetcher, "govcheck", {"a.test": "city"})
    verdicts = await asyncio.gather(*(robots.verdict("http://a.test/x") for _ in range(50)))
    assert set(verdicts) == {verdict}
    assert web.asked("/robots.txt") in {1, 3}


async def test_canaries(web, make) -> None:
    """BEHAVIOURS 4."""
    fetcher = make(connect_to={"down.test:80": "refused", "gone.test:*": "nxdomain"})
    web.routes["/"] = web.answer("", 500)
    dead = ["http://down.test/", "http://gone.test/"]
    assert await our_network_down(fetcher, dead)
    assert not await our_network_down(fetcher, [*dead, "http://up.test/"])
    assert not await our_network_down(fetcher, [])


async def test_connection_failures_have_names(make) -> None:
    class Names:
        async def public_addresses(self, host):
            raise {"rebind.test": PrivateAddress("域名解析到内网地址 10.0.0.1"), "gone.test": NoSuchName("域名不存在")}[
                host
            ]

    fetcher = make(connect_to={"shut.test:80": "127.0.0.1:1", "no.test:*": "refused"}, names=Names())
    wanted = {
        "http://shut.test/": Outcome.REFUSED,
        "https://no.test/": Outcome.REFUSED,
        "http://rebind.test:8080/": Outcome.PRIVATE,
        "http://gone.test:8080/": Outcome.NXDOMAIN,
    }
    assert {url: (await fetcher.fetch(Request(url, "page", "city"))).outcome for url in wanted} == wanted
