"""The search of a site, tried by a night: seven back ends, seven verdicts (BEHAVIOURS 58, 59)."""

from __future__ import annotations

import json
from itertools import pairwise
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.world.office import page
from tests.world.server import answer

TITLES = (
    "关于城区供水管网改造期间停水的公告",
    "春季义务植树造林工作实施方案",
    "老旧小区改造项目清单公示名单",
    "公共租赁住房分配摇号结果公布",
    "农村饮水安全巩固提升工程进展",
)
RULES = ("SR-01", "SR-02", "SR-03")
TABS = '<ul class="tabs"><li>全部</li><li>政务公开</li><li>新闻</li><li>办事服务</li></ul>'
FORM = '<form action="/ssjg/search" method="get"><input type="text" name="q"><input type="submit" value="搜索"></form>'


def results(*rows: str, tabs: str = TABS, more: str = "") -> bytes:
    listed = "".join(f"<li>{row}</li>" for row in rows)
    none = "" if rows else "<p>抱歉，没有找到相关结果</p>"
    return answer(
        f'<html><head><meta charset="utf-8"><title>搜索</title></head><body><a href="/">首页</a>{tabs}'
        f'<ul class="result">{listed}</ul>{none}{more}</body></html>'
    )


def link(number: int, href: str = "") -> str:
    title = TITLES[number]
    return f'<a href="{href or f"/xw/art{number}.html"}"><em>{title[:4]}</em>{title[4:]}</a>'


def asked_of(visit) -> tuple[str, int]:
    said = parse_qs(urlsplit(visit.target).query)
    return said.get("q", [""])[0], int(said.get("p", ["1"])[0])


def place(
    world, office, name: str, search, *, form: str = FORM, path: str = "/ssjg/search", probe: object = True, **more
):
    host = f"www.{name}.gov.cn"
    home = f"http://{host}/"
    rows = "".join(
        f'<li><a href="/xw/art{n}.html">{title}</a><span>2026-0{n + 2}-11</span></li>' for n, title in enumerate(TITLES)
    )
    column = {"id": "xw", "name": "要闻", "kind": "动态要闻", "url": f"{home}xw/index.html"}
    told = {} if probe is None else {"search_probe": probe}
    more.setdefault("platform", {"search_interval": "0.05s"})
    office.site(name, columns=[column], more=told, **more)
    world.routes[home] = answer(page(f"{name}首页", "/xw/index.html", body=form))
    world.on(f"{home}xw/index.html", answer(page("要闻", body=f"<ul>{rows}</ul>")))
    for number, title in enumerate(TITLES):
        world.on(f"{home}xw/art{number}.html", answer(page(title)))
    world.on(f"//{host}/*", lambda visit: search(visit) if visit.target.startswith(path) else answer("", 404))
    return host


def honest(visit) -> bytes:
    words, number = asked_of(visit)
    found = [n for n, title in enumerate(TITLES) if title == words]
    if not found:
        return results()
    if number == 2:
        return results('<a href="/xw/other.html">关于做好其他有关工作的通知</a>')
    more = f'<a href="/ssjg/search?q={quote(words)}&p=2">下一页</a>'
    return results(link(found[0]), more=more)


def failing(visit) -> bytes:
    return answer(json.dumps({"success": False, "message": "系统繁忙"}), 200, Content_Type="application/json")


def fixed(visit) -> bytes:
    return results(*(link(number) for number in range(5)))


def hollow(visit) -> bytes:
    rows = [{"title": "标题标题标题", "url": f"/x{n}.html"} for n in range(6)]
    return answer(json.dumps({"data": {"list": rows}}), 200, Content_Type="application/json")


def challenge(visit) -> bytes:
    return answer("<p>请完成安全验证</p><p>请输入图形验证码</p>", 200)


def forgetful(visit) -> bytes:
    words, _ = asked_of(visit)
    found = [n for n, title in enumerate(TITLES) if title == words and n % 2]
    return results(link(found[0])) if found else results()


def stuck(visit) -> bytes:
    words, _ = asked_of(visit)
    found = [n for n, title in enumerate(TITLES) if title == words]
    more = f'<a href="/ssjg/search?q={quote(words)}&p=2">下一页</a>'
    return (
        results(link(found[0]), '<a href="/xw/old.html">关于做好其他有关工作的通知</a>', more=more)
        if found
        else results()
    )


def found_by(told, site: str) -> dict[str, list[str]]:
    rows = told.findings(site, RULES)
    return {rule: [row["message"] for row in rows if row["rule"] == rule] for rule in RULES}


def verdicts(told, site: str) -> tuple[str, ...]:
    return tuple(told.result(site, rule)["verdict"] for rule in RULES)


def queries(told, host: str, path: str = "/ssjg/search"):
    return [visit for visit in told.log if visit.host == host and visit.target.startswith(path)]


BACK_ENDS = {
    "honest": honest,
    "failing": failing,
    "fixed": fixed,
    "hollow": hollow,
    "challenge": challenge,
    "forgetful": forgetful,
    "stuck": stuck,
}


