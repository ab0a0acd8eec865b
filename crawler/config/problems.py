"""What is wrong in a configuration file, where, and what to write instead: one Chinese sentence each."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic_core import ErrorDetails


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where something stands; lines and columns count from 1, 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file} 第{self.line}行 第{self.column}列" if self.line else self.file


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    at: Position
    words: str

    def __str__(self) -> str:
        return f"{self.at}: {self.words}"


class ConfigError(Exception):
    """Everything that is wrong in a configuration, all at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class UnknownSite(ConfigError):
    """A site id that is not registered."""

    def __init__(self, site_id: str, known: Sequence[str]) -> None:
        Exception.__init__(
            self, f"没有登记 id 为“{site_id}”的网站{offer(site_id, known) or '。'}全部网站见 govcheck sites"
        )
        self.problems = ()


def offer(given: object, known: Iterable[str]) -> str:
    """“，是不是 a 或 b？” for what looks like `given`, else nothing."""
    names = list(dict.fromkeys(known))
    text = str(given)
    near = difflib.get_close_matches(text, names, n=3, cutoff=0.5)
    near += [name for name in names if name not in near and text and (text in name or name in text)][: 3 - len(near)]
    return f"，是不是 {' 或 '.join(near)}？" if near else ""


# pydantic's error type -> what to write instead; {x} is filled from its context.
_WORDS = {
    "missing": "缺少必填项 {field}",
    "string_type": "{field} 应写成文字",
    "string_too_short": "{field} 不能是空的",
    "int_type": "{field} 应写成整数，不加引号",
    "int_from_float": "{field} 应写成整数",
    "float_type": "{field} 应写成数字，不加引号",
    "bool_type": "{field} 应写成 true 或 false，不加引号",
    "list_type": "{field} 应写成列表，例如 [甲, 乙]，或每行一个“- 甲”",
    "dict_type": "{field} 应写成“键: 值”的形式",
    "model_type": "{field} 应写成“键: 值”的形式",
    "model_attributes_type": "{field} 应写成“键: 值”的形式",
    "greater_than": "{field} 必须大于 {gt}",
    "greater_than_equal": "{field} 不能小于 {ge}",
    "less_than_equal": "{field} 不能大于 {le}",
    "finite_number": "{field} 必须是有限的数",
    "too_short": "{field} 至少要写 {min_length} 项",
    "string_pattern_mismatch": "{field} 的写法不对",
    "literal_error": "{field} 只能写 {expected}",
}


def in_chinese(error: ErrorDetails, known_keys: Iterable[str], raw: str | None) -> str:
    """The sentence for one pydantic error; `raw` is the scalar as it stands in the file, if it is one."""
    kind = error["type"]
    field = _field(error["loc"])
    context: dict[str, Any] = error.get("ctx", {})
    if kind == "config":  # a PydanticCustomError of ours: its words are final
        return error["msg"]
    if kind == "extra_forbidden":
        if "：" in field:
            return f"{field} 用了全角冒号“：”，请改成半角冒号加一个空格“: ”"
        keys = list(known_keys)
        near = offer(error["loc"][-1], keys)
        return f"不认识的键 {field}{near or '，可以写的键有：' + '、'.join(keys)}"
    if kind == "string_type":
        return _not_text(field, error["input"], raw)
    expected = str(context.get("expected", "")).replace(" or ", " 或 ").replace(", ", "、").replace("'", "")
    words = _WORDS.get(kind, "{field} 写得不对：" + error["msg"])
    sentence = words.format_map({**context, "field": field, "expected": expected})
    if raw is not None:
        sentence += f"，现在写的是 {raw}"
    return sentence


def _not_text(field: str, value: object, raw: str | None) -> str:
    if raw is None:
        return f"{field} 应写成文字"
    if isinstance(value, bool | int | float):
        hint = "；不加引号会当成数字，开头的 0 会丢" if raw.startswith("0") else ""
        return f'{field} 是文字，要加引号：写成 "{raw}"{hint}'
    return f"{field} 应写成文字，现在是空的"


def _field(loc: Sequence[int | str]) -> str:
    """The last key of a location, with the row where it ends in a list."""
    if loc and isinstance(loc[-1], int):
        keys = [part for part in loc if isinstance(part, str)]
        return f"{keys[-1]} 的第 {loc[-1] + 1} 项" if keys else f"第 {loc[-1] + 1} 项"
    return str(loc[-1]) if loc else "文件内容"
