"""A site that interprets only a few of its policy documents."""

import re
from collections.abc import Iterator

from crawler.api import (
    SHANGHAI,
    Certainty,
    Finding,
    NotApplicable,
    NotConfigured,
    Place,
    Said,
    Severity,
    SiteView,
    cite,
    site_rule,
    timedelta,
)
from rules.interpretation._pairs import POLICY_KINDS, READING_KINDS, YEAR, Document, pairs, unread

# Documents with something to explain; appointments, holidays and replies have nothing.
_WIDE = re.compile(r"办法|规定|细则|规划|方案|措施|意见|规程|规则|条例|标准|政策|计划")
_NARROW = re.compile(
    r"任免|任职|免职|放假|节假日|批复|表彰|表扬|通报|会议|值班|调整.{0,20}(?:领导小组|成员)|废止|失效|转发"
)
_GRACE = timedelta(days=7)  # what came out this week may be explained yet


@site_rule(
    "IN-02",
    severity=Severity.POINTS,
    points=1.0,
    form="proposed",
    basis=(cite("guobanmihan-2019-19", "interpretation.share"),),
)
def too_few_interpreted(
    site: SiteView, *, share: float = 0.5, least: int = 3, window: timedelta = YEAR
) -> Iterator[Said]:
    """解读比例不足

    为什么: 检查指标抽查3份涉及面广的文件，没有解读的每份扣1分。

    看什么: 近一年发布的办法、规定、方案、规划、措施一类文件，在本网站有解读的占多少；低于一半的列出没有解读的文件。
    任免、批复、通报、转发的文件不在其内。哪些文件涉及面广由人工判断，所以须人工确认。

    怎么改: 从列出的文件中选涉及群众和企业多的，补发解读并与文件互相链接；今后与文件同步起草解读。
    """
    kinds = {column.kind for column in site.site.columns}
    if missing := [
        name for name, some in (("政策文件", POLICY_KINDS), ("政策解读", READING_KINDS)) if not kinds & set(some)
    ]:
        yield NotConfigured(f"未登记{'、'.join(missing)}栏目")
        return
    if column := unread(site, (*POLICY_KINDS, *READING_KINDS)):
        yield site.undecidable(f"栏目“{column}”没有读完，算不出比例")
        return
    found = pairs(site)
    today = site.as_of.astimezone(SHANGHAI).date()
    due = [one for one in found.documents if one.days and _GRACE <= today - one.days[0] <= window and _is_wide(one)]
    if len(due) < least:
        yield NotApplicable(f"近一年涉及面广的文件不足 {least} 份")
        return
    bare = [one for one in due if not any(found.of_document.get(url) for url in one.urls)]
    if len(due) - len(bare) < share * len(due):
        yield Finding(
            message=f"近一年 {len(due)} 份政策文件中 {len(bare)} 份没有解读",
            at=Place(next((c.url for c in site.columns if c.column.kind in READING_KINDS), site.site.home)),
            key="share",
            certainty=Certainty.PROPOSED,
            points=float(min(3, len(bare))),
            evidence={
                "有解读的": f"{len(due) - len(bare)} 份，占 {100 * (len(due) - len(bare)) // len(due)}%",
                "没有解读的": "；".join(one.shown for one in bare[:10]) + ("等" if len(bare) > 10 else ""),
            },
            cites=tuple(sorted(c.url for c in site.columns if c.column.kind in {*POLICY_KINDS, *READING_KINDS})),
        )


def _is_wide(document: Document) -> bool:
    return _WIDE.search(document.shown) is not None and _NARROW.search(document.shown) is None
