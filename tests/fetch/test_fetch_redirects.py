"""Redirects: rings, cookies, raw bytes, private targets, and whose pace each hop goes by."""

from __future__ import annotations

import itertools

import pytest

from crawler.core.model import Outcome, Platform, State
from crawler.fetch import Request
from crawler.fetch.redirect import BadLocation, leads_to_login, resolve


def page(path: str) -> Request:
    return Request(f"http://a.test{path}", "page", "city")


async def test_a_chain_over_hosts_is_followed_and_kept(web, fetcher) -> None:
    """BEHAVIOURS 24, 38, 50."""
    web.routes |= {
        "a.test/x": web.redirect("//b.test/y?q=1#top", 301),
        "b.test/y?q=1": web.redirect("z"),
        "b.test/z": web.answer("到"),
    }
    fetch = await fetcher.fetch(page("/x"))
    assert (fetch.state, fetch.final_url) == (State.ALIVE, "http://b.test/z")
    assert [(hop.status, hop.location) for hop in fetch.hops] == [
        (301, "http://b.test/y?q=1"),
        (302, "http://b.test/z"),
    ]


async def test_a_ring_is_a_suspect_with_its_chain(web, fetcher) -> None:
    """BEHAVIOURS 38."""
    web.routes |= {"/a": web.redirect("/b"), "/b": web.redirect("/a")}
    fetch = await fetcher.fetch(page("/a"))
    assert (fetch.outcome, fetch.state, len(fetch.hops)) == (Outcome.REDIRECT_LOOP, State.SUSPECT, 2)
    assert len(web.log) == 2


async def test_more_than_ten_hops_end(web, fetcher) -> None:
    """BEHAVIOURS 38."""
    web.routes |= {f"/{i}": web.redirect(f"/{i + 1}") for i in range(20)}
    fetch = await fetcher.fetch(page("/0"))
    assert (fetch.outcome, fetch.state) == (Outcome.TOO_MANY_REDIRECTS, State.SUSPECT)
    assert len(web.log) == 11


async def test_a_redirect_to_itself_with_a_cookie_resolves(web, fetcher) -> None:
    web.routes["/x"] = lambda asked: (
        web.answer("好") if "sid=7" in asked.headers.get("cookie", "") else web.redirect("/x", cookie="sid=7; Path=/")
    )
    fetch = await fetcher.fetch(page("/x"))
    assert (fetch.state, fetch.body, len(fetch.hops)) == (State.ALIVE, "好".encode(), 1)


async def test_a_redirect_to_itself_with_ever_new_cookies_is_a_ring(web, fetcher) -> None:
    """FIELD 2.2: a shell that wants a script to run; it is not asked ten times."""
    web.routes["/x"] = lambda _: web.redirect("/x", cookie=f"CT6T={len(web.log)}")
    fetch = await fetcher.fetch(page("/x"))
    assert (fetch.outcome, fetch.state) == (Outcome.REDIRECT_LOOP, State.SUSPECT)
    assert len(web.log) <= 3


async def test_cookies_do_not_cross_to_another_host(web, fetcher) -> None:
    web.routes |= {"a.test/x": web.redirect("http://b.test/y", cookie="sid=7"), "b.test/y": web.answer("好")}
    await fetcher.fetch(page("/x"))
    assert "cookie" not in web.log[-1].headers


@pytest.mark.parametrize("charset", ["gbk", "utf-8"])
async def test_raw_bytes_in_a_location_stay_what_they_are(web, fetcher, charset) -> None:
    """LIBRARIES: httpx mangles them."""
    name = "通知".encode(charset)
    escaped = "".join(f"%{byte:02X}" for byte in name)
    web.routes |= {
        "/x": web.redirect(b"/" + name + b" 1.html?k=" + name),
        f"/{escaped}%201.html?k={escaped}": web.answer("好"),
    }
    assert (await fetcher.fetch(page("/x"))).state is State.ALIVE


