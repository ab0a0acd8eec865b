"""An announcement of a superior government that a site owes and does not carry."""

from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Examined,
    Finding,
    FleetView,
    NotApplicable,
    NotConfigured,
    Place,
    Said,
    Severity,
    Undecidable,
    cite,
    fleet_rule,
    path_key,
    printed,
    timedelta,
)
from rules.repost._matching import REPOST_KINDS, STALE_AFTER, WINDOW, Owed, owed, repost_columns, tally, unread_column


@fleet_rule(
    "RP-02",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(
        cite("linxia-2022-08-26", "seed.j"),
        cite("guobanfa-2014-57", "repost.24h"),
        cite("guobanfa-2017-47", "repost.superior"),
    ),
)
def missing_repost(
    fleet: FleetView, *, window: timedelta = WINDOW, stale_after: timedelta = STALE_AFTER
) -> Iterator[Said]:
    """重要信息漏转

    为什么: 州里通报指出“各政府网站普遍对转载信息不够重视，未转载国家、省上重大活动、重要会议、重要政策信息”。

    看什么: 登记的来源（中国政府网等）近30天的每条信息，过了转载期限后在本网站有没有。
    按原文链接、标题、文号、相近标题、正文依次比对，登在任何栏目都算；年份、届次或发文机关不同的不算同一条。
    动态要闻、通知公告、政策文件、国务院信息栏目没有完整读过的，不下“漏转”的结论；须人工确认后计入。

    怎么改: 打开列出的原文，转载到国务院信息或动态要闻栏目，注明来源；只登链接也算转载。
    """
    if not fleet.sources:
        yield NotConfigured("未登记应转载的信息来源（config/sources.yaml）")
        return
    found = owed(fleet, window=window, stale_after=stale_after)
    for one in found:
        if not isinstance(one, Owed):
            yield one
        elif one.match is not None:
            yield Examined(one.site.id)
        elif fleet.as_of <= one.due:
            yield NotApplicable("尚未到转载期限", one.site.id)
        elif not repost_columns(one.site):
            yield NotConfigured(f"未登记{'、'.join(REPOST_KINDS)}中的任何一类栏目", one.site.id)
        elif reason := unread_column(one.site, one.due):
            yield Undecidable(reason, one.item.url, one.site.id)
        else:
            yield _finding(one, tally([other for other in found if isinstance(other, Owed) and other.site is one.site]))


def _finding(one: Owed, tallied: str) -> Finding:
    columns = repost_columns(one.site)
    return Finding(
        message=f"没有转载{one.source.name}的《{one.item.title.strip('《》')}》",
        at=Place(one.item.url, "", one.item.title[:200]),
        key=path_key(one.item.url),
        certainty=Certainty.PROPOSED,
        target=one.item.url,
        evidence={
            "来源": one.source.name,
            "来源发布": printed(one.earliest)[: 10 if one.earliest != one.latest else 16],
            "转载期限": printed(one.due),
            "同期应转": tallied,
            "查过的栏目": "、".join(sorted({column.column.name for column in columns})),
        },
        cites=tuple(sorted(column.url for column in columns)),
        site=one.site.id,
    )
