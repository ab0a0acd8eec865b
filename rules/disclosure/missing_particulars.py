"""Policy documents whose pages do not name number, maker, dates or subject."""

import re
from collections.abc import Iterator

from crawler.api import Finding, PageView, Said, Severity, cite, page_rule
from rules.disclosure._documents import POLICY_KINDS, issuer, listed_particulars, no_document, written_on

# Kinds of document that carry a 文号; a 通告, 公告, 令 or letter may do without.
_NUMBERED = re.compile(r"(?:通知|意见|决定|批复|办法|方案|规定|细则|规划|措施)(?:[（(].*[）)])?$")
_ELEMENTS = ("发文字号", "发文机关", "成文日期", "发布日期", "主题分类")


@page_rule(
    "PF-05",
    severity=Severity.HINT,
    basis=(cite("guobangongkaibanhan-2019-61", "platform.particulars"), cite("guowuyuanling-711", "art.12.catalogue")),
    kinds=POLICY_KINDS,
)
def missing_particulars(page: PageView, *, elements: tuple[str, ...] = _ELEMENTS) -> Iterator[Said]:
    """文件要素不全

    为什么: 文号、成文日期、发文机关、主题分类是查找和引用文件的依据，公开目录也以此编排。

    看什么: 政策文件、规章、规范性文件栏目所列的文件页上，有没有发文字号、发文机关、成文日期、发布日期和主题分类
    （索引号可有可无）；写在信息表、标签、标题、落款或栏目列表里都算。通告、公告、令、函可以没有文号。

    怎么改: 在文件页的信息表中补齐缺少的要素；多数页面都缺的，请技术人员在模板中加上对应字段。
    """
    if (excuse := no_document(page)) is not None:
        yield excuse
        return
    if page.facts.shell:
        yield page.undecidable("页面由脚本生成，须用浏览器打开才能看到")
        return
    shown = {name for name, value in page.facts.labels if value} | listed_particulars(page)
    for name in elements:
        if name not in shown and not _elsewhere(page, name):
            yield Finding(
                message=f"文件页没有标明{name}",
                at=page.place(quote=page.facts.heading or page.facts.title),
                key=f"element:{name}",
                per="site",
                evidence={"缺少": name, "例如": page.facts.heading or page.facts.title},
                fix=f"在文件页的信息表中加上“{name}”一栏并填写。",
            )


def _elsewhere(page: PageView, name: str) -> bool:
    """Whether the page says it without a label."""
    match name:
        case "发文字号":
            return bool(page.facts.document_number) or not _NUMBERED.search(page.facts.heading or page.facts.title)
        case "发文机关":
            return bool(issuer(page))
        case "成文日期":
            return written_on(page) is not None or bool(page.facts.label("生成日期"))
        case "发布日期":
            return page.facts.published is not None
        case _:
            return False
