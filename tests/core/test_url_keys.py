"""A table of addresses and their keys: one page, one key, whatever way it is written."""

from __future__ import annotations

from pathlib import Path

import ada_url
import pytest
from ruamel.yaml import YAML

from crawler.core.urls import normalise, resolve

BASE = "https://www.lxs.gov.cn/lxs/zwgk/index.html"
TABLE = [tuple(row) for row in YAML(typ="safe").load((Path(__file__).parent / "url_keys.yaml").read_text("utf-8"))]


def test_the_table_has_a_hundred_rows() -> None:
    assert len({href for href, _ in TABLE}) >= 100


@pytest.mark.parametrize(("href", "key"), TABLE)
def test_key(href: str, key: str) -> None:
    url, _ = resolve(BASE, href)
    assert (normalise(url) if url else "") == key
    assert not key or normalise(key) == key, "a key is its own key"


def test_no_two_pages_share_a_key_and_no_page_has_two() -> None:
    """Case, encoded slashes, ports and the order of a query tell pages apart; dots and default ports do not."""
    apart = ["/A", "/a", "/a%2Fb", "/a/b", "/a?b=1&c=2", "/a?c=2&b=1", ":8443/a", "/a+b", "/a%20b", "/a/", "/%41"]
    assert len({normalise(f"https://www.lxs.gov.cn{path}") for path in apart}) == len(apart)
    same = ["/x/../a", "/./a", ":443/a", "/%2e/a", "/a#top", "/a?", "/a;jsessionid=1", "/a?utm_source=x"]
    assert {normalise(f"https://www.lxs.gov.cn{path}") for path in same} == {"https://www.lxs.gov.cn/a"}


def test_what_needs_no_repair_is_what_a_browser_asks() -> None:
    for href, _ in TABLE:
        url, fault = resolve(BASE, href)
        if url and not fault:
            assert url == ada_url.join_url(BASE, href)
