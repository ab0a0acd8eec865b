"""What the interpretation rules share: which document a page speaks of, and whether pages link to each other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.api import (
    SHANGHAI,
    Brief,
    DocumentTitle,
    PageView,
    SiteView,
    date,
    is_about,
    is_reading,
    normalise,
    number_key,
    number_keys,
    plain,
    quoted,
    timedelta,
)

POLICY_KINDS = ("政策文件", "规章", "规范性文件")
READING_KINDS = ("政策解读",)
YEAR, HALF_A_YEAR = timedelta(days=365), timedelta(days=184)
_OTHER_KINDS = frozenset({"动态要闻", "回应关切", "征集调查", "国务院信息"})
_TELLING = 6  # characters of a name below which it names nothing
_OPENING = 600  # characters in which an interpretation says what it is about
_RELATED = re.compile(
    r"^[【\[]?(?:相关|关联|延伸|对应)(?:政策)?(?:文件|解读|政策|阅读|链接|信息|文档|稿件|内容|附件)[】\]]?[:：]?$"
    r"|^(?:文件原文|政策原文|原文链接|解读链接|文件链接|政策链接|解读材料|原文件)[:：]?$"
)
# Containers of such blocks, as templates name them; empty ones are filled by a script.
_BLOCKS = ", ".join(
    f"[{attribute}*={name}]"
    for attribute in ("class", "id")
    for name in ("xgjd", "xgwj", "xgzc", "xglj", "xgyd", "relat", "glwj", "gljd")
)
_HEADS = "h2, h3, h4, h5, strong, b, dt, span, p, div, li"
_LOOKED_AT = 4_000


@dataclass(frozen=True, slots=True)
class Document:
    """One policy document, at whatever addresses it stands."""

    title: DocumentTitle
    shown: str
    number: str
    urls: tuple[str, ...]
    days: tuple[date, ...]  # on which its pages say they were published


@dataclass(frozen=True, slots=True)
class Reading:
    """One interpretation and the documents it speaks of."""

    url: str
    shown: str
    day: date | None
    documents: tuple[Document, ...]


@dataclass(slots=True)
class Pairs:
    documents: tuple[Document, ...] = ()
    readings: dict[str, Reading] = field(default_factory=dict)  # by URL
    of_document: dict[str, list[Reading]] = field(default_factory=dict)  # URL of a document -> its interpretations
    by_url: dict[str, Document] = field(default_factory=dict)


def pairs(site: SiteView) -> Pairs:
    """Made once for all rules that ask: it opens every interpretation."""
    found = site.memo.get("interpretation:pairs")
    if not isinstance(found, Pairs):
        found = site.memo["interpretation:pairs"] = _pair(site)
    return found


def _pair(site: SiteView) -> Pairs:
    made = Pairs(_documents(site))
    by_number: dict[str, list[Document]] = {}
    for document in made.documents:
        for url in document.urls:
            made.by_url[url] = document
        if document.number:
            by_number.setdefault(document.number, []).append(document)
    for brief in site.briefs():
        if is_interpretation(brief):
            page = site.open_page(brief.url)
            prose = page.facts.prose[:_OPENING] if page is not None else ""
            about = _about(brief.title, prose, made.documents, by_number)
            reading = Reading(brief.url, brief.title, day_of(brief), about)
            made.readings[brief.url] = reading
            for document in about:
                for url in document.urls:
                    made.of_document.setdefault(url, []).append(reading)
    return made


def is_interpretation(brief: Brief) -> bool:
    kinds = {column.kind for column in brief.listed_in}
    if brief.kind != "article" or not kinds:
        return False
    return bool(kinds.intersection(READING_KINDS)) or (
        bool(kinds.intersection(POLICY_KINDS)) and is_reading(brief.title)
    )


def is_document(brief: Brief) -> bool:
    kinds = {column.kind for column in brief.listed_in}
    return (
        brief.kind == "article"
        and bool(kinds.intersection(POLICY_KINDS))
        and not kinds.intersection(READING_KINDS)
        and not kinds.intersection(_OTHER_KINDS)
        and not is_about(brief.title)
    )


def _documents(site: SiteView) -> tuple[Document, ...]:
    """Pages of one title and number are one document: the same notice stands in several columns."""
    groups: dict[tuple[str, str], list[Brief]] = {}
    for brief in site.briefs():
        if is_document(brief):
            title = DocumentTitle.of(brief.title)
            if title.core:
                groups.setdefault((title.full, number_key(brief.document_number) or title.number), []).append(brief)
    return tuple(
        Document(
            DocumentTitle.of(some[0].title),
            some[0].title,
            number,
            tuple(brief.url for brief in some),
            tuple(sorted(day for brief in some if (day := day_of(brief)) is not None)),
        )
        for (_, number), some in sorted(groups.items())
    )


def day_of(brief: Brief) -> date | None:
    return brief.published.value.astimezone(SHANGHAI).date() if brief.published else None


def _about(
    title: str, opening: str, documents: tuple[Document, ...], by_number: Mapping[str, list[Document]]
) -> tuple[Document, ...]:
    """By the name in the title, then by 文号, then by the first name the text quotes. Laws it cites are no subject."""
    named = DocumentTitle.of(title)
    names = [named, *(DocumentTitle.of(f"《{name}》") for name in quoted(title))]
    for some in (names[:1], names[1:]):
        if found := tuple(one for name in some for one in _longest([d for d in documents if name.names(d.title)])):
            return found
    if named.number in by_number:
        return tuple(by_number[named.number])
    # It names something that this site does not have, or it is a bare 政策解读 and the text tells.
    return () if len(named.core) >= _TELLING else _told_by(opening, documents, by_number)


def _told_by(
    opening: str, documents: tuple[Document, ...], by_number: Mapping[str, list[Document]]
) -> tuple[Document, ...]:
    numbers = {number for number in number_keys(opening) if number in by_number}
    if len(numbers) == 1:
        return tuple(by_number[numbers.pop()])
    for name in quoted(opening)[:1]:
        wanted = DocumentTitle.of(f"《{name}》")
        return _longest([one for one in documents if wanted.names(one.title)])
    return ()


def _longest(found: list[Document]) -> tuple[Document, ...]:
    """某办法实施细则 speaks of the 细则, not of the 办法 whose name it holds; two of one name are told by nothing."""
    longest = max((len(one.title.core) for one in found), default=0)
    return tuple(one for one in found if len(one.title.core) == longest)


# ── Links ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def links_to(page: PageView, urls: tuple[str, ...], names: tuple[str, ...]) -> bool | None:
    """Whether a page really links to one of these, or to something of that name; None where a script may yet do so."""
    wanted = {_address(url) for url in urls}
    targets = page.site.links_of(page.url)
    if any(_address(target) in wanted for target in targets):
        return True
    if any(_address(landed) in wanted for target in targets if (landed := _landing(page.site, target))):
        return True
    cores = [core for name in names if len(core := DocumentTitle.of(name).core) >= _TELLING]
    for anchor in page.html.css("a[href]"):
        words = plain(anchor.attrs.get("title", "") + anchor.text)
        if any(core in words for core in cores) and not anchor.attrs.get("href", "").startswith(
            ("#", "javascript:void")
        ):
            return True
    return None if page.facts.shell or _is_filled_by_script(page) else False


def _landing(site: SiteView, url: str) -> str:
    known = site.known(url)
    return known.seen.final_url if known and known.seen and known.seen.final_url != url else ""


def _is_filled_by_script(page: PageView) -> bool:
    """A block for related pages that the bytes leave empty: 相关解读 and nothing under it, or an empty container."""
    if not page.html.css("script"):
        return False
    if any(not element.text for element in page.html.css(_BLOCKS)):
        return True
    for element in page.html.css(_HEADS)[:_LOOKED_AT]:
        words = element.text
        if len(words) <= 12 and _RELATED.match(words):
            holder = element.path.rpartition(" > ")[0]
            if not any(anchor.path.startswith(f"{holder} > ") for anchor in page.html.css("a[href]")):
                return True
    return False


def _address(url: str) -> str:
    """Without scheme: http and https show one article."""
    return normalise(url).partition("://")[2].removesuffix("/")


def unread(site: SiteView, kinds: tuple[str, ...]) -> str:
    """The registered column of these kinds that was not read whole, "" when all were."""
    for column in site.columns:
        if column.column.kind in kinds and not column.reading.complete:
            return column.column.name
    return ""
