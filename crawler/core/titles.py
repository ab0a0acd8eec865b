"""Titles and 文号 of documents, reduced to what must agree before two of them may be called one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_LONGEST: Final = 300  # characters; longer ones are somebody's joke on our patterns
SHORTEST: Final = 6  # characters of a core below which containment says nothing

# Pages about documents stand in the same lists as the documents.
_ABOUT: Final = re.compile(
    r"解读(?:[（(].*|之[一二三四五六七八九十]+.*|稿件?|材料|说明)?$|^[【\[]?(?:政策|文字|专家|图文|视频|部门|媒体|解读)?解读"
    r"|》.{0,12}(?:解读|起草说明|编制说明|图解)|图解|一图(?:看|读|速)?懂?|[看读]懂|答记者问|新闻发布会|政策问答|[一百]问[一百]答|起草说明|编制说明"
)
_ASKING: Final = re.compile(r"征求意见|意见征集|征集意见|征求.{0,40}意见|征集.{0,40}意见|采纳情况|意见反馈")
_NUMBER: Final = re.compile(
    r"([\u4e00-\u9fa5]{1,12})[〔\[(（【﹝［]((?:19|20)\d\d)[〕\])）】﹞］]\s*第?\s*(\d{1,5})\s*号"
)
_BEFORE_ISSUER: Final = re.compile(r"[的了和与及按据]|根据|依据|通知|印发|文号|字号|编号")
_LEAD: Final = re.compile(
    r"^\s*(?:[【\[(][^】\])]{0,12}[】\])]\s*|(?:政策|文字|专家|图文|视频|部门)?(?:解读|图解)\s*[|:：｜丨—-]+\s*"
    r"|(?:政策)?(?:图解|解读)(?=《)|一图(?:看懂|读懂|速览|解读)?\s*[|:：｜丨—-]*\s*|[看读]懂\s*[|:：]*\s*)+"
)
_TAIL: Final = re.compile(
    r"(?:的|之|政策|文字|专家|图文|视频)*(?:解读(?:稿件?|材料|说明|之[一二三四五六七八九十]+)?|图解|起草说明|编制说明|新闻发布会.*|答记者问|政策问答)"
    r"[一二三四五六七八九十\d()]*$"
)
_FORMAL: Final = re.compile(r"^关于(?:印发|转发|发布|公布|下发|批转|印发实施)?")
_KIND: Final = re.compile(r"的?(?:通知|公告|决定|通告|批复|函)$")
_VERSION: Final = re.compile(
    r"\((?:试行|暂行|修订|修订版|修订稿|草案|征求意见稿|公开征求意见稿|讨论稿|送审稿)\)|(?:草案|征求意见稿)$"
)
_CHANGES: Final = re.compile(r"废止|失效|修改|修订|修正|延长|延续|清理")
_PLACE: Final = re.compile(r"(?:[\u4e00-\u9fff]{2,12}?(?:自治州|自治县|自治区|省|州|市|县|区|镇|乡))+(?:人民政府)?")
_NOT_WORD: Final = re.compile(r"[^\w]|_")


def plain(text: str) -> str:
    """Letters, digits and characters only, wide ones narrowed."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text)).lower()


def is_about(title: str) -> bool:
    """Whether a page is about a document (解读, 图解, 征求意见) and not the document itself."""
    return is_reading(title) or is_asking(title)


def is_reading(title: str) -> bool:
    return _ABOUT.search(title[:_LONGEST]) is not None


def is_asking(title: str) -> bool:
    return _ASKING.search(title[:_LONGEST]) is not None


def number_keys(text: str) -> tuple[str, ...]:
    """Every 文号 of a text in canonical form, in order: `临州府发2026 18` of 临州府发〔2026〕18号."""
    found = []
    for match in _NUMBER.finditer(unicodedata.normalize("NFKC", text)):
        issuer = _BEFORE_ISSUER.split(match[1])[-1]
        if issuer:
            found.append(f"{issuer}{match[2]} {int(match[3])}")
    return tuple(dict.fromkeys(found))


def number_key(text: str) -> str:
    """The first 文号 of a text in canonical form, "" where there is none."""
    return next(iter(number_keys(text)), "")


def quoted(text: str) -> tuple[str, ...]:
    """What stands in outermost 《》, in order; a 《》 in a 《》 belongs to the outer one."""
    found: list[str] = []
    depth = start = 0
    for place, sign in enumerate(text):
        if sign == "《":
            depth += 1
            start = place + 1 if depth == 1 else start
        elif sign == "》" and depth:
            depth -= 1
            if depth == 0 and place > start:
                found.append(text[start:place])
    return tuple(found)


@dataclass(frozen=True, slots=True)
class DocumentTitle:
    """`full` is all of it; `core` is the name of the document: without issuer, 关于印发, 的通知, 试行 and 解读."""

    full: str
    core: str
    number: str

    @classmethod
    def of(cls, text: str) -> DocumentTitle:
        text = unicodedata.normalize("NFKC", text[:_LONGEST]).strip()
        number = number_key(text)
        bare = re.sub(r"[\[(（]\s*[\])）]", "", _NUMBER.sub("", text))
        return cls(plain(bare), _core(bare), number)

    @property
    def bare(self) -> str:
        """The name without the place it begins with: 临夏市停车管理办法 is 停车管理办法 to those who live there."""
        return _placed(self.core)[1]

    def names(self, other: DocumentTitle) -> bool:
        """Whether this title speaks of that document: the same name, or that name with a place before it."""
        if len(other.core) >= SHORTEST and other.core in self.core:
            return True
        (place, own), (elsewhere, theirs) = _placed(self.core), _placed(other.core)
        return own == theirs and len(own) >= SHORTEST and (place in elsewhere or elsewhere in place)


def _placed(core: str) -> tuple[str, str]:
    """The place a name begins with, and the rest: 甘肃省某办法 is not 临夏州某办法, 某办法 may be either."""
    found = _PLACE.match(core)
    return (found[0], core[found.end() :]) if found and len(core) - found.end() >= SHORTEST else ("", core)


def _core(text: str) -> str:
    names = [name for name in quoted(text) if len(plain(name)) >= SHORTEST - 2]
    outside = text
    for name in names:
        outside = outside.replace(name, "")
    if _CHANGES.search(outside):
        return plain(text)  # a decision about a document is not the document
    if names:
        inner = next((name for name in quoted(names[0]) if name), "")
        name = inner if inner and _FORMAL.search(names[0].partition("关于")[1] or "x") else names[0]
        return _bare_name(name)
    return _bare_name(text)


def _bare_name(text: str) -> str:
    text = _LEAD.sub("", text.strip())
    text = _TAIL.sub("", text)
    if "关于" in text[:40]:
        text = _FORMAL.sub("", "关于" + text.partition("关于")[2])
    text = _VERSION.sub("", _TAIL.sub("", _KIND.sub("", _VERSION.sub("", text).strip())))
    return plain(text).replace("中华人民共和国", "")
