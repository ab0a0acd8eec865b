"""`govcheck evidence`: a bundle per issue that opens offline, chained against changes (BEHAVIOURS 95)."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from crawler.audit.discover import discover
from crawler.audit.select import select
from crawler.config import Config
from crawler.core.clock import SHANGHAI
from crawler.core.evidence import EXCHANGES_MOST, NO_CRAWL, Exchange, Exhibit, Gathered, Origin, Picture
from crawler.core.model import Place
from crawler.core.report import FindingRow, Report
from crawler.crawl.intake import is_html
from crawler.fetch.browser import find_chromium, picture
from crawler.jobs.deciding import find, history_of, opened
from crawler.jobs.places import Places, held
from crawler.jobs.refusals import BadOption, BadTarget
from crawler.parse.inert import Marked, marked
from crawler.report import evidence as bundle
from crawler.report import evidence_chain as chain
from crawler.store import exhibits
from crawler.store.crawl_db import RENDERED, SEARCHED, open_crawl
from crawler.store.datafile import explained_sql
from crawler.store.desk import Case

PAGES = 3  # marked pages of one bundle; a template has thousands
MOST = 200  # bundles of one command
_SECONDS = 20.0  # of one screenshot
_SHOTS_PER_BUNDLE = 1
_NO_BROWSER = "没有安装 Chromium（或用 GOVCHECK_CHROMIUM 指明）"
_ONE_SHOT = f"每个证据包只截前 {_SHOTS_PER_BUNDLE} 个页面"
_TOLD_HEAD = re.compile(r"证据链头（第 \d+ 号）：([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    whats: Sequence[str]
    site: str | None = None
    out: Path | None = None
    pages: int = PAGES
    most: int = MOST
    shots: bool = True


@dataclass(frozen=True, slots=True)
class Made:
    """One bundle, new or found unchanged."""

    link: chain.Link
    new: bool
    size: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    folder: Path
    made: tuple[Made, ...]
    left: int  # issues beyond the limit
    undescribed: tuple[int, ...]  # issues that no audit describes any more
    head: str


def write(config: Config, places: Places, wish: Wish) -> Done:
    """Raises BadTarget or BadOption in one sentence; a bundle is whole or not there."""
    folder = _folder(wish.out or places.evidence)
    chosen = _chosen(config, places, wish)
    limits = _Limits(config)
    made: list[Made] = []
    undescribed: list[int] = []
    with held(folder / "chain.lock", "证据包的写入"), _crawled(places) as connection:
        links = _continued(folder)
        for case in chosen[: wish.most]:
            exhibit = _exhibit(places, case, connection, limits)
            if exhibit is None:
                undescribed.append(case.number)
                continue
            one = _put(folder, links, exhibit, wish)
            made.append(one)
            if one.new:
                links.append(one.link)
    left = max(0, len(chosen) - wish.most)
    return Done(folder, tuple(made), left, tuple(undescribed), links[-1].head if links else "")


def _folder(folder: Path) -> Path:
    if folder.exists() and not folder.is_dir():
        raise BadOption(f"--out {folder} 是一个文件，请给一个文件夹")
    if folder.is_dir() and not (folder / chain.CHAIN).exists() and any(
        path.name not in {"chain.lock", chain.HEAD} and not path.name.startswith((".", "00001-"))
        for path in folder.iterdir()
    ):  # fmt: skip
        raise BadOption(f"{folder} 里已有别的文件，又没有证据链文件 {chain.CHAIN}；请给一个空文件夹，或放回证据链文件")
    return folder


def _chosen(config: Config, places: Places, wish: Wish) -> list[Case]:
    if not wish.whats and wish.site is None:
        raise BadTarget("请写问题编号或指纹，或用 --site 写网站 ID；编号见报告或 govcheck issues list")
    if wish.site is not None:
        config.site(wish.site)  # raises UnknownSite, which names the near ones
    with opened(places) as findings:
        found = [find(findings, what) for what in wish.whats]
        if wish.site is not None:
            found += [case for case in findings.cases(site=wish.site) if case.state not in {"fixed", "withdrawn"}]
    return list({case.number: case for case in found}.values())


def _continued(folder: Path) -> list[chain.Link]:
    shutil.rmtree(folder / ".part", ignore_errors=True)
    try:
        return chain.recover(folder)
    except chain.BrokenChain as error:
        raise BadTarget(str(error)) from error


@contextmanager
def _crawled(places: Places) -> Iterator[Connection | None]:
    """None where there is no crawl.db: what findings.db keeps is still worth a bundle, and says what is missing."""
    if not places.crawl_db.exists():
        yield None
        return
    engine = open_crawl(places.crawl_db, read_only=True)
    try:
        with explained_sql(places.crawl_db), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


# ── What goes in ─────────────────────────────────────────────────────────────────────────────────────────────────────


class _Limits:
    """The thresholds rules run with now; said to be others where the configuration has changed since."""

    def __init__(self, config: Config) -> None:
        found = discover(config.rules.packages)
        self._digest = config.digest
        self._rules = {rule.code: rule for rule in found.rules}
        self._chosen = select(found.rules, config, broken=[broken.code for broken in found.broken])

    def of(self, finding: FindingRow, origin: Origin) -> tuple[dict[str, str], str]:
        rule = self._rules.get(finding.rule)
        if rule is None:
            return {}, f"现在没有规则 {finding.rule}，门限无从得知。"
        values = {name: each.default for name, each in rule.options.items()}
        values |= self._chosen.options(rule, finding.site)
        shown = {name: _shown(value) for name, value in values.items()}
        if origin.run.config_digest != self._digest:
            return shown, "门限取自现在的配置；作出判断时的配置与现在不同（指纹见第八节）。"
        return shown, "门限取自作出判断时的配置。" if shown else "这条规则没有可设的门限。"


def _shown(value: object) -> str:
    match value:
        case timedelta():
            days, rest = divmod(value.total_seconds(), 86_400)
            return f"{days:g} 天" if not rest else f"{value.total_seconds() / 3600:g} 小时"
        case list() | tuple() | set() | frozenset():
            return "、".join(map(str, value)) or "（空）"
        case _:
            return str(value)


def _exhibit(places: Places, case: Case, connection: Connection | None, limits: _Limits) -> Exhibit | None:
    with opened(places) as findings:
        origin = findings.origin(case.number)
    finding = case.told
    if origin is None or finding is None:
        return None
    finding = replace(finding, state=case.state, first_seen=case.first_seen, last_seen=case.last_seen)
    values, note = limits.of(finding, origin)
    urls = _urls(finding, origin)
    cited = {cite.fetch for cite in origin.cites if cite.fetch}
    until = max((cite.run for cite in origin.cites if cite.run), default=None)
    gathered = Gathered(missing=NO_CRAWL)
    if connection is not None:
        gathered = exhibits.gather(connection, urls, cited, site=case.site, until=until)
    history = tuple(
        " ".join(str(row[key]) for key in ("at", "who", "action", "reason") if row.get(key)).replace("T", " ", 1)
        for row in history_of(case)
    )
    known = max(finding.parent_count, len(_places(finding)))
    return Exhibit(case.number, finding, origin, gathered, history, values, note, known)


def _urls(finding: FindingRow, origin: Origin) -> list[str]:
    """The weightiest first: the target, the place, pages that carry it, then whatever else was cited."""
    named = [finding.target or "", finding.place.url, *(place.url for place in _places(finding)[:PAGES])]
    pages = [f"{prefix}:{url}" for prefix in (RENDERED, SEARCHED) for url in named[:2] if url]
    cited = [cite.url for cite in origin.cites]
    wanted = [*named, *cited[:EXCHANGES_MOST], *pages]
    return list(dict.fromkeys(url for url in wanted if url))


def _places(finding: FindingRow) -> list[Place]:
    """Where a person can look: the finding's own place, then the pages that link there."""
    own = [finding.place] if finding.place.url else []
    found = own + [Place(parent.url, parent.css, parent.text) for parent in finding.parents]
    # A place without a path gives way to one with it on the same page.
    best: dict[str, Place] = {}
    for place in found:
        if place.url not in best or (place.css and not best[place.url].css):
            best[place.url] = place
    return list(best.values())


