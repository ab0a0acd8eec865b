"""Protection signatures of config/waf.yaml against answers as vendors give them (BEHAVIOURS 27), and as they do not."""

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from crawler.config import load
from crawler.core.protection import HEAD, Signature, match

WAF = load(Path(__file__).parents[2] / "config").waf

RUISHU = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><meta id="Ae3kFz" content="x7$zq!2" r="m">'
    '<script>$_ts=window["$_ts"];if(!$_ts)$_ts={};$_ts.nsd=12;</script>'
    '<script r="m">_$jA()</script></head><body></body></html>'
)
LINKS = "".join(f'<li><a href="/lxz/art/{n}.html">临夏州召开第{n}次会议研究部署重点工作</a></li>' for n in range(60))
PAGE = f"<html><head><title>网信办发布安全提示</title></head><body><ul>{LINKS}</ul><p>%s</p></body></html>"


def answer(
    status: int | None, body: str = "", headers: Mapping[str, str] | None = None, cookies: tuple[str, ...] = ()
) -> Signature | None:
    return match(WAF, status, headers or {}, cookies, body)


@pytest.mark.parametrize(
    ("vendor", "status", "body", "headers", "cookies"),
    [
        ("瑞数", 412, RUISHU, {}, ("4hP44ZykCTt5O",)),
        ("瑞数", 412, "", {}, ("FSSBBIl1UgzbN7NO",)),
        ("瑞数", 202, "", {}, ("mYhost80S", "mYhost80T")),
        ("瑞数", 200, RUISHU, {}, ()),
        ("加速乐", 521, "<script>document.cookie=('_')+('_')+('j');location.href=location.pathname</script>", {}, ()),
        ("加速乐", 521, "", {}, ("__jsluid_h",)),
        ("加速乐", 403, "", {"server": "jiasule-WAF"}, ()),
        (
            "加速乐",
            200,
            '<script>var _={};go({"bts":["1","2"],"chars":"ab","ct":"x","ha":"md5","tn":"__jsl_clearance"})</script>',
            {},
            (),
        ),
        ("创宇盾", 403, '<img src="/ks-waf-error.png">', {}, ()),
        ("云防护", 403, "<html><title>403 - 云防护</title></html>", {}, ()),
        ("安全狗", 403, "", {"server": "Safedog/4.0"}, ()),
        (
            "安全狗",
            200,
            '<img src="http://404.safedog.cn/images/safedogsite/broswer_logo.jpg">',
            {},
            ("safedog-flow-item",),
        ),
        ("云锁", 403, "", {}, ("yunsuo_session_verify",)),
        ("阿里云", 405, '<img src="//g.alicdn.com/sd-base/static/1.0.5/image/405.png">', {}, ()),
        ("阿里云", 200, "<script>var arg1='8B3C9D2F6A1E4B7C5D8E0F1A2B3C4D5E6F7A8B9C';</script>", {}, ()),
        ("阿里云", 405, "", {}, ("acw_tc",)),
        ("腾讯云", 403, '<a href="https://waf.tencent-cloud.com/x">', {}, ()),
        ("EdgeOne", 567, "", {"server": "TencentEdgeOne"}, ()),
        ("EdgeOne", 567, "", {}, ()),
        ("奇安信", 493, "", {}, ()),
        ("瑞数", 412, "", {}, ("4hP44ZykCTt5O",)),
        ("加速乐", 521, '<script>go({"bts":["a"],"ha":"sha256"})</script>', {}, ()),
        ("EdgeOne", 200, "<script>document.cookie='EO_Bot_Ssid=1'</script>", {}, ()),
        ("华为云", 418, "", {"server": "HuaweiCloudWAF"}, ()),
        ("奇安信", 493, "<html><title>493</title></html>", {}, ()),
        ("百度云加速", 403, '<a href="/.well-known/yunjiasu-cgi/">', {"server": "yunjiasu-nginx"}, ()),
        ("网宿", 403, "", {"server": "waf/4.24"}, ()),
        ("雷池", 403, f"<html>...</html><!-- event_id: {'0a' * 16} -->", {}, ()),
        ("盛邦", 403, "", {"drivedby": "RaySrv.RayEng/1.0"}, ()),
        ("宝塔", 403, "<p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>", {}, ()),
        ("C3VK", 200, "<script>location.reload()</script>", {}, ("C3VK",)),
        ("CT6T", 302, "", {}, ("CT6T", "CT6TS")),
        ("通用", 468, "<p>请开启JavaScript并刷新该页</p>", {}, ()),
        ("通用", 403, "访问过于频繁，请稍后再试", {}, ()),
    ],
)
def test_a_vendor_is_named(
    vendor: str, status: int, body: str, headers: dict[str, str], cookies: tuple[str, ...]
) -> None:
    found = answer(status, body, headers, cookies)
    assert found is not None
    assert vendor in found.vendor
    assert found.own == (vendor != "通用"), "unnamed signals open the breaker only at three in a row"


