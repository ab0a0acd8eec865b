"""Help texts in Chinese: a Chinese character fills two cells of a terminal, and lines break between any two."""

from __future__ import annotations

from collections.abc import Iterable

import click
from rich.cells import cell_len

_NEVER_FIRST = "，。；：、）】》！？·"


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells; words of Latin letters stay whole where they can."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and cell_len(line + piece.rstrip()) > width and piece[0] not in _NEVER_FIRST:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterable[str]:
    """A wide character by itself, a Latin word with the blank behind it."""
    piece = ""
    for sign in " ".join(text.split()):
        if cell_len(sign) > 1:
            if piece:
                yield piece
            piece = ""
            yield sign
        elif sign == " ":
            yield piece + sign
            piece = ""
        else:
            piece += sign
    if piece:
        yield piece


class Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        self.write(f"{prefix or '用法：'}{prog} {args}\n")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        for line in wrapped(text, self.width - self.current_indent):
            self.write(f"{indent}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 24, col_spacing: int = 2) -> None:
        rows = list(rows)
        first = min(max(cell_len(name) for name, _ in rows), col_max) + col_spacing
        indent = " " * self.current_indent
        for name, says in rows:
            lines = wrapped(says, self.width - self.current_indent - first)
            if cell_len(name) + col_spacing > first:  # too long to stand beside its text
                self.write(f"{indent}{name}\n{indent}{'':{first}}{lines[0]}\n")
            else:
                self.write(f"{indent}{name}{'':{first - cell_len(name)}}{lines[0]}\n")
            for line in lines[1:]:
                self.write(f"{indent}{'':{first}}{line}\n")


class Context(click.Context):
    formatter_class = Formatter


class Command(click.Command):
    context_class = Context

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        pieces = [piece for parameter in self.get_params(ctx) for piece in parameter.get_usage_pieces(ctx)]
        return ["[选项]", *pieces]


class Group(click.Group):
    context_class = Context
    command_class = Command

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return ["[选项]", "命令", "[参数]…"]
