# ruff: noqa: E501 - pages as servers write them
"""What a link may lead to, and what a careful inspector says who opens it by hand."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from tests.world.office import page
from tests.world.server import RESET, Handler, Visit, World, answer, redirect

ALIVE, DEAD, PROPOSED, UNVERIFIED = "alive", "confirmed", "proposed", "unverified"


@dataclass
class Shape:
    """A link of one site. `host` "in" is the site itself, else a host of nobody's."""

    name: str
    truth: str | tuple[str, ...]
    handler: Handler | None = None
    host: str = "in"
    path: str = "/art/2024/1/2/art_9_77.html"
    scheme: str = "http"
    more: dict[str, Handler] = field(default_factory=dict)  # path -> what else is served on the host
    says: str = ""  # what the message must hold
    link: str = ""  # as written in the page; the target by default

    def stand(self, world: World, site: str) -> tuple[str, str]:
        """Serve it; the link and the target."""
        host = f"www.{site}.gov.cn" if self.host == "in" else self.host.replace("{}", site)
        target = f"{self.scheme}://{host}{self.path}"
        if self.handler is not None:
            world.on(target, self.handler)
        for path, handler in self.more.items():
            world.on(f"//{host}{path}", handler)
        return self.link or target, target


def once(first: bytes | None, then: bytes) -> Callable[[Visit], bytes | None]:
    return lambda visit: first if visit.turn == 1 else then


def pieces(*parts: bytes | float) -> Callable[[Visit], AsyncIterator[bytes]]:
    """Bytes, with seconds to sleep between them."""

    async def run() -> AsyncIterator[bytes]:
        for part in parts:
            if isinstance(part, bytes):
                yield part
            else:
                await asyncio.sleep(part)

    return lambda _visit: run()


def endless(head: bytes, part: bytes, pause: float = 0.0, limit: int = 4000) -> Callable[[Visit], AsyncIterator[bytes]]:
    async def run() -> AsyncIterator[bytes]:
        yield head
        for _ in range(limit):
            yield part
            await asyncio.sleep(pause)

    return lambda _visit: run()


HTML = "Content-Type: text/html; charset=utf-8\r\n"
GOOD = page("关于印发工作方案的通知")
HEAD = f"HTTP/1.1 200 OK\r\n{HTML}".encode()


