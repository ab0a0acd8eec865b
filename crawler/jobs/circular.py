"""The circular of a period: its values, group by group, each number a query."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from crawler.config import Config
from crawler.core.clock import SHANGHAI
from crawler.core.model import Severity
from crawler.core.quantities import (
    Absent,
    Gap,
    Piece,
    Quantity,
    chinese_day,
    identity,
    listed,
    ordinal,
    percent,
    period_name,
    quantities_of,
)
from crawler.core.statistics import Figure, Period, Statistics, statistics
from crawler.jobs import documents as house
from crawler.jobs import supplied_figures
from crawler.jobs.documents import Wish, Written
from crawler.jobs.places import Places
from crawler.jobs.refusals import NoRun
from crawler.jobs.statistics import read_book
from crawler.report.word import Filling
from crawler.report.words import CLASSES, OTHER_CLASS
from crawler.store.datafile import MissingData
from crawler.store.problems import Problem, Problems, opened, span

CERTAIN = "lot = 'certain' AND fault = 1"
FIELDS = {
    "类别": ("序号", "名称", "数量", "网站数", "网站", "表现"),
    "排名": ("类别", "名次", "网站", "数量"),
    "网站": ("名称", "单否", "扣分", "州要求", "合计", "已整改", "待核实"),
    "问题": house.ISSUE_FIELDS,
}
GRADES = {"单否": Severity.VETO, "扣分": Severity.POINTS, "州要求": Severity.LOCAL}


def circular(config: Config, folder: Path, places: Places, period: Period, wish: Wish) -> Written:
    now = datetime.now(SHANGHAI)
    path = house.ready(places)
    start, end = house.bounds(period.first, period.last)
    due = house.deadline(config, wish.deadline, 10, now.date())
    with opened(path, start, end, now) as problems:
        if not problems.sites():
            known = span(path)
            when = f"（检查记录从 {known[0]:%Y-%m-%d} 到 {known[1]:%Y-%m-%d}）" if known else ""
            raise NoRun(f"{period} 没有检查记录{when}，不能写通报")
        values, groups = _problem_values(config, problems)
        values["未判定说明"] = house.unjudged(problems)
        decided = json.loads(problems.decided)
        values["问题同比"] = _problems_a_year_ago(path, problems, period, now)
        as_of = min(now, end).date() if now < end else period.last
    values |= house.blanks() | {
        "依申请公开": supplied_figures.applications(config, period),
        "网民留言": supplied_figures.messages(config, period, now.date()),
    }
    published, ranks = _published(config, places, period)
    values |= published
    groups["排名"] = ranks
    values |= {
        "印发机关": house.issuer(config, wish.office),
        "期间": period_name(period),
        "开始日期": chinese_day(period.first),
        "结束日期": chinese_day(min(period.last, now.date())),
        "截止日期": chinese_day(as_of),
        "整改期限": chinese_day(due),
    }
    rows = [piece for group in groups.values() for row in group for piece in row.values()]
    told = list(quantities_of([*values.values(), *rows]))
    target = wish.out or places.root / "documents" / f"通报-{period.first}-{period.last}.docx"
    about = {"from": str(period.first), "to": str(period.last), "made": now.isoformat(timespec="seconds")}
    about |= {"decided": decided}
    filling = Filling(values, groups, FIELDS, f"{period_name(period)}通报（草稿）")
    return house.write("circular", house.template_of("circular", folder, wish), filling, told, target, about)


def _problem_values(config: Config, db: Problems) -> tuple[dict[str, Piece], dict[str, list[dict[str, Piece]]]]:
    looked = db.sites()
    names = {site.id: site.name for site in config.sites}
    unseen = [site for site in config.sites if site.id not in looked]
    every = tuple(site.id for site in config.sites)
    values: dict[str, Piece] = {
        "登记网站数": Quantity(
            identity("sites", *every),
            "登记网站数",
            len(every),
            str(len(every)),
            "登记的网站",
            "config",
            "govcheck sites",
            {},
            every,
        ),
        "检查次数": db.checks("检查次数", "检查期间完成且未作废的检查", "run"),
        "检查网站数": db.checks("检查网站数", "检查期间至少完整判断过一次的网站", "site"),
        "网页数": db.pages("网页数", "各网站在检查期间最近一次检查所依据的网页"),
        "问题总数": db.count("问题总数", "查实的问题，不含提示", CERTAIN),
        "问题网站数": db.count("问题网站数", "有查实问题的网站", CERTAIN, "site"),
        "未检查说明": Absent(),
        "无问题说明": Absent(),
    }
    if unseen:
        ids = tuple(site.id for site in unseen)
        number = Quantity(
            identity("unseen", *ids, *db.key),
            "未检查网站数",
            len(ids),
            str(len(ids)),
            "登记而检查期间没有检查的网站",
            "computed",
            "登记网站 − 检查网站",
            dict(db.period),
            ids,
        )
        says = "、".join(f"{s.name}{'' if s.confirmed else '（域名尚未确认）'}" for s in unseen)
        values["未检查说明"] = ("另有", number, f"个网站没有检查，本通报对其不作结论：{says}")
    for name, grade in GRADES.items():
        values[f"{name}数"] = db.count(
            f"{name}数", f"{name}类问题", f"{CERTAIN} AND severity = :severity", severity=grade.value
        )
    for name, outcome in (("已整改数", "fixed"), ("仍存在数", "open"), ("未复查数", "not_rechecked")):
        values[name] = db.count(name, name, f"{CERTAIN} AND outcome = :outcome", outcome=outcome)
    for name, where in (
        ("待核实数", "lot = 'proposed'"),
        ("疑似数", "lot = 'suspected'"),
        ("提示数", "lot = 'certain' AND fault = 0"),
        ("豁免数", "lot = 'exempt'"),
        ("例外数", "lot = 'excepted'"),
    ):
        values[name] = db.count(name, name, where)
    groups = {"类别": _classes(config, db, names), "网站": _sites(config, db, looked), "问题": []}
    if not groups["类别"]:
        values["无问题说明"] = "检查期间，在已检查的范围内没有查实的问题"
    problems = _in_order(config, db)
    groups["问题"] = [
        dict(house.issue_row(n, one, names.get(one.site, one.site)))
        for n, one in enumerate(house.most_pressing(problems), 1)
    ]
    values["清单说明"] = house.list_says(values["问题总数"], len(problems))
    return values, groups


def _in_order(config: Config, db: Problems) -> list[Problem]:
    """Sites as the office lists them; one that is no longer registered comes last."""
    places = {site.id: number for number, site in enumerate(config.sites)}
    return sorted(db.listed(CERTAIN), key=lambda one: places.get(one.site, len(places)))


def _classes(config: Config, db: Problems, names: dict[str, str]) -> list[dict[str, Piece]]:
    rows = _in_order(config, db)
    known = {family for _, families in CLASSES for family in families}
    left = frozenset(one.rule.partition("-")[0] for one in rows) - known
    found: list[dict[str, Piece]] = []
    for name, families in (*CLASSES, (OTHER_CLASS, left)):
        mine = [one for one in rows if one.rule.partition("-")[0] in families]
        if not mine:
            continue
        where = f"{CERTAIN} AND family IN ({', '.join(repr(family) for family in sorted(families))})"
        sites = [
            (
                names.get(site, site),
                db.count(f"{name} {site}", "这一类在该网站的问题", f"{where} AND site = :site", site=site),
                "个",
            )
            for site in dict.fromkeys(one.site for one in mine)
        ]
        titles = [
            (one.title, db.count(f"{name} {rule}", "这条规则的问题", f"{where} AND rule = :rule", rule=rule), "个")
            for rule, one in {one.rule: one for one in mine}.items()
        ]
        found.append({
            "序号": ordinal(len(found) + 1), "名称": name,
            "数量": db.count(name, f"{name}类问题", where),
            "网站数": db.count(f"{name}网站数", f"有{name}类问题的网站", where, "site"),
            "网站": listed(sites), "表现": listed(titles),
        })  # fmt: skip
    return found


def _sites(config: Config, db: Problems, looked: frozenset[str]) -> list[dict[str, Piece]]:
    conditions = {name: f"{CERTAIN} AND severity = '{grade.value}'" for name, grade in GRADES.items()}
    conditions |= {"合计": CERTAIN, "已整改": f"{CERTAIN} AND outcome = 'fixed'", "待核实": "lot = 'proposed'"}
    rows: list[dict[str, Piece]] = []
    for site in config.sites:
        row: dict[str, Piece] = {"名称": site.name if site.id in looked else f"{site.name}（未检查）"}
        for name, where in conditions.items():
            one = f"{where} AND site = :site"
            row[name] = (
                db.count(f"{site.id} {name}", f"{site.name}：{name}", one, site=site.id) if site.id in looked else "—"
            )
        rows.append(row)
    return rows


def _problems_a_year_ago(path: Path, now_db: Problems, period: Period, now: datetime) -> Piece:
    """Only where the same sites were judged under the same rules: otherwise the numbers do not compare."""
    before = period.year_before()
    this = now_db.count("问题总数", "查实的问题，不含提示", CERTAIN)
    with opened(path, *house.bounds(before.first, before.last), now) as elder:
        if elder.sites() != now_db.sites() or elder.rule_sets() != now_db.rule_sets():
            return Absent()
        return _compared("问题", "个", this, elder.count("去年同期问题总数", "去年同期查实的问题", CERTAIN))


def _compared(what: str, unit: str, this: Quantity, elder: Quantity) -> Piece:
    change = int(this.value - elder.value)
    ids = (this.id, elder.id)
    if not elder.value:
        return Absent()
    if not change:
        return ("与去年同期的", elder, f"{unit}持平")
    share = percent(change / elder.value)
    more = Quantity(
        identity("more", *ids),
        f"{what}增减",
        change,
        str(abs(change)),
        "本期减去年同期",
        "computed",
        " − ".join(ids),
        of=ids,
    )
    rate = Quantity(
        identity("rate", *ids),
        f"{what}增减比例",
        round(change / elder.value, 4),
        share,
        "增减除以去年同期",
        "computed",
        f"{more.id} / {elder.id}",
        of=(more.id, elder.id),
    )
    words = ("增加", "增长") if change > 0 else ("减少", "下降")
    return ("与去年同期的", elder, f"{unit}相比{words[0]}", more, f"{unit}，{words[1]}", rate)


def _published(config: Config, places: Places, period: Period) -> tuple[dict[str, Piece], list[dict[str, Piece]]]:
    try:
        book = read_book(config, places)
    except (NoRun, MissingData):
        missing: dict[str, Piece] = dict.fromkeys(("发布总数", "主题分布"), Gap("信息发布数量：没有抓取数据"))
        return missing | {"发布同比": Absent(), "未登记栏目说明": Absent()}, []
    by_site, by_topic = statistics(book, period, by="site"), statistics(book, period, by="topic")
    bare = "、".join(site.name for site in config.sites if not site.columns)
    whole, topics = by_site.total, [one for one in by_topic.figures if one.count]
    unread = f"信息发布数量：{len(whole.unread)}个栏目没有读全，已读到{whole.count}条，只是下限"
    parts = [(one.name, _figure(one, by_topic), "条") for one in topics]
    values: dict[str, Piece] = {
        "发布总数": _figure(whole, by_site) if whole.complete else Gap(unread),
        "主题分布": (listed(parts) if parts else Absent()) if whole.complete else Absent(),
        "未登记栏目说明": f"没有登记栏目、未统计的网站：{bare}" if bare else Absent(),
        "发布同比": Absent(),
    }
    if whole.complete and whole.growth is not None and whole.before:
        elder = statistics(book, period.year_before(), by="site")
        values["发布同比"] = _compared("发布", "条", _figure(whole, by_site), _figure(elder.total, elder))
    rows: list[dict[str, Piece]] = []
    for ranking in by_site.rankings:
        for rank, one in ranking.figures:
            number: Piece = (_figure(one, by_site),) if one.complete else ("≥ ", _figure(one, by_site), "（未读全）")
            rows.append(
                {
                    "类别": ranking.name,
                    "名次": str(rank) if rank else "未读全，不排名",
                    "网站": one.name,
                    "数量": number,
                }
            )
    return values, rows


def _figure(one: Figure, of: Statistics) -> Quantity:
    query = f"govcheck stats --from {of.period.first} --to {of.period.last} --by {of.by} --run {of.run} --items"
    says = f"{one.name}：{of.period} 按网页标明的日期公开的信息"
    return Quantity(one.id, one.name, one.count, str(one.count), says, "crawl.db", query, {"key": one.key}, one.items)
