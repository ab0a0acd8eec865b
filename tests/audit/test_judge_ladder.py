"""The engine: verdicts, counts, crashes, identity, and the same answer in every order (BEHAVIOURS 1, 47, 92)."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.api import (
    Certainty,
    Examined,
    Finding,
    NotApplicable,
    NotConfigured,
    Place,
    Said,
    Scope,
    Severity,
    Undecidable,
    cite,
    column_rule,
    fleet_rule,
    page_rule,
    site_rule,
    target_rule,
)
from crawler.audit.discover import BrokenRule
from crawler.audit.run import Judgement, Unjudged, judge
from crawler.core.identity import fingerprint, subject_id
from crawler.core.model import Verdict
from tests.rules.harness import Case, all_rules, build, configured

BASIS = (cite("guobanfa-2017-47", "footer.all"),)


def page_saying(say: Callable[[object], Iterator[Said]], code: str = "XX-01", **given: object):
    def odd_page(page: object) -> Iterator[Said]:
        """标题"""
        yield from say(page)

    return page_rule(code, severity=Severity.HINT, basis=BASIS, **given)(odd_page)


def judged(rule: object, case: Case | None = None, **given: object) -> Judgement:
    fleet = build(case or Case(name="三个普通页面", pages=[{}, {"url": "/a.html"}, {"url": "/b.html"}]))
    rules = rule if isinstance(rule, list) else [rule]
    return judge(fleet, given.pop("unjudged", {}), rules, given.pop("broken", ()), configured(), **given)


def verdict(judgement: Judgement) -> Verdict:
    (result,) = judgement.results
    return result.verdict


def fault(page, key: str = "k", **given: object) -> Finding:
    return Finding("坏了", page.place(), key, **given)


def test_silence_over_examined_subjects_is_a_pass_with_its_counts() -> None:
    (result,) = judged(page_saying(lambda _: iter(()))).results
    assert (result.verdict, result.examined, result.fresh, result.carried, result.unknown) == ("passed", 3, 3, 0, 0)
    assert result.oldest is not None


def test_carried_knowledge_is_counted_apart() -> None:
    case = Case(name="一新一旧的页面", pages=[{}, {"url": "/a.html", "knowledge": "carried", "at": "2026-02-20T03:00"}])
    (result,) = judged(page_saying(lambda _: iter(())), case).results
    assert (result.fresh, result.carried) == (1, 1)
    assert f"{result.oldest:%m-%d}" == "02-20"


def test_nothing_examined_is_no_pass() -> None:
    (result,) = judged(page_saying(lambda _: iter(())), Case(name="没有任何页面")).results
    assert (result.verdict, result.reason) == ("unverified", "没有可供检查的对象")


def test_not_applicable_everywhere_is_not_applicable_and_counts_nothing() -> None:
    (result,) = judged(page_saying(lambda _: iter([NotApplicable("不是文件页")]))).results
    assert (result.verdict, result.reason, result.examined) == ("not_applicable", "不是文件页", 0)


def test_not_configured_wins_over_findings_elsewhere() -> None:
    def say(page) -> Iterator[Said]:
        yield NotConfigured("未登记") if page.is_home else fault(page)

    assert verdict(judged(page_saying(say))) == "not_configured"


@pytest.mark.parametrize(("unknown", "expected"), [(1, "passed"), (2, "unverified")])
def test_one_per_cent_of_unknown_pages_is_allowed(unknown: int, expected: str) -> None:
    case = Case(name="九十九个读过的页面", pages=[{"url": "/{n}.html", "times": 99}], pages_unknown=unknown)
    (result,) = judged(page_saying(lambda _: iter(())), case).results
    assert (result.verdict, result.unknown) == (expected, unknown)


def test_reasons_come_most_frequent_first() -> None:
    def say(page) -> Iterator[Said]:
        yield Undecidable("脚本" if page.is_home else "拦截")

    (result,) = judged(page_saying(say)).results
    assert result.verdict == "unverified"
    assert result.reason == "3 个对象无法判断（拦截 2 个、脚本）"


@pytest.mark.parametrize("certainty", [Certainty.SUSPECTED, Certainty.PROPOSED])
def test_what_is_not_confirmed_is_unverified(certainty: Certainty) -> None:
    rule = page_saying(lambda page: iter([fault(page, certainty=certainty)]))
    (result,) = judged(rule).results
    assert result.verdict == "unverified"
    assert (result.confirmed, result.suspected + result.proposed) == (0, 3)


def test_a_rule_that_raises_crashes_alone_and_leaves_nothing() -> None:
    def say(page) -> Iterator[Said]:
        yield fault(page)
        if page.url.endswith("b.html"):
            raise KeyError("title")

    bad, good = page_saying(say), page_saying(lambda page: iter([fault(page)]), "XX-02")
    judgement = judged([bad, good])
    crashed, failed = judgement.results
    assert (crashed.verdict, failed.verdict) == ("crashed", "failed")
    assert crashed.reason == "规则运行出错：KeyError: 'title'"
    assert {f.row.rule for f in judgement.findings} == {"XX-02"}
    assert isinstance(judgement.crashes[0].error, KeyError)


def test_a_rule_that_yields_nonsense_or_is_no_generator_crashes() -> None:
    assert verdict(judged(page_saying(lambda _: iter(["坏了"])))) == "crashed"
    assert verdict(judged(page_saying(lambda _: None))) == "crashed"


def test_a_fleet_rule_that_raises_crashes_for_every_site() -> None:
    @fleet_rule("XX-01", severity=Severity.HINT, basis=BASIS)
    def odd_fleet(fleet) -> Iterator[Said]:
        """标题"""
        yield Examined(fleet.sites[0].id)
        raise RuntimeError("half way")

    assert verdict(judged(odd_fleet)) == "crashed"


def test_broken_rule_files_are_crashed_results_of_every_site() -> None:
    judgement = judged([], broken=[BrokenRule("XX-09", "rules/x/y.py", "规则文件无法导入")])
    assert [(r.rule, r.verdict, r.reason) for r in judgement.results] == [
        ("XX-09", "crashed", "规则文件无法导入（rules/x/y.py）")
    ]


def test_a_site_that_is_not_judged_says_why_for_every_rule() -> None:
    why = {"lxs": Unjudged(Verdict.NOT_CONFIGURED, "网站待确认"), "gone": Unjudged(Verdict.UNVERIFIED, "本轮作废")}
    judgement = judged(page_saying(lambda page: iter([fault(page)])), unjudged=why)
    assert not judgement.findings
    assert [(r.site, r.verdict, r.reason) for r in judgement.results] == [
        ("gone", "unverified", "本轮作废"),
        ("lxs", "not_configured", "网站待确认"),
    ]


def test_rules_outside_the_scope_of_a_check_are_listed_as_not_judged() -> None:
    @site_rule("XX-02", severity=Severity.HINT, basis=BASIS)
    def odd_site(site) -> Iterator[Said]:
        """标题"""
        yield Finding("坏了", Place(site.site.home), "k")

    judgement = judged([page_saying(lambda _: iter(())), odd_site], scopes={Scope.PAGE})
    assert [(r.rule, r.verdict) for r in judgement.results] == [("XX-01", "passed"), ("XX-02", "unverified")]


def test_findings_of_one_key_per_site_are_one_with_count_and_twenty_places() -> None:
    case = Case(name="许多同模板的页面", pages=[{"url": "/{n}.html", "times": 300}])
    (raised,) = judged(page_saying(lambda page: iter([fault(page, per="site")] * 2)), case).findings
    assert (raised.row.count, raised.row.parent_count, len(raised.row.parents)) == (300, 300, 20)
    assert len(raised.cited) == 300
    assert [p.url for p in raised.row.parents] == sorted(raised.cited)[:20]


def test_one_cause_is_one_finding_under_the_gravest_rule() -> None:
    def dead(code: str, points: float, severity: Severity):
        @target_rule(code, severity=severity, basis=BASIS, points=points, identity="dead-target")
        def odd_target(target) -> Iterator[Said]:
            """标题"""
            yield Finding(code, Place(target.url), "dead", target=target.url)

        return odd_target

    rules = [dead("XX-01", 0.1, Severity.POINTS), dead("XX-02", 0.2, Severity.POINTS), dead("XX-03", 9, Severity.HINT)]
    judgement = judged(rules, Case(name="一个打不开的链接", targets=[{"url": "/x.html"}]))
    (raised,) = judgement.findings
    assert (raised.row.rule, raised.row.also, raised.row.points, raised.row.count) == (
        "XX-02",
        ("XX-01", "XX-03"),
        0.2,
        1,
    )
    assert {r.verdict for r in judgement.results} == {"failed"}


def test_identity_survives_https_and_host_words_and_counts() -> None:
    site = build(Case(name="只要一个网站")).sites[0].site
    old = replace(site, home="http://lxs.gov.cn/", hosts=("lxs.gov.cn",))
    assert subject_id(site, "https://www.lxs.gov.cn/a.html?id=1") == subject_id(old, "http://lxs.gov.cn/a.html?id=1")
    assert subject_id(site, "https://other.cn/a.html") != subject_id(site, "https://www.lxs.gov.cn/a.html")
    assert fingerprint("a", "b", "cd") != fingerprint("a", "bc", "d")
    assert len(fingerprint("LK-01", "lxs/路径", "\ud800")) == 64


def test_a_column_rule_without_its_kind_is_not_configured() -> None:
    @column_rule("XX-01", severity=Severity.HINT, basis=BASIS, kinds=("规章",))
    def odd_column(column) -> Iterator[Said]:
        """标题"""
        yield Finding("坏了", Place(column.url), "k")

    (result,) = judged(odd_column, Case(name="只有政策文件栏目", columns=[{}])).results
    assert (result.verdict, result.reason) == ("not_configured", "未登记规章栏目")


def test_one_undecidable_column_is_too_many() -> None:
    @column_rule("XX-01", severity=Severity.HINT, basis=BASIS)
    def odd_column(column) -> Iterator[Said]:
        """标题"""
        if column.column.id == "c1":
            yield column.undecidable("读不完")

    columns = [{"id": f"c{n}", "url": f"/c{n}/"} for n in range(200)]
    assert verdict(judged(odd_column, Case(name="登记了二百个栏目", columns=columns))) == "unverified"


def test_only_some_rules_shows_only_these_though_roll_ups_need_others() -> None:
    case = Case(name="两页中一页缺备案", pages=[{}, {"url": "/a.html", "footer": {"without": ["icp"]}}])
    judgement = judged(list(all_rules()), case, only=["FT-09"])
    assert {r.rule for r in judgement.results} == {"FT-09"}
    assert [f.row.rollup for f in judgement.findings] == [True]


MESSY = {
    "name": "什么毛病都有的网站",
    "pages": [
        {"footer": {"without": ["icp", "jiucuo"]}},
        {"url": "/{n}.html", "times": 40, "footer": {"without": ["icp", "psb"]}},
        {
            "url": "/z.html",
            "footer": None,
            "html": '<a href="http://192.168.1.1/a">甲</a><a href="file:///c:/b">乙</a>',
        },
    ],
    "targets": [
        {"url": "/Broad/{n}.html", "times": 25, "state": "dead"},
        {"url": "/x.html", "state": "dead", "on_home": True, "parents": [{"url": "/b"}, {"url": "/a", "text": "甲"}]},
        {"url": "/zcwj/index.html", "state": "dead"},
    ],
    "columns": [{"state": "dead"}],
}


def printed() -> str:
    case = Case.model_validate(MESSY)
    fleet = build(case)
    site = fleet.sites[0]
    order = random.Random(os.environ.get("SHUFFLE", "0"))
    pages, targets = list(site.pages()), list(site.targets())
    order.shuffle(pages)
    order.shuffle(targets)
    site.pages, site.targets = lambda: iter(pages), lambda: iter(targets)
    rules = list(all_rules())
    order.shuffle(rules)
    judgement = judge(fleet, {}, rules, (), configured())
    return json.dumps([repr(judgement.results), repr(judgement.findings)])


def test_the_answer_is_byte_identical_in_every_order_and_under_every_hash_seed() -> None:
    code = "import runpy; print(runpy.run_path('tests/audit/test_judge_ladder.py')['printed']())"
    said = set()
    for seed in ("1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "SHUFFLE": seed, "PYTHONPATH": os.getcwd()}  # noqa: PTH109
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        said.add(done.stdout)
    assert len(said) == 1
    assert "AV-05" in said.pop()


def test_a_column_and_its_link_are_one_finding() -> None:
    case = Case.model_validate(MESSY)
    judgement = judged(list(all_rules()), case)
    about = [f.row for f in judgement.findings if (f.row.target or "").endswith("/zcwj/index.html")]
    assert [(row.rule, row.also) for row in about] == [("AV-05", ("LK-02",))]
    pattern = [f.row for f in judgement.findings if "25 个目标" in f.row.message]
    assert [(row.rule, row.count) for row in pattern] == [("LK-02", 25)]


def test_outage_excuses_no_foreign_host() -> None:
    case = Case.model_validate(
        {
            "name": "报备时段内的站外死链",
            "outages": [{"from": "2026-03-10T00:00", "to": "2026-03-11T00:00", "number": "7号"}],
            "targets": [{"url": "http://other.org/", "state": "dead"}, {"url": "/own.html", "state": "dead"}],
        }
    )
    judgement = judged([r for r in all_rules() if r.code == "LK-02"], case)
    assert {f.row.target: f.row.exempt for f in judgement.findings} == {
        "http://other.org/": "",
        "https://www.lxs.gov.cn/own.html": "7号",
    }
    assert [f.row.state for f in judgement.findings if f.row.exempt] == ["exempt"]


def test_the_catalogue_is_what_is_committed() -> None:
    from crawler.audit.catalogue import case_names, render
    from tests.rules.harness import CASES, clauses

    committed = Path("rules/README.md").read_text("utf-8")
    assert committed == render(all_rules(), clauses(), case_names(CASES)), "make catalogue"
