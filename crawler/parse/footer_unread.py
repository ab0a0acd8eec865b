"""What may hold the footer and was not read: includes, frames, list units, writes that cannot be decoded."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from crawler.parse.footer_region import FOOTER_NAME, NAMED
from crawler.parse.spot import attribute, registrable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from crawler.parse.script_strings import Script

LIMIT = 20

_FOOT = re.compile(
    r"foot|bottom|copy_?-?right|(?<!de)tail|dibu|yejiao|banquan|/db\.|wzdb|/end\.|(?:^|/)ft[\d_.\-]", re.IGNORECASE
)
_ITEM = re.compile(r"conac|jiucuo|dzjg|bszs|zhaocuo|beian", re.IGNORECASE)
_COMMON = re.compile(
    r"common|include|public|template|layout|general|global|/inc/|/script/[0-9a-f]{16,40}\.js|load|main|page|base|head",
    re.IGNORECASE,
)
# Well-known libraries and services: their names, never a folder that a site made up.
_LIBRARY = re.compile(
    r"jquery|zepto|swiper|bootstrap|layui|layer|laydate|laypage|vue|react|angular|axios|lodash|underscore|moment|dayjs|echarts|highcharts|"
    r"d3\.|polyfill|babel|require\.|sea\.js|modernizr|html5shiv|respond|selectivizr|pie\.js|superslide|slick|owl\.|flexslider|fancybox|lightbox|"
    r"video|player|hls\.|flv\.|plyr|clipboard|qrcode|share|social|jiathis|bshare|bdstatic|hm\.js|analytics|tongji|statistic|stat\.|cnzz|51\.la|"
    r"crypto|md5|base64|aes|rsa|sm[234]|cookie|json2|mustache|handlebars|art-?template|juicer|doT|datepicker|wdatepicker|my97|calendar|"
    r"pagination|paging|createpage|ueditor|kindeditor|ckeditor|tinymce|umeditor|zoom|scroll|marquee|nicescroll|wow\.|animate|gsap|tween|"
    r"wza|barrier|accessib|fontsize|doubleclick|pdf|turn\.|viewer|map\?|amap|webapi|bmap|tianditu|element-?ui|antd|iview|easyui|select2|chosen|"
    r"validate|captcha|gt\.js|geetest|jweixin|wx\.|weixin|weibo|jsbridge|vconsole|rem\.js|flexible|fastclick|hammer|iscroll|lazyload|masonry|"
    r"es5-shim|es6|promise|webpack|runtime|chunk-vendors|vendor|unitbuild|hits|count|click|tj\.|piwik|matomo|sensorsdata|gridsum|wd\.js|"
    r"tree|ztree|dialog|artdialog|search|suggest|simplified|traditional|chs2cht|jft|fanti|chinese",
    re.IGNORECASE,
)
_ALREADY = re.compile(r"dcs\.conac\.cn|jiucuo\.js", re.IGNORECASE)

LOADS = re.compile(
    r"\.load\s*\(|\$\.(?:get|ajax|post)\s*\(|fetch\s*\(|XMLHttpRequest|\.open\s*\(|include|document\.write",
    re.IGNORECASE,
)
_LOAD = re.compile(r"""\.load\s*\(\s*["'`]([^"'`\s]{2,300})""")
_FETCH = re.compile(
    r"""(?:\$\.(?:get|getJSON|post)|fetch|axios\.get|\.get)\s*\(\s*["'`]([^"'`\s]{2,300})|url\s*:\s*["'`]([^"'`\s]{2,300})|\.open\s*\(\s*["'`]GET["'`]\s*,\s*["'`]([^"'`\s]{2,300})|\.src\s*=\s*["'`]([^"'`\s]{2,300})""",
    re.IGNORECASE,
)
_WRITTEN_SOURCE = re.compile(r"""<(?:script|iframe)\b[^<>]{0,300}?\bsrc\s*=\s*["']?([^\s"'<>]{2,300})""", re.IGNORECASE)
_WRITE = re.compile(r"document\.write(?:ln)?\s*\(([^;\n]{0,300})")
_HARMLESS = re.compile(
    r"Date|[Yy]ear|[Mm]onth|[Dd]ay|[Ww]eek|[Tt]ime|title|location|referrer|random|<|%3C|\\x3c|\\u003c", re.IGNORECASE
)
_PAIR = re.compile(r"""["']([\w\-]{1,40})["']\s*:\s*["']([^"']{0,200})["']""")


def ordered(unread: Iterable[str]) -> tuple[str, ...]:
    """Likeliest first, each once."""
    ranked = sorted(dict.fromkeys(unread), key=_rank)
    return tuple(ranked[:LIMIT])


def _rank(entry: str) -> int:
    if entry.startswith("inline:"):
        return 2
    path = urlsplit(entry).path + urlsplit(entry).query if "://" in entry else entry
    if _FOOT.search(path) or "%E9%A1%B5%E8%84%9A" in entry or "%E5%BA%95%E9%83%A8" in entry:
        return 0
    if _ITEM.search(path):
        return 1
    return 3 if _COMMON.search(path) else 4


def of_page(tree: LexborHTMLParser, base: str, scripts: Sequence[str], *, empty: bool) -> Iterator[str]:
    """`empty`: an element that calls itself footer and holds nothing is worth a note."""
    yield from _scripts(scripts, base)
    raw = (tree.raw_html or b"").lower()
    if b"<iframe" in raw or b"<frame" in raw:
        yield from _frames(tree, base)
    if b"querydata" in raw:
        yield from _units(tree, base)
    if b"data-settings" in raw or b"data-include" in raw or b"w3-include" in raw or b"_span_jiucuo" in raw:
        yield from _filled_later(tree, base)
    if empty:
        yield from _empty(tree)


def of_script(script: Script, base: str) -> Iterator[str]:
    """Includes that a script asks for, and what it writes without a readable string."""
    code = script.code
    for match in _LOAD.finditer(code):
        if (address := _resolved(base, match[1])) and not match[1].startswith(("#", ".")):
            yield address
    for match in _FETCH.finditer(code):
        found = next(filter(None, match.groups()), "")
        if (
            (_FOOT.search(found) or _ITEM.search(found))
            and not _ALREADY.search(found)
            and (address := _resolved(base, found))
        ):
            yield address
    for match in _WRITTEN_SOURCE.finditer(script.html):
        if (
            (_FOOT.search(match[1]) or _COMMON.search(match[1]))
            and not _known(match[1])
            and (address := _resolved(base, match[1]))
        ):
            yield address
    for match in _WRITE.finditer(code):
        argument = match[1].strip()
        if argument and not _HARMLESS.search(argument) and not re.search(r"""["'`][^"'`]{4,}""", argument):
            yield "inline:document.write"
            break


def _scripts(scripts: Sequence[str], base: str) -> Iterator[str]:
    own = registrable(urlsplit(base).hostname or "") if "://" in base else ""
    for script in scripts:
        address = _resolved(base, script)
        if not address or _ALREADY.search(address):
            continue
        parts = urlsplit(address)
        name = parts.path
        own_script = registrable(parts.hostname or "") == own and not _known(name)
        if _FOOT.search(name) or _ITEM.search(name) or own_script:
            yield address


def _known(path: str) -> bool:
    return bool(_LIBRARY.search(path.rpartition("/")[2] or path) or _ALREADY.search(path))


def _frames(tree: LexborHTMLParser, base: str) -> Iterator[str]:
    for frame in tree.css("iframe[src],frame[src]")[:50]:
        source = attribute(frame, "src").strip()
        parent = frame.parent
        names = f"{source} {frame.id or ''} {attribute(frame, 'name')} {attribute(frame, 'class')}"
        held = f"{parent.id or ''} {attribute(parent, 'class')}" if parent is not None else ""
        inside = (
            FOOTER_NAME.search(names) or FOOTER_NAME.search(held) or (parent is not None and parent.tag == "footer")
        )
        if (frame.tag == "frame" or inside) and (address := _resolved(base, source)):
            yield address


def _units(tree: LexborHTMLParser, base: str) -> Iterator[str]:
    """JPaaS blocks named after the foot of the page: the request that fills them (FIELD 1.2)."""
    for unit in tree.css("[querydata]")[:60]:
        data = _query(attribute(unit, "querydata"))
        tag = data.get("tagId", "")
        if not re.search(r"页脚|页尾|底部|版权|尾部|网站底|页底|公共底|foot|bottom|copyright", tag, re.IGNORECASE):
            continue
        address = _resolved(
            base, attribute(unit, "url").strip() or "/api-gateway/jpaas-publish-server/front/page/build/unit"
        )
        if address:
            yield f"{address}{'&' if '?' in address else '?'}{urlencode(data)}"


def _query(text: str) -> dict[str, str]:
    if len(text) < 5_000:
        try:
            data = ast.literal_eval(text.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            data = None
        if isinstance(data, dict):
            return {str(key): str(value) for key, value in data.items()}
    return dict(_PAIR.findall(text[:5_000]))


def _filled_later(tree: LexborHTMLParser, base: str) -> Iterator[str]:
    for element in tree.css("[data-include],[w3-include-html]")[:20]:
        source = attribute(element, "data-include") or attribute(element, "w3-include-html")
        if FOOTER_NAME.search(source + (element.id or "")) and (address := _resolved(base, source)):
            yield address
    for element in tree.css("[data-settings],#_span_jiucuo")[:200]:
        settings = attribute(element, "data-settings").lower()
        if (
            not element.text().strip()
            and element.css_first("img") is None
            and (_ITEM.search(settings + (element.id or "")) or FOOTER_NAME.search(settings))
        ):
            yield _named_empty(element)


def _empty(tree: LexborHTMLParser) -> Iterator[str]:
    for element in tree.css(NAMED)[-30:]:
        if element.tag in {"div", "footer", "section", "span", "td", "ul", "p"} and not element.text().strip():
            name = f"{element.id or ''} {attribute(element, 'class')}"
            if re.search(r"(?:^|[\s_\-])(?:foot|bottom|copyright|dibu|yejiao)|footer", name, re.IGNORECASE) and (
                element.css_first("img,a,iframe,input") is None
            ):
                yield _named_empty(element)


def _named_empty(element: LexborNode) -> str:
    identity, classes = element.id or "", attribute(element, "class").split()
    name = f"#{identity}" if identity else f".{classes[0]}" if classes else ""
    return f"inline:empty <{element.tag}{name}>"[:120]


def _resolved(base: str, address: str) -> str:
    """ "" for what cannot be asked: placeholders, data:, broken ones."""
    if (
        not address
        or "{{" in address
        or "<" in address
        or address.startswith(("data:", "javascript:", "about:", "blob:"))
    ):
        return ""
    try:
        full = urljoin(base, address)
        scheme = urlsplit(full).scheme
    except ValueError:
        return ""
    return full if scheme in {"http", "https", "file", ""} else ""
