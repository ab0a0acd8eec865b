"""Links that a reader cannot see and that leave the site: facts for a score, no judgement."""

from __future__ import annotations

import enum
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.parse.spot import ancestors, attribute, registrable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from crawler.core.facts import Link


class _How(enum.IntEnum):
    SHOWN = 0
    WAITING = 1
    TRICK = 2


MAX_LINKS = 200
MAX_ANCHORS = 5_000
MAX_CLASSES = 200
MAX_STYLE = 200_000

# Longer runs than these are nobody's style: the repetitions are bounded.
_NUMBER = r"-?\d{0,6}(?:\.\d{0,6})?"
# How menus, tabs and layers wait too: harmless where the element calls itself one of those.
_WAITING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|filter\s*:\s*alpha\(opacity=0\)"
    r"|(?<![\w-])opacity\s*:\s*0?(?:\.0\d*)?\s*(?:[;!}]|\Z)|transform\s*:\s*scale\(0",
    re.IGNORECASE,
)
# Tricks: nobody needs them but screen readers.
_TRICK = re.compile(
    r"font-size\s*:\s*(?:0|1px|0?\.\d)|line-height\s*:\s*0(?:px)?\s*(?:[;!}]|\Z)|text-indent\s*:\s*-\d{3,}"
    r"|z-index\s*:\s*-\d{3,}|(?<![\w-])(?:left|top|right|bottom|margin-left|margin-top|margin)\s*:\s*-\d{3,}"
    r"|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01]"
    r"|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r"|translate(?:X|Y|3d)?\(\s*-\d{3,}",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(?<![\w-])(?:max-)?(?:width|height)\s*:\s*[01](?:px|em|rem|pt|%)?\s*(?:[;!}]|\Z)", re.IGNORECASE)
_CLIPPED = re.compile(r"overflow(?:-[xy])?\s*:\s*hidden", re.IGNORECASE)
_PAINT = re.compile(
    r"(?<![\w-])(color|background(?:-color)?)\s*:\s*(#[0-9a-f]{3,8}|[a-z]{3,20}|rgba?\([\d\s,.]{5,30}\))", re.IGNORECASE
)
_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{1,2000})\}")
_SIMPLE = re.compile(r"[.#][A-Za-z_][\w-]{0,60}\Z")
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)")
_MEDIA = re.compile(r"@(?:media|supports|keyframes|-webkit-keyframes|font-face|import|page)", re.IGNORECASE)
# What menus, tabs, layers and notices call themselves.
_MENUS = re.compile(
    r"menu|nav|tab|drop|down|select|sub|pop|layer|dialog|modal|mask|tip|toggle|slide|swiper|carousel|banner|focus"
    r"|share|weixin|wechat|qrcode|ewm|erweima|"
    r"links?|youqing|yqlj|friend|bdsharebuttonbox|ie[6-9]?\b|browser|update|upgrade|leave|outlink|jump|"
    r"mobile|phone|wap|m-|pc|collapse|accordion|more|search|login|user|float|piaofu|old|elder|lang"
    r"|site(?:list|map|group)|zhanqun",
    re.IGNORECASE,
)
_FOR_EARS = re.compile(r"sr-?only|skip|visually-?hidden|screen-?reader|wza|barrier|accessib|blind|guide", re.IGNORECASE)
_OFFICIAL = re.compile(
    r"(?:^|\.)(?:gov\.cn|政务|政务\.cn|conac\.cn|公益|org\.cn|edu\.cn|mil\.cn|xinhuanet\.com|news\.cn|people\.com\.cn|people\.cn|cctv\.com|cctv\.cn|chinanews\.com(?:\.cn)?|"
    r"gmw\.cn|ce\.cn|china\.com\.cn|china\.cn|youth\.cn|qstheory\.cn|xuexi\.cn|12371\.cn|12377\.cn|12388\.gov\.cn"
    r"|gansudaily\.com\.cn|gscn\.com\.cn|cnr\.cn|cri\.cn|12321\.cn)\Z"
)
# Vendors of government sites, browsers they recommend, social and statistics services.
_VENDOR = re.compile(
    r"(?:^|\.)(?:hanweb\.com|trs\.cn|trs\.com\.cn|ucap\.com\.cn|kaipuyun\.cn|webber\.com\.cn|visualsite\.cn|jiathis\.com|bshare\.cn|baidu\.com|bdimg\.com|qq\.com|weixin\.com|"
    r"weibo\.com|weibo\.cn|sina\.com\.cn|douyin\.com|toutiao\.com|kuaishou\.com|microsoft\.com|google\.(?:com|cn)"
    r"|chrome\.com|firefox\.com\.cn|mozilla\.org|mozilla\.com|"
    r"opera\.com|360\.cn|360\.com|sogou\.com|uc\.cn|apple\.com|adobe\.com|cnzz\.com|51\.la|w3\.org|amap\.com"
    r"|autonavi\.com|tianditu\.com|cnki\.net|aliyun\.com|"
    r"alipay\.com|iqiyi\.com|youku\.com|bilibili\.com|zhihu\.com|ixigua\.com|miit\.com|windows\.com|so\.com"
    r"|yunaq\.com|anquan\.org|wza\.cn|voicecloud\.cn|cdpsn\.org\.cn|github\.com)\Z"
)


