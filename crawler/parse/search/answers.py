"""What one answer of a search shows: rows of results, none at all, a failure, or nothing anybody can read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import parse_qsl, urlsplit

from crawler.core.urls import normalise, resolve
from crawler.parse.encoding import decode
from crawler.parse.html import base_of
from crawler.parse.spot import attribute
from crawler.parse.text import squeeze, visible
from crawler.parse.tree import build

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

State = Literal["rows", "none", "failed", "captcha", "unreadable", "placeholder"]

_ROWS: Final = 100
_DEPTH: Final = 12
_NONE: Final = re.compile(
    r"(?:没有|未能?|无法)(?:找到|搜索到|查询到|检索到|查到)|找不到|无(?:相关|匹配|搜索|检索|查询)(?:的)?(?:结果|"
    r"内容|信息|数据|记录)|暂无(?:数据|内容|结果|信息|记录|相关)|"
    r"(?:共|找到|搜索到|检索到|约)[^\d。]{0,10}\b0\b\s*(?:条|个|篇|项)|抱歉.{0,30}(?:没有|未)|no (?:results?|matches)"
)
_CAPTCHA: Final = re.compile(
    r"(?:请|需要?)(?:先)?(?:输入|填写|完成).{0,6}验证码|图形验证|滑块验证|拖动.{0,8}验证|安全验证|操作(?:过于)?频繁|"
    r"访问(?:过于)?频繁"
)
_PLACEHOLDER: Final = re.compile(
    r"^(?:undefined|null|nan|none|\[object Object\]|(?:这里是|此处为)?(?:文章|新闻|信息)?标题(?:标题)*\d*|(?:测试|"
    r"示例)(?:标题|数据|文章|信息)?\d*|标题文字|xxx+|lorem ipsum.*|"
    r"加载中.*|loading.*)$",
    re.IGNORECASE,
)
_TEMPLATE: Final = re.compile(r"\{\{.*?\}\}|\$\{.*?\}|<%|\[\[.*?\]\]")
_TITLE_KEYS: Final = ("title", "doctitle", "name", "headline", "subject", "bt", "linktitle")
_URL_KEYS: Final = ("url", "docpuburl", "href", "link", "linkurl", "puburl", "docurl", "infourl", "htmlurl", "viewurl")
_CLASSES: Final = re.compile(
    r"^(?:全部|全文|综合|新闻|要闻|动态|资讯|政务(?:动态|公开|服务|要闻|新闻)?|信息公开|政府信息公开|公开|"
    r"政策(?:文件|解读|法规)?|文件|解读|通知(?:公告)?|公告(?:公示)?|办事(?:服务|指南)?|服务|"
    r"互动(?:交流)?|问答|咨询|图片|视频|专题(?:专栏)?|机构(?:职能)?|领导|附件|其他|其它|部门|标题|栏目|站内|"
    r"数据)(?:\s*[(（]\s*\d+\s*[)）])?$"
)
_NARROW: Final = re.compile(
    r"(?:按|信息|内容|栏目|结果)(?:栏目|类型|类别|分类|来源)\s*(?:[:：]|筛选|选择)|分类(?:筛选|查看|展示|检索|导航)|"
    r"所属栏目\s*[:：]"
)
_GROUPS: Final = re.compile(
    r"categor|cate|facet|aggregat|classif|group|fenlei|channelcount|typelist|tabs?$", re.IGNORECASE
)
_TAG: Final = re.compile(r"<[^>]{0,2000}>")
_HREF: Final = re.compile(r"""href\s*=\s*["']?([^"'\s>]{1,2000})""", re.IGNORECASE)
_DATA_TITLE: Final = re.compile(r"""data-title\s*=\s*(?:"([^"]{1,500})"|'([^']{1,500})')""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One result as printed; `url` leads to it, through a redirect of the search application maybe."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`rows` of an HTML page are all its links: what stands on every page is taken off by whoever compares."""

    state: State
    rows: tuple[Row, ...] = ()
    note: str = ""
    structured: bool = False  # from JSON: rows are results and nothing else
    classified: bool | None = None


def read(body: bytes, url: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Never raises: whatever is no answer is unreadable."""
    decoded = decode(body, headers)
    text = decoded.text.strip().lstrip("\ufeff")
    if text[:1] in "{[":
        try:
            return _structured(json.loads(text), url)
        except (ValueError, RecursionError):
            return Answer("unreadable", note="搜索接口返回的不是完整的 JSON")
    return _page(text, url, decoded.used)


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _structured(data: Any, url: str) -> Answer:
    if isinstance(data, dict):
        said = str(data.get("message") or data.get("msg") or data.get("errmsg") or "")[:80]
        if _CAPTCHA.search(said) or "验证码" in said:
            return Answer("captcha", note=said, structured=True)
        if data.get("success") in (False, "false") or str(data.get("code", "")) in {"500", "-1", "501", "502", "503"}:
            return Answer(
                "failed", note=f"搜索接口返回失败（success:false）{'：' + said if said else ''}", structured=True
            )
    rows = tuple(dict.fromkeys(_json_rows(data, url, 0)))[:_ROWS]
    classified = True if _has_groups(data, 0) else None
    if not rows:
        return Answer("none", structured=True, classified=classified)
    if _are_placeholders(rows):
        return Answer("placeholder", rows, f"结果是占位内容（{rows[0].title[:20]}）", structured=True)
    return Answer("rows", rows, structured=True, classified=classified)


def _json_rows(data: Any, url: str, depth: int) -> Iterator[Row]:
    if depth > _DEPTH:
        return
    if isinstance(data, list):
        for one in data[:_ROWS]:
            if isinstance(one, str) and "href" in one.lower():
                yield from _fragment(one, url)
            else:
                yield from _json_rows(one, url, depth + 1)
    elif isinstance(data, dict):
        lower = {str(key).lower(): value for key, value in data.items()}
        title = next((lower[key] for key in _TITLE_KEYS if isinstance(lower.get(key), str)), None)
        address = next((lower[key] for key in _URL_KEYS if isinstance(lower.get(key), str)), None)
        if title is not None and address is not None:
            yield Row(plain(title), resolve(url, address)[0] or address)
            return
        for value in list(data.values())[:200]:
            if isinstance(value, list | dict):
                yield from _json_rows(value, url, depth + 1)
            elif isinstance(value, str) and "<a" in value and "href" in value:
                yield from _fragment(value, url)


def _fragment(html: str, url: str) -> Iterator[Row]:
    """One result of jsearch is a string of HTML (FIELD 1.9)."""
    href = _HREF.search(html)
    named = _DATA_TITLE.search(html)
    words = plain(named[1] or named[2]) if named else ""
    if not words:
        tree = build(html)
        anchor = next((a for a in tree.css("a[href]") if squeeze(a.text())), None)
        words = squeeze(anchor.text()) if anchor is not None else ""
        href = re.match(r"(.*)", attribute(anchor, "href")) if anchor is not None else href
    if href and words:
        address = href[1].replace("&amp;", "&")
        yield Row(words, resolve(url, address)[0] or address)


def _has_groups(data: Any, depth: int) -> bool:
    if depth > 4 or not isinstance(data, dict):
        return False
    return any(
        (isinstance(value, list | dict) and len(value) > 1 and _GROUPS.search(str(key)))
        or _has_groups(value, depth + 1)
        for key, value in list(data.items())[:100]
    )


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _page(text: str, url: str, charset: str) -> Answer:
    tree = build(text)
    body = tree.body
    words = squeeze(visible(body))[:20_000] if body is not None else ""
    if _CAPTCHA.search(words) and len(words) < 3_000:
        return Answer("captcha", note="搜索要求输入验证码")
    base = base_of(tree, url)
    rows: dict[Row, None] = {}
    for anchor in tree.css("a[href]")[:2_000]:
        href = attribute(anchor, "href").strip()
        title = plain(attribute(anchor, "title")) or squeeze(anchor.text())
        if title and href and not href.startswith(("#", "javascript:", "mailto:", "tel:")):
            rows.setdefault(Row(title, resolve(base, href, charset)[0] or href))
            shown = squeeze(anchor.text())
            if shown and shown != title:
                rows.setdefault(Row(shown, resolve(base, href, charset)[0] or href))
    found = tuple(rows)
    classified = _has_tabs(tree, words)
    if _TEMPLATE.search(words) and _TEMPLATE.sub("", words).strip() != words:
        return Answer("unreadable", found, "结果由脚本生成，看不到", classified=classified or None)
    none = bool(_NONE.search(words))
    return Answer("none" if none else "rows", found, classified=classified)


def _has_tabs(tree: LexborHTMLParser, words: str) -> bool:
    """Two or more classes beside 全部 in one holder, a choice of classes, or the words that say so."""
    if _NARROW.search(words):
        return True
    holders: dict[int, set[str]] = {}
    for node in tree.css("li,a,span,option,label,button,dd,div")[:4_000]:
        word = squeeze(node.text())[:20] if node.first_child is not None else ""
        if word and len(word) <= 14 and _CLASSES.match(word):
            holder = node.parent
            for _ in range(2):
                if holder is None:
                    break
                holders.setdefault(holder.mem_id, set()).add(re.sub(r"\W.*", "", word))
                holder = holder.parent
    return any("全部" in words_ and len(words_) >= 3 for words_ in holders.values())


def _are_placeholders(rows: tuple[Row, ...]) -> bool:
    hollow = sum(bool(_PLACEHOLDER.match(row.title) or _TEMPLATE.search(row.title)) for row in rows)
    return hollow * 2 > len(rows)


def placeholders(rows: frozenset[Row]) -> str:
    """The title that shows the results of a page to be placeholders; "" where they are none."""
    return min((row.title for row in rows), default="") if rows and _are_placeholders(tuple(rows)) else ""


def plain(text: str) -> str:
    """Highlighting taken off, blanks evened."""
    return squeeze(_TAG.sub("", text.replace("&nbsp;", " ").replace("&quot;", '"')))


def key_of(text: str) -> str:
    """What two spellings of one title have in common."""
    return re.sub(r"[^\u4e00-\u9fffA-Za-z0-9]", "", text)


def holds(rows: frozenset[Row] | tuple[Row, ...], title: str, url: str) -> bool:
    """Whether a known article is among the results: by its address, or its title, cut short maybe."""
    wanted, address = key_of(title), normalise(url)
    for row in rows:
        words = key_of(row.title)
        cut = row.title.rstrip().endswith(("…", "...")) and len(words) >= 8 and wanted.startswith(words)
        if words == wanted or cut or (len(wanted) >= 10 and wanted in words and len(words) < len(wanted) + 30):
            return True
        if address in _targets(row.url):
            return True
    return False


def _targets(url: str) -> Iterator[str]:
    """The address, and what a redirect of the application says it leads to: visit/link.do?url= (BEHAVIOURS 59)."""
    if url.startswith(("http://", "https://")):
        yield normalise(url)
        for _, value in parse_qsl(urlsplit(url).query)[:50]:
            if value.startswith(("http://", "https://")):
                yield normalise(value)
