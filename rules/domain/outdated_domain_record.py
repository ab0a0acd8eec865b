"""A domain that expires, or a filing number in the footer that is not the recorded one."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, Finding, Place, Said, Severity, SiteView, cite, site_rule

_FILING = re.compile(r"ICP备\s*(\d{8,10})")


@site_rule(
    "DN-07",
    severity=Severity.HINT,
    basis=(cite("guobanhan-2018-55", "domain.release"),),
    form="input",
    inputs=("domain",),
)
def outdated_domain_record(site: SiteView, *, warn_days: int = 60, stale_after_days: int = 366) -> Iterator[Said]:
    """域名到期或备案信息不符

    为什么: 域名过期会被他人抢注，变成赌博、色情网站；不再使用的域名应注销，不得转让。

    看什么: 人工登记的域名到期日和备案号（config/inputs/domain.csv）。已到期的列出，60天内到期的提醒；
    首页底部的ICP备案编号与登记的不同，请人工核对。一年以前登记的资料不下结论。

    怎么改: 及时续费；备案主体变更的到通信管理部门更新备案，并改正页面底部的编号。
    """
    table = site.inputs["domain"]
    today = site.as_of.date()
    printed = _printed(site)
    for row in table.rows:
        if (today - row["checked"]).days > stale_after_days:
            yield site.undecidable(f"域名 {row['domain']} 的资料截至 {row['checked']}，早于检查期")
            continue
        expires = row.get("expires")
        evidence = {"到期": str(expires or "未登记"), "登记日期": str(row["checked"]), "资料": table.file}
        if expires is not None and (expires - today).days <= warn_days:
            words = "已经到期" if expires < today else f"将在 {(expires - today).days} 天后到期"
            yield Finding(
                f"域名 {row['domain']} {words}（{expires}）",
                at=Place(site.site.home),
                key=f"expires:{row['domain']}",
                # who renewed it may not have told us
                certainty=Certainty.PROPOSED,
                evidence=evidence,
                cites=("input:domain",),
            )
        recorded = set(_FILING.findall(row.get("icp") or ""))
        if recorded and printed and not recorded & printed:
            yield Finding(
                f"页面底部的ICP备案编号（{'、'.join(sorted(printed))}）与登记的 {row['icp']} 不同",
                at=Place(site.site.home),
                key=f"filing:{row['domain']}",
                certainty=Certainty.PROPOSED,
                evidence=evidence,
                cites=("input:domain", site.site.home),
            )


def _printed(site: SiteView) -> set[str]:
    """The digits of the filing numbers in the footer of the home page; empty where it was not read."""
    home = site.open_page(site.site.home)
    return {digits for mark in (home.footer.icp if home else ()) for digits in _FILING.findall(mark.value)}
