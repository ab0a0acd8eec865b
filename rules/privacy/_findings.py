"""What a finding about personal data says: how many and where, and of each number its mask alone."""

from collections.abc import Iterable, Iterator

from crawler.api import Certainty, Finding, Number, PageView
from rules.privacy._persons import Text, text_of

SHOWN = 5  # masks that are written out


def page_text(page: PageView) -> Text:
    facts = page.facts
    return text_of(f"{facts.heading} {facts.title}", facts.prose)


def file_texts(page: PageView) -> Iterator[tuple[str, str, Text, str]]:
    """(URL, name as offered, text, what of it was not read) of each attachment."""
    for file in page.files:
        name = file.attachment.text or file.attachment.url.rpartition("/")[2]
        yield file.attachment.url, name, text_of(f"{name} {page.facts.heading}", file.text), file.problem


def exposed(page: PageView, what: str, masks: Iterable[str], key: str) -> Finding | None:
    """One finding for one kind of data on one page; None where there is none."""
    shown = list(dict.fromkeys(masks))
    if not shown:
        return None
    return Finding(
        message=f"页面上有未遮挡的{what} {len(shown)} 个，如 {shown[0]}",
        at=page.place(quote=shown[0]),
        key=key,
        certainty=Certainty.PROPOSED,
        evidence={f"{what}（已遮挡）": "、".join(shown[:SHOWN]), "个数": str(len(shown)), "核对": "打开原网页查看"},
    )


def masks_of(numbers: Iterable[Number]) -> list[str]:
    """Each number once; two that share a mask stay two."""
    return [mask for mask, _ in dict.fromkeys((number.mask, number.digits) for number in numbers)]
