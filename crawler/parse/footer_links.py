"""Footer items that are links, pictures and scripts: conac, jiucuo, police filing, site map, contact page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from crawler.parse.spot import attribute, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from crawler.core.facts import Via


class Draft(Protocol):
    def missing(self, item: str) -> bool: ...

    def add(self, item: str, value: str, node: LexborNode, quote: str, via: Via = "html") -> None: ...

    def leads(self, address: str) -> None: ...


MAX_ELEMENTS = 3_000

_CONAC_LINK = re.compile(r"bszs\.conac\.cn|conac\.cn/+sitename", re.IGNORECASE)
_CONAC_SCRIPT = re.compile(r"dcs\.conac\.cn/+js/[\w/.\-]{0,120}", re.IGNORECASE)
_CONAC_PICTURE = re.compile(r"conac|(?:^|/)(?:red|blue)\.(?:png|gif|jpe?g)", re.IGNORECASE)
_CONAC_WORDS = re.compile(r"党政机关|事业单位")
# zfwzgl and zfwzzc are the national office's; the addresses and kaipuyun are its former collectors (RULES 3.5).
_JIUCUO = re.compile(
    r"zfwzgl[\w.]*(?::\d+)?/+exposure|zfwzzc[\w.]*(?::\d+)?/+(?:check_web/+errorInfo|exposure)|/exposure/+(?:jiucuo|images/jiucuo)|"
    r"121\.43\.68\.40(?::\d+)?/+(?:exposure|check_web)|121\.40\.115\.217(?::\d+)?/+check_web|kaipuyun\.cn(?::\d+)?/+(?:exposure|check_web)|"
    r"jiucuo\.(?:html|js)\b[^\s\"']{0,10}(?:\?(?:[^\s\"']{0,80}&)?site_?code=)?|check_web/+errorInfo/+jcInfo",
    re.IGNORECASE,
)
_SITE_CODE = re.compile(r"(?:site_?code|siteId)[=:/\s\"']{1,4}(bm\d{8}|\d{10})(?!\d)", re.IGNORECASE)
_ANY_CODE = re.compile(r"(?<![\d\w])(bm\d{8}|\d{10})(?!\d)", re.IGNORECASE)
_LINK_CALL = re.compile(r"\bLink\s*\(\s*[\"'&quot;]{1,6}\s*(bm\d{8}|\d{10})\s*[\"'&]", re.IGNORECASE)
_POLICE = re.compile(r"beian(?:\.mps)?\.gov\.cn|registerSystemInfo|webSearch\?", re.IGNORECASE)
# Every address of a register, its former names among them (FT-11), and the folders of 找错 on a bare number.
_REGISTER = re.compile(r"beian|conac\.cn|zfwzgl|zfwzzc|jiucuo|check_web/|/exposure/", re.IGNORECASE)
_POLICE_CODE = re.compile(r"(?:record|)code=\D{0,3}?(\d{11,16})(?!\d)", re.IGNORECASE)
_MAP = re.compile(r"[网網]\s*站\s*地\s*[图圖]|[站]\s*点\s*地\s*[图圖]|^本站地[图圖]$|^site\s?map$", re.IGNORECASE)
_MAP_PATH = re.compile(r"site_?map|/wzdt|/zddt|wangzhanditu|/webmap", re.IGNORECASE)
_GUIDE = re.compile(r"^[网網]?站?[点點]?[导導][航覽览]$|^(?:网站|站点)导航$")
_CONTACT = re.compile(
    r"^[【\[（(|·\s]*(?:联系我们|联系方式|联系本站|联络我们|联系网站|聯繫我們|联系电话|contact\s?us)[】\])）|·\s:：]*$",
    re.IGNORECASE,
)
_NO_LINK = re.compile(r"\s*(?:#|javascript\s*:\s*(?:void\s*\(?\s*0?\s*\)?|;)?\s*;?\s*)?\s*$", re.IGNORECASE)
_URL_IN_CODE = re.compile(r"[\"']((?:https?:)?/{1,2}[^\"'\s]{1,300}|[\w./\-]{1,200}\.s?html?[^\"'\s]{0,100})[\"']")


def read(draft: Draft, elements: Sequence[LexborNode]) -> None:
    """All link-like items among these elements."""
    for element in elements[-MAX_ELEMENTS:]:
        tag = element.tag
        if tag in {"a", "area"}:
            _read_anchor(draft, element)
        elif tag == "script":
            _read_source(draft, element)
        elif tag in {"img", "iframe", "span", "input"}:
            _read_other(draft, element)
    _read_pictures(draft, [element for element in elements if element.tag == "img"])


def read_everywhere(draft: Draft, tree: LexborHTMLParser, raw: bytes, *, everything: bool) -> None:
    """What is still missing, wherever it stands; asked only where the source holds its words."""
    conac = b"conac" in raw or b"CONAC" in raw
    if draft.missing("conac") and conac:
        read_links(
            draft, tree.css('a[href*="conac" i],area[href*="conac" i],script[src*="conac" i],[onclick*="conac" i]')
        )
    if draft.missing("jiucuo") and (b"jiucuo" in raw or b"exposure" in raw or b"check_web" in raw):
        read_links(
            draft,
            tree.css(
                '[href*="jiucuo" i],[src*="jiucuo" i],#_jiucuo_,#_span_jiucuo img,[onclick*="Link("],'
                '[href*="exposure"],[src*="exposure"],[onclick*="jiucuo" i],[href*="check_web"],[src*="check_web"]'
            ),
        )
    if draft.missing("psb") and b"beian" in raw:
        read_links(draft, tree.css('a[href*="beian"]'))
    if draft.missing("conac") and conac:
        _read_pictures(draft, tree.css('img[src*="conac" i],img[id*="conac" i]'))
    if draft.missing("sitemap"):
        _read_map(draft, tree, raw, everything=everything)


def read_links(draft: Draft, elements: Iterable[LexborNode]) -> None:
    read(draft, list(elements))


def read_code(draft: Draft, body: LexborNode, code: str) -> None:
    """Sources a script sets without writing HTML: s.src = 'https://dcs.conac.cn/js/…'."""
    if draft.missing("conac") and (found := _CONAC_SCRIPT.search(code) or _CONAC_LINK.search(code)):
        draft.add("conac", found[0], body, found[0])
    if draft.missing("jiucuo") and ("_jiucuo_" in code or _JIUCUO.search(code)):
        around = _SITE_CODE.search(code) or _LINK_CALL.search(code)
        address = _JIUCUO.search(code)
        value = around[1].lower() if around else (address[0] if address else "_jiucuo_")
        draft.add("jiucuo", value, body, value)


def read_contact(draft: Draft, tree: LexborHTMLParser, tail: Sequence[LexborNode], raw: bytes) -> None:
    """mailto: and tel: of the tail, else a link 联系我们 anywhere."""
    if not draft.missing("contact"):
        return
    anchors = [element for element in tail if element.tag == "a"]
    if "联系".encode() in raw or "聯繫".encode() in raw or b"ontact" in raw or b"&#" in raw:
        anchors += tree.css(
            'a:lexbor-contains("联系"),a[title*="联系我们"],a:lexbor-contains("contact us" i),a:lexbor-contains("聯繫")'
        )
    for anchor in anchors[:MAX_ELEMENTS]:
        words = squeeze(anchor.text()) or attribute(anchor, "title") or _alt(anchor)
        if _CONTACT.match(words) or _CONTACT.match(attribute(anchor, "title")):
            draft.add("contact", "联系我们", anchor, f"{words} {attribute(anchor, 'href')}")
            return
        href = attribute(anchor, "href").strip().lower()
        if href.startswith(("mailto:", "tel:")) and len(href) > 8:
            draft.add("contact", href.partition(":")[2].partition("?")[0], anchor, href)
            return


def _read_anchor(draft: Draft, anchor: LexborNode) -> None:
    href = attribute(anchor, "href").strip()
    click = attribute(anchor, "onclick")
    target = f"{href} {click}" if click else href
    _add_address(draft, href, click)
    if _CONAC_LINK.search(target):
        draft.add("conac", href if _CONAC_LINK.search(href) else _address(click, href), anchor, target)
    elif _JIUCUO.search(target) or (click and _LINK_CALL.search(click)):
        _add_jiucuo(draft, anchor, target, href)
    elif _POLICE.search(target):
        _add_police(draft, anchor, target)
    elif len(href) < 400 and draft.missing("sitemap"):
        _add_map(draft, anchor, href, click)


def _add_address(draft: Draft, address: str, click: str = "") -> None:
    for found in (address, _address(click, "") if click else ""):
        if found and _REGISTER.search(found):
            draft.leads(found)


def _add_jiucuo(draft: Draft, element: LexborNode, evidence: str, href: str, via: Via = "html") -> None:
    code = (
        _SITE_CODE.search(evidence)
        or _LINK_CALL.search(evidence)
        or (_ANY_CODE.search(evidence) if via == "script" else None)
    )
    draft.add("jiucuo", code[1].lower() if code else href or squeeze(evidence)[:200], element, evidence, via)


def _add_police(draft: Draft, anchor: LexborNode, target: str) -> None:
    code = _POLICE_CODE.search(target)
    if code:
        draft.add("psb", code[1], anchor, target)


def _add_map(draft: Draft, anchor: LexborNode, href: str, click: str) -> None:
    words = squeeze(anchor.text())
    title = attribute(anchor, "title") or attribute(anchor, "aria-label")
    if len(words) > 20:
        return
    named = _MAP.search(words) or _MAP.search(title) or (not words and _MAP.search(_alt(anchor)))
    if (named or (not words and _MAP_PATH.search(href))) and ("href" in anchor.attrs or click):
        draft.add(
            "sitemap", href if not _NO_LINK.match(href) else _address(click, href), anchor, words or title or href
        )


def _read_map(draft: Draft, tree: LexborHTMLParser, raw: bytes, *, everything: bool) -> None:
    if (
        everything
        or any(words.encode() in raw for words in ("地图", "地圖"))
        or b"sitemap" in raw
        or b"ite map" in raw
        or b"ite Map" in raw
        or b"iteMap" in raw
    ):
        anchors = tree.css(
            'a:lexbor-contains("地图"),a:lexbor-contains("地圖"),a[title*="地图"],area[alt*="地图"],a[aria-label*="地图"],'
            'a[href*="sitemap" i],a:lexbor-contains("site map" i)'
        )
        pictures = [
            image.parent for image in tree.css('img[alt*="网站地图"],img[title*="网站地图"],img[alt*="站点地图"]')
        ]
        for anchor in [*anchors, *(parent for parent in pictures if parent is not None and parent.tag == "a")][
            :MAX_ELEMENTS
        ]:
            href = attribute(anchor, "href").strip()
            if anchor.tag == "area" and _MAP.search(attribute(anchor, "alt")):
                draft.add("sitemap", href, anchor, attribute(anchor, "alt"))
            else:
                _add_map(draft, anchor, href, attribute(anchor, "onclick"))
        for element in tree.css(
            '[onclick]:lexbor-contains("地图"),[data-href]:lexbor-contains("地图"),img[onclick][alt*="地图"]'
        )[:20]:
            words = squeeze(element.text()) or attribute(element, "alt")
            address = _address(attribute(element, "onclick"), attribute(element, "data-href"))
            if len(words) <= 20 and _MAP.search(words) and address:
                draft.add("sitemap", address, element, words)
    if draft.missing("sitemap") and ("导航".encode() in raw or everything):
        for anchor in tree.css('a:lexbor-contains("导航")')[:50]:
            href = attribute(anchor, "href").strip()
            if _GUIDE.match(squeeze(anchor.text())) and not _NO_LINK.match(href) and not href.startswith("#"):
                draft.add("sitemap", href, anchor, squeeze(anchor.text()))


def _read_source(draft: Draft, script: LexborNode) -> None:
    source = attribute(script, "src").strip()
    _add_address(draft, source)
    if "conac" in source and _CONAC_SCRIPT.search(source):
        draft.add("conac", source, script, source, "script")
    elif (script.id or "") == "_jiucuo_" or _JIUCUO.search(source):
        code = attribute(script, "sitecode") or attribute(script, "data-sitecode")
        _add_jiucuo(draft, script, f"sitecode={code} {source}" if code else source, source, "script")


def _read_other(draft: Draft, element: LexborNode) -> None:
    click = attribute(element, "onclick")
    _add_address(draft, "", click)
    if click and _LINK_CALL.search(click):
        _add_jiucuo(draft, element, click, "")
    elif click and _JIUCUO.search(click):
        _add_jiucuo(draft, element, click, _address(click, ""))
    elif click and _CONAC_LINK.search(click):
        draft.add("conac", _address(click, click[:200]), element, click)
    elif click and _POLICE.search(click):
        _add_police(draft, element, click)


def _read_pictures(draft: Draft, images: Sequence[LexborNode]) -> None:
    """A picture of the mark that leads nowhere (FT-14), believed only where nothing better stands."""
    for image in images[-200:]:
        source = attribute(image, "src").strip()
        words = attribute(image, "alt") + attribute(image, "title")
        conac = _CONAC_PICTURE.search(source) or "conac" in (image.id or "").lower() or _CONAC_WORDS.search(words)
        if conac and draft.missing("conac"):
            draft.add("conac", source, image, f"{source} {words}", "image")
        elif "jiucuo" in source.lower() and draft.missing("jiucuo"):
            code = _ANY_CODE.search(source)
            draft.add("jiucuo", code[1].lower() if code else source, image, source, "image")


def _alt(anchor: LexborNode) -> str:
    image = anchor.css_first("img[alt],img[title]")
    return f"{attribute(image, 'alt')} {attribute(image, 'title')}" if image is not None else ""


def _address(code: str, fallback: str) -> str:
    found = _URL_IN_CODE.search(code)
    return found[1] if found else fallback
