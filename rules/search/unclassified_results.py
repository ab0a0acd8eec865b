"""SR-03: results of a search that cannot be narrowed by class."""

from collections.abc import Iterator

from crawler.api import Certainty, Finding, Place, Said, Severity, SiteView, cite, printed, site_rule


@site_rule(
    "SR-03",
    severity=Severity.POINTS,
    form="proposed",
    points=1.0,
    basis=(cite("guobanmihan-2019-19", "search.classified"), cite("linxia-2022-08-26", "seed.m")),
)
def unclassified_results(site: SiteView) -> Iterator[Said]:
    """搜索结果未分类

    为什么: 搜索结果没有分类展示扣1分；结果成百上千条时，不能按新闻、文件、服务分开看就找不到要的。

    看什么: 试查得到的结果页上有没有分类：分类标签（全部、新闻、文件、服务……）、按栏目筛选、分类下拉框。
    由脚本画出来的结果页看不全，不下结论；须人工打开结果页确认。

    怎么改: 在结果页上方按信息类型或栏目给出分类标签，并显示各类条数。
    """
    look = site.search()
    if look is None:
        yield site.undecidable("未试查")
    elif look.works == "no":
        yield site.not_applicable("搜索不可用，由 SR-01 判断")
    elif look.works == "unknown" or look.classified == "unknown":
        yield site.undecidable(f"看不到搜索结果页：{look.note or '结果由脚本生成'}")
    elif look.classified == "no":
        yield Finding(
            message="站内搜索的结果没有分类",
            at=Place(look.url),
            key="unclassified",
            certainty=Certainty.PROPOSED,
            evidence={"试查地址": look.url, "试查时间": printed(look.at)},
            cites=(f"search:{site.id}",),
        )
