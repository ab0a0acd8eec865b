"""External scripts that write HTML: what their string literals hold of the footer (FIELD 1.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.core.facts import PageFacts
from crawler.parse import footer
from crawler.parse.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Mapping


def parse_script(body: bytes, url: str, headers: Mapping[str, str] | None = None) -> PageFacts:
    """Facts of an external .js; the Snapshot joins them to the pages that include it."""
    decoded = decode(body, headers)
    return PageFacts(
        url=url,
        declared=decoded.declared,
        used=decoded.used,
        kind="script",
        footer=footer.read_script(decoded.text, url),
    )
