"""Text of a page: blanks evened, and the main content found by the marks of the known CMSs, then by density."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAIN_TEXT: Final = 2_000
PROSE: Final = 60_000  # characters; what a rule about wording reads of one page at most

# Containers of article bodies, the most telling first (FIELD 1.2, 1.3, 1.6).
CONTENT: Final = (
    ".TRS_Editor", "#UCAP-CONTENT", ".TRS_UEDITOR", "#vsb_content", ".v_news_content", "#zoom", "#Zoom", ".neirong",
    ".article-content", ".article_content", "#articleContent", ".articleContent", ".pages_content", ".bt_content",
    ".article-con", ".artical_content", ".news_content", ".newscontent", ".content_text", ".xxgk_content", ".wenzhang",
    ".detail-content", ".detail_content", ".view-content", ".con_text", ".txtcontent", "#content_text", ".main-txt",
    "#mainText", ".article-body", ".article_body", "article", ".info_content", ".zw_content", ".nr", "#nr",
    ".Custom_UnionStyle",
)  # fmt: skip
_CHROME: Final = re.compile(
    r"(?:^|[-_\s])(?:foot|footer|bottom|bot|copyright|copy|header|head|top|nav|navbar|menu|sidebar|side|crumbs?|breadcrumb"
    r"|dqwz|position|location|share|related|xgwz|xglj|xgxx|xgyd|link|links|friend|friendlink|search|login|toolbar|tools"
    r"|pagination|page|pages|ewm|qrcode|banner|jiathis|bdsharebuttonbox)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_FOOTER_WORDS: Final = re.compile(r"主办单位|网站标识码|ICP备|公网安备|网站地图|技术支持|版权所有")
_BODY_WORDS: Final = re.compile(r"[。；：，]")


def squeeze(text: str) -> str:
    """Blanks of every kind as one space."""
    if "\u200b" in text or "\ufeff" in text:
        text = text.replace("\u200b", "").replace("\ufeff", "")
    return " ".join(text.split())


def visible(node: LexborNode) -> str:
    """Text of an element without scripts and styles, blocks apart."""
    pieces: list[str] = []
    silent = False
    for child in node.traverse(include_text=True):
        tag = child.tag
        if tag == "-text":
            if not silent:
                pieces.append(child.text_content or "")
            silent = False
        else:
            silent = tag in {"script", "style", "textarea"}
            if tag in {"p", "div", "br", "li", "tr", "td", "h1", "h2", "h3", "table"}:
                pieces.append("\n")
    return "".join(pieces)


def lines(text: str) -> str:
    """Blank-normalised text, one line for each line that holds words."""
    plain = text.replace("\u200b", "").replace("\ufeff", "")
    return "\n".join([" ".join(words) for line in plain.split("\n") if (words := line.split())])


def densest(body: LexborNode) -> LexborNode | None:
    """The block whose own paragraphs hold the most prose; footers, navigation and short notices' chrome excluded."""
    scores: dict[int, float] = {}
    nodes: dict[int, LexborNode] = {}
    chrome: dict[int, bool] = {}
    for count, paragraph in enumerate(body.css("p, div, td, section")):
        if count > 3_000:  # bounded; the prose of a page stands earlier
            break
        own = paragraph.text(deep=False).strip() if paragraph.tag != "p" else paragraph.text().strip()
        if len(own) < 15 or not _BODY_WORDS.search(own) or _FOOTER_WORDS.search(own):
            continue
        holder = paragraph.parent if paragraph.tag == "p" else paragraph
        if holder is None:
            continue
        key = holder.mem_id
        if key not in chrome:
            chrome[key] = _in_chrome(holder)
        if chrome[key]:
            continue
        nodes[key] = holder
        scores[key] = scores.get(key, 0.0) + len(own)
    if not scores:
        return None
    best = nodes[max(scores, key=lambda key: scores[key])]
    return best if scores[best.mem_id] >= 30 else None


def _in_chrome(node: LexborNode) -> bool:
    above: LexborNode | None = node
    for _ in range(12):
        if above is None or above.tag in {"body", "html"}:
            return False
        if above.tag in {"footer", "header", "nav", "aside"}:
            return True
        attributes = above.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if names != " " and _CHROME.search(names):
            return True
        above = above.parent
    return False
