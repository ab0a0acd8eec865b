"""`govcheck issues`: what people see of the issues and decide about them; all or none of one command is written."""

from __future__ import annotations

import getpass
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from crawler.config import Config
from crawler.core.clock import SHANGHAI
from crawler.core.desk import ACTIONS, SEEN, WORK, Action, Decision, printed
from crawler.core.model import Severity
from crawler.jobs.places import Places
from crawler.jobs.refusals import BadOption, BadTarget
from crawler.report.words import CHANGES, plain
from crawler.store.datafile import OlderData
from crawler.store.findings import Case, Findings

_FINGERPRINT = re.compile(r"[0-9a-f]{6,64}")
_DAYS = {Severity.VETO: 3}  # working days of a notice, where nobody wrote any (issue 5, item 4)
_DAYS_OF_OTHERS = 10
_LONGEST = 1_000  # characters of a reason or a basis


@dataclass(frozen=True, slots=True)
class Wish:
    """A decision as written on the command line."""

    action: Action
    reason: str = ""
    basis: str = ""
    until: str | None = None
    deadline: str | None = None
    workdays: int | None = None
    who: str | None = None
    notice: str = ""


def opened(places: Places) -> Findings:
    """An older file is brought up to date; one that is not there is not made."""
    try:
        return Findings.open(places.findings_db, read_only=True)
    except OlderData:
        return Findings.open(places.findings_db)


def listed(places: Places, site: str | None, works: Collection[str]) -> list[Case]:
    """Of the works asked for, or what the machine has not closed."""
    with opened(places) as findings:
        found = findings.cases(site=site or "")
    if works:
        return [case for case in found if WORK[case.standing.work] in works]
    return [case for case in found if case.standing.seen not in {"absent", "withdrawn"}]


def find(findings: Findings, what: str) -> Case:
    """The one issue meant. Raises BadTarget in one sentence."""
    found: list[Case] = []
    if what.isascii() and what.isdigit() and len(what) < 10:
        found = findings.cases(number=int(what))
    if not found and _FINGERPRINT.fullmatch(what.lower()):
        found = findings.cases(prefix=what.lower())
    if len(found) > 1:
        numbers = "、".join(str(case.number) for case in found[:5])
        raise BadTarget(f"{what} 对应 {len(found)} 个问题（编号 {numbers}），请写问题编号或更长的指纹")
    if not found:
        raise BadTarget(f"没有编号或指纹为 {plain(what, 80)} 的问题；govcheck issues list 列出问题")
    return found[0]


def one(places: Places, what: str) -> Case:
    with opened(places) as findings:
        return find(findings, what)


def decide(config: Config, places: Places, whats: Sequence[str], wish: Wish) -> list[Case]:
    """Raises BadOption or BadTarget, and has then written nothing."""
    with opened(places):
        pass
    now = datetime.now(SHANGHAI)
    with Findings.open(places.findings_db) as findings:
        chosen = {case.number: case for case in (find(findings, what) for what in whats)}
        decided = {number: _decision(config, case, wish, now) for number, case in chosen.items()}
        if refusals := findings.decide(decided):
            more = f"；另有 {len(refusals) - 5} 个" if len(refusals) > 5 else ""
            raise BadOption("；".join(refusals[:5]) + more + ("，什么也没有写入" if len(chosen) > 1 else ""))
        return [findings.cases(number=number)[0] for number in chosen]


def _decision(config: Config, case: Case, wish: Wish, now: datetime) -> Decision:
    if wish.deadline is not None and wish.workdays is not None:
        raise BadOption("--deadline 和 --workdays 只能写一个")
    deadline = _end("--deadline", wish.deadline)
    workdays = wish.workdays
    if wish.action == "notify" and deadline is None and workdays is None:
        workdays = _DAYS.get(case.told.severity, _DAYS_OF_OTHERS) if case.told else _DAYS_OF_OTHERS
    if workdays is not None:
        deadline = _last_moment(config.workdays.after(now.date(), workdays))
    return Decision(
        now,
        _written("--who", wish.who) if wish.who is not None else _login(),
        wish.action,
        _written("--reason", wish.reason),
        _written("--basis", wish.basis),
        _end("--until", wish.until),
        deadline,
        notice=_written("--notice", wish.notice),
    )


def _written(option: str, text: str) -> str:
    text = plain(text)
    if len(text) > _LONGEST:
        raise BadOption(f"{option} 最多 {_LONGEST} 个字，现在是 {len(text)} 个字")
    if option == "--who" and not text:
        raise BadOption("--who 是空的，请写作出决定的人的姓名")
    return text


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise BadOption("不知道登录名，请用 --who 写明是谁的决定") from None


