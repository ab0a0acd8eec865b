"""A link whose address is written wrong, points into an office network or is an unfilled template."""

from collections.abc import Iterator

from crawler.api import Finding, Link, PageView, Parent, Said, Severity, cite, page_rule

_WORDS = {
    "malformed": "链接地址书写有误",
    "private": "链接指向内网或本机地址，公众打不开",
    "placeholder": "链接是没有填好的模板占位符",
}
_FIXES = {
    "malformed": "改成规范的地址：{repaired}",
    "private": "把文件上传到网站，改用网站上的地址；不要从内部系统或本机复制链接。",
    "placeholder": "请技术人员检查模板：变量没有替换成真实地址。",
}


@page_rule(
    "LK-06",
    severity=Severity.HINT,
    basis=(cite("guobanfa-2017-47", "links.address"), cite("guobanfa-2017-47", "links.patrol")),
)
def odd_href(page: PageView) -> Iterator[Said]:
    """空链接/错误协议/内网地址

    为什么: 写错的地址有的浏览器能猜对，有的打不开；内网地址公众打不开，还会暴露内部网络。

    看什么: 链接地址有没有多余的空格、反斜杠、重复的 http://、全角字符等书写错误，
    是否指向 localhost、192.168 一类内网地址、本机文件（file:、C:\\\\），或留着 {{…}} 这样的模板变量。
    “#”、空链接和 javascript: 是页面控件，不算；修正后打不开的另由 LK-01、LK-02 指出。

    怎么改: 到列出的页面上把地址改规范；内网和本机的文件先上传到网站再链接。
    """
    for link in page.facts.odd_links:
        if link.fault in _WORDS:
            yield _finding(page, link)


def _finding(page: PageView, link: Link) -> Finding:
    named = f"“{link.text[:40]}”" if link.text else ""
    fix = _FIXES[link.fault].format(repaired=link.url) if link.url or link.fault != "malformed" else "改成规范的地址。"
    evidence = {"写法": link.href[:300]}
    if link.url:
        evidence["修正后"] = link.url
    return Finding(
        message=f"{_WORDS[link.fault]}{named}：{link.href[:120]}",
        at=page.place(quote=link.text or link.href),
        key=link.href[:500],
        target=(link.url or link.href)[:2000],
        fix=fix,
        parents=(Parent(page.url, link.text),),
        evidence=evidence,
        per="site",
    )
