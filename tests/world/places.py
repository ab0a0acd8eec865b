"""Whole sites that misbehave, beside the links of `shapes`: throttles, tenants, tokens, old TLS; and who is alive."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import trustme

from tests.world import shapes, vendors
from tests.world.office import Office, page
from tests.world.server import Visit, World, answer
from tests.world.shapes import ALIVE, DEAD, GOOD, PROPOSED, UNVERIFIED, Shape

LIVING, GONE = "living", "gone"  # what a person finds who opens it in a browser, at leisure

# What not even a person could say, or what asks nothing of a link checker: in no figure.
OPEN_QUESTIONS = {
    "503 for ever with Retry-After", "400 on our request", "304 unasked", "429 date long", "429", "to login",
    "to a private address", "ext 403", "ext 418", "wechat strange", "204 empty", "reset in mid-body",
    "zero bytes", "401", "451", "403空", "405空", "999", "moj",
}  # fmt: skip
NO_LINK = {"comment", "preconnect", "canonical", "favicon dead", "form action"}


class Target(NamedTuple):
    url: str
    truth: str
    kind: str


def _truth(shape: Shape, refusals: bool) -> str | None:
    if shape.name.removesuffix(" out") in OPEN_QUESTIONS | NO_LINK:
        return None
    told = {shape.truth} if isinstance(shape.truth, str) else set(shape.truth)
    if refusals or told == {ALIVE}:
        return LIVING  # a browser passes a vendor's challenge
    return GONE if told <= {DEAD, PROPOSED} else None if UNVERIFIED in told else LIVING


GROUPS: dict[str, list[Shape]] = {
    "status": shapes.STATUS,
    "soft": shapes.SOFT,
    "redirects": shapes.REDIRECTS,
    "bodies": shapes.BODIES,
    "external": shapes.EXTERNAL,
    "hrefs": shapes.HREFS,
    "vendors": [Shape(name, UNVERIFIED, reply) for name, reply in vendors.REFUSALS.items()],
    "vendors-out": [Shape(f"{n} out", UNVERIFIED, r, host="{}.example.com") for n, r in vendors.REFUSALS.items()],
}


def links(office: Office) -> Iterator[Target]:
    """Every shape behind a link of a site of its own."""
    world = office.world
    world.on("http://away.test/", answer(page("别处首页")))
    world.on("http://away.test/x", answer(page("别处")))
    world.connect_to |= {"nosuch.test:*": "nxdomain", "shut.test:*": "refused"}
    for group, found in GROUPS.items():
        for number, shape in enumerate(found):
            name = f"{group}{number}"
            link, target = shape.stand(world, name)
            office.site(name, link.replace("{}", name))
            if truth := _truth(shape, group.startswith("vendors")):
                yield Target(target, truth, f"{group}: {shape.name}")


def _throttled(office: Office, name: str, then: bytes, after: int = 30) -> Iterator[Target]:
    """From the request of this number on, everything but the home page is answered with `then`."""
    host, paths = f"www.{name}.gov.cn", [f"/art/{n}.html" for n in range(60)]
    office.site(name, *paths)
    world = office.world
    world.on(f"//{host}/*", lambda visit: answer("没有", 404) if visit.serial <= after else then)
    for path in paths:
        good = answer(page(f"通知 {path}"))
        world.on(f"http://{host}{path}", lambda visit, good=good: good if visit.serial <= after else then)
        yield Target(f"http://{host}{path}", LIVING, f"{name} after request {after}")


def _tenants(office: Office) -> Iterator[Target]:
    """Two on one server and one platform: a tenant's path answers on the other's host."""
    for name, other in (("jia", "yi"), ("yi", "jia")):
        host = f"www.{name}.gov.cn"
        paths = [f"/{name}/art/{n}.html" for n in range(25)]
        crossed, dead = f"/{other}/art/3.html", f"/{name}/art/gone.html"
        shares = {"shares": "jia"} if name == "yi" else {}
        office.site(name, *paths, crossed, dead, prefixes=(f"/{name}/",), **shares)
        for path in (*paths, crossed):
            office.world.on(f"http://{host}{path}", answer(page(f"通知 {path}")))
            yield Target(f"http://{host}{path}", LIVING, "tenants")
        yield Target(f"http://{host}{dead}", GONE, "tenants")


def _tokens(office: Office) -> Iterator[Target]:
    """The page hands out a fresh address each time it is read; an old one is gone."""
    host, fresh = "http://www.tokens.gov.cn", [""]

    def download(visit: Visit) -> bytes:
        fresh[0] = f"/gateway/file.pdf?token=t{visit.turn}"
        return answer(page("附件下载", f'<a href="{fresh[0]}">附件1.pdf</a>', "/gateway/lost.pdf?token=9"))

    def give(visit: Visit) -> bytes:
        file = answer(b"%PDF-1.4\n" + b"0" * 9000, Content_Type="application/pdf")
        good = visit.target == fresh[0] and not visit.target.endswith("t1")  # the first one has run out by now
        return file if good else answer("", 404)

    office.site("tokens", "/art/1.html")
    office.world.on(f"{host}/art/1.html", download)
    office.world.on("//www.tokens.gov.cn/*", give)
    yield from (Target(f"{host}/gateway/file.pdf?token=t{n}", LIVING, "token") for n in range(1, 6))
    yield Target(f"{host}/gateway/lost.pdf?token=9", GONE, "token")


def _gbk(office: Office) -> Iterator[Target]:
    """Names of folders in the bytes of the page's age."""
    host = "http://www.gbk.gov.cn"
    body = "".join(f'<li><a href="/{folder}/1.html">{folder}</a></li>' for folder in ("政府", "公告"))
    office.site("gbk")
    written = page("文件目录", body=f"<ul>{body}</ul>").replace('charset="utf-8"', 'charset="gb2312"').encode("gbk")
    office.world.on(f"{host}/links.html", answer(written, Content_Type="text/html"))
    for folder, truth in (("政府", LIVING), ("公告", GONE)):
        path = f"{host}/{''.join(f'%{byte:02X}' for byte in folder.encode())}/1.html"
        if truth == LIVING:
            office.world.on(path, answer(GOOD))
        yield Target(path, truth, "GBK page, Chinese path")


