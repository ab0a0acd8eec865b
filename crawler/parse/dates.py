"""Dates of a page, each with its source; the best one for "published" (PATTERNS "Dates", LIBRARIES "dates")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from crawler.core.clock import SHANGHAI
from crawler.core.facts import Dated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


Precision = Literal["day", "minute"]

_DASH: Final = r"\s*(?:[-/.．]|[-—–－]{1,2})\s*"
# U+2236 stands for a colon, 时/分 for both; seconds are read over.
_CLOCK: Final = (
    r"(?:[\sT ,，-]{0,6}(?P<hour>[01]?\d|2[0-4])\s*[:：∶﹕时點点]\s*(?P<minute>[0-5]?\d)"
    r"(?:\s*[:：∶分]\s*[0-5]?\d)?(?!\d))?"
)
_FULL: Final = re.compile(
    rf"(?P<year>(?:19|20)\d\d)(?<![\d-]\d\d\d\d)(?:\s*年\s*(?P<m1>1[0-2]|0?[1-9])\s*月\s*(?P<d1>3[01]|[12]\d|0?[1-9])\s*[日号]?"
    rf"|{_DASH}(?P<m2>1[0-2]|0?[1-9]){_DASH}(?P<d2>3[01]|[12]\d|0?[1-9])(?!\d))(?!\s*[—–~～至-]\s*(?:19|20)\d\d){_CLOCK}"
)
_DIGITS: Final = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | dict.fromkeys("○零ＯO０◯", "0")
_CHINESE: Final = re.compile(
    r"(?P<year>[二一][〇○零ＯO０◯九][〇○零ＯO０◯一二三四五六七八九]{2})\s*年\s*(?P<month>[一二三四五六七八九十元正]{1,2})\s*月"
    r"(?:\s*(?P<day>[一二三四五六七八九十廿卅]{1,3})\s*[日号])?"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text, and where."""

    value: datetime
    precision: Precision
    start: int
    end: int

    def dated(self, source: str) -> Dated:
        return Dated(self.value, source, self.precision)


_WIDE: Final = {0xFF10 + digit: str(digit) for digit in range(10)} | {ord("－"): "-", ord("／"): "/", ord("．"): "."}


def find_dates(text: str) -> list[Found]:
    """Every full date of a text, in order; ranges (2024-01-01 至 2024-02-01) yield their end only."""
    if "２" in text or "１" in text:  # a year in full-width digits begins with one of these
        text = text.translate(_WIDE)
    found = [date for match in _FULL.finditer(text) if (date := _from_digits(match))]
    if "年" in text:
        found += [date for match in _CHINESE.finditer(text) if (date := _from_chinese(match))]
        found.sort(key=lambda date: date.start)
    return found


def first_date(text: str) -> Found | None:
    return next(iter(find_dates(text)), None)


def _from_digits(match: re.Match[str]) -> Found | None:
    hour, minute = match["hour"], match["minute"]
    month, day = match["m1"] or match["m2"], match["d1"] or match["d2"]
    value = make(int(match["year"]), int(month), int(day), int(hour or 0) % 24, int(minute or 0))
    if value is None:
        return None
    # 00:00 is filler, not the minute of midnight.
    precise: Precision = "minute" if hour and (value.hour or value.minute) else "day"
    return Found(value, precise, match.start(), match.end())


