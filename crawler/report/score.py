"""Verdict and points of a site for a terminal and for machines: never one number called the score."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.table import Table
from rich.text import Text

from crawler.core.score import Counted, SiteScore
from crawler.report.words import plain

_STATES = {"vetoed": "已否决", "open": "待确认", "clear": "未触及", "unjudged": "未能判断"}
_VERDICTS = {
    "failed": "有问题",
    "passed": "未发现问题",
    "unverified": "未核实",
    "not_configured": "未登记或缺资料",
    "not_applicable": "不适用",
    "exempt": "免责",
    "crashed": "规则出错",
}


def points_sentence(one: SiteScore) -> str:
    """The one place that words the points."""
    if one.level != "portal":
        return "部门网站不计百分制，只看单项否决和州要求"
    spread = "" if one.kept == one.kept_if_all else f"（疑似和待人工确认的若都成立为 {one.kept_if_all:g} 分）"
    known = f"，其中已确认扣 {one.lost_unjudged:g} 分" if one.lost_unjudged else ""
    return f"可机检部分 {one.kept:g} / {one.judgeable:g} 分{spread}，另有 {one.unjudged:g} 分未检{known}"


def document(one: SiteScore) -> dict[str, Any]:
    return {
        "site": one.site,
        "level": one.level,
        "edition": one.edition,
        "thresholds": one.thresholds,
        "judged": one.judged,
        "reason": one.reason,
        "verdict": one.says,
        "veto": [
            {
                "id": item.id,
                "name": item.name,
                "state": item.state,
                "threshold": item.threshold,
                "distance": item.distance,
                "counts": _counts(item.counted),
                "says": item.says,
                "findings": list(item.findings),
                "unjudged": list(item.unjudged),
            }
            for item in one.veto
        ],
        "points": _points(one),
        "local": [
            {
                "rule": duty.rule,
                "title": duty.title,
                "verdict": duty.verdict,
                "reason": duty.reason,
                "counts": _counts(duty.counted),
            }
            for duty in one.local
        ],
        "footers": [
            {
                "name": footer.name,
                "basis": footer.basis,
                "marks": [{"name": name, "state": state, "counts": _counts(c)} for name, state, c in footer.marks],
            }
            for footer in one.footers
        ],
    }


def _points(one: SiteScore) -> dict[str, Any] | None:
    if one.level != "portal" or not one.judged:
        return None
    return {
        "says": points_sentence(one),
        "judgeable": one.judgeable,
        "kept": one.kept,
        "kept_if_all": one.kept_if_all,
        "unjudged": one.unjudged,
        "lost_unjudged": one.lost_unjudged,
        "items": [
            {
                "id": item.id,
                "group": item.group,
                "name": item.name,
                "cap": item.cap,
                "judged": item.judged,
                "lost": item.lost,
                "lost_if_all": item.lost_if_all,
                "counts": _counts(item.counted),
                "findings": list(item.findings),
                "unjudged": list(item.unjudged),
            }
            for item in one.points
        ],
    }


def _counts(counted: Counted) -> dict[str, int]:
    return {"confirmed": counted.confirmed, "suspected": counted.suspected, "proposed": counted.proposed}


def tables(one: SiteScore, name: str) -> Iterable[Table | Text]:
    """For a terminal; one site."""
    yield Text(f"{plain(name)}（{one.site}）", style="bold")
    yield Text(plain(one.says, 500))
    if not one.judged:
        return
    veto = Table(title=f"单项否决（{one.edition}；阈值 {one.thresholds}）", title_justify="left")
    for head in ("项目", "结果", "说明"):
        veto.add_column(head, overflow="fold")
    for item in one.veto:
        veto.add_row(item.name, _STATES[item.state], Text(plain(item.says, 500)))
    yield veto
    yield Text(points_sentence(one), style="bold")
    if one.points:
        yield _point_table(one)
    duties = Table(title="州要求（不属于国家计分）", title_justify="left")
    for head in ("规则", "要求", "结果", "确认", "疑似", "待人工", "说明"):
        duties.add_column(head, overflow="fold")
    for duty in one.local:
        c = duty.counted
        counts = (str(c.confirmed), str(c.suspected), str(c.proposed))
        said = Text(plain(duty.reason, 200))
        duties.add_row(duty.rule, duty.title, _VERDICTS.get(duty.verdict, duty.verdict), *counts, said)
    yield duties
    for footer in one.footers:
        marks = "、".join(f"{mark} {state}" for mark, state, _ in footer.marks)
        yield Text(f"{footer.name}：{marks}")


def _point_table(one: SiteScore) -> Table:
    shown = Table(title="扣分表（门户网站）", title_justify="left")
    for head in ("部分", "项目", "分值", "确认扣", "若都成立扣", "未检的原因"):
        shown.add_column(head, overflow="fold")
    for item in one.points:
        why = "" if item.judged else "；".join(item.unjudged) or "没有规则"
        shown.add_row(
            item.group, item.name, f"{item.cap:g}", f"{item.lost:g}", f"{item.lost_if_all:g}", Text(plain(why, 200))
        )
    return shown
