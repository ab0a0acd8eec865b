"""Where a data folder keeps what, and the lock that keeps two nightly runs apart."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO


class Locked(RuntimeError):
    """Another nightly run holds the lock; the text names it."""


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one data folder."""

    root: Path

    @property
    def crawl_db(self) -> Path:
        return self.root / "crawl.db"

    @property
    def findings_db(self) -> Path:
        return self.root / "findings.db"

    @property
    def limits(self) -> Path:
        return self.root / "limits"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def evidence(self) -> Path:
        return self.root / "evidence"

    @property
    def backup(self) -> Path:
        return self.root / "backup"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held for the whole of a nightly run; the kernel frees it, also after kill -9."""
        with held(self.root / "nightly.lock", "夜间检查"):
            yield


@contextmanager
def held(path: Path, what: str) -> Iterator[None]:
    """A lock file of our own; `what` names who else may hold it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        if not _take(file):
            file.seek(0)
            holder = file.read().strip() or "未知"
            raise Locked(f"另一个{what}正在运行（进程 {holder}），本次不启动；等它结束，或先停掉它")
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            file.seek(0)
            file.truncate()


def _take(file: IO[str]) -> bool:
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
