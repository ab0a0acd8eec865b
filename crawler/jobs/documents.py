"""Drafts of official documents from findings.db and crawl.db, each with the queries behind its numbers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from crawler.config import Config
from crawler.config.cells import Unfit, moment
from crawler.core.clock import SHANGHAI
from crawler.core.model import Severity
from crawler.core.quantities import Absent, Gap, Part, Piece, Quantity, Row, chinese_day, listed, parts_of
from crawler.jobs.deciding import opened as open_desk
from crawler.jobs.places import Places
from crawler.jobs.refusals import BadOption
from crawler.report import machine
from crawler.report.word import BadTemplate, Filling, fill
from crawler.report.words import plain
from crawler.store.problems import Problem, Problems

TEMPLATES = Path(__file__).resolve().parent.parent / "report" / "templates"
KINDS = {"circular": "通报", "notice": "整改通知书", "reply": "整改报告"}
OUTCOMES = {"fixed": "已整改", "open": "仍存在", "not_rechecked": "未复查"}
BLANKS = ("联系人", "联系电话", "成文日期")  # what only the author knows
LISTED = 1_000  # issues in the annex of a letter; the workbook holds them all
_NAMES = re.compile(r"(《[^《》]{2,80}》)(?:（([^（）]{2,40})）)?")  # of a clause: 《…》（国办发〔2017〕47号）
_ADDRESS = 200  # characters of an address in a table
_WORKDAYS = re.compile(r"\s*(\d{1,3})\s*个?\s*(?:工作日)?\s*")


@dataclass(frozen=True, slots=True)
class Wish:
    """Options that all documents share."""

    out: Path | None = None
    template: Path | None = None
    deadline: str | None = None
    office: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    paths: tuple[Path, ...]
    figures: int
    gaps: tuple[str, ...]


def ready(places: Places) -> Path:
    """An older findings.db is brought up to date first, as the desk does."""
    with open_desk(places):
        return places.findings_db


def deadline(config: Config, written: str | None, days: int, today: date) -> date:
    """N个工作日 or a day. Raises BadOption for one that is past."""
    if written is None:
        return config.workdays.after(today, days)
    if found := _WORKDAYS.fullmatch(written):
        if not 1 <= int(found[1]) <= 250:
            raise BadOption("--deadline 请写 1 到 250 个工作日，例如 10个工作日")
        return config.workdays.after(today, int(found[1]))
    try:
        day = moment(written).date()
    except Unfit as unfit:
        raise BadOption(f"--deadline {unfit}；也可写 10个工作日") from None
    if day < today:
        raise BadOption(f"--deadline {day} 已经过去，请写今天（{today}）以后的日期或 10个工作日")
    return day


def issuer(config: Config, office: str) -> str | Gap:
    """As written, or the office of the one portal whose area is the prefecture's own."""
    if office:
        return plain(office, 60)
    own = [site.name for site in config.sites if site.level == "portal" and (site.area or "").endswith("00")]
    return f"{own[0]}办公室" if len(own) == 1 else Gap("印发机关", sentence=False)


def issue_row(number: int, one: Problem, name: str, due: str = "") -> Row:
    says, quote = plain(one.message or one.title, 300), plain(one.quote, 60)
    page, target = plain(one.url, _ADDRESS), plain(one.target, _ADDRESS)
    return {
        "序号": str(number),
        "编号": str(one.number),
        "网站": plain(name, 60),
        "说明": f"{says}（{quote}）" if quote and quote not in says else says,
        "位置": f"{target}（所在页面：{page}）" if target and target != page else page,
        "依据": plain(one.clause, 300) or "—",
        "文件": "；".join(dict.fromkeys(_cited(*found) for found in _NAMES.findall(one.clause))) or "—",
        "要求": plain(one.fix, 300) or "核实并更正",
        "程度": one.severity,
        "状态": "已答复，待复查" if one.work == "answered" and one.outcome != "fixed" else OUTCOMES[one.outcome],
        "期限": due,
        "整改情况": Gap("整改措施、时间、责任人", sentence=False),
    }


def most_pressing(found: Sequence[Problem]) -> Sequence[Problem]:
    """As many as an annex lists: the gravest where they are too many, in the order they came."""
    if len(found) <= LISTED:
        return found
    chosen = {one.number for one in sorted(found, key=lambda one: -Severity(one.severity).rank)[:LISTED]}
    return [one for one in found if one.number in chosen]


