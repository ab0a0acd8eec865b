"""The labelled particulars of a document page: 索引号, 发文字号, 发文机关, 成文日期 and their kin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crawler.parse.dates import first_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# Name as rules ask for it -> how pages write it. Blanks may stand between the characters: 索 引 号, 文    号.
_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "索引号": ("索引号", "索引码", "信息索引号", "信息索引"),
    "发文字号": ("发文字号", "发文文号", "文件编号", "公文文号", "文件文号", "文件字号", "文号", "字号"),
    "发文机关": (
        "发文机关", "发文机构", "发文单位", "发布机关", "发布机构", "发布单位", "制定机关", "制发机关", "公开机构",
        "公开单位", "责任部门", "制作单位", "制定单位", "印发机关",
    ),
    "成文日期": ("成文日期", "成文时间", "发文日期", "发文时间", "印发日期", "签发日期", "形成日期", "制定日期"),
    "发布日期": ("发布日期", "发布时间", "公开日期", "公开时间", "公布日期", "公布时间"),
    "生成日期": ("生成日期", "生成时间"),  # the regulation's word (art. 12), used for either of the two before
    "主题分类": ("主题分类", "信息分类", "公文主题", "公开类目", "信息类别", "所属主题", "分类", "类别", "主题"),
    "主题词": ("主题词", "关键词"),
    "有效性": (
        "有效性", "文件有效性", "是否有效", "效力状态", "时效性", "时效状态", "文件状态", "有效状态", "文件时效",
        "规范性文件有效性", "文件效力", "效力",
    ),
    "实施日期": ("实施日期", "施行日期", "生效日期", "生效时间", "实施时间"),
    "失效日期": ("失效日期", "失效时间", "废止日期", "废止时间", "有效期至", "有效期限", "有效期", "有效截止日期"),
    "登记号": ("规范性文件登记号", "统一登记号", "登记号", "统一编号"),
    "标题": ("信息名称", "文件名称", "公文名称", "公文标题", "标题", "名称"),
}  # fmt: skip
_OPEN, _CLOSE, _COLON = "[〔\\[【（(「]?", "[〕\\]】）)」]?", "[:：∶﹕︰]"


def _spaced(word: str) -> str:
    return r"[ \u3000]*".join(map(re.escape, word))


_NAME_OF: Final = {word: name for name, words in _SPELLINGS.items() for word in words}
_WORDS: Final = "|".join(_spaced(word) for word in sorted(_NAME_OF, key=len, reverse=True))
# A label begins a line, or follows a blank or a bar, and ends with a colon, a bracket or the end of the line.
_LABEL: Final = re.compile(
    rf"(?:(?<=^)|(?<=[\s|｜；;，,]))(?:{_OPEN}(?P<word>{_WORDS}){_CLOSE}\s*{_COLON}|[〔\[【](?P<boxed>{_WORDS})[〕\]】]"
    rf"|(?P<bare>{_WORDS})(?=\s*(?:$|[ \t])))",
    re.MULTILINE,
)
# One of these stands on every page that has such particulars; three literals cost next to nothing.
_GATE: Final = re.compile(
    r"索[ \u3000]*引|文[ \u3000]*号|字[ \u3000]*号|成文|发文|有效|效力"
    r"|发布机|时效|印发日期|废止|主题分类|信息分类"
)
_REGION: Final = 8_000  # characters; particulars stand above the text or right below it
_TAIL: Final = 2_000
_MOST: Final = 40
_LONGEST: Final = 80

_NUMBER: Final = re.compile(
    r"[\u4e00-\u9fff]{1,20}[〔\[【（(﹝［]?\s*(?:19|20)\d\d\s*[〕\]】）)﹞］]?\s*(?:第\s*)?\d{1,5}\s*号|第?\s*\d{1,5}\s*号"
    r"|[\u4e00-\u9fff]{1,20}令第?\s*\d{1,4}\s*号"
)
_INDEX: Final = re.compile(r"[A-Za-z0-9][\w〔〕\[\]()（）/.\-—－ \u4e00-\u9fff]{3,60}")
_WORDS_ONLY: Final = re.compile(r"[\u4e00-\u9fffA-Za-z][\u4e00-\u9fffA-Za-z0-9、，,；;/\\>＞()（）· \-—]{1,60}")
_BODY: Final = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff、，,；; ()（）·]{1,60}")
_VALIDITY: Final = re.compile(
    r"(?:现行|继续|仍然|已经?|全文|部分)?(?:有效|失效|废止|无效|修改|修订|终止|生效|未生效|是|否)"
)
_DATES: Final = frozenset({"成文日期", "发布日期", "生成日期", "实施日期", "失效日期"})
_NO_NUMBER: Final = re.compile(r"无|无文号|—+|-+|/|暂无")


def labels(text: str, metas: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """(name, value) of each particular once, in the order of the page; dates as 2026-03-01. An empty value is kept:
    the page has the label and nothing behind it. `text` is the visible text, a line a block."""
    found: dict[str, str] = {}
    for name, value in (*_read(text), *_in_metas(metas)):
        if not found.get(name):
            found[name] = value
    return tuple(found.items())


def _read(text: str) -> Iterable[tuple[str, str]]:
    if not text:
        return ()
    region = text if len(text) <= _REGION + _TAIL else f"{text[:_REGION]}\n{text[-_TAIL:]}"
    return _pairs(region) if _GATE.search(region) else ()


def _pairs(region: str) -> list[tuple[str, str]]:
    marks = [mark for mark, _ in zip(_LABEL.finditer(region), range(_MOST), strict=False)]
    pairs: list[tuple[str, str]] = []
    run: list[str] = []  # labels without a value of their own: a row of heads, perhaps
    for place, mark in enumerate(marks):
        name = _name(mark)
        until = marks[place + 1].start() if place + 1 < len(marks) else len(region)
        same, below = _behind(region, mark.end(), until)
        value = _fit(name, same) if same else _fit(name, below[0]) if below else ""
        following = place + 1 == len(marks) or below
        if value and not (run and len(below) > len(run)):
            pairs.append((name, value))
            run = []
        elif mark["bare"] is None:
            pairs.append((name, ""))
            run = []
        else:
            run.append(name)
            if following:
                pairs += _row(run, below)
                run = []
    return pairs


def _row(heads: list[str], cells: list[str]) -> list[tuple[str, str]]:
    """A row of heads above a row of cells; every cell must be what its head says."""
    if len(heads) < 2 or len(cells) < len(heads):
        return []
    fitted = [(name, _fit(name, cell)) for name, cell in zip(heads, cells, strict=False)]
    return fitted if all(value for _, value in fitted) else []


def _name(mark: re.Match[str]) -> str:
    word = re.sub(r"\s", "", mark["word"] or mark["boxed"] or mark["bare"])
    return _NAME_OF[word]


def _behind(region: str, start: int, until: int) -> tuple[str, list[str]]:
    """The rest of the label's line, and the lines below, up to the next label."""
    rest = region[start : min(until, start + 400)]
    first, _, more = rest.partition("\n")
    return first.strip(" \t|｜；;，,：:"), [line.strip() for line in more.split("\n") if line.strip()][:12]