@pytest.mark.behaviour(58)
def test_seven_back_ends_have_seven_verdicts(world, office) -> None:
    hosts = {name: place(world, office, f"s{name}", BACK_ENDS[name]) for name in BACK_ENDS}
    told = office.nightly()
    said = {name: (found_by(told, f"s{name}"), verdicts(told, f"s{name}")) for name in BACK_ENDS}

    assert said["honest"] == ({"SR-01": [], "SR-02": [], "SR-03": []}, ("passed", "passed", "passed"))
    assert "success:false" in said["failing"][0]["SR-01"][0]
    assert "结果都一样" in said["fixed"][0]["SR-01"][0]
    assert "占位内容" in said["hollow"][0]["SR-01"][0]
    assert said["challenge"][0] == {"SR-01": [], "SR-02": [], "SR-03": []}
    assert said["challenge"][1] == ("unverified",) * 3
    assert said["forgetful"][0]["SR-01"] == []
    assert all("查不到已发布的" in words for words in said["forgetful"][0]["SR-02"])
    assert said["forgetful"][0]["SR-02"]
    assert said["stuck"][0]["SR-02"] == ["站内搜索结果的第二页和第一页一样"]
    rows = told.findings(rules=RULES)
    assert {row["certainty"] for row in rows} == {"proposed"}
    for name, host in hosts.items():
        asked = queries(told, host)
        assert 1 <= len(asked) <= 6, name
        assert {visit.method for visit in asked} == {"GET"}


@pytest.mark.behaviour(58)
def test_a_site_whose_profile_says_nothing_is_not_asked(world, office) -> None:
    """The twin: the same back ends, and not one query; a box that was only seen is no pass."""
    silent = place(world, office, "qsilent", failing, probe=None)
    denied = place(world, office, "qdenied", failing, probe=False)
    told = office.nightly()
    for site, host in (("qsilent", silent), ("qdenied", denied)):
        assert queries(told, host) == []
        assert found_by(told, site) == {rule: [] for rule in RULES}
        assert told.result(site, "SR-01")["verdict"] == "unverified"


@pytest.mark.behaviour(58)
def test_queries_keep_their_distance_and_robots_is_heard(world, office) -> None:
    host = place(world, office, "qslow", honest, platform={"search_interval": "0.4s"})
    shut = place(world, office, "qshut", honest)
    world.on(f"//{shut}/robots.txt", answer("User-agent: *\nDisallow: /ssjg/\n", 200, Content_Type="text/plain"))
    told = office.nightly()
    at = [visit.at for visit in queries(told, host)]
    assert len(at) >= 3
    assert min(later - sooner for sooner, later in pairwise(at)) >= 0.35
    assert queries(told, shut) == []
    assert "robots.txt" in told.result("qshut", "SR-02")["reason"]


@pytest.mark.behaviour(59)
def test_results_behind_a_redirect_are_followed(world, office) -> None:
    """jsearchfront links results through visit/link.do; the twin's redirects lead to the home page."""

    def search_of(host: str):
        def search(visit) -> bytes:
            words, _ = asked_of(visit)
            found = [n for n, title in enumerate(TITLES) if title == words]
            target = quote(f"http://{host}/xw/art{found[0]}.html", safe="") if found else ""
            return results(link(found[0], f"/visit/link.do?url={target}&q=1")) if found else results()

        return search

    def leads(host: str, to: str):
        search = search_of(host)

        def serve(visit) -> bytes:
            if visit.target.startswith("/visit/link.do"):
                url = parse_qs(urlsplit(visit.target).query)["url"][0]
                return answer("", 302, Location=url if to == "article" else "/")
            return search(visit)

        return serve

    for name, to in (("qgood", "article"), ("qlost", "home")):
        host = f"www.{name}.gov.cn"
        place(world, office, name, leads(host, to), path="/")
    told = office.nightly()
    assert found_by(told, "qgood") == {rule: [] for rule in RULES}
    assert told.result("qgood", "SR-01")["verdict"] == "passed"
    assert len([v for v in told.asked("www.qgood.gov.cn") if v.target.startswith("/visit/")]) == 1
    assert "点不开" in found_by(told, "qlost")["SR-01"][0]


@pytest.mark.behaviour(58)
def test_jpaas_is_asked_by_its_api(world, office) -> None:
    gate = "/api-gateway/jpaas-jsearch-web-server"
    form = (
        f'<form action="{gate}/search" method="get"><input type="hidden" name="serviceId" value="s1">'
        '<input type="hidden" name="websiteid" value="622900000000"><input type="text" name="q">'
        '<input type="submit" value="搜索"></form>'
    )

    def serve(visit) -> bytes:
        words, _ = asked_of(visit)
        if not visit.target.startswith(f"{gate}/interface/search/info"):
            return answer(
                f'<html><body><a href="/">首页</a>{TABS}<div id="app"></div><script src="/a.js"></script></body></html>'
            )
        found = [n for n, title in enumerate(TITLES) if title == words]
        rows = [
            f'<div class="jcse-result-box"><a href="/xw/art{n}.html" data-title="{TITLES[n]}">x</a></div>'
            for n in found
        ]
        told = {"success": True, "data": {"searchResult": {"total": len(rows), "result": rows}}}
        return answer(json.dumps(told), 200, Content_Type="application/json")

    host = place(world, office, "qjpaas", serve, form=form, path=gate)
    told = office.nightly()
    assert found_by(told, "qjpaas") == {rule: [] for rule in RULES}
    assert verdicts(told, "qjpaas") == ("passed", "passed", "passed")
    assert len(queries(told, host, gate)) <= 6
