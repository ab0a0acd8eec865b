"""Lists drawn from a template whose rows stand as JSON in a script of the page (handlebars, Vue, art-template)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from crawler.core.facts import Listing
from crawler.parse.lists import records
from crawler.parse.lists.pager import next_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.parse.lists.page import ListPage

ORDER: Final = 110  # after plain: only where the HTML itself has no dated rows

_SCRIPT: Final = re.compile(r"<script\b(?![^>]{0,300}\bsrc\s*=)[^>]{0,300}>", re.IGNORECASE)
_START: Final = re.compile(r"[=:(>]\s*(?=[\[{])|\A\s*(?=[\[{])")
_MAX_SCRIPTS: Final = 60
_MAX_TRIES: Final = 60
_FEWEST: Final = 2

_decoder = json.JSONDecoder()


def read(page: ListPage) -> Listing | None:
    if not page.column:
        return None
    best = records.Records()
    for script in _scripts(page.source):
        for data in _literals(script):
            found = records.read(data, page.resolve, page.seen_at)
            if _worth(found) > _worth(best):
                best = found
    if len(best.entries) < _FEWEST or not any(entry.date for entry in best.entries):
        return None
    pager = next_pages(page)
    dated = sum(entry.date is not None for entry in best.entries)
    note = f"页面脚本中的数据：{len(best.entries)} 条，{dated} 条有日期"
    if pager.note:
        note += "；" + pager.note
    total = best.total if best.total is not None else pager.total
    return Listing(reader="inline", entries=best.entries, next_urls=pager.urls, total=total, note=note)


def _worth(found: records.Records) -> tuple[int, int]:
    return sum(entry.date is not None for entry in found.entries), len(found.entries)


def _scripts(source: str) -> Iterator[str]:
    lower = source.lower()
    for number, opened in enumerate(_SCRIPT.finditer(source)):
        if number >= _MAX_SCRIPTS:
            return
        close = lower.find("</script", opened.end())
        yield source[opened.end() : close if close >= 0 else len(source)][: records.MAX_JSON]


def _literals(script: str) -> Iterator[records.Json]:
    """JSON values of a script; where one is not JSON, its flat objects (single quotes, bare keys)."""
    at = tries = 0
    while tries < _MAX_TRIES and (start := _START.search(script, at)) is not None:
        tries += 1
        at = start.end()
        try:
            data, at = _decoder.raw_decode(script, start.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(data, (dict, list)):
            yield data
    rows = records.loose(script)
    if rows:
        yield rows