def make(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
    except ValueError:
        return None


def _from_chinese(match: re.Match[str]) -> Found | None:
    year = int("".join(_DIGITS[char] for char in match["year"]))
    value = make(year, _number(match["month"]), _number(match["day"]) if match["day"] else 1)
    return Found(value, "day", match.start(), match.end()) if value and year >= 1949 else None


def _number(chinese: str) -> int:
    """一 … 三十一, 元 and 正 for the first month."""
    text = chinese.replace("廿", "二十").replace("卅", "三十").replace("元", "一").replace("正", "一")
    tens, mark, ones = text.rpartition("十")
    units = "〇一二三四五六七八九"
    if not mark:
        return units.find(text[-1])
    return (units.find(tens[-1]) if tens else 1) * 10 + (units.find(ones[-1]) if ones else 0)


# ── Of a page ────────────────────────────────────────────────────────────────────────────────────────────────────────

_META_NAMES: Final = (
    "pubdate", "publishdate", "firstpublishedtime", "publishtime", "pub_date", "publish_time", "article:published_time",
    "datepublished", "dc.date.issued", "publishedtime", "date",
)  # fmt: skip
_LABEL_END: Final = r"\s*[:：∶﹕]?\s*[\[【（(]?\s*"
# The better the label, the earlier. A character before 时间 makes it another time: 公示时间, 开标时间, 报名时间.
_LABELS: Final = (
    re.compile(r"(?:发布|发稿|发表|公开|公布|刊发|信息|录入|添加|上传|发文)\s*(?:时\s*间|日\s*期)" + _LABEL_END + r"$"),
    re.compile(r"(?:(?:时间|日期)发布|发布于|发表于)" + _LABEL_END + r"$"),
    re.compile(r"(?<![\u4e00-\u9fff])(?:时\s*间|日\s*期)\s*[:：∶﹕]\s*[\[【（(]?\s*$"),
    re.compile(r"(?:生成|创建|发文|印发)\s*(?:时\s*间|日\s*期)" + _LABEL_END + r"$"),
    re.compile(r"(?:更新|修改)\s*(?:时\s*间|日\s*期)" + _LABEL_END + r"$"),
)
_WRITTEN: Final = re.compile(r"(?:成文|签发|落款)\s*(?:时\s*间|日\s*期)" + _LABEL_END + r"$")
_LABEL_AFTER: Final = re.compile(r"\s*(?:发布|发表|发稿)(?![会单机者人令以]|时间|日期)")
_OTHER_TIME: Final = re.compile(
    r"(?:公示|公告期|开始|结束|截止|截至|开标|投标|报名|会议|活动|施行|实施|生效|失效|废止|有效期?|征集|考试|面试|起止|受理|办理|当前|现在|今天)"
    r"[\u4e00-\u9fff]{0,3}\s*[:：∶]?\s*[\[【（(]?\s*(?:自|从|至|为|到|是)?\s*$"
)
_INFO_WORDS: Final = re.compile(r"来源|浏览|点击|阅读|访问|字号|字体|作者|编辑|分享|打印|次数|责任|大\s*中\s*小|收藏")
_FOOTER: Final = re.compile(
    r"主办单位|主办[:：]|网站标识码|版权所有|ICP备|公网安备|网站地图|上一[篇条]|下一[篇条]|相关[文链新信]"
)
_SIGNED: Final = re.compile(r"^[（(]?(?:此件[^）)]{0,12}[）)])?\s*$")
# A label or the start of a span before it: 公示时间：2026-03-01至…, 发布时间：…, 有效期到….
_LABELLED: Final = re.compile(r"[:：∶至到自从~～—–-]$|时间$|日期$|期限|有效|截止|截至")
_SIGNED_ENDS: Final = "日号月（(）)"  # or a digit: how a date ends, and what _SIGNED lets follow
_REGION: Final = 12_000  # characters looked at from the title on; labels below a longer text are of something else
_MOST: Final = 60
_INFO: Final = 1_600
_URL_DATE: Final = re.compile(
    r"/t((?:19|20)\d\d)([01]\d)([0-3]\d)_\d+|/((?:19|20)\d\d)[/-]([01]?\d)[/-]([0-3]?\d)/"
    r"|/((?:19|20)\d\d)([01]\d)([0-3]\d)/|/((?:19|20)\d\d)-?([01]\d)/([0-3]\d)/"
)


def page_dates(
    metas: Iterable[tuple[str, str]], text: str, heading: str, main_text: str, url: str
) -> tuple[Dated | None, tuple[Dated, ...]]:
    """The best publish date and all dates seen, in the order meta, label, info line, sign-off, URL.

    `text` is the visible text with one line a block; header and footer are cut from it here.
    """
    region = _region(text, heading)[:_REGION]
    in_text = find_dates(region)[:_MOST]
    found: list[Dated] = [
        *_from_metas(metas),
        *_labelled(region, in_text),
        *_info_line(region, in_text, _body_start(region, main_text)),
    ]
    published = found[0] if found else None
    signed = [*_written(region, in_text), *_signature(main_text)]
    addressed = _from_url(url)
    found += signed + addressed
    if published is None and found:
        published = found[0]
    unique: dict[tuple[str, datetime], Dated] = {(date.source, date.value): date for date in reversed(found)}
    return published, tuple(reversed(unique.values()))


def _region(text: str, heading: str) -> str:
    """Without what stands before the title and from the footer on."""
    start = 0
    wanted = heading[:40]
    if wanted:
        at = text.find(wanted)
        # The first is often the breadcrumb's; the last before the body is the title itself.
        while at >= 0 and at < len(text) // 2:
            start = at
            at = text.find(wanted, at + 1)
            if at - start > 400:  # the title again in the body or in "next article"
                break
        # A disclosure page has its table of index, label and date above the title.
        start = max(0, start - 600)
    # What is beyond _REGION is cut anyway.
    found = _FOOTER.search(text, start + 701, start + _REGION + 20)
    return text[start : found.start() if found else len(text)]


def _from_metas(metas: Iterable[tuple[str, str]]) -> list[Dated]:
    by_name: dict[str, str] = {}
    for name, content in metas:
        by_name.setdefault(name.lower(), content)
    for name in _META_NAMES:
        content = by_name.get(name, "")
        found = first_date(content) if content else None
        if found:
            return [found.dated("meta")]
        if content and (value := _of_machines(content.strip())):
            return [Dated(value, "meta")]
    return []


_JAVA_DATE: Final = re.compile(
    r"[A-Z][a-z]{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-3]?\d) [\d:]{8} CST ((?:19|20)\d\d)"
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _of_machines(content: str) -> datetime | None:
    """A day as a template prints it that forgot its format: 20240910, Java's own way, or a clock's."""
    if re.fullmatch(r"1\d{9}(?:\d{3})?", content, re.ASCII):  # seconds or milliseconds since 1970
        return datetime.fromtimestamp(int(content[:10]), SHANGHAI)
    if re.fullmatch(r"(?:19|20)\d{6}", content, re.ASCII):
        return make(int(content[:4]), int(content[4:6]), int(content[6:]))
    java = _JAVA_DATE.fullmatch(content)
    return make(int(java[3]), _MONTHS.index(java[1]) + 1, int(java[2])) if java else None


def _body_start(region: str, main_text: str) -> int:
    """Where the main text begins; the info line stands before it, and near the title."""
    opening = next((line for line in main_text.split("\n") if len(line) > 3), "")
    at = region.find(opening[:60]) if opening else -1
    return at if 0 <= at < _INFO else _INFO


def _labelled(region: str, dates: Sequence[Found]) -> list[Dated]:
    ranked: list[tuple[int, int, Dated]] = []
    for date in dates:
        before = region[max(0, date.start - 24) : date.start].replace("\n", " ")
        rank = None
        if "间" in before or "期" in before or "于" in before:  # one of which every label has
            rank = next((place for place, label in enumerate(_LABELS) if label.search(before)), None)
        if rank is None and _LABEL_AFTER.match(region, date.end) and not _OTHER_TIME.search(before):
            rank = 2
        if rank is not None:
            ranked.append((rank, date.start, date.dated("label")))
    ranked.sort(key=lambda item: item[:2])
    return [date for _, _, date in ranked[:4]]


def _written(region: str, dates: Sequence[Found]) -> list[Dated]:
    for date in dates:
        before = region[max(0, date.start - 24) : date.start]
        if ("间" in before or "期" in before) and _WRITTEN.search(before.replace("\n", " ")):
            return [date.dated("signature")]
    return []


def _info_line(region: str, dates: Sequence[Found], until: int) -> list[Dated]:
    """A bare date on a short line near the title: `2024-09-10 09:24  来源：…  浏览：12`."""
    for date in dates:
        if date.start >= until:  # what follows is the text itself, its sign-off among it
            break
        start = region.rfind("\n", 0, date.start) + 1
        end = region.find("\n", date.end)
        line = region[start : end if end >= 0 else len(region)]
        rest = " ".join((line[: date.start - start] + " " + line[date.end - start :]).split())
        if len(rest) > 160 or _OTHER_TIME.search(region[max(0, date.start - 16) : date.start].replace("\n", " ")):
            continue
        # A clock in the header carries the weekday.
        if re.search(r"星期|今天是|农历|欢迎", line):
            continue
        if (len(rest) <= 12 and not re.search(r"[。；、]", rest)) or _INFO_WORDS.search(rest):
            return [date.dated("info")]
    return []


def _signature(main_text: str) -> list[Dated]:
    tail = [line for line in main_text.split("\n") if line.strip()][-8:]
    for line in reversed(tail):
        if (last := line.rstrip()[-1]) not in _SIGNED_ENDS and not last.isdigit():
            continue
        for date in find_dates(line)[-1:]:
            before = line[: date.start].strip()
            if _SIGNED.match(line[date.end :].strip()) and len(before) <= 24 and not _LABELLED.search(before):
                return [date.dated("signature")]
    return []


def _from_url(url: str) -> list[Dated]:
    match = _URL_DATE.search(url)
    if not match:
        return []
    year, month, day = (int(group) for group in match.groups() if group)
    value = make(year, month, day)
    return [Dated(value, "url")] if value else []


# ── Of a row ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_YEAR_MONTH_DAY_APART: Final = (
    re.compile(
        r"(?<!\d)(?P<day>3[01]|[12]\d|0?[1-9])\s*(?:日)?\s+(?P<year>20\d\d)\s*[-/.年]\s*(?P<month>1[0-2]|0?[1-9])(?:\s*月)?(?!\s*[-/.]?\d)"
    ),
    re.compile(
        r"(?<!\d)(?P<year>20\d\d)\s*[-/.年]\s*(?P<month>1[0-2]|0?[1-9])(?:\s*月)?\s+(?P<day>3[01]|[12]\d|0?[1-9])(?:\s*日)?(?!\s*[-/.:\d])"
    ),
    re.compile(
        r"(?<!\d)(?P<month>1[0-2]|0?[1-9])\s*[-/.月]\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*日?\s+(?P<year>20\d\d)(?!\d)"
    ),
    re.compile(
        r"(?<!\d)(?P<year>20\d\d)\s*年?\s+(?P<month>1[0-2]|0?[1-9])\s*[-/.月]\s*(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)"
    ),
)
# 28 | 05月 | 2025年, and 28 | May 2025 (or May | 28 | 2025).
_DAY_MONTH_YEAR: Final = re.compile(
    r"(?<!\d)(?P<day>3[01]|[12]\d|0?[1-9])\s*日?[\s/.-]+(?P<month>1[0-2]|0?[1-9])\s*(?:月\s*|[/.-]\s*|\s+)(?P<year>20\d\d)(?!\d)"
)
_SHORT_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ENGLISH: Final = re.compile(
    rf"(?<![\da-z])(?:(?P<d1>3[01]|[12]\d|0?[1-9])[\s,.-]+)?(?P<month>{'|'.join(_SHORT_MONTHS)})[a-z]{{0,6}}[\s,.-]+"
    r"(?:(?P<d2>3[01]|[12]\d|0?[1-9])[\s,.-]+)?(?P<year>20\d\d)(?!\d)",
    re.IGNORECASE,
)
_MONTH_DAY: Final = re.compile(
    r"(?<![\d.:-])(?P<month>1[0-2]|0?[1-9])\s*(?:[-/]|月|\.(?=\d\d))\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*日?(?![\d.:%％-])"
)
_DAY_OVER_MONTH: Final = re.compile(
    r"(?<![\d.:-])(?P<day>3[01]|[12]\d|0?[1-9])\s+(?P<month>1[0-2]|0?[1-9])\s*月(?!\s*\d)"
)
_SHORT_YEAR: Final = re.compile(
    r"(?<![\d.:/-])(?P<year>[12]\d)(?P<mark>[-/.])(?P<month>1[0-2]|0[1-9])(?P=mark)(?P<day>3[01]|[12]\d|0[1-9])(?![\d.:/-])"
)
_PUBLISHED_COLUMN: Final = re.compile(r"(?:发布|公开|发文|公布)\s*(?:时间|日期)[:：\s]*$")


@dataclass(frozen=True, slots=True)
class RowDate:
    """A date of a list row; year 0 where the row prints month and day only."""

    year: int
    month: int
    day: int
    hour: int = 0
    minute: int = 0


def row_date(text: str) -> RowDate | None:
    """The date of a row without its title: labelled as published, else the latest of them."""
    found = find_dates(text)
    if found:
        before = {date.start: text[max(0, date.start - 12) : date.start] for date in found}
        labelled = [date for date in found if _PUBLISHED_COLUMN.search(before[date.start])]
        own = [date for date in found if not _OTHER_TIME.search(before[date.start])]
        best = max(labelled or own or found, key=lambda date: date.value).value
        return RowDate(best.year, best.month, best.day, best.hour, best.minute)
    for shape in _YEAR_MONTH_DAY_APART:
        match = shape.search(text)
        if match:
            return RowDate(int(match["year"]), int(match["month"]), int(match["day"]))
    match = _DAY_MONTH_YEAR.search(text)
    if match:
        return RowDate(int(match["year"]), int(match["month"]), int(match["day"]))
    match = _ENGLISH.search(text)
    if match and (day := match["d1"] or match["d2"]):
        return RowDate(int(match["year"]), _SHORT_MONTHS.index(match["month"].lower()) + 1, int(day))
    match = _MONTH_DAY.search(text) or _DAY_OVER_MONTH.search(text)
    if match:
        return RowDate(0, int(match["month"]), int(match["day"]))
    match = _SHORT_YEAR.search(text)
    return RowDate(2000 + int(match["year"]), int(match["month"]), int(match["day"])) if match else None


_URL_YEAR: Final = re.compile(r"/(?:t|art/|content/)?((?:19|20)\d\d)(?=[/_-]|[01]\d)")


def complete(rows: Sequence[RowDate | None], urls: Sequence[str], seen_at: datetime | None) -> list[datetime | None]:
    """Rows to dates; a missing year comes from the row's own URL, else it is the latest that is neither after the day
    the page was read nor after the row above (BEHAVIOURS 61). Unknown where neither is known."""
    dates: list[datetime | None] = []
    # A day of grace: servers' clocks differ.
    ceiling = seen_at.astimezone(SHANGHAI) + timedelta(days=1) if seen_at else None
    for row, url in zip(rows, urls, strict=True):
        if row is None:
            dates.append(None)
            continue
        if row.year:
            value = make(row.year, row.month, row.day, row.hour, row.minute)
        else:
            value = _with_year(row, url, ceiling)
            if value and ceiling and (ceiling - value).days < 400:
                ceiling = min(ceiling, value + timedelta(days=1))
        dates.append(value)
    return dates


def _with_year(row: RowDate, url: str, ceiling: datetime | None) -> datetime | None:
    in_url = _URL_YEAR.search(url)
    if in_url:
        return make(int(in_url[1]), row.month, row.day)
    if ceiling is None:
        return None
    for year in range(ceiling.year, ceiling.year - 8, -1):  # 02-29 waits for a leap year
        value = make(year, row.month, row.day)
        if value and value <= ceiling:
            return value
    return None
