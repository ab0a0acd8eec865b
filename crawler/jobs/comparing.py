"""What a draft would add or mend: its findings beside those of the page it replaces, both judged the same way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from crawler.core.model import Verdict
from crawler.core.report import FindingRow, Report, ResultRow

_DECIDED = frozenset({Verdict.PASSED, Verdict.FAILED, Verdict.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Elders:
    """What was found on the pages that the drafts replace. `missing` of the drafts replace none."""

    run: str  # 第 12 次检查（2026-11-23）
    findings: tuple[FindingRow, ...]
    missing: int = 0


def compared(report: Report, elders: Elders, targets: Collection[str]) -> Report:
    """The report with 新增, 已消除 and 原有. `targets`: what the drafts still link to."""
    before = {row.fingerprint: row for row in elders.findings}
    now = {row.fingerprint for row in report.findings}
    rows = tuple(replace(row, change="known" if row.fingerprint in before else "new") for row in report.findings)
    gone = [row for mark, row in before.items() if mark not in now]
    verdicts = {row.rule: row for row in report.results}
    mended = [row for row in gone if _surely(row, verdicts.get(row.rule), targets)]
    notes = list(report.notes)
    if doubtful := len(gone) - len(mended):
        notes.append(f"有 {doubtful} 个以前的问题这次判断不了，没有算作消除")
    if elders.missing:
        notes.append(f"有 {elders.missing} 个页面在上次抓取里没有存下，它们的问题都算新增")
    closed = tuple(replace(row, state="fixed", change="fixed") for row in mended)
    return replace(report, findings=rows, closed=closed, notes=tuple(notes), compared=elders.run)


def only_new(report: Report) -> Report:
    """Without what was there before; says how much that is."""
    kept = tuple(row for row in report.findings if row.change == "new")
    left = len(report.findings) - len(kept)
    notes = [*report.notes]
    if report.compared:
        notes.append(f"只列出新增的问题；原有 {left} 个没有列出（去掉 --new-only 可以看到）")
    else:
        notes.append("没有可以比较的抓取数据，--new-only 没有略去任何问题")
    return replace(report, findings=kept, notes=tuple(notes))


def _surely(row: FindingRow, result: ResultRow | None, targets: Collection[str]) -> bool:
    """Gone, and not merely unseen: the rule was judged, or the draft names the target no longer."""
    if row.target is not None and row.target != row.place.url and row.target not in targets:
        return True
    return result is not None and result.verdict in _DECIDED
