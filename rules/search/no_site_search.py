"""A site on which no search box can be seen."""

from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Finding,
    Place,
    Said,
    SearchLook,
    Severity,
    SiteView,
    cite,
    printed,
    site_rule,
    why_unknown,
)


@site_rule(
    "SR-01",
    severity=Severity.POINTS,
    form="proposed",
    points=4.0,
    basis=(
        cite("guobanmihan-2019-19", "search.site"),
        cite("guobanfa-2017-47", "search.site"),
        cite("linxia-2022-08-26", "seed.m"),
    ),
)
def no_site_search(site: SiteView) -> Iterator[Said]:
    """无站内搜索/不可用

    为什么: 没有站内搜索或搜索不可用扣4分；公众找不到信息，公开就等于没有公开。

    看什么: 首页和其他页面上有没有站内搜索：表单、脚本检索框、通往搜索页的链接都算。
    登录框、企业查询、办件查询不是站内搜索。配置允许试查（search_probe: true）的，夜里用发布30天以上的标题和
    随意编的词各查一次：打不开、返回失败、查什么都一样、结果是占位内容、标题都查不到、结果点不开的算不可用。
    没有试查的，见到检索框也不算通过；验证码、安全防护挡住的不下结论。

    怎么改: 在所有页面的头部放一个站内搜索框，用几条已发布信息的标题试查，结果第一页应能找到。
    """
    look = site.search()
    if look is not None and look.works != "unknown":
        yield from _tried(site, look)
        return
    untried = f"只见到检索框，未能试查：{look.note}" if look is not None and look.note else "只见到检索框，未试查"
    home, elsewhere, read = None, False, 0
    for page in site.pages():
        read += 1
        if page.is_home:
            home = page
            if any(box.scope != "column" for box in page.facts.search_boxes):
                yield site.undecidable(untried)
                return
        elsewhere = elsewhere or any(box.scope == "site" for box in page.facts.search_boxes)
    if home is None:
        yield site.undecidable(f"首页没有读到：{why_unknown(site.home.known) if site.home else '尚未检查'}")
    elif home.facts.protection or home.facts.shell:
        yield site.undecidable("首页由脚本生成或被安全防护拦截，看不到检索框")
    elif elsewhere:
        yield site.undecidable("首页没有检索框，其他页面有；未试查")
    else:
        yield Finding(
            message=f"首页和其他读过的页面（共 {read} 个）上都没有见到站内搜索",
            at=Place(home.url),
            key="no-search",
            certainty=Certainty.PROPOSED,
            target=site.site.home,
            evidence={"看过的页面": str(read)},
            cites=(home.url,),
        )


def _tried(site: SiteView, look: SearchLook) -> Iterator[Said]:
    """What a trial came to. A search that works and shows a dead result is no use, either."""
    if look.works == "no":
        why = look.note
    elif look.opens == "no":
        why = "搜索结果点不开"
    else:
        return
    told = {"试查地址": look.url, "试查时间": printed(look.at)}
    asked = "、".join(trial.title for trial in look.trials)
    if asked:
        told["试查的标题"] = asked
    if look.opens == "no":
        told["点不开的结果"] = look.result
    yield Finding(
        message=f"站内搜索不可用：{why}",
        at=Place(look.url),
        key="no-search",
        certainty=Certainty.PROPOSED,
        target=site.site.home,
        evidence=told,
        cites=(f"search:{site.id}",),
    )
