"""Attachments and certificates as servers give them out (BEHAVIOURS 8–10, 32, 40, 46, 47, 50, 53, 88)."""

from __future__ import annotations

import io
import ssl
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from tests.world.office import page
from tests.world.server import Visit, answer, redirect
from tests.world.shapes import GOOD, pieces

PDF = b"%PDF-1.4\n" + b"0123456789" * 6000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60_000
NOW = datetime.now(UTC)


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("OFD.xml", "<ofd/>" * 100)
    return out.getvalue()


def ranged(body: bytes, kind: str = "application/octet-stream"):
    def reply(visit: Visit) -> bytes:
        asked = visit.headers.get("range", "")
        if not asked.startswith("bytes=0-"):
            return answer(body, Content_Type=kind)
        end = min(int(asked[8:]) + 1, len(body))
        return answer(body[:end], 206, Content_Type=kind, Content_Range=f"bytes 0-{end - 1}/{len(body)}")

    return reply


FILES = {
    # name: (handler, dead)
    "plain.pdf": (ranged(PDF), False),
    "norange.pdf": (answer(PDF, Content_Type="application/pdf"), False),
    "table.wps": (ranged(OLE), False),
    "sheet.et": (ranged(OLE), False),
    "form.ofd": (ranged(_zip()), False),
    "word.docx": (ranged(_zip()), False),
    "asHtml.doc": (answer(page("文件不存在"), Content_Type="text/html"), True),
    "empty.pdf": (answer(b"", Content_Type="application/pdf"), True),
    "isDoc.pdf": (ranged(OLE, "application/pdf"), True),
    "gone.xls": (answer("", 404), True),
    "huge.zip": (pieces(b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n" + _zip() + b"0" * 60_000, 9.0), False),
    "chain.pdf": (redirect("http://files.example.net/a/1.pdf"), False),
    "html-type.pdf": (answer(PDF, Content_Type="text/html"), False),
    "busy.pdf": (lambda v: answer("", 503, Retry_After="1") if v.turn == 1 else answer(PDF), False),
}


@pytest.mark.behaviour(50, 53)
def test_each_file_opens_or_not_and_only_its_head_is_read(world, office) -> None:
    """BEHAVIOURS 50, 53: by magic bytes, at most 8 KB each as far as the server can count."""
    host = "http://www.files.gov.cn/f/"
    world.on("http://files.example.net/a/1.pdf", redirect("http://cdn.example.net/b/1.pdf", 301))
    world.on("http://cdn.example.net/b/1.pdf", ranged(PDF))
    office.site("files", *(f'<a href="/f/{name}">附件：{name}</a>' for name in FILES))
    for name, (handler, _) in FILES.items():
        world.on(host + name, handler)
    told = office.nightly()
    dead = {f["target"].removeprefix(host): f["certainty"] for f in told.findings("files")}
    assert dead == {name: "confirmed" for name, (_, is_dead) in FILES.items() if is_dead}
    reasons = {f["message"].partition("打不开：")[2] for f in told.findings("files", ["LK-03"])}
    assert len(reasons) == 4, reasons
    for visit in world.asked(host + "*"):
        assert visit.headers.get("range") == "bytes=0-8191", visit
    assert world.sent[host + "plain.pdf"] < 9000


def context(certificate: trustme.LeafCert, *, leaf_only: bool = False) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if leaf_only:
        with certificate.cert_chain_pems[0].tempfile() as cert, certificate.private_key_pem.tempfile() as key:
            made.load_cert_chain(cert, key)
    else:
        certificate.configure_cert(made)
    return made


@pytest.mark.behaviour(32)
@pytest.mark.parametrize("fault", ["good", "expired", "wrong host", "self-signed", "missing intermediate"])
def test_a_bad_certificate_kills_no_page(world, office, tmp_path, fault) -> None:
    """BEHAVIOURS 32: the content is read, and nothing of the site is called dead."""
    name = "tls-" + fault.replace(" ", "-")
    host = f"www.{name}.gov.cn"
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    world.trust = str(tmp_path / "ca.pem")
    world.secure(
        host,
        {
            "good": lambda: context(ca.issue_cert(host)),
            "expired": lambda: context(
                ca.issue_cert(host, not_before=NOW - timedelta(days=9), not_after=NOW - timedelta(days=1))
            ),
            "wrong host": lambda: context(ca.issue_cert("other.gov.cn")),
            "self-signed": lambda: context(trustme.CA().issue_cert(host)),
            "missing intermediate": lambda: context(ca.create_child_ca().issue_cert(host), leaf_only=True),
        }[fault](),
    )
    office.site(name, "/gone.html", "/art/1.html", scheme="https")
    world.on(f"https://{host}/art/1.html", answer(GOOD))
    told = office.nightly()
    assert [f["target"] for f in told.findings(name)] == [f"https://{host}/gone.html"]


@pytest.mark.behaviour(40, 46)
def test_a_shut_http_port_says_nothing_of_https_and_the_reverse(world, office, tmp_path) -> None:
    """BEHAVIOURS 40, 46: a port is shut for itself alone; a missing name is one issue for all its links."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    world.trust = str(tmp_path / "ca.pem")
    world.secure("half.example.com", context(ca.issue_cert("half.example.com")))
    world.connect_to |= {"half.example.com:80": "refused", "nowhere.test:*": "nxdomain"}
    world.on("https://half.example.com/b.html", answer(GOOD))
    links = ["http://half.example.com/a.html", "https://half.example.com/b.html"]
    office.site("half", *links, *(f"http://nowhere.test/{n}.html" for n in range(5)))
    told = office.nightly()
    targets = sorted(f["target"] for f in told.findings("half"))
    assert links[0] in targets
    assert links[1] not in targets
    assert len([t for t in targets if "nowhere" in t]) == 1


@pytest.mark.behaviour(88)
def test_what_may_change_something_is_never_asked(world, office) -> None:
    """BEHAVIOURS 88."""
    traps = [
        "/login.jsp",
        "/admin/delete.do?id=1",
        "/hdjl/mailbox/submit.do",
        "/user/logout.action",
        "/cms/del.php?a=1",
    ]
    office.site("traps", *traps, "/art/1.html")
    world.on("http://www.traps.gov.cn/art/1.html", answer(GOOD))
    office.nightly()
    assert not [v for path in traps for v in world.asked(f"http://www.traps.gov.cn{path}")]
    assert world.asked("http://www.traps.gov.cn/art/1.html")


@pytest.mark.behaviour(47)
def test_a_dead_footer_link_on_300_pages_is_one_issue(world, office) -> None:
    """BEHAVIOURS 47."""
    host = "http://www.footer.gov.cn"
    office.site("footer", *(f"/art/{n}.html" for n in range(300)))
    for n in range(300):
        world.on(f"{host}/art/{n}.html", answer(page(f"通知{n}号", '<a href="/foot/gone.html">网站声明</a>')))
    found = office.nightly().findings("footer")
    assert [(f["target"], f["count"]) for f in found] == [(f"{host}/foot/gone.html", 300)]
    assert found[0]["parents"][0]["text"] == "网站声明"


@pytest.mark.behaviour(8, 9, 10)
def test_case_and_sessions_and_mirrors(world, office) -> None:
    """BEHAVIOURS 8–10: case differs, sessions do not, a mirror that deepens for ever ends."""
    host = "http://www.keys.gov.cn"
    office.site(
        "keys",
        "/a/YSJS/index.html",
        "/a/ysjs/index.html",
        *(f"/art/1.html;jsessionid=A{n}" for n in range(20)),
        *(f"/col/col1/index.html?uid=7&pageNum={n}" for n in range(30)),
        "/gate/big5/www.keys.gov.cn/a.html",
    )
    for path in ("/a/YSJS/index.html", "/a/ysjs/index.html", "/art/1.html"):
        world.on(host + path, answer(page(path)))
    world.on(
        "//www.keys.gov.cn/*",
        lambda v: (
            answer(page(v.target[:60], f"/gate/big5/www.keys.gov.cn{v.target}"))
            if v.target.startswith("/gate/")
            else answer(page("栏目"))
            if v.target.startswith("/col")
            else answer("", 404)
        ),
    )
    told = office.nightly()
    assert not told.findings("keys")
    assert world.asked(f"{host}/a/YSJS/index.html")
    assert world.asked(f"{host}/a/ysjs/index.html")
    assert len(world.asked(f"{host}/art/1.html*")) == 1
    assert len(world.asked(f"{host}/col/*")) == 1
    assert len(world.asked(f"{host}/gate/big5/*")) <= 25


@pytest.mark.behaviour(51)
def test_an_address_that_is_good_once_is_asked_anew_from_its_page(world, office) -> None:
    """BEHAVIOURS 51: the page hands out a fresh address each time; the twin is gone whatever its token."""
    host = "http://www.gate.gov.cn"
    latest: list[str] = []

    def download(visit: Visit) -> bytes:
        latest.append(f"/gateway/file.pdf?token=t{visit.turn}")
        given = [f'<a href="{latest[-1]}">附件1.pdf</a>', '<a href="/gateway/lost.pdf?token=9">附件2.pdf</a>']
        return answer(page("附件下载", *given))

    def give(visit: Visit) -> bytes:
        if not visit.target.startswith("/gateway/file"):
            return answer("", 404)
        good = visit.target == latest[-1] and not visit.target.endswith("t1")  # the first one has run out by now
        return answer(PDF) if good else answer("", 404)

    office.site("gate", "/art/1.html")
    world.on(f"{host}/art/1.html", download)
    world.on("//www.gate.gov.cn/*", give)
    told = office.nightly()
    assert [f["target"] for f in told.findings("gate")] == [f"{host}/gateway/lost.pdf?token=9"]
    assert len(world.asked(f"{host}/gateway/*")) <= 4
