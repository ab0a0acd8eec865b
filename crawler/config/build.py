"""From validated shapes to the nouns of the program."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crawler.config.settings import ColumnKinds, Edition, RuleSettings
from crawler.core.model import (
    EXTERNAL,
    Attachments,
    Clause,
    Column,
    Ignored,
    Network,
    Outage,
    Platform,
    Rendering,
    Site,
    Source,
)
from crawler.core.protection import Signature
from crawler.core.urls import normalise
from crawler.core.workdays import Workdays

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.config import shapes
    from crawler.config.problems import Position
    from crawler.config.reading import Source as File


def site(shape: shapes.SiteShape, kinds: ColumnKinds) -> Site:
    return Site(
        id=shape.id,
        name=shape.name,
        code=shape.code,
        level=shape.level,
        platform=shape.platform,
        home=shape.home,
        hosts=tuple(dict.fromkeys(shape.hosts)),
        # "/" claims nothing beyond what own hosts give
        prefixes=tuple(value for value in dict.fromkeys(shape.prefixes) if value != "/"),
        confirmed=shape.confirmed,
        owner=shape.owner,
        columns=tuple(_column(column, kinds) for column in shape.columns),
        outages=tuple(Outage(outage.start, outage.end, outage.number) for outage in shape.outages),
        ignore=tuple(_ignored(row) for row in shape.ignore),
        area=shape.area,
        search_probe=shape.search_probe,
        cloaking_check=shape.cloaking_check,
    )


def _ignored(shape: shapes.IgnoredShape) -> Ignored:
    return Ignored(normalise(shape.prefix).partition("://")[2], shape.prefix, shape.reason, shape.until)


def _column(shape: shapes.ColumnShape, kinds: ColumnKinds) -> Column:
    kind = kinds.kind_of[shape.kind.strip()]
    return Column(
        id=shape.id,
        name=shape.name,
        kind=kind,
        url=shape.url,
        field=kinds.field_of[shape.field.strip()] if shape.field else None,
        limit=shape.limit if shape.limit is not None else kinds.limit(kind, shape.name),
        parent=shape.parent,
    )


def official_order(one: Site) -> tuple[bool, str, str]:
    """Portals before departments, by area code, then by id."""
    return one.level != "portal", one.area or "~", one.id


def platform(shape: shapes.PlatformShape) -> Platform:
    """What is not written keeps the default; `external` that of somebody else's hosts."""
    start = EXTERNAL if shape.id == EXTERNAL.id else Platform(id=shape.id)
    return replace(start, **{name: getattr(shape, name) for name in shape.model_fields_set})


def source(shape: shapes.SourceShape, directory: Path) -> Source:
    remote = "://" in shape.feed
    return Source(
        id=shape.id,
        name=shape.name,
        level=shape.level,
        format=shape.format,
        feed=shape.feed if remote else str((directory / shape.feed).resolve()),
        deadline=timedelta(hours=shape.deadline_hours),
        owed_by=tuple(shape.owed_by),
    )


def network(shape: shapes.NetworkShape, directory: Path) -> Network:
    return Network(
        connect_to=dict(shape.connect_to),
        trust=str((directory / shape.trust).resolve()) if shape.trust else None,
        canaries=tuple(shape.canaries),
        proxy=shape.proxy,
    )


def attachments(shape: shapes.AttachmentsShape) -> Attachments:
    return Attachments(shape.read, int(shape.largest_mb * 1_000_000), int(shape.budget_mb * 1_000_000))


def rendering(shape: shapes.RenderingShape) -> Rendering:
    return Rendering(shape.enabled, shape.pages, shape.requests, shape.seconds)


def kinds(shape: shapes.KindsShape) -> ColumnKinds:
    return ColumnKinds(
        kinds=tuple(row.kind for row in shape.kinds),
        fields=tuple(row.field for row in shape.fields),
        kind_of={word: row.kind for row in shape.kinds for word in (row.kind, *row.synonyms)},
        field_of={word: row.field for row in shape.fields for word in (row.field, *row.synonyms)},
        limits={row.kind: row.limit for row in shape.kinds if row.limit is not None},
        cycles={row.kind: row.cycle for row in shape.kinds if row.cycle is not None},
        quiet=tuple(shape.quiet),
    )


def clauses(shape: shapes.DocumentShape) -> tuple[Clause, ...]:
    return tuple(Clause(shape.id, row.id, shape.title, shape.number, row.text, row.mark) for row in shape.clauses)


def signature(shape: shapes.SignatureShape) -> Signature:
    return Signature(
        vendor=shape.vendor,
        source=shape.source,
        statuses=frozenset(shape.status),
        headers={name.lower(): value for name, value in shape.headers.items()},
        cookies=shape.cookies,
        body=tuple(shape.body),
        signals_needed=shape.signals_needed or (1 if shape.confirmed else 2),
        own=not shape.generic,
    )


def workdays(shape: shapes.Years) -> Workdays:
    def listed(ranges: list[tuple[date, date]]) -> set[date]:
        return {start + timedelta(days=n) for start, end in ranges for n in range((end - start).days + 1)}

    return Workdays(
        off=frozenset(day for year in shape.root.values() for day in listed(year.off)),
        made_up=frozenset(day for year in shape.root.values() for day in listed(year.work)),
        certain=frozenset(int(number) for number, year in shape.root.items() if not year.estimated),
    )


def rules(shape: shapes.RulesShape, file: File, site_ids: list[str]) -> RuleSettings:
    """Options of sites that are not registered here are left out: the file may be the clone's own."""
    return RuleSettings(
        edition=shape.edition,
        packages=tuple(shape.packages),
        options=shape.options,
        site_options={name: options for name, options in shape.site_options.items() if name in site_ids},
        disabled=frozenset(shape.disabled),
        retired=shape.retired,
        positions=_positions(file),
        editions=tuple(
            sorted(
                (Edition(e.name, e.valid_from, e.options, frozenset(e.disabled)) for e in shape.editions),
                key=lambda edition: edition.valid_from,
            )
        ),
    )


def _positions(file: File) -> dict[tuple[str, ...], Position]:
    found: dict[tuple[str, ...], Position] = {}
    for loc, position in file.keys.items():
        if all(isinstance(part, str) for part in loc):
            found[tuple(map(str, loc))] = position
    for group in ("disabled", "packages"):
        found |= {
            (group, _raw(file, loc)): place for loc, place in file.values.items() if loc[:1] == (group,) and loc[1:]
        }
    return found


def _raw(file: File, loc: Any) -> str:
    return file.raw.get(loc, "")
