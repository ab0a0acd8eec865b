"""The seven identifiers wherever they are written, the entrance to report faults, inner pages (BEHAVIOURS 55–57)."""
# ruff: noqa: E501  # markup reads best in one line

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.world.office import Office, Told, page
from tests.world.server import Visit, World, answer

CODE = "6229000021"
ITEMS = {
    "FT-01": '<a href="http://bszs.conac.cn/sitename?method=show&id=0A1B2C3D4E5F60718293A4B5C6D7E8F9"><img src="/red.png"></a>',
    "FT-02": f'<a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code={CODE}"><img src="/jiucuo.png"></a>',
    "FT-03": f"<span>网站标识码：{CODE}</span>",
    "FT-04": "<span>主办单位：示范县人民政府办公室</span>",
    "FT-05": "<span>联系电话：0930-6212345</span>",
    "FT-06": '<a href="https://beian.miit.gov.cn/">陇ICP备12345678号-1</a>',
    "FT-07": '<a href="https://beian.mps.gov.cn/#/query/webSearch?code=62290002000123">甘公网安备62290002000123号</a>',
    "FT-08": '<a href="/wzdt.html">网站地图</a>',
}
CONAC_SCRIPT = "https://dcs.conac.cn/js/28/000/0000/60425889/CA280000000604258890001.js"
SNIPPETS = ITEMS | {  # as the two offices hand them out: nothing but scripts
    "FT-01": f'<script>document.write(unescape("{quote(f"<span id=_ideConac></span><script src={chr(39)}{CONAC_SCRIPT}{chr(39)}></script>", safe="")}"));</script>',
    "FT-02": f'<script id="_jiucuo_" sitecode="{CODE}" src="https://zfwzgl.www.gov.cn/exposure/jiucuo.js"></script><span id="_span_jiucuo"></span>',
}

Style = Callable[[World, str, str], str]  # (world, host, footer) -> what stands in the page


def _quoted(html: str) -> str:
    return json.dumps(html, ensure_ascii=False).replace("</", "<\\/")


def _stand(world: World, host: str, path: str, body: str, kind: str = "text/html") -> None:
    world.on(f"http://{host}{path}", answer(body, Content_Type=f"{kind}; charset=utf-8"))


def in_html(world: World, host: str, footer: str) -> str:
    return f'<div class="footer">{footer}</div>'


def by_write(world: World, host: str, footer: str) -> str:
    lines = "".join(f"document.write({_quoted(part)});\n" for part in footer.split("\n"))
    _stand(world, host, "/js/foot.js", lines, "text/javascript")
    return '<div class="footer"><script src="/js/foot.js"></script></div>'


def by_inner_html(world: World, host: str, footer: str) -> str:
    _stand(world, host, "/r/foot_2020.js", f"var t={_quoted(footer)};document.getElementById('f').innerHTML=t;")
    return '<div class="footer" id="f"></div><script src="/r/foot_2020.js"></script>'


def by_load(world: World, host: str, footer: str) -> str:
    _stand(world, host, "/inc/footer.html", f"<div>{footer}</div>")
    return '<div id="footer"></div><script>$(function(){$("#footer").load("/inc/footer.html");});</script>'


def by_fetch(world: World, host: str, footer: str) -> str:
    _stand(world, host, "/part/footer.html", f"<div>{footer}</div>")
    script = "fetch('/part/footer.html').then(r=>r.text()).then(t=>{document.querySelector('#foot').innerHTML=t})"
    return f'<div id="foot"></div><script>{script}</script>'


def by_unit(world: World, host: str, footer: str) -> str:
    made = json.dumps({"success": True, "data": {"html": f"<div>{footer}</div>"}}, ensure_ascii=False)
    world.on(f"//{host}/*", lambda v: answer(made) if v.target.startswith("/gw/unit?") else answer("没有", 404))
    return "<div class='footer' url='/gw/unit' querydata=\"{'parseType':'bulidstatic','tagId':'网站底部','pageId':'f1'}\"></div>"


