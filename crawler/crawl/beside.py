"""The process beside the night's: reads pages from its standard input, a socket, until that is closed."""

from __future__ import annotations

import gc
import socket
import struct
from typing import NamedTuple

import msgspec

from crawler.crawl.desk import Desk
from crawler.crawl.digest import Answer

LENGTH = struct.Struct("<I")


class Question(NamedTuple):
    """One page to read."""

    site: str
    url: str
    headers: dict[str, str]
    body: bytes
    baseline: bool = False


class Failure(NamedTuple):
    """An error of ours, by its words."""

    words: str


encode = msgspec.msgpack.Encoder().encode
_question = msgspec.msgpack.Decoder(Question)
_answer = msgspec.msgpack.Decoder(Answer)


def framed(message: bytes) -> bytes:
    return LENGTH.pack(len(message)) + message


def answered(frame: bytes) -> Answer | Failure:
    """The first byte says which."""
    return _answer.decode(memoryview(frame)[1:]) if frame[:1] == b"+" else Failure(frame[1:].decode())


def main() -> None:
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    desk = Desk()
    with socket.socket(fileno=0) as wire:
        stream = wire.makefile("rb", buffering=256 * 1024)
        while len(head := stream.read(LENGTH.size)) == LENGTH.size:
            question = _question.decode(stream.read(LENGTH.unpack(head)[0]))
            try:
                read = desk.read(
                    question.site, question.url, question.body, question.headers, baseline=question.baseline
                )
                frame = b"+" + encode(read)
            except Exception as error:  # noqa: BLE001  one page's crash must not end the others' reading
                frame = b"-" + f"{type(error).__name__}: {error}"[:500].encode("utf-8", "replace")
            wire.sendall(framed(frame))


if __name__ == "__main__":
    main()
