"""WD-03: a leader named with an office not held on that day, or named out of order."""

from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Finding,
    Leader,
    NotApplicable,
    NotConfigured,
    PageView,
    Said,
    Severity,
    cite,
    date,
    page_rule,
    timedelta,
)
from rules.wording._hits import LEVELS, document_date, lines, out_of_scope
from rules.wording._offices import cores, held, leaders, lists, mentions

GRACE = timedelta(days=30)  # new titles take some days to reach every page


@page_rule(
    "WD-03",
    severity=Severity.POINTS,
    points=1,
    form="proposed",
    inputs=("roster",),
    basis=(cite("guobanmihan-2019-19", "columns.profile"), cite("guobanmihan-2019-19", "veto.security")),
)
def leader_mismatch(page: PageView, *, grace: timedelta = GRACE) -> Iterator[Said]:
    """领导姓名职务排序有误

    为什么: 领导职务写错、离任后仍按原职务报道、名单排序有误，是检查指标中的扣分项，严重的属于单项否决。

    看什么: 文章里职务紧接着姓名的写法，与领导名录（config/inputs/ 的 roster 和本单位词表）在文章发布那天的任职比对；
    名录里有排序的，核对并列的名单。写着“原”“时任”的、任免前后三十天内的不算；旧文章按当时的职务判断。由人确认。

    怎么改: 核对任免文件，改正职务、姓名或排序；名录过时的先更新名录。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    roster = [one for one in leaders(page.site) if len(one.name) > 1]
    if not roster:
        yield NotConfigured("领导名录是空的")
        return
    day = document_date(page)
    if day is None:
        yield NotApplicable("文章没有日期，不知道当时的任职")
        return
    known = {one.name: [other for other in roster if other.name == one.name] for one in roster}
    for block, start in lines(page):
        when = block.dated or day
        for name, offices in known.items():
            if name in block.text:
                yield from _titles(page, name, offices, block.text, start, when, grace)
        yield from _order(page, roster, block.text, start, when)


def _titles(
    page: PageView, name: str, offices: list[Leader], text: str, start: int, day: date, grace: timedelta
) -> Iterator[Finding]:
    now = held(offices, day, grace)
    right = frozenset(found for office in now for found in cores(office.title))
    for mention in mentions(text, name):
        if mention.former or mention.core in right:
            continue
        if not now and mention.core not in {found for office in offices for found in cores(office.title)}:
            continue  # somebody else of that name, or an office that the roster does not know of
        if now and not right:
            continue
        titles = "；".join(office.title for office in now)
        message = f"“{mention.title}{name}”与领导名录不符：{day:%Y年%m月%d日}" + (
            f"的职务是{titles}" if now else "已不任此职"
        )
        yield _finding(page, start + mention.start, start + mention.end, f"title@{name}", message, titles or "不在任")


def _order(page: PageView, roster: list[Leader], text: str, start: int, day: date) -> Iterator[Finding]:
    ranks = {one.name: one.order for one in held(roster, day, timedelta()) if one.order is not None}
    for first, last, names in lists(text, ranks) if len(ranks) > 1 and "、" in text else ():
        found = [ranks[name] or 0 for name in names]
        if found != sorted(found):
            right = "、".join(sorted(names, key=lambda name: ranks[name] or 0))
            words = f"“{'、'.join(names)}”的排序与领导名录不符"
            yield _finding(page, start + first, start + last, "order@" + right, words, right)


def _finding(page: PageView, start: int, end: int, key: str, message: str, told: str) -> Finding:
    words = page.wording
    return Finding(
        message=message,
        at=page.place(quote=words.around(start, end)),
        key=key,
        certainty=Certainty.PROPOSED,
        evidence={
            "级别": LEVELS["severe"],
            "原文": words.around(start, end),
            "名录": told,
            "语境编号": words.context(start, end),
        },
    )
