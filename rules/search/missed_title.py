"""SR-02: a search that does not find what the site has published, or does not tell it from anything else."""

from collections.abc import Iterator

from crawler.api import Certainty, Finding, Place, Said, Severity, SiteView, cite, datetime, printed, site_rule


@site_rule(
    "SR-02",
    severity=Severity.POINTS,
    form="proposed",
    points=1.0,
    basis=(cite("guobanmihan-2019-19", "search.site"), cite("guobanfa-2017-47", "search.site")),
)
def missed_title(site: SiteView) -> Iterator[Said]:
    """搜索结果不准

    为什么: 检查时用4个已发布的标题试查，不在结果第一页的每个扣1分；查不到等于没有发布。

    看什么: 用发布30天以上、全站只有一条的标题试查，结果第一页有没有这条（按标题或地址认）；第二页和第一页是否不同；
    随意编的词是否也查出结果。一个标题也查不到的由 SR-01 判断；没有试查、被验证码或防护挡住的不下结论。

    怎么改: 重建搜索索引并按相关度排序，用列出的标题逐个试查，确认在第一页；翻页参数失效的一并修好。
    """
    look = site.search()
    if look is None:
        yield site.undecidable("未试查")
        return
    if look.works == "unknown":
        yield site.undecidable(f"未能试查：{look.note}")
        return
    if look.works == "no":
        yield site.not_applicable("搜索不可用，由 SR-01 判断")
        return
    for trial in look.trials:
        if trial.found == "no":
            yield _finding(
                site, f"站内搜索查不到已发布的《{trial.title}》", f"title:{trial.url}", trial.asked, trial.url, look.at
            )
    if look.paging == "no":
        yield _finding(site, "站内搜索结果的第二页和第一页一样", "paging", look.url, None, look.at)
    if look.nonsense == "no":
        yield _finding(site, "站内搜索对随意编的词也列出结果", "nonsense", look.url, None, look.at)


def _finding(site: SiteView, message: str, key: str, asked: str, target: str | None, at: datetime) -> Finding:
    from_title = key.startswith("title:")
    return Finding(
        message=message,
        at=Place(asked),
        key=key,
        certainty=Certainty.PROPOSED,
        target=target,
        evidence={"试查地址": asked, "试查时间": printed(at)},
        severity=None if from_title else Severity.HINT,
        points=None if from_title else 0.0,
        cites=(f"search:{site.id}",),
    )
