"""LK-08: links to sites of others that do not say that one leaves."""

import re
from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Finding,
    NotApplicable,
    PageView,
    Said,
    Severity,
    cite,
    host_of,
    is_trusted,
    page_rule,
    resolve,
)

_PROMPT = re.compile(
    r"即将离开|将要离开|正在离开|离开(?:本|政府|当前)?(?:网站|门户|页面)|(?:跳转|访问|前往)[^。<]{0,12}(?:第三方|外部|非政府)"
)
_HANDLED = re.compile(
    r"confirm\s*\(|layer\.|outlink|out_link|outsite|leave|external|wailian|waiLink|jumpTo|goOut", re.IGNORECASE
)
# Scripts that listen to no link: what they are called is told by their names.
_HARMLESS = re.compile(
    r"jquery(?:[.-](?:min|\d[\w.-]*))*\.js|swiper|superslide|bootstrap|slick|conac|jiucuo|hm\.js|stat|count|wza|accessib|share|html5shiv|respond",
    re.IGNORECASE,
)
_LOOKED_AT = 2_000  # links of one page


@page_rule("LK-08", severity=Severity.HINT, basis=(cite("guobanfa-2017-47", "links.visible"),), form="proposed")
def no_leave_prompt(page: PageView) -> Iterator[Said]:
    """非政府网站外链未提示

    为什么: 从政府网站点到别人的网站，页面样子相近时公众分不清谁在负责，离开时应有提示。

    看什么: 首页上指向非政府网站的链接，网页和页内脚本里有没有“您即将离开本站”一类的提示。
    新华网、人民网等和常用服务商不算；页面引用了没有读到的脚本时，提示可能写在里面，不下结论，
    须在浏览器中点开看。须人工确认后计入。

    怎么改: 在公共模板里给站外链接加上离开提示，或者撤下不必要的站外链接。
    """
    if not page.is_home:
        yield NotApplicable("只看首页")
        return
    if page.facts.protection or page.facts.shell:
        yield page.undecidable("首页没有读到")
        return
    try:
        anchors = page.html.css("a[href]")[:_LOOKED_AT]
        scripts = page.html.css("script")
        words = " ".join([*(e.text for e in page.html.css("body")), *(s.text for s in scripts)])
    except LookupError:
        yield page.undecidable("网页内容没有保存")
        return
    out: dict[str, str] = {}
    for anchor in anchors:
        host = host_of(resolve(page.url, anchor.attrs.get("href", ""))[0])
        handled = _HANDLED.search(f"{anchor.attrs.get('onclick', '')} {anchor.attrs.get('class', '')}")
        if host and host not in page.site.site.hosts and not is_trusted(host) and not handled:
            out.setdefault(host, anchor.text.strip())
    if not out:
        yield NotApplicable("首页没有指向非政府网站的链接")
    elif _PROMPT.search(words):
        return
    elif any(not _HARMLESS.search(url) for url in page.facts.scripts) or any(_HANDLED.search(s.text) for s in scripts):
        yield page.undecidable(f"首页有 {len(out)} 个非政府网站的链接，提示可能由脚本给出，须在浏览器中点开看")
    else:
        first = min(out)
        yield Finding(
            message=f"首页有 {len(out)} 个非政府网站的链接，点开时没有离开提示",
            at=page.place("", out[first] or first),
            key="no-prompt",
            certainty=Certainty.PROPOSED,
            evidence={"站外网站": "\n".join(f"{host} {text[:40]}" for host, text in sorted(out.items())[:50])},
        )
