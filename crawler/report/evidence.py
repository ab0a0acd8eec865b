"""Writes one evidence bundle: pages to read, facts for machines, a WARC, the bodies as they were."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from crawler.core.evidence import Exchange, Exhibit, Picture
from crawler.parse.inert import Marked
from crawler.report import evidence_chain, evidence_warc, machine, words
from crawler.store.exhibits import why_no_body

WARC = "exchanges.warc.gz"
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")


def facts(exhibit: Exhibit) -> dict[str, Any]:
    """What the bundle says, for machines; nothing in it depends on when the bundle was made."""
    gathered, origin = exhibit.gathered, exhibit.origin
    return {
        "schema": evidence_chain.SCHEMA,
        "issue": exhibit.number,
        "finding": machine.finding_document(exhibit.finding),
        "pages_known": exhibit.pages_known,
        "limits": dict(exhibit.limits),
        "limits_note": exhibit.limits_note,
        "run": machine.run_document(origin.run),
        "site": asdict(origin.site) if origin.site else None,
        "rule": asdict(origin.rule) if origin.rule else None,
        "cites": [
            {
                "url": cite.url,
                "request": cite.fetch,
                "at": cite.at.isoformat() if cite.at else None,
                "run": cite.run,
                "state": cite.state,
                "body_sha256": cite.body_hash,
            }
            for cite in origin.cites
        ],
        "exchanges": [
            evidence_warc.exchange_document(each) | {"body_missing": why_no_body(each, gathered.bodies)}
            for each in gathered.exchanges
        ],
        "testimonies": [{"subject": each.subject, "lines": list(each.lines)} for each in gathered.testimonies],
        "unknown": list(gathered.unknown),
        "left_out": gathered.left_out,
        "missing": gathered.missing,
        "history": list(exhibit.history),
    }


def body_name(digest: str) -> str:
    return f"body-{digest[:16]}.bin"


def write_bodies(part: Path, exhibit: Exhibit) -> dict[str, str]:
    """Files of the bodies that are at hand, by sha256. Their names hold nothing from the web."""
    written = {}
    for digest, body in exhibit.gathered.bodies.items():
        if body.data is not None:
            written[digest] = body_name(digest)
            (part / written[digest]).write_bytes(body.data)
    return written


def write_warc(part: Path, exhibit: Exhibit, made: datetime) -> None:
    with (part / WARC).open("wb") as stream:
        evidence_warc.write(stream, exhibit.gathered, program=exhibit.origin.run.program, made=made, name=WARC)


def write_facts(part: Path, document: Mapping[str, Any]) -> None:
    (part / "facts.json").write_text(machine.dumps(dict(document)) + "\n", "utf-8")


def marked_page(marked: Marked, picture: Picture) -> str:
    """The page with the place marked, as a document of its own."""
    template = _environment().get_template("evidence_page.html.jinja")
    return template.render(p=marked, url=picture.url, at=picture.at, exchange=picture.exchange, sha256=picture.sha256)


def index(
    exhibit: Exhibit,
    pictures: Sequence[Picture],
    bodies: Mapping[str, str],
    *,
    number: int,
    previous: str,
    made: datetime,
) -> str:
    """The page a person opens first."""
    finding, origin = exhibit.finding, exhibit.origin
    site = origin.site

    def why(exchange: Exchange) -> str:
        return why_no_body(exchange, exhibit.gathered.bodies)

    return _environment().get_template("evidence.html.jinja").render(
        exhibit=exhibit,
        f=finding,
        g=exhibit.gathered,
        rule=origin.rule,
        run=origin.run,
        site=f"{words.plain(site.name, 100)}（{site.id}）" if site else finding.site,
        number=number,
        previous=previous,
        made=made,
        pictures=pictures,
        body_files=bodies,
        why_no_body=why,
        extent=_extent(exhibit),
        pages_line=_pages_line(exhibit, pictures),
        style=files("crawler.report").joinpath("templates", "evidence.css").read_text("utf-8"),
    )  # fmt: skip


def _extent(exhibit: Exhibit) -> str:
    count, parents = exhibit.finding.count, exhibit.finding.parent_count
    said = f"{count} 处（同一原因合为一个问题）" if count > 1 else "1 处"
    return f"{said}；有 {parents} 个页面指向或带有它" if parents else said


def _pages_line(exhibit: Exhibit, pictures: Sequence[Picture]) -> str:
    shown = sum(not picture.why for picture in pictures)
    if exhibit.pages_known > len(pictures):
        return f"这个问题涉及 {exhibit.pages_known} 个页面，这里取样 {len(pictures)} 个，写出 {shown} 个。"
    return f"这个问题涉及 {exhibit.pages_known} 个页面，写出 {shown} 个。"


def lines(text: str, limit: int) -> str:
    """Text of the web that keeps its lines."""
    cut = _LINE_ENDS.sub("\n", text[: limit + 1])
    kept = "\n".join(words.plain(line) for line in cut.split("\n"))
    return kept if len(text) <= limit else kept[:limit] + "…"


def second(moment: datetime | None) -> str:
    return f"{words.beijing(moment):%Y-%m-%d %H:%M:%S}" if moment else "—"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("crawler.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(plain=words.plain, minute=words.minute, second=second, lines=lines)
    environment.globals.update(
        certainties=words.CERTAINTIES,
        severity_notes=words.SEVERITY_NOTES,
        states=words.STATES,
        outcomes=words.OUTCOMES,
        never_asked=evidence_warc.NEVER_ASKED,
    )
    return environment
