"""Search boxes of a page, in forms and out of them, and whether each searches the site or one column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from crawler.core.facts import SearchBox
from crawler.parse.spot import ancestors, attribute, spot, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

Scope = Literal["site", "column", "unknown"]

MAX_INPUTS = 200
MAX_BOXES = 10
CLIMB = 4  # levels from the input to what holds its button too
SMALL = 400  # characters of text in that holder: more is a page, not a box

_TEXT_TYPES = frozenset({"", "text", "search", "textfield", "input"})
_SEARCH = re.compile(
    r"sousuo|search|souso|\bso\b|sou[_-]|ss_?(?:box|btn|input|k)|chaxun|query|keyword|key_?words?|jsearch|jrobot|irs-c|/igs/|solr|elastic|搜|检索|查询|查找",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"^(?:q|qt|wd|kw|key|keys|keyboard|keyword|keywords?\w*|search\w*|\w*search\w*|\w*sousuo\w*|searchword|sw|word|words|title_?key|showkeycode\w*|query\w*|s|so|lucenenewssearchkey\w*|intext\w*|tmp_?key\w*|\w*[kK]eywords?|ss\w{0,8})$",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"搜\s*索|检\s*索|查\s*询|查\s*找|全\s*文|搜\s*一\s*下|智\s*搜|站\s*内\s*搜|关\s*键\s*[字词]|请输入(?:您|你)?(?:要|想|需要)?.{0,6}(?:内容|关键|搜|查|标题|文号)|\bsearch\b|搜",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"captcha|verify|yzm|checkcode|vcode|validcode|rand|验证码|校验码|password|passwd|密码|登录|login|user_?name|用户名|账号|account|手机|phone|mobile|身份证|idcard|"
    r"邮箱|email|姓名|称呼|地址|电话|评论|comment|留言|content_?area|跳转|转到|goto|gopage|page_?(?:no|num|index|size)|currpage|pageinput|页码|第.{0,3}页|"
    r"办件|办理|受理|信件编?号|查询码|查询密码|回执|企业名称|公司|信用代码|社会信用|许可证号|单位名称|订阅|subscribe|投票|vote|金额|人数|税|发票|"
    r"jump|topage|pager?input|laypage",
    re.IGNORECASE,
)
_DATE = re.compile(r"date|time|laydate|wdate|日期|时间|年份|起始|截止|开始|结束|begin|start|\bend", re.IGNORECASE)
_COLUMN_FIELD = re.compile(
    r"^(?:channel_?id|column_?id|catalog_?id|catalog|chnl_?id|chnlid|channelcode|lm_?id|columnno|class_?id|infotypeid|cid|columncode|node_?id|i_columnid|treeid|categoryid|cateid_?column)$",
    re.IGNORECASE,
)
_COLUMN_WORDS = re.compile(
    r"本栏|栏内|栏目(?:内)?(?:搜|检|查)|在?结果中|本类|本目录|目录内|库内|政策(?:文件)?库|文件(?:标题|名称|检索|搜索|查询)|文\s*号|发文(?:字号|机关|日期)|索引号|成文日期|"
    r"公开(?:信息|目录|内容)(?:检索|搜索|查询)|信息公开(?:检索|搜索)|政策(?:文件)?(?:检索|搜索|查询)|规范性文件(?:检索|搜索|查询)|标题.{0,4}(?:检索|搜索|查询)|请输入(?:文件|政策|法规|公文)|公文(?:检索|搜索)",
)
_COLUMN_TARGET = re.compile(
    r"DataList|[?&](?:channel_?id|column_?id|catalog_?id|chnl_?id)=\w|xxgk\w*search|search\w*xxgk|gksearch|zcwjk|policySearch|policylibrary",
    re.IGNORECASE,
)
_SITE_WORDS = re.compile(r"全站|站内|本站|全网|智能(?:搜索|检索|问答)|一网通搜|站群|搜本站")
_SITE_TARGET = re.compile(
    r"jsearch|jrobot|irs-c|/igs/|sousuo|/so/|/s\?|allsearch|searchall|/search(?:[/?._\s]|\Z)|search\.gov|\.(?:jsp|do|html?)\?websiteid|searchResult",
    re.IGNORECASE,
)
_HEADER = re.compile(r"head|\btop|banner|logo|nav|menu|sousuo_?top|toubu|\bhd\b", re.IGNORECASE)
_CONTENT = re.compile(
    r"main|content|list|right|left|xxgk|zfxxgk|con(?:tainer)?_?r|column|channel|gk_|catalog|zc(?:wj|k)|body_r|fr\b|datalist|policy",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"jsearch|jrobot|/search5?/|/search(?:\.|/?\?|/?$|/index)|sousuo\.|/so/?(?:$|\?)|irs-c-web|/igs/front/|/s\?siteCode|searchfront|/allsearch|/ss/|/sousuo|/ssjg|/zhss|/znss",
    re.IGNORECASE,
)
_LINK_TEXT = re.compile(
    r"^(?:高级|站内|全站|智能|全文|智慧|综合|信息)?(?:搜索|检索|智搜)$|^search$|^一网通搜$", re.IGNORECASE
)
_ADVANCED = re.compile(
    r"文\s*号|标题|发文|年份|成文|索引号|wenhao|fwzh|fileno|docno|document_?number|\bwh\b|biaoti|\bbt\b", re.IGNORECASE
)


class _Box(NamedTuple):
    key: str
    scope: Scope
    kind: Literal["form", "script", "link"]
    node: LexborNode
    quote: str


def read(tree: LexborHTMLParser, url: str) -> tuple[SearchBox, ...]:  # noqa: ARG001 - the signature of all readers
    """The same box in a PC and a mobile header, with one target, is one; a policy query of several inputs is one."""
    raw = tree.raw_html or b""
    boxes: dict[str, _Box] = {}
    if b"<input" in raw or b"<INPUT" in raw or b"<textarea" in raw:
        for box in _inputs(tree):
            known = boxes.get(box.key)
            if known is None or (known.scope == "unknown" and box.scope != "unknown"):
                boxes[box.key] = box
    if not boxes:
        for box in _links(tree, raw):
            boxes.setdefault(box.key, box)
    found = list(boxes.values())[:MAX_BOXES]
    return tuple(SearchBox(box.scope, box.kind, spot(box.node, box.quote)) for box in found)


def _inputs(tree: LexborHTMLParser) -> Iterator[_Box]:
    holders: set[int] = set()
    for field in tree.css("input,textarea[name*=key i],textarea[id*=search i]")[:MAX_INPUTS]:
        if attribute(field, "type").strip().lower() not in _TEXT_TYPES or "readonly" in field.attrs:
            continue
        own = _words_of(field)
        if (
            _OTHER.search(own) and not _WORDS.search(attribute(field, "placeholder") + attribute(field, "value"))
        ) or _is_date(own):
            continue
        form = next((node for node in ancestors(field, 12) if node.tag == "form"), None)
        if form is not None and not _is_page_form(form):
            if form.mem_id in holders:
                continue
            holders.add(form.mem_id)
            box, holder = _in_form(field, own, form), form
        else:
            box, holder = _beside_button(field, own)
            if holder.mem_id in holders:
                continue
        if box is None:
            continue
        holders.add(holder.mem_id)
        yield box


def _words_of(field: LexborNode) -> str:
    attrs = field.attrs
    return " ".join(
        attrs.sget(name)
        for name in (
            "id",
            "name",
            "class",
            "placeholder",
            "value",
            "title",
            "aria-label",
            "onkeydown",
            "onkeypress",
            "onkeyup",
        )
    )


def _is_date(own: str) -> bool:
    return bool(_DATE.search(own)) and not _WORDS.search(own)


def _is_page_form(form: LexborNode) -> bool:
    """ASP.NET puts the whole page into one form."""
    names = f"{form.id or ''} {attribute(form, 'name')}".lower()
    return "aspnetform" in names or (form.parent is not None and form.parent.tag == "body" and len(form.text()) > 3_000)


def _in_form(field: LexborNode, own: str, form: LexborNode) -> _Box | None:
    inputs = form.css("input,select,button,textarea")[:60]
    action = attribute(form, "action").strip()
    about = (
        f"{action} {form.id or ''} {attribute(form, 'name')} {attribute(form, 'class')} {attribute(form, 'onsubmit')}"
    )
    buttons = " ".join(_button_words(node) for node in inputs)
    if any(attribute(node, "type").lower() == "password" for node in inputs) or (
        any(
            _OTHER.search(_words_of(node))
            for node in inputs
            if attribute(node, "type").lower() in _TEXT_TYPES and node.tag == "input"
        )
        and not _SEARCH.search(action)
    ):
        return None
    signs = f"{about} {buttons}"
    text = squeeze(form.text())[:SMALL]
    if not (
        _SEARCH.search(signs) or _NAME.match(attribute(field, "name")) or _WORDS.search(own) or _WORDS.search(text)
    ):
        return None
    if _foreign(f"{own} {text}"):
        return None
    hidden = [
        f"{attribute(node, 'name')}"
        for node in inputs
        if attribute(node, "type").lower() == "hidden" and attribute(node, "value")
    ]
    scope = _scope(field, f"{own} {text} {buttons}", f"{action} {attribute(form, 'target')}", hidden, inputs)
    key = f"{scope}|{action.split('#')[0] or _signature(field)}"
    return _Box(key, scope, "form", field, _quote(field, action))


def _beside_button(field: LexborNode, own: str) -> tuple[_Box | None, LexborNode]:
    """The smallest holder of the input in which something says search: a button of any tag, an icon, a handler."""
    holder = field
    for holder in ancestors(field.parent or field, CLIMB):
        if holder.tag in {"body", "html"}:
            break
        text = squeeze(holder.text()[: 4 * SMALL])
        if len(text) > SMALL:
            break
        controls = [
            node
            for node in holder.css("button,input,a,img,span,i,div,em,label,svg,b,p,li")[:60]
            if node.mem_id != field.mem_id
        ]
        signs = " ".join(_button_words(node) for node in controls)
        named = f"{holder.id or ''} {attribute(holder, 'class')}"
        said = _WORDS.search(own) or _NAME.match(attribute(field, "name") or field.id or "") or _SEARCH.search(own)
        if any(attribute(node, "type").lower() == "password" for node in controls if node.tag == "input") or _foreign(
            f"{own} {text}"
        ):
            return None, holder
        pressed = _SEARCH.search(signs) or _WORDS.search(text)
        if pressed or (said and (_SEARCH.search(named) or _has_button(controls))):
            if _OTHER.search(text[:60]) and not said:
                return None, holder
            inputs = [node for node in controls if node.tag == "input"]
            hidden = [
                attribute(node, "name") or node.id or ""
                for node in inputs
                if attribute(node, "type").lower() == "hidden" and attribute(node, "value")
            ]
            scope = _scope(field, f"{own} {text}", signs, hidden, [field, *inputs])
            return _Box(f"{scope}|{_signature(field)}", scope, "script", field, _quote(field, text)), holder
    if re.search(
        r"search|sousuo|keyword",
        f"{field.id or ''} {attribute(field, 'name')} {attribute(field, 'class')}",
        re.IGNORECASE,
    ) or _WORDS.search(attribute(field, "placeholder")):
        scope = _scope(field, own, "", [], [field])
        return _Box(f"{scope}|{_signature(field)}", scope, "script", field, _quote(field, own)), holder
    return None, holder


def _foreign(words: str) -> bool:
    """A query of enterprises, cases or letters is no search of the site."""
    return bool(
        re.search(
            r"企业名称|信用代码|办件编号|办件查询|办事进度|进度查询|信件编号|查询码|受理编号|验证码|登录名|用户名|证件号|跳转到?第?|请输入页码",
            words,
        )
    ) and not re.search(r"搜索|检索|全站|站内|关键", words)


def _button_words(node: LexborNode) -> str:
    attrs = node.attrs
    kind = attrs.sget("type").lower()
    if kind == "hidden" or (node.tag == "input" and kind in _TEXT_TYPES):
        return ""
    words = [
        attrs.sget(name)
        for name in ("id", "class", "name", "value", "title", "alt", "src", "onclick", "href", "aria-label")
    ]
    return " ".join([*(word[:200] for word in words), node.text(deep=False)[:40]])


def _has_button(controls: list[LexborNode]) -> bool:
    return any(
        node.tag in {"button", "img"}
        or attribute(node, "type").lower() in {"button", "submit", "image"}
        or "onclick" in node.attrs
        for node in controls
    )


def _scope(field: LexborNode, words: str, target: str, hidden: list[str], inputs: list[LexborNode]) -> Scope:
    if _COLUMN_TARGET.search(target) or any(_COLUMN_FIELD.match(name) for name in hidden):
        return "column"
    texts = [node for node in inputs if node.tag == "input" and attribute(node, "type").lower() in _TEXT_TYPES]
    advanced = sum(bool(_ADVANCED.search(_words_of(node))) for node in texts)
    if advanced >= 2 or (len(texts) >= 2 and advanced and _ADVANCED.search(words)):
        return "column"
    if _SITE_WORDS.search(words) and not re.search(r"本栏|栏内", words):
        return "site"
    if _COLUMN_WORDS.search(words):
        return "column"
    return _by_position(field, target)


def _by_position(field: LexborNode, target: str) -> Scope:
    for element in ancestors(field, 16):
        if element.tag == "body":
            break
        name = f"{element.id or ''} {attribute(element, 'class')}"
        if element.tag == "header" or _HEADER.search(name):
            return "site"
        inside = element.tag in {"main", "article", "aside"} or _CONTENT.search(name.replace("search", ""))
        if inside and not _SITE_TARGET.search(target) and _beside_list(element):
            return "column"
        if element.parent is not None and element.parent.tag == "body" and not inside and not _beside_list(element):
            return "site"  # a block of the page's own, apart from the lists
    return "site" if _SITE_TARGET.search(target) else "unknown"


def _beside_list(element: LexborNode) -> bool:
    """Three rows with links and dates, or a table: what a column shows."""
    text = element.text()[:20_000]
    return len(re.findall(r"20\d\d\s?[-./年]\s?\d{1,2}", text)) >= 3 and len(text) < 15_000


def _signature(field: LexborNode) -> str:
    """What the PC and the mobile copy of a box have in common."""
    words = attribute(field, "placeholder") or attribute(field, "name") or field.id or attribute(field, "class")
    return re.sub(r"\d+|mobile|wap|phone|_?m$", "", words.lower())[:60]


def _links(tree: LexborHTMLParser, raw: bytes) -> Iterator[_Box]:
    if not any(word in raw for word in ("搜".encode(), "检索".encode(), b"search", b"sousuo", b"jrobot", b"irs-c")):
        return
    for anchor in tree.css(
        'a[href*="search" i],a[href*="sousuo" i],a[href*="jrobot"],a[href*="irs-c"],a[href*="/igs/"],a[href*="/so/"],'
        'a:lexbor-contains("搜索"),a:lexbor-contains("检索")'
    )[:100]:
        href = attribute(anchor, "href").strip()
        text = squeeze(anchor.text()) or attribute(anchor, "title")
        image = anchor.css_first("img,i,svg") is not None
        # A hot word leads to the same application with its word in the query.
        hot = re.search(r"[?&](?:q|qt|wd|keywords?|searchword|key)=[^&]", href)
        if hot or href.startswith(("#", "javascript:;", "javascript:void")):
            continue
        if _LINK_TEXT.match(text) or (
            _LINK.search(href) and (re.search("搜|检索|search", text, re.IGNORECASE) or (not text and image))
        ):
            yield _Box(
                f"link|{href.partition('?')[0]}",
                "column" if _COLUMN_WORDS.search(text) else "site",
                "link",
                anchor,
                text or href,
            )


def _quote(field: LexborNode, beside: str) -> str:
    return " ".join(
        filter(None, (attribute(field, "placeholder") or attribute(field, "value") or attribute(field, "name"), beside))
    )
