"""Bodies in any coding and of any length, rings, and what a link may be (BEHAVIOURS 36–39, 43–45, 47–50)."""

from __future__ import annotations

import time

import pytest

from tests.world.office import Office, page
from tests.world.server import Visit, World, answer, redirect
from tests.world.shapes import HEAD, endless

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200


@pytest.mark.behaviour(36)
def test_one_text_in_four_codings_is_one_text(world: World, office: Office) -> None:
    host = "http://www.codings.gov.cn"
    text = page("关于印发工作方案的通知", "/missing.html")
    served = {
        "utf8": answer(text),
        "gbk": answer(text.replace("utf-8", "gbk").encode("gbk"), Content_Type="text/html; charset=gbk"),
        "liar": answer(text.encode("gbk")),  # says utf-8 twice
        "bom": answer(b"\xef\xbb\xbf" + text.encode(), Content_Type="text/html; charset=gb2312"),
    }
    office.site("codings", *(f"/{name}.html" for name in served))
    for name, reply in served.items():
        world.on(f"{host}/{name}.html", reply)
    told = office.nightly()
    (found,) = told.findings("codings")
    assert (found["target"], found["count"]) == (f"{host}/missing.html", 4)
    facts = [office.run("facts", f"{host}/{name}.html") for name in served]
    assert {(f["title"], f["heading"], f["text_length"]) for f in facts} == {
        ("关于印发工作方案的通知_示范县人民政府", "关于印发工作方案的通知", facts[0]["text_length"])
    }


@pytest.mark.behaviour(37)
def test_an_endless_page_is_cut_and_a_drip_is_left(world: World, office: Office) -> None:
    host = "http://www.endless.gov.cn"
    office.site("endless", "/flood.html", "/whole.html", "/drip.html", platform={"second_round_after": "30m"})
    start = b'<html><body><a href="/early-gone.html">x</a>'
    world.on(f"{host}/flood.html", endless(HEAD + b"\r\n" + start, b"<p>0123456789</p>" * 4000))
    world.on(f"{host}/drip.html", endless(HEAD + b"\r\n", b"x", 0.2, 3000))
    world.on(f"{host}/whole.html", answer(page("全", body="<p>" + "长文。" * 90_000 + "</p>")))
    begun = time.monotonic()
    told = office.nightly()
    assert time.monotonic() - begun < 60
    answers = len(world.asked(f"{host}/flood.html"))
    assert world.sent[f"{host}/flood.html"] < answers * 18_000_000  # 5 MB, and what the two buffers of loopback hold
    assert answers <= 3
    kinds = {row["target"].removeprefix(host): row["certainty"] for row in told.findings("endless")}
    assert kinds == {"/early-gone.html": "confirmed", "/drip.html": "suspected"}, "what was read of it is judged"
    assert not told.findings("endless", target=f"{host}/whole.html")


@pytest.mark.behaviour(38)
def test_rings_end_with_their_chain(world: World, office: Office) -> None:
    host = "http://www.rings.gov.cn"
    office.site("rings", "/ring/a", "/stairs/0", "/steps/0")
    world.on(f"{host}/ring/a", redirect("/ring/b"))
    world.on(f"{host}/ring/b", redirect("/ring/a"))
    for n in range(40):
        world.on(f"{host}/stairs/{n}", redirect(f"/stairs/{n + 1}"))
    for n in range(4):
        world.on(f"{host}/steps/{n}", redirect(f"/steps/{n + 1}"))
    world.on(f"{host}/steps/4", answer(page("到了")))
    told = office.nightly()
    found = {row["target"].removeprefix(host): row for row in told.findings("rings")}
    assert set(found) == {"/ring/a", "/stairs/0"}, "the twin, four steps to a page, is none"
    for row in found.values():
        assert row["attempts"]
        assert "跳转" in row["message"] or "重定向" in row["message"], row["message"]
    assert len(world.asked(f"{host}/stairs/*")) <= 2 * 11
    assert len(world.asked(f"{host}/ring/*")) <= 2 * 11


