"""The comparison of found with planted: a judge that must itself be judged."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

from rich.console import Console

from crawler.demo.score import Plan, Planted, plan, score, table

SOFT = "http://www.linxia.gov.cn/lxz/zwgk/zxgk/2022/index.html"


def found(planted: Planted) -> dict[str, Any]:
    """The finding a perfect program would print for a planted fault."""
    target = planted.target
    if planted.rule.startswith(("PV-", "SR-", "SC-", "LK-05", "LK-09")) and planted.pattern:
        target = "http://" + planted.pattern.replace("\\", "").replace(".*", "t_")
    elif target is None and planted.pattern:
        target = {
            "yjx": "http://www.gsyongjing.gov.cn/Broad/BroadList?Catalog=00001,00000",
            "hzx": "http://www.hezheng.gov.cn/4378800.html",
            "jyj": "http://jyj.linxia.gov.cn/zwgk/zcwj/202610/t20261029_4101.html",
        }.get(planted.site, f"http://anywhere.gov.cn/{planted.pattern}.html")
    return {
        "rule": planted.rule,
        "site": planted.site,
        "certainty": planted.certainty,
        "target": target,
        "place": {"url": "http://anywhere.gov.cn/", "css": "", "quote": ""},
        "message": "…",
        "state": "open",
    }


def everything() -> list[dict[str, Any]]:
    return [found(planted) for planted in plan().planted]


def test_a_perfect_program_scores_perfectly_in_any_order() -> None:
    for findings in (everything(), everything()[::-1]):
        result = score(findings)
        assert result.perfect
        assert sum(row.found for row in result.rows) == len(plan().planted)


def test_what_was_not_found_is_missed_and_named() -> None:
    result = score([one for one in everything() if one["target"] != SOFT])
    (row,) = (row for row in result.rows if row.missed)
    assert (row.rule, row.certainty, row.planted, row.found) == ("LK-07", "proposed", 3, 2)
    assert SOFT in row.missed[0]


def test_another_certainty_is_a_miss_and_a_false_alarm() -> None:
    findings = everything()
    next(one for one in findings if one["target"] == SOFT)["certainty"] = "confirmed"
    result = score(findings)
    assert {(row.certainty, len(row.missed), len(row.false)) for row in result.rows if row.rule == "LK-07"} == {
        ("proposed", 1, 0),
        ("confirmed", 0, 1),
    }


def test_a_trap_that_was_sprung_is_named() -> None:
    trap = {
        "rule": "LK-01",
        "site": "lxz",
        "certainty": "confirmed",
        "target": "http://zwfw.gansu.gov.cn/",
        "message": "断链",
    }
    result = score([*everything(), trap])
    (told,) = (text for row in result.rows for text in row.false)
    assert "陷阱" in told
    assert "412" in told
    assert not result.perfect


def test_the_same_finding_twice_is_false_once() -> None:
    result = score([*everything(), everything()[0]])
    assert sum(len(row.false) for row in result.rows) == 1


def test_exempt_findings_and_pending_rules_are_left_out() -> None:
    exempt = {
        "rule": "AV-08",
        "site": "jss",
        "certainty": "confirmed",
        "target": "http://www.jss.gov.cn/",
        "state": "exempt",
    }
    other = {"rule": "ZZ-99", "site": "lxz", "certainty": "confirmed", "target": None}
    assert score([*everything(), exempt]).perfect
    waiting = replace(plan(), pending=frozenset({"ZZ-99"}))
    assert score([*everything(), exempt, other], waiting).perfect
    assert score([*everything(), other], waiting).unplanted == (("ZZ-99", 1),)


def test_what_a_rule_finds_that_plants_nothing_is_false() -> None:
    other = {"rule": "ZZ-99", "site": "lxz", "certainty": "confirmed", "target": None, "message": "凭空"}
    result = score([*everything(), other])
    assert not result.perfect
    assert [row.rule for row in result.rows if row.false] == ["ZZ-99"]


def test_a_fault_that_a_graver_rule_tells_of_is_found_in_its_company() -> None:
    wanted = Plan((Planted("LK-04", "a", "confirmed", "图片", target="http://a/x.jpg", also=True),), ())
    told = {"rule": "LK-04", "site": "a", "certainty": "confirmed", "target": "http://a/x.jpg"}
    graver = {"rule": "LK-01", "site": "a", "certainty": "confirmed", "target": "http://a/x.jpg", "also": ["LK-04"]}
    assert sum(row.found for row in score([graver], wanted).rows if row.rule == "LK-04") == 1
    assert score([told], wanted).perfect


def test_the_surest_pair_is_made_first() -> None:
    loose = Planted("LK-02", "a", "confirmed", "模式", pattern="^http://a/")
    exact = Planted("LK-02", "a", "confirmed", "地址", target="http://a/x")
    findings = [
        {"rule": "LK-02", "site": "a", "certainty": "confirmed", "target": "http://a/x"},
        {"rule": "LK-02", "site": "a", "certainty": "confirmed", "target": "http://a/y"},
    ]
    assert score(findings, Plan((loose, exact), ())).perfect
    assert score(findings[::-1], Plan((exact, loose), ())).perfect


def test_the_page_of_a_finding_stands_in_for_a_target() -> None:
    wanted = Planted("PF-02", "a", "proposed", "格式", target="http://a/wj.html")
    finding = {
        "rule": "PF-02",
        "site": "a",
        "certainty": "proposed",
        "target": None,
        "place": {"url": "http://a/wj.html"},
    }
    assert score([finding], Plan((wanted,), ())).perfect


def test_an_address_that_resolves_to_nothing_is_found_by_its_words() -> None:
    inner = "http://192.168.12.8:8080/oa/file/2231.html"
    wanted = Planted("LK-06", "a", "confirmed", "内网", target=inner)
    finding = {"rule": "LK-06", "site": "a", "certainty": "confirmed", "target": None, "place": {"url": "http://a/"}}
    assert not score([finding | {"message": "链接指向本机：file:///C:/a.doc"}], Plan((wanted,), ())).perfect
    assert score([finding | {"message": f"链接指向内网：{inner}"}], Plan((wanted,), ())).perfect


def test_the_table_is_chinese_and_totals() -> None:
    out = io.StringIO()
    Console(file=out, width=160).print(table(score(everything()[1:])))
    text = out.getvalue()
    assert "漏报" in text
    assert re.search(rf"合计\s.*{len(plan().planted)}\s.*{len(plan().planted) - 1}", text)


def test_nothing_found_at_all_prints_too() -> None:
    Console(file=io.StringIO()).print(table(score([])))
    Console(file=io.StringIO()).print(table(score([], Plan((), ()))))