@pytest.mark.parametrize(
    "location",
    [
        b"https://http://a.test/y",
        b"http://https//a.test/",
        b"http:///https://a.test",
        b"",
        b"   ",
        b"http://[::1",
        b"http://a b/",
        b"javascript:alert(1)",
        b"weixin://dl/chat",
        b"file:///etc/passwd",
        b"http://a.test:99999/",
    ],
)
async def test_a_location_that_leads_nowhere_is_bad_http_with_a_note(web, fetcher, location) -> None:
    web.routes["/x"] = web.redirect(location)
    fetch = await fetcher.fetch(page("/x"))
    assert (fetch.outcome, fetch.state) == (Outcome.BAD_HTTP, State.SUSPECT)
    assert fetch.note.startswith("重定向")
    assert len(web.log) == 1


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.1.1/",
        "http://oa.local/",
        "http://[64:ff9b::7f00:1]/",
        "http://192.168.1.1:8080/x",
        "http://0/",
        "http://１２７.0.0.1/",
    ],
)
async def test_a_private_target_is_blocked_and_never_asked(web, fetcher, target) -> None:
    """BEHAVIOURS 43: as the URL itself and after a redirect, though `*:80` leads everywhere."""
    web.routes["/x"] = web.redirect(target)
    direct = await fetcher.fetch(Request(target, "external", "external"))
    redirected = await fetcher.fetch(page("/x"))
    assert (direct.outcome, direct.state) == (Outcome.PRIVATE, State.BLOCKED)
    # The server itself sends the public there, and nobody outside can follow.
    assert (redirected.outcome, redirected.state) == (Outcome.INTRANET, State.SUSPECT)
    assert len(web.log) == 1


async def test_a_private_address_named_in_the_network_is_reached(web, make) -> None:
    web.routes["/x"] = web.answer("好")
    fetcher = make(connect_to={"127.0.0.1:8443": f"127.0.0.1:{web.port}", "10.1.1.1:*": f"127.0.0.1:{web.port}"})
    assert (await fetcher.fetch(Request("http://127.0.0.1:8443/x", "page", "city"))).state is State.ALIVE
    assert (await fetcher.fetch(Request("http://10.1.1.1/x", "page", "city"))).state is State.ALIVE


@pytest.mark.parametrize(
    "target",
    [
        "/login.jsp?back=1",
        "http://sso.b.test/",
        "/cas/login?service=x",
        "/user/login",
        "http://passport.b.test/x",
        "/oauth2/authorize",
        "/toLogin.do",
        "/zwfw/sso/in",
    ],
)
async def test_a_login_page_is_not_followed(web, fetcher, target) -> None:
    """BEHAVIOURS 42, 88."""
    web.routes["/x"] = web.redirect(target)
    fetch = await fetcher.fetch(page("/x"))
    assert (fetch.outcome, fetch.state, len(web.log)) == (Outcome.LOGIN, State.BLOCKED, 1)


def test_an_ordinary_address_is_no_login() -> None:
    for target in (
        "/art/2024/login-notice.html",
        "/blog/1.html",
        "/casino/",
        "/passports/a.html",
        "/xxgk/catalogue/",
        "/logistics/",
    ):
        assert not leads_to_login("http://a.test/x", "http://a.test" + target)
    assert not leads_to_login("http://a.test/login", "https://a.test/login")


def test_locations_are_resolved_like_a_browser_does() -> None:
    base = "http://a.test/b/c.html"
    cases = {
        b"../d": "http://a.test/d",
        b"?x=1": "http://a.test/b/c.html?x=1",
        b"http:/y": "http://a.test/y",
        b"\\e\\f": "http://a.test/e/f",
        b"//B.TEST": "http://b.test/",
        b" /g ": "http://a.test/g",
    }
    for location, expected in cases.items():
        assert resolve(base, location) == expected
    with pytest.raises(BadLocation):
        resolve(base, b"https:https://a.test/")


async def test_each_hop_goes_by_the_pace_of_its_own_platform(web, make, tmp_path) -> None:
    """BEHAVIOURS 84: limits hold under redirects."""
    web.routes |= {"a.test/x": web.redirect("http://b.test/y"), "b.test/y": web.answer("好")}
    platforms = {"city": Platform("city", rate=0), "slow": Platform("slow", rate=5.0)}
    fetcher = make(platforms=platforms, hosts={"a.test": "city", "b.test": "slow"})
    for _ in range(3):
        assert (await fetcher.fetch(page("/x"))).state is State.ALIVE
    times = [asked.at for asked in web.log if asked.host == "b.test"]
    assert all(later - earlier >= 0.19 for earlier, later in itertools.pairwise(times))
    assert (tmp_path / "limits" / "slow.slot").exists()
    assert not (tmp_path / "limits" / "city.slot").exists()
