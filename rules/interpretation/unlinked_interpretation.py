"""An interpretation that does not link to the document it explains."""

from collections.abc import Iterator

from crawler.api import Finding, NotApplicable, PageView, Said, Severity, cite, page_rule
from rules.interpretation._pairs import POLICY_KINDS, READING_KINDS, links_to, pairs, unread


@page_rule(
    "IN-03",
    severity=Severity.POINTS,
    points=0.5,
    basis=(cite("guobanmihan-2019-19", "interpretation.linked"), cite("linxia-2022-08-26", "seed.k")),
    kinds=READING_KINDS,
)
def unlinked_interpretation(page: PageView) -> Iterator[Said]:
    """解读未关联文件

    为什么: 看了解读要能一步看到文件原文；检查指标要求解读与文件相互关联，州里通报要求互相跳转。

    看什么: 政策解读栏目的文章所解读的文件在本网站上的，解读页上有没有通往文件页的链接（相关阅读中的也算）。
    按标题中的文件名、文号、正文开头的文件名依次比对；只写文件名、没有链接的不算关联；相关链接由脚本填写的不下结论。

    怎么改: 在解读页加上文件原文的链接，并在文件页加上这篇解读的链接。
    """
    if page.column is not None or page.facts.kind != "article":
        yield NotApplicable("不是解读文章")
        return
    found = pairs(page.site)
    reading = found.readings.get(page.url)
    if reading is None or not reading.documents:
        column = unread(page.site, POLICY_KINDS)
        if column:
            yield page.undecidable(f"栏目“{column}”没有读完，不知所解读的文件是否在本网站")
        else:
            yield NotApplicable("本网站上没有找到所解读的文件")
        return
    missing = []
    for document in reading.documents:
        linked = links_to(page, document.urls, (document.shown,))
        if linked is None:
            yield page.undecidable("相关链接由脚本填写，须用浏览器打开才能看到")
            return
        if not linked:
            missing.append(document)
    if len(missing) < len(reading.documents):  # of several it links one: they are told apart by nothing, or it is done
        return
    yield Finding(
        message=f"解读没有链接到所解读的文件《{missing[0].shown.strip('《》')}》",
        at=page.place(quote=page.facts.heading or page.facts.title),
        key="no-link-to-document",
        target=page.url,
        evidence={
            "解读": page.facts.heading or page.facts.title,
            "文件": missing[0].shown,
            "文件地址": missing[0].urls[0],
        },
        cites=(page.url, missing[0].urls[0]),
        fix=f"在解读页加上链接：{missing[0].urls[0]}",
    )
