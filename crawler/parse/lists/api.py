"""Lists filled by a GET the page's own script names: UCAP, JPORTAL, IGS and their kin (FIELD 1.4, 1.5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from crawler.core.facts import Listing, ListUnit
from crawler.core.urls import HrefCache, host_of, is_action
from crawler.parse.lists import plain, records, windows
from crawler.parse.lists.page import fragment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.parse.lists.page import ListAnswer, ListPage

ORDER: Final = 120  # after the rows that stand in the page

_CALL: Final = re.compile(
    r"(?:\$|jQuery)\s*\.\s*(?P<jquery>get|getJSON|ajax|post|load)\s*\(|\baxios(?:\s*\.\s*(?P<axios>get|post))?\s*\(|(?<![\w.])(?P<fetch>fetch)\s*\("
)
_KNOWN: Final = re.compile(
    r"[\"'](?P<url>(?:https?:/)?(?:/[\w.:-]+)*/(?:common/search/[0-9a-f]{32}|igs/front/search\.jhtml)\?[^\"'\s<>]{0,600})",
    re.IGNORECASE,
)
_URL_KEY: Final = re.compile(r"\burl\s*:\s*")
_METHOD: Final = re.compile(r"\b(?:type|method)\s*:\s*[\"']?(post|put|delete)", re.IGNORECASE)
_DATA: Final = re.compile(r"\b(?:data|params)\s*:\s*\{([^{}]{0,1500})\}")
_PAIR: Final = re.compile(r"[\"']?([\w.-]{1,40})[\"']?\s*:\s*([^,{}\n]{1,200}|$)")
_TOKEN: Final = re.compile(
    r"\s*(?:\"([^\"\n]{0,800})\"|'([^'\n]{0,800})'|`([^`]{0,800})`|([A-Za-z_$][\w$.]{0,60})|(\d{1,9}))\s*"
)
_PAGE: Final = re.compile(
    r"_?(?:page|pageno|pagenum|pagenumber|pageindex|currentpage|currpage|curpage|current|p|pn|pg)$", re.IGNORECASE
)
_SIZE: Final = re.compile(r"_?(?:page_?size|perpage|rows|limit|size)$", re.IGNORECASE)
_LISTS: Final = re.compile(
    r"list|query|search|article|channel|info|news|page|content|doc|data|policy|zc|gk|find|select", re.IGNORECASE
)
_NOT_LISTS: Final = re.compile(
    r"hit|click|visit|login|user|weather|tianqi|tj\b|captcha|verify|log(?!ic)|comment|vote|menu|nav|banner|hot|count|stat|wx|token|session|config",
    re.IGNORECASE,
)
_ROWS: Final = "15"
_SPAN: Final = 1_500  # characters of a call that are looked at
_MAX_CALLS: Final = 60
_MAX_UNITS: Final = 4


def read(page: ListPage) -> Listing | None:
    if not page.column:
        return None
    units: dict[str, ListUnit] = {}
    posts: list[str] = []
    for url, by_post in _requests(page):
        resolved = page.resolve(url)[0]
        path = resolved.partition("?")[0]
        name = path.partition("://")[2].partition("/")[2]
        if not resolved or host_of(resolved) != host_of(page.url) or is_action(resolved):
            continue
        if (
            re.search(r"\.(?:html?|shtml|js|css|xml|png|jpg)$", path)
            or _NOT_LISTS.search(name)
            or not _LISTS.search(name)
        ):
            continue
        if by_post:
            posts.append("/" + name)
        else:
            units.setdefault(resolved, ListUnit("api", resolved))
    paged = [unit for unit in units.values() if windows.is_paged(unit.url)]
    # Beside a list that only POST fills, what is not paged is some other box of the page.
    chosen = paged or ([] if posts else list(units.values()))
    if chosen:
        note = f"列表由脚本请求的接口填充（GET {chosen[0].url.partition('?')[0][:200]}）"
        return Listing(reader="api", units=tuple(chosen[:_MAX_UNITS]), note=note)
    if posts:
        return Listing(reader="", note=f"列表由 POST 接口填充（{posts[0][:200]}），GET 无法读取")
    return None


def read_answer(answer: ListAnswer) -> Listing:
    """JSON of any make, or a fragment of HTML."""
    data = records.loads(answer.text)
    if data is None:
        if "<" not in answer.text[:2_000]:
            return Listing(reader="", note="列表接口的应答既不是 JSON 也不是网页")
        page = fragment(answer.text[: records.MAX_JSON], answer.page_url, answer.seen_at)
        entries, total, known = plain.rows_of(page), None, True
    else:
        refused = _refused(data)
        if refused:
            return Listing(reader="", note=refused)
        found = records.read(data, HrefCache().resolver(answer.page_url), answer.seen_at)
        entries, total, known = found.entries, found.total, found.known
        if not entries and isinstance(data, dict):
            packed = data.get("html") or data.get("data")
            if isinstance(packed, str) and "<" in packed:
                entries, known = plain.rows_of(fragment(packed, answer.page_url, answer.seen_at)), True
    if not known:
        return Listing(reader="", note="列表接口的应答里没有认出列表")
    return Listing(
        reader="api",
        entries=entries,
        next_urls=windows.following(answer.url, len(entries), total),
        next_reader="api",
        total=total,
        note=f"列表接口：{len(entries)} 条",
    )


def _refused(data: records.Json) -> str:
    """`{"success":false,"msg":"排序方式不能为空！"}` with status 200 (FIELD 1.4)."""
    if isinstance(data, dict) and data.get("success") is False:
        return f"列表接口报告失败：{str(data.get('msg') or data.get('message') or '')[:100]}".rstrip("：")
    return ""


# ── Calls in the page's scripts, read as text ────────────────────────────────────────────────────────────────────────


def _requests(page: ListPage) -> Iterator[tuple[str, bool]]:
    """URLs of the page's requests, and whether they are POSTs."""
    source = page.source[:2_000_000]
    for found in _KNOWN.finditer(source):
        yield _first_page(found["url"]), False
    for number, call in enumerate(_CALL.finditer(source)):
        if number >= _MAX_CALLS:
            return
        span = source[call.end() : call.end() + _SPAN]
        following = _CALL.search(span)
        span = span[: following.start()] if following else span
        named = call["jquery"] or call["axios"] or call["fetch"] or "ajax"
        start = 0
        if named == "ajax" or span.lstrip()[:1] == "{":
            key = _URL_KEY.search(span)
            if key is None:
                continue
            start = key.end()
        url = _expression(span[start:], source)
        if not url:
            continue
        data = _DATA.search(span) or (
            re.search(r",\s*\{([^{}]{0,1500})\}", span) if named in {"get", "getJSON"} else None
        )
        parameters = _parameters(data[1], source) if data else {}
        if parameters:
            url += ("&" if "?" in url else "?") + urlencode(parameters)
        yield _first_page(url), named == "post" or _METHOD.search(span) is not None


