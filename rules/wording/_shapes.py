"""Shapes of punctuation, numbers, dates and document numbers that official text does not have (RULES 6.6)."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crawler.api import date

HAN = "\u4e00-\u9fff"


@dataclass(frozen=True, slots=True)
class Fault:
    """A stretch of text that is wrong; `right` stands in its place, where the program can tell."""

    start: int
    end: int
    key: str
    message: str
    right: str = ""
    fix: str = ""
    sure: bool = False  # no reading of it is right


@dataclass(frozen=True, slots=True)
class Shape:
    key: str
    pattern: re.Pattern[str]
    message: str  # {0} is what was found
    right: Callable[[re.Match[str]], str] | None = None
    fix: str = ""
    sure: bool = False
    hint: str = ""  # a character without which the pattern need not be tried


def _plain_date(match: re.Match[str]) -> str:
    return re.sub(r"(?<=[年月])0", "", match[0])


_DIGITS = "0123456789一二三四五六七八九十百千万几半"
_BRACKETED = r"[\[(（【［](?<=[发函办字规文政党].)\s*((?:19|20)\d\d)\s*[\])）】］]\s*第?\s*0*(\d{1,4})\s*号"

SHAPES = (
    Shape("number-brackets", re.compile(_BRACKETED), "文号“{0}”应使用六角括号", lambda m: f"〔{m[1]}〕{m[2]}号",
          sure=True, hint="号"),
    Shape("number-padded", re.compile(r"〔(?<=[发函办规文政党].)((?:19|20)\d\d)〕\s*(?:第\s*0*|0+)(\d{1,4})\s*号"),
          "文号“{0}”的序号不加“第”、不编虚位", lambda m: f"〔{m[1]}〕{m[2]}号", sure=True, hint="〔"),
    Shape("ordinal-mark",
          re.compile(r"^([（(][一二三四五六七八九十]{1,3}[）)]|[（(]\d{1,2}[）)])[、.．]", re.MULTILINE),
          "序号“{0}”的括号后面不再加标点", lambda m: m[1]),
    Shape("padded-date",
          re.compile(r"(?<!\d)(?:19|20)\d\d年(?:0[1-9]月(?:\d{1,2}日)?|\d{1,2}月0[1-9]日)"),
          "日期“{0}”不编虚位", _plain_date, hint="年"),
    Shape("short-year", re.compile(r"[12](?<![\d第满近共达约].)\d年\d{1,2}月\d{1,2}日"), "日期“{0}”的年份要写全四位",
          lambda m: f"20{m[0]}", hint="年"),
    Shape("dotted-date", re.compile(r"(20(?<=[于在自从至]..)\d\d)\.(\d{1,2})\.(\d{1,2})(?![\d.])"),
          "正文里的日期“{0}”应写作年月日", lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", hint="."),
    Shape("doubled-mark",
          re.compile(r"，[，。、]|。(?:(?<!。。)。(?!。)|[，；])|、[、。，]|；[；。，]|：，"),
          "标点“{0}”叠用", lambda m: "。" if "。" in m[0] else m[0][0], sure=True),
    Shape("half-width-mark", re.compile(rf"[,;?](?<=[{HAN}].)(?=[{HAN}])"), "中文之间用了半角标点“{0}”",
          lambda m: {",": "，", ";": "；", "?": "？"}[m[0]]),
    Shape("titles-apart", re.compile(r"》、(?=《)"), "书名号之间一般不用顿号", lambda _m: "》", hint="》"),
    Shape("about-twice",
          re.compile(rf"约(?<![条合节预公签履违契制邀特隐纽失誓守毁解立相赴].)(?=[{_DIGITS}])[^，。；、\n]{{1,10}}?左右"),
          "“{0}”里“约”和“左右”重复", lambda m: m[0][:-2], hint="约"),
    Shape("over-twice", re.compile(r"(?:超过|突破)(?=\d)[^，。；、\n]{1,8}?以上"), "“{0}”里“超过”和“以上”重复",
          lambda m: m[0][:-2], hint="过"),
    Shape("most-least",
          re.compile(r"(?:最多|不超过)(?=\d)[^，。；、\n]{1,8}?以上|(?:最少|不少于|不低于)(?=\d)[^，。；、\n]{1,8}?以下"),
          "“{0}”前后矛盾", fix="“最多”“不超过”与“以上”只能留一个。"),
    Shape("times-fewer", re.compile(r"(?:下降|减少|降低|缩减)了?(?:近|约)?[\d一二两三四五六七八九十.]{1,8}多?倍"),
          "“{0}”：减少不能用倍数", fix="改用百分数或“几分之几”。", hint="倍"),
    Shape("open-range", re.compile(r"(?<![\d.\-—~～年月/])\d{1,4}(?:\.\d{1,2})?[-—~～]\d{1,4}(?:\.\d{1,2})?%"),
          "范围“{0}”前一个数也要写百分号", lambda m: re.sub(r"(?<=\d)[-—~～]", "%—", m[0]), hint="%"),
    Shape("wide-digit", re.compile(r"[０-９Ａ-Ｚａ-ｚ]+"), "数字、字母“{0}”用了全角",
          lambda m: "".join(chr(ord(c) - 0xFEE0) for c in m[0])),
)  # fmt: skip

_DATE = re.compile(r"(?:(?<!\d)((?:19|20)\d\d)年)?(?<!\d)(\d{1,2})月(\d{1,2})日")
_SPAN = re.compile(
    r"(?<!\d)((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日(?:起)?(?:至|—+|-|－|～|~|到)((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日"
)
_WEEKDAY = re.compile(r"\s*[（(]?\s*(?:星期|周|礼拜)([一二三四五六日天])(?![日末年期])")
_CLOCK = re.compile(r"(?:上午|下午|晚上|凌晨|日|时间[:：]?)\s*(\d{1,2})[:：](\d{2})(?![\d:：])")
_MOBILE = re.compile(r"(?:电话|手机|联系方式)[:：]\s*(1[3-9]\d{8}|1[3-9]\d{10})(?![\d\-*xX])")
_LANDLINE = re.compile(r"(?<!\d)0930[-－—](\d{4,10})(?![\d\-－—])")
_DAYS = "一二三四五六日"


def faults(text: str, published: date | None) -> Iterator[Fault]:
    for shape in SHAPES:
        if shape.hint and shape.hint not in text:
            continue
        for match in shape.pattern.finditer(text):
            right = shape.right(match) if shape.right else ""
            message = shape.message.format(match[0].strip())
            yield Fault(match.start(), match.end(), shape.key, message, right, shape.fix, shape.sure)
            break  # one for each shape and page; the site counts the pages
    if "月" in text:
        yield from _dates(text, published)
    yield from _numbers(text)


def _dates(text: str, published: date | None) -> Iterator[Fault]:
    said: set[str] = set()
    for match in _DATE.finditer(text):
        year, month, day = int(match[1] or 0), int(match[2]), int(match[3])
        fault: Fault | None = None
        if not _exists(year, month, day):
            words = f"“{match[0]}”不是实有的日期"
            fault = Fault(match.start(), match.end(), "no-such-date", words, fix="核对并改正日期。", sure=True)
        elif weekday := _WEEKDAY.match(text, match.end()):
            stated = _DAYS.index(weekday[1].replace("天", "日"))
            years = [year] if year else _near(published)
            days = [date(y, month, day) for y in years if _exists(y, month, day)]
            if days and all(d.weekday() != stated for d in days):
                real = f"，应为星期{_DAYS[days[0].weekday()]}" if year else ""
                words = f"“{match[0]}”不是星期{weekday[1]}{real}"
                fault = Fault(match.start(), weekday.end(), "weekday", words, fix="核对日期和星期。", sure=bool(year))
        if fault and fault.key not in said:
            said.add(fault.key)
            yield fault
    for match in _SPAN.finditer(text):
        numbers = [int(part) for part in match.groups()]
        if _exists(*numbers[:3]) and _exists(*numbers[3:]) and date(*numbers[:3]) > date(*numbers[3:]):
            words = f"“{match[0]}”的结束日期早于开始日期"
            yield Fault(match.start(), match.end(), "backward-span", words, fix="核对起止日期。", sure=True)
            return


def _exists(year: int, month: int, day: int) -> bool:
    """A day without a year may be the 29th of February."""
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year or 2024, month)[1]


def _near(published: date | None) -> list[int]:
    return [published.year, published.year - 1, published.year + 1] if published else []


def _numbers(text: str) -> Iterator[Fault]:
    for clock in _CLOCK.finditer(text) if ":" in text or "：" in text else ():
        if int(clock[1]) > 24 or int(clock[2]) > 59:
            words = f"“{clock[1]}:{clock[2]}”不是实有的时间"
            yield Fault(clock.start(1), clock.end(), "no-such-time", words, fix="核对并改正时间。")
            break
    if "0930" in text:
        for match in _LANDLINE.finditer(text):
            if len(match[1]) != 7:
                yield Fault(
                    match.start(), match.end(), "phone", f"电话号码“{match[0]}”的位数不对", fix="核对电话号码。"
                )
                return
    if mobile := _MOBILE.search(text):
        yield Fault(mobile.start(1), mobile.end(1), "phone", f"手机号码“{mobile[1]}”不是11位", fix="核对电话号码。")


def unbalanced(lines: list[str]) -> tuple[int, str] | None:
    """Number of the first line with a mark that has no partner, and the mark; what is closed lines later is a pair."""
    for left, right in (("《", "》"), ("〔", "〕")):
        if sum(line.count(left) - line.count(right) for line in lines):
            for number, line in enumerate(lines):
                if line.count(left) != line.count(right):
                    return number, left if line.count(left) > line.count(right) else right
    return None
