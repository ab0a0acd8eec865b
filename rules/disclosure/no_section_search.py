"""A disclosure section in which nobody can search."""

from collections.abc import Iterator

from crawler.api import Certainty, Finding, NotApplicable, Said, Severity, SiteView, cite, site_rule
from rules.disclosure._platform import leads, section


@site_rule(
    "DA-04",
    severity=Severity.HINT,
    form="rendered",
    basis=(cite("guowuyuanling-711", "art.24"), cite("guobangongkaibanhan-2019-61", "platform.search")),
)
def no_section_search(site: SiteView) -> Iterator[Said]:
    """平台不支持检索查阅下载

    为什么: 条例第二十四条要求信息公开平台具备检索、查阅、下载功能，信息多了不能检索就等于找不到。

    看什么: 政府信息公开专栏页上有没有检索框（全站搜索也能检索，算有），或者通往检索页的链接。
    页面带脚本而没有用浏览器打开过的，可能是脚本生成了检索框，不下结论。须人工确认后计入。

    怎么改: 在政府信息公开专栏设检索框，能按标题、文号、日期查找，文件能下载。
    """
    page = section(site)
    if page is None:
        yield NotApplicable("没有读到政府信息公开专栏，由 DA-01 判断")
        return
    shown = leads(page)
    if shown is None or page.facts.protection:
        yield site.undecidable("专栏页没有读到")
        return
    if page.facts.search_boxes or any("检索" in lead.words or "搜索" in lead.words for lead in shown):
        return
    if page.via != "rendered" and (page.facts.scripts or page.facts.shell or page.facts.listing.units):
        yield site.undecidable("专栏页带脚本，检索框可能由脚本生成，须用浏览器打开才能确定")
        return
    yield Finding(
        message="政府信息公开专栏没有检索框",
        at=page.place(quote=page.facts.heading or page.facts.title),
        key="no-search",
        certainty=Certainty.PROPOSED,
        target=page.url,
        cites=(page.url,),
    )
