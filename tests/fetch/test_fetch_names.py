"""Names are looked up once, their answers checked, failures told apart; a fake name server on loopback answers."""

from __future__ import annotations

import asyncio

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from crawler.fetch.errors import NameUnanswered, NoSuchName, PrivateAddress
from crawler.fetch.resolve import Names

RECORDS = {
    ("good.test.", "A"): ["8.8.8.8", "8.8.4.4"],
    ("good.test.", "AAAA"): ["2400:3200::1"],
    ("inner.test.", "A"): ["10.0.0.1"],
    ("mixed.test.", "A"): ["8.8.8.8", "192.168.1.1"],
    ("mapped.test.", "AAAA"): ["::ffff:127.0.0.1"],
    ("nat.test.", "AAAA"): ["64:ff9b::7f00:1"],
    ("empty.test.", "MX"): [],
    ("fail.test.", "A"): [],
}


class FakeServer(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.asked: list[str] = []

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data, address) -> None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, kind = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{name} {kind}")
        reply = dns.message.make_response(query, recursion_available=True)
        if name == "fail.test.":
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif not any(known == name for known, _ in RECORDS):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif values := RECORDS.get((name, kind)):
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *values))
        self.transport.sendto(reply.to_wire(), address)


@pytest.fixture
async def world():
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(FakeServer, local_addr=("127.0.0.1", 0))
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = transport.get_extra_info("sockname")[1]
    yield Names(resolver), server
    transport.close()


async def test_a_public_name_gives_its_addresses_and_is_asked_once(world) -> None:
    names, server = world
    answers = await asyncio.gather(*(names.public_addresses("Good.test.") for _ in range(20)))
    assert {frozenset(answer) for answer in answers} == {frozenset({"8.8.8.8", "8.8.4.4", "2400:3200::1"})}
    assert answers[0][-1] == "2400:3200::1"  # IPv4 first
    assert len(server.asked) == 2


@pytest.mark.parametrize("host", ["inner.test", "mixed.test", "mapped.test", "nat.test"])
async def test_any_private_answer_is_refused(world, host) -> None:
    """BEHAVIOURS 43."""
    with pytest.raises(PrivateAddress, match="内网"):
        await world[0].public_addresses(host)


@pytest.mark.parametrize(
    ("host", "error", "words"),
    [
        ("gone.test", NoSuchName, "NXDOMAIN"),
        ("empty.test", NoSuchName, "没有地址记录"),
        ("fail.test", NameUnanswered, "SERVFAIL"),
    ],
)
async def test_failures_are_told_apart(world, host, error, words) -> None:
    with pytest.raises(error, match=words):
        await world[0].public_addresses(host)
