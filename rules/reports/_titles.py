"""Whose annual report a title names, and of which year."""

import re
import unicodedata

from crawler.api import ListedEntry, Site, date

KIND = "信息公开年报"
_REPORT = re.compile(r"年度报告|年报|工作报告|年度工作报告|工作年度")
_DISCLOSURE = re.compile(r"公开|年报")
_ABOUT = re.compile(r"关于(?:做好|报送|开展|编制|印发)|通知|解读|图解|一图读懂|报表|预算|决算|依申请|说明|通报|公告$")
_CHINESE = str.maketrans("〇○零一二三四五六七八九", "000123456789")
# Bodies below a government; a portal's own report names none of them but its office.
_BELOW = re.compile(
    r"(?:局|委员会|委|厅|办公室|镇|乡|街道|街道办事处|中心|队|院|所|管委会|公司|学校|医院|银行|支行|处|站|馆)$"
)


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def year_of(title: str) -> int | None:
    """The year a report is about: 2025年, 二〇二五年, 2025年度; None for what is no annual report of disclosure."""
    text = plain(title)
    if not _REPORT.search(text) or not _DISCLOSURE.search(text) or _ABOUT.search(text):
        return None
    match = re.search(r"(20\d{2})年?", text)
    if match is None:
        chinese = re.search(r"[二2][〇○零0][〇○零一二三四五六七八九]{2}年", text)
        return int(chinese[0][:4].translate(_CHINESE)) if chinese else None
    return int(match[1])


def is_own(title: str, site: Site) -> bool:
    """Whether a report on a portal is the government's own, and not a department's; a department lists its own."""
    if site.level != "portal":
        return True
    text = re.sub(
        r"(?:关于)?(?:20\d{2}年?度?|政府信息公开|政务公开|工作|年度报告|年报|报告|\(.*?\)|[:《》、-])",
        "",
        plain(text_of(title)),
    )
    text = re.sub(r"(?:人民)?政府办公室$|人民政府$|政府$", "", text)
    return not _BELOW.search(text)


def text_of(title: str) -> str:
    return title.removesuffix("...").removesuffix("…")


def due_year(today: date, month: int, day: int) -> tuple[int, date]:
    """(year of the newest report that is due, the day it was due on)."""
    due = date(today.year, month, day)
    if today <= due:
        due = date(today.year - 1, month, day)
    return due.year - 1, due


def one_day(entries: list[ListedEntry]) -> bool:
    """Whether reports of three years or more bear one date: that of a move from another system, not of publication."""
    by_day: dict[date, set[int]] = {}
    for entry in entries:
        if entry.date is not None and (year := year_of(entry.title)) is not None:
            by_day.setdefault(entry.date.date(), set()).add(year)
    return any(len(years) >= 3 for years in by_day.values())
