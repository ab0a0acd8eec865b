"""Where a page's search box sends its words: a form by GET, or a link to a known search application."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from crawler.core.urls import resolve
from crawler.parse.encoding import decode
from crawler.parse.html import base_of
from crawler.parse.search.families import FORM, Family, family_of
from crawler.parse.spot import attribute
from crawler.parse.text import squeeze
from crawler.parse.tree import build

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_FORMS: Final = 40
_SEARCH: Final = re.compile(r"search|sousuo|\bso\b|/s\b|ss(?:jg|y)|query|检索|搜", re.IGNORECASE)
_FIELD: Final = re.compile(
    r"^(?:q|qt|wd|kw|keys?|key_?words?\w*|search_?\w*|\w*search\w*|sw|words?|title_?key|showkeycode\w*|query\w*|intext\w*|"
    r"lucenenewssearchkey\w*|\w*keyword\w*)$",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"password|captcha|yzm|verify|验证码|登录|用户名|企业名称|信用代码|办件|信件|姓名|手机|本栏|栏内|文号|政策文件|文件检索|目录检索",
    re.IGNORECASE,
)
_COLUMN: Final = re.compile(r"^(?:channel_?id|column_?id|catalog_?id|chnl_?id|lm_?id|node_?id)$", re.IGNORECASE)
_PAGE: Final = re.compile(r"^(?:p|pg|page|page_?(?:no|num|number|index)|curr_?page|pn|pos|start)$", re.IGNORECASE)
_NEXT: Final = re.compile(r"^(?:下一页|下页|后一页|>|»|›|2|next)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entrance:
    """How one search is asked: an address without its words, the parameter that takes them, and the fixed ones."""

    family: Family
    url: str
    words: str
    fixed: tuple[tuple[str, str], ...] = ()
    charset: str = "utf-8"

    def ask(self, words: str, page: int = 1) -> str:
        pairs = [*self.fixed, (self.words, words)]
        if page > 1 and self.family.page:
            pairs.append((self.family.page, str(page)))
        return self._with(self.url, pairs)

    def ask_api(self, words: str, page: int = 1) -> str:
        """The request that the page's own script makes; "" where the family has none."""
        old, new = self.family.api
        if not old or old not in self.url:
            return ""
        pairs = [*self.fixed, *self.family.more, (self.words, words), (self.family.page, str(page))]
        return self._with(self.url.replace(old, new), pairs)

    def _with(self, url: str, pairs: list[tuple[str, str]]) -> str:
        query = "&".join(f"{_quoted(name, self.charset)}={_quoted(value, self.charset)}" for name, value in pairs)
        return f"{url}?{query}"


def _quoted(text: str, charset: str) -> str:
    return quote(text.encode(charset, "replace"), safe="")


def entrances(body: bytes, url: str, headers: Mapping[str, str] | None = None) -> tuple[list[Entrance], list[str]]:
    """The searches of a page, the site's own before others, and addresses of search pages it only links to."""
    decoded = decode(body, headers)
    tree = build(decoded.text)
    base = base_of(tree, url)
    charset = "gb18030" if decoded.used.lower().startswith("gb") else "utf-8"
    found = list(_forms(tree, base, charset))
    pages: list[str] = []
    for anchor in tree.css('a[href*="search" i],a[href*="sousuo" i],a[href*="/igs/"],a[href*="irs-c"],a[href*="/s?"]')[
        :_FORMS
    ]:
        address = resolve(base, attribute(anchor, "href").strip(), decoded.used)[0]
        if not address.startswith(("http://", "https://")):
            continue
        family = family_of(address)
        if family is not FORM:
            found.append(_of_link(family, address))
        elif re.search(r"搜索|检索", squeeze(anchor.text()) or attribute(anchor, "title")):
            pages.append(address)
    found.sort(key=lambda entrance: entrance.family is FORM)
    return found, pages


def _of_link(family: Family, address: str) -> Entrance:
    parts = urlsplit(address)
    fixed = tuple(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in {family.words, family.page}
    )
    return Entrance(family, urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")), family.words, fixed)


def _forms(tree: LexborHTMLParser, base: str, charset: str) -> Iterator[Entrance]:
    for form in tree.css("form")[:_FORMS]:
        method = attribute(form, "method").strip().lower()
        action = resolve(base, attribute(form, "action").strip() or base)[0]
        inputs = form.css("input,select")[:60]
        said = f"{action} {form.id or ''} {attribute(form, 'class')} {squeeze(form.text())[:200]} " + " ".join(
            f"{attribute(node, 'name')} {attribute(node, 'placeholder')} {attribute(node, 'value')}" for node in inputs
        )
        fields = [node for node in inputs if _is_text(node)]
        if method == "post" or not action.startswith(("http://", "https://")) or len(fields) != 1:
            continue
        name = attribute(fields[0], "name")
        hidden = tuple(
            (attribute(node, "name"), attribute(node, "value"))
            for node in inputs
            if attribute(node, "type").lower() == "hidden" and attribute(node, "name")
        )
        if not name or _OTHER.search(said) or not (_FIELD.match(name) or _SEARCH.search(said)):
            continue
        if any(_COLUMN.match(key) and value for key, value in hidden):
            continue
        parts = urlsplit(action)
        fixed = tuple(parse_qsl(parts.query, keep_blank_values=True)) + hidden
        bare = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
        yield Entrance(family_of(action), bare, name, fixed, charset)


def _is_text(node: LexborNode) -> bool:
    return node.tag == "input" and attribute(node, "type").lower() in {"", "text", "search"}


def onward(body: bytes, url: str, headers: Mapping[str, str] | None = None) -> str:
    """The address of the second page of results, as the first one links it; "" where it does not."""
    decoded = decode(body, headers)
    tree = build(decoded.text)
    base = base_of(tree, url)
    here = urlsplit(url)
    own = dict(parse_qsl(here.query))
    for anchor in tree.css("a[href]")[:3000]:
        if not _NEXT.match(squeeze(anchor.text()) or attribute(anchor, "title")):
            continue
        address = resolve(base, attribute(anchor, "href").strip(), decoded.used)[0]
        parts = urlsplit(address)
        if parts.netloc != here.netloc or not address.startswith("http"):
            continue
        more = dict(parse_qsl(parts.query))
        if any(_PAGE.match(name) and own.get(name, "1") != value for name, value in more.items()):
            return address
    return ""
