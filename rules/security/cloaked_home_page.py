"""SC-06: a home page that shows another face to those who come from a search engine (BEHAVIOURS 76)."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from crawler.api import (
    Certainty,
    Finding,
    NotConfigured,
    PageFacts,
    Place,
    Said,
    Severity,
    SiteView,
    State,
    cite,
    harmful,
    host_of,
    registrable,
    site_rule,
    why_unknown,
)


@site_rule("SC-06", severity=Severity.VETO, basis=(cite("guobanmihan-2019-19", "veto.security"),), form="proposed")
def cloaked_home_page(site: SiteView, *, alike: float = 0.3) -> Iterator[Said]:
    """从搜索引擎打开的首页内容不同

    为什么: 被入侵的网站常常只给从搜索引擎、手机进来的人看赌博页面，直接输入网址的人看不到，管理员很难发现。

    看什么: 网站主管同意后（网站文件写 cloaking_check: true），每晚多请求一次首页：User-Agent 仍是本程序，
    只加上 Mobile 字样和搜索引擎来源。与平常打开的首页比，标题是不是完全不同、多出赌博色情词语、
    或者被转到别人的网站。手机版页面、被防护拦截的不算。须人工用手机从搜索引擎点开确认后计入。

    怎么改: 保留现场，检查首页模板、脚本和服务器配置中判断来源、User-Agent 的代码，清除后修补漏洞，并按规定报告。
    """
    if not site.site.cloaking_check:
        yield NotConfigured("未开启（网站文件中没有 cloaking_check: true）")
        return
    known, other = site.searched()
    usual = site.home.facts if site.home is not None else None
    if known is None or usual is None:
        yield site.undecidable("首页没有读到，无从比较")
    elif known.state is not State.ALIVE or known.blocked or known.pending or other is None or other.protection:
        yield site.undecidable(f"带搜索引擎来源的请求没有得到网页：{why_unknown(known)}")
    elif words := _difference(usual, other, alike):
        yield Finding(
            message=f"从搜索引擎打开首页，{words}",
            at=Place(site.site.home, "", other.title[:200]),
            key="cloaked",
            certainty=Certainty.PROPOSED,
            evidence={
                "平常的标题": usual.title[:200],
                "从搜索引擎打开的标题": other.title[:200],
                "从搜索引擎看到的正文": other.prose[:200],
            },
        )


def _difference(usual: PageFacts, other: PageFacts, alike: float) -> str:
    if other.lures and not usual.lures:
        return f"看到赌博、色情等广告：{other.lures[0].text[:60]}"
    where = host_of(other.redirect) or host_of(other.url)
    if where and registrable(where) not in {registrable(host_of(url)) for url in (usual.url, usual.redirect) if url}:
        return f"被转到 {where}"
    if harmful.is_casino_text(other.prose[:20_000]) and not harmful.is_casino_text(usual.prose[:20_000]):
        return "正文变成了赌博、色情广告"
    # A phone's page has a title of its own, which still names the site.
    titles = usual.title[:100], other.title[:100]
    if all(titles) and SequenceMatcher(None, *titles, autojunk=False).ratio() < alike:
        return f"标题完全不同：“{other.title[:60]}”"
    return ""
