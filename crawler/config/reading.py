"""One YAML file as plain data, with the line and column of every key and value."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crawler.config.composing import compose
from crawler.config.problems import Position, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from ruamel.yaml.error import MarkedYAMLError

    from crawler.config.composing import Mark, Node

Key = str | int
Loc = tuple[Key, ...]

_MAX_BYTES = 5_000_000  # nobody writes such a file by hand
_MAX_DEPTH = 40
_MAX_VALUES = 200_000  # anchors can make a small file endless
_REASONS = {errno.EACCES: "没有读取权限", errno.EISDIR: "它是一个文件夹", errno.ENOENT: "文件不存在"}

_FULL_WIDTH = re.compile(r"^\s*(?:-\s+|\{\s*)?[A-Za-z_][\w-]*\s*：")  # id：lxs
_NO_BLANK = re.compile(r"^\s*(?:-\s+)?([A-Za-z_][\w-]*):(?=[^\s/:\d*])")  # id:lxs, and neither https:// nor host:80


@dataclass(slots=True)
class Source:
    """A file as read. `data` is None when it could not be; `problems` says why."""

    path: Path
    shown: str  # how messages name the file
    data: Any = None
    keys: dict[Loc, Position] = field(default_factory=dict)
    values: dict[Loc, Position] = field(default_factory=dict)
    raw: dict[Loc, str] = field(default_factory=dict)  # scalars as written
    problems: list[Problem] = field(default_factory=list)

    def at(self, loc: Loc) -> Position:
        """Where the value at `loc` stands, else the nearest thing around it."""
        while loc:
            if loc in self.values:
                return self.values[loc]
            loc = loc[:-1]
        return self.values.get((), Position(self.shown, 1, 1))

    def at_key(self, loc: Loc) -> Position:
        return self.keys.get(loc) or self.at(loc)

    def complain(self, loc: Loc, words: str) -> None:
        self.problems.append(Problem(self.at(loc), words))


def read(path: Path, shown: str) -> Source:
    source = Source(path, shown)
    text = _text(source)
    if text is None:
        return source
    try:
        node = compose(text)
    except Exception as error:  # noqa: BLE001  ruamel.yaml is imported only where it has something to say
        _explain_error(source, text, error)
    else:
        if node is None:
            words = "文件里只有注释，没有内容" if text.strip() else "文件是空的"
            source.problems.append(Problem(Position(shown, 1, 1), words))
        elif not (node.id == "scalar" and _explain_shape(source, text)):
            source.data = _build(source, node, (), 0)
    return source


def _explain_error(source: Source, text: str, error: Exception) -> None:
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    match error:
        case MarkedYAMLError():
            mark = error.problem_mark or error.context_mark
            if not _explain_shape(source, text):
                source.problems.append(Problem(_position(source, mark), _syntax_words(error, text, mark)))
        case ReaderError():
            at = error.position
            line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
            words = "有不可见的控制字符，请删去重打这一行"
            source.problems.append(Problem(Position(source.shown, line, column), words))
        case YAMLError() | RecursionError() | ValueError():
            words = "不是合法的 YAML，请检查引号、括号和缩进"
            source.problems.append(Problem(Position(source.shown, 1, 1), words))
        case _:
            raise error


def _text(source: Source) -> str | None:
    try:
        size = source.path.stat().st_size
        data = source.path.read_bytes() if size <= _MAX_BYTES else b""
    except OSError as error:
        source.problems.append(
            Problem(Position(source.shown), f"文件读不了：{_REASONS.get(error.errno or 0, error.strerror)}")
        )
        return None
    if size > _MAX_BYTES:
        source.problems.append(Problem(Position(source.shown), "文件超过 5 MB，不像是配置文件"))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        words = "文件不是 UTF-8 编码（可能是 GBK），请另存为 UTF-8"
        source.problems.append(Problem(Position(source.shown, line, column), words))
        return None


def _explain_shape(source: Source, text: str) -> bool:
    """What people mistype, by line: better than YAML's own complaint, which comes lines later and alone."""
    before = len(source.problems)
    for number, line in enumerate(text.splitlines(), 1):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent and line.strip() and not line.lstrip().startswith("#"):
            column = indent.index("\t") + 1
            source.problems.append(Problem(Position(source.shown, number, column), "缩进用了制表符（Tab），请改成空格"))
        if _FULL_WIDTH.match(line):
            column = line.index("：") + 1
            words = "用了全角冒号“：”，请改成半角冒号加一个空格“: ”"
            source.problems.append(Problem(Position(source.shown, number, column), words))
        elif hit := _NO_BLANK.match(line):
            words = f"冒号后面要有一个空格：写成 {hit[1]}: …"
            source.problems.append(Problem(Position(source.shown, number, hit.end()), words))
        elif "#" not in line and "'" not in line and line.replace('\\"', "").count('"') % 2:
            column = line.rindex('"') + 1
            source.problems.append(Problem(Position(source.shown, number, column), "引号没有写完，请补上另一半"))
    return len(source.problems) > before


