"""Every entry of config/words/ against its own sentences: what it must find and what it must not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from crawler.core.wording import Block, PageWords
from tests.rules.harness import words

FOLDER = Path(__file__).parents[2] / "config" / "words"


def rows() -> Iterator[tuple[str, dict[str, object]]]:
    for file in sorted(FOLDER.glob("*.yaml")):
        told = YAML(typ="safe").load(file.read_text("utf-8"))
        for row in told.get("phrases", ()):
            yield row.get("rule") or told.get("rule") or "WD-02", row


def sentences(kind: str) -> Iterator[object]:
    for rule, row in rows():
        own = row.get(kind, ())
        for sentence in [own] if isinstance(own, str) else own:
            yield pytest.param(rule, row["wrong"], sentence, id=f"{row['wrong']}-{sentence[:12]}")
        if kind == "hits" and not own and not row.get("only") and not row.get("after"):
            yield pytest.param(rule, row["wrong"], f"经核实，{row['wrong']}，特此说明。", id=f"{row['wrong']}")


def found(rule: str, sentence: str) -> list[str]:
    page = PageWords(words(), [Block(sentence)])
    return [hit.phrase.wrong for hit in page.of(rule) if not hit.exempt]


@pytest.mark.parametrize(("rule", "wrong", "sentence"), list(sentences("hits")))
def test_it_is_found(rule: str, wrong: str, sentence: str) -> None:
    assert wrong in found(rule, sentence)


@pytest.mark.parametrize(("rule", "wrong", "sentence"), list(sentences("traps")))
def test_it_is_no_fault(rule: str, wrong: str, sentence: str) -> None:
    assert wrong not in found(rule, sentence)
    assert not [
        hit for rule in words().read([Block(sentence)]).hits.values() for hit in rule if hit.phrase.level != "notice"
    ]


def test_every_entry_that_names_its_surroundings_shows_one_it_is_found_in() -> None:
    assert [row["wrong"] for _, row in rows() if (row.get("only") or row.get("after")) and not row.get("hits")] == []
