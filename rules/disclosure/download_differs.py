"""A download whose text is not that of the web page."""

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.api import (
    AttachmentView,
    Certainty,
    DocumentTitle,
    Finding,
    NotApplicable,
    PageView,
    Said,
    Severity,
    cite,
    page_rule,
    plain,
)
from rules.disclosure._documents import POLICY_KINDS, no_document

_PIECE = 8  # characters: shorter ones are in every document
_SHORTEST = 100  # characters of a text; less is a notice with the document in its attachment
_WHOLE = 0.4  # a file shorter than that share of the page is an annex, a form, a table
_FRAME = 80  # pieces: letterhead, title and stamp of a short document, 来源 and links of its page
_TITLE_WITHIN = 400  # characters from the file's beginning: letterhead, number, title


@dataclass(frozen=True, slots=True)
class Compared:
    file: AttachmentView
    share: float
    example: str  # of the page, not in the file


@page_rule(
    "PF-03",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("guobanfa-2017-47", "content.accurate"), cite("linxia-2022-08-26", "seed.f")),
    kinds=POLICY_KINDS,
)
def download_differs(page: PageView, *, least: float = 0.9) -> Iterator[Said]:
    """下载文件与网页不一致

    为什么: 公众保存、引用的是下载的文件；网页改过、附件没有换，或者传错了文件，两处说法就不一样。

    看什么: 文件页上提供的全文下载（文件名或开头有文件名称的附件）与网页正文相同的部分占多少，低于九成的列出来。
    一处是另一处的一部分不算；附表、申请表等附件不比；扫描件、没有读取的附件不下结论。须人工确认。

    怎么改: 对照印发的原件，把网页正文和下载文件改成一致；传错的文件重新上传。
    """
    if (excuse := no_document(page)) is not None:
        yield excuse
        return
    words = plain(page.facts.prose)
    if len(words) < _SHORTEST or not page.facts.attachments:
        yield NotApplicable("网页上没有正文，或者没有附件")
        return
    title = DocumentTitle.of(page.facts.heading or page.facts.title)
    compared, unread = [], ""
    for file in page.files:
        if file.problem:
            unread = unread or (file.problem if _is_named(file, title) else "")
        elif _is_whole(file, title, words):
            compared.append(_compare(file, words))
    if worst := min((one for one in compared if one.share < least), key=lambda one: one.share, default=None):
        yield _finding(page, worst)
    elif not compared:
        yield page.undecidable(f"附件没有读出：{unread}") if unread else NotApplicable("没有全文下载可比")


def _is_named(file: AttachmentView, title: DocumentTitle) -> bool:
    return bool(title.bare) and title.bare in plain(file.attachment.text)


def _is_whole(file: AttachmentView, title: DocumentTitle, words: str) -> bool:
    """Whether a file is the document itself: it bears its name, and is no annex by its length."""
    text = plain(file.text)
    named = _is_named(file, title) or (len(title.bare) >= 6 and title.bare in text[:_TITLE_WITHIN])
    return named and len(text) >= max(_SHORTEST, _WHOLE * len(words))


def _compare(file: AttachmentView, words: str) -> Compared:
    """The better of the two ways: letterhead and stamp stand in the file only, 来源 and 扫一扫 on the page only."""
    text = plain(file.text)
    mine, theirs = _pieces(words), _pieces(text)
    lacking = min((mine - theirs, theirs - mine), key=len)
    whole = mine if lacking <= mine else theirs
    share = 1 - len(lacking) / len(whole) if len(lacking) > _FRAME else 1.0
    at = next((at for at in range(len(words) - _PIECE) if words[at : at + _PIECE] not in theirs), 0)
    return Compared(file, share, words[max(0, at - 10) : at + 30])


def _pieces(words: str) -> set[str]:
    return {words[at : at + _PIECE] for at in range(max(1, len(words) - _PIECE + 1))}


def _finding(page: PageView, worst: Compared) -> Finding:
    offered = worst.file.attachment
    return Finding(
        message=f"下载文件“{offered.text[:60] or offered.suffix}”与网页正文只有 {int(worst.share * 100)}% 相同",
        at=page.place(quote=page.facts.heading or page.facts.title),
        key=f"differs:{offered.suffix}",
        certainty=Certainty.PROPOSED,
        target=page.url,
        evidence={
            "文件": page.facts.heading or page.facts.title,
            "下载地址": offered.url,
            "网页上有、文件里没有": worst.example,
        },
        cites=(page.url, offered.url),
    )
