"""FT-14: the icon of the error-report entrance that leads nowhere."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, Finding, NotApplicable, PageView, Said, Severity, cite, page_rule
from rules.footer._items import UNREAD, marks, out_of_scope, template

_NOWHERE = re.compile(r"\s*(?:#.*|javascript\s*:\s*(?:void\s*\(?\s*0?\s*\)?)?\s*;?\s*)?\Z", re.IGNORECASE)


@page_rule("FT-14", severity=Severity.HINT, basis=(cite("guobanmihan-2019-19", "jiucuo.entrance"),), form="proposed")
def unlinked_icon(page: PageView) -> Iterator[Said]:
    """标识图片无链接

    为什么: 找错图标只是一张图片，公众点了没有反应，等于没有入口。

    看什么: 页脚的“我为政府网站找错”图标有没有链接、点击动作或官方脚本。
    党政机关标识只有图片的由 FT-01 指出。点击动作可能写在别处的脚本里，须人工点一下确认。

    怎么改: 从全国政府网站信息报送系统重新复制找错代码，连同链接和脚本一起放进公共页脚。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    found = marks(page, "jiucuo")
    if not found:
        yield page.undecidable(UNREAD) if page.unread else NotApplicable("页面上没有找错图标")
    elif all(mark.via == "image" for mark in found) and not _answers_a_click(page):
        if page.unread:
            yield page.undecidable(UNREAD)
            return
        yield Finding(
            message="“我为政府网站找错”图标没有链接，点击没有反应",
            at=page.place(found[0].place.css, found[0].place.quote),
            key=f"jiucuo@{template(page)}",
            certainty=Certainty.PROPOSED,
            evidence={"图片": found[0].place.quote[:200]},
            per="site",
        )


def _answers_a_click(page: PageView) -> bool:
    icon = 'img[src*="jiucuo" i]'
    if page.html.css(f"[onclick] {icon},{icon}[onclick],{icon}[id],[id*=jiucuo i] {icon}"):
        return True  # with an id a script may listen to it
    return any(not _NOWHERE.match(link.attrs.get("href", "")) for link in page.html.css(f"a[href]:has({icon})"))