def _fit(name: str, words: str) -> str:
    """The value, where the words can be one; "" otherwise: the title below an empty 有效性 is no validity."""
    if name in _DATES:
        date = first_date(words[:_LONGEST])
        if date is not None and date.start <= 4:
            return f"{date.value:%Y-%m-%d}"
        return words if name == "失效日期" and 0 < len(words) <= 20 and re.search(r"年|长期", words) else ""
    shape = _SHAPES.get(name)
    found = shape(words[: _LONGEST * 2]) if shape else words[:_LONGEST]
    return " ".join(found.split())


def _match(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def take(words: str) -> str:
        found = pattern.match(words)
        return found[0].strip() if found else ""

    return take


def _number(words: str) -> str:
    found = _NUMBER.match(words)
    if found:
        return found[0]
    return words if _NO_NUMBER.fullmatch(words) else ""


def _validity(words: str) -> str:
    found = _VALIDITY.match(words)
    # 有效期五年 is a term, 有效措施 is prose.
    return found[0] if found and (len(words) <= len(found[0]) + 8) and not words.startswith("有效期") else ""


_SHAPES: Final[Mapping[str, Callable[[str], str]]] = {
    "索引号": _match(_INDEX),
    "发文字号": _number,
    "发文机关": _match(_BODY),
    "主题分类": _match(_WORDS_ONLY),
    "有效性": _validity,
}

# Metas of the same matters, as content systems name them.
_METAS: Final = {
    "indexno": "索引号", "indexnumber": "索引号", "index-number": "索引号", "idxid": "索引号",
    "docno": "发文字号", "filenum": "发文字号", "filenumber": "发文字号", "wenhao": "发文字号", "pcode": "发文字号",
    "puborg": "发文机关", "publishorg": "发文机关", "issuer": "发文机关", "fwjg": "发文机关",
    "writtendate": "成文日期", "cwrq": "成文日期", "docdate": "成文日期",
    "subjectcategory": "主题分类", "childtype": "主题分类", "validity": "有效性",
}  # fmt: skip


def _in_metas(metas: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    for key, content in metas:
        name = _METAS.get(key.lower()) or _NAME_OF.get(key)
        if name is not None and name not in {"标题", "主题词"} and (value := _fit(name, content.strip())):
            yield name, value