# The reader's own words -> ours; the first that is found.
_SYNTAX = (
    ("mapping values are not allowed", "这里多了一个冒号；值里有“: ”时请整个加引号"),
    ("cannot start any token", "值不能以这个符号开头，请给整个值加引号"),
    ("found unexpected end of stream", "引号或括号没有写完"),
    ("while scanning a quoted scalar", "引号没有写完"),
    ("expected ',' or '}'", "花括号里缺少逗号或没有写完 }"),
    ("expected ',' or ']'", "方括号里缺少逗号或没有写完 ]"),
    ("expected <block end>", "缩进不对：同一层的键要左边对齐"),
    ("could not find expected ':'", "缺少冒号：每行应写成“键: 值”，冒号用半角，后面有一个空格"),
    ("found undefined alias", "用了没有定义的 * 引用；以 * 开头的值请加引号"),
    ("found duplicate anchor", "重复定义了 & 锚点"),
    ("unknown escape character", "双引号里的 \\ 不是合法的转义，请改用单引号"),
    ("expected the node content", "这里缺少值，或多了一个符号；值以 - ? : 这类符号开头时请加引号"),
    ("expected chomping or indentation", "以 | 或 > 开头的值请加引号"),
    ("expected a comment or a line break", "以 | 或 > 开头的值请加引号"),
    ("while scanning a tag", "以 ! 开头的值请加引号"),
    ("<document start>", "这里多出了内容，请检查前面的缩进、逗号和引号"),
    ("expected a single document", "一个文件只能有一份内容，请去掉 --- 分隔线"),
)


def _syntax_words(error: MarkedYAMLError, text: str, mark: Mark | None) -> str:
    said = f"{error.context or ''} {error.problem or ''}"
    lines = text.splitlines()
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    words = next((ours for theirs, ours in _SYNTAX if theirs in said), "不是合法的 YAML，请检查引号、括号和缩进")
    full_width = next((f"；这一行有全角标点“{sign}”" for sign in "：，｛｝［］“”" if sign in line), "")
    return words + full_width


def _position(source: Source, mark: Mark | None) -> Position:
    return Position(source.shown, mark.line + 1, mark.column + 1) if mark is not None else Position(source.shown, 1, 1)


def _build(source: Source, node: Node, loc: Loc, depth: int) -> Any:
    source.values[loc] = _position(source, node.start_mark)
    if depth > _MAX_DEPTH or len(source.values) > _MAX_VALUES:  # also what an anchor inside itself comes to
        if not source.problems:
            source.complain(loc, "层次太深或内容太多；不要用 & 和 * 引用")
        return None
    match node.id:
        case "scalar":
            source.raw[loc] = node.value
            return _scalar(node)
        case "sequence":
            return [_build(source, child, (*loc, index), depth + 1) for index, child in enumerate(node.value)]
    return _mapping(source, node, loc, depth)


def _mapping(source: Source, node: Node, loc: Loc, depth: int) -> dict[Key, Any]:
    data: dict[Key, Any] = {}
    for key_node, value_node in node.value:
        place = _position(source, key_node.start_mark)
        if key_node.id != "scalar":
            source.problems.append(Problem(place, "键应是一个词，不能是列表或嵌套内容"))
            continue
        key = key_node.value
        if key in data:
            first = source.keys[*loc, key].line
            source.problems.append(Problem(place, f"键 {key} 重复（第{first}行已经写过），请删去一个"))
            continue
        source.keys[*loc, key] = place
        data[key] = _build(source, value_node, (*loc, key), depth + 1)
        if value_node.id == "scalar" and not value_node.style and value_node.value == "":
            # YAML places an empty value at the next token, which may be lines away
            end = key_node.end_mark
            source.values[*loc, key] = Position(source.shown, end.line + 1, end.column + 2)
    return data


def _scalar(node: Node) -> str | int | float | bool | None:
    """YAML 1.2 core types; a date stays text, since each field says itself what it takes."""
    text: str = node.value
    match str(node.tag).rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int" | "float":
            return _number(text.replace("_", "").lower())
    return text


def _number(text: str) -> int | float | str:
    for reading in (int, lambda digits: int(digits, 0), lambda digits: float(digits.replace(".inf", "inf"))):
        try:
            return reading(text)
        except ValueError:
            continue
    return text
