"""Fetches a list of addresses and does nothing else: what is left of a crawl when all of ours is taken away.

    python -m tests.bench.bare {client|fetcher} LIST PORT CONCURRENCY

LIST is JSON lines of [url, kind, etag]; an etag makes the request conditional. `client` is httpx2 alone, `fetcher` is
crawler.fetch with the limiter open.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import uvloop

from tests.bench.website import HOST

Row = tuple[str, str, str]


async def client(rows: Iterator[Row], port: int, workers: int) -> None:
    import httpx2

    limits = httpx2.Limits(max_connections=workers, max_keepalive_connections=workers)
    async with httpx2.AsyncClient(trust_env=False, verify=False, limits=limits, timeout=30) as session:

        async def work() -> None:
            for url, kind, etag in rows:
                headers = {"Host": HOST, "Accept-Encoding": "gzip, deflate"}
                if etag:
                    headers["If-None-Match"] = etag
                if kind == "attachment":
                    headers["Range"] = "bytes=0-4095"
                await session.get(url.replace(HOST, f"127.0.0.1:{port}", 1), headers=headers)

        await asyncio.gather(*(work() for _ in range(workers)))


async def fetcher(rows: Iterator[Row], port: int, workers: int) -> None:
    from crawler.core.model import Network, Platform
    from crawler.fetch import Fetcher, Request

    platform = Platform(id="bench", rate=100_000, concurrency=workers)
    network = Network(connect_to={"*:80": f"127.0.0.1:{port}"})
    with tempfile.TemporaryDirectory() as limits:
        async with Fetcher(
            limits_dir=Path(limits), user_agent="bench", platforms={"bench": platform}, network=network
        ) as ours:

            async def work() -> None:
                for url, kind, etag in rows:
                    await ours.fetch(Request(url, kind, "bench", etag=etag or None))

            await asyncio.gather(*(work() for _ in range(workers)))


def main() -> None:
    which, listed, port, workers = sys.argv[1:]
    rows = [tuple(json.loads(line)) for line in Path(listed).read_text(encoding="utf-8").splitlines()]
    runner = {"client": client, "fetcher": fetcher}[which]
    uvloop.run(runner(iter(rows), int(port), int(workers)))


if __name__ == "__main__":
    main()
