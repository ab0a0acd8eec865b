"""What the rules on dead targets share: how a state becomes a finding."""

from collections.abc import Iterator
from dataclasses import replace

from crawler.api import (
    OF_ONE_PAGE,
    ONE_PAGE,
    Certainty,
    Finding,
    NotApplicable,
    Outcome,
    Place,
    Said,
    Seen,
    State,
    TargetView,
    host_of,
    printed,
    said_by,
    trap_pattern,
    why_unknown,
)

KINDS = {
    "page": "链接",
    "attachment": "附件",
    "image": "图片",
    "script": "脚本文件",
    "style": "样式文件",
    "media": "音视频",
}

_HOST_IS_GONE = frozenset({Outcome.NXDOMAIN, Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.TLS})


def judge_state(target: TargetView, *, fix: str) -> Iterator[Said]:
    """Dead is confirmed, one suspect is suspected, alive is fine, and of the rest nothing is known."""
    known = target.known
    row = known.seen if known.state is State.DEAD else known.pending
    if target.one_page:
        yield target.undecidable(ONE_PAGE)
    elif row and target.internal and target.site.is_down and row.outcome not in OF_ONE_PAGE:
        yield NotApplicable("全站打不开，由 AV-08 判断")
    elif known.state is State.DEAD and known.seen:
        yield _judged(target, known.seen, Certainty.CONFIRMED, fix)
    elif known.pending:
        yield _judged(target, known.pending, Certainty.SUSPECTED, fix)
    elif known.state is not State.ALIVE or known.knowledge == "expired":
        yield target.undecidable(why_unknown(known))


def _judged(target: TargetView, row: Seen, certainty: Certainty, fix: str) -> Finding:
    """Where a foreign host as a whole is gone, its links are one finding (BEHAVIOURS 46)."""
    found = dead(target, row, certainty, fix)
    if target.internal or row.outcome not in _HOST_IS_GONE:
        return found
    host = host_of(target.url)
    return replace(found, key=f"host:{host}", per="site", evidence={**found.evidence, "打不开的网站": host})


def dead(target: TargetView, row: Seen, certainty: Certainty, fix: str, words: str = "") -> Finding:
    parents = target.parents()
    text = next((parent.text for parent in parents if parent.text), "")
    named = f"“{text[:40]}”" if text else ""
    what = KINDS.get(target.kind, "链接")
    outcome = words or said_by(row)
    waits = "，待第二轮复查" if certainty is Certainty.SUSPECTED else ""
    evidence = {"结果": outcome, "最近一次访问": printed(row.at)}
    if row.final_url and row.final_url != target.url:
        evidence["跳转到"] = row.final_url
    if not target.internal:
        evidence["位置"] = "站外"
    first = parents[0] if parents else None
    return Finding(
        message=f"{what}{named}打不开：{outcome}{waits}",
        at=Place(first.url, first.css, first.text) if first else Place(target.url),
        key="dead",
        certainty=certainty,
        target=target.url,
        fix=fix,
        parents=parents,
        parent_count=target.parent_count,
        attempts=row.attempts,
        evidence=evidence,
        cites=(target.url,),
        group=trap_pattern(target.url) if target.internal and target.kind == "page" else "",
    )
