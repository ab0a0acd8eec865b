"""The TLS ladder against servers with every kind of certificate (BEHAVIOURS 32)."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from crawler.core.model import Outcome, State
from crawler.fetch import Request

NOW = datetime.now(UTC)


def context(certificate: trustme.LeafCert, *, leaf_only: bool = False) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if leaf_only:
        with certificate.cert_chain_pems[0].tempfile() as cert, certificate.private_key_pem.tempfile() as key:
            made.load_cert_chain(cert, key)
    else:
        certificate.configure_cert(made)
    return made


@pytest.fixture
def ask(start, make, tmp_path):
    """Ask an https host of a server with this context; the CA of the test is trusted."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    async def run(server: ssl.SSLContext, times: int = 1):
        web = await start(server)
        web.routes["/x"] = web.answer("内容")
        fetcher = make(connect_to={"a.test:443": f"127.0.0.1:{web.port}"}, trust=str(tmp_path / "ca.pem"))
        return [await fetcher.fetch(Request("https://a.test/x", "page", "city")) for _ in range(times)][-1], web

    return ca, run


async def test_a_good_certificate_leaves_no_trace(ask) -> None:
    ca, run = ask
    fetch, _ = await run(context(ca.issue_cert("a.test")), times=2)
    assert (fetch.outcome, dict(fetch.tls), fetch.note) == (Outcome.OK, {}, "")


async def test_a_certificate_that_fails_is_a_fault_and_the_page_is_read(ask) -> None:
    ca, run = ask
    child = trustme.CA().create_child_ca()
    servers = {
        "expired": context(ca.issue_cert("a.test", not_before=NOW - timedelta(9), not_after=NOW - timedelta(1))),
        "not_yet_valid": context(ca.issue_cert("a.test", not_before=NOW + timedelta(1), not_after=NOW + timedelta(9))),
        "wrong_host": context(ca.issue_cert("b.test")),
        "self_signed": context(trustme.CA().issue_cert("a.test")),
        "unknown_ca": context(child.issue_cert("a.test"), leaf_only=True),
    }
    for fault, server in servers.items():
        fetch, web = await run(server, times=2)
        assert (fetch.outcome, fetch.state, fetch.body) == (Outcome.OK, State.ALIVE, "内容".encode()), (fault, fetch)
        assert fetch.tls["fault"] in {fault, "unknown_ca"}, (fault, fetch.tls)
        assert fetch.note
        assert fetch.tls["not_after"]
        assert len(web.log) == 2  # nothing was sent over the connection that failed


async def test_the_failed_handshake_is_kept_as_an_attempt(ask) -> None:
    ca, run = ask
    fetch, _ = await run(context(ca.issue_cert("a.test", not_before=NOW - timedelta(9), not_after=NOW - timedelta(1))))
    assert [(attempt.outcome, attempt.note) for attempt in fetch.attempts] == [
        (Outcome.TLS, "证书已过期"),
        (Outcome.OK, "证书已过期"),
    ]


def serve_old(listener: socket.socket, server: ssl.SSLContext) -> None:
    """A blocking TLS server: unlike asyncio's it sends its alert before it closes."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        try:
            with server.wrap_socket(connection, server_side=True) as wire:
                wire.recv(4096)
                wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        except OSError:
            connection.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_an_old_server_is_read_by_the_legacy_step(ask, make, tmp_path) -> None:
    ca, _ = ask
    old = context(ca.issue_cert("a.test", key_type=trustme.KeyType.RSA))
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve_old, args=(listener, old), daemon=True).start()
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        fetcher = make(connect_to={"a.test:443": address}, trust=str(tmp_path / "ca.pem"))
        first = await fetcher.fetch(Request("https://a.test/x", "page", "city"))
        second = await fetcher.fetch(Request("https://a.test/x", "page", "city"))
    assert [attempt.outcome for attempt in first.attempts] == [Outcome.TLS, Outcome.OK], first
    assert [attempt.outcome for attempt in second.attempts] == [Outcome.OK]
    assert (second.state, second.tls["fault"]) == (State.ALIVE, "legacy")
    assert "旧式" in second.note


async def test_a_server_that_refuses_every_cipher_is_a_suspect(make) -> None:
    async def refuse(reader, writer):
        await reader.read(100)
        writer.write(b"\x15\x03\x03\x00\x02\x02\x28")  # the alert handshake_failure
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        fetcher = make(connect_to={"a.test:443": f"127.0.0.1:{server.sockets[0].getsockname()[1]}"})
        fetch = await fetcher.fetch(Request("https://a.test/x", "page", "city"))
    assert (fetch.outcome, fetch.state) == (Outcome.TLS, State.SUSPECT), fetch
    assert "国密" in fetch.note


async def test_plain_http_on_the_tls_port_is_a_suspect(web, make) -> None:
    fetcher = make(connect_to={"a.test:443": f"127.0.0.1:{web.port}"})
    fetch = await fetcher.fetch(Request("https://a.test/x", "page", "city"))
    assert fetch.state is State.SUSPECT
