"""A guide that nobody has revised for long."""

import re
from collections.abc import Iterator

from crawler.api import ColumnView, Finding, Place, Said, Severity, cite, column_rule, date, timedelta
from rules.guide._guide import KIND, Guide, judged, place_of

_DAY = r"(?P<y>20\d{2})[年./-](?:(?P<m>\d{1,2})(?:[月./-](?:(?P<d>\d{1,2})日?)?)?)?"
# Dates that are stated as the guide's own; dates of laws stand in other sentences.
_STATED = tuple(
    re.compile(words)
    for words in (
        rf"(?:本指南|指南)?(?:最近|最后|最新)?(?:一次)?(?:修订|更新|编制|修改|发布|印发|公布)(?:日期|时间|于|为|:|是)*{_DAY}",
        rf"{_DAY}(?:进行|第?\d?次)?(?:修订|更新|修改|编制|发布|公布)(?!.{{0,8}}条例)",
        r"[(](?P<y>20\d{2})年?(?:(?P<m>\d{1,2})月)?(?P<d>(?!))?[^)]{0,6}(?:版|修订|更新)",
        r"^(?P<y>20\d{2})年(?P<m>(?!))?(?P<d>(?!))?.{0,24}指南",
        rf"^{_DAY}$",
    )
)
_LASTING = re.compile(r"长期有效|长期公开")
_LAW = re.compile(r"条例|法》|令第|号令|施行|实施|废止|文件|通知")

_LIMIT = timedelta(days=366)


@column_rule(
    "GD-07",
    severity=Severity.HINT,
    basis=(cite("guowuyuanling-711", "art.12"), cite("guowuyuanling-711", "art.53")),
    kinds=(KIND,),
)
def stale_guide(column: ColumnView, *, limit: timedelta = _LIMIT) -> Iterator[Said]:
    """指南长期未更新

    为什么: 机构、电话、法律都会变，条例要求指南及时更新；不及时更新的可以责令改正。

    看什么: 指南写明的修订日期（版本年份、“修订于某年某月”、落款日期）和页面的发布日期，取最近的一个，
    离检查日期是否超过规定时间
    （默认十二个月）。只写年份的按当年最后一天算；注明“长期有效”的不算；没有任何日期的不下结论。

    怎么改: 逐项核对机构、地址、时间、电话和法律依据，改好后写明修订日期；没有变化也注明“某年某月核对无误”。
    """
    guide = judged(column)
    if not isinstance(guide, Guide):
        yield guide
        return
    if _LASTING.search(guide.tight):
        return
    today = column.site.as_of.date()
    days = [day for day in stated(guide) if day <= today]
    if guide.page is not None and guide.page.facts.published is not None:
        days.append(min(guide.page.facts.published.value.date(), today))
    if any(year == today.year for year in _years(guide)):
        return
    if not days:
        yield column.undecidable("指南没有写修订日期，页面也没有发布日期")
        return
    newest = max(days)
    if today - newest > limit:
        yield Finding(
            message=f"指南最近一次更新是 {newest:%Y-%m-%d}，已经 {(today - newest).days} 天没有更新",
            at=Place(guide.url, "", guide.title[:200]),
            key="stale",
            target=guide.url,
            evidence={**place_of(guide), "最近更新": newest.isoformat(), "检查日期": today.isoformat()},
            cites=(guide.url,),
        )


def _years(guide: Guide) -> list[int]:
    """Years that the title gives: 2026年政府信息公开指南, （2026年版）."""
    return [int(year) for year in re.findall(r"(20\d{2})年?(?=.{0,30}(?:指南|版|修订))", guide.title)]


def stated(guide: Guide) -> list[date]:
    """Every day the guide gives as its own; of a year alone its last day, of a month alone its last."""
    found = []
    for line in [guide.title, *guide.flat.split("\n")]:
        tight = "".join(line.split())
        for sentence in re.split(r"[。;]", tight):
            if _LAW.search(sentence) and not re.search(r"本指南", sentence):
                continue
            for pattern in _STATED:
                found += [day for match in pattern.finditer(sentence) if (day := _last_day(match)) is not None]
    return found


def _last_day(match: re.Match[str]) -> date | None:
    year, month, day = int(match["y"]), int(match["m"] or 12), int(match["d"] or 0)
    if not 1 <= month <= 12:
        return None
    if not day:
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    try:
        return date(year, month, day)
    except ValueError:
        return None
