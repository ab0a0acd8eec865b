"""What every rule promises, and what no file may promise without a rule."""

import inspect
from datetime import timedelta
from pathlib import Path
from typing import get_type_hints

import pytest

from crawler.api import Rule
from crawler.audit.select import select
from crawler.audit.words import words_of
from crawler.config import load
from crawler.core.model import Verdict
from tests.rules.harness import CASES, all_rules, case_files, clauses, run

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
class TestRule:
    def test_file_is_named_like_the_function(self, rule: Rule) -> None:
        assert Path(inspect.getfile(rule.judge)).stem == rule.name
        assert Path(inspect.getfile(rule.judge)).parent.name == rule.family

    def test_failing_and_nearly_failing_cases_exist(self, rule: Rule) -> None:
        file = case_files()[f"{rule.family}/{rule.name}"]
        assert file.rule == rule.code
        assert len(file.failing) >= 2 or rule.form == "person", "only what a person judges has no failing case"
        assert all(case.expect for case in file.failing)
        assert not any(case.expect for case in file.passing)
        names = [case.name for case in (*file.failing, *file.passing)]
        assert len(set(names)) == len(names)

    def test_words_are_all_there(self, rule: Rule) -> None:
        words = words_of(rule)
        assert all((words.title, words.why, words.look, words.fix)), words
        assert len(words.why) > 15
        assert len(words.look) > 15

    def test_every_clause_is_in_config_basis(self, rule: Rule) -> None:
        assert rule.basis
        assert [cite for cite in rule.basis if (cite.document, cite.clause) not in clauses()] == []

    def test_options_have_types_and_defaults(self, rule: Rule) -> None:
        hints = get_type_hints(rule.judge)
        for name, option in rule.options.items():
            assert option.default is not inspect.Parameter.empty, name
            assert hints[name] in {int, float, str, bool, timedelta, tuple[str, ...]}, name

    def test_two_runs_say_the_same(self, rule: Rule) -> None:
        file = case_files()[f"{rule.family}/{rule.name}"]
        for case in file.failing:
            assert run(case, rule.code) == run(case, rule.code)

    def test_it_crashes_on_no_case(self, rule: Rule) -> None:
        file = case_files()[f"{rule.family}/{rule.name}"]
        verdicts = {r.verdict for case in (*file.failing, *file.passing) for r in run(case, rule.code).results}
        assert Verdict.CRASHED not in verdicts


def test_no_case_file_is_without_its_rule() -> None:
    assert {f"{f.parent.name}/{f.stem}" for f in CASES.rglob("*.*")} == {f"{r.family}/{r.name}" for r in all_rules()}


def test_no_setting_names_a_rule_that_is_not_there() -> None:
    settings = load(ROOT / "config").rules
    codes = {rule.code for rule in all_rules()}
    by_site = {code for own in settings.site_options.values() for code in own}
    assert set(settings.options) | by_site | settings.disabled <= codes
    assert not codes & set(settings.retired)


def test_the_shipped_configuration_fits_the_rules() -> None:
    selection = select(all_rules(), load(ROOT / "config"))
    assert len(selection.rules) == len(all_rules())


def test_roll_ups_cite_rules_that_are_there() -> None:
    codes = {rule.code for rule in all_rules()}
    assert {code for rule in all_rules() for code in rule.rollup} <= codes
