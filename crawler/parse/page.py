"""The facts of one page, put together from one tree and one walk."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Literal

from crawler.core.facts import Link, Listing, PageFacts, Parsed
from crawler.core.urls import HrefCache, is_action, resolve
from crawler.parse import footer, hidden, lures, redirect, search_box, trouble
from crawler.parse.attachments import attachments
from crawler.parse.dates import page_dates
from crawler.parse.encoding import decode
from crawler.parse.html import base_of
from crawler.parse.labels import labels
from crawler.parse.links import Seen
from crawler.parse.lists import read_list
from crawler.parse.lists.page import ListPage
from crawler.parse.memory import SiteCache
from crawler.parse.scattered_dates import scattered
from crawler.parse.text import CONTENT, MAIN_TEXT, PROSE, densest, lines, squeeze, visible
from crawler.parse.tree import build
from crawler.parse.walk import walk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


HEAD: Final = 20_000  # characters in which a <base> stands
Kind = Literal["article", "list", "other", "script", "empty"]

_ARTICLE_URL: Final = re.compile(
    r"/art/(?:\d{4}/){0,1}[\d/]*art_\w+|/t(?:19|20)\d{6}_\d+\.|/content_\d+\.|/info/\d+/\d+\.htm|/art_[0-9a-f_]{8,}\.|/content/post_\d+\.",
    re.IGNORECASE,
)
_COLUMN_URL: Final = re.compile(
    r"/(?:index|list|common_list|column)?(?:_\d+)?(?:\.[sxj]?html?)?$|/col/col\d+|/c\d+/[\w/]*list|channel_",
    re.IGNORECASE,
)
_SOURCE_LINE: Final = re.compile(r"(?:来\s*源|发布机构|发布单位)\s*[:：]")
_ARTICLE_WORDS: Final = re.compile(
    r"字体\s*[:：]|字号\s*[:：]|打印|关闭窗口|上一篇|下一篇|浏览(?:次数|量)?\s*[:：]|点击数?\s*[:：]"
)
_PROSE_LINE: Final = 30  # characters
_PROSE: Final = 3
_ENDS: Final = r"(?=\s|$|[，,；;|）)\]】]|发布|浏览|字体|字号|作者|责任|编辑|点击|阅读|时间|日期)"
_SOURCE: Final = re.compile(r"来\s*源\s*[:：]\s*([^\s|：:，,；;]{2,40}?)" + _ENDS)
_NUMBER: Final = re.compile(r"([〔\[【（(﹝［])\s*((?:19|20)\d\d)\s*([〕\]】）)﹞］])\s*(第)?\s*(\d{1,5})\s*号")
_CLOSING: Final = frozenset("〕]】）)﹞］")
_ISSUER: Final = re.compile(r"[\u4e00-\u9fff]{2,16}$")
_NUMBER_LABEL: Final = re.compile(r"(?:发文字号|发文文号|文件编号|文\s*号|字\s*号)\s*[:：\]】]?\s*$")
_SAVED: Final = re.compile(rb"<!--\s*saved from url=\(\d{1,5}\)\s*(\S{1,2000}?)\s*-->")
_TITLE_TAIL: Final = re.compile(r"\s*[-_|–—]{1,2}\s*[^-_|–—]*$")


def parse(body: bytes, url: str, headers: Mapping[str, str] | None = None, hrefs: HrefCache | None = None) -> Parsed:
    """Facts and links of a page; `hrefs` is the site's `SiteCache`. Any bytes are a page."""
    decoded = decode(body, headers)
    tree = build(decoded.text, decoded.exact)
    head = decoded.text[:HEAD]
    base = base_of(tree, url) if "<base" in head or "<BASE" in head else url
    memory = hrefs if isinstance(hrefs, SiteCache) else SiteCache()
    site_page = memory.page(base, decoded.used)
    resolver = site_page.resolve
    seen = walk(tree, site_page, decoded.text)
    text, main_text = _texts(seen)
    text_length = len(text) - text.count("\n") - text.count(" ")
    column = _is_column(seen, url)
    kind = _kind(seen, text_length, url)
    listing = Listing(reader="")
    if kind == "other":
        page = ListPage(tree, decoded.text, base, resolver, text, server_date(headers), column)
        listing = read_list(page)
        if not column and listing.reader == "plain" and _reads_as_article(text):
            kind, listing = "article", Listing(reader="")
        elif listing.units or any(entry.date for entry in listing.entries) or (column and listing.entries):
            kind = "list"
    if kind not in {"article", "other"}:
        main_text = ""
    elif kind == "article" and not main_text and (block := densest(tree.body) if tree.body is not None else None):
        main_text = lines(visible(block))
    links = tuple(seen.links)
    marks = trouble.read(tree, url, seen.title, text, text_length, seen.anchors, seen.inline)
    target = redirect.find(seen.refresh, seen.inline, text_length, seen.anchors)
    metas = {name.lower(): content for name, content in reversed(seen.metas)}
    heading = _heading(seen, metas)
    published, dates = page_dates(seen.metas, text if kind != "list" else "", heading, main_text, url)
    if published is None and kind == "article":
        published = scattered(tree, text, heading, url, seen.inline)
        dates = (published, *dates) if published is not None else dates
    article = kind == "article" or bool(main_text)
    particulars = labels(text, seen.metas) if article else ()
    facts = PageFacts(
        url=url,
        declared=decoded.declared,
        used=decoded.used,
        title=seen.title,
        metas=tuple(seen.metas[:200]),
        kind=kind,
        heading=heading,
        published=published,
        dates=dates,
        listing=listing,
        main_text=main_text[:MAIN_TEXT],
        prose=(main_text if kind == "article" and main_text else text)[:PROSE],
        document_number=document_number(text, main_text) if article else "",
        labels=particulars,
        source=metas.get("contentsource", "") or (_source(text) if article else ""),
        footer=footer.read_known(tree, url, seen, text, memory),
        search_boxes=search_box.read(tree, url) if seen.fields or seen.searching else (),
        attachments=attachments(links),
        odd_links=tuple(link for link in seen.odd if _is_odd(link)),
        hidden_links=hidden.read(tree, base, links, decoded.text),
        lures=lures.read(tree, decoded.text, seen.metas, seen.headings, seen.inline),
        scripts=tuple(dict.fromkeys(seen.scripts)),
        iframes=_frames(seen.frames),
        text_length=text_length,
        soft_error=marks.soft_error,
        protection=marks.protection,
        shell=marks.shell,
        redirect=resolve(base, target, decoded.used)[0] if target else "",
        links_dropped=seen.dropped,
    )
    return Parsed(facts, links)