def read(tree: LexborHTMLParser, url: str, links: Sequence[Link]) -> tuple[Link, ...]:
    """Off-site anchors that style, size or position hides. A menu of known hosts gives nothing; see FIELD 4.4."""
    home = "/".join([*url.split("/", 3)[:3], ""])
    away = [link for link in links if not link.url.startswith(home) and link.kind == "page"]
    if not away:
        return ()
    own = registrable(urlsplit(url).hostname or "")
    hosts: dict[str, bool] = {}
    foreign: dict[str, Link] = {}
    for link in away:
        if not link.url.startswith(("http://", "https://")):
            continue
        host = link.url.split("/", 3)[2]
        if host not in hosts:
            hosts[host] = _is_foreign(host, own)
        if hosts[host]:
            foreign.setdefault(link.href, link)
    if not foreign:
        return ()
    rules = _hiding_selectors(tree)
    found: dict[str, Link] = {}
    known: dict[int, _How] = {}
    for anchor in tree.css("a[href],area[href]")[:MAX_ANCHORS]:
        href = attribute(anchor, "href")
        seen = foreign.get(href) or foreign.get(href.strip())
        if seen is not None and seen.href not in found and _is_hidden(anchor, rules, known):
            found[seen.href] = seen
            if len(found) >= MAX_LINKS:
                break
    return tuple(found.values())


@lru_cache(maxsize=4096)
def _is_foreign(host: str, own: str) -> bool:
    """Neither the site's own nor an office's nor a known vendor's."""
    name = host.rpartition("@")[2].partition(":")[0].rstrip(".").lower()
    return bool(name) and registrable(name) != own and not _OFFICIAL.search(name) and not _VENDOR.search(name)


def _hiding_selectors(tree: LexborHTMLParser) -> dict[str, _How]:
    """.class and #id that a <style> of the page hides for every screen."""
    selectors: dict[str, _How] = {}
    for style in tree.css("style")[:40]:
        text = _COMMENT.sub("", style.text()[:MAX_STYLE])
        if not any(pattern.search(text) for pattern in (_WAITING, _TRICK, _SIZE, _PAINT)):
            continue
        for names, body in _RULE.findall(_without_media(text)):
            how = _how(body)
            if how is _How.SHOWN:
                continue
            for name in names.split(",")[:MAX_CLASSES]:
                if _SIMPLE.match(name.strip()):
                    selectors[name.strip()] = how
            if len(selectors) > MAX_CLASSES:
                return selectors
    return selectors


def _without_media(text: str) -> str:
    """Rules for phones or print hide a lot and mean nothing."""
    kept: list[str] = []
    position = 0
    while found := _MEDIA.search(text, position):
        kept.append(text[position : found.start()])
        depth, place = 0, found.end()
        for brace in re.finditer(r"[{};]", text[found.end() :]):
            place = found.end() + brace.end()
            depth += {"{": 1, "}": -1}.get(brace[0], 0)
            if depth <= 0:
                break
        position = max(place, found.end())
    kept.append(text[position:])
    return "".join(kept)


def _how(style: str) -> _How:
    if _TRICK.search(style):
        return _How.TRICK
    paint = {name.lower()[:5]: value.lower().replace(" ", "") for name, value in _PAINT.findall(style)}
    if "color" in paint and paint.get("backg") == paint["color"]:
        return _How.TRICK
    if _WAITING.search(style) or (_SIZE.search(style) and _CLIPPED.search(style)):
        return _How.WAITING
    return _How.SHOWN


def _is_hidden(anchor: LexborNode, rules: dict[str, _How], known: dict[int, _How]) -> bool:
    """Hidden by itself or by an ancestor; waiting where nothing on the way up is a menu, tab, layer or friend links."""
    how = _How.SHOWN
    named = False
    for element in ancestors(anchor, 60):
        key = element.mem_id
        if key not in known:
            known[key] = _own_how(element, rules)
        how = max(how, known[key])
        name = f"{element.id or ''} {attribute(element, 'class')}"
        if _FOR_EARS.search(name):
            return False
        named = (
            named or element.tag in {"nav", "select", "header"} or (element.tag != "body" and bool(_MENUS.search(name)))
        )
    return how is _How.TRICK or (how is _How.WAITING and not named)


def _own_how(element: LexborNode, rules: dict[str, _How]) -> _How:
    tag = element.tag
    style = attribute(element, "style")[:5_000]
    how = _how(style) if style else _How.SHOWN
    if tag == "noscript" or (
        tag == "marquee"
        and any(attribute(element, side).strip() in {"0", "1", "0px", "1px"} for side in ("height", "width"))
    ):
        return _How.TRICK
    if "hidden" in element.attrs:
        how = max(how, _How.WAITING)
    return max([how, *(rules[name] for name in _names(element) if name in rules)]) if rules else how


def _names(element: LexborNode) -> Iterator[str]:
    if element.id:
        yield f"#{element.id}"
    for part in attribute(element, "class").split()[:20]:
        yield f".{part}"
