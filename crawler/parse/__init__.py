"""Bytes to facts; the only place that knows selectolax."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.core.urls import HrefCache
from crawler.parse.encoding import Decoded, decode
from crawler.parse.feeds import read_feed
from crawler.parse.html import Element, Html, locate, locate_all
from crawler.parse.lists import otherwise, read_answer
from crawler.parse.lists.page import ListAnswer
from crawler.parse.lists.twins import OVERVIEW
from crawler.parse.lists.unsure import UNSURE
from crawler.parse.memory import SiteCache
from crawler.parse.page import is_article_url, parse, saved_from, server_date
from crawler.parse.script import parse_script

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.core.facts import Listing


def read_unit(body: bytes, reader: str, url: str, page_url: str, headers: Mapping[str, str] | None = None) -> Listing:
    """The answer of a list unit. A result with reader "" has failed, one without entries is the end of the list."""
    answer = ListAnswer(decode(body, headers).text.lstrip("\ufeff"), url, page_url, server_date(headers))
    return read_answer(reader, answer)


__all__ = [
    "OVERVIEW",
    "UNSURE",
    "Decoded",
    "Element",
    "HrefCache",
    "Html",
    "SiteCache",
    "decode",
    "is_article_url",
    "locate",
    "locate_all",
    "otherwise",
    "parse",
    "parse_script",
    "read_feed",
    "read_unit",
    "saved_from",
]
