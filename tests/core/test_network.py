"""Private hosts in every spelling (BEHAVIOURS 43)."""

from __future__ import annotations

import pytest

from crawler.core.network import is_private_host, literal_address


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "017700000001",
        "0177.0.0.1",
        "0",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.254",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "[::1]",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
        "fec0::1",
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::c0a8:1",
        "2002:7f00:1::",
        "ff02::1",
        "2001:db8::1",
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "oa.local",
        "nas.lan",
        "x.internal",
        "127.0.0.1.",
        "",
    ],
)
def test_private(host) -> None:
    assert is_private_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "www.lxs.gov.cn",
        "localhost.gov.cn",
        "local.gov.cn",
        "8.8.8.8",
        "134744072",
        "172.32.0.1",
        "172.15.0.1",
        "100.128.0.1",
        "11.0.0.1",
        "2400:3200::1",
        "64:ff9b::808:808",
        "xn--fiqs8s.cn",
        "10.gov.cn",
        "1.2.3.4.5",
        "0xzz.cn",
        "12306.cn",
        "999999999999",
    ],
)
def test_public(host) -> None:
    assert not is_private_host(host)


def test_a_name_is_no_address() -> None:
    assert literal_address("www.gov.cn") is None
    assert literal_address("1" * 5000) is None