@pytest.mark.parametrize(
    "words",
    [
        '<script>$_ts=window["$_ts"];if(!$_ts)$_ts={};</script>',
        '<script src="//365cyd.com/x.js"></script>本站由创宇盾防护',
        "访问过于频繁、滑动验证、请开启JavaScript是常见的安全验证提示",
        "腾讯云Web应用防火墙已接入，详见 waf.tencent-cloud.com/docs",
        "<!-- event_id: 0123456789abcdef0123456789abcdef -->",
        '<script>document.cookie="a=1";function go(){location.href="/"}</script>',
    ],
)
@pytest.mark.parametrize("status", [200, 403, 412])
def test_a_real_page_that_mentions_a_vendor_is_a_page(words: str, status: int) -> None:
    cookies = ("__jsluid_s", "acw_tc", "HWWAFSESID", "C3VK", "4hP44ZykCTt5O", "4hP44ZykCTt5P")
    assert answer(status, PAGE % words, {"server": "Safedog", "set-cookie": "a"}, cookies) is None


@pytest.mark.parametrize(
    ("body", "cookies"),
    [
        ('<script>$_ts=window["$_ts"]</script>', ()),  # PATTERNS: alone no challenge
        ("User-agent: *\nDisallow: /api/\n", ("__jsluid_s", "acw_tc", "HWWAFSESID", "yunsuo_session_verify")),
        ('<script>window.top.location.href="/lxz/index.html"</script>', ()),
        ('<meta http-equiv="refresh" content="0;url=/lxz/">', ("acw_tc",)),
        ('<meta name="SiteIDCode" content="6229000001"><meta name="ColumnName" content="x">安全验证中', ("C3VK",)),
        ("", ()),
        ('{"success":true,"data":{"html":""}}', ("HWWAFSESID",)),
    ],
)
def test_a_short_answer_with_200_is_not_yet_a_challenge(body: str, cookies: tuple[str, ...]) -> None:
    assert answer(200, body, {}, cookies) is None


def test_the_head_of_a_long_page_is_no_shell() -> None:
    head = (
        '<html><head><script>$_ts=window["$_ts"];</script><meta id="a" content="b" r="m">' + "<style>a{}</style>" * 2000
    )
    assert answer(200, head[:HEAD]) is None


@pytest.mark.parametrize("status", [404, 410, 500, 502, 503])
def test_a_plain_failure_behind_a_product_stays_a_failure(status: int) -> None:
    body = "<html><body><h1>404 Not Found</h1><hr>nginx</body></html>"
    assert answer(status, body, {"server": "jiasule-WAF"}, ("__jsluid_h", "acw_tc", "HWWAFSESID")) is None


def test_a_status_alone_names_nobody() -> None:
    for status in (202, 302, 403, 405, 412, 418, 429, 468, 521):
        assert answer(status, "<html><body>x</body></html>", {"server": "nginx"}) is None


@pytest.mark.parametrize(
    "body",
    [
        "<script" * 3000,
        "<meta " * 3000,
        "<a " * 6000,
        "<" * 16_384,
        "document.cookie=" * 1000,
        "<!-- event_id: " * 1000,
    ],
)
def test_no_body_takes_long(body: str) -> None:
    started = time.perf_counter()
    for status in (200, 403, 412, 521):
        answer(status, body, {"set-cookie": "a"}, ("x" * 4000, "S;" * 200))
    assert time.perf_counter() - started < 2