STYLES: dict[str, Style] = {
    "html": in_html, "write": by_write, "inner": by_inner_html, "load": by_load, "fetch": by_fetch, "unit": by_unit,
}  # fmt: skip


def stand(
    world: World, office: Office, name: str, chunk: str, *, inner: str | None = None, code: str | None = None
) -> None:
    """A site of two pages with that footer."""
    office.site(name, more={"code": code})
    for path, footer in (("/", chunk), ("/links.html", chunk if inner is None else inner)):
        text = page(f"{name}页", "/links.html", "/wzdt.html").replace("</body>", f"{footer}</body>")
        world.on(f"http://www.{name}.gov.cn{path}", answer(text))
    made = page("网站地图").replace("</body>", f"{chunk}</body>")
    world.on(f"http://www.{name}.gov.cn/wzdt.html", answer(made))


def lacking(told: Told, site: str) -> list[str]:
    return sorted(row["rule"] for row in told.findings(site, rules=tuple(ITEMS)))


@pytest.mark.behaviour(55)
@pytest.mark.parametrize("style", STYLES)
def test_all_items_are_found_and_each_one_is_missed(world: World, office: Office, style: str) -> None:
    pages = {"full": "", "snip": "", **{rule: rule for rule in ITEMS}}
    names = {key: f"{style}{key.lower().replace('-', '')}" for key in pages}
    for key, name in names.items():
        items = SNIPPETS if key == "snip" else ITEMS
        footer = "\n".join(html for rule, html in items.items() if rule != key)
        stand(world, office, name, STYLES[style](world, f"www.{name}.gov.cn", footer))
    told = office.nightly()
    for key, name in names.items():
        wanted = [key] if key in ITEMS else []
        assert lacking(told, name) == wanted, (key, [r["message"] for r in told.findings(name, rules=tuple(ITEMS))])
        for rule in ITEMS:
            verdict = told.result(name, rule)["verdict"]
            assert verdict == ("failed" if rule == key else "passed"), (name, rule, verdict)


@pytest.mark.behaviour(55)
@pytest.mark.parametrize("style", ["write", "inner", "load", "fetch", "unit"])
def test_a_footer_behind_a_wall_is_not_missing(world: World, office: Office, style: str) -> None:
    def wall(visit: Visit) -> bytes:
        return answer("<html><title>405</title>您的访问被阻断</html>", 405, Server="Tengine")

    chunk = STYLES[style](world, f"www.{style}wall.gov.cn", "\n".join(ITEMS.values()))
    stand(world, office, f"{style}wall", chunk)
    for url in [url for url in world.routes if f"www.{style}wall.gov.cn" in url and "foot" in url.lower()]:
        world.on(url, wall)
    world.on(f"//www.{style}wall.gov.cn/*", lambda v: wall(v) if "/gw/unit" in v.target else answer("没有", 404))
    told = office.nightly()
    assert lacking(told, f"{style}wall") == []
    assert {told.result(f"{style}wall", rule)["verdict"] for rule in ITEMS if rule != "FT-08"} == {"unverified"}


@pytest.mark.behaviour(55)
def test_an_include_that_the_server_forgot_is_a_missing_footer(world: World, office: Office) -> None:
    """A reader of `<!--#include …-->` sees nothing; nor does anybody fetch it."""
    stand(world, office, "ssi", '<!--#include virtual="/inc/foot.html"-->')
    _stand(world, "www.ssi.gov.cn", "/inc/foot.html", "\n".join(ITEMS.values()))
    told = office.nightly()
    assert set(lacking(told, "ssi")) >= {"FT-01", "FT-03", "FT-06"}
    assert not world.asked("http://www.ssi.gov.cn/inc/*")


