"""The child: reads one framed file after another from its input and answers with what it says, under hard limits."""

from __future__ import annotations

import json
import os
import signal
import struct
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import BinaryIO

HEADER = struct.Struct(">II")  # length of the JSON order, length of the body
FRAME_CAP = 64 * 1024 * 1024
GIVE_UP = 3  # exit code after a MemoryError: what is left of this process is not worth trusting


def main() -> None:
    """Runs until its input ends, that is until the parent goes."""
    incoming = os.fdopen(os.dup(0), "rb")
    outgoing = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)  # whatever a library prints must not break the frames
    for number in (0, 1, 2):
        os.dup2(null, number)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to hear
    _forbid()
    from crawler.parse.files.read import read  # after the limits: imports count, too

    while (order := receive(incoming)) is not None:
        wish, body = order
        _allow(wish)
        spent = False
        try:
            found = read(body, wish["suffix"], wish["characters"], time.monotonic() + wish["soft"])
            answer = {name: getattr(found, name) for name in ("text", "pages", "title", "made_by", "problem")}
        except MemoryError:
            answer, spent = {"problem": "读不出：解析需要的内存过多"}, True
        send(outgoing, answer, b"")
        if spent:
            os._exit(GIVE_UP)


def send(pipe: BinaryIO, order: dict[str, Any], body: bytes) -> None:
    words = json.dumps(order).encode("ascii")
    pipe.write(HEADER.pack(len(words), len(body)))
    pipe.write(words)
    pipe.write(body)
    pipe.flush()


def receive(pipe: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame; None where the other side has ended or speaks nonsense."""
    head = pipe.read(HEADER.size)
    if len(head) < HEADER.size:
        return None
    sizes = HEADER.unpack(head)
    if sum(sizes) > FRAME_CAP:
        return None
    words, body = pipe.read(sizes[0]), pipe.read(sizes[1])
    if len(words) < sizes[0] or len(body) < sizes[1]:
        return None
    try:
        order = json.loads(words)
    except ValueError:
        return None
    return (order, body) if isinstance(order, dict) else None


def _forbid() -> None:
    """No file is written and no core dumped, whatever a parser is talked into."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow(wish: dict[str, Any]) -> None:
    """CPU time counts from the start of the process, so each file gets its share on top of what was used."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + wish["cpu"] + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (wish["memory"], hard))


if __name__ == "__main__":
    main()
