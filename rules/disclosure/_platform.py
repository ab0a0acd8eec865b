"""The disclosure section of a site: the entrance on the home page, and the page it leads to."""

import re
import unicodedata
from dataclasses import dataclass

from crawler.api import PageView, SiteView, resolve

NAME = "政府信息公开"
OTHER_NAMES = re.compile(r"^(?:政务公开|信息公开|公开专栏|信息公开专栏|政务信息公开|政府公开|公开)$")
# 政府信息公开 with what people put around it; 政府信息公开指南 and the like are its entries, not the section.
SECTION = re.compile(r"政府信息公开(?:专栏|平台|网|专题|首页|目录)?$")


@dataclass(frozen=True, slots=True)
class Lead:
    url: str
    words: str


def leads(page: PageView) -> tuple[Lead, ...] | None:
    """The links of a page with what a reader sees: text, title or the picture's alt; None where the body is
    not kept."""
    try:
        anchors = page.html.css("a[href]")[:3000]
        pictures = {
            image.path.rpartition(" > ")[0]: image.attrs.get("alt") or "" for image in page.html.css("a img")[:300]
        }
    except LookupError:
        return None
    found = []
    for anchor in anchors:
        href = anchor.attrs.get("href") or ""
        if href.startswith(("#", "javascript:", "mailto:", "tel:")):
            continue
        words = anchor.text.strip() or anchor.attrs.get("title") or pictures.get(anchor.path, "")
        found.append(Lead(resolve(page.url, href)[0], "".join(unicodedata.normalize("NFKC", words).split())))
    return tuple(found)


def entrances(site: SiteView, home: PageView) -> tuple[list[Lead], list[Lead]]:
    """(links named 政府信息公开, links with another name for it) on the home page and one click further."""
    right: list[Lead] = []
    other: list[Lead] = []
    for lead in leads(home) or ():
        if SECTION.search(lead.words):
            right.append(lead)
        elif OTHER_NAMES.search(lead.words):
            other.append(lead)
    for lead in list(other)[:5]:  # 政务公开 is often the upper level of the section
        page = site.open_page(lead.url) if lead.url else None
        if page is not None:
            right += [one for one in leads(page) or () if SECTION.search(one.words)]
            if NAME in (page.facts.heading or page.facts.title).replace(" ", ""):
                right.append(Lead(page.url, NAME))
    return right, other


def section(site: SiteView) -> PageView | None:
    """The page of the section: a registered column of its name, else where the entrance leads."""
    for column in site.columns:
        if column.page is not None and SECTION.search(column.column.name.strip()):
            return column.page
    home = site.open_page(site.site.home)
    if home is None:
        return None
    for lead in entrances(site, home)[0]:
        if lead.url and (page := site.open_page(lead.url)) is not None and not page.is_home:
            return page
    return None