def _first_page(url: str) -> str:
    """An address cut off at `…&page=` is meant to be completed by the script."""
    return url + "1" if url.endswith("=") and _PAGE.search(re.split(r"[?&]", url[:-1])[-1]) else url


def _expression(text: str, source: str) -> str:
    """`"/list?page=" + page + "&rows=10"`: literals as they stand, names by what the script sets them to."""
    built, at = "", 0
    for _ in range(12):
        token = _TOKEN.match(text, at)
        if token is None:
            break
        literal = next((group for group in token.groups()[:3] if group is not None), None)
        if literal is not None:
            built += _filled(literal, source) if token[3] is not None else literal
        elif token[5]:
            built += token[5]
        else:
            value = _value(re.split(r"[?&]", built)[-1].removesuffix("="), token[4], source)
            if value is None:
                return built if "?" in built and built.endswith("=") else ""
            built += value
        at = token.end()
        if text[at : at + 1] != "+":
            break
        at += 1
    return built if "/" in built else ""


def _filled(template: str, source: str) -> str:
    def value(found: re.Match[str]) -> str:
        before = re.split(r"[?&]", template[: found.start()])[-1].removesuffix("=")
        return _value(before, found[1].strip(), source) or ""

    return re.sub(r"\$\{([^{}]{1,60})\}", value, template)


def _value(key: str, name: str, source: str) -> str | None:
    """What a name stands for: page 1 for a page's number, else the literal assigned to it."""
    if _PAGE.match(key) or _PAGE.match(name.rpartition(".")[2]):
        return "1"
    simple = re.escape(name.rpartition(".")[2])
    found = re.search(
        rf"(?<![\w$]){simple}[\"']?\s*[:=]\s*(?:\"([^\"\n]{{0,300}})\"|'([^'\n]{{0,300}})'|(\d{{1,9}}))", source
    )
    if found is not None:
        return next(group for group in found.groups() if group is not None)
    return _ROWS if _SIZE.match(key) else None


def _parameters(text: str, source: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for pair in _PAIR.finditer(text):
        token = _TOKEN.match(pair[2])
        if token is None:
            continue
        literal = next((group for group in (*token.groups()[:3], token[5]) if group is not None), None)
        value = literal if literal is not None else _value(pair[1], token[4] or "", source)
        if value is not None:
            fields[pair[1]] = "1" if _PAGE.match(pair[1]) and not value.isdecimal() else value
    return fields
