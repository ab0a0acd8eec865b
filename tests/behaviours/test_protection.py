"""What protects itself is unverified, by whom and why; what only looks like it is judged (BEHAVIOURS 27 to 31)."""

from __future__ import annotations

import html as escaping
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout

import pytest

from crawler.cli import main
from tests.world.office import Office, Told, page
from tests.world.server import World, answer, redirect, standing
from tests.world.vendors import REFUSALS, moj

LINK = "/art/2024/1/2/art_9_77.html"
SENTENCE = "该主机对所有路径返回同一页面，链接状态无法核实"

# What FIELD 2.2 marks as unconfirmed counts where two signals agree.
UNCONFIRMED = {
    "创宇盾403": answer('<img src="/ks-waf-error.png">', 403),
    "创宇盾405": answer("<p>拦截</p><script src='//www.365cyd.com/x.js'></script>", 405),
    "安全狗403": answer("<p>拦截</p>", 403, "safedog-flow-item=1", Server="Safedog/4.0"),
    "云锁403": answer('<div class="yunsuologo"></div>', 403, "yunsuo_session_verify=1"),
    "云锁200": answer("<script>var a='security_verify_data=1';location.reload()</script>", 200, "yunsuo_session_x=1"),
    "百度403": answer('<a href="/.well-known/yunjiasu-cgi/">x</a>', 403, Server="yunjiasu-nginx"),
    "盛邦403": answer("", 403, Server="WebRay-WAF", DrivedBy="RaySrv.RayEng/1.0"),
    "玄武盾403": answer("<script src='//admin.dbappwaf.cn/x.js'></script>", 403),
}
# case -> what the verdict names: the vendor, and a signal that was matched
NAMED = {
    "瑞数412": ("瑞数", "4hP44ZykCTt5"),
    "瑞数202": ("瑞数", "FSSBBIl1UgzbN7N"),
    "加速乐521": ("加速乐", "521"),
    "加速乐521二": ("加速乐", "521"),
    "加速乐403": ("加速乐", "jiasule"),
    "阿里405": ("阿里云", "405"),
    "阿里200": ("阿里", "arg1"),
    "云防护403": ("云防护", "403"),
    "C3VK": ("C3VK", "C3VK"),
    "腾讯403": ("腾讯云", "waf.tencent-cloud.com"),
    "EdgeOne567": ("EdgeOne", "567"),
    "EdgeOne200": ("EdgeOne", "__tst_status"),
    "华为418": ("华为云", "HWWAFSESID"),
    "493": ("奇安信", "493"),
    "网宿403": ("网宿", "waf/4.24"),
    "雷池403": ("雷池", "event_id"),
    "宝塔403": ("宝塔", "拦截"),
    "468": ("校验", "468"),
    "创宇盾403": ("创宇盾", "ks-waf-error"),
    "创宇盾405": ("创宇盾", "365cyd"),
    "安全狗403": ("安全狗", "Safedog"),
    "云锁403": ("云锁", "yunsuo"),
    "云锁200": ("云锁", "yunsuo_session"),
    "百度403": ("百度云加速", "yunjiasu"),
    "盛邦403": ("盛邦", "WebRay"),
    "玄武盾403": ("玄武盾", "dbappwaf"),
}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with standing() as made:
        yield made


@pytest.fixture
def office(world, tmp_path) -> Office:
    return Office(world, tmp_path)


def notes(told: Told, site: str) -> str:
    return " | ".join(next(row["notes"] for row in told.document["coverage"] if row["site"] == site))


