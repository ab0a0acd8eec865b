"""Every way to spell a private address in a URL (BEHAVIOURS 43), and public ones that only look like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.network import is_private_host
from crawler.core.urls import host_of, normalise

PRIVATE = """
http://10.0.0.1/ http://10.1/ http://0x0a.0.0.1/ http://012.0.0.1/ http://167772161/ http://0xa000001/ http://127.1/
http://2130706433/ http://0177.0.0.1/ http://127.0.0.1./ http://localhost./ http://a.localhost/ http://LOCALHOST/
http://[::1]/ http://[::]/ http://[::ffff:10.0.0.1]/ http://[::ffff:a00:1]/ http://[64:ff9b::a00:1]/ http://[fe80::1]/
http://[64:ff9b::10.0.0.1]/ http://[2002:a00:1::]/ http://[fc00::1]/ http://[fec0::1]/ http://[::10.0.0.1]/
http://www.gov.cn@10.0.0.1/ http://www.gov.cn:80@127.0.0.1:8080/ http://169.254.169.254/latest/ http://100.64.0.1/
http://192.168.1.1/ http://172.16.0.1/ http://0.0.0.0/ http://0/ http://255.255.255.255/ http://224.0.0.1/
http://１０.0.0.1/ http://10。0。0。1/ http://printer.local/ http://oa.internal/ http://198.18.0.1/ http://[ff02::1]/
""".split()
PUBLIC = """
http://www.gov.cn/ http://10.0.0.1.example.com/ http://localhost.example.com/ http://8.8.8.8/ http://134744072/
http://[2001:4860:4860::8888]/ http://[::ffff:8.8.8.8]/ http://[64:ff9b::808:808]/ http://172.32.0.1/ http://11.0.0.1/
""".split()


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_address_is_known_in_every_spelling(url: str) -> None:
    assert is_private_host(host_of(normalise(url)))


@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_address_is_not_private(url: str) -> None:
    assert not is_private_host(host_of(normalise(url)))


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(text: str) -> None:
    for url in ("http://www.example.gov.cn/" + text, "http://" + text, text):
        key = normalise(url)
        assert normalise(key) == key
