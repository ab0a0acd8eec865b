"""Hidden links, hijacked titles and targets, wrong tenants, look-alikes and hostile words, one night over each."""

# ruff: noqa: E501 -- pages are quoted as they are

from __future__ import annotations

import json
import re

import pytest

from tests.world.office import Office, Told, page
from tests.world.server import World, answer

BAD = '<a href="http://www.b8.test/">百家乐</a>'
HIDDEN = {
    "offscreen": f'<div style="position:absolute;left:-9999px">{BAD}</div>',
    "marquee": f"<marquee height=1 width=1>{BAD}</marquee>",
    "none": f'<div style="display:none">{BAD}</div>',
    "entities": '<p style="font-size:0"><a href="http://www.b8.test/">&#30334;&#23478;&#20048;</a></p>',
    "written": f"<script>document.write(\"<div style='display:none'>\")</script>{BAD}<script>document.write('</div>')</script>",
    "codes": "<script>document.write(\"<p style='display:none'><a href='http://www.b8.test/'>\"+String.fromCharCode(30334,23478,20048)+'</a></p>')</script>",
    "colour": '<a style="color:#fff;background:#fff" href="http://www.b8.test/">六合彩</a>',
    "noscript": f"<noscript>{BAD}</noscript>",
}
BENIGN = {
    "police": '<div class="tab" style="display:none"><a href="http://www.news9.test/a">警方打击跨境赌博，捣毁百家乐窝点</a></div>',
    "ears": '<a class="sr-only" style="position:absolute;left:-9999px" href="http://www.wza9.test/">无障碍</a>',
    "menu": '<ul class="menu" style="display:none"><li><a href="http://www.hotel9.test/">宾馆</a></li></ul>',
    "trap": '<input name="email" style="position:absolute;left:-9999px">',
    "friends": '<div style="display:none"><a href="http://www.gansu.gov.cn/">省政府</a></div>',
    "share": '<div class="share" style="display:none"><a href="http://service.weibo.com/share">微博</a></div>',
    "skip": '<a class="skip" style="clip:rect(0,0,0,0)" href="http://www.hotel9.test/">跳过</a>',
    "print": '<div class="print" style="display:none"><a href="http://www.hotel9.test/">打印</a></div>',
    "gap": '<ul style="font-size:0"><li style="font-size:14px"><a href="http://www.hotel9.test/">宾馆</a></li></ul>',
    "swiper": '<ul class="swiper" style="left:-3000px"><li><a href="http://www.hotel9.test/">宾馆</a></li></ul>',
}


def security(told: Told, site: str, rule: str) -> list[dict]:
    return told.findings(site, rules=(rule,))


def _labelled(row: dict) -> dict[str, str]:
    return {one["label"]: one["value"] for one in row["evidence"]}


def stand(world: World, office: Office, name: str, html: str, title: str = "") -> None:
    office.site(name, "/x.html")
    made = page(title or "工作动态", body=html)
    if title:
        made = re.sub(r"<title>.*?</title>", lambda _: f"<title>{title}</title>", made)
    world.on(f"http://www.{name}.gov.cn/x.html", answer(made))


@pytest.mark.behaviour(74)
@pytest.mark.behaviour(77)
def test_hidden_links_are_told_from_what_merely_waits(world: World, office: Office) -> None:
    shapes = {f"bad{n}": html for n, html in HIDDEN.items()} | {f"ok{n}": html for n, html in BENIGN.items()}
    for name, html in shapes.items():
        stand(world, office, name, html)
    told = office.nightly()
    for name in shapes:
        found = security(told, name, "SC-01")
        assert len(found) == (1 if name.startswith("bad") else 0), (name, found)
        if found:
            assert (found[0]["certainty"], found[0]["severity"]) == ("proposed", "单否")
            assert found[0]["place"]["url"].endswith("/x.html")


@pytest.mark.behaviour(75)
@pytest.mark.behaviour(77)
def test_a_disguised_title_is_read_before_it_is_judged(world: World, office: Office) -> None:
    stand(world, office, "entity", "", "&#21338;&#24425;")
    stand(world, office, "zerowidth", "", "时\u200b时\u200b彩")
    stand(world, office, "codes75", "<script>document.title=String.fromCharCode(30334,23478,20048)</script>")
    stand(world, office, "police75", "<p>警方通报</p>", "&#35686;&#26041;&#25171;&#20987;&#30334;&#23478;&#20048;")
    told = office.nightly()
    for name in ("entity", "zerowidth", "codes75"):
        assert [row["severity"] for row in security(told, name, "SC-04")] == ["单否"], name
    assert not security(told, "police75", "SC-04")