def said(office: Office, *words: str) -> str:
    """What a command prints at a terminal."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main([*words, "--config", str(office.write()), "--data", str(office.folder / "data")])
        except SystemExit as end:
            office.exit_code = int(end.code or 0)
    return "".join((out.getvalue() + err.getvalue()).split())  # a terminal breaks lines


# ── 27: vendors ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def night(world, tmp_path_factory) -> Told:
    """One night over a site for each refusal."""
    office = Office(world, tmp_path_factory.mktemp("vendors"))
    for number, (name, reply) in enumerate((REFUSALS | UNCONFIRMED).items()):
        if name in NAMED:
            office.site(f"v{number}", LINK)
            world.on(f"http://www.v{number}.gov.cn{LINK}", reply)
    return office.nightly()


@pytest.mark.behaviour(27)
@pytest.mark.parametrize("name", NAMED)
def test_a_refusal_names_its_vendor_and_its_signal_and_nothing_is_broken(night: Told, name: str) -> None:
    site = f"v{list(REFUSALS | UNCONFIRMED).index(name)}"
    vendor, signal = NAMED[name]
    assert not night.findings(site)
    result = night.result(site, "LK-02")
    assert (result["verdict"], result["unknown"]) == ("unverified", 1)
    assert vendor in result["reason"]
    assert vendor in notes(night, site)
    assert signal in notes(night, site)
    assert "拒绝" in notes(night, site)


@pytest.mark.behaviour(27)
def test_a_redirect_to_itself_with_a_cookie_is_a_challenge(world, office) -> None:
    url = world.on(f"http://www.moj.gov.cn{LINK}", moj(f"http://www.moj.gov.cn{LINK}"))
    ring = world.on("http://www.ring.gov.cn/a.html", redirect("http://www.ring.gov.cn/a.html"))
    office.site("moj", LINK)
    office.site("ring", "/a.html")
    told = office.nightly()
    assert told.verdict("moj", url) == "unverified"
    assert "CT6T" in notes(told, "moj")
    assert told.verdict("ring", ring) == "confirmed"  # the twin: a ring without a product behind it, twice
    assert "拒绝" not in notes(told, "ring")


QUOTED = escaping.escape("<title>403 - 云防护</title> <div id='notice-jiasule'> errors.aliyun.com 请完成安全验证")
ARTICLE = page(
    "关于识别安全防护拦截页面的提示", body=f"<pre>{QUOTED}</pre><p>您的请求带有不合法参数，已被网站管理员设置拦截</p>"
)


@pytest.mark.behaviour(27)
@pytest.mark.parametrize(
    ("reply", "truth"),
    [
        (answer(ARTICLE), "alive"),
        (answer(page("网络安全宣传周"), 200, "__jsluid_h=8a", "acw_tc=1", X_Via_JSL="b42,-"), "alive"),
        (answer(page("市政府文件"), 200, "HWWAFSESID=1", Server="yunjiasu-nginx"), "alive"),
        (answer(page("区县动态"), 200, "C3VK=a1b2c3", WZWS_Ray="1130-1", X_Ws_Request_Id="a"), "alive"),
        (answer("<p>本页很短。<a href='/'>首页</a></p>", 200, "safedog-flow-item=1"), "alive"),
        (answer(page("404 页面不存在，请注意网络安全，正在返回安全页面"), 404), "confirmed"),
        (answer("<h1>404</h1>", 404, Server="Safedog/4.0"), "confirmed"),
        (answer("<h1>404</h1>", 404, "__jsluid_h=8a", X_Via_JSL="b42,-"), "confirmed"),
        (answer("<h1>403 Forbidden</h1><hr>nginx", 403), "unverified"),
    ],
    ids=["quoted", "jsl", "baidu", "many", "one-of-two", "404-of-safety", "404-safedog", "404-jsl", "directory"],
)
def test_what_only_looks_like_it_is_judged(world, tmp_path, request, reply: bytes, truth: str) -> None:
    """The twins of the table."""
    office, name = Office(world, tmp_path), f"twin-{request.node.callspec.id.split('-', 1)[-1]}".replace("_", "-")
    url = world.on(f"http://www.{name}.gov.cn{LINK}", reply)
    office.site(name, LINK)
    told = office.nightly()
    assert told.verdict(name, url) == truth, told.words(name, url)
    assert "拒绝" not in notes(told, name)


# ── 28: left alone, and whom to ask ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.behaviour(28)
def test_a_host_that_defends_itself_is_left_alone_by_every_command(world, office) -> None:
    office.site("guarded", *(f"/a/{n}.html" for n in range(12)), platform={"egress": "203.0.113.7"})
    world.on("http://www.guarded.gov.cn/", REFUSALS["瑞数412"])
    world.on("//www.guarded.gov.cn/*", REFUSALS["瑞数412"])
    told = office.nightly()
    said(office, "check", "guarded")
    office.nightly()
    assert len([v for v in world.log if v.host == "www.guarded.gov.cn"]) <= 2
    assert not told.findings("guarded")
    note = notes(told, "guarded")
    assert "瑞数" in note
    assert "203.0.113.7" in note
    agents = {v.headers["user-agent"] for v in world.log if v.host == "www.guarded.gov.cn"}
    assert len(agents) == 1, "no other name is tried"
    assert agents.pop() in note


@pytest.mark.behaviour(28)
def test_the_owner_reads_whom_to_let_in_everywhere(world, office) -> None:
    office.site("closed", LINK)
    world.on(f"http://www.closed.gov.cn{LINK}", REFUSALS["云防护403"])
    printed = said(office, "nightly")
    latest = office.folder / "data" / "reports" / "latest"
    page_text = (latest / "index.html").read_text(encoding="utf-8")
    cells = ""
    for book in latest.glob("*.xlsx"):
        with zipfile.ZipFile(book) as opened:
            for name in opened.namelist():
                if name.endswith(".xml"):
                    cells += opened.read(name).decode("utf-8", "replace")
    for text in (printed, page_text, cells):
        assert "出口地址未知" in text
        assert "云防护" in text
        assert "govcheck/" in text


@pytest.mark.behaviour(28)
def test_one_forbidden_folder_closes_nothing(world, office) -> None:
    """The twin: a 403 among living pages is that address's alone."""
    links = [f"/b/{n}.html" for n in range(10)]
    office.site("folder", "/upload/", *links)
    world.on("http://www.folder.gov.cn/upload/", answer("<h1>403</h1>", 403))
    for link in links:
        world.on(f"http://www.folder.gov.cn{link}", answer(page(f"通知{link}")))
    told = office.nightly()
    assert {v.target for v in world.log if v.host == "www.folder.gov.cn"} >= set(links)
    assert "拒绝" not in notes(told, "folder")


