"""What a reader of a file may spend, and how it says that it gave up."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one file. Memory and CPU time are enforced where the system can; the wall clock everywhere."""

    characters: int = 400_000
    seconds: float = 20.0  # of the wall clock, then the child is killed
    cpu: int = 15  # seconds
    memory: int = 768 * 1024 * 1024  # bytes of address space


class Unreadable(Exception):
    """Why a file yields no text, in Chinese."""


@dataclass(slots=True)
class Text:
    """Collects text up to a cap and a deadline; `full` ends the reading, what was read so far is kept."""

    cap: int
    deadline: float  # time.monotonic
    pieces: list[str] = field(default_factory=list)
    size: int = 0
    cut: str = ""  # why the rest was left out

    def add(self, piece: str) -> None:
        if self.size >= self.cap:
            self.cut = self.cut or f"只读了前 {self.cap} 个字"
            return
        room = self.cap - self.size
        if len(piece) > room:
            piece, self.cut = piece[:room], f"只读了前 {self.cap} 个字"
        self.pieces.append(piece)
        self.size += len(piece)

    @property
    def full(self) -> bool:
        if not self.cut and time.monotonic() > self.deadline:
            self.cut = "读取时间过长，只读了前面部分"
        return bool(self.cut)

    def __str__(self) -> str:
        return "".join(self.pieces)
