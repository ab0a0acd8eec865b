"""Places of a platform that requests in flight hold, joint over all processes of the machine (BEHAVIOURS 84)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

try:
    import fcntl
except ImportError:  # Windows: places are per process
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_LOOK = 0.02  # seconds between looks for a place that another process gave back

Sleep = Callable[[float], Awaitable[None]]


class Seats:
    """`count` places: a semaphore in this process, and one locked file each against the others.

    The kernel gives the lock of a killed process back, so nobody's death costs a place.
    """

    def __init__(self, count: int, stem: Path | None) -> None:
        self._semaphore = asyncio.Semaphore(count)
        self._paths: list[Path] = []
        if stem is not None and fcntl is not None:
            self._paths = [stem.with_name(f"{stem.name}.seat{number}") for number in range(count)]

    @asynccontextmanager
    async def taken(self, sleep: Sleep) -> AsyncIterator[None]:
        async with self._semaphore, AsyncExitStack() as stack:
            if self._paths:
                while (descriptor := self._try()) is None:
                    await sleep(_LOOK)
                stack.callback(os.close, descriptor)
            yield

    def _try(self) -> int | None:
        for path in self._paths:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o664)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
            else:
                return descriptor
        return None
