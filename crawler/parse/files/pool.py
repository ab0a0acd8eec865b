"""The parent's side: children that read files, replaced when they die, hang or have grown old."""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from functools import cache
from queue import LifoQueue
from typing import Any, Self

from crawler.core.facts import FileText
from crawler.parse.files.child import FRAME_CAP, receive, send
from crawler.parse.files.limits import Limits

OLD = 200  # files after which a child is replaced: parsers leak
SOFT = 0.6  # of the wall time, after which a reader stops by itself and keeps what it has
_START = "import sys; sys.path[:] = {path!r}; from crawler.parse.files.child import main; main()"


class Pool:
    """Reads files in up to `size` children at once; a context manager. Never raises for what a file did.

    A plain subprocess and two pipes: fork would copy a program full of threads, and multiprocessing's children hold
    its semaphores when they are killed.
    """

    def __init__(self, size: int = 1, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.started = 0  # children so far
        self._children: set[_Child] = set()
        self._closed = False
        self._places: LifoQueue[_Child | None] = LifoQueue()
        for _ in range(size):
            self._places.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def read_text(self, body: bytes, suffix: str, limits: Limits | None = None) -> FileText:
        """What a file says; waits for a free child. `suffix` is what it was offered as, "" where nobody said."""
        if len(body) > FRAME_CAP - 1_000_000:
            return FileText(problem="读不出：文件过大")
        child = self._places.get()
        try:
            if child is None or child.age >= OLD or child.gone:
                if child is not None:
                    self._end(child)
                if self._closed:
                    return FileText(problem="读不出：检查已停止")
                child = _Child()
                self._children.add(child)
                self.started += 1
            found = child.ask(body, suffix, limits or self.limits)
        except OSError as error:
            found = FileText(problem=f"读不出：解析程序无法启动（{type(error).__name__}）")
        finally:
            if child is not None and child.gone:
                self._end(child)
                child = None
            self._places.put(child)
        return found

    def _end(self, child: _Child) -> None:
        child.kill()
        self._children.discard(child)

    def close(self) -> None:
        """Ends the children, those at work too: whoever waits for one gets a problem."""
        self._closed = True
        for child in tuple(self._children):
            self._end(child)


class _Child:
    """One process and the two pipes to it."""

    def __init__(self) -> None:
        path = [os.path.abspath(entry) for entry in sys.path]  # "" is the folder we stand in  # noqa: PTH100
        self._process = subprocess.Popen(  # noqa: S603  our own interpreter and our own words
            [sys.executable, "-I", "-c", _START.format(path=path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in ("SYSTEMROOT", "PATH", "LANG") if name in os.environ},
        )
        self.age = 0

    @property
    def gone(self) -> bool:
        return self._process.poll() is not None

    def ask(self, body: bytes, suffix: str, limits: Limits) -> FileText:
        wish = {
            "suffix": suffix,
            "characters": limits.characters,
            "cpu": limits.cpu,
            "memory": limits.memory,
            "soft": limits.seconds * SOFT,
        }
        self.age += 1
        answer, late = self._exchange(wish, body, limits.seconds)
        if answer is None:
            self.kill()
            if late:
                return FileText(problem=f"读不出：解析超过 {limits.seconds:g} 秒，已中止")
            code = self._process.returncode
            return FileText(problem=f"读不出：解析程序中途退出（{_reason(code)}）")
        if answer.get("problem", "").endswith("内存过多"):
            self.kill()
        return _as_text(answer, limits.characters)

    def _exchange(self, wish: dict[str, Any], body: bytes, seconds: float) -> tuple[dict[str, Any] | None, bool]:
        """The answer and whether the clock ran out: killing the child ends every wait on its pipes, on any system."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        clock = threading.Timer(seconds, end)
        clock.daemon = True
        clock.start()
        try:
            send(self._process.stdin, wish, body)  # type: ignore[arg-type]  # a pipe opened for bytes
            found = receive(self._process.stdout)  # type: ignore[arg-type]
        except (OSError, ValueError):
            found = None
        finally:
            clock.cancel()
        return (found[0] if found else None), late.is_set()

    def kill(self) -> None:
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _reason(code: int | None) -> str:
    """What a return code says; on POSIX a negative one is a signal."""
    if code in {-24, -9}:  # SIGXCPU, SIGKILL: the CPU limit, or the system short of memory
        return "占用处理器或内存过多"
    return f"代码 {code}"


def _as_text(answer: dict[str, Any], characters: int) -> FileText:
    """The child read a hostile file: its answer is checked like anything from outside."""

    def words(name: str, cap: int) -> str:
        value = answer.get(name)
        return value[:cap].replace("\0", "") if isinstance(value, str) else ""

    pages = answer.get("pages")
    return FileText(
        text=words("text", characters),
        pages=pages if isinstance(pages, int) and 0 <= pages < 10_000_000 else None,
        title=words("title", 300),
        made_by=words("made_by", 300),
        problem=words("problem", 300),
    )


@cache
def _own() -> Pool:
    pool = Pool()
    atexit.register(pool.close)
    return pool


def read_text(body: bytes, suffix: str, limits: Limits | None = None) -> FileText:
    """`Pool.read_text` with one child of the whole program."""
    return _own().read_text(body, suffix, limits)
