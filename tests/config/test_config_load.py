"""What a good configuration comes to: the shipped one, small ones, and what fills their gaps."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from crawler.config import Config, Position, load

SHIPPED = Path(__file__).parents[2] / "config"
SITE = """\
id: a
name: 甲县人民政府
level: portal
platform: p
home: https://www.a.gov.cn/
hosts: [WWW.A.gov.cn, www.政务.政务]
prefixes: [/a, /]
columns:
  - {id: yw, name: 要闻, kind: 政务要闻, url: "https://www.a.gov.cn/yw/"}
  - {id: wj, name: 文件, kind: 规范性文件, limit: 90d, url: "https://www.a.gov.cn/A/wj/"}
  - {id: ws, name: 卫生, kind: 基层政务公开, field: 卫生健康, url: "https://www.a.gov.cn/a/ws/"}
outages:
  - {from: 2026-02-01, to: 2026-02-03, number: 报备〔2026〕1号}
  - {from: "2026-03-01 08:30", to: "2026-03-01T09:00:00+00:00", number: 报备〔2026〕2号}
"""
PLATFORMS = """\
- {id: p, rate: 5, search_interval: 500ms, window: "22:00-06:00", second_round_after: 2s, timeout: 3,
   breaker_pause: 1h30m}
- {id: external, rate: 2.5}
"""
NETWORK = """\
connect_to: {"WWW.a.gov.cn:443": "127.0.0.1:8443", "b.gov.cn:*": nxdomain, "*:80": refused, "*:*": "[::1]:80"}
trust: ca.pem
canaries: ["https://canary.test/"]
proxy: null
"""
SOURCES = """\
- {id: gov, name: 中国政府网, level: central, format: gov-json, feed: "https://www.gov.cn/x.json", deadline_hours: 12}
- {id: prov, name: 省政府, level: provincial, format: csv, feed: prov.csv, owed_by: [portal, a]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "a.yaml").write_text(SITE)
    (tmp_path / "platforms.yaml").write_text(PLATFORMS)
    return tmp_path


@pytest.fixture(scope="module")
def shipped() -> Config:
    return load(SHIPPED)


# ── the shipped files ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_fifteen_sites_in_their_official_order(shipped: Config) -> None:
    assert [site.id for site in shipped.sites[:9]] == ["lxz", "lxs", "lxx", "klx", "yjx", "ghx", "hzx", "dxx", "jss"]
    assert {site.level for site in shipped.sites[:9]} == {"portal"}
    assert {site.id for site in shipped.sites[9:]} == {"jyj", "fgw", "rsj", "gaj", "scjgj", "wlj"}
    assert len(shipped.confirmed) == 10
    assert all(site.code is None for site in shipped.sites), "no code was ever found; none may be guessed"
    assert {site.platform for site in shipped.sites} == {"linxia-jpaas"}


def test_every_confirmed_site_has_columns_and_no_guessed_one_has(shipped: Config) -> None:
    assert {site.id for site in shipped.sites if site.columns} == {site.id for site in shipped.confirmed}


def test_the_vocabulary_is_that_of_the_contract(shipped: Config) -> None:
    assert " ".join(shipped.kinds.kinds) == (
        "概况信息 机构职能 领导信息 动态要闻 通知公告 政策文件 规章 规范性文件 政策解读 回应关切 "
        "信息公开指南 信息公开制度 信息公开年报 法定主动公开内容 依申请公开 基层公开 重点领域 国务院信息 "
        "办事服务 互动交流 征集调查 数据发布 专题 其他"
    )
    assert len(shipped.kinds.fields) == 26
    assert shipped.kinds.field_of["乡村振兴"] == "扶贫"


def test_clauses_resolve_by_document_and_id(shipped: Config) -> None:
    clause = shipped.clauses["guobanmihan-2019-19", "veto.column-stale"]
    assert clause.number == "国办秘函〔2019〕19号"
    assert clause.mark == "V2"
    for letter in "abcdefghijklmnop":
        assert shipped.clauses["linxia-2022-08-26", f"seed.{letter}"].mark == "V"


def test_thresholds_carry_the_edition_and_their_place(shipped: Config) -> None:
    assert shipped.rules.edition == "19号-2019/临夏-2022"
    assert shipped.rules.packages == ("rules",)
    assert shipped.rules.of("PF-02") == {"editable": ["wps", "doc", "docx"]}
    place = shipped.rules.positions["options", "PF-02", "editable"]
    assert "editable:" in (SHIPPED / "rules.yaml").read_text().splitlines()[place.line - 1]


def test_the_holidays_of_2022(shipped: Config) -> None:
    friday = datetime(2022, 9, 30, tzinfo=UTC).date()
    assert shipped.workdays.after(friday, 1).isoformat() == "2022-10-08", (
        "a make-up Saturday after the national holiday"
    )
    assert shipped.workdays.is_certain(friday)


# ── a small folder ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_without_the_optional_files_borrows_the_clones(folder: Path, shipped: Config) -> None:
    config = load(folder)
    assert config.rules.edition == shipped.rules.edition
    assert config.clauses == shipped.clauses
    assert config.kinds == shipped.kinds
    assert config.waf == shipped.waf
    assert config.sources == (), "nobody owes a repost of what the folder does not name"
    assert config.network.connect_to == {}


def test_a_folder_without_platforms_borrows_them_too(folder: Path) -> None:
    (folder / "platforms.yaml").unlink()
    (folder / "sites" / "a.yaml").write_text(SITE.replace("platform: p", "platform: linxia-jpaas"))
    config = load(folder)
    assert config.platform_of(config.site("a")).rate == 1.0
    assert config.platform_of(None).rate == 0.1


