"""Rules and thresholds by the date of the check."""

from datetime import date
from pathlib import Path

import pytest

from crawler.audit.run import judge
from crawler.audit.select import select
from crawler.config import ConfigError, load
from tests.rules.harness import Case, all_rules, build

CONFIG = Path(__file__).parents[2] / "config"


def test_a_duty_of_the_circular_is_not_asked_before_it() -> None:
    config = load(CONFIG)
    before, after = config.at(date(2022, 8, 25)), config.at(date(2022, 8, 26))
    assert (before.rules.edition, after.rules.edition) == ("19号-2019", "19号-2019/临夏-2022")
    fleet = build(Case.model_validate({"name": "没有任何栏目的网站"}))
    asked = [{r.rule for r in judge(fleet, {}, all_rules(), (), one).results} for one in (before, after)]
    assert asked[1] - asked[0] == {"PF-01", "PF-02", "FT-09"}
    assert config.at(date(2015, 1, 1)).rules.edition == "19号-2019"


def test_every_shipped_edition_fits_the_rules() -> None:
    config = load(CONFIG)
    for edition in config.rules.editions:
        select(all_rules(), config.at(edition.valid_from))


def test_options_of_an_edition_lie_over_the_general_ones(config_folder: Path) -> None:
    rules = (
        (CONFIG / "rules.yaml")
        .read_text("utf-8")
        .replace("valid_from: 2022-08-26}", "valid_from: 2022-08-26, options: {AV-01: {share: 0.1}}}")
    )
    (config_folder / "rules.yaml").write_text(rules, "utf-8")
    settings = load(config_folder).rules.at(date(2026, 1, 1))
    assert settings.of("AV-01") == {"share": 0.1, "days": 7, "a_day": 20}


def test_two_editions_of_one_day_are_refused(config_folder: Path) -> None:
    rules = (CONFIG / "rules.yaml").read_text("utf-8").replace("valid_from: 2022-08-26", "valid_from: 2019-04-01")
    (config_folder / "rules.yaml").write_text(rules, "utf-8")
    with pytest.raises(ConfigError, match="都要不同"):
        load(config_folder)


@pytest.fixture
def config_folder(tmp_path: Path) -> Path:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "lxs.yaml").write_text((CONFIG / "sites" / "lxs.yaml").read_text("utf-8"), "utf-8")
    return tmp_path