@pytest.mark.behaviour(28)
def test_an_impossible_address_that_is_challenged_closes_nothing(world, office) -> None:
    """The twin: 重庆税务 challenges unknown paths and lets every known one pass (FIELD 2.2)."""
    office.site("picky", "/a.html", "/b.html")
    world.on("//www.picky.gov.cn/*", lambda v: REFUSALS["瑞数412"] if "govcheck-" in v.target else answer("没有", 404))
    for name in ("a", "b"):
        world.on(f"http://www.picky.gov.cn/{name}.html", answer(page(f"公告{name}")))
    told = office.nightly()
    assert told.verdict("picky", "http://www.picky.gov.cn/a.html") == "alive"
    assert world.asked("http://www.picky.gov.cn/b.html")


# ── 29: one page for every path ──────────────────────────────────────────────────────────────────────────────────────

PATHS = [f"/art/{name}.html" for name in ("alpha", "beta", "gamma", "delta", "eps", "zeta", "eta", "theta")]
SHELLS: dict[str, Callable[[str], str]] = {
    "words": lambda _path: page("示范县门户", body="<p>正在加载</p>"),
    "script": lambda _path: (
        "<!DOCTYPE html><html><head></head><body><div id=app></div><script src=/js/app.js></script></body></html>"
    ),
}


@pytest.mark.behaviour(29)
@pytest.mark.parametrize("kind", SHELLS)
@pytest.mark.parametrize("home", ["own", "same"])
def test_one_page_for_every_path_is_no_pass(world, tmp_path, kind: str, home: str) -> None:
    office, name = Office(world, tmp_path), f"one{kind}{home}"
    shell = answer(SHELLS[kind](""))
    start = page("真首页", *PATHS, "/file/a.pdf")
    world.on(
        f"http://www.{name}.gov.cn/",
        answer(start if home == "own" else SHELLS[kind]("") + "".join(f'<a href="{p}">{p}</a>' for p in PATHS)),
    )
    world.on(f"http://www.{name}.gov.cn/robots.txt", answer("", 404))
    if home == "same":
        shell = world.routes[f"http://www.{name}.gov.cn/"]
    world.on(f"//www.{name}.gov.cn/*", shell)
    office.site(name)
    world.on(f"http://www.{name}.gov.cn/links.html", shell)
    told = office.nightly()
    assert not told.findings(name), told.findings(name)[0]["message"]
    assert SENTENCE in told.result(name, "LK-01")["reason"]
    assert told.result(name, "LK-01")["verdict"] == "unverified"
    assert SENTENCE in notes(told, name)
    assert SENTENCE in said(office, "audit")


@pytest.mark.behaviour(29)
def test_a_few_pages_like_the_answer_to_an_impossible_address_are_not_there(world, office) -> None:
    """The twin: most paths have pages of their own, so those that show the shell are soft 404s."""
    shell = answer(page("请稍候", body="<p>内容加载中</p>"))
    world.on("//www.some.gov.cn/*", shell)
    office.site("some", *PATHS)
    for path in PATHS[:6]:
        world.on(f"http://www.some.gov.cn{path}", answer(page(f"通知{path}")))
    told = office.nightly()
    assert SENTENCE not in notes(told, "some")
    gone = {row["target"] for row in told.findings("some", ["LK-07"])}
    assert len(gone) == 2
    assert {row["certainty"] for row in told.findings("some", ["LK-07"])} == {"proposed"}