@pytest.mark.behaviour(39)
@pytest.mark.parametrize("status", [403, 404, 405, 500])
def test_a_host_that_refuses_head_has_no_dead_links(world: World, office: Office, status: int) -> None:
    host = f"http://www.head{status}.gov.cn"
    office.site(f"head{status}", "/a.html", "/f.pdf", "/gone.html")

    def get_only(body: bytes):
        return lambda visit: answer("", status) if visit.method == "HEAD" else body

    world.on(f"{host}/a.html", get_only(answer(page("甲"))))
    world.on(f"{host}/f.pdf", get_only(answer(b"%PDF-1.4\n" + b"0" * 900, Content_Type="application/pdf")))
    told = office.nightly()
    assert [row["target"] for row in told.findings(f"head{status}")] == [f"{host}/gone.html"]
    assert {visit.method for visit in told.log} == {"GET"}


@pytest.mark.behaviour(43)
def test_an_office_network_is_reported_and_never_asked(world: World, office: Office) -> None:
    host = "http://www.inner.gov.cn"
    odd = ["http://192.168.1.9/a.html", "http://localhost:8080/x", "file:///C:/a.doc", "C:\\a.doc", "\\\\nas\\a.doc"]
    forms = ["http://[::ffff:10.0.0.1]/a", "http://0x7f000001/", "http://2130706433/", "http://10.1.1.1.:80/"]
    office.site("inner", *odd, *forms, "/hop.html", "/fine.html")
    world.on(f"{host}/hop.html", redirect("http://10.0.0.1/secret.html"))
    world.on(f"{host}/fine.html", answer(page("好")))
    told = office.nightly()
    reported = {row["evidence"][0]["value"] for row in told.findings("inner", rules=["LK-06"])}
    assert set(odd) <= reported, reported
    assert {visit.host for visit in told.log} <= {"www.inner.gov.cn", "canary.test"}
    assert told.findings("inner", target=f"{host}/hop.html")
    assert not told.findings("inner", target=f"{host}/fine.html")


@pytest.mark.behaviour(44)
def test_controls_are_no_links_and_unfilled_templates_are_said(world: World, office: Office) -> None:
    controls = ["mailto:a@b.cn", "tel:0930-6212345", "javascript:void(0)", "#", "#top", "data:text/plain,x", "sms:1"]
    broken = ["/{{item.url}}", "/art/<?=$id?>.html", "/undefined", "/[!--titleurl--]"]
    written = [f'<a href="{href.replace("<", "&lt;")}">条目{n}</a>' for n, href in enumerate(controls + broken)]
    office.site("controls", *written, "/art/undefined-terms.html")
    world.on("http://www.controls.gov.cn/art/undefined-terms.html", answer(page("未定义术语")))
    told = office.nightly()
    said = {row["evidence"][0]["value"] for row in told.findings("controls", rules=["LK-06"])}
    assert said == set(broken)
    assert not told.findings("controls"), "nobody calls a template word a dead page as well"
    paths = {visit.target for visit in told.asked("www.controls.gov.cn")}
    assert not [path for path in paths if "{" in path or "%7B" in path or "titleurl" in path or path == "/undefined"]
    assert "/art/undefined-terms.html" in paths, "the twin: a word inside a name"


@pytest.mark.behaviour(45)
def test_a_malformed_address_is_mended_verified_and_said(world: World, office: Office) -> None:
    host = "http://www.mended.gov.cn"
    odd = {"\\a\\1.html": "/a/1.html", "http://http://www.mended.gov.cn/a/2.html": "/a/2.html"}
    odd |= {"http：//www.mended.gov.cn/a/3.html": "/a/3.html", "http:/www.mended.gov.cn/a/4.html": "/a/4.html"}
    office.site("mended", *odd, "\\a\\gone.html", "/a/5.html")
    for path in (*odd.values(), "/a/5.html"):
        world.on(host + path, answer(page(f"文 {path}")))
    told = office.nightly()
    assert [row["target"] for row in told.findings("mended")] == [f"{host}/a/gone.html"]
    said = {row["evidence"][0]["value"] for row in told.findings("mended", rules=["LK-06"])}
    assert said == {*odd, "\\a\\gone.html"}, "and of a good address nothing"