def is_article_url(url: str) -> bool:
    """Whether an address has the shape of an article's: no column is registered under one (BEHAVIOURS 23)."""
    return _ARTICLE_URL.search(url) is not None


def _texts(seen: Seen) -> tuple[str, str]:
    """The visible text, and of it the main content by the marks of the known CMSs."""
    pieces = seen.pieces
    for name in CONTENT:
        part = seen.contents.get(name)
        if part is None or len((inner := "".join(pieces[part])).strip()) <= 20:  # an empty shell is no content
            continue
        main = lines(inner)
        after = pieces[part.stop :] if part.stop is not None else []
        around = (lines("".join(pieces[: part.start])), main, lines("".join(after)))
        return "\n".join(filter(None, around)), main
    return lines("".join(pieces)), ""


def _is_odd(link: Link) -> bool:
    """An action is no finding; what has no address or a private one is no action, whatever its path says."""
    return not link.url or link.fault == "private" or not is_action(link.url, link.text)


def _is_column(seen: Seen, url: str) -> bool:
    names = {name.lower() for name, content in seen.metas if content}
    if "articletitle" in names or _ARTICLE_URL.search(url):
        return False
    path = url.partition("://")[2].partition("/")[2].partition("?")[0]
    return "columnname" in names or (bool(path) and _COLUMN_URL.search("/" + path) is not None)


