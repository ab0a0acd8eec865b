"""A page without a link to a site map that opens."""

from collections.abc import Iterator
from dataclasses import replace

from crawler.api import Mark, PageView, Said, Severity, State, cite, page_rule, resolve, said_by
from rules.footer._items import lack, marks, missing, out_of_scope, template


@page_rule(
    "FT-08",
    severity=Severity.LOCAL,
    basis=(cite("guobanfa-2017-47", "footer.sitemap"), cite("linxia-2022-08-26", "seed.i")),
)
def no_site_map(page: PageView) -> Iterator[Said]:
    """站点地图缺失

    为什么: 站点地图让公众一眼看到网站的全部栏目，是页面底部七种标识之一
    （国办秘函〔2019〕19号不计分，州里通报要求所有页面都有）。

    看什么: 每个页面底部是否有“网站地图”或“站点地图”的链接，并且链接能打开。
    只有文字没有链接、写在注释里、链接打不开的都不算。

    怎么改: 建立站点地图页面，在公共页脚模板中加上指向它的链接，并点开确认。
    """
    fix = "在此页所用的页脚模板中加上“网站地图”链接，并确认能打开。"
    yield from missing(page, "sitemap", accepts=_is_link, fix=fix)
    if out_of_scope(page) is not None:
        return
    links = [mark for mark in marks(page, "sitemap") if mark.visible and _is_link(mark)]
    broken = [words for mark in links if (words := _dead(page, mark))]
    if links and len(broken) == len(links):
        yield _unopenable(page, links[0], broken[0])


def _is_link(mark: Mark) -> bool:
    return mark.via in {"html", "script", "image"} and ("/" in mark.value or "." in mark.value)


def _dead(page: PageView, mark: Mark) -> str:
    """What the link's target was last seen to be, if it is dead."""
    url = resolve(page.url, mark.value)[0]
    known = page.site.known(url) if url else None
    return said_by(known.seen) if known and known.state is State.DEAD and known.seen else ""


def _unopenable(page: PageView, mark: Mark, words: str) -> Said:
    said = lack(page, "sitemap", (mark,), _is_link, fix="修复站点地图页面，或把链接改到能打开的地址。")
    return replace(
        said,
        message=f"页面底部的站点地图链接打不开：{words}",
        key=f"sitemap-dead@{template(page)}",
        target=resolve(page.url, mark.value)[0],
        evidence={"链接": mark.value, "结果": words},
    )
