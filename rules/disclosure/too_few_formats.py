"""A policy document that is not offered as WPS or Word together with PDF."""

from collections.abc import Iterator

from crawler.api import Certainty, Finding, PageView, Said, Severity, cite, page_rule
from rules.disclosure._documents import POLICY_KINDS, no_document


@page_rule(
    "PF-02",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(cite("linxia-2022-08-26", "seed.f"),),
    kinds=POLICY_KINDS,
)
def too_few_formats(page: PageView, *, editable: tuple[str, ...] = ("wps", "doc", "docx")) -> Iterator[Said]:
    """下载格式少于两种

    为什么: 州里通报要求政策文件除网页展示外，提供 WPS 和 PDF 两种以上下载格式，方便保存、打印和引用。

    看什么: 政策文件、规章、规范性文件栏目所列的文件页上，是否既有 WPS 或 Word（wps、doc、docx）
    又有 PDF 可以下载。OFD 可以另加，不能代替。解读、新闻不在其内。须人工确认后计入。

    怎么改: 在文件页上补传缺少的格式：同一份文件的 WPS（或 Word）版和 PDF 版，链接文字写明格式。
    """
    if (excuse := no_document(page)) is not None:
        yield excuse
        return
    if page.facts.shell:
        yield page.undecidable("页面由脚本生成，须用浏览器打开才能看到")
        return
    offered = sorted({attachment.suffix.lower().lstrip(".") for attachment in page.facts.attachments} - {""})
    lacking = [] if set(offered) & set(editable) else ["WPS 或 Word"]
    lacking += [] if "pdf" in offered else ["PDF"]
    if not lacking:
        return
    shown = "、".join(suffix.upper() for suffix in offered) or "没有任何附件"
    yield Finding(
        message=f"文件没有提供 {'和 '.join(lacking)} 格式下载（页面上：{shown}）",
        at=page.place(quote=page.facts.heading or page.facts.title),
        key="formats",
        certainty=Certainty.PROPOSED,
        target=page.url,
        fix=f"补传这份文件的 {'和 '.join(lacking)} 版。",
        evidence={
            "文件": page.facts.heading or page.facts.title,
            "文号": page.facts.document_number or "未见",
            "已有格式": shown,
            "缺少": "、".join(lacking),
        },
    )
