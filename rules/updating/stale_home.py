"""A home page on which nothing is new for two weeks."""

from collections.abc import Iterator

from crawler.api import Certainty, Finding, Said, Severity, SiteView, cite, site_rule, timedelta, why_unknown
from rules.updating._home import shown

_LIMIT = timedelta(days=14)


@site_rule(
    "UP-01",
    severity=Severity.VETO,
    basis=(cite("guobanmihan-2019-19", "veto.home-stale"),),
    excusable=True,
    form="proposed",
)
def stale_home(site: SiteView, *, limit: timedelta = _LIMIT) -> Iterator[Said]:
    """首页不更新

    为什么: 首页两周没有更新即单项否决，网站不合格；没有发布时间的信息视为未更新。

    看什么: 首页列出和链接的文章中最新的发布日期（文章自己的日期优先，其次列表日期）；首页只有导航的，
    看它通向的全部二级页面。首页有脚本填充的栏目没有读到、链接的页面还没有全部读到的，不下结论。
    从打开首页的那天起算，节假日照算。须人工打开首页确认。

    怎么改: 在首页栏目中及时发布信息，并给每条信息标明发布时间。
    """
    if site.is_down:
        yield site.not_applicable("首页打不开，由 AV-08 判断")
        return
    found = shown(site, limit)
    if found is None:
        yield site.undecidable(why_unknown(site.home.known) if site.home else "首页没有读到")
    elif found.why:
        yield site.undecidable(found.why)
    elif found.day is not None and found.idle > limit.days:
        yield Finding(
            message=f"首页已有 {found.idle} 天没有更新，最新一条是 {found.day}",
            at=found.page.place(quote=found.title),
            key="stale",
            certainty=Certainty.PROPOSED,
            evidence={
                "最新一条": f"{found.day} {found.title}",
                "网址": found.url,
                "看的是": found.through,
                "期限": f"{limit.days} 天，应在 {found.day + limit} 前更新；已超过期限，确认后即触发单项否决",
                "没有日期的文章": f"{found.undated} 篇（视为未更新）",
            },
        )
