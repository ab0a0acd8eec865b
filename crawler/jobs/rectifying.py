"""The notice to one site and the skeleton of its reply."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

from crawler.config import Config
from crawler.core.clock import SHANGHAI
from crawler.core.model import Severity
from crawler.core.quantities import Absent, Gap, Piece, Quantity, chinese_day, listed, parts_of, quantities_of
from crawler.jobs import documents as house
from crawler.jobs.circular import GRADES
from crawler.jobs.documents import Wish, Written
from crawler.jobs.places import Places
from crawler.jobs.refusals import BadTarget
from crawler.report.word import Filling
from crawler.store.problems import Problem, Problems, opened

FIELDS = {"问题": house.ISSUE_FIELDS}
_VETO_DAYS, _DAYS = 3, 10  # working days (issue 5, item 4)


def notice(config: Config, folder: Path, places: Places, site: str, wish: Wish) -> Written:
    return _letter("notice", config, folder, places, site, wish)


def reply(config: Config, folder: Path, places: Places, site: str, wish: Wish) -> Written:
    return _letter("reply", config, folder, places, site, wish)


_MINE = "site = :site AND lot = 'certain' AND fault = 1"
_OPEN = f"{_MINE} AND outcome <> 'fixed'"
# A notice asks nothing of a unit that answered, until the machine looked again.
_CHOSEN = {"notice": f"{_OPEN} AND work <> 'answered'", "reply": f"{_MINE} AND (outcome <> 'fixed' OR notified = 1)"}


def _letter(kind: str, config: Config, folder: Path, places: Places, site_id: str, wish: Wish) -> Written:
    site = config.site(site_id)
    now = datetime.now(SHANGHAI)
    veto = house.deadline(config, wish.deadline, _VETO_DAYS, now.date())
    rest = house.deadline(config, wish.deadline, _DAYS, now.date())
    with opened(house.ready(places), None, None, now) as db:
        if site.id not in db.sites():
            why = "" if site.confirmed else "（域名尚未确认，没有发出请求）"
            raise BadTarget(f"{site.name} 还没有检查过{why}，不能写{house.KINDS[kind]}")
        values = _numbers(kind, db, site.id)
        found = list(db.listed(_CHOSEN[kind], site=site.id))
        if not found:
            raise BadTarget(_nothing(kind, site.name, values))
        decided = db.decided
    shown = house.most_pressing(found)
    days = [_last_day(one, veto, rest) for one in shown]
    rows = [
        house.issue_row(n, one, site.name, chinese_day(day) + ("（已逾期）" if day < now.date() else ""))
        for n, (one, day) in enumerate(zip(shown, days, strict=True), 1)
    ]
    values |= house.blanks() | {
        "网站名称": site.name,
        "网站首页": site.home,
        "主送单位": site.owner or site.name,
        "印发机关": house.issuer(config, wish.office),
        "清单说明": house.list_says(values["问题总数" if kind == "notice" else "清单总数"], len(found)),
        "期限要求": _asked(found, veto, rest),
        "期限提醒": Absent()
        if all(config.workdays.is_certain(day) for day in days)
        else Gap(f"{max(days).year}年放假安排没有登记，期限按周末推算，请核对"),
        "工作进展": Gap("组织整改的情况", sentence=False),
        "自查情况": Gap("自查发现的问题和整改情况", sentence=False),
        "下一步打算": Gap("下一步措施", sentence=False),
    }
    target = wish.out or places.root / "documents" / f"{house.KINDS[kind]}-{site.id}-{now:%Y-%m-%d}.docx"
    about = {"site": site.id, "made": now.isoformat(timespec="seconds"), "decided": json.loads(decided)}
    filling = Filling(values, {"问题": rows}, FIELDS, f"{site.name}{house.KINDS[kind]}（草稿）")
    told = quantities_of(values.values())
    return house.write(kind, house.template_of(kind, folder, wish), filling, told, target, about)


def _numbers(kind: str, db: Problems, site: str) -> dict[str, Piece]:
    chosen = _CHOSEN[kind]
    values: dict[str, Piece] = {
        "检查日期": house.dated(db.newest_check(site)),
        "未判定说明": house.unjudged(db, site),
    }
    heaps = (
        ("问题总数", "要整改的查实问题", _CHOSEN["notice"]),
        ("清单总数", "未整改的和曾通知的查实问题", _CHOSEN["reply"]),
        ("待核实数", "待人工核实", "site = :site AND lot = 'proposed' AND outcome <> 'fixed'"),
        ("疑似数", "疑似", "site = :site AND lot = 'suspected' AND outcome <> 'fixed'"),
        ("待复查数", "已答复、机器还没有复查的查实问题", f"{_OPEN} AND work = 'answered'"),
        *((f"{name}数", f"{name}类问题", f"{chosen} AND severity = '{grade.value}'") for name, grade in GRADES.items()),
        *((name, name, f"{chosen} AND outcome = '{one}'") for name, one in _OUTCOMES),
    )
    for name, says, where in heaps:
        values[name] = db.count(name, says, where, site=site)
    others = [
        (number, f"个{says}")
        for name, says in (("待核实数", "待人工核实"), ("疑似数", "疑似"), ("待复查数", "已答复、待复查"))
        if isinstance(number := values[name], Quantity) and number.value
    ]
    values["另有说明"] = ("另有", *listed(others), "的问题，未列入本通知") if others else Absent()
    return values


_OUTCOMES = (("已整改数", "fixed"), ("仍存在数", "open"), ("未复查数", "not_rechecked"))


def _nothing(kind: str, name: str, values: dict[str, Piece]) -> str:
    """Honest about an empty list: what is left open, and what nobody judged."""
    rest = [_words(values[key]) for key in ("另有说明", "未判定说明")]
    more = "；".join(words.removesuffix("，未列入本通知") for words in rest if words)
    return f"{name} 没有已查实而要整改的问题，不写{house.KINDS[kind]}" + (f"；{more}" if more else "")


def _words(piece: Piece) -> str:
    return "".join(p.text if isinstance(p, Quantity) else p for p in parts_of(piece) if isinstance(p, str | Quantity))


def _last_day(one: Problem, veto: date, rest: date) -> date:
    """What the desk notified holds; else the days of its grade."""
    if one.due is not None:
        return one.due.astimezone(SHANGHAI).date()
    return veto if one.severity == Severity.VETO.value else rest


def _asked(found: list[Problem], veto: date, rest: date) -> str:
    fresh = [one for one in found if one.due is None]
    if not fresh:
        return "各问题的整改期限已经通知，见附件，不因本通知延长"
    grades = {one.severity == Severity.VETO.value for one in fresh}
    if veto == rest or len(grades) == 1:
        says = f"请于{chinese_day(veto if True in grades else rest)}前完成整改"
    else:
        says = f"单项否决类问题请于{chinese_day(veto)}前完成整改，其余问题请于{chinese_day(rest)}前完成整改"
    return says if len(fresh) == len(found) else f"{says}；此前已通知期限的问题仍按原期限，见附件"