def _end(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return _last_moment(date.fromisoformat(text))
    except (ValueError, OverflowError):
        raise BadOption(f"{option} {plain(text, 40)} 不是日期，请写成 2026-12-01 这样") from None


def _last_moment(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


def export(places: Places, file: Path) -> int:
    """Every decision there is, a line each, oldest first; the file is whole or not there."""
    with opened(places) as findings:
        found = findings.cases()
    rows = sorted(((d.at, case.number, d, case) for case in found for d in case.decisions), key=lambda row: row[:2])
    lines = [
        json.dumps(
            {"issue": number, "fingerprint": case.fingerprint, "site": case.site, "rule": case.rule} | _of_person(d),
            ensure_ascii=False,
        )
        for _, number, d, case in rows
    ]
    half = file.with_name(file.name + ".part")
    half.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    half.replace(file)
    return len(lines)


# ── Shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def document(case: Case, *, history: bool = False) -> dict[str, Any]:
    now, standing, told = datetime.now(SHANGHAI), case.standing, case.told
    shown: dict[str, Any] = {
        "number": case.number,
        "fingerprint": case.fingerprint,
        "site": case.site,
        "rule": case.rule,
        "severity": told.severity.value if told else None,
        "title": told.title if told else "",
        "message": told.message if told else "",
        "url": told.place.url if told else None,
        "target": told.target if told else None,
        "work": WORK[standing.work],
        "says": standing.says,
        "notice": next((d.notice for d in reversed(case.decisions) if d.notice), ""),
        "seen": SEEN[standing.seen],
        "since": _iso(standing.since),
        "by": standing.by,
        "reason": standing.reason,
        "deadline": _iso(standing.deadline),
        "overdue": standing.overdue(now),
        "until": _iso(standing.until),
        "lapsed": standing.lapsed,
        "exempt": standing.excuse or (told.exempt if told else ""),
        "first_seen": _iso(case.first_seen),
        "last_seen": _iso(case.last_seen),
        "recurred": case.reopened,
    }
    return shown | {"history": history_of(case)} if history else shown


def history_of(case: Case) -> list[dict[str, Any]]:
    """Steps of the machine and decisions of people, oldest first."""
    steps = [
        {
            "at": _iso(step.at),
            "who": "机器",
            "action": CHANGES.get(step.change, step.change),
            "reason": reason,
            "run": step.run,
            "evidence": step.url,
            "fetch": step.fetch_id,
        }
        for step, reason in case.steps
    ]
    return sorted([*steps, *map(_of_person, case.decisions)], key=lambda row: str(row["at"]))


def _of_person(decision: Decision) -> dict[str, Any]:
    return {
        "at": _iso(decision.at),
        "who": decision.who,
        "action": ACTIONS[decision.action],
        "reason": decision.reason,
        "basis": decision.basis,
        "until": _iso(decision.until),
        "deadline": _iso(decision.deadline),
        "reach": decision.reach,
        "value": decision.value,
        "notice": decision.notice,
    }


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds") if at else None


def table(found: Sequence[Case]) -> Table:
    now = datetime.now(SHANGHAI)
    shown = Table("编号", "网站", "规则", "工作；机器", "问题", title=f"{len(found)} 个问题", title_justify="left")
    for case in found:
        says = plain(case.told.message or case.told.title, 120) if case.told else ""
        row = (str(case.number), plain(case.site, 40), case.rule, printed(case.standing, now), says)
        shown.add_row(*(Text(cell, overflow="fold") for cell in row))
    return shown


def text(case: Case) -> Text:
    """One issue with its history."""
    told, standing = case.told, case.standing
    lines = [f"问题 {case.number}  {case.rule}  {case.site}  指纹 {case.fingerprint[:12]}"]
    if told:
        lines += [plain(told.message or told.title, 500), f"位置 {plain(told.place.url, 300)}"]
    lines.append(f"{printed(standing, datetime.now(SHANGHAI))}（{standing.says}）")
    if standing.reason:
        lines.append(f"理由 {plain(standing.reason, 500)}" + (f"（{plain(standing.by, 60)}）" if standing.by else ""))
    if standing.excuse:
        lines.append(f"不计入合计：{plain(standing.excuse, 300)}")
    lines.append(f"首次发现 {_day(case.first_seen)}，最近发现 {_day(case.last_seen)}，复发 {case.reopened} 次")
    lines += [_told(row) for row in history_of(case)]
    return Text("\n".join(lines), overflow="fold")


def _told(row: Mapping[str, Any]) -> str:
    ends = "".join(f"，{name} {row[key][:10]}" for key, name in (("deadline", "期限"), ("until", "到")) if row.get(key))
    basis = f"；依据：{plain(row['basis'], 200)}" if row.get("basis") else ""
    basis += f"；通知编号 {plain(row['notice'], 40)}" if row.get("notice") else ""
    basis += f"；证据：第 {row['run']} 次检查 {plain(row['evidence'], 200)}" if row.get("evidence") else ""
    when = str(row["at"])[:16].replace("T", " ")
    return f"  {when}  {plain(row['who'], 60)}  {row['action']}{ends}  {plain(row['reason'], 300)}{basis}"


def _day(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d}"
