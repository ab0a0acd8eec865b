"""Guangdong's disclosure platform gkmlpt: the column is the fragment, its rows come from an API (FIELD 1.7)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crawler.core.facts import Listing, ListUnit
from crawler.core.urls import HrefCache
from crawler.parse.lists import records, windows

if TYPE_CHECKING:
    from crawler.parse.lists.page import ListAnswer, ListPage

ORDER: Final = 15

_PER_PAGE: Final = 100
_CONFIG: Final = re.compile(r"window\s*\.\s*_CONFIG\s*=\s*\{", re.IGNORECASE)
_SID: Final = re.compile(r"[{,\s][\"']?SID[\"']?\s*:\s*[\"']?(\w{1,40})", re.IGNORECASE)
_CATEGORY: Final = re.compile(
    r"[\"']?(?:CATEGORY_ID|CATEGORY|CAT_ID|CURRENT_ID)[\"']?\s*:\s*[\"']?(\d{1,12})", re.IGNORECASE
)


def read(page: ListPage) -> Listing | None:
    config = _CONFIG.search(page.source)
    if config is None or "gkmlpt" not in page.source + page.url:
        return None
    sid = _SID.search(page.source, config.start())
    fragment = re.search(r"#/?(\d{1,12})$", page.url)
    category = fragment or _CATEGORY.search(page.source, config.start())
    if sid is None or category is None:
        missing = "window._CONFIG 中没有 SID" if sid is None else "地址没有指明目录（应为 /gkmlpt/index#编号）"
        return Listing(reader="", note=f"gkmlpt 政府信息公开平台：{missing}")
    prefix = page.url.partition("/gkmlpt")[0] if "/gkmlpt" in page.url else ""
    # Pages 0 and 1 are the same one (BEHAVIOURS 20).
    url = page.resolve(f"{prefix}/gkmlpt/api/all/{category[1]}?page=1&sid={sid[1]}")[0]
    note = f"gkmlpt 政府信息公开平台：目录 {category[1]}，站点 {sid[1]}"
    return Listing(reader="gkmlpt", units=(ListUnit("gkmlpt", url),) if url else (), note=note)


def read_answer(answer: ListAnswer) -> Listing:
    data = records.loads(answer.text)
    if data is None:
        return Listing(reader="", note="gkmlpt 接口的应答不是 JSON")
    found = records.read(data, HrefCache().resolver(answer.page_url), answer.seen_at)
    if not found.known:
        return Listing(reader="", note="gkmlpt 接口的应答里没有文章列表")
    size = max(_PER_PAGE, len(found.entries))
    return Listing(
        reader="gkmlpt",
        entries=found.entries,
        next_urls=windows.following(answer.url, len(found.entries), found.total, size),
        next_reader="gkmlpt",
        total=found.total,
        note=f"gkmlpt 接口：{len(found.entries)} 条",
    )
