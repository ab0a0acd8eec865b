"""Serves the simulated prefecture beside a command, in a thread: a crawl runs an event loop of its own."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rich.console import Console

from crawler.core.clock import SHANGHAI
from crawler.demo import show
from crawler.demo.world import World, serve


@contextlib.contextmanager
def running(port: int = 0) -> Iterator[World]:
    """The world of today, served until the block ends."""
    started = threading.Event()
    box: dict[str, World | BaseException] = {}
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def stand() -> None:
        try:
            async with serve(datetime.now(SHANGHAI).date(), port) as world:
                box["world"] = world
                started.set()
                await stop.wait()
        except OSError as error:
            box["world"] = error
            started.set()

    thread = threading.Thread(target=loop.run_until_complete, args=(stand(),), name="prefecture", daemon=True)
    thread.start()
    started.wait()
    world = box["world"]
    if isinstance(world, BaseException):
        thread.join()
        loop.close()
        raise world
    try:
        yield world
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=5)
        loop.close()


def serve_until_stopped(port: int, folder: Path, console: Console) -> int:
    async def stand() -> None:
        async with serve(datetime.now(SHANGHAI).date(), port) as world:
            await show.stand(world, folder, console)

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(stand())
    return 0
