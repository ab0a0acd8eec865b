"""Reads from crawl.db what a finding rests on: rows of the fetch log about its URLs, and the bodies as they were."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from crawler.core.clock import SHANGHAI, beijing
from crawler.core.evidence import (
    BODIES_LARGEST,
    BODY_LARGEST,
    DAMAGED,
    EXCHANGES_MOST,
    NOT_STORED,
    PRUNED,
    TOO_LARGE,
    Body,
    Exchange,
    Gathered,
    Testimony,
)
from crawler.core.model import Attempt, Outcome, State
from crawler.store import crawl_db as db
from crawler.store import probes, runs, searches
from crawler.store.log import AT_ONCE
from crawler.store.pack import Detail, decompress, unpack_detail
from crawler.store.runs import Run

_OF_ONE_URL = 12  # rows of its history, beside those that are cited
_WIRE = (probes.PROBE, probes.TLS, probes.IPV6)
_PROBES_SHOWN = 200  # rows of home page probes that are written out
_DERIVED = (f"{db.RENDERED}:", f"{db.SEARCHED}:")  # looked for beside the page; most pages have neither
_INPUT = "input:"  # a file of config/inputs/


def gather(
    connection: Connection, urls: Sequence[str], cited: Collection[int], *, site: str, until: int | None
) -> Gathered:
    """`urls` in the order of their weight; `cited` rows of the fetch log; `until`: the run that was judged."""
    pages = [url for url in urls if url.startswith(("http://", "https://", f"{db.RENDERED}:", f"{db.SEARCHED}:"))]
    rows = _rows(connection, pages, cited, until)
    order = {url: place for place, url in enumerate(pages)}
    rows.sort(key=lambda row: (row.id not in cited, order.get(row.url, len(order)), -row.at))
    kept, left_out = rows[:EXCHANGES_MOST], max(0, len(rows) - EXCHANGES_MOST)
    agents = _agents(connection, {row.run for row in kept})
    exchanges = sorted((_exchange(row, cited, agents) for row in kept), key=lambda each: (each.at, each.number))
    seen = {exchange.url for exchange in exchanges}
    testimonies = tuple(_testimonies(connection, [url for url in urls if url not in order], site, until))
    spoken = {testimony.subject for testimony in testimonies}
    return Gathered(
        tuple(exchanges),
        _bodies(connection, exchanges),
        testimonies,
        tuple(
            url
            for url in urls
            if url not in seen and url not in spoken and not left_out and not url.startswith(_DERIVED)
        ),
        left_out,
    )


def _rows(connection: Connection, urls: Sequence[str], cited: Collection[int], until: int | None) -> list[Any]:
    """Of sealed runs that are not void; a cited row is taken whatever its run is."""
    found: dict[int, Any] = {}
    base = select(db.fetches, db.urls.c.url, db.urls.c.kind).join(db.urls, db.urls.c.id == db.fetches.c.url_id)
    numbers = sorted(cited)
    for start in range(0, len(numbers), AT_ONCE):
        wanted = base.where(db.fetches.c.id.in_(numbers[start : start + AT_ONCE]))
        found.update((row.id, row) for row in connection.execute(wanted))
    counted = base.join(db.runs, db.runs.c.number == db.fetches.c.run).where(
        db.runs.c.status == "sealed", db.runs.c.void == 0
    )
    if until is not None:
        counted = counted.where(db.fetches.c.run <= until)
    newest = counted.order_by(db.fetches.c.at.desc(), db.fetches.c.id.desc()).limit(_OF_ONE_URL)
    for url in urls[: 2 * EXCHANGES_MOST]:
        found.update((row.id, row) for row in connection.execute(newest.where(db.urls.c.url == url)))
    return list(found.values())


def _agents(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    found = {}
    for number in numbers:
        run = runs.find(connection, number)
        found[number] = str(run.asked.get("user_agent", "")) if run else ""
    return found


def _exchange(row: Any, cited: Collection[int], agents: Mapping[int, str]) -> Exchange:
    detail = unpack_detail(row.detail) if row.detail else Detail()
    at, elapsed = beijing(row.at), timedelta(seconds=row.elapsed)
    attempts = tuple(
        Attempt(a.at.astimezone(SHANGHAI), a.url, a.status, a.outcome, a.elapsed, a.note) for a in detail.attempts
    )
    plain = Attempt(at, row.final_url or row.url, row.status, Outcome(row.outcome), elapsed, row.note)
    return Exchange(
        row.id,
        row.url,
        row.kind,
        at,
        row.run,
        State(row.state),
        Outcome(row.outcome),
        row.status,
        row.final_url or row.url,
        elapsed,
        row.content_type,
        detail.headers,
        detail.hops,
        attempts or (plain,),
        detail.tls,
        row.note,
        row.body_hash.hex() if row.body_hash else "",
        row.length,
        bool(row.truncated),
        row.id in cited,
        agents.get(row.run, ""),
    )


def _bodies(connection: Connection, exchanges: Iterable[Exchange]) -> dict[str, Body]:
    """Those that are cited first, so that a limit cuts the history and not the proof."""
    bodies: dict[str, Body] = {}
    room = BODIES_LARGEST
    for exchange in sorted(exchanges, key=lambda each: not each.cited):
        digest = exchange.body_hash
        if not digest or digest in bodies:
            continue
        body = _body(connection, digest, exchange.length, room)
        bodies[digest] = body
        room -= len(body.data or b"")
    return bodies


def _body(connection: Connection, digest: str, length: int, room: int) -> Body:
    stored = db.bodies
    size = connection.scalar(select(stored.c.size).where(stored.c.hash == bytes.fromhex(digest)))
    if size is None:
        return Body(digest, length, why=PRUNED)
    if size > min(room, BODY_LARGEST):
        return Body(digest, size, why=TOO_LARGE)
    packed = connection.scalar(select(stored.c.data).where(stored.c.hash == bytes.fromhex(digest)))
    try:
        data = decompress(packed or b"")
    except Exception:  # noqa: BLE001  zstd's own error has no common base; the bytes are not what they were
        return Body(digest, size, why=DAMAGED)
    if hashlib.sha256(data).hexdigest() != digest:
        return Body(digest, size, why=DAMAGED)
    return Body(digest, len(data), data)


def why_no_body(exchange: Exchange, bodies: Mapping[str, Body]) -> str:
    """ "" where the body is at hand."""
    return bodies[exchange.body_hash].why if exchange.body_hash in bodies else NOT_STORED


# ── What is no page ──────────────────────────────────────────────────────────────────────────────────────────────────


def _testimonies(connection: Connection, subjects: Iterable[str], site: str, until: int | None) -> Iterator[Testimony]:
    run = runs.find(connection, until)
    for subject in subjects:
        lines: list[str] = []
        if run is not None and subject.startswith(_WIRE):
            lines = _of_the_wire(connection, subject, run, site)
        elif run is not None and subject.startswith(searches.SEARCH):
            lines = _of_a_search(connection, subject, run)
        elif subject.startswith(_INPUT):
            lines = [f"输入资料 {subject.removeprefix(_INPUT)}：由人提供的文件，见 config/inputs/"]
        if lines:
            yield Testimony(subject, tuple(lines))


def _of_the_wire(connection: Connection, subject: str, run: Run, site: str) -> list[str]:
    as_of = beijing(run.as_of)
    name = subject.partition(":")[2]
    if subject.startswith(probes.PROBE):
        rows = probes.probes_of(connection, name, as_of - probes.KEPT_IN_VIEW, as_of)
        head = [f"首页探测 {len(rows)} 次，下面是最近 {min(len(rows), _PROBES_SHOWN)} 次"] if rows else []
        return head + [
            f"{probe.at:%Y-%m-%d %H:%M:%S} {probe.url} 返回码 {probe.status if probe.status is not None else '无'}，"
            f"{probe.outcome.value}，{probe.elapsed.total_seconds():.1f} 秒{'，' + probe.note if probe.note else ''}"
            for probe in rows[-_PROBES_SHOWN:]
        ]
    if subject.startswith(probes.TLS):
        return [
            line
            for host in probes.hosts_of(connection, site, (name,), run)
            for line in (
                f"{host.at:%Y-%m-%d %H:%M:%S} 读取 {host.url} 时的证书与加密连接",
                *(f"{label}：{value}" for label, value in sorted(host.tls.items())),
            )
        ]
    return [
        f"{look.at:%Y-%m-%d %H:%M:%S} {look.host}：有 IPv6 地址 {look.record}，经 IPv6 打开 {look.reached}"
        f"{'，' + look.note if look.note else ''}"
        for look in probes.ipv6_of(connection, name, run.number)
    ]


def _of_a_search(connection: Connection, subject: str, run: Run) -> list[str]:
    look = searches.newest(connection, subject.removeprefix(searches.SEARCH), run.number)
    if look is None:
        return []
    note = f"，{look.note}" if look.note else ""
    return [
        f"{look.at:%Y-%m-%d %H:%M:%S} 试用网站的搜索 {look.url}（{look.family}）：能用 {look.works}{note}",
        *(f"查“{trial.title}”：找到 {trial.found}，查询地址 {trial.asked}" for trial in look.trials),
    ]
