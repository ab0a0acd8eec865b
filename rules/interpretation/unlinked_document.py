"""A policy document that does not link to its interpretation."""

from collections.abc import Iterator

from crawler.api import Finding, NotApplicable, PageView, Said, Severity, cite, page_rule
from rules.interpretation._pairs import POLICY_KINDS, links_to, pairs


@page_rule(
    "IN-04",
    severity=Severity.POINTS,
    points=0.5,
    basis=(cite("guobanmihan-2019-19", "interpretation.linked"), cite("linxia-2022-08-26", "seed.k")),
    kinds=POLICY_KINDS,
)
def unlinked_document(page: PageView) -> Iterator[Said]:
    """文件未关联解读

    为什么: 公众看文件时要能一步看到解读；检查指标要求文件与解读相互关联，州里通报要求互相跳转。

    看什么: 本网站上有解读的文件，文件页上有没有通往任何一篇解读的链接（相关阅读中的也算）；
    一份文件有多篇解读的，链接其中一篇即可。没有解读的文件由 IN-02 判断；相关链接由脚本填写的不下结论。

    怎么改: 在文件页加上解读的链接（例如“相关解读”），并确认解读页也链接回文件。
    """
    found = pairs(page.site)
    document = found.by_url.get(page.url)
    if document is None:
        yield NotApplicable("不是政策文件")
        return
    readings = found.of_document.get(page.url, [])
    if not readings:
        yield NotApplicable("本网站上没有这份文件的解读")
        return
    # By address only: a link of the document's own name leads to its download, not to the interpretation.
    linked = links_to(page, tuple(one.url for one in readings), ())
    if linked is None:
        yield page.undecidable("相关链接由脚本填写，须用浏览器打开才能看到")
    elif not linked:
        yield Finding(
            message=f"文件没有链接到它的解读《{readings[0].shown.strip('《》')}》",
            at=page.place(quote=document.shown),
            key="no-link-to-interpretation",
            target=page.url,
            evidence={"文件": document.shown, "解读": readings[0].shown, "解读地址": readings[0].url},
            cites=(page.url, readings[0].url),
            fix=f"在文件页加上链接：{readings[0].url}",
        )
