"""What a server answers, and what the fetcher makes of it."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import zlib
from datetime import timedelta

import pytest

from crawler.core.model import Outcome, Platform, State
from crawler.fetch import Request


def page(path: str, **options: object) -> Request:
    return Request(f"http://a.test{path}", "page", "city", **options)


@pytest.mark.parametrize(
    ("status", "outcome", "state"),
    [
        (200, Outcome.OK, State.ALIVE),
        (203, Outcome.OK, State.ALIVE),
        (404, Outcome.NOT_FOUND, State.DEAD),
        (410, Outcome.GONE, State.DEAD),
        (400, Outcome.CLIENT_ERROR, State.BLOCKED),
        (401, Outcome.FORBIDDEN, State.BLOCKED),
        (403, Outcome.FORBIDDEN, State.BLOCKED),
        (405, Outcome.PROTECTED, State.BLOCKED),
        (412, Outcome.PROTECTED, State.BLOCKED),
        (418, Outcome.PROTECTED, State.BLOCKED),
        (429, Outcome.THROTTLED, State.BLOCKED),
        (451, Outcome.FORBIDDEN, State.BLOCKED),
        (468, Outcome.PROTECTED, State.BLOCKED),
        (493, Outcome.PROTECTED, State.BLOCKED),
        (521, Outcome.PROTECTED, State.BLOCKED),
        (567, Outcome.PROTECTED, State.BLOCKED),
        (999, Outcome.PROTECTED, State.BLOCKED),
        (500, Outcome.SERVER_ERROR, State.SUSPECT),
        (502, Outcome.SERVER_ERROR, State.SUSPECT),
        (504, Outcome.SERVER_ERROR, State.SUSPECT),
    ],
)
async def test_status_is_named(web, fetcher, status, outcome, state) -> None:
    """BEHAVIOURS 27, 46: what looks like protection is blocked, never dead."""
    web.routes["/x"] = web.answer("正文", status)
    fetch = await fetcher.fetch(page("/x"))
    assert (fetch.outcome, fetch.state, fetch.status) == (outcome, state, status)
    assert {request.method for request in web.log} == {"GET"}


async def test_an_honest_agent_and_the_body_as_sent(web, fetcher) -> None:
    """BEHAVIOURS 87."""
    web.routes["/"] = web.answer("首页", etag='"7"')
    fetch = await fetcher.fetch(page("/"))
    assert fetch.body == "首页".encode()
    assert fetch.headers["etag"] == '"7"'
    assert fetch.final_url == "http://a.test/"
    assert web.log[0].headers["user-agent"].startswith("govcheck/")
    assert web.log[0].headers["host"] == "a.test"
    assert [attempt.outcome for attempt in fetch.attempts] == [Outcome.OK]
    assert "cookie" not in web.log[0].headers


async def test_a_flapping_server_recovers_in_the_round_and_every_attempt_is_kept(web, fetcher) -> None:
    """BEHAVIOURS 40, 91."""
    replies = iter([web.answer("忙", 502), None, web.answer("好")])
    web.routes["/x"] = lambda _: next(replies)
    fetch = await fetcher.fetch(page("/x"))
    assert fetch.state is State.ALIVE
    assert [attempt.outcome for attempt in fetch.attempts] == [Outcome.SERVER_ERROR, Outcome.RESET, Outcome.OK]


async def test_a_failing_server_is_asked_three_times_and_no_more(web, fetcher) -> None:
    web.routes["/x"] = web.answer("坏", 500)
    fetch = await fetcher.fetch(page("/x"))
    assert fetch.outcome is Outcome.SERVER_ERROR
    assert web.asked("/x") == len(fetch.attempts) == 3


async def test_a_failure_is_not_cached(web, fetcher) -> None:
    """BEHAVIOURS 91."""
    web.routes["/x"] = web.answer("", 404)
    assert (await fetcher.fetch(page("/x"))).state is State.DEAD
    web.routes["/x"] = web.answer("好")
    assert (await fetcher.fetch(page("/x"))).state is State.ALIVE


async def test_retry_after_of_a_second_is_waited_for(web, make) -> None:
    """BEHAVIOURS 53, 85."""
    web.routes["/x"] = lambda _: web.answer("忙", 503, retry_after="0") if web.asked("/x") == 1 else web.answer("好")
    fetch = await make().fetch(page("/x"))
    assert [attempt.outcome for attempt in fetch.attempts] == [Outcome.THROTTLED, Outcome.OK]
    assert fetch.attempts[0].note == "Retry-After: 0"


async def test_a_long_retry_after_silences_the_host_but_no_other(web, fetcher) -> None:
    """BEHAVIOURS 85: the date form; the host is left alone, its neighbour is not."""
    web.routes["a.test/x"] = web.answer("忙", 429, retry_after="Wed, 21 Oct 2065 07:28:00 GMT")
    web.routes["/y"] = web.answer("好")
    assert (await fetcher.fetch(page("/x"))).outcome is Outcome.THROTTLED
    silent = await fetcher.fetch(page("/y"))
    assert (silent.outcome, silent.attempts) == (Outcome.THROTTLED, ())
    assert (await fetcher.fetch(Request("http://b.test/y", "page", "city"))).state is State.ALIVE
    assert len(web.log) == 2


async def test_not_modified(web, fetcher) -> None:
    web.routes["/x"] = lambda asked: (
        b"HTTP/1.1 304 X\r\n\r\n" if asked.headers.get("if-none-match") == '"1"' else web.answer("新")
    )
    fetch = await fetcher.fetch(page("/x", etag='"1"', last_modified="Mon, 01 Jan 2024 00:00:00 GMT"))
    assert (fetch.outcome, fetch.state, fetch.body) == (Outcome.NOT_MODIFIED, State.ALIVE, None)
    assert web.log[0].headers["if-modified-since"] == "Mon, 01 Jan 2024 00:00:00 GMT"
    assert (await fetcher.fetch(page("/x"))).body == "新".encode()


async def test_a_304_that_nobody_asked_for_is_irregular(web, fetcher) -> None:
    web.routes["/x"] = b"HTTP/1.1 304 X\r\n\r\n"
    assert (await fetcher.fetch(page("/x"))).outcome is Outcome.BAD_HTTP


async def test_validators_are_not_sent_to_an_error_page_behind_a_redirect(web, fetcher) -> None:
    """An old 404.html would answer 304 and keep a dead page alive for ever."""
    web.routes["/x"] = web.redirect("/404.html")
    web.routes["/404.html"] = lambda a: (
        b"HTTP/1.1 304 X\r\n\r\n" if "if-modified-since" in a.headers else web.answer("错")
    )
    fetch = await fetcher.fetch(page("/x", last_modified="Mon, 01 Jan 2024 00:00:00 GMT"))
    assert (fetch.outcome, fetch.body) == (Outcome.OK, "错".encode())


@pytest.mark.parametrize(
    ("encode", "name"),
    [
        (gzip.compress, "gzip"),
        (zlib.compress, "deflate"),
        (lambda data: zlib.compress(data)[2:-4], "deflate"),
        (gzip.compress, ""),  # forced, and not even said
        (lambda data: gzip.compress(data[:50]) + gzip.compress(data[50:]), "gzip"),
        (lambda data: data, "gzip"),  # said, and not true
        (lambda data: gzip.compress(data)[:-8], "gzip"),  # cut before its checksum
    ],
)
async def test_encodings_as_servers_send_them(web, fetcher, encode, name) -> None:
    """BEHAVIOURS 36."""
    text = ("政务公开" * 40).encode()
    headers = {"content_encoding": name} if name else {}
    web.routes["/x"] = web.answer(encode(text), **headers)
    fetch = await fetcher.fetch(page("/x"))
    assert fetch.state is State.ALIVE
    assert fetch.body == text


async def test_a_decompression_bomb_is_cut_at_the_cap(web, fetcher) -> None:
    """BEHAVIOURS 37, LIBRARIES: 48 kB of gzip became 50 MB at once."""
    web.routes["/x"] = web.answer(gzip.compress(b"\0" * 60_000_000), content_encoding="gzip")
    fetch = await fetcher.fetch(page("/x"))
    assert (fetch.state, fetch.truncated, fetch.length) == (State.ALIVE, True, 5_000_000)


async def test_an_endless_body_is_cut(web, fetcher) -> None:
    """BEHAVIOURS 37."""

    async def endless(asked):
        asked.writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            asked.writer.write(b"<p>" * 20_000)
            await asked.writer.drain()

    web.routes["/x"] = endless
    fetch = await fetcher.fetch(page("/x"))
    assert (fetch.state, fetch.truncated, fetch.length) == (State.ALIVE, True, 5_000_000)


async def test_a_slow_drip_ends_with_the_clock(web, make) -> None:
    """BEHAVIOURS 37: bytes that trickle do not renew the time limit."""

    async def drip(asked):
        asked.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            asked.writer.write(b"x")
            await asked.writer.drain()
            await asyncio.sleep(0.02)

    web.routes["/x"] = drip
    fetcher = make(platforms={"city": Platform("city", rate=0, timeout=timedelta(milliseconds=200))})
    fetch = await fetcher.fetch(page("/x"))
    assert (fetch.outcome, fetch.state, len(fetch.attempts)) == (Outcome.TIMEOUT, State.SUSPECT, 1)
    assert fetch.elapsed < timedelta(seconds=0.8)


async def test_the_client_survives_many_timeouts(web, make) -> None:
    """LIBRARIES: httpx 0.28 lost a place of its pool with each."""

    async def silent(_):
        await asyncio.sleep(5)

    web.routes["/slow"] = silent
    web.routes["/x"] = web.answer("好")
    fetcher = make(platforms={"city": Platform("city", rate=0, concurrency=50, timeout=timedelta(milliseconds=100))})
    await asyncio.gather(*(fetcher.fetch(page("/slow")) for _ in range(150)))
    assert (await fetcher.fetch(page("/x"))).state is State.ALIVE


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nok",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 302 X\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 777 X\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=["lengths", "ssh", "status", "huge", "nothing", "no-location", "777"],
)
async def test_broken_http_is_a_suspect_not_a_death(web, fetcher, raw) -> None:
    web.routes["/x"] = raw
    fetch = await fetcher.fetch(page("/x"))
    assert (fetch.outcome, fetch.state) == (Outcome.BAD_HTTP, State.SUSPECT), fetch
    assert "不规范" in fetch.note


@pytest.mark.parametrize("line", [b"Bad Name: x", b"garbage", b"X-Name: \xc1\xd9\xcf\xc4", b": x"])
async def test_a_header_that_browsers_forgive_is_forgiven(web, fetcher, line) -> None:
    web.routes["/x"] = b"HTTP/1.1 200 OK\r\n" + line + b"\r\nContent-Length: 2\r\n\r\nok"
    fetch = await fetcher.fetch(page("/x"))
    assert (fetch.state, fetch.body) == (State.ALIVE, b"ok"), fetch


async def test_a_short_body_is_kept_with_a_note(web, fetcher) -> None:
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 500\r\n\r\n"
    web.routes["/whole"] = head + b"<html>ok</html>\n"
    web.routes["/half"] = head + b"<html>ok"
    whole, half = await fetcher.fetch(page("/whole")), await fetcher.fetch(page("/half"))
    assert (whole.state, whole.body, whole.truncated) == (State.ALIVE, b"<html>ok</html>\n", False)
    assert (half.state, half.truncated) == (State.ALIVE, True)
    assert "不规范" in whole.note


async def test_a_reset_before_the_answer(web, fetcher) -> None:
    def reset(asked):
        sock = asked.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    web.routes["/x"] = reset
    fetch = await fetcher.fetch(page("/x"))
    assert (fetch.outcome, fetch.state) == (Outcome.RESET, State.SUSPECT)


async def test_a_cookie_is_not_carried_to_the_next_fetch(web, fetcher) -> None:
    web.routes["/x"] = web.answer("好", set_cookie="sid=1")
    await fetcher.fetch(page("/x"))
    await fetcher.fetch(page("/x"))
    assert all("cookie" not in asked.headers for asked in web.log)


async def test_only_http_is_asked(web, fetcher) -> None:
    for url in ("ftp://a.test/x", "file:///etc/passwd", "http://", "javascript:1", "http://[::1", "网址"):
        fetch = await fetcher.fetch(Request(url, "page", "city"))
        assert (fetch.outcome, fetch.state) == (Outcome.OUR_FAULT, State.BLOCKED)
    assert not web.log


async def test_stop_ends_a_wait_at_once(web, make) -> None:
    """BEHAVIOURS 89."""
    stop = asyncio.Event()
    web.routes["/x"] = web.answer("好")
    slow = Platform("city", rate=0.01, concurrency=4)
    fetcher = make(platforms={"city": slow}, stop=stop)
    first = await fetcher.fetch(page("/x"))
    waiting = asyncio.create_task(fetcher.fetch(page("/x")))
    await asyncio.sleep(0.05)
    stop.set()
    stopped = await asyncio.wait_for(waiting, 0.5)
    assert first.state is State.ALIVE
    assert (stopped.outcome, stopped.state) == (Outcome.OUR_FAULT, State.BLOCKED)
    assert len(web.log) == 1
