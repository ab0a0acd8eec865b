"""YAML text as nodes with positions: libyaml reads what is plainly right, ruamel.yaml everything else.

libyaml takes a twentieth of the time (61 shipped files: 20 ms against 460 ms), and that is most of what starting any
command costs. What the two could read differently is left to ruamel.yaml, which reads YAML 1.2 and whose complaints
are the ones that people are shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Protocol

try:
    from yaml import _yaml as libyaml
except ImportError:  # no wheel for this machine: everything takes the long way
    libyaml = None

_DEPTH = 60  # nesting beyond it is ruamel's to refuse; libyaml is asked event by event, so nothing recurses
# Line breaks and byte order marks that 1.1 and 1.2 see differently; tabs; directives, several documents, "? key".
_DOUBTFUL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|^%|^(?:---|\\.\\.\\.)|(?:^|[\\s{\\[,])\\?(?:\\s|$)|[\"']:[,\\]}]",
    re.MULTILINE,
)

# The core types of YAML 1.2, as ruamel.yaml resolves them.
_CORE = (
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE")),
    (
        "float",
        re.compile(
            r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
            r"|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
        ),
    ),
    ("int", re.compile(r"[-+]?0b[0-1_]+|[-+]?0o?[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+")),
    ("null", re.compile(r"~|null|Null|NULL|")),
)
_FIRST = frozenset("tTfF-+.0123456789~nN")  # no other sign begins one of them


class Mark(Protocol):
    """From 0, in characters."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Node(Protocol):
    """What both readers give: of a mapping, `value` is pairs; of a sequence, nodes; of a scalar, its text."""

    @property
    def id(self) -> str: ...
    @property
    def tag(self) -> Any: ...
    @property
    def value(self) -> Any: ...
    @property
    def style(self) -> str | None: ...
    @property
    def start_mark(self) -> Mark: ...
    @property
    def end_mark(self) -> Mark: ...


@lru_cache(maxsize=128)
def compose(text: str) -> Node | None:
    """Raises what ruamel.yaml raises. Nodes are only read, so equal text is read once a process."""
    if libyaml is not None and not _DOUBTFUL.search(text):
        try:
            return _compose_fast(text)
        except (_Doubtful, libyaml.YAMLError):
            pass
    from ruamel.yaml import YAML

    node: Node | None = YAML(typ="safe", pure=True).compose(text)
    return node


class _Doubtful(Exception):
    """ruamel.yaml shall say what this is."""


@dataclass(slots=True)
class _Node:
    id: Literal["scalar", "sequence", "mapping"]
    tag: str
    value: Any
    style: str | None
    start_mark: Mark
    end_mark: Mark


def _compose_fast(text: str) -> Node | None:
    """The one document of a text; no recursion, whatever the text is."""
    parser = libyaml.CParser(text)
    root: list[_Node] = []
    open_nodes: list[_Node] = []
    inside: list[list[Any]] = [root]  # the list that the next node goes to
    while (event := parser.get_event()) is not None:
        match type(event).__name__:
            case "ScalarEvent":
                if event.anchor is not None or event.tag is not None or event.style in {"|", ">"}:
                    raise _Doubtful
                plain = event.implicit[0]
                tag = _tag(event.value) if plain else "str"
                inside[-1].append(
                    _Node("scalar", tag, event.value, None if plain else "quoted", event.start_mark, event.end_mark)
                )
            case "SequenceStartEvent" | "MappingStartEvent" as name:
                if event.anchor is not None or event.tag is not None or len(open_nodes) > _DEPTH:
                    raise _Doubtful
                kind: Literal["sequence", "mapping"] = "sequence" if name.startswith("S") else "mapping"
                node = _Node(kind, "", [], None, event.start_mark, event.end_mark)
                inside[-1].append(node)
                inside.append(node.value)
                open_nodes.append(node)
            case "SequenceEndEvent" | "MappingEndEvent":
                inside.pop()
                node = open_nodes.pop()
                node.end_mark = event.end_mark
                if node.id == "mapping":
                    node.value = _pairs(node.value)
            case "AliasEvent":
                raise _Doubtful
    if len(root) > 1:
        raise _Doubtful
    return root[0] if root else None


def _pairs(parts: Sequence[_Node]) -> list[tuple[_Node, _Node]]:
    return list(zip(parts[::2], parts[1::2], strict=True))


def _tag(text: str) -> str:
    if text and text[0] not in _FIRST:
        return "str"
    return next((tag for tag, pattern in _CORE if pattern.fullmatch(text)), "str")
