"""The notice to one site and the skeleton of its reply."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from crawler.config import Config
from crawler.core.clock import SHANGHAI
from crawler.core.quantities import Absent, Gap, Piece, chinese_day, quantities_of
from crawler.jobs import documents as house
from crawler.jobs.circular import GRADES
from crawler.jobs.documents import Wish, Written
from crawler.jobs.places import Places
from crawler.jobs.refusals import BadTarget
from crawler.report.word import Filling
from crawler.store.problems import opened

FIELDS = {"问题": house.ISSUE_FIELDS}
_VETO_DAYS, _DAYS = 3, 10  # working days (issue 5, item 4)


def notice(config: Config, folder: Path, places: Places, site: str, wish: Wish) -> Written:
    return _letter("notice", config, folder, places, site, wish)


def reply(config: Config, folder: Path, places: Places, site: str, wish: Wish) -> Written:
    return _letter("reply", config, folder, places, site, wish)


def _letter(kind: str, config: Config, folder: Path, places: Places, site_id: str, wish: Wish) -> Written:
    site = config.site(site_id)
    now = datetime.now(SHANGHAI)
    veto = house.deadline(config, wish.deadline, _VETO_DAYS, now.date())
    rest = house.deadline(config, wish.deadline, _DAYS, now.date())
    open_ones = "site = :site AND lot = 'certain' AND fault = 1 AND outcome <> 'fixed'"
    every = "site = :site AND lot = 'certain' AND fault = 1 AND (outcome <> 'fixed' OR notified = 1)"
    chosen = open_ones if kind == "notice" else every
    with opened(house.ready(places), None, None, now) as db:
        if site.id not in db.sites():
            why = "" if site.confirmed else "（域名尚未确认，没有发出请求）"
            raise BadTarget(f"{site.name} 还没有检查过{why}，不能写{house.KINDS[kind]}")
        found = list(db.listed(chosen, site=site.id))
        if not found:
            raise BadTarget(f"{site.name} 没有已查实而要整改的问题，不写{house.KINDS[kind]}")
        values: dict[str, Piece] = {
            "问题总数": db.count("问题总数", "未整改的查实问题", open_ones, site=site.id),
            "清单总数": db.count("清单总数", "未整改的和曾通知的查实问题", every, site=site.id),
            "待核实数": db.count(
                "待核实数", "待人工核实", "site = :site AND lot = 'proposed' AND outcome <> 'fixed'", site=site.id
            ),
            "疑似数": db.count(
                "疑似数", "疑似", "site = :site AND lot = 'suspected' AND outcome <> 'fixed'", site=site.id
            ),
            "检查日期": house.dated(db.newest_check()),
        }
        for name, grade in GRADES.items():
            where = f"{open_ones} AND severity = '{grade.value}'"
            values[f"{name}数"] = db.count(f"{name}数", f"{name}类问题", where, site=site.id)
        for name, outcome in (("已整改数", "fixed"), ("仍存在数", "open"), ("未复查数", "not_rechecked")):
            values[name] = db.count(name, name, f"{every} AND outcome = '{outcome}'", site=site.id)
    rows = [
        house.issue_row(n, one, site.name, chinese_day(veto if one.severity == "单否" else rest))
        for n, one in enumerate(found, 1)
    ]
    values |= house.blanks() | {
        "网站名称": site.name,
        "网站首页": site.home,
        "主送单位": site.owner or site.name,
        "印发机关": house.issuer(config, wish.office),
        "期限要求": f"请于{chinese_day(rest)}前完成整改"
        if veto == rest
        else f"单项否决类问题请于{chinese_day(veto)}前完成整改，其余问题请于{chinese_day(rest)}前完成整改",
        "期限提醒": Absent()
        if config.workdays.is_certain(rest)
        else Gap(f"{rest.year}年放假安排没有登记，期限按周末推算，请核对"),
        "工作进展": Gap("组织整改的情况", sentence=False),
        "自查情况": Gap("自查发现的问题和整改情况", sentence=False),
        "下一步打算": Gap("下一步措施", sentence=False),
    }
    target = wish.out or places.root / "documents" / f"{house.KINDS[kind]}-{site.id}-{now:%Y-%m-%d}.docx"
    about = {"site": site.id, "made": now.isoformat(timespec="seconds")}
    filling = Filling(values, {"问题": rows}, FIELDS, f"{site.name}{house.KINDS[kind]}（草稿）")
    told = quantities_of(values.values())
    return house.write(kind, house.template_of(kind, folder, wish), filling, told, target, about)
