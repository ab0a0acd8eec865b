"""A site that is not named after its area or body."""

from collections.abc import Iterator

from crawler.api import Certainty, Finding, Said, Severity, SiteView, cite, site_rule
from rules.domain._names import holds


@site_rule(
    "DN-05",
    severity=Severity.POINTS,
    points=1,
    basis=(cite("guobanmihan-2019-19", "domain"), cite("guobanfa-2017-47", "name.area")),
    form="proposed",
)
def wrong_name(site: SiteView) -> Iterator[Said]:
    """网站名称不规范

    为什么: 网站应以本地区、本部门的机构名称命名，不规范的扣1分。

    看什么: 首页的标题和 SiteName 标签里有没有登记的机构名称；简称、加“门户网站”“政府网”等后缀都可以，
    地名在内即可。两处都没有的列出来，由人确认。首页没有读到的不判断。

    怎么改: 首页标题和 SiteName 标签写本地区、本部门的机构名称；登记的名称有误的先更正登记。
    """
    home = site.open_page(site.site.home)
    if home is None or home.facts.protection or home.facts.soft_error:
        yield site.undecidable("首页没有读到")
        return
    title, name = home.facts.title.strip(), home.facts.meta("SiteName").strip()
    if not title and not name:
        yield site.undecidable("首页没有标题，可能由脚本写入")
    elif not holds(site, title) and not holds(site, name):
        yield Finding(
            message=f"首页标题“{title[:40]}”里没有网站名称“{site.site.name}”",
            at=home.place("title", title),
            key="name",
            certainty=Certainty.PROPOSED,
            evidence={"首页标题": title[:80] or "无", "SiteName 标签": name[:80] or "无", "登记的名称": site.site.name},
        )
