"""Whether the home page shows the national emblem: it may be inside the logo picture."""

from collections.abc import Iterator

from crawler.api import Said, Severity, SiteView, cite, site_rule


@site_rule(
    "BR-01",
    severity=Severity.HINT,
    basis=(cite("guohuifa-2020", "art6-7"),),
    form="person",
)
def no_national_emblem(site: SiteView) -> Iterator[Said]:
    """首页未显著展示国徽

    为什么: 各级人民政府应当在其网站首页显著位置使用国徽图案；部门网站不在此列。

    看什么: 国徽常常画在网站标题图片里，程序看不准，由人判定：打开首页，看网站名称旁是否有国徽。

    怎么改: 在首页头部网站名称旁使用国徽网公布的标准图案。
    """
    if site.site.level != "portal":
        yield site.not_applicable("部门网站不在国徽法规定的范围")
        return
    yield site.undecidable(f"由人判定：打开首页 {site.site.home}，看头部网站名称旁是否有国徽图案")
