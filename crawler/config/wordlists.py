"""config/words/*.yaml: the lists of wrong words, of names and leaders, and how they become one `Words`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

from crawler.config.reading import Source
from crawler.config.shapes import LeaderShape, PhraseShape, WordsShape
from crawler.core.wording import Leader, Phrase, Words


def check_words(files: Sequence[Source]) -> None:
    """One phrase stands once for each rule, in whatever file."""
    first: dict[tuple[str, str], str] = {}
    for file in files:
        data = file.data if isinstance(file.data, dict) else {}
        rows = data.get("phrases")
        for index, row in enumerate(rows if isinstance(rows, list) else []):
            if not isinstance(row, dict) or not isinstance(row.get("wrong"), str):
                continue
            name = (row["wrong"], str(row.get("rule") or data.get("rule") or "WD-02"))
            loc = ("phrases", index, "wrong")
            if name in first:
                file.complain(loc, f"“{row['wrong']}”重复，{first[name]} 已经写过，请删去一个")
            else:
                first[name] = str(file.at(loc))


def words(shapes: Iterable[WordsShape]) -> Words:
    shapes = list(shapes)
    phrases = [_build(row, shape) for shape in shapes for row in shape.phrases]
    phrases += [_mistyped(wrong, row) for shape in shapes for row in shape.leaders for wrong in row.wrong]
    phrases += [_doubled(word) for word in dict.fromkeys(word for shape in shapes for word in shape.repeats)]
    parts = sorted(shape.model_dump_json() for shape in shapes)
    return Words(
        phrases=tuple(phrases),
        names=tuple(name for shape in shapes for name in (*shape.names, *shape.repeats_allowed)),
        leaders=tuple(
            Leader(row.name, row.title, row.since, row.until, row.order, row.unit)
            for shape in shapes
            for row in shape.leaders
        ),
        digest=hashlib.sha256("\n".join(parts).encode()).hexdigest(),
    )


def _build(row: PhraseShape, shape: WordsShape) -> Phrase:
    since: date | None = row.since or shape.since
    return Phrase(
        wrong=row.wrong,
        right=tuple(row.right),
        rule=row.rule or shape.rule,
        level=row.level or shape.level,
        mark=row.mark or shape.mark,
        allow=tuple(row.allow),
        only=tuple(row.only),
        after=row.after,
        unless=row.unless,
        since=since,
        until=row.until,
        quoted=shape.quoted if row.quoted is None else row.quoted,
        note=row.note,
    )


def _mistyped(wrong: str, row: LeaderShape) -> Phrase:
    return Phrase(wrong, (row.name,), "WD-01", "severe", "own", quoted=True, note=f"{row.title}{row.name}的姓名写错")


def _doubled(word: str) -> Phrase:
    return Phrase(word * 2, (word,), "WD-11", "ordinary", "C", quoted=True)
