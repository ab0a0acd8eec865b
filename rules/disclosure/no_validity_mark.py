"""Normative documents whose pages do not say whether they are in force."""

import re
from collections.abc import Iterator

from crawler.api import (
    SHANGHAI,
    Certainty,
    Finding,
    NotApplicable,
    PageView,
    Said,
    Severity,
    cite,
    date,
    page_rule,
    plain,
)
from rules.disclosure._documents import POLICY_KINDS, listed_particulars, no_document, of_a_superior

# What orders conduct for years; a notice of a holiday or an appointment is never in force.
_NORMATIVE = re.compile(
    r"(?:办法|规定|细则|规则|规程|条例|实施意见|若干措施|若干意见|制度)(?:[（(].{1,8}[）)])?(?:的通知)?$"
)
_IN_TITLE = re.compile(r"[（(【\[](?:已|全文|现行)?(?:失效|废止|有效|修改|修订)[）)】\]]")
_IN_FORCE = ("有效", "现行有效", "继续有效", "是", "生效")


@page_rule(
    "PF-06",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("guobanfa-2018-37", "validity"),),
    kinds=POLICY_KINDS,
)
def no_validity_mark(page: PageView) -> Iterator[Said]:
    """文件有效性未标注

    为什么: 公众要能看出一份文件现在还算不算数；已经废止、失效的文件应当注明，不能当作有效文件引用。

    看什么: 规章、规范性文件栏目的文件，和政策文件栏目中的办法、规定、细则一类文件，页面上有没有标明有效、失效或废止；
    标着有效、但自己写明的失效日期已经过了的，也列出来。一个网站合为一条，须人工确认。

    怎么改: 在文件页的信息表中加“有效性”一栏；清理文件后，把废止、失效的逐份标明并写明日期。
    """
    if (excuse := no_document(page)) is not None:
        yield excuse
        return
    facts = page.facts
    heading = facts.heading or facts.title
    if not any(column.kind in {"规章", "规范性文件"} for column in page.listed_in) and not _NORMATIVE.search(heading):
        yield NotApplicable("不是规章、规范性文件")
        return
    if of_a_superior(page):
        yield NotApplicable("转载的上级文件")
        return
    if facts.shell:
        yield page.undecidable("页面由脚本生成，须用浏览器打开才能看到")
        return
    mark = facts.label("有效性")
    until = _until(facts.label("失效日期"))
    if mark in _IN_FORCE and until is not None and until < page.as_of.astimezone(SHANGHAI).date():
        yield Finding(
            message=f"文件标着“{mark}”，但写明的失效日期 {until.isoformat()} 已经过了",
            at=page.place(quote=heading),
            key="expired",
            certainty=Certainty.PROPOSED,
            target=page.url,
            evidence={"文件": heading, "有效性": mark, "失效日期": until.isoformat()},
        )
    elif (
        not mark and not _IN_TITLE.search(heading) and "有效性" not in listed_particulars(page) and not _watermark(page)
    ):
        yield Finding(
            message="规范性文件的页面没有标明有效、失效或废止",
            at=page.place(quote=heading),
            key="validity",
            certainty=Certainty.PROPOSED,
            per="site",
            evidence={"例如": heading, "文号": facts.document_number or "未见"},
        )


def _until(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _watermark(page: PageView) -> bool:
    """A notice or a stamp above the text: 本文件已废止, or its picture."""
    opening = plain(page.facts.prose[:300])
    if re.search(r"(?:本|该)文件(?:已|现行|全文|继续)?(?:失效|废止|有效)|已(?:废止|失效)", opening):
        return True
    return any(
        re.search(r"失效|废止|有效", image.attrs.get("alt", "") + image.attrs.get("title", ""))
        for image in page.html.css("img")
    )
