"""A consultation on a draft without a word of what became of it."""

import re
from collections.abc import Iterator

from crawler.api import (
    SHANGHAI,
    Brief,
    Certainty,
    DocumentTitle,
    Finding,
    NotApplicable,
    PageView,
    Said,
    Severity,
    cite,
    date,
    is_asking,
    page_rule,
    timedelta,
)
from rules.interpretation._pairs import YEAR, day_of, is_document, unread

KINDS = ("征集调查", "通知公告")
MONTH = timedelta(days=30)
_DRAFT = re.compile(
    r"草案|征求意见稿|讨论稿|送审稿|修订稿|代拟稿|《[^》]{4,}》|办法|规定|细则|规划|方案|条例|意见稿|措施"
)
_RESULT = re.compile(r"结果|采纳|反馈|情况(?:说明|公示|公告|的公示|的公告)?$|意见.{0,6}情况|汇总")
_DATE = r"(?P<year>20\d\d)\s*[年./-]\s*(?P<month>1[0-2]|0?[1-9])\s*[月./-]\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*日?"
_SHORT = r"(?P<month>1[0-2]|0?[1-9])\s*月\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*日"
_AFTER = r"\s*(?:\d{1,2}[:：时]\d{0,2})?\s*(?:之?前|以前|止|截止|结束|下班前)"
_DEADLINES = (
    re.compile(r"(?:截止|截至|结束)[^\n。；]{0,14}?" + _DATE),
    re.compile(r"(?:至|到|—|-|～|~)\s*" + _DATE),
    re.compile(_DATE + _AFTER),
)
_SHORT_DEADLINES = (
    re.compile(r"(?:截止|截至|结束|至|到|—|～|~)[^\n。；\d]{0,14}?" + _SHORT),
    re.compile(_SHORT + _AFTER),
)
_TOLD = re.compile(r"(?:征集|征求意见)的?(?:结果|情况)[:：]|共收到.{0,20}意见|(?:采纳|反馈)情况[:：]|未收到.{0,9}意见")


@page_rule(
    "IN-07",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(cite("linxia-2022-08-26", "seed.o"),),
    kinds=KINDS,
)
def no_consultation_result(page: PageView, *, grace: timedelta = MONTH, window: timedelta = YEAR) -> Iterator[Said]:
    """决策草案未公布征集结果

    为什么: 州里通报要求公开决策草案和意见征集，并公开征集和采纳情况；只征集不反馈，公众以后就不提意见了。

    看什么: 近一年截止的决策草案征求意见公告，截止后30天内本网站有没有征集结果、采纳情况的文章，
    或者在原公告中补充了结果。
    没有写明截止日期的、正式文件已经印发（结果可能在附件里）的不下结论。须人工确认后计入。

    怎么改: 发布征集结果和采纳情况说明，与原公告互相链接；没有收到意见的也要说明。
    """
    facts = page.facts
    title = facts.heading or facts.title
    if page.column is not None or facts.kind != "article" or not is_asking(title) or not _DRAFT.search(title):
        yield NotApplicable("不是决策草案的征求意见")
        return
    if _RESULT.search(title):
        yield NotApplicable("是征集结果")
        return
    if facts.published is None:
        yield page.undecidable("征求意见的公告没有发布日期")
        return
    asked = facts.published.value.astimezone(SHANGHAI).date()
    until = deadline(facts.prose, asked)
    if until is None:
        yield page.undecidable("没有写明征求意见的截止日期")
        return
    today = page.as_of.astimezone(SHANGHAI).date()
    if today <= until + grace:
        yield NotApplicable("还没有到公布结果的期限")
        return
    if today - until > window:
        yield NotApplicable("一年以前截止的征集")
        return
    yield from _judge(page, title, asked, until)


def _judge(page: PageView, title: str, asked: date, until: date) -> Iterator[Said]:
    if _TOLD.search(page.facts.prose):
        return
    draft = DocumentTitle.of(title)
    later = [one for one in page.site.briefs() if one.url != page.url and _speaks_of(one, draft, asked)]
    if any(_RESULT.search(one.title) for one in later):
        return
    if any(is_document(one) for one in later):
        yield page.undecidable("正式文件已经印发，采纳情况是否随文件公布要看附件")
    elif column := unread(page.site, KINDS):
        yield page.undecidable(f"栏目“{column}”没有读完，不知有没有征集结果")
    else:
        yield Finding(
            message=f"征求意见 {until.isoformat()} 截止，没有公布征集结果和采纳情况",
            at=page.place(quote=title),
            key="no-result",
            certainty=Certainty.PROPOSED,
            target=page.url,
            evidence={"公告": title, "公告发布": asked.isoformat(), "征集截止": until.isoformat()},
        )


def _speaks_of(brief: Brief, draft: DocumentTitle, asked: date) -> bool:
    day = day_of(brief)
    if day is not None and day < asked:
        return False
    title = DocumentTitle.of(brief.title)
    return title.names(draft) or draft.names(title) or (len(draft.bare) >= 6 and draft.bare in title.full)


def deadline(prose: str, asked: date) -> date | None:
    """The last day to answer, as the notice says it; a month and day are of the year it was asked in, or the next."""
    text = prose[:8_000]
    found = [day for shape in _DEADLINES for match in shape.finditer(text) if (day := _day(match, int(match["year"])))]
    if not found:
        for shape in _SHORT_DEADLINES:
            for match in shape.finditer(text):
                found += [day for year in (asked.year, asked.year + 1) if (day := _day(match, year)) and day >= asked][
                    :1
                ]
    good = [day for day in found if asked <= day <= asked + timedelta(days=120)]
    return max(good, default=None)


def _day(match: re.Match[str], year: int) -> date | None:
    try:
        return date(year, int(match["month"]), int(match["day"]))
    except ValueError:
        return None