@pytest.mark.behaviour(42)
def test_what_a_target_has_become_is_named(world: World, office: Office) -> None:
    def outside(title: str, body: str = "") -> bytes:
        return answer(f"<html><head><title>{title}</title></head><body>{body}</body></html>")

    world.on("http://sold.test/", outside("sold.test", "<p>本域名正在出售，请联系。</p>"))
    world.on("http://casino.test/", outside("澳门新葡京官网_百家乐"))
    world.on("http://shut.test2/", outside("通知", "<p>网站正在维护中</p>"))
    world.on("http://cases.test/", outside("警方通报一起百家乐网络赌博案", "<p>百家乐 时时彩</p>"))
    world.on("http://www.five.gov.cn/zt/2020/a.html", b"HTTP/1.1 302 X\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
    world.on("http://sso.test/x", b"HTTP/1.1 302 X\r\nLocation: /cas/login?service=x\r\nContent-Length: 0\r\n\r\n")
    world.on("http://sso.test/cas/login?service=x", outside("统一身份认证", "<p>请登录</p>"))
    links = [
        "http://sold.test/",
        "http://casino.test/",
        "http://shut.test2/",
        "http://cases.test/",
        "http://sso.test/x",
    ]
    office.site("five", *links, "http://www.five.gov.cn/zt/2020/a.html")
    told = office.nightly()
    rows = told.findings("five", rules=("SC-02", "LK-07"))
    said = {row["target"]: (row["rule"], row["severity"], _labelled(row)["类别"]) for row in rows}
    assert said == {
        "http://sold.test/": ("SC-02", "单否", "域名停放"),
        "http://casino.test/": ("SC-02", "单否", "赌博、色情"),
        "http://shut.test2/": ("LK-07", "扣分", "网站关闭"),
        "http://www.five.gov.cn/zt/2020/a.html": ("LK-07", "扣分", "跳转首页"),
    }
    assert told.result("five", "SC-02")["unknown"] == 1  # the fifth, behind a login: nothing is known


@pytest.mark.behaviour(6)
def test_another_sites_path_on_this_host_is_named_and_not_counted(world: World, office: Office) -> None:
    office.site(
        "ta", "http://www.ta.gov.cn/tb/art/1.html", "/ta/own.html", "http://1inxiatest.gov.cn/", prefixes=("/ta/",)
    )
    office.site("tb", "/tb/art/1.html", prefixes=("/tb/",))
    office.site("linxiatest")
    world.on("http://www.ta.gov.cn/tb/art/1.html", answer(page("乙的文章", "/tb/only-b.html")))
    world.on("http://www.tb.gov.cn/tb/art/1.html", answer(page("乙的文章")))
    world.on("http://www.ta.gov.cn/ta/own.html", answer(page("甲的文章")))
    told = office.nightly()
    (found,) = security(told, "ta", "LK-11")
    assert found["target"] == "http://www.ta.gov.cn/tb/art/1.html"
    assert found["parents"][0]["url"] == "http://www.ta.gov.cn/links.html"
    assert not security(told, "tb", "LK-11")
    assert not world.asked("http://www.ta.gov.cn/tb/only-b.html")  # its pages are not read as this site's
    (alike,) = security(told, "ta", "LK-12")
    assert "1inxiatest.gov.cn" in alike["message"]
    assert not security(told, "tb", "LK-12")


HOSTILE = "<script>alert(1)</script>=cmd|' /C calc'!A0\x1b[31m\u202egnp.exe" + "长" * 100_000


@pytest.mark.behaviour(78)
def test_what_a_page_says_is_inert_in_every_report(world: World, office: Office, tmp_path) -> None:
    from openpyxl import load_workbook

    escaped = HOSTILE.replace("<", "&lt;")
    link = (
        f'<a href="http://dead78.test/gone" title="x">{escaped}</a><a href="/=1+1.html">=HYPERLINK("http://e.test")</a>'
    )
    office.site("hostile", link)
    world.on("http://dead78.test/gone", answer("", 404))
    told = office.nightly()
    assert told.findings("hostile")
    office.text("report", "--format", "xlsx,html,json", "--out", str(tmp_path / "out"))
    shown = office.text("check", "http://www.hostile.gov.cn/links.html")
    assert "\x1b[31m" not in shown
    assert "\u202e" not in shown
    made = {form: list((tmp_path / "out").rglob(f"*.{form}")) for form in ("xlsx", "html", "json")}
    assert all(made.values())
    for file in made["html"]:
        html = file.read_text("utf-8")
        assert "<script>alert(1)" not in html
        assert "\x1b" not in html
    for file in made["xlsx"]:
        for sheet in load_workbook(file):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", cell.value
                    assert not isinstance(cell.value, str) or len(cell.value) <= 32_767
    for file in made["json"]:
        json.loads(file.read_text("utf-8"))
