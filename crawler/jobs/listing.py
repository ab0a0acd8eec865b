"""What is registered and which rules there are, as tables and as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from crawler.audit import catalogue as book
from crawler.audit.discover import Discovered, discover
from crawler.audit.words import words_of
from crawler.config import Config
from crawler.jobs.refusals import BadTarget

CASES = Path("tests") / "cases"
PAGE = Path("rules") / "README.md"
ROOT = Path(__file__).resolve().parent.parent.parent


def sites_table(config: Config) -> Table:
    table = Table(title=f"登记的网站 {len(config.sites)} 个", title_justify="left")
    for head in ("ID", "网站", "标识码", "类型", "平台", "首页", "栏目", "状态"):
        table.add_column(head, overflow="fold")
    for site in config.sites:
        table.add_row(
            site.id,
            Text(site.name),
            site.code or "待确认",
            "门户" if site.level == "portal" else "部门",
            site.platform,
            Text(site.home),
            str(len(site.columns)),
            "已确认" if site.confirmed else "待确认（不发请求）",
        )
    return table


def sites_document(config: Config) -> list[dict[str, Any]]:
    return [
        {
            "id": site.id,
            "name": site.name,
            "code": site.code,
            "level": site.level,
            "platform": site.platform,
            "home": site.home,
            "hosts": list(site.hosts),
            "prefixes": list(site.prefixes),
            "confirmed": site.confirmed,
            "columns": [{"id": c.id, "name": c.name, "kind": c.kind, "url": c.url} for c in site.columns],
        }
        for site in config.sites
    ]


def rules_table(config: Config) -> Table:
    found = discover(config.rules.packages)
    table = Table(title=f"规则 {len(found.rules)} 条（{config.rules.edition}）", title_justify="left")
    for head in ("编号", "规则", "级别", "对象", "状态"):
        table.add_column(head, overflow="fold")
    for rule in found.rules:
        state = "停用" if rule.code in config.rules.disabled else "汇总" if rule.rollup else "启用"
        table.add_row(rule.code, words_of(rule).title, rule.severity.value, book.SCOPES[rule.scope], state)
    for broken in found.broken:
        table.add_row(broken.code, Text(f"{broken.file}：{broken.error}"), "", "", Text("加载失败", style="red"))
    return table


def rules_document(config: Config) -> list[dict[str, Any]]:
    found = discover(config.rules.packages)
    return [
        {
            "code": rule.code,
            "name": rule.name,
            "title": words_of(rule).title,
            "severity": rule.severity.value,
            "scope": rule.scope.value,
            "family": rule.family,
            "points": rule.points,
            "rollup": bool(rule.rollup),
            "enabled": rule.code not in config.rules.disabled,
            "basis": [{"document": cite.document, "clause": cite.clause} for cite in rule.basis],
        }
        for rule in found.rules
    ]


def explain(config: Config, code: str) -> str:
    found = discover(config.rules.packages)
    rule = next((r for r in found.rules if r.code.lower() == code.lower()), None)
    if rule is None:
        near = "、".join(sorted(r.code for r in found.rules if r.code[:2].lower() == code[:2].lower()))
        raise BadTarget(f"没有规则 {code}；{'相近的有 ' + near if near else '用 govcheck rules 查看全部规则'}")
    return book.explain(rule, config.clauses)


def catalogue(config: Config, *, write: bool) -> bool:
    """Whether rules/README.md differed from what the rules say; `write` mends it."""
    found: Discovered = discover(config.rules.packages)
    text = book.render(found.rules, config.clauses, book.case_names(ROOT / CASES))
    page = ROOT / PAGE
    drift = not page.exists() or page.read_text(encoding="utf-8") != text
    if drift and write:
        page.write_text(text, encoding="utf-8")
    return drift
