"""Every case of every rule, judged by the real engine over really parsed pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler.audit.run import Raised
from tests.rules.harness import Case, Expected, all_rules, case_files, run


def cases() -> Iterator[object]:
    for name, file in case_files().items():
        for kind in ("failing", "passing"):
            for case in getattr(file, kind):
                yield pytest.param(file.rule, case, kind, id=f"{name}-{case.name}")


@pytest.mark.parametrize(("code", "case", "kind"), list(cases()))
def test_case(code: str, case: Case, kind: str) -> None:
    judgement = run(case, code)
    found = list(judgement.findings)
    words = [f"{f.row.certainty}: {f.row.message} {dict(f.row.evidence)}" for f in found]
    result = next(r for r in judgement.results if r.rule == code)
    assert len(found) == len(case.expect), (words, result)
    left = list(found)
    for expected in case.expect:
        match = next((f for f in left if agrees(f, expected)), None)
        assert match is not None, (expected, words)
        left.remove(match)
    confirmed = any(e.certainty == "confirmed" and not e.exempt for e in case.expect)
    usual = "passed" if kind == "passing" else "failed" if confirmed else "unverified"
    assert result.verdict == (case.verdict or usual), result
    assert case.reason in result.reason, result
    assert run(case, code, backwards=True) == judgement, "the order of discovery shows"


def agrees(found: Raised, expected: Expected) -> bool:
    row = found.row
    said = row.message + " ".join(f"{k}{v}" for k, v in row.evidence.items()) + row.fix
    return (
        row.certainty == expected.certainty
        and expected.says in said
        and (expected.target is None or (row.target or "").endswith(expected.target))
        and (expected.count is None or row.count == expected.count)
        and (expected.severity is None or row.severity == expected.severity)
        and (expected.points is None or row.points == expected.points)
        and (expected.exempt is None or row.exempt == expected.exempt)
        and (expected.also is None or row.also == expected.also)
    )


def test_every_rule_of_the_first_issue_is_there() -> None:
    wanted = {f"FT-{n:02}" for n in range(1, 11)} | {"LK-01", "LK-02", "LK-03", "LK-06", "LK-07", "PF-01", "PF-02"}
    assert {rule.code for rule in all_rules()} >= wanted | {"RP-02", "RP-03", "SR-01", "AV-05", "AV-08"}
