"""A consultation that is over and still called open."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, Finding, NotApplicable, PageView, Said, Severity, cite, date, page_rule

_OPEN = re.compile(
    r"(?:状态|进度)?\s*[:：]?\s*[\[【（(]?(正在征集|征集中|正在进行|进行中|正在公示|公示中|调查中|报名中|意见征集中)[\]】）)]?"
)
_DAY = r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
_UNTIL = re.compile(
    rf"(?:截止|截至|结束)\s*(?:时间|日期)?\s*(?:为|是|到|至)?\s*[:：]?\s*{_DAY}"
    rf"|(?:征集|公示|调查|报名|活动|起止)(?:时间|日期|期限|期)\s*(?:为|是)?\s*[:：]?[^。；\n]{{0,30}}?(?:至|到|—|－|-|~|～)\s*{_DAY}"
)


@page_rule(
    "UP-11",
    severity=Severity.HINT,
    basis=(cite("guobanfa-2017-47", "content.accurate"),),
    kinds=("征集调查", "通知公告"),
    form="proposed",
)
def expired_notice(page: PageView) -> Iterator[Said]:
    """信息过期仍在办

    为什么: 已经截止的征集、公示还标着“正在征集”，公众会照着去办。

    看什么: 征集调查、通知公告栏目里的页面，标着“正在征集”“进行中”一类状态，而页面上写的截止日期已过。
    没有写截止日期的、没有标状态的不判断；正文里说到别的活动“进行中”也可能误认，须人工确认。

    怎么改: 把状态改为“已结束”，附上结果；或者更正截止日期。
    """
    facts = page.facts
    text = facts.prose[:6_000]
    status = next((m for line in text.split("\n") if len(line) <= 60 and (m := _OPEN.search(line))), None)
    if facts.kind == "list" or status is None:
        yield NotApplicable("没有标明正在进行的状态")
        return
    days = [day for found in _UNTIL.finditer(text) if (day := _day([g for g in found.groups() if g]))]
    read_at = page.known.seen.at if page.known.seen else page.as_of
    if not days or max(days) >= read_at.date():
        return
    yield Finding(
        message=f"截止日期 {max(days)} 已过，页面仍标“{status[1]}”",
        at=page.place(quote=status[0].strip()),
        key="expired",
        certainty=Certainty.PROPOSED,
        target=page.url,
        evidence={"页面": facts.heading[:60] or facts.title[:60], "截止日期": f"{max(days)}", "状态": status[1]},
    )


def _day(parts: list[str]) -> date | None:
    try:
        return date(*(int(part) for part in parts[:3]))
    except ValueError:
        return None
