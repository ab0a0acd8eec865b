"""A 政务新媒体 account without a post in two weeks."""

from collections.abc import Iterator

from crawler.api import Finding, Place, Said, Severity, SiteView, cite, site_rule


@site_rule(
    "NM-01",
    severity=Severity.VETO,
    basis=(cite("guobanmihan-2019-19", "media.stale"),),
    form="input",
    inputs=("media",),
)
def silent_new_media(site: SiteView, *, limit_days: int = 14, stale_after_days: int = 31) -> Iterator[Said]:
    """政务新媒体不更新

    为什么: 政务新媒体两周没有更新，该账号单项否决（否决的是账号，不是网站）。

    看什么: 人工登记的最近发布日期（config/inputs/media.csv）。核查那天距最近一次发布超过14天的列出；
    本程序不抓取商业平台。核查日期太旧的不下结论。

    怎么改: 及时更新账号，无力运维的按程序关停；更新后改写 media.csv 中的最近发布日期和核查日期。
    """
    table = site.inputs["media"]
    for row in table.rows:
        name = f"{row.get('platform') or '政务新媒体'}“{row['name']}”"
        last, checked = row.get("last_post"), row["checked"]
        if not 0 <= (site.as_of.date() - checked).days <= stale_after_days:
            early = "早于检查期" if checked < site.as_of.date() else "晚于检查日期"
            yield site.undecidable(f"{name}的资料截至 {checked}，{early}")
        elif last is None:
            yield site.undecidable(f"{name}没有写最近发布日期")
        elif (checked - last).days > limit_days:
            days = (checked - last).days
            yield Finding(
                f"{name}到 {checked} 已 {days} 天没有更新",
                at=Place(site.site.home),
                key=f"account:{row.get('platform') or ''}:{row['name']}",
                evidence={"最近发布": str(last), "核查日期": str(checked), "资料": table.file},
                cites=("input:media",),
            )
