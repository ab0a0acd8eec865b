"""How footer items are written: patterns over text in which a tag border is \\x1f and a block border a line end."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# Blank, nbsp, zero width, tag border. All repetitions are bounded: the text is hostile.
_S = r"[\s\u00a0\u200b\ufeff\x1f]{0,40}"
_COLON = r"[\s\u00a0\u200b\ufeff\x1f:：∶﹕︰;；|｜（(\[【\]】=\-—－为是]{0,40}"
_DASH = r"[-－—–―‐﹣−]"
# Abbreviations of provinces, for what stands before ICP备 and 公网安备.
PROVINCES = "京津沪渝冀豫云滇辽黑湘皖鲁新苏浙赣鄂桂甘陇晋蒙陕秦吉闽贵黔粤川蜀青藏琼宁港澳台"


class Found(NamedTuple):
    value: str
    start: int
    end: int


# Any of these makes a stretch of text a footer. Cheap: run over whole pages.
STRONG = re.compile(
    rf"[标標]{_S}[识識]{_S}[码碼]|[IＩi]{_S}[CＣc]{_S}[PＰp]{_S}[备備]|公{_S}[网網]?{_S}安{_S}[备備]{_S}(?:案{_S})?(?:号|编号|第|[:：\d])"
)

# Each pattern begins with one fixed letter, which lets the engine skip to it; what may stand before is looked at after.
_CODE = rf"{_COLON}((?:[bBｂＢ]\x1f?[mMｍＭ]{_S}\d(?:[ \x1f]?\d){{7}}|\d(?:[ \x1f\u00a0]?\d){{9}}))(?!\d)"
_SITE_CODE = re.compile(rf"[标標]{_S}[识識]{_S}(?:[码碼]|[编編]码|号|(?<=站标识)|(?<=站標識)){_CODE}")
_SITE_CODE_ENGLISH = re.compile(
    rf"[Ss]ite\s{{1,3}}(?:[Ii]dentification|[Ii][Dd])\s{{0,3}}(?:[Cc]ode|[Nn]umber|[Nn]o\.?)?{_CODE}"
)
_ICP = re.compile(
    rf"[IＩi]\x1f?[CＣc]\x1f?[PＰp]{_S}[备備]{_S}(?:案{_S})?(?:[编序]?号|字)?{_COLON}第?{_S}"
    rf"(?:([{PROVINCES}])?{_S}(?:[IＩi][CＣc][PＰp]{_S}[备備]?{_S})?)?"
    rf"(\d(?:[ \x1f\u00a0]?\d){{7,9}})(?![\d])({_S}号)?({_S}{_DASH}{_S}\d{{1,4}})?({_S}号)?"
)
_PROVINCE_BEFORE = re.compile(rf"([{PROVINCES}]){_S}[)）]?{_S}\Z")
_PSB = re.compile(
    rf"公{_S}[网網]?{_S}安{_S}(?:机关{_S})?(?:[网網]{_S})?[备備]{_S}(?:案{_S})?(?:编?号{_S})?{_COLON}第?{_S}号?{_COLON}"
    r"(\d(?:[ \x1f\u00a0]?\d){10,15})(?!\d)"
)
_GAP = re.compile(r"[\s\u00a0\u200b\ufeff\x1f]+")


def plain(text: str) -> str:
    """Without any blank, full-width letters and digits made narrow."""
    return _GAP.sub("", unicodedata.normalize("NFKC", text))


def site_codes(text: str) -> Iterator[Found]:
    for pattern in (_SITE_CODE, _SITE_CODE_ENGLISH) if "ode" in text or "ID" in text else (_SITE_CODE,):
        for match in pattern.finditer(text):
            yield Found(plain(match[1]).lower(), match.start(), match.end())


def icp_numbers(text: str) -> Iterator[Found]:
    """Written without blanks and colons; 号 and suffix as the page has them."""
    for match in _ICP.finditer(text):
        behind, digits, number, suffix, late = match.groups(default="")
        before = _PROVINCE_BEFORE.search(text[max(0, match.start() - 12) : match.start()])
        province = behind or (before[1] if before else "")
        tail = "".join(re.sub(_DASH, "-", plain(part)) for part in (number, suffix, late))
        start = match.start() - (len(before[0]) if before else 0)
        yield Found(f"{province}ICP备{plain(digits)}{tail}", start, match.end())


def psb_numbers(text: str) -> Iterator[Found]:
    """14 digits; old filings of 11 to 16 as they stand (FT-12 says what is wrong with them)."""
    for match in _PSB.finditer(text):
        yield Found(plain(match[1]), match.start(), match.end())


# ── 主办单位 ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_BODY = (
    r"(?:政府|委员会|委|办公室|办公厅|局|厅|院|中心|部|署|会|办|公司|大学|学院|学校|银行|馆|处|队|社|台|站|所|室|街道|乡|镇|司|"
    r"集团|网|区|县|市|州|省|团|校|组|厂|科|库|医院|管委会|联合会|机关|单位|分局|总队|支队)"
)
_LABEL = r"(?:主办(?:单位|方|机构|部门|者)?|主辦單位|主管(?:单位|部门)|主管主办|主办主管|承办(?:单位|方|机构|部门)?)"
# What ends a name that runs on: the next label of the line.
_NEXT = re.compile(
    r"(?:承\s?办|协\s?办|主\s?办|主\s?管|技术|运维|运营|维护|建设|制作|开发|管理单位|联系|地\s?址|电\s?话|邮\s?[编箱政]|传\s?真|版权|备案|"
    r"网站标识|政府网站标识|标识码|[\u4e00-\u9fa5]?ICP|[\u4e00-\u9fa5]?公网安备|网站地图|站点地图|投稿|值班|您是第|访问量|地址|Copyright|copyright|©|[Tt]el|E-?mail|"
    r"邮政编码|办公时间|工作时间|建议使用|最佳|浏览|网站支持|内容保障|All [Rr]ights)"
)
_GAPS = r"(?:[^\S\n\r]|[\u200b\ufeff]){0,20}"  # any blank of a line, tag borders (\x1f is a blank to re) too
_LED = re.compile(
    rf"((?:主{_GAPS}办|主{_GAPS}管|承{_GAPS}办){_GAPS}(?:单{_GAPS}位|方|机构|部门|主办|主管)?){_GAPS}(?:(?:[：:∶﹕︰\]】]|为)[\s\u00a0\u200b\x1f]{{0,40}}|[\s\u00a0\x1f]{{1,40}})"
    r"([^\n\r，。；;|｜]{2,160})"
)
_LED_BARE = re.compile(r"((?:主办|主管|承办)单位)([\u4e00-\u9fa5][^\n\r\x1f，。；;|｜：:]{2,80})")
_TRAILED = re.compile(
    rf"(?:由\s?)?([\u4e00-\u9fa5][\u4e00-\u9fa5（）()·、\x1f \u00a0]{{2,60}}?){_GAPS}(?:联合)?"
    r"(主管主办|主办主管|主办|承办)(?![单方人理法公学事会位部机])"
)
_ENGLISH = re.compile(
    r"(?:Sponsor(?:ed)?|Host(?:ed)?|Organi[sz](?:ed|er))\s?(?:by)?\s?[:：]?\s?([A-Z][A-Za-z ,'&.\-]{5,100})"
)
_EDGE = " \t\u00a0\u2002\u2003\u3000\x1f:：、,，.。()（）[]【】-—|/&·"
_HAS_BODY = re.compile(_BODY)
_ENDS_BODY = re.compile(_BODY + r"\Z")
_CLAUSE = re.compile(r"由|[，。]|(?:主管|主办|承办|协办)[、和及\s]?")
_PREFIX = re.compile(r"^(?:本站|本网站?|网站|版权所有|©|由|所有|该网站|[:：])+")


ORGANIZERS = 200  # names of one text; each is compared with the others


@lru_cache(maxsize=64)  # pages of one template share their footer's text
def organizers(text: str) -> tuple[Found, ...]:
    """主办 gives the bare name; 主管 and 承办, which FT-04 accepts too, keep their label before it."""
    return tuple(_organizers(text))


def _organizers(text: str) -> Iterator[Found]:
    taken: list[tuple[int, int]] = []
    for pattern in (_LED, _LED_BARE):
        position = 0
        while len(taken) < ORGANIZERS and (match := pattern.search(text, position)):
            name, length = _name(match[2])
            position = match.start(2) + max(length, 1)
            if pattern is _LED and _trails(text, match):
                continue
            if name and not any(start <= match.start() < end for start, end in taken):
                taken.append((match.start(), match.start(2) + max(length, 1)))
                yield Found(_labelled(plain(match[1]), name), match.start(), match.start(2) + length)
    for match in islice(_TRAILED.finditer(text), ORGANIZERS):
        if any(start <= match.end(2) - 1 < end or start <= match.start(1) < end for start, end in taken):
            continue
        name = _PREFIX.sub("", plain(_CLAUSE.split(match[1])[-1])).strip(_EDGE)
        if 3 <= len(name) <= 50 and _HAS_BODY.search(name[-6:]):
            yield Found(_labelled(match[2], name), match.start(1), match.end())
    for match in islice(_ENGLISH.finditer(text), ORGANIZERS):
        yield Found(match[1].strip(), match.start(), match.end())


def _trails(text: str, match: re.Match[str]) -> bool:
    """X主办 Y承办: the label belongs to the name before it."""
    if re.search(r"[：:∶﹕︰]|单|方|机构|部门", text[match.start() : match.start(2)]):
        return False
    before = text[max(0, match.start() - 60) : match.start()].rpartition("\n")[2].rstrip(_EDGE)
    return bool(_ENDS_BODY.search(before))


def _name(run: str) -> tuple[str, int]:
    """The name at the start of a run and how much of the run it took; a tag border ends it once a body was named."""
    stop = _NEXT.search(run)
    if stop:
        run = run[: stop.start()]
    pieces: list[str] = []
    length = 0
    for piece in run.split("\x1f"):
        clean = piece.strip(_EDGE)
        if pieces and clean and not re.match(r"[\u4e00-\u9fa5（(]", clean):
            break
        if clean:
            pieces.append(clean)
        length += len(piece) + 1
        if len(pieces) >= 3:
            break
    name = _GAP.sub(" ", " ".join(pieces)).strip(_EDGE)[:80]
    good = len(name) >= 2 and re.search(r"[\u4e00-\u9fa5]{2}|[A-Za-z]{4}", name) and _HAS_BODY.search(name)
    return (name if good else ""), min(length, len(run))


def _labelled(label: str, name: str) -> str:
    return name if label.startswith("主办") or "主办" in label else f"{label}：{name}"


# ── 联系方式 ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_PHONE = re.compile(
    r"(?<![\d.\-－])(?:[(（]?0\d{2,3}[)）]?[\s\u00a0\x1f]?[-－—–―]{0,2}[\s\u00a0\x1f]?[2-9]\d{6,7}|1[3-9]\d{9}|[48]00[-－—]?\d{3,4}[-－—]?\d{3,4})(?!\d)"
)
_LABELLED_PHONE = re.compile(
    r"(?:电\s{0,6}话|热\s{0,4}线|手\s{0,4}机|传\s{0,6}真|联系方式|[Tt][Ee][Ll]|[Pp]hone)[^\d\n\r]{0,16}?"
    r"((?:\d[\d\-－—() （）]{3,18}\d))"
)
_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,60}(?:@|＠|\s?#\s?|\s?[(\[]at[)\]]\s?|（at）)[A-Za-z0-9-]{1,60}(?:\.[A-Za-z0-9-]{1,30}){1,5}",
    re.ASCII,
)
_ADDRESS = re.compile(
    r"(?<![网站域Pp])(?:地\s{0,6}址|[Aa]dd(?:ress)?)[\s\u00a0\x1f]{0,10}[：:∶﹕]?[\s\u00a0\x1f]{0,10}([^\n\r\x1f|｜；;]{4,60})"
)
_PLACE = re.compile(
    r"[\u4e00-\u9fa5]{2}.*[省州市区县旗镇乡村街路道巷号楼厦院场东西南北]|[A-Za-z]{3,}.*(?:Road|Street|Rd|St|City|District)"
)
_POSTCODE = re.compile(
    r"邮\s{0,4}(?:政\s{0,4})?编\s{0,4}码?[\s\u00a0\x1f]{0,10}[：:∶﹕]?[\s\u00a0\x1f]{0,10}(\d{6})(?!\d)"
)
_MAINTAINER = re.compile(
    r"技术(?:支持|保障|服务|维护|开发|运维)|运行维护|运维|网站(?:建设|维护|制作|开发)|(?:开发|建设|制作|维护|设计)单位|制作维护|开发维护"
)
_SITES_OWN = re.compile(
    r"主办|承办|地\s{0,6}址|邮\s{0,4}编|联系我们|联系人|标识码|版权所有|联系单位|管理单位|ICP|网安备|值班"
)


@lru_cache(maxsize=64)
def contacts(text: str) -> tuple[Found, ...]:
    """Phone first, then mail, address, postcode; what stands behind 技术支持 is the maintainer's."""
    return tuple(_contacts(text))


def _contacts(text: str) -> Iterator[Found]:
    for pattern in (_PHONE, _LABELLED_PHONE, _MAIL, _ADDRESS, _POSTCODE):
        for match in pattern.finditer(text):
            if _is_maintainers(text, match.start(), phone=pattern in (_PHONE, _LABELLED_PHONE)):
                continue
            value = _GAP.sub(" ", match[match.lastindex or 0]).strip()
            if pattern is _ADDRESS:
                stop = _NEXT.search(value)
                value = (value[: stop.start()] if stop else value).strip(_EDGE)
                if not _PLACE.search(value):
                    continue
            yield Found(value, match.start(), match.end())


def _is_maintainers(text: str, position: int, *, phone: bool) -> bool:
    before = text[max(0, position - 60) : position]
    last = None
    for last in _MAINTAINER.finditer(before):  # noqa: B007 - the last one is wanted
        pass
    if last is None:
        return False
    between = before[last.end() :]
    lines = between.count("\n")
    return not _SITES_OWN.search(between) and (lines == 0 or (lines == 1 and phone and "公司" in between))
