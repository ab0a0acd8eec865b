"""config/score.yaml: the national table, as pydantic sees it and as the program uses it."""

# ruff: noqa: RUF012  pydantic copies a default

from __future__ import annotations

from pydantic import Field

from crawler.config.shapes import Id, RuleCode, Shape, Text
from crawler.core.score import FooterList, FooterMark, PointGroup, PointItem, ScoreTable, VetoItem


class VetoShape(Shape):
    id: Id
    name: Text
    rules: list[RuleCode] = Field(min_length=1)
    threshold: int = Field(1, ge=1)
    unit: Text = "处"


class ItemShape(Shape):
    id: Id
    name: Text
    cap: float = Field(gt=0, le=100, allow_inf_nan=False)
    rules: list[RuleCode] = []
    each: float | None = Field(None, gt=0, allow_inf_nan=False)
    once_per_rule: bool = False
    named: dict[RuleCode, Text] = {}
    needs: str = ""


class GroupShape(Shape):
    name: Text
    items: list[ItemShape] = Field(min_length=1)


class MarkShape(Shape):
    name: Text
    rules: list[RuleCode] = Field(min_length=1)


class FooterShape(Shape):
    name: Text
    basis: Text
    marks: list[MarkShape] = Field(min_length=1)


class ScoreShape(Shape):
    edition: Text
    veto: list[VetoShape] = Field(min_length=1)
    not_of_site: list[RuleCode] = []
    groups: list[GroupShape] = []
    footers: list[FooterShape] = []


def table(shape: ScoreShape) -> ScoreTable:
    return ScoreTable(
        edition=shape.edition,
        veto=tuple(VetoItem(row.id, row.name, tuple(row.rules), row.threshold, row.unit) for row in shape.veto),
        groups=tuple(PointGroup(group.name, tuple(map(_item, group.items))) for group in shape.groups),
        footers=tuple(
            FooterList(row.name, row.basis, tuple(FooterMark(mark.name, tuple(mark.rules)) for mark in row.marks))
            for row in shape.footers
        ),
        not_of_site=frozenset(shape.not_of_site),
    )


def _item(row: ItemShape) -> PointItem:
    return PointItem(
        row.id, row.name, row.cap, tuple(row.rules), row.each, row.once_per_rule, dict(row.named), row.needs
    )
