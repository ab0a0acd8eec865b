"""The catalogue of rules as people read it, from docstrings, clauses and the names of the cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from crawler.api import Rule
from crawler.audit.words import row, words_of
from crawler.core.model import Clause, Scope

__all__ = ["CaseNames", "case_names", "explain", "render", "row"]

Clauses = Mapping[tuple[str, str], Clause]

SCOPES = {
    Scope.PAGE: "每个页面",
    Scope.TARGET: "每个链接目标",
    Scope.COLUMN: "每个登记的栏目",
    Scope.SITE: "每个网站",
    Scope.FLEET: "全部网站",
}
FAMILIES = {
    "availability": "可用性",
    "domain": "域名与名称",
    "footer": "页脚标识",
    "tags": "网页标签",
    "updating": "更新与栏目",
    "links": "链接与附件",
    "wording": "表述",
    "security": "安全",
    "privacy": "个人信息",
    "disclosure": "信息公开",
    "guide": "信息公开指南",
    "interpretation": "解读与征集",
    "grassroots": "基层政务公开",
    "reports": "年度报告",
    "service": "办事服务",
    "interaction": "互动交流",
    "search": "站内搜索",
    "repost": "转载",
    "access": "访问与无障碍",
    "cross": "站间比较",
    "media": "政务新媒体",
}
FORMS = {
    "automatic": "程序判定",
    "proposed": "程序提出，人工确认",
    "rendered": "先看源码，必要时用浏览器；没有浏览器时不判定",
    "input": "依据登记的资料判定",
    "person": "由人判定，程序备好材料",
}
_MARKS = {
    "V": "已核对原文",
    "V2": "据转述文本",
    "M": "凭记忆，待核对",
    "I": "本程序的推断",
}
_HEAD = """# 规则目录

本页由 `make catalogue` 从规则文件、`config/basis/` 和 `tests/cases/` 生成，请勿手改；`make check` 会核对。
查看单条规则：`govcheck explain 编号`。
"""


@dataclass(frozen=True, slots=True)
class CaseNames:
    """One case that breaks the rule and one that nearly does."""

    failing: str
    passing: str


def case_names(folder: Path) -> dict[str, CaseNames]:
    """Rule code -> the first failing and passing case of `tests/cases/`; nothing where there is no such folder."""
    yaml = YAML(typ="safe")
    names = {}
    for file in sorted(folder.glob("*/*.yaml")):
        content = yaml.load(file.read_text(encoding="utf-8"))
        failing = content.get("failing") or [{"name": ""}]  # what a person judges has none
        names[str(content["rule"])] = CaseNames(failing[0]["name"], content["passing"][0]["name"])
    return names


def render(rules: Iterable[Rule], clauses: Clauses, cases: Mapping[str, CaseNames] | None = None) -> str:
    """rules/README.md: a table of all rules, then each with its words, by family and code."""
    ordered = sorted(rules, key=lambda rule: (_rank(rule.family), rule.code))
    parts = [_HEAD, f"共 {len(ordered)} 条规则。\n", _table(ordered)]
    for family, members in groupby(ordered, key=lambda rule: rule.family):
        parts.append(f"## {FAMILIES.get(family, family)}\n")
        parts += [_chapter(rule, clauses, (cases or {}).get(rule.code)) for rule in members]
    return "\n".join(parts).rstrip() + "\n"


def explain(rule: Rule, clauses: Clauses) -> str:
    """Everything `govcheck explain CODE` prints, as plain text."""
    words = words_of(rule)
    lines = [f"{rule.code} {words.title}", *(f"{label}: {value}" for label, value in _facts(rule))]
    lines += [f"依据: {basis}" for basis in _basis(rule, clauses)]
    lines += ["", f"为什么: {words.why}", f"看什么: {words.look}", f"怎么改: {words.fix}"]
    return "\n".join(lines) + "\n"


def _rank(family: str) -> tuple[int, str]:
    known = list(FAMILIES)
    return (known.index(family) if family in known else len(known), family)


def _table(rules: Iterable[Rule]) -> str:
    lines = ["| 编号 | 名称 | 等级 | 方式 | 对象 | 文件 |", "|---|---|---|---|---|---|"]
    for rule in rules:
        file = f"{rule.family}/{rule.name}.py"
        title = words_of(rule).title
        way = f"{FORMS[rule.form]} | {SCOPES[rule.scope]}"
        lines.append(f"| {rule.code} | {title} | {rule.severity.value} | {way} | [{file}]({file}) |")
    return "\n".join(lines) + "\n"


def _chapter(rule: Rule, clauses: Clauses, cases: CaseNames | None) -> str:
    words = words_of(rule)
    lines = [f"### {rule.code} {words.title}", ""]
    lines += [f"- {label}：{value}" for label, value in _facts(rule)]
    lines += [f"- 依据：{basis}" for basis in _basis(rule, clauses)]
    if cases:
        lines += [f"- 算问题的例子：{cases.failing}"] if cases.failing else []
        lines.append(f"- 不算问题的例子：{cases.passing}" if cases.failing else f"- 例子：{cases.passing}")
    lines += ["", f"**为什么** {words.why}", "", f"**看什么** {words.look}", "", f"**怎么改** {words.fix}", ""]
    return "\n".join(lines)


def _facts(rule: Rule) -> Iterable[tuple[str, str]]:
    yield "等级", rule.severity.value + (f"，每处 {rule.points:g} 分" if rule.points else "")
    yield "对象", SCOPES[rule.scope] + (f"（{'、'.join(rule.kinds)}栏目）" if rule.kinds else "")
    needs = f"（config/inputs/ 的{'、'.join(rule.inputs)}）" if rule.inputs else ""
    yield "方式", FORMS[rule.form] + needs
    if rule.rollup:
        yield "汇总", "、".join(rule.rollup) + "，本身不计入合计"
    for name, option in rule.options.items():
        yield "选项", f"`{name}`，默认 {_shown(option.default)}"


def _basis(rule: Rule, clauses: Clauses) -> Iterable[str]:
    for cite in rule.basis:
        clause = clauses.get((cite.document, cite.clause))
        if clause is None:
            yield f"{cite.document} {cite.clause}（不在 config/basis/ 中）"
        else:
            title = clause.title if clause.title.startswith("《") else f"《{clause.title}》"
            yield f"{title}（{clause.number}）：{clause.text.strip()}（{_MARKS.get(clause.mark, clause.mark)}）"


def _shown(value: Any) -> str:
    if isinstance(value, timedelta):
        hours, rest = divmod(value, timedelta(hours=1))
        return (
            f"{hours // 24}d"
            if not rest and hours % 24 == 0 and hours > 24
            else f"{hours}h"
            if not rest
            else str(value)
        )
    if isinstance(value, tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    return str(value)
