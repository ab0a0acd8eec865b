"""Pages are read alike here and in the process beside us, which may end at any time."""

import asyncio
import os
import signal

import pytest

from crawler.crawl import reader as module
from crawler.crawl.reader import LARGE, PageLost, Reader, Reference
from crawler.store.pack import unpack_facts

HTML = {"content-type": "text/html; charset=utf-8"}


def page(number: int, filler: int = 0) -> bytes:
    links = f'<a href="/a{number}.html">第{number}篇</a><a href="/same.html">每页都有的链接</a>'
    return f"<title>第{number}页</title><p>正文{number}</p>{links}{'<p>填充</p>' * filler}".encode()


LONG = LARGE // len("<p>填充</p>".encode()) + 1


def words(references: list[Reference]) -> list[str]:
    return [reference.link.url for reference in references if reference.link is not None]


async def test_both_places_read_alike_and_share_the_links_of_a_site() -> None:
    reader = Reader()
    try:
        digest, here = await reader.read("s", "http://a.gov.cn/1.html", page(1), HTML)
        assert unpack_facts(digest.facts).title == "第1页"
        found = await asyncio.gather(
            *(reader.read("s", f"http://a.gov.cn/{n}.html", page(n, LONG), HTML) for n in range(2, 6))
        )
        for n, (digest, references) in enumerate(found, 2):
            assert unpack_facts(digest.facts).title == f"第{n}页"
            assert words(references) == [f"http://a.gov.cn/a{n}.html", "http://a.gov.cn/same.html"]
        assert len({id(references[1]) for _, references in found}) == 1, "one object for the whole site"
        assert words(here) == ["http://a.gov.cn/a1.html", "http://a.gov.cn/same.html"]
    finally:
        await reader.aclose()


async def test_small_pages_start_no_process() -> None:
    reader = Reader()
    for n in range(5):
        await reader.read("s", f"http://a.gov.cn/{n}.html", page(n), HTML)
    assert reader._beside is None
    await reader.aclose()


async def test_a_process_that_ends_costs_one_page_and_no_other() -> None:
    reader = Reader()
    try:
        await reader.read("s", "http://a.gov.cn/1.html", page(1, LONG), HTML)
        beside = reader._beside
        assert beside is not None
        assert beside._process is not None
        os.kill(beside._process.pid, signal.SIGSTOP)  # so that all of them wait
        tasks = [
            asyncio.ensure_future(reader.read("s", f"http://a.gov.cn/{n}.html", page(n, LONG), HTML)) for n in (2, 3, 4)
        ]
        await asyncio.sleep(0.05)
        assert beside.waiting == 3
        beside._process.kill()
        lost, *read = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(lost, PageLost)
        assert [words(one[1])[0] for one in read if isinstance(one, tuple)] == [
            "http://a.gov.cn/a3.html",
            "http://a.gov.cn/a4.html",
        ]
    finally:
        await reader.aclose()


async def test_a_page_that_is_never_done_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    reader = Reader()
    try:
        reader._beside = await module._Beside.start()
        assert reader._beside._process is not None
        os.kill(reader._beside._process.pid, signal.SIGSTOP)
        with pytest.raises(PageLost):
            await reader.read("s", "http://a.gov.cn/1.html", page(1, LONG), HTML)
    finally:
        await reader.aclose()


async def test_without_a_process_large_pages_are_read_here() -> None:
    reader = Reader(beside=False)
    _, references = await reader.read("s", "http://a.gov.cn/1.html", page(1, LONG), HTML)
    assert len(references) == 2
    assert reader._beside is None


async def test_a_large_page_leaves_the_loop_free() -> None:
    reader = Reader()
    gaps: list[float] = []

    async def beat() -> None:
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(0.005)
            gaps.append(loop.time() - last)
            last = loop.time()

    try:
        await reader.read("s", "http://a.gov.cn/1.html", page(1, LONG), HTML)  # started
        heart = asyncio.ensure_future(beat())
        await reader.read("s", "http://a.gov.cn/2.html", page(2, 12 * LONG), HTML)
        heart.cancel()
    finally:
        await reader.aclose()
    assert len(gaps) > 5, "the loop went on while the page was read"
