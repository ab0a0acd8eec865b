"""What the wire says of a site: certificates, the other scheme, IPv6, broken HTTP (BEHAVIOURS 32, 33, 34, 35)."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from crawler.core.model import Outcome, State
from crawler.core.reach import Probe
from crawler.store import probes
from crawler.store.crawl_db import open_crawl
from tests.world.office import page
from tests.world.server import answer
from tests.world.shapes import pieces

NOW = datetime.now(UTC)


def server(certificate: trustme.LeafCert, *, leaf_only: bool = False) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if leaf_only:
        with certificate.cert_chain_pems[0].tempfile() as cert, certificate.private_key_pem.tempfile() as key:
            made.load_cert_chain(cert, key)
    else:
        certificate.configure_cert(made)
    return made


@pytest.mark.behaviour(32)
def test_a_bad_certificate_is_one_finding_and_the_site_is_read(world, office, tmp_path) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    world.trust = str(tmp_path / "ca.pem")

    def issue(name: str, **more):
        return ca.issue_cert(f"www.{name}.gov.cn", **more)

    old = {"not_before": NOW - timedelta(9), "not_after": NOW - timedelta(1)}
    stands = {
        "tgood": server(issue("tgood")),
        "texpired": server(issue("texpired", **old)),
        "twrong": server(ca.issue_cert("other.gov.cn")),
        "tself": server(trustme.CA().issue_cert("www.tself.gov.cn")),
        "tchain": server(ca.create_child_ca().issue_cert("www.tchain.gov.cn"), leaf_only=True),
    }
    for name, context in stands.items():
        office.site(name, "/a.html", "/gone.html", scheme="https")
        world.secure(f"www.{name}.gov.cn", context)
        world.on(f"https://www.{name}.gov.cn/a.html", answer(page("甲")))
    told = office.nightly()
    found = {name: told.findings(name, ["AC-02"]) for name in stands}
    assert {name: len(rows) for name, rows in found.items()} == {name: int(name != "tgood") for name in stands}
    assert told.result("tgood", "AC-02")["verdict"] == "passed"
    assert "已过期" in found["texpired"][0]["message"]
    assert "域名不符" in found["twrong"][0]["message"]
    assert {row["severity"] for rows in found.values() for row in rows} == {"提示"}
    for name in stands:
        assert told.result(name, "AV-08")["verdict"] == "passed", name
        gone = told.findings(name, ["LK-01", "LK-02"])
        assert [row["target"] for row in gone] == [f"https://www.{name}.gov.cn/gone.html"], name  # its pages were read
    assert {row["state"] for rows in found.values() for row in rows} == {"open"}
    world.secure("www.texpired.gov.cn", server(issue("texpired")))
    again = office.nightly()
    assert [row["state"] for row in again.findings("twrong", ["AC-02"])] == ["open"]  # looked at again, still so
    assert not again.findings("texpired", ["AC-02"])
    closed = {row["rule"]: row["state"] for row in again.document["closed"] if row["site"] == "texpired"}
    assert closed == {"AC-02": "fixed"}
    world.trust = None


@pytest.mark.behaviour(33)
def test_a_shut_https_port_is_a_mismatch_where_http_opens(world, office) -> None:
    office.site("tmix", "/gone.html", scheme="https")
    office.site("tshut", scheme="https")
    world.on("http://www.tmix.gov.cn/", answer(page("首页", "/gone.html")))
    world.connect_to["www.tshut.gov.cn:*"] = "refused"
    told = office.nightly()
    [row] = told.findings("tmix", ["AC-02"])
    assert "http://www.tmix.gov.cn/ 可以打开" in row["message"]
    assert not told.findings("tmix", ["AV-08"])
    assert [r["target"] for r in told.findings("tmix", ["LK-01"])] == ["http://www.tmix.gov.cn/gone.html"]
    assert told.findings("tshut", ["AV-08"])
    assert not told.findings("tshut", ["AC-02"])


@pytest.mark.behaviour(34)
def test_slow_is_advice_and_too_slow_is_a_problem(world, office) -> None:
    """Here the official clock is one second; advice begins at 0.4."""
    for name, wait in (("tbrisk", 0.0), ("tslow", 0.6), ("tlate", 1.3)):
        office.site(name, "/gone.html")
        world.on(f"http://www.{name}.gov.cn/", pieces(wait, answer(page("首页", "/links.html"), Connection="close")))
    config = office.write()
    (config / "rules.yaml").write_text("edition: 试\noptions: {AV-04: {limit: 0.4s}}\n", "utf-8")
    told = office.nightly()
    assert not told.findings("tbrisk", ["AV-04", "AV-08"])
    assert [row["rule"] for row in told.findings("tslow", ["AV-04", "AV-08"])] == ["AV-04"]
    late = {row["rule"]: row["message"] for row in told.findings("tlate", ["AV-04", "AV-08"])}
    assert "1.3 秒才打开，超过 1 秒" in late["AV-08"]
    assert told.findings("tlate", ["LK-01", "LK-02"])  # the body was read all the same


def keep(office, site: str, rows: list[tuple[float, Outcome, State]], void: str = "") -> None:
    """Looks of the past, so many hours ago, written by the store's own function."""
    engine = open_crawl(office.folder / "data" / "crawl.db")
    now = datetime.now(UTC)
    made = [(site, Probe(now - timedelta(hours=h), f"http://www.{site}.gov.cn/", s, o)) for h, o, s in rows]
    with engine.begin() as connection:
        probes.record_round(connection, made, started=now, ended=now, void=void)
    engine.dispose()


