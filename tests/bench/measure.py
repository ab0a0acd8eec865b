"""Runs a program as a whole process and says what it took."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one process and those it waited for."""

    wall: float  # seconds
    cpu: float  # seconds, user and system
    peak: float  # MB of resident memory
    code: int  # exit code; negative: the signal that ended it
    late: bool = False  # ended by our time-out


def run(command: Sequence[str], log: Path, *, timeout: float, env: Mapping[str, str] | None = None) -> Cost:
    """Output goes to `log` (stdout) and `log`.err (stderr)."""
    log.parent.mkdir(parents=True, exist_ok=True)
    late = threading.Event()
    with log.open("wb") as out, log.with_name(log.name + ".err").open("wb") as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})}
        )

        def give_up() -> None:
            late.set()
            process.send_signal(signal.SIGKILL)

        alarm = threading.Timer(timeout, give_up)
        alarm.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            alarm.cancel()
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, process.returncode, late.is_set())