def short(body: str, title: str = "") -> bytes:
    return answer(f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>")


STATUS = [
    Shape("alive", ALIVE, answer(GOOD)),
    Shape("404", DEAD, answer("没有", 404)),
    Shape(
        "404 with chrome",
        DEAD,
        answer(page("页面不存在", "/a.html", "/b.html"), 404),
        more={"/a.html": answer(page("甲")), "/b.html": answer(page("乙"))},
    ),
    Shape("410", DEAD, answer("", 410)),
    Shape("500 always", DEAD, answer("boom", 500)),
    Shape("500 with a whole page", DEAD, answer(GOOD, 500)),
    Shape("502", DEAD, answer("<h1>502 Bad Gateway</h1>", 502)),
    Shape("503 without word", DEAD, answer("", 503)),
    Shape("503 for ever with Retry-After", UNVERIFIED, answer("", 503, Retry_After="3600")),
    Shape("400 on our request", UNVERIFIED, answer("", 400)),
    Shape("flapping 500", ALIVE, once(answer("", 500), answer(GOOD))),
    Shape("flapping reset", ALIVE, once(None, answer(GOOD))),
    Shape("reset for ever", DEAD, lambda _v: None),
    Shape("hangs", DEAD, pieces(30.0)),
    Shape("flapping hang", ALIVE, lambda v: pieces(30.0)(v) if v.turn == 1 else answer(GOOD)),
    Shape("slow", ALIVE, pieces(1.3, answer(GOOD))),
    Shape("204 empty", ALIVE, answer("", 204)),
    Shape("304 unasked", (DEAD, UNVERIFIED), b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    Shape("429", UNVERIFIED, answer("", 429)),
    Shape("429 seconds then good", ALIVE, once(answer("", 429, Retry_After="1"), answer(GOOD))),
    Shape("429 date long", UNVERIFIED, answer("", 429, Retry_After="Wed, 21 Oct 2037 07:28:00 GMT")),
    Shape("200 with status in words", PROPOSED, short("<h1>404 Not Found</h1><hr>nginx", "404 Not Found")),
]

SOFT = [
    Shape("soft plain", PROPOSED, short("<p>您访问的页面不存在或已被删除！</p>", "提示")),
    Shape("soft alert", PROPOSED, answer("<script>alert('信息不存在');history.back();</script>")),
    Shape(
        "soft chrome",
        PROPOSED,
        answer(page("404").replace("<p>", "<div class='error'>抱歉，您访问的页面不存在</div><p style='display:none'>")),
    ),
    Shape(
        "soft picture",
        PROPOSED,
        short("<img src='/images/404.png'><a href='/'>返回首页</a>", ""),
        more={"/images/404.png": answer(b"\x89PNG\r\n\x1a\n" + b"0" * 99, Content_Type="image/png")},
    ),
    Shape("soft deleted", PROPOSED, short("<h2>该信息已被删除</h2>", "系统提示")),
    Shape(
        "soft gbk",
        PROPOSED,
        answer(
            "<html><head><meta charset=gbk><title>提示信息</title></head><body>对不起，您要查看的文章不存在</body></html>".encode(
                "gbk"
            ),
            Content_Type="text/html",
        ),
    ),
    Shape(
        "about 404",
        ALIVE,
        answer(page("我县整治“404页面不存在”问题", body="<p>群众反映网站打开后提示页面不存在，我县开展专项整治。</p>")),
    ),
    Shape("blank page", PROPOSED, answer("<html><head></head><body></body></html>")),
    Shape("zero bytes", PROPOSED, answer("")),
    Shape(
        "meta refresh to home",
        PROPOSED,
        answer("<html><head><meta http-equiv='refresh' content='0;url=/'></head></html>"),
    ),
    Shape("js to home", PROPOSED, answer("<script>window.location.href='/';</script>")),
    Shape(
        "js onward",
        ALIVE,
        answer("<script>window.location.href='/art/real.html';</script>"),
        more={"/art/real.html": answer(GOOD)},
    ),
    Shape("js onward to 404", (DEAD, PROPOSED), answer("<script>window.location.href='/art/gone.html';</script>")),
    Shape("302 to home", PROPOSED, redirect("/")),
    Shape(
        "302 to 404 page", PROPOSED, redirect("/404.html"), more={"/404.html": short("<h1>页面找不到了</h1>", "404")}
    ),
    Shape(
        "302 to error with 200",
        PROPOSED,
        redirect("/error.html"),
        more={
            "/error.html": answer(
                page("错误").replace("<p>", "<div class='error'>404 页面没有找到</div><p style='display:none'>")
            )
        },
    ),
]

REDIRECTS = [
    Shape("302 onward", ALIVE, redirect("/art/new.html"), more={"/art/new.html": answer(GOOD)}),
    Shape("302 to a dead one", DEAD, redirect("/art/gone.html")),
    Shape("ring of two", DEAD, redirect("/ring"), more={"/ring": redirect("/art/2024/1/2/art_9_77.html")}),
    Shape("to itself", DEAD, redirect("/art/2024/1/2/art_9_77.html")),
    Shape("11 hops", DEAD, redirect("/hop/1"), more={f"/hop/{n}": redirect(f"/hop/{n + 1}") for n in range(1, 30)}),
    Shape(
        "to itself once with a cookie",
        ALIVE,
        lambda v: (
            answer(GOOD)
            if "seen=1" in v.headers.get("cookie", "")
            else redirect("/art/2024/1/2/art_9_77.html", 302, "seen=1; path=/")
        ),
    ),
    Shape("moj", UNVERIFIED, redirect("/art/2024/1/2/art_9_77.html", 302, "CT6T=1; path=/", "CT6TS=2; path=/")),
    Shape("to login", UNVERIFIED, redirect("/cas/login?service=x")),
    Shape("to a private address", (DEAD, PROPOSED), redirect("http://10.1.2.3/x.html")),
    Shape(
        "location in gbk",
        ALIVE,
        redirect("/文件/通知.html".encode("gbk")),
        more={"/%CE%C4%BC%FE/%CD%A8%D6%AA.html": answer(GOOD)},
    ),
    Shape("location in utf-8", ALIVE, redirect("/文件.html"), more={"/%E6%96%87%E4%BB%B6.html": answer(GOOD)}),
    Shape("no location", DEAD, b"HTTP/1.1 302 X\r\nContent-Length: 0\r\n\r\n"),
    Shape("broken location", DEAD, redirect("http:///x")),
    Shape("relative location", ALIVE, redirect("art_9_78.html"), more={"/art/2024/1/2/art_9_78.html": answer(GOOD)}),
    Shape("off site and alive", ALIVE, redirect("http://away.test/x"), more={}),
    Shape("off site and dead", DEAD, redirect("http://away.test/gone")),
    Shape("off site and no such name", DEAD, redirect("http://nosuch.test/x")),
]

_GZIP = gzip.compress(GOOD.encode())
_BOMB = zlib.compressobj(9, zlib.DEFLATED, 31)
_BOMB_BYTES = b"".join([_BOMB.compress(b"<p>0</p>" * 125_000) for _ in range(40)] + [_BOMB.flush()])

BODIES = [
    Shape("forced gzip", ALIVE, answer(_GZIP, Content_Encoding="gzip")),
    Shape("gzip unsaid", ALIVE, answer(_GZIP)),
    Shape("says gzip is plain", ALIVE, answer(GOOD, Content_Encoding="gzip")),
    Shape("gzip bomb", ALIVE, answer(_BOMB_BYTES, Content_Encoding="gzip")),
    Shape("endless", ALIVE, endless(HEAD + b"\r\n", b"<p>0123456789</p>" * 4000, limit=300)),
    Shape("slow drip whole", ALIVE, endless(HEAD + b"Connection: close\r\n\r\n", b"<p>x</p>", 0.01, 60)),
    Shape("slow drip for ever", DEAD, endless(HEAD + b"\r\n", b"x", 0.2, 400)),
    Shape(
        "length too long",
        ALIVE,
        pieces(HEAD + f"Content-Length: {len(GOOD.encode()) + 500}\r\n\r\n".encode() + GOOD.encode()),
    ),
    Shape("length too short", ALIVE, HEAD + b"Content-Length: 600\r\nConnection: close\r\n\r\n" + GOOD.encode()),
    Shape(
        "reset in mid-body", DEAD, pieces(HEAD + b"Content-Length: 90000\r\n\r\n" + GOOD.encode()[:300], 0.05, RESET)
    ),
    Shape(
        "reset once in mid-body",
        ALIVE,
        lambda v: (
            pieces(HEAD + b"Content-Length: 90000\r\n\r\n" + GOOD.encode()[:300], 0.05, RESET)(v)
            if v.turn == 1
            else answer(GOOD)
        ),
    ),
    Shape("space in header name", ALIVE, answer(GOOD).replace(b"Content-Type", b"X Odd: 1\r\nContent-Type")),
    Shape("header without colon", ALIVE, answer(GOOD).replace(b"Content-Type", b"garbage\r\nContent-Type")),
    Shape(
        "raw gbk header",
        ALIVE,
        answer(GOOD).replace(b"Content-Type", b"X-Name: " + "临夏".encode("gbk") + b"\r\nContent-Type"),
    ),
    Shape(
        "two lengths",
        ALIVE,
        answer(GOOD).replace(b"Content-Type", f"Content-Length: {len(GOOD.encode())}\r\nContent-Type".encode()),
    ),
    Shape(
        "http/1.0 no length",
        ALIVE,
        b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + GOOD.encode(),
    ),
    Shape("bare lf", ALIVE, pieces(b"HTTP/1.1 200 OK\nContent-Type: text/html\nConnection: close\n\n" + GOOD.encode())),
    Shape("no reason", ALIVE, b"HTTP/1.1 200\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + GOOD.encode()),
    Shape("status line of old", DEAD, b"<html>no http at all</html>"),
    Shape("gbk said utf-8", ALIVE, answer(GOOD.encode("gbk"))),
    Shape("utf-8 said gbk", ALIVE, answer(GOOD, Content_Type="text/html; charset=gbk")),
    Shape("utf-16 bom", ALIVE, answer(GOOD.encode("utf-16"), Content_Type="text/html")),
    Shape("utf-8 bom", ALIVE, answer(b"\xef\xbb\xbf" + GOOD.encode())),
    Shape("head refused", ALIVE, lambda v: answer("", 405) if v.method == "HEAD" else answer(GOOD)),
    Shape("page says octet-stream", ALIVE, answer(GOOD, Content_Type="application/octet-stream")),
    Shape("pdf at html address", ALIVE, answer(b"%PDF-1.4\n" + b"0" * 99, Content_Type="text/html")),
    Shape(
        "chunked",
        ALIVE,
        HEAD
        + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        + f"{len(GOOD.encode()):x}\r\n".encode()
        + GOOD.encode()
        + b"\r\n0\r\n\r\n",
    ),
    Shape(
        "chunk never ends",
        ALIVE,
        pieces(
            HEAD
            + b"Transfer-Encoding: chunked\r\n\r\n"
            + f"{len(GOOD.encode()):x}\r\n".encode()
            + GOOD.encode()
            + b"\r\n"
        ),
    ),
    Shape("100 continue first", ALIVE, b"HTTP/1.1 100 Continue\r\n\r\n" + answer(GOOD)),
    Shape("content-type gone", ALIVE, answer(GOOD).replace(b"Content-Type: text/html; charset=utf-8\r\n", b"")),
]

WECHAT_DELETED = (
    "<html><head><meta charset='utf-8'><title></title><style>" + "a{b:c}" * 1200 + "</style></head><body>"
    "<div class='weui-msg__title warn'>该内容已被发布者删除</div></body></html>"
)
WECHAT_STRANGE = (
    "<html><body><h2 class='weui-msg__title'>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p></body></html>"
)
PARKED = "<html><head><title>example.com - 域名出售</title></head><body><p>本域名正在出售，域名过期请联系注册商。</p><script src='http://img.sedoparking.com/x.js'></script></body></html>"
CASINO = "<html><head><title>澳门新葡京娱乐场-官方平台</title></head><body><p>百家乐 老虎机 真人娱乐 时时彩投注 棋牌游戏平台</p></body></html>"

EXTERNAL = [
    Shape("ext alive", ALIVE, answer(GOOD), host="{}.example.com"),
    Shape("ext 404", DEAD, answer("", 404), host="{}.example.com"),
    Shape("ext nxdomain", DEAD, host="nosuch.test", path="/x.html"),
    Shape("ext refused", DEAD, host="shut.test", path="/x.html"),
    Shape(
        "ext https refused http fine",
        DEAD,
        host="{}.example.com",
        scheme="https",
        more={"/art/2024/1/2/art_9_77.html": answer(GOOD)},
    ),
    Shape("ext hang", DEAD, pieces(30.0), host="{}.example.com"),
    Shape("ext 500", DEAD, answer("", 500), host="{}.example.com"),
    Shape("ext 403", UNVERIFIED, answer("no", 403), host="{}.example.com"),
    Shape("ext 418", UNVERIFIED, answer("", 418), host="{}.example.com"),
    Shape(
        "ext range refused",
        ALIVE,
        lambda v: answer("", 416) if "range" in v.headers else answer(GOOD),
        host="{}.example.com",
    ),
    Shape(
        "ext range 400",
        ALIVE,
        lambda v: answer("", 400) if "range" in v.headers else answer(GOOD),
        host="{}.example.com",
    ),
    Shape("ext soft 404", PROPOSED, short("<p>您访问的页面不存在</p>", "提示"), host="{}.example.com"),
    Shape("wechat deleted", (DEAD, PROPOSED), answer(WECHAT_DELETED), host="mp.weixin.qq.com", path="/s/gone"),
    Shape("wechat alive", ALIVE, answer(GOOD), host="mp.weixin.qq.com", path="/s/good"),
    Shape("wechat strange", UNVERIFIED, answer(WECHAT_STRANGE), host="mp.weixin.qq.com", path="/s/check"),
    Shape("ext parked", (DEAD, PROPOSED), answer(PARKED), host="{}.example.com", path="/"),
    Shape("ext casino", (DEAD, PROPOSED), answer(CASINO), host="{}.example.com", path="/"),
]

HREFS = [
    Shape("href spaces", ALIVE, answer(GOOD), path="/a/1.html", link=" /a/1.html \n"),
    Shape("href backslash", ALIVE, answer(GOOD), path="/a/1.html", link="\\a\\1.html"),
    Shape("href doubled scheme", ALIVE, answer(GOOD), path="/a/1.html", link="http://http://www.{}.gov.cn/a/1.html"),
    Shape("href full width", ALIVE, answer(GOOD), path="/a/1.html", link="http：//www.{}.gov.cn/a/1.html"),
    Shape("href gbk escapes", ALIVE, answer(GOOD), path="/%D5%FE%B8%AE/1.html", link="/%D5%FE%B8%AE/1.html"),
    Shape("href raw chinese", ALIVE, answer(GOOD), path="/%E6%94%BF%E5%BA%9C/1.html", link="/政府/1.html"),
    Shape("href amp", ALIVE, answer(GOOD), path="/v?a=1&b=2", link="/v?a=1&amp;b=2"),
    Shape("href one slash", ALIVE, answer(GOOD), path="/a/1.html", link="http:/www.{}.gov.cn/a/1.html"),
    Shape("href hppt", (ALIVE,), answer(GOOD), path="/a/1.html", link="hppt://www.{}.gov.cn/a/1.html"),
    Shape("href repaired dead", DEAD, path="/a/gone.html", link="\\a\\gone.html"),
    Shape("href inner newline", ALIVE, answer(GOOD), path="/a/1.html", link="/a/\n1.html"),
    Shape("href protocol relative", ALIVE, answer(GOOD), path="/a/1.html", link="//www.{}.gov.cn/a/1.html"),
    Shape(
        "onclick dead",
        DEAD,
        path="/a/1.html",
        link="<a href='javascript:void(0)' onclick=\"window.open('/a/1.html')\">看</a>",
    ),
    Shape(
        "onclick alive",
        ALIVE,
        answer(GOOD),
        path="/a/1.html",
        link="<a href='#' onclick=\"location.href='/a/1.html'\">看</a>",
    ),
    Shape("data-href dead", DEAD, path="/a/1.html", link="<li data-href='/a/1.html'>看</li>"),
    Shape("li src dead", DEAD, path="/a/1.html", link="<li src='/a/1.html'>看</li>"),
    Shape("area dead", DEAD, path="/a/1.html", link="<map><area href='/a/1.html' alt='x'></map>"),
    Shape(
        "option dead",
        DEAD,
        path="/a/1.html",
        link="<select onchange='window.open(this.value)'><option value='/a/1.html'>县市</option></select>",
    ),
    Shape("iframe dead", DEAD, path="/a/1.html", link="<iframe src='/a/1.html'></iframe>"),
    Shape("image dead", DEAD, path="/a/1.png", link="<img src='/a/1.png'>"),
    Shape(
        "image lazy dead",
        DEAD,
        path="/a/1.png",
        link="<img src='/a/0.png' data-src='/a/1.png'>",
        more={"/a/0.png": answer(b"\x89PNG\r\n\x1a\n" + b"0" * 99, Content_Type="image/png")},
    ),
    Shape(
        "image srcset dead",
        DEAD,
        path="/a/1.png",
        link="<img src='/a/0.png' srcset='/a/1.png 2x'>",
        more={"/a/0.png": answer(b"\x89PNG\r\n\x1a\n" + b"0" * 99, Content_Type="image/png")},
    ),
    Shape("image background dead", DEAD, path="/a/1.png", link="<div style=\"background:url('/a/1.png')\">图</div>"),
    Shape("image is html", DEAD, answer(GOOD), path="/a/1.png", link="<img src='/a/1.png'>"),
    Shape(
        "image base64",
        ALIVE,
        answer(GOOD),
        path="/a/1.html",
        link="<img src='data:image/png;base64,AAAA'><a href='/a/1.html'>x</a>",
    ),
    Shape("script dead", DEAD, path="/a/1.js", link="<script src='/a/1.js'></script>"),
    Shape("style dead", DEAD, path="/a/1.css", link="<link rel='stylesheet' href='/a/1.css'>"),
    Shape("video dead", DEAD, path="/a/1.mp4", link="<video src='/a/1.mp4'></video>"),
    Shape("comment", ALIVE, path="/a/1.html", link="<!-- <a href='/a/1.html'>old</a> -->"),
    Shape("fragment", ALIVE, answer(GOOD), path="/a/1.html", link="/a/1.html#top"),
    Shape(
        "preconnect",
        ALIVE,
        path="/a/none",
        link="<link rel='dns-prefetch' href='/a/none'><link rel='preconnect' href='http://cdn.gone.test'>",
    ),
    Shape("canonical", ALIVE, path="/a/none", link="<link rel='canonical' href='/a/none'>"),
    Shape("favicon dead", ALIVE, path="/favicon.ico", link="<link rel='icon' href='/favicon.ico'>"),
    Shape("form action", ALIVE, path="/search.do", link="<form action='/search.do'><input name=q></form>"),
]