def test_own_documents_stand_beside_the_clones(folder: Path, shipped: Config) -> None:
    (folder / "basis").mkdir()
    (folder / "basis" / "own.yaml").write_text(
        "id: own\ntitle: 本县办法\nnumber: 甲府办发〔2026〕1号\nclauses:\n- {id: a.1, text: 条文}\n"
    )
    assert set(load(folder).clauses) == {*shipped.clauses, ("own", "a.1")}


def test_a_site_as_people_write_it(folder: Path) -> None:
    site = load(folder).site("a")
    assert site.hosts == ("www.a.gov.cn", "www.xn--zfr164b.xn--zfr164b")
    assert site.prefixes == ("/a/",)
    assert site.code is None
    assert site.confirmed
    news, files, health = site.columns
    assert (news.kind, news.limit) == ("动态要闻", timedelta(days=14))
    assert (files.kind, files.limit, files.url) == ("规范性文件", timedelta(days=90), "https://www.a.gov.cn/A/wj/")
    assert (health.kind, health.field) == ("基层公开", "医疗卫生")


def test_outages_are_beijing_time_and_last_to_the_end_of_their_day(folder: Path) -> None:
    days, hours = load(folder).site("a").outages
    assert days.start.isoformat() == "2026-02-01T00:00:00+08:00"
    assert days.end.isoformat() == "2026-02-03T23:59:59+08:00"
    assert hours.start.isoformat() == "2026-03-01T08:30:00+08:00"
    assert hours.end == datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_a_platform_keeps_the_defaults_of_what_it_does_not_say(folder: Path) -> None:
    platforms = load(folder).platforms
    own = platforms["p"]
    assert (own.rate, own.concurrency, own.trap_cap, own.robots) == (5, 2, 50, "obey")
    assert own.window == (time(22), time(6))
    assert own.search_interval == timedelta(milliseconds=500)
    assert own.second_round_after == timedelta(seconds=2)
    assert own.breaker_pause == timedelta(minutes=90)
    assert own.timeout == timedelta(seconds=3)
    assert (platforms["external"].rate, platforms["external"].concurrency) == (2.5, 1)


def test_the_network_of_a_simulated_prefecture(folder: Path) -> None:
    (folder / "network.yaml").write_text(NETWORK)
    (folder / "ca.pem").write_text("")
    network = load(folder).network
    assert network.connect_to == {
        "www.a.gov.cn:443": "127.0.0.1:8443",
        "b.gov.cn:*": "nxdomain",
        "*:80": "refused",
        "*:*": "[::1]:80",
    }
    assert network.trust == str((folder / "ca.pem").resolve())
    assert network.canaries == ("https://canary.test/",)


def test_sources_by_address_and_by_file(folder: Path) -> None:
    (folder / "sources.yaml").write_text(SOURCES)
    (folder / "prov.csv").write_text("")
    central, provincial = load(folder).sources
    assert central.deadline == timedelta(hours=12)
    assert central.owed_by == ("portal",)
    assert provincial.feed == str((folder / "prov.csv").resolve())
    assert provincial.deadline == timedelta(hours=24)


def test_nothing_behind_a_key_is_an_empty_list(folder: Path) -> None:
    text = SITE[: SITE.index("outages:")].replace("prefixes: [/a, /]", "prefixes:") + "outages:\n"
    (folder / "sites" / "a.yaml").write_text(text)
    assert load(folder).site("a").outages == ()


def test_options_of_a_site_lie_over_the_general_ones(folder: Path) -> None:
    (folder / "rules.yaml").write_text(
        "edition: e\noptions: {RP-03: {target_hours: 12, x: 1}}\nsite_options:\n  a:\n    RP-03: {target_hours: 8}\n"
        "disabled: [LK-06]\nretired: {LK-99: 并入 LK-02}\n"
    )
    rules = load(folder).rules
    assert rules.of("RP-03", "a") == {"target_hours": 8, "x": 1}
    assert rules.of("RP-03") == {"target_hours": 12, "x": 1}
    assert rules.disabled == {"LK-06"}
    assert rules.retired == {"LK-99": "并入 LK-02"}
    file = str(folder / "rules.yaml")
    assert rules.positions["site_options", "a", "RP-03", "target_hours"] == Position(file, 5, 13)
    assert rules.positions["disabled", "LK-06"] == Position(file, 6, 12)
    assert rules.positions["retired", "LK-99"] == Position(file, 7, 11)


# ── the digest ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_digest_does_not_see_order_comments_and_file_names(folder: Path) -> None:
    before = load(folder).digest
    head, _, tail = SITE.partition("columns:")
    shuffled = "# 说明\n" + "\n".join(reversed(head.splitlines())) + "\n\ncolumns:  # 栏目" + tail
    (folder / "sites" / "a.yaml").unlink()
    (folder / "sites" / "z.yaml").write_text(shuffled)
    (folder / "platforms.yaml").write_text("- {id: external, rate: 2.50}\n" + PLATFORMS.partition("- {id: external")[0])
    assert load(folder).digest == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("sites/a.yaml", "甲县", "乙县"),
        ("sites/a.yaml", "limit: 90d", "limit: 91d"),
        ("platforms.yaml", "rate: 5", "rate: 6"),
    ],
)
def test_the_digest_sees_every_value(folder: Path, file: str, old: str, new: str) -> None:
    before = load(folder).digest
    (folder / file).write_text((folder / file).read_text().replace(old, new))
    assert load(folder).digest != before


def test_the_digest_sees_thresholds(folder: Path) -> None:
    (folder / "rules.yaml").write_text("edition: e\noptions: {RP-03: {target_hours: 12}}\n")
    before = load(folder).digest
    (folder / "rules.yaml").write_text("edition: e\noptions: {RP-03: {target_hours: 8}}\n")
    assert load(folder).digest != before