# ── One bundle ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _put(folder: Path, links: Sequence[chain.Link], exhibit: Exhibit, wish: Wish) -> Made:
    """Written beside the others and moved into place; what was there before is never touched."""
    document = bundle.facts(exhibit)
    content = chain.digest_of({"facts": document, "pages": wish.pages})
    if (same := _same(folder, links, exhibit, content)) is not None:
        return Made(same, new=False, size=_size(folder / same.folder))
    number, previous = len(links) + 1, links[-1].head if links else chain.ORIGIN
    name = f"{number:05d}-issue{exhibit.number}-{exhibit.finding.fingerprint[:12]}"
    made = datetime.now(SHANGHAI)
    part = folder / ".part"
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        pictures = _pictures(part, exhibit, wish)
        bodies = bundle.write_bodies(part, exhibit)
        bundle.write_warc(part, exhibit, made)
        bundle.write_facts(part, document)
        text = bundle.index(exhibit, pictures, bodies, number=number, previous=previous, made=made)
        (part / "index.html").write_text(text, "utf-8")
        link = chain.seal(
            part,
            number=number,
            folder=name,
            made=made.isoformat(timespec="seconds"),
            issue=exhibit.number,
            fingerprint=exhibit.finding.fingerprint,
            content=content,
            previous=previous,
        )
        part.rename(folder / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    chain.append(folder, link)
    return Made(link, new=True, size=_size(folder / name), missing=_missing(exhibit, pictures))


def _same(folder: Path, links: Sequence[chain.Link], exhibit: Exhibit, content: str) -> chain.Link | None:
    """The newest bundle of the issue, where it says the same and is whole."""
    fingerprint = exhibit.finding.fingerprint
    newest = next((link for link in reversed(links) if link.fingerprint == fingerprint), None)
    if newest is None or newest.content != content or chain.verify_one(folder / newest.folder).problems:
        return None
    return newest


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def _missing(exhibit: Exhibit, pictures: Sequence[Picture]) -> tuple[str, ...]:
    """What a person should know of before handing the bundle on."""
    said = [exhibit.gathered.missing] if exhibit.gathered.missing else []
    said += [picture.why for picture in pictures if picture.why]
    said += [body.why for body in exhibit.gathered.bodies.values() if body.why]
    return tuple(dict.fromkeys(said))


def _pictures(part: Path, exhibit: Exhibit, wish: Wish) -> list[Picture]:
    pictures: list[Picture] = []
    for place in _places(exhibit.finding)[: wish.pages]:
        number = len(pictures) + 1
        picture_, page = _page(exhibit, place, f"page-{number}")
        if page is not None:
            text = bundle.marked_page(page, picture_)
            (part / f"{picture_.name}.html").write_text(text, "utf-8")
            picture_ = _photographed(part, picture_, text, wish, number)
        pictures.append(picture_)
    return pictures


def _page(exhibit: Exhibit, place: Place, name: str) -> tuple[Picture, Marked | None]:
    """The stored page; as a browser saw it where the place is only there."""
    best: tuple[Picture, Marked] | None = None
    why = "这个地址没有保存过内容"
    for url in (place.url, f"{RENDERED}:{place.url}", f"{SEARCHED}:{place.url}"):
        each = _reading(exhibit, url)
        if each is None:
            continue
        body = exhibit.gathered.bodies.get(each.body_hash)
        if body is None or body.data is None:
            why = exhibits.why_no_body(each, exhibit.gathered.bodies)
            continue
        headers = {"content-type": each.content_type, **each.headers}
        if url == place.url and not is_html(headers, body.data):
            why = "不是网页（文件或接口数据），没有可标注的页面；原样字节见正文文件"
            continue
        target = exhibit.finding.target or ""
        target = "" if target == place.url else target  # a page that is judged itself: its menu is not the place
        page = marked(body.data, each.final_url, headers, css=place.css, quote=place.quote, target=target)
        shown = Picture(place.url, name, each.number, each.at, each.body_hash, page.how, page.source)
        if page.how or best is None:
            best = (shown, page)
        if page.how:
            break
    return best or (Picture(place.url, why=why), None)


def _reading(exhibit: Exhibit, url: str) -> Exchange | None:
    """The reading of a URL the finding rests on, else the newest that brought a body."""
    rows = [each for each in exhibit.gathered.exchanges if each.url == url]
    return max(rows, key=lambda each: (each.cited, bool(each.body_hash), each.at), default=None)


def _photographed(part: Path, shown: Picture, text: str, wish: Wish, number: int) -> Picture:
    chromium = find_chromium() if wish.shots else None
    if not wish.shots:
        return replace(shown, shot_why="没有要求截图（--no-screenshot）")
    if number > _SHOTS_PER_BUNDLE:
        return replace(shown, shot_why=_ONE_SHOT)
    if chromium is None:
        return replace(shown, shot_why=_NO_BROWSER)
    shot = asyncio.run(picture(chromium, text.encode("utf-8", "replace"), box="#gc-mark", seconds=_SECONDS))
    if not shot.png:
        return replace(shown, shot_why=shot.problem)
    name = f"{shown.name}.png"
    (part / name).write_bytes(shot.png)
    return replace(shown, shot=name)


# ── Checking ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def verify(places: Places, folder: Path | None, heads: Sequence[str] = ()) -> chain.Verified:
    """Of the data folder's chain, of another, or of one bundle that was handed on."""
    for head in heads:
        if not re.fullmatch(r"[0-9a-f]{64}", head):
            raise BadOption(f"--head {head} 不是链头，应是报告里印着的 64 位十六进制数")
    where = folder or places.evidence
    if not where.is_dir():
        raise BadTarget(f"没有证据文件夹 {where}；先用 govcheck evidence 问题编号 写出证据包")
    if (where / chain.MANIFEST).exists() and not (where / chain.CHAIN).exists():
        return chain.verify_one(where)
    if not any(path.name != "chain.lock" for path in where.iterdir()):
        raise BadTarget(f"{where} 是空的，没有证据包可核对")
    told = {*heads, *(_told_heads(places) if folder is None else ())}
    return chain.verify(where, told)


def _told_heads(places: Places) -> Iterator[str]:
    """Heads that the newest report printed: nobody who holds it can be shown a shorter chain."""
    try:
        notes = json.loads((places.reports / "latest" / "findings.json").read_bytes()).get("notes", [])
    except (OSError, ValueError, AttributeError):
        return
    for note in notes if isinstance(notes, list) else []:
        if found := _TOLD_HEAD.search(str(note)):
            yield found[1]


def noted(places: Places, report: Report) -> Report:
    """The report with the head of the chain, where there is one."""
    try:
        link = chain.last(places.evidence)
    except (chain.BrokenChain, OSError):
        note = "证据链文件已被改动或读不到，请运行 govcheck evidence verify"
    else:
        if link is None:
            return report
        note = f"证据链头（第 {link.number} 号）：{link.head}"
    return replace(report, notes=(*report.notes, note))


def document(done: Done) -> Mapping[str, Any]:
    return {
        "schema": "evidence-made-1",
        "folder": str(done.folder),
        "head": done.head,
        "left": done.left,
        "undescribed": list(done.undescribed),
        "bundles": [
            {
                "number": made.link.number,
                "issue": made.link.issue,
                "fingerprint": made.link.fingerprint,
                "folder": made.link.folder,
                "head": made.link.head,
                "new": made.new,
                "bytes": made.size,
                "missing": list(made.missing),
            }
            for made in done.made
        ],
    }


def lines(done: Done) -> list[str]:
    said = []
    for made in done.made:
        what = "已写出" if made.new else "内容没有变化，沿用"
        missing = f"；缺：{'；'.join(made.missing)}" if made.missing else ""
        said.append(
            f"问题 {made.link.issue}：{what}第 {made.link.number} 号证据包 "
            f"{done.folder / made.link.folder}（{made.size / 1000:.0f} kB）{missing}"
        )
    said += [f"问题 {number}：没有留存结论的内容，没有写证据包" for number in done.undescribed]
    if done.left:
        said.append(f"另有 {done.left} 个问题超出一次的上限，没有写；用 --max 提高上限，或写问题编号")
    if not said:
        said.append("没有未关闭的问题，没有写证据包")
    if done.head:
        said.append(f"链头 {done.head}（请随证据一并记录）")
    return said
