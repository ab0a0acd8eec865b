"""FT-15: inner pages whose footers name another filing or body than the home page's (BEHAVIOURS 57)."""

import re
from collections import defaultdict
from collections.abc import Iterator

from crawler.api import Certainty, Finding, PageView, Place, Said, Severity, SiteView, cite, site_rule
from rules.footer._items import NAMES, marks, out_of_scope, template

# What a site has one of. A registered site code is compared by FT-10, page by page.
_COMPARED = ("site_code", "icp", "psb", "organizer", "conac")
_ICP = re.compile(r"\d{8,10}")
_CONAC = re.compile(r"id=([0-9a-f]{32})", re.IGNORECASE)


@site_rule("FT-15", severity=Severity.HINT, basis=(cite("guobanfa-2017-47", "footer.all"),))
def differing_footers(site: SiteView) -> Iterator[Said]:
    """内页页脚与首页不一致

    为什么: 同一网站的标识只有一套。内页还写着旧的备案号、别的单位或别家的标识码，多半是旧模板没有跟着改。

    看什么: 读到的每个内页，页脚的标识码、ICP备案号、公安备案号、主办单位和党政机关标识编号与首页的是否相同。
    一个标识缺失由 FT-01 至 FT-08 指出，不在这里重复；登记过标识码的，标识码由 FT-10 比对；
    主办单位写法不同的须人工确认，简称、全称不算不同。

    怎么改: 让所有模板共用首页的页脚，或把列出的模板改成与首页一致。
    """
    wanted, seen = _read(site)
    if not any(wanted.values()):
        yield site.undecidable("没有读到首页的页脚，无从比较")
        return
    differing: dict[tuple[str, str], dict[str, tuple[Place, str]]] = defaultdict(dict)
    for (item, name, found_there), places in seen.items():
        if wanted[item] and not any(_same(item, one, other) for one in found_there for other in wanted[item]):
            said = "、".join(sorted(found_there))
            differing[item, name].update((url, (place, said)) for url, place in places.items())
    for (item, name), pages in sorted(differing.items()):
        if not (item == "site_code" and site.site.code):
            yield _finding(site, item, name, pages, "、".join(sorted(wanted[item])))


_Seen = dict[tuple[str, str, frozenset[str]], dict[str, Place]]


def _read(site: SiteView) -> tuple[dict[str, set[str]], _Seen]:
    """What the home page says, and (item, template, values) -> pages: few values are in use, so one pass does."""
    wanted: dict[str, set[str]] = {}
    seen: _Seen = defaultdict(dict)
    for page in site.pages():
        if page.is_home:
            wanted = wanted or _values(page)
        elif out_of_scope(page) is None:
            for item, found in _values(page).items():
                if found:
                    seen[item, template(page), frozenset(found)][page.url] = _shown(page, item)
    return wanted, seen


def _values(page: PageView) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for item in _COMPARED:
        values = (_value(item, mark.value) for mark in marks(page, item) if mark.via != "meta" and mark.visible)
        found[item] = {value for value in values if value}
    return found


def _value(item: str, value: str) -> str:
    """What identifies: of an ICP number the digits without its suffix, of CONAC's mark its id."""
    if item in {"icp", "conac"}:
        match = (_ICP if item == "icp" else _CONAC).search(value)
        return (match[0] if item == "icp" else match[1].upper()) if match else ""
    return value


def _same(item: str, one: str, other: str) -> bool:
    if item == "organizer":
        return one in other or other in one or _abbreviates(one, other) or _abbreviates(other, one)
    return one == other


def _abbreviates(short: str, long: str) -> bool:
    """Its characters in that order: 临夏州政府办 of 临夏回族自治州人民政府办公室."""
    rest = iter(long)
    return all(char in rest for char in short)


def _shown(page: PageView, item: str) -> Place:
    mark = next(mark for mark in marks(page, item) if mark.via != "meta" and mark.visible)
    return page.place(mark.place.css, mark.place.quote)


def _finding(site: SiteView, item: str, name: str, pages: dict[str, tuple[Place, str]], wanted: str) -> Finding:
    urls = sorted(pages)
    place, theirs = pages[urls[0]]
    return Finding(
        message=f"{len(urls)} 个内页的{NAMES[item]}（{theirs[:60]}）与首页（{wanted[:60]}）不同",
        at=place,
        key=f"{item}@{name}",
        certainty=Certainty.PROPOSED if item == "organizer" else Certainty.CONFIRMED,
        count=len(urls),
        evidence={"页脚模板": name, "内页": "\n".join(urls[:20])},
        cites=(site.site.home, *urls),
    )
