# ruff: noqa: E501 - pages as servers write them
"""Refusals of the protection products of FIELD 2.2, as those products write them."""

from __future__ import annotations

from collections.abc import Mapping

from tests.world.server import answer, redirect

_TS = (
    '<meta id="9DhefwqGPrzG" content="{qqWx}" r="m"><script>$_ts=window["$_ts"];if(!$_ts)$_ts={};$_ts.nsd=33;</script>'
)
_ALI = "<script>var arg1='3BD7A2B5C4E5F60718293A4B5C6D7E8F90A1B2C3';var _0x4818=['x'];</script>"

REFUSALS: Mapping[str, bytes] = {
    "瑞数412": answer(
        f"<html><head>{_TS}</head><body></body></html>", 412, "4hP44ZykCTt5S=5abc; Path=/", "4hP44ZykCTt5T=6def"
    ),
    "瑞数412空": answer("", 412, "4hP44ZykCTt5O=5abc; Path=/"),
    "瑞数202": answer(f"<html><head>{_TS}</head><body></body></html>", 202, "FSSBBIl1UgzbN7N80S=x"),
    "加速乐521": answer(
        "<script>document.cookie=('_')+('_')+'jsl_clearance=1';location.href=location.pathname</script>",
        521,
        "__jsluid_h=8a; max-age=31536000; path=/; HttpOnly",
        X_Via_JSL="b42,-",
    ),
    "加速乐521二": answer('<script>var _0x=1;};go({"bts":["1","2"],"chars":"ab","ct":"0","ha":"md5"})</script>', 521),
    "加速乐403": answer(
        '<html><body><div id="notice-jiasule">访问被拦截</div></body></html>', 403, Server="jiasule-WAF"
    ),
    "阿里405": answer(
        '<!DOCTYPE html><html><head><title>405</title></head><body><img src="https://errors.aliyun.com/images/405.png">'
        "Sorry, your request has been blocked as it may cause potential threats to the server's security.</body></html>",
        405,
    ),
    "阿里200": answer(f"<html>{_ALI}</html>", 200, "acw_tc=7b; path=/"),
    "云防护403": answer("<html><head><title>403 - 云防护</title></head><body>您的请求被拦截</body></html>", 403),
    "C3VK": answer(
        "<html><body><script>document.cookie='C3VK=a1b2c3; path=/; max-age=300';location.reload();</script></body></html>",
        200,
        "C3VK=a1b2c3; path=/; max-age=300",
    ),
    "腾讯403": answer(
        '<html><body><a href="https://waf.tencent-cloud.com/x">腾讯云Web应用防火墙</a></body></html>', 403
    ),
    "EdgeOne567": answer("<html><title>Restricted</title>EdgeOne</html>", 567),
    "EdgeOne200": answer('<script>document.cookie="__tst_status=1#";window.EO_Bot_Ssid=1;location.reload()</script>'),
    "华为418": answer("<html><body>hws_security@huawei.com</body></html>", 418, "HWWAFSESID=a; path=/"),
    "493": answer("<html><head><title>493</title></head><body></body></html>", 493, WZWS_Ray="1130-1"),
    "网宿403": answer("<html>forbidden</html>", 403, Server="waf/4.24", X_Ws_Request_Id="abc"),
    "雷池403": answer(f"<html><body>拦截</body><!-- event_id: {'ab12' * 8} --></html>", 403),
    "宝塔403": answer("<html><body>您的请求带有不合法参数，已被网站管理员设置拦截！</body></html>", 403),
    "468": answer("<html><head><title>安全验证</title></head><body>请完成安全验证</body></html>", 468),
    "通用200": answer("<html><body><noscript>请开启JavaScript并刷新该页</noscript><script>a()</script></body></html>"),
    "滑动200": answer("<html><head><title>滑动验证页面</title></head><body>访问过于频繁，请滑动验证</body></html>"),
    "403空": answer("", 403),
    "405空": answer("<html><h1>405 Not Allowed</h1></html>", 405),
    "451": answer("", 451),
    "999": answer("", 999),
    "401": answer("", 401, WWW_Authenticate="Basic"),
}


def moj(url: str) -> bytes:
    """302 to itself for ever, with a cookie."""
    return redirect(url, 302, "CT6T=1; path=/", "CT6TS=2; path=/")
