"""A site without a section called 政府信息公开."""

from collections.abc import Iterator

from crawler.api import Certainty, Finding, Place, Said, Severity, SiteView, cite, host_of, site_rule
from rules.disclosure._platform import NAME, SECTION, entrances, leads


@site_rule(
    "DA-01",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(cite("guobangongkaibanhan-2019-61", "platform.name"),),
)
def no_disclosure_section(site: SiteView) -> Iterator[Said]:
    """政府信息公开专栏缺失或名称不一

    为什么: 国办公开办函〔2019〕61号要求专栏统一叫“政府信息公开”，放在已有网站上，不另建网站，公众到哪个网站都找得到。

    看什么: 首页（或首页上“政务公开”一类栏目的下一级）有没有名为“政府信息公开”的入口，入口是不是在本网站。
    图片入口按图片说明认。首页没有读到、由脚本生成的，不下结论。须人工确认后计入。

    怎么改: 把专栏统一命名为“政府信息公开”，在首页显著位置设入口；另建的专门网站并入本网站。
    """
    home = site.open_page(site.site.home)
    if home is None or home.facts.protection:
        yield site.undecidable("首页没有读到")
        return
    shown = leads(home)
    if home.facts.shell or not shown:
        yield site.undecidable("首页由脚本生成，须用浏览器打开才能看到")
        return
    named = any(SECTION.search(column.column.name.strip()) for column in site.columns)
    right, other = entrances(site, home)
    own = {host.lower() for host in site.site.hosts} | {host_of(site.site.home), host_of(home.url)}
    if named or any(not lead.url or host_of(lead.url) in own for lead in right):
        return
    if right:
        key, words = "separate", f"“{NAME}”的入口指向另一个网站 {host_of(right[0].url)}"
    elif other:
        key, words = "name", f"专栏名为“{other[0].words}”，没有统一为“{NAME}”"
    else:
        key, words = "missing", f"首页没有“{NAME}”专栏的入口"
    yield Finding(
        message=words,
        at=Place(home.url, "", (right or other)[0].words if right or other else ""),
        key=key,
        certainty=Certainty.PROPOSED,
        cites=(home.url,),
    )
