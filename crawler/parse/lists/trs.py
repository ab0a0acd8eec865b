"""TRS WCM: the number of pages stands in a script call, their names follow from it (FIELD 1.3, BEHAVIOURS 17)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crawler.parse.lists import plain

if TYPE_CHECKING:
    from crawler.core.facts import Listing
    from crawler.parse.lists.page import ListPage

ORDER: Final = 50
MAX_PAGES: Final = 500

# createPageHTML and what sites made of it: createPage, createPageHTML2, getPageHtml, showPage …
_CALL: Final = re.compile(
    r"(?<!function )(?<!function  )\b(?:(?:create|get|show|print|write|make)_?page\w{0,16}|pagehtml)\s*"
    r"\(((?:[^()]|(?:parseInt|Number)\([^()]{1,40}\)){3,300})\)",
    re.IGNORECASE,
)
_WRAPPED: Final = re.compile(r"\b(?:parseInt|Number)\s*\(\s*[\"']?([\w$]{1,40})[\"']?(?:\s*,\s*10)?\s*\)")
_NAMED: Final = re.compile(r"(?<=[(,\s])([A-Za-z_$][\w$]{0,40})(?=\s*(?:[,+-]|$))")
_SUM: Final = re.compile(r"[\"']?(\d{1,6})[\"']?\s*([+-])\s*(\d)")
_QUOTED: Final = re.compile(r"[\"'](\d{1,6})[\"']")
_MANY: Final = re.compile(r"(?<!function )\bcreatePage\w{0,16}\s*\(\s*[\"']?(?![01][\"']?\s*,)[\w$]")
_ARGUMENT: Final = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|(\d{1,6}))\s*(?:,|$)""")
_FILE: Final = re.compile(r"[\w./-]{1,100}")
_SUFFIX: Final = re.compile(r"\.?[a-zA-Z]{2,5}")
_COUNT: Final = re.compile(r"\bcountPage\s*=\s*[\"']?(\d{1,6})")
_CURRENT: Final = re.compile(r"\bcurrentPage\s*=\s*[\"']?(\d{1,6})")
_WRITTEN: Final = re.compile(
    r"""[\\"'=]([\w-]{1,40})(?:\\?["']\s*\+\s*\\?["'])?_\\?["']\s*\+\s*\w+\s*\+\s*\\?["']\.(?:\\?["']\s*\+\s*\\?["'])?(\w{2,5})"""
)
_CONFIG: Final = re.compile(
    r"\bpagination_script_config\b[^;]{0,80}?(?:\.total\s*=|[\"']?total[\"']?\s*:)\s*[\"']?(\d{1,6})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Pages:
    count: int
    current: int
    name: str  # index, ./common_list
    suffix: str
    joint: str = "_"
    from_one: bool = False  # page 2 is name_2, not name_1


def read(page: ListPage) -> Listing | None:
    if not _MAYBE.search(page.source):
        return None
    pages = _called(page) or _configured(page) or _written(page)
    if pages is None:
        return _unturned(page)
    listing = plain.read(page)
    if listing is None or not listing.entries:
        return None
    first = pages.current + 1 if not pages.from_one else max(pages.current, 1) + 1
    last = min(pages.count + 1 if pages.from_one else pages.count, MAX_PAGES)
    urls = [page.resolve(f"{pages.name}{pages.joint}{n}.{pages.suffix}")[0] for n in range(first, last)]
    note = f"{listing.note.partition('；')[0]}；页面脚本声明共 {pages.count} 页"
    if pages.count > MAX_PAGES:
        note += f"，只列出前 {MAX_PAGES} 页"
    return replace(listing, reader="trs", next_urls=tuple(url for url in urls if url), note=note)


_MAYBE: Final = re.compile(
    r"(?:create|get|show|print|write|make)_?page|pagehtml|countPage|pagination_script", re.IGNORECASE
)


def _unturned(page: ListPage) -> Listing | None:
    """A call that writes the pager and cannot be read: whatever comes after this page is unknown."""
    call = _MANY.search(page.source)
    if call is None or in_comment(page.source, call.start()):
        return None
    listing = plain.read(page)
    if listing is None or not listing.entries or listing.next_urls or listing.total is not None:
        return None
    return replace(listing, reader="trs", note=f"{listing.note}；页面脚本 createPage 的参数没有认出，无法翻页")


def _plain_arguments(text: str, source: str) -> str:
    """The arguments with names and sums replaced by what they stand for: `nCount, parseInt('0'), "index", "html"`."""

    def value(found: re.Match[str]) -> str:
        name = re.escape(found[1])
        said = re.search(rf"(?<![\w$.]){name}\s*=\s*[\"']?(\d{{1,6}})\b", source)
        return said[1] if said else found[0]

    text = _NAMED.sub(value, " " + _WRAPPED.sub(r"\1", text))
    text = _SUM.sub(lambda found: str(max(0, int(found[1]) + int(found[2] + found[3]))), text)
    return _QUOTED.sub(r"\1", text)


def _called(page: ListPage) -> _Pages | None:
    """`createPageHTML(57, 0, "index", "html")`; a name of an element may come first, a count of rows last."""
    for call in reversed(list(_CALL.finditer(page.source))[-20:]):
        if in_comment(page.source, call.start()):
            continue
        words: list[str] = []
        numbers: list[int] = []
        before_numbers = 0
        for argument in _ARGUMENT.finditer(_plain_arguments(call[1], page.source)):
            if argument[3] is not None:
                numbers.append(int(argument[3]))
            else:
                words.append((argument[1] or argument[2] or "").strip())
                before_numbers += not numbers
        named = words[before_numbers:]
        if len(numbers) < 2 or len(named) < 2 or not _FILE.fullmatch(named[0]) or not _SUFFIX.fullmatch(named[1]):
            continue
        count, current = numbers[0], numbers[1]
        # The common form counts from 0; the one with an element's name or a count of rows may count from 1.
        other = before_numbers > 0 or len(numbers) > 2 or named[0].rpartition("/")[2] != "index"
        from_one = other and _from_one(page.url, current)
        return _Pages(count, current, named[0], named[1].lstrip("."), from_one=from_one)
    return None


def _from_one(url: str, current: int) -> bool:
    """The first page, which has no number in its name, says 0 or 1 of itself; later ones say their own number."""
    deep = re.search(r"[_-](\d{1,5})\.\w+$", urlsplit(url).path)
    return current == 1 or (deep is not None and int(deep[1]) == current)


def _configured(page: ListPage) -> _Pages | None:
    """`pagination_script_config.total`: column-index-2.shtml follows column-index-1.shtml."""
    found = _CONFIG.search(page.source)
    if found is None:
        return None
    name = re.match(r"(.*?[a-zA-Z])(?:([-_])(\d{1,5}))?\.(\w{2,5})$", urlsplit(page.url).path.rpartition("/")[2])
    total = int(found[1])
    if name is None:
        linked = re.search(r"[\"'=/]([a-zA-Z][\w-]{0,40}?)([-_])2\.(s?html?)\b", page.source)
        return _Pages(total, 1, linked[1], linked[3], linked[2], from_one=True) if linked else None
    return _Pages(total, int(name[3] or 1), name[1], name[4], name[2] or "-", from_one=True)


def _written(page: ListPage) -> _Pages | None:
    """TRS's own template: `var currentPage = 0; var countPage = 25`, links written by the script."""
    count, current = _COUNT.search(page.source), _CURRENT.search(page.source)
    if count is None or current is None:
        return None
    name = _WRITTEN.search(page.source)
    if name is None:
        return None
    return _Pages(int(count[1]), int(current[1]), name[1], name[2])


def in_comment(source: str, at: int) -> bool:
    """Whether the call is commented out; `<script><!-- … -->` is no comment."""
    line = source[source.rfind("\n", 0, at) + 1 : at]
    opened = source.rfind("<!--", 0, at)
    closed = source.rfind("-->", 0, at)
    script = source.rfind("<script", 0, at)
    return line.lstrip().startswith("//") or (closed < opened < script)