def list_says(whole: Piece, issues: int) -> Piece:
    """How many there are, and where the rest stands if the annex is cut (BEHAVIOURS 98)."""
    cut = f"，本表按严重程度列出前{LISTED}个，其余见问题清单工作簿" if issues > LISTED else ""
    return ("共", *parts_of(whole), f"个问题{cut}")


def _cited(name: str, number: str) -> str:
    """As short as a list may cite it: the number of an official letter says enough, that of a law does not."""
    return number if "〔" in number or number.endswith("通报") else name.replace("中华人民共和国", "")


_NOBODY = Problem(0, "", "", "", "", "", "", "", "", "", "", first_seen=None, lot="", outcome="open")
ISSUE_FIELDS = tuple(issue_row(1, _NOBODY, ""))


def template_of(kind: str, config_dir: Path, wish: Wish) -> Path:
    """--template, the office's own in config/templates, or the shipped one."""
    own = config_dir / "templates" / f"{kind}.docx"
    if wish.template is not None and not wish.template.is_file():
        raise BadOption(f"没有模板文件 {wish.template}；govcheck document template {kind} 写出一份可以改的")
    return wish.template or (own if own.is_file() else TEMPLATES / f"{kind}.docx")


def write(
    kind: str, template: Path, filling: Filling, told: Iterable[Quantity], target: Path, about: dict[str, Any]
) -> Written:
    """`about` heads figures.json. Raises BadOption."""
    try:
        filled = fill(template, filling)
    except BadTemplate as error:
        raise BadOption(str(error)) from None
    used = [one for one in {one.id: one for one in told}.values() if one.id in filled.bookmarks]
    document = about | {
        "schema": "figures-1",
        "kind": kind,
        "document": target.name,
        "gaps": filled.gaps,
        "note": "sql 在 findings.db 上重算；其中 :decided 是本文件 decided 的 JSON 文本（人工决定折算的结果）",
        "figures": [_figure(one, filled.bookmarks[one.id]) for one in used],
    }
    if target.suffix.lower() != ".docx":
        raise BadOption(f"--out 请写 .docx 文件，现在是 {plain(target.name, 80)}")
    figures = target.with_name(f"{target.stem}.figures.json")
    _replace({target: filled.data, figures: (machine.dumps(document) + "\n").encode()})
    return Written((target, figures), len(used), tuple(filled.gaps))


def _figure(one: Quantity, bookmarks: Sequence[str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "value": one.value,
        "text": one.text,
        "says": one.says,
        "bookmarks": list(bookmarks),
        "source": one.source,
        "sql" if one.source == "findings.db" else "query": one.query,
        "parameters": dict(one.parameters),
        "items": list(one.items),
        "of": list(one.of),
    }


def _replace(files: dict[Path, bytes]) -> None:
    """Both whole, or the elder ones stay."""
    halves = {path: path.with_name(f".{os.getpid()}.{path.name}.part") for path in files}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            halves[path].write_bytes(data)
        for path, half in halves.items():
            half.replace(path)
    finally:
        for half in halves.values():
            half.unlink(missing_ok=True)


def copy_template(kind: str, target: Path) -> Path:
    """The shipped template, to be changed in Word; what is there stays."""
    if target.exists():
        raise BadOption(f"{target} 已存在，没有改动；要恢复原样请先把它移走")
    _replace({target: (TEMPLATES / f"{kind}.docx").read_bytes()})
    return target


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    return (
        datetime.combine(first, time(), SHANGHAI),
        datetime.combine(last + timedelta(days=1), time(), SHANGHAI),
    )


def unjudged(db: Problems, site: str = "") -> Piece:
    """What the newest checks could not judge: nothing found there means nothing."""
    parts: list[tuple[Part, ...]] = [
        (number, unit) for number, unit in ((db.unread(*one, site=site), one[-1]) for one in _UNJUDGED) if number.value
    ]
    return ("最近一次检查中，另有", *listed(parts), "没有判定，不等于没有问题") if parts else Absent()


_UNJUDGED = (
    ("未判定规则数", "results", "项检查"),
    ("未取得网页数", "pages", "个网页"),
    ("未核实链接数", "targets", "个链接"),
)


def blanks() -> dict[str, Gap]:
    return {name: Gap(name, sentence=False) for name in BLANKS}


def dated(at: datetime | None) -> str | Gap:
    return chinese_day(at.astimezone(SHANGHAI).date()) if at else Gap("检查日期", sentence=False)
