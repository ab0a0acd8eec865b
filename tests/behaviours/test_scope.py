"""Which addresses are one page, where endless ones end, whose site it is (BEHAVIOURS 8–12)."""

from __future__ import annotations

import signal

import pytest

from tests.world.office import Office, page
from tests.world.server import Visit, World, answer

FOOTER = (
    '<div class="footer"><p>主办：{name}办公室 电话：0930-6212345</p><p>网站标识码：{code} 陇ICP备05000001号</p></div>'
)


@pytest.mark.behaviour(8)
def test_paths_that_differ_by_case_are_two_pages(world: World, office: Office) -> None:
    host = "http://www.cases.gov.cn"
    office.site("cases", "/a/YSJS/", "/a/ysjs/", "/a/gone/", "/a/GONE/")
    world.on(f"{host}/a/YSJS/", answer(page("预算")))
    world.on(f"{host}/a/ysjs/", answer(page("决算")))
    world.on(f"{host}/a/gone/", answer(page("在")))
    told = office.nightly()
    assert len(world.asked(f"{host}/a/YSJS/")) == len(world.asked(f"{host}/a/ysjs/")) == 1
    assert [row["target"] for row in told.findings("cases")] == [f"{host}/a/GONE/"]


@pytest.mark.behaviour(9)
def test_trackers_are_no_key_and_questions_are(world: World, office: Office) -> None:
    host = "http://www.trackers.gov.cn"
    office.site(
        "trackers",
        *(f"/col/col9/index.html?uid={n}&pageNum={n}" for n in range(1, 101)),
        *(f"/art/7.html;jsessionid={n:032X}" for n in range(20)),
        *(f"/view.jsp?id={n}" for n in range(5)),
    )
    world.on("//www.trackers.gov.cn/*", lambda v: answer(page(f"文件{v.target}")))
    office.nightly()
    assert len(world.asked(f"{host}/col/*")) == 1
    assert len(world.asked(f"{host}/art/7.html*")) == 1
    assert len({v.target for v in world.asked(f"{host}/view.jsp*")}) == 5, "the twin: a query that means something"


def deepening(world: World, host: str, pause: float = 0.0) -> None:
    def mirror(visit: Visit) -> bytes:
        if not visit.target.startswith("/gate/"):
            return answer("没有", 404)
        return answer(page(visit.target[-60:], *(f"/gate/big5/{host}{visit.target}/{n}.html" for n in range(3))))

    world.on(f"//{host}/*", mirror)


@pytest.mark.behaviour(10)
def test_a_mirror_that_deepens_is_cut_and_named(world: World, office: Office) -> None:
    host = "www.big5.gov.cn"
    articles = [f"/art/{n}.html" for n in range(60)]
    office.site("big5", f"/gate/big5/{host}/a.html", *articles)
    deepening(world, host)
    for n, path in enumerate(articles):
        world.on(f"http://{host}{path}", answer(page("通知" + "甲乙丙丁戊己庚辛壬癸"[n % 10] * (1 + n // 10))))
    told = office.nightly()
    assert len(world.asked(f"//{host}/gate/*")) <= 20 + 8, "the cap, and what was under way"
    notes = told.coverage("big5")["notes"]
    assert [note for note in notes if f"big5:{host}/gate/big5/" in note and "截断" in note], notes
    assert len(world.asked(f"//{host}/art/*")) == 60, "the twin: a column of articles is no trap"
    assert not [note for note in notes if "/art/" in note]


@pytest.mark.behaviour(10, 89)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_night_that_is_resumed_counts_on(world: World, office: Office, number: int) -> None:
    host = f"www.again{int(number)}.gov.cn"
    office.site(f"again{int(number)}", f"/gate/big5/{host}/a.html", platform={"rate": 10, "concurrency": 2})
    deepening(world, host)
    process = office.start("nightly", "--json")
    office.wait_for(17, host)
    office.end(process, number)
    told = office.nightly()
    notes = told.coverage(f"again{int(number)}")["notes"]
    assert told.document["run"]["number"] == 1
    assert len({v.target for v in world.asked(f"//{host}/gate/*")}) <= 20 + 4
    assert [note for note in notes if "big5:" in note], notes


@pytest.mark.behaviour(11)
def test_the_code_of_another_site_is_a_finding(world: World, office: Office) -> None:
    code = "6229000012"
    for name, shown in (("own", code), ("foreign", "6229999999"), ("icp", None)):
        footer = FOOTER.format(name=name, code=shown) if shown else "<div class='footer'>陇ICP备05000001号</div>"
        office.site(name, more={"code": {"own": code, "foreign": "6229000013", "icp": "6229000014"}[name]})
        for path in ("/", "/links.html"):
            text = page(f"{name}页", "/links.html").replace("</body>", f"{footer}</body>")
            world.on(f"http://www.{name}.gov.cn{path}", answer(text))
    told = office.nightly()
    found = told.findings(rules=["FT-10"])
    assert {row["site"] for row in found} == {"foreign"}
    assert "6229999999" in found[0]["message"]
    assert told.result("own", "FT-10")["verdict"] == "passed"
    assert told.findings("icp", rules=["FT-03"]), "an ICP number proves no identity"
    assert not told.findings("own", rules=["FT-03"])


@pytest.mark.behaviour(12)
def test_a_base_leads_its_links_and_an_iframe_is_read(world: World, office: Office) -> None:
    host = "http://www.based.gov.cn"
    column = {"id": "zw", "name": "政策文件", "kind": "政策文件", "url": f"{host}/zw/"}
    office.site("based", "/plain/here.html", columns=[column])
    head = f'<base href="{host}/deep/er/">'
    world.on(f"{host}/links.html", answer(page("链接", "one.html", "../two.html", "/plain/here.html", head=head)))
    world.on(f"{host}/deep/er/one.html", answer(page("甲")))
    world.on(f"{host}/plain/here.html", answer(page("丙", "one.html")))
    world.on(f"{host}/zw/", answer(page("政策文件", body='<iframe src="list/frame.html"></iframe>')))
    rows = "".join(
        f'<li><a href="../{n}.html">关于第{n}项工作的通知</a><span>2026-11-{n:02}</span></li>' for n in range(1, 9)
    )
    world.on(f"{host}/zw/list/frame.html", answer(f"<html><body><ul>{rows}</ul></body></html>"))
    for n in range(1, 9):
        world.on(f"{host}/zw/{n}.html", answer(page(f"关于第{n}项工作的通知")))
    told = office.nightly()
    # The twin stands beside: without a base, one.html lies where its page lies.
    assert sorted(row["target"] for row in told.findings("based")) == [
        f"{host}/deep/two.html",
        f"{host}/plain/one.html",
    ]
    assert told.coverage("based")["columns"][0]["entries"] == 8
    assert world.asked(f"{host}/zw/list/frame.html")
