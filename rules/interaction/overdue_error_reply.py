"""A message of the 找错 platform that was answered late, or not yet."""

from collections.abc import Iterator, Mapping
from typing import Any

from crawler.api import Certainty, Finding, InputTable, Place, Said, Severity, SiteView, cite, date, site_rule

_ANY_HOLIDAY = 8  # working days
_INVALID = ("无效", "不予受理", "重复", "撤回", "退回")


@site_rule(
    "IX-05",
    severity=Severity.POINTS,
    points=1.0,
    basis=(cite("guobanmihan-2019-19", "jiucuo.reply"),),
    form="input",
    inputs=("jiucuo",),
)
def overdue_error_reply(
    site: SiteView, *, workdays: int = 3, months: int = 6, stale_after_days: int = 45
) -> Iterator[Said]:
    """找错留言超期答复

    为什么: “我为政府网站找错”平台的留言要在3个工作日内答复，近半年每超期一条扣1分。

    看什么: 从找错平台导出的留言（config/inputs/jiucuo.csv）。从提交次日起数3个工作日（含调休），
    到期后才答复或仍未答复的逐条列出；状态写明无效、重复、不予受理的不算。
    资料截止日以后的情况不知道，资料太旧就不下结论。

    怎么改: 安排专人每天登录平台，3个工作日内办结并答复；导出最新数据替换 jiucuo.csv 后重新判断。
    """
    table = site.inputs["jiucuo"]
    today = site.as_of.date()
    start = _months_before(today, months)
    if table.until is None or table.until < start:
        until = table.until or "不明"
        yield site.undecidable(f"资料截至 {until}，早于检查期（{start} 至 {today}），请导出新的找错留言")
        return
    seen_to = min(table.until, today)  # what happened since is not in the file
    for row in table.rows:
        received = row["received"].date()
        if start <= received <= today and not any(word in (row.get("state") or "") for word in _INVALID):
            yield from _judged(site, row, table, seen_to, workdays)
    if (today - table.until).days > stale_after_days:
        yield site.undecidable(f"资料截至 {table.until}，之后的找错留言没有资料")


def _judged(
    site: SiteView, row: Mapping[str, Any], table: InputTable, seen_to: date, workdays: int
) -> Iterator[Finding]:
    received = row["received"].date()
    due = site.workdays.after(received, workdays)
    replied = row["replied"].date() if row.get("replied") else None
    if (replied or seen_to) <= due:
        return
    late = site.workdays.between(due, replied or seen_to)
    words = f"{replied} 才答复" if replied else f"到 {seen_to} 仍未答复"
    # No arrangement of days off moves more than a holiday week.
    certain = late > _ANY_HOLIDAY or all(site.workdays.is_certain(day) for day in (received, due))
    yield Finding(
        f"找错留言 {row['number']} 应在 {due} 前答复，{words}，超期 {late} 个工作日",
        at=Place(site.site.home),
        key=f"message:{row['number']}",
        certainty=Certainty.CONFIRMED if certain else Certainty.PROPOSED,
        evidence={
            "留言": row.get("subject") or "（未写标题）",
            "提交": str(received),
            "答复": str(replied or "无"),
            "资料": f"{table.file}（截至 {table.until}）",
            **({} if certain else {"工作日": "这一年的放假安排尚未公布，按周末推算"}),
        },
        cites=("input:jiucuo",),
    )


def _months_before(day: date, months: int) -> date:
    """Calendar months; the 31st of a short month is its last day (RULES 10.9)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")
