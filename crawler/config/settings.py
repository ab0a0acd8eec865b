"""What a configuration is once it has been read and found good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from crawler.config.inputs import Inputs
from crawler.config.problems import Position, UnknownSite, offer
from crawler.core.model import EXTERNAL, Attachments, Clause, Network, Platform, Rendering, Site, Source
from crawler.core.score import ScoreTable
from crawler.core.statistics import Topics

if TYPE_CHECKING:
    from datetime import date, timedelta
    from pathlib import Path

    from crawler.core.protection import Signature
    from crawler.core.wording import Words
    from crawler.core.workdays import Workdays

Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edition:
    """Thresholds and rules that hold for checks from a day on."""

    name: str
    valid_from: date
    options: Mapping[str, Options] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """The edition of thresholds. `positions` keeps where each code and option stands, for what no rule knows.

    Keys of `positions`: ("options", code[, option]), ("site_options", site[, code[, option]]), ("disabled", code),
    ("retired", code), ("packages", name), ("edition",).
    """

    edition: str
    packages: tuple[str, ...] = ("rules",)
    options: Mapping[str, Options] = field(default_factory=dict)
    site_options: Mapping[str, Mapping[str, Options]] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()
    retired: Mapping[str, str] = field(default_factory=dict)  # code -> what became of it
    positions: Mapping[tuple[str, ...], Position] = field(default_factory=dict)
    editions: tuple[Edition, ...] = ()  # oldest first

    def at(self, day: date) -> RuleSettings:
        """The settings for a check of that day: a check date in the past is judged by what was asked then."""
        if not self.editions:
            return self
        one = next((e for e in reversed(self.editions) if e.valid_from <= day), self.editions[0])
        options = {**self.options}
        for code, own in one.options.items():
            options[code] = {**options.get(code, {}), **own}
        return replace(self, edition=one.name, options=options, disabled=self.disabled | one.disabled)

    def of(self, code: str, site_id: str | None = None) -> dict[str, Any]:
        """Options of a rule, a site's own laid over the general ones."""
        own = self.site_options.get(site_id, {}).get(code, {}) if site_id else {}
        return {**self.options.get(code, {}), **own}


@dataclass(frozen=True, slots=True)
class ColumnKinds:
    """The closed vocabulary of columns: what people write -> the kind or field that is meant."""

    kinds: tuple[str, ...]
    fields: tuple[str, ...]  # the 26 of 国办发〔2019〕54号
    kind_of: Mapping[str, str]  # kinds and synonyms
    field_of: Mapping[str, str]
    limits: Mapping[str, timedelta]  # how long a column of this kind may stay without news
    cycles: Mapping[str, timedelta] = field(default_factory=dict)  # the same where no clause counts the days
    quiet: tuple[str, ...] = ()  # words in the name of a column that has no cycle of its kind

    def limit(self, kind: str, name: str) -> timedelta | None:
        """How long a column of this kind and name may stay without news; None where nobody expects any."""
        if any(word in name for word in self.quiet):
            return self.limits.get(kind)
        return self.limits.get(kind, self.cycles.get(kind))

    def near_kinds(self, text: str) -> str:
        return offer(text, self.kind_of)

    def near_fields(self, text: str) -> str:
        return offer(text, self.field_of)


@dataclass(frozen=True, slots=True)
class Config:
    directory: Path
    sites: tuple[Site, ...]
    platforms: Mapping[str, Platform]  # "external" is always there
    sources: tuple[Source, ...]
    network: Network
    rules: RuleSettings
    clauses: Mapping[tuple[str, str], Clause]
    kinds: ColumnKinds
    waf: tuple[Signature, ...]
    workdays: Workdays
    attachments: Attachments
    rendering: Rendering
    words: Words
    digest: str  # of all that was read but for `inputs`, whatever the order and the comments
    score: ScoreTable = field(default_factory=lambda: ScoreTable("", (), (), ()))  # counts findings, judges nothing
    topics: Topics = field(default_factory=Topics)
    inputs: Inputs = field(default_factory=Inputs)  # a new export changes what is known, not how we judge

    def site(self, site_id: str) -> Site:
        """The site of that id; UnknownSite names the near ones."""
        found = next((site for site in self.sites if site.id == site_id), None)
        if found is None:
            raise UnknownSite(site_id, [site.id for site in self.sites])
        return found

    def platform_of(self, site: Site | None) -> Platform:
        """The platform that limits a site; None is somebody else's host."""
        return self.platforms[site.platform if site else EXTERNAL.id]

    def at(self, day: date) -> Config:
        """The same configuration with the edition of thresholds that holds on a day."""
        return replace(self, rules=self.rules.at(day))

    @property
    def confirmed(self) -> tuple[Site, ...]:
        """The sites that may be sent requests."""
        return tuple(site for site in self.sites if site.confirmed)