@pytest.mark.behaviour(55)
def test_the_command_says_where_an_item_was_found(world: World, office: Office, tmp_path: Path) -> None:
    script = f"<script>document.write({_quoted(ITEMS['FT-03'])})</script>"
    (tmp_path / "a.html").write_text(f'<p>公告</p><div class="footer">{ITEMS["FT-06"]}{script}</div>', encoding="utf-8")
    marks = office.run("facts", str(tmp_path / "a.html"), "--as", "http://www.via.gov.cn/a.html")["footer"]
    assert [(mark["via"], mark["value"]) for mark in marks["icp"]] == [("html", "陇ICP备12345678号-1")]
    assert [mark["via"] for mark in marks["site_code"]] == ["script"]
    assert not marks["psb"]


@pytest.mark.behaviour(55)
def test_a_script_that_loads_a_footer_is_followed_one_step(world: World, office: Office) -> None:
    for name, footer in (("nested", ITEMS), ("nestedless", {k: v for k, v in ITEMS.items() if k != "FT-06"})):
        host = f"www.{name}.gov.cn"
        _stand(world, host, "/js/public.js", '$("#foot").load("/inc/footer.html");', "text/javascript")
        _stand(world, host, "/inc/footer.html", "\n".join(footer.values()))
        stand(world, office, name, '<div id="foot"></div><script src="/js/public.js"></script>')
    told = office.nightly()
    assert lacking(told, "nested") == []
    assert told.result("nested", "FT-06")["verdict"] == "passed"
    assert lacking(told, "nestedless") == ["FT-06"]


def entrance(host: str, code: str) -> str:
    footer = [html for rule, html in ITEMS.items() if rule != "FT-02"]
    return in_html(None, "", "\n".join([*footer, f'<a href="{host}{code}"><img src="/jiucuo.png"></a>']))  # type: ignore[arg-type]


@pytest.mark.behaviour(56)
def test_the_entrance_leads_to_its_office_and_names_this_site(world: World, office: Office) -> None:
    now = "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code="
    stand(world, office, "oneok", entrance(now, CODE), code=CODE)
    stand(world, office, "oneother", entrance(now, "6229000099"), code="6229000022")
    stand(world, office, "oneold", entrance("http://121.43.68.40/exposure/jiucuo.html?site_code=", CODE))
    correction = "".join(h for r, h in ITEMS.items() if r != "FT-02") + '<a href="/wyjc.html">网页纠错</a>'
    stand(world, office, "oneword", in_html(world, "", correction))
    told = office.nightly()
    rules = ("FT-02", "FT-10", "FT-11")
    found = {
        name: [r["rule"] for r in told.findings(name, rules=rules)]
        for name in ("oneok", "oneother", "oneold", "oneword")
    }
    assert found == {"oneok": [], "oneother": ["FT-10"], "oneold": ["FT-11"], "oneword": ["FT-02"]}
    assert "6229000099" in told.findings("oneother", rules=("FT-10",))[0]["message"]
    assert "121.43.68.40" in told.findings("oneold", rules=("FT-11",))[0]["message"]
    assert not [v for v in told.log if v.host in {"zfwzgl.www.gov.cn", "121.43.68.40"} and v.method == "POST"]


@pytest.mark.behaviour(57)
def test_inner_pages_are_held_against_the_home_page(world: World, office: Office) -> None:
    full = "\n".join(ITEMS.values())
    stand(world, office, "same", in_html(world, "", full))
    old = full.replace("陇ICP备12345678号-1", "陇ICP备87654321号")
    stand(world, office, "differs", in_html(world, "", full), inner=in_html(world, "", old))
    suffix = full.replace("号-1", "号")
    stand(world, office, "suffix", in_html(world, "", full), inner=in_html(world, "", suffix))
    told = office.nightly()
    rows = told.findings(rules=("FT-15",))
    assert [(row["site"], row["count"]) for row in rows] == [("differs", 1)]
    assert "87654321" in rows[0]["message"]
    assert rows[0]["place"]["url"].endswith("/links.html")
    assert told.result("same", "FT-15")["verdict"] == "passed"