@pytest.mark.behaviour(35, 90)
def test_the_share_of_a_week_is_exact_and_reported_outages_are_exempt(world, office) -> None:
    (office.folder / "data").mkdir()
    fine, down = (Outcome.OK, State.ALIVE), (Outcome.REFUSED, State.SUSPECT)
    for name in ("wveto", "wwarn", "wfine", "wshort", "wvoid", "wexempt"):
        office.site(name)
        failed = {"wveto": 10, "wwarn": 6, "wexempt": 20, "wshort": 90}.get(name, 1)
        hours = 100 if name == "wshort" else 168
        keep(office, name, [(h + 0.5, *(down if 30 < h <= 30 + failed else fine)) for h in range(hours)])
    keep(office, "wvoid", [(h + 0.8, *down) for h in range(100)], void="本机网络不通")
    start, end = (datetime.now(UTC) - timedelta(hours=h) for h in (52, 30))
    outage = {
        "from": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "to": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "number": "临州办报备〔2026〕7号",
    }
    told = _with_outage(office, "wexempt", outage)
    rules = ["AV-01", "AV-02", "AV-03"]
    said = {name: {r["rule"]: r["message"] for r in told.findings(name, rules)} for name in office.sites}
    assert "168 次，10 次打不开，占 5.95%" in said["wveto"].pop("AV-01")
    assert "168 次，6 次打不开，占 3.57%" in said["wwarn"].pop("AV-02")
    exempt = told.findings("wexempt", ["AV-01"])
    assert [row["exempt"] for row in exempt] == ["临州办报备〔2026〕7号"]
    assert told.result("wexempt", "AV-01")["verdict"] == "exempt"
    assert [said[name] for name in ("wveto", "wwarn", "wfine", "wvoid")] == [{}, {}, {}, {}]
    assert "AV-01" not in said["wshort"]
    assert told.result("wshort", "AV-01")["verdict"] == "unverified"
    assert "AV-03" in said["wshort"]  # ninety hours in a row, reported to nobody


def _with_outage(office, name: str, outage: dict[str, str]):
    """The office writes its files anew for every command, so the outage goes into what it writes."""
    from tests.world import office as written

    plain = written._site
    written._site = lambda site: plain(site) | ({"outages": [outage]} if site.id == name else {})
    try:
        return office.nightly()
    finally:
        written._site = plain


def ipv6_server(handler) -> tuple[socket.socket, str]:
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")

    def serve() -> None:
        while True:
            try:
                wire, _ = listener.accept()
            except OSError:
                return
            with wire:
                wire.recv(65_536)
                wire.sendall(handler)

    threading.Thread(target=serve, daemon=True).start()
    return listener, f"[::1]:{listener.getsockname()[1]}"


def test_a_site_that_answers_over_ipv6_passes_and_what_cannot_be_seen_is_unverified(world, office) -> None:
    listener, address = ipv6_server(answer(page("首页"), Connection="close"))
    with listener:
        world.connect_to["www.vsix.gov.cn:80"] = address
        office.site("vsix")
        office.site("vfour")
        told = office.nightly()
    assert told.result("vsix", "AC-01")["verdict"] == "passed"
    four = told.result("vfour", "AC-01")
    assert (four["verdict"], "看不到 IPv6" in four["reason"]) == ("unverified", True)


def test_broken_http_is_a_hint_and_no_outage(world, office) -> None:
    office.site("bhttp")
    office.site("bfine")
    body = page("首页", "/links.html").encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nBad Header Line\r\nX Y: 1\r\n"
    world.on("http://www.bhttp.gov.cn/", head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    told = office.nightly()
    assert [row["severity"] for row in told.findings("bhttp", ["AC-07"])] == ["提示"]
    assert told.result("bhttp", "AV-08")["verdict"] == "passed"
    assert told.result("bfine", "AC-07")["verdict"] == "passed"


async def test_a_name_without_an_aaaa_record_is_told_from_one_that_is_not_there() -> None:
    from crawler.fetch.errors import NoAddress, NoSuchName
    from crawler.fetch.ipv6 import record
    from crawler.fetch.resolve import Names

    class Answers(Names):
        async def _ask(self, host: str) -> tuple[str, ...]:
            await asyncio.sleep(0)
            if host == "four.test":
                raise NoAddress("域名没有地址记录")
            if host == "none.test":
                raise NoSuchName("域名不存在")
            return ("2001:da8::1",) if host == "six.test" else ("fd00::1",)

    names = Answers()
    found = {host: (await record(names, f"{host}.test"))[0] for host in ("four", "none", "six", "private")}
    assert found == {"four": "no", "none": "unknown", "six": "yes", "private": "unknown"}