def _kind(seen: Seen, text_length: int, url: str) -> Kind:
    if not text_length and not seen.links and not seen.inline:
        return "empty"
    names = {name.lower() for name, content in seen.metas if content}
    if "articletitle" in names or ("pubdate" in names and "columnname" not in names) or _ARTICLE_URL.search(url):
        return "article"
    return "other"


def _reads_as_article(text: str) -> bool:
    """One line of source and date, the controls of an article, and prose: its list is the related news (FIELD 1.8)."""
    if len(_SOURCE_LINE.findall(text[:50_000])) != 1 or not _ARTICLE_WORDS.search(text[:50_000]):
        return False
    return sum(len(line) > _PROSE_LINE and line[-1] in "。；：" for line in text[:50_000].split("\n")) >= _PROSE


def _heading(seen: Seen, metas: Mapping[str, str]) -> str:
    """ArticleTitle, else the h1 that the page's own title begins with, else the title without the site's name."""
    if metas.get("articletitle"):
        return squeeze(metas["articletitle"])
    heads = [words for node in seen.headings if 4 <= len(words := squeeze(node.text())) <= 200]
    matching = [words for words in heads if words[:10] in seen.title]
    if matching or len(heads) == 1:
        return (matching or heads)[0]
    return _TITLE_TAIL.sub("", seen.title).strip() or seen.title


def _source(text: str) -> str:
    found = _SOURCE.search(text[:10_000])
    return found[1] if found else ""


def document_number(text: str, main_text: str) -> str:
    """The page's own 文号, not those it cites: labelled, else alone on a line above or at the head of the text."""
    region = text[:8_000]
    numbers = list(_NUMBER.finditer(region)) if _may_be_numbered(region) else []
    for found in numbers:
        before = text[max(0, found.start() - 40) : found.start()]
        issuer = _ISSUER.search(before.rstrip())
        if issuer and _NUMBER_LABEL.search(before[: issuer.start()].replace("\n", " ")):
            return _printed(issuer[0], found)
    opening = main_text[:600]
    in_opening = _NUMBER.finditer(opening) if _may_be_numbered(opening) else ()
    for words, matches in ((opening, in_opening), (text, (found for found in numbers if found.end() <= 6_000))):
        for found in matches:
            start = words.rfind("\n", 0, found.start()) + 1
            end = words.find("\n", found.end())
            line = words[start : end if end >= 0 else len(words)]
            issuer = _ISSUER.search(words[start : found.start()].rstrip())
            if issuer is None or len(line) > 60 or re.search(r"[《，。；]|根据|按照", line):
                continue
            if issuer.start() <= 2:
                return _printed(issuer[0], found)
    return ""


def _may_be_numbered(words: str) -> bool:
    """Whether a bracket that closes stands close before a 号; `words` hold no two blanks in a row."""
    at = words.find("号")
    while at >= 0:
        if not _CLOSING.isdisjoint(words[max(0, at - 12) : at]):
            return True
        at = words.find("号", at + 1)
    return False


def _printed(issuer: str, found: re.Match[str]) -> str:
    return f"{issuer}{found[1]}{found[2]}{found[3]}{found[4] or ''}{found[5]}号"


def _frames(frames: Sequence[Link]) -> tuple[str, ...]:
    """Frames that show a page; viewers and files are attachments."""
    return tuple(dict.fromkeys(link.url for link in frames if link.url and link.kind == "page"))


def server_date(headers: Mapping[str, str] | None) -> datetime | None:
    """The server's own Date: when the bytes were said, whenever they are parsed."""
    value = (headers.get("date") or headers.get("Date") or "") if headers else ""
    try:
        found = parsedate_to_datetime(value) if value else None
    except (TypeError, ValueError):
        return None
    return found if found is not None and found.tzinfo is not None else None


def saved_from(body: bytes) -> str | None:
    """The address a page was saved from by a browser: `<!-- saved from url=(0042)https://… -->`."""
    found = _SAVED.search(body[:4096])
    address = found[1].decode("utf-8", "replace") if found else ""
    return address if address.startswith(("http://", "https://")) else None