@pytest.mark.behaviour(47)
def test_one_target_of_two_sites_is_an_issue_of_each(world: World, office: Office) -> None:
    for name in ("left", "right"):
        office.site(name, "http://gone.example.com/x.html", "/own.html")
        world.on(f"http://www.{name}.gov.cn/own.html", answer(page("己", "http://gone.example.com/x.html")))
    world.on("http://gone.example.com/", answer(page("别处")))
    told = office.nightly()
    rows = {row["site"]: row for row in told.findings() if row["target"] == "http://gone.example.com/x.html"}
    assert set(rows) == {"left", "right"}
    for name, row in rows.items():
        assert row["count"] == row["parent_count"] == 2
        assert {parent["url"].split("/")[2] for parent in row["parents"]} == {f"www.{name}.gov.cn"}
        assert {"label": "位置", "value": "站外"} in row["evidence"]
    assert len(world.asked("http://gone.example.com/x.html")) == 1, "asked once for both"


@pytest.mark.behaviour(48)
def test_links_of_the_old_platform_are_one_group(world: World, office: Office) -> None:
    host = "http://www.oldcms.gov.cn"
    office.site("oldcms", *(f"/Broad/Show/{n}.aspx" for n in range(40)), "/alone/a.html", "/Broad/index.html")
    world.on(f"{host}/Broad/index.html", answer(page("旧栏目")))
    for n in range(60):  # a site that stands: its share of dead ones is no burst
        world.on(f"{host}/new/{n}.html", answer(page("新" + "甲乙丙丁戊己庚辛壬癸"[n % 10] * (n // 10 + 1))))
    more = page("更多", *(f"/new/{n}.html" for n in range(60)))
    world.on(f"{host}/", answer(page("首页", "/more.html", "/links.html")))
    world.on(f"{host}/more.html", answer(more))
    told = office.nightly()
    found = told.findings("oldcms")
    group = [row for row in found if row["count"] == 40]
    assert len(group) == 1, [(row["target"], row["count"]) for row in found]
    assert "/Broad/Show/" in group[0]["message"] + str(group[0]["evidence"]) + str(group[0]["target"])
    assert [row["target"] for row in found if row not in group] == [f"{host}/alone/a.html"]


@pytest.mark.behaviour(49)
def test_what_a_page_needs_is_checked_with_its_kind(world: World, office: Office) -> None:
    host = "http://www.parts.gov.cn"
    good = {
        "/i/a.png": answer(PNG, Content_Type="image/png"),
        "/c/a.css": answer("a{}", Content_Type="text/css"),
        "/s/a.js": answer("var a=1", Content_Type="text/javascript"),
        "/f/a.pdf": answer(b"%PDF-1.4\n" + b"0" * 900, Content_Type="application/pdf"),
    }
    tags = (
        '<img src="/i/{0}.png"><link rel="stylesheet" href="/c/{0}.css"><script src="/s/{0}.js"></script>'
        '<a href="/f/{0}.pdf">附件{0}.pdf</a>'
    )
    body = tags.format("a") + tags.format("gone")
    office.site("parts")
    world.on(f"{host}/links.html", answer(page("件", body=body)))
    for path, reply in good.items():
        world.on(host + path, reply)
    told = office.nightly()
    said = {row["target"].removeprefix(host): row["message"] for row in told.findings("parts")}
    assert set(said) == {path.replace("/a.", "/gone.") for path in good}
    for path, word in (
        ("/i/gone.png", "图片"),
        ("/c/gone.css", "样式"),
        ("/s/gone.js", "脚本"),
        ("/f/gone.pdf", "附件"),
    ):
        assert word in said[path]


@pytest.mark.behaviour(50)
def test_a_file_that_needs_its_referrer_or_a_whole_get_still_opens(world: World, office: Office) -> None:
    host = "http://www.ranges.gov.cn"
    pdf = b"%PDF-1.4\n" + b"0" * 60_000

    def refuses_ranges(visit: Visit) -> bytes:
        return answer("", 416) if "range" in visit.headers else answer(pdf, Content_Type="application/pdf")

    office.site("ranges", '<a href="/f/a.pdf">附件a.pdf</a>', '<a href="/f/b.pdf">附件b.pdf</a>')
    world.on(f"{host}/f/a.pdf", refuses_ranges)
    world.on(f"{host}/f/b.pdf", lambda v: answer("<html><body>文件不存在</body></html>"))
    told = office.nightly()
    assert [row["target"] for row in told.findings("ranges", rules=["LK-03"])] == [f"{host}/f/b.pdf"]
