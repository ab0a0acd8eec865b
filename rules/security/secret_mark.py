"""SC-05: marks of secrecy at the head of a document."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, Finding, NotApplicable, PageView, Said, Severity, cite, page_rule

_HEAD = 12  # lines, and characters of a line, in which a mark stands
_SHORT = 24
_PERIOD = r"(?:[★☆*]\s*(?:长期|\d{1,3}\s*(?:年|个?月|天)|启用前|解密前)?)"
# 机密★10年, 秘密★, 绝密★启用前; or the mark alone on its line, as on the first page of a document.
_MARK = re.compile(rf"^\s*(?:密\s*级\s*[:：]\s*)?(?P<mark>绝\s*密|机\s*密|秘\s*密)\s*(?:{_PERIOD}|$)")
_INNER = re.compile(
    r"^\s*[【\[（(]?(?P<mark>内部资料|内部文件|内部材料|内部使用)[】\]）)]?\s*(?:[,，、：:!！★]?\s*(?:注意保密|请勿外传|不得外传|妥善保管|注意保存|严禁外传|切勿外传|不得公开))\W*$"
    r"|^\s*[【\[（(]?(?P<closed>不予公开|不公开|此件不公开|内部资料|内部文件|此件不予公开)[】\]）)]?\s*$"
)
_SPECIMEN = re.compile(r"试题|试卷|真题|模拟|考试|密级标志|标志式样|式样|保密法|保密知识|宣传|样式|示例|范本|答案")


def mark_of(words: str) -> str:
    """The mark at the head of a document, "" where there is none. The words themselves go no further."""
    head = [line for line in words.split("\n") if line.strip()][:_HEAD]
    if any(_SPECIMEN.search(line) for line in head):
        return ""
    for line in head:
        found = _MARK.match(line[:_SHORT]) if len(line.strip()) <= _SHORT else None
        found = found or (_INNER.match(line) if len(line.strip()) <= _SHORT else None)
        if found:
            said = found.groupdict()
            return re.sub(r"\s", "", said.get("mark") or said.get("closed") or "")
    return ""


@page_rule(
    "SC-05",
    severity=Severity.VETO,
    form="proposed",
    basis=(cite("baomifa-2024", "publishing"), cite("guobanmihan-2019-19", "veto.security")),
)
def secret_mark(page: PageView) -> Iterator[Said]:
    """涉密/内部标志

    为什么: 政府网站上出现涉密文件是泄密事故，属单项否决；一经发现要立即停止传播、保存记录并报告，不能等到检查。

    看什么: 文章和附件开头几行单独成行的密级标志（绝密、机密、秘密，
    带★和期限的）和“内部资料 注意保密”“不予公开”一类标志。
    正文里谈保密工作、保密宣传、试卷上的“绝密★启用前”不算。本报告不抄录文件内容，须由有权的人打开原件确认。

    怎么改: 立即下线该页和附件，保存访问记录，向保密行政管理部门和网站主管单位报告；不要转发、下载或截图原文。
    """
    judged = page.facts.kind == "article"
    if judged and not _SPECIMEN.search(page.facts.heading or page.facts.title) and (mark := mark_of(page.facts.prose)):
        yield _finding(page, "正文", mark, "text", None)
    unread = ""
    for file in page.files:
        judged = judged or not file.problem
        unread = unread or file.problem
        name = file.attachment.text
        if not _SPECIMEN.search(f"{name}{page.facts.heading}") and (mark := mark_of(file.text)):
            yield _finding(page, "附件", mark, f"file:{file.attachment.url}", file.attachment.url)
    if unread:
        yield page.undecidable(unread)
    elif not judged:
        yield NotApplicable("不是文章，也没有附件")


def _finding(page: PageView, where: str, mark: str, key: str, target: str | None) -> Finding:
    return Finding(
        message=f"{where}开头有“{mark}”标志",
        at=page.place(quote=mark),
        key=key,
        certainty=Certainty.PROPOSED,
        target=target,
        evidence={"标志": mark, "位置": f"{where}开头", "内容": "不抄录"},
        cites=(page.url, target) if target else (),
    )
