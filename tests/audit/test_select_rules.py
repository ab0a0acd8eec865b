"""Option values and codes of the configuration, checked against the signatures of the rules."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from crawler.api import Severity, cite, page_rule
from crawler.audit.select import option_value, select
from crawler.config import ConfigError, Position
from crawler.core.model import Clause


@page_rule("XX-01", severity=Severity.HINT, basis=(cite("d", "c"),))
def strange_page(
    page: object, *, limit: timedelta = timedelta(1), share: float = 0.5, most: int = 3, words: tuple[str, ...] = ()
) -> Iterator[object]:
    """标题"""
    yield from ()


@dataclass
class Settings:
    options: dict = field(default_factory=dict)
    site_options: dict = field(default_factory=dict)
    disabled: frozenset = frozenset()
    retired: dict = field(default_factory=dict)
    positions: dict = field(default_factory=dict)
    packages: tuple = ("rules",)


@dataclass
class Config:
    rules: Settings
    clauses: dict = field(default_factory=lambda: {("d", "c"): Clause("d", "c", "《甲》", "一号", "要求")})


def chosen(**settings: object):
    return select([strange_page], Config(Settings(**settings)))


def test_values_are_read_by_the_signature_and_a_site_overrides_them() -> None:
    selection = chosen(
        options={"XX-01": {"limit": "36h", "share": 1, "words": ["甲"]}},
        site_options={"lxs": {"XX-01": {"limit": "30m"}}},
    )
    assert selection.options(strange_page, "other") == {"limit": timedelta(hours=36), "share": 1.0, "words": ("甲",)}
    assert selection.options(strange_page, "lxs")["limit"] == timedelta(minutes=30)
    assert selection.options(strange_page, "lxs")["share"] == 1.0


def test_all_faults_are_told_at_once_with_their_places() -> None:
    with pytest.raises(ConfigError) as caught:
        chosen(
            options={"XX-01": {"limt": "24h", "most": "three"}, "XX-99": {}},
            positions={
                ("options", "XX-01", "limt"): Position("rules.yaml", 7, 5),
                ("options", "XX-99"): Position("rules.yaml", 9, 3),
            },
        )
    text = str(caught.value)
    assert "rules.yaml 第7行 第5列: 规则 XX-01 没有选项 limt，是不是 limit" in text
    assert "第9行" in text
    assert "没有编号为 XX-99 的规则，是不是 XX-01？" in text
    assert "most 应写成整数，现在是 three" in text


def test_a_retired_code_says_what_became_of_it() -> None:
    with pytest.raises(ConfigError, match="并入 XX-01"):
        chosen(options={"XX-05": {}}, retired={"XX-05": "并入 XX-01"})


def test_a_missing_clause_names_rule_and_clause() -> None:
    with pytest.raises(ConfigError, match="XX-01 的依据 d 第 c 条"):
        select([strange_page], Config(Settings(), clauses={}))


def test_an_option_of_a_rule_that_could_not_load_is_no_fault_of_the_configuration() -> None:
    select([strange_page], Config(Settings(options={"XX-07": {"a": 1}})), broken=["XX-07"])


def test_a_disabled_rule_does_not_run() -> None:
    assert chosen(disabled=frozenset({"XX-01"})).rules == ()


@pytest.mark.parametrize(
    ("wanted", "raw"),
    [
        (int, True),
        (int, 1.5),
        (float, "1"),
        (bool, 1),
        (str, 5),
        (timedelta, "soon"),
        (tuple[str, ...], "甲"),
        (list, []),
    ],
)
def test_wrong_types_are_refused(wanted: object, raw: object) -> None:
    with pytest.raises(ValueError, match="应写成"):
        option_value(wanted, raw)
