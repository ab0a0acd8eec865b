"""A site on which not every page carries all seven identifiers."""

from collections.abc import Iterator

from crawler.api import Finding, Place, Said, Severity, SiteView, cite, site_rule

# Items by list (RULES 1.3): 47号 counts organizer and contact as one, 19号 scores them apart and no site map.
_BY_47: dict[str, tuple[str, ...]] = {
    "党政机关网站标识": ("FT-01",),
    "找错入口": ("FT-02",),
    "网站标识码": ("FT-03",),
    "主办单位及联系方式": ("FT-04", "FT-05"),
    "ICP备案编号": ("FT-06",),
    "公安机关备案标识": ("FT-07",),
    "站点地图": ("FT-08",),
}
_BY_19: dict[str, tuple[str, ...]] = {
    "党政机关网站标识": ("FT-01",),
    "网站标识码": ("FT-03",),
    "ICP备案编号": ("FT-06",),
    "公安机关备案标识": ("FT-07",),
    "主办单位": ("FT-04",),
    "联系方式": ("FT-05",),
}


@site_rule(
    "FT-09",
    severity=Severity.LOCAL,
    basis=(cite("linxia-2022-08-26", "seed.i"), cite("guobanfa-2017-47", "footer.all")),
    rollup=("FT-01", "FT-02", "FT-03", "FT-04", "FT-05", "FT-06", "FT-07", "FT-08"),
)
def incomplete_footers(site: SiteView, *, minimum: float = 1.0) -> Iterator[Said]:
    """七种标识未覆盖全部页面

    为什么: 州里通报要求“所有页面底部添加网站标识码等7种标识”，一个页面不全就没有做到。

    看什么: 检查过的页面中，七种标识齐全的占多少。国办发〔2017〕47号的七项和
    国办秘函〔2019〕19号计分的六项分别列出。附件、跳转页、打印页、内嵌框架不在其内，专题页在其内。

    怎么改: 让所有模板（首页、栏目、内容、专题）共用一个页脚，七项写在里面；
    再按 FT-01 至 FT-08 各条列出的页面逐一核对。
    """
    lacking = {code: set[str]() for code in ("FT-01", "FT-02", "FT-03", "FT-04", "FT-05", "FT-06", "FT-07", "FT-08")}
    for code, finding in site.findings:
        lacking[code].update(finding.cites)
    examined = max((number for number, _ in site.examined.values()), default=0)
    unknown = max((number for _, number in site.examined.values()), default=0)
    if not examined:
        yield site.undecidable("没有读到可以判断页脚的页面")
        return
    pages = set().union(*lacking.values())
    if unknown > 0.01 * (examined + unknown):
        yield site.undecidable(f"有 {unknown} 个页面的页脚尚未读到")
    if examined - len(pages) >= minimum * examined:
        return
    yield Finding(
        message=f"检查的 {examined} 个页面中，{len(pages)} 个页面七种标识不全",
        at=Place(min(pages)),
        key="coverage",
        count=len(pages),
        cites=tuple(sorted(pages)),
        evidence={
            "齐全的比例": f"{(examined - len(pages)) / examined:.1%}",
            "国办发〔2017〕47号七项": _listed(_BY_47, lacking),
            "国办秘函〔2019〕19号六项": _listed(_BY_19, lacking),
        },
    )


def _listed(items: dict[str, tuple[str, ...]], lacking: dict[str, set[str]]) -> str:
    """`网站标识码缺 12 页、ICP备案编号齐全、…`."""
    counted = {name: len(set().union(*(lacking[code] for code in codes))) for name, codes in items.items()}
    return "；".join(f"{name}缺 {number} 页" if number else f"{name}齐全" for name, number in counted.items())
