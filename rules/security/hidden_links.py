"""SC-01: links that readers cannot see and that lead to gambling, porn or a crowd of strangers."""

from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Finding,
    Link,
    PageView,
    Said,
    Severity,
    cite,
    harmful,
    host_of,
    page_rule,
    registrable,
)

_WAYS = {
    "none": "隐藏显示（display:none 等）",
    "opacity": "透明",
    "tiny": "字号为0或1像素",
    "tiny-around": "外层字号为0或1像素",
    "offscreen": "移到屏幕之外",
    "zero": "宽高为0并裁去",
    "clip": "裁剪掉",
    "colour": "文字与背景同色或透明",
    "colour-around": "外层文字与背景同色",
    "marquee": "1像素的滚动条",
    "noscript": "写在 noscript 里",
    "comment": "写在网页注释里",
    "written": "由脚本写出并隐藏",
    "script": "由脚本隐藏",
}
# Nobody who waits for a click hides so.
_TRICKS = frozenset(
    {"hidden:offscreen", "hidden:clip", "hidden:colour", "hidden:marquee", "hidden:tiny", "hidden:written"}
)


@page_rule(
    "SC-01",
    severity=Severity.VETO,
    basis=(cite("guobanmihan-2019-19", "veto.security"), cite("guobanfa-2017-47", "links.visible")),
)
def hidden_links(page: PageView, *, strangers: int = 5) -> Iterator[Said]:
    """暗链

    为什么: 看不见的站外链接是网站被入侵的痕迹，把访问者和搜索引擎引向赌博、色情网站，属单项否决事项，须立即核实处置。

    看什么: 网页里看不见（隐藏、透明、移出屏幕、同色、1像素滚动、脚本写出、注释里）又指向站外陌生网站的链接，
    文字或域名含赌博、色情、办假证等词的，或用上述手法藏了许多互不相干的网站的。
    菜单、选项卡、无障碍说明、分享按钮、指向政府网站的隐藏下拉都不算；谈论打击赌博的文章不算。须人工确认后计入。

    怎么改: 先断开或下线该页并保留现场，删除这些代码，排查服务器上的后门和被改的模板、脚本，
    修补漏洞后再恢复，并按规定报告。
    """
    links = page.facts.hidden_links
    bad = [link for link in links if _weight(link)]
    weight = sum(_weight(link) for link in bad)
    crowd = {registrable(host_of(link.url)) for link in links if link.origin in _TRICKS}
    if weight >= harmful.ENOUGH:
        yield _finding(page, bad, "看不见的站外链接带有赌博、色情等词")
    elif len(crowd) >= strangers:
        yield _finding(page, [link for link in links if link.origin in _TRICKS], "用隐藏手法放了许多陌生网站的链接")


def _weight(link: Link) -> int:
    if harmful.is_about(link.text):
        return 0
    named = 1 if harmful.is_bad_host(host_of(link.url)) else 0
    return harmful.weight(link.text) + named


def _finding(page: PageView, links: list[Link], words: str) -> Finding:
    first = links[0]
    domains = sorted({registrable(host_of(link.url)) for link in links})
    ways = sorted({_WAYS.get(link.origin.removeprefix("hidden:"), "隐藏") for link in links})
    listed = "\n".join(f"{link.text[:60]} {link.url[:200]}" for link in links[:20])
    return Finding(
        message=f"疑似暗链：{words}，例如“{first.text[:40]}”指向 {host_of(first.url)}",
        at=page.place(quote=first.text or first.href),
        key="hosts:" + ",".join(domains[:3]),  # the same injection in a template is one finding
        certainty=Certainty.PROPOSED,
        evidence={"隐藏方式": "、".join(ways), "链接": listed, "链接数": str(len(links))},
        per="site",
    )