# RFC 2409, 6.2: the 1024-bit group that servers of 2010 came with.
_OAKLEY = """\
-----BEGIN DH PARAMETERS-----
MIGHAoGBAP//////////yQ/aoiFowjTExmKLgNwc0SkCTgiKZ8x0Agu+pjsTmyJR
Sgh5jjQE3e+VGbPNOkMbMCsKbfJfFDdP4TVtbVHCReSFtXZiXn7G9ExC6aY37WsL
/1y29Aa37e44a/taiZ+lrp8kEXxLH+ZJKGZR7OZTgf//////////AgEC
-----END DH PARAMETERS-----
"""


def _of_old(context: ssl.SSLContext, folder: Path) -> None:
    """A server that knows no key exchange but Diffie-Hellman with a short key: DH_KEY_TOO_SMALL (FIELD 2.4)."""
    file = folder / "dh.pem"
    file.write_text(_OAKLEY, encoding="ascii")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0")
    context.load_dh_params(str(file))


def _secure(office: Office, folder: Path) -> Iterator[Target]:
    """TLS that browsers open: of old, without its intermediate; and none at all behind the port."""
    authority = trustme.CA()
    office.world.trust = str(folder / "ca.pem")
    authority.cert_pem.write_to_path(office.world.trust)
    now = dt.datetime.now(dt.UTC)
    for name in ("tls-good", "tls-old", "tls-chain", "tls-expired"):
        host = f"www.{name}.gov.cn"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issuer = authority.create_child_ca() if name == "tls-chain" else authority
        dates = {"not_before": now - dt.timedelta(9), "not_after": now - dt.timedelta(1)}
        kind = trustme.KeyType.RSA if name == "tls-old" else trustme.KeyType.ECDSA
        leaf = issuer.issue_cert(host, key_type=kind, **(dates if name == "tls-expired" else {}))
        if name == "tls-chain":
            with leaf.cert_chain_pems[0].tempfile() as cert, leaf.private_key_pem.tempfile() as key:
                context.load_cert_chain(cert, key)
        else:
            leaf.configure_cert(context)
        if name == "tls-old":
            _of_old(context, folder)
        office.world.secure(host, context)
        office.site(name, "/gone.html", "/art/1.html", scheme="https")
        office.world.on(f"https://{host}/art/1.html", answer(GOOD))
        if name != "tls-expired":  # a warning stands before it: living or not is a question of taste
            yield Target(f"https://{host}/art/1.html", LIVING, name)
        yield Target(f"https://{host}/gone.html", GONE, name)


def stand(office: Office, folder: Path) -> list[Target]:
    """The whole world, and the truth of each target, written where nothing judges."""
    home = answer(page("homely首页", "/links.html"))
    shell = answer(page("示范县", *(f"/art/{n}.html" for n in range(20))))
    targets = [
        *links(office),
        *_throttled(office, "burst404", answer("", 404)),
        *_throttled(office, "burst-home", home),
        *_throttled(office, "burst429", answer("", 429, Retry_After="120")),
        *_throttled(office, "burst-cut", answer("<html><title>安全验证</title>访问过于频繁</html>", 403)),
        *_tenants(office),
        *_tokens(office),
        *_gbk(office),
        *_secure(office, folder),
    ]
    office.world.on("http://www.burst-home.gov.cn/", home)
    office.site("shell", *(f"/art/{n}.html" for n in range(20)))
    office.world.on("//www.shell.gov.cn/*", shell)
    return targets


def platform_of(world: World, host: str) -> str:
    """Tenants share a server, and so its limit."""
    return "www.jia.gov.cn" if host == "www.yi.gov.cn" else host
