"""Lists nobody can read by GET: the shape is recognised and named, so that the column is unread and not empty."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crawler.core.facts import Listing

if TYPE_CHECKING:
    from crawler.parse.lists.page import ListPage

ORDER: Final = 200  # when all others have given up

_SHAPES: Final = (
    (
        re.compile(r"lightfrontaction|getgovinfolist|EpointWebBuilder|<\?=\s*el\.", re.IGNORECASE),
        "国泰新点（Epoint）列表接口，只接受 POST",
    ),
    (re.compile(r"/irs/front/(?:list|search)|irs-c-web", re.IGNORECASE), "拓尔思 IRS 检索接口，只接受 POST"),
    (
        re.compile(r"/module/xxgk/(?:search|tree|serviceinfo)\.jsp", re.IGNORECASE),
        "大汉 xxgk 信息公开目录，只接受 POST",
    ),
    (re.compile(r"[\"'/]queryList[\"'?]"), "queryList 列表接口，只接受 POST"),
    (re.compile(r"/search5/search/s\b"), "开普 search5 检索接口，只接受 POST"),
    (re.compile(r"messageController/getMessage\.do"), "truecms 接口，需要 Referer"),
    (re.compile(r"__doPostBack\s*\("), "ASP.NET 回发（__doPostBack），只接受 POST"),
    (
        re.compile(r"<div[^>]{0,100}\bid=[\"']?(?:app|root)\b[^>]{0,100}>\s*</div>", re.IGNORECASE),
        "单页应用（Vue/React），内容由脚本生成",
    ),
    (re.compile(r"\{\{#?\s*(?:each\s+)?[\w.$]{1,60}\s*\}\}|v-for=|x-for=|\bng-repeat="), "前端模板，数据由脚本请求"),
)
_FRAME: Final = re.compile(r"<i?frame\b[^>]{0,300}?\bsrc\s*=\s*[\"']?([^\"'\s>]{1,300})", re.IGNORECASE)


def read(page: ListPage) -> Listing | None:
    if not page.column:
        return None
    source = page.source[:2_000_000]
    for shape, name in _SHAPES:
        if shape.search(source):
            return Listing(reader="", note=f"列表由脚本加载：{name}，没有适用的读取方式")
    frame = _FRAME.search(source)
    if frame is not None and not frame[1].lower().startswith(("about:", "javascript:")):
        return Listing(reader="", note=f"页面本身没有列表，列表可能在框架 {frame[1][:200]} 里")
    return None
