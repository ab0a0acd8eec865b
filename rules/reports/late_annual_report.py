"""An annual report of disclosure that came late, or not at all."""

from collections.abc import Iterator

from crawler.api import (
    ColumnView,
    Finding,
    ListedEntry,
    NotApplicable,
    Place,
    Said,
    Severity,
    State,
    cite,
    column_rule,
    why_unknown,
)
from rules.reports._titles import KIND, due_year, is_own, one_day, year_of

_DUE = {"portal": (3, 31), "department": (1, 31)}


@column_rule(
    "AR-01",
    severity=Severity.LOCAL,
    basis=(cite("guowuyuanling-711", "art.49"),),
    kinds=(KIND,),
)
def late_annual_report(column: ColumnView) -> Iterator[Said]:
    """公开年报未按时发布

    为什么: 条例第四十九条规定，部门每年1月31日前、地方政府3月31日前公布上一年度政府信息公开工作年度报告，节假日不顺延。

    看什么: 登记的信息公开年报栏目里，最近一个到期年度的报告有没有、什么时候发布的（列表和文章页的发布日期）。
    政府网站上各部门、乡镇的年报不算政府的；列表没有读完、日期互相矛盾或者多年年报同一天发布（系统迁移）的，不下结论。

    怎么改: 尽快发布年度报告；下一年起在到期前一周检查。确已按时发布而栏目没有收录的，补到本栏目并保留原发布日期。
    """
    if column.known.state is State.DEAD or column.soft_404:
        yield NotApplicable("栏目打不开，由 AV-05 判断")
        return
    if column.page is None and not column.entries:
        yield column.undecidable(why_unknown(column.known))
        return
    site = column.site.site
    today = column.as_of.date()
    year, due = due_year(today, *_DUE[site.level])
    reports = [entry for entry in column.entries if year_of(entry.title) is not None and is_own(entry.title, site)]
    ours = [entry for entry in reports if year_of(entry.title) == year]
    whose = "政府" if site.level == "portal" else "部门"
    if ours:
        yield from _judge(column, ours, reports, year, due.isoformat(), whose)
    elif not column.reading.complete:
        yield column.undecidable("栏目列表没有读完")
    elif not reports:
        yield column.undecidable("列表里认不出年度报告")
    else:
        yield Finding(
            message=f"没有发布{year}年度政府信息公开工作年度报告（{whose}应在{due:%Y-%m-%d}前发布）",
            at=Place(column.url),
            key=f"report:{year}",
            target=column.url,
            evidence={"栏目里最近的年报": max(reports, key=lambda e: (year_of(e.title) or 0, e.url)).title},
        )


def _judge(
    column: ColumnView, ours: list[ListedEntry], reports: list[ListedEntry], year: int, due: str, whose: str
) -> Iterator[Said]:
    days: dict[str, ListedEntry] = {}
    for entry in ours:
        for day in _days(column, entry):
            days.setdefault(day, entry)
    if not days:
        yield column.undecidable(f"{year}年度报告没有发布日期")
        return
    first, last = min(days), max(days)
    if last <= due:
        return
    if first <= due:
        # One of several versions in time is in time; one report with two dates is anybody's guess.
        if any(max(_days(column, entry), default=last) <= due for entry in ours):
            return
        yield column.undecidable(f"{year}年度报告的列表日期和页面日期不一致，看不出是否按时")
    elif one_day(reports):
        yield column.undecidable("多年的年报是同一天的日期，像是系统迁移的时间，看不出是否按时")
    else:
        entry = days[first]
        yield Finding(
            message=f"{year}年度报告{first}才发布，{whose}的期限是{due}",
            at=Place(entry.url, "", entry.title[:200]),
            key=f"report:{year}",
            target=entry.url,
            evidence={"年报": entry.title, "发布日期": first, "期限": due},
            cites=(column.url, entry.url),
        )


def _days(column: ColumnView, entry: ListedEntry) -> list[str]:
    page = column.site.open_page(entry.url)
    printed = page.facts.published.value.date().isoformat() if page is not None and page.facts.published else ""
    listed = entry.date.date().isoformat() if entry.date is not None else ""
    return sorted({day for day in (printed, listed) if day})
