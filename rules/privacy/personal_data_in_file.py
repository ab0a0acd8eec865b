"""PV-05: personal data inside attachments."""

from collections.abc import Iterator

from crawler.api import Certainty, Finding, NotApplicable, PageView, Said, Severity, cite, page_rule
from rules.privacy._findings import SHOWN, file_texts, masks_of
from rules.privacy._persons import Text, fine_addresses, private_cards, private_ids, private_mobiles


@page_rule(
    "PV-05",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("gerenxinxi-2021", "disclosure"), cite("gerenxinxi-2021", "sensitive")),
)
def personal_data_in_file(page: PageView) -> Iterator[Said]:
    """附件个人信息

    为什么: 泄露多半不在网页正文，而在随文附上的名单表格里：补贴、录取、公租房、获奖名单。

    看什么: 附件（表格、文档、版式文件、压缩包）里没有遮挡的身份证号、和姓名在一起的手机号、银行卡号、
    写到门牌的家庭住址，
    认定方法同网页。没有读到内容的附件（过大、加密、扫描件）不下结论。报告里只写遮挡后的号码，须人工打开附件确认。

    怎么改: 撤下附件，把号码遮挡、删去不必公开的列后重新上传；旧附件的地址也要失效，不能只换链接。
    """
    read, unread = 0, ""
    for url, name, text, problem in file_texts(page):
        unread = unread or problem
        read += not problem
        said = _seen(page, text)
        if said:
            told = "、".join(f"{what} {len(masks)} 个" for what, masks in said.items())
            first = next(iter(said.values()))[0]
            yield Finding(
                message=f"附件“{name[:40]}”里有未遮挡的{told}，如 {first}",
                at=page.place(quote=name),
                key=f"file:{url}",
                certainty=Certainty.PROPOSED,
                target=url,
                evidence={f"{what}（已遮挡）": "、".join(masks[:SHOWN]) for what, masks in said.items()},
                cites=(page.url, url),
            )
    if unread:
        yield page.undecidable(unread)
    elif not read:
        yield NotApplicable("没有附件")


def _seen(page: PageView, text: Text) -> dict[str, list[str]]:
    found = {
        "身份证号": masks_of(private_ids(text, page.as_of.date())),
        "手机号": masks_of(private_mobiles(text)),
        "银行卡号": masks_of(private_cards(text)),
        "家庭住址": list(dict.fromkeys(fine_addresses(text))),
    }
    return {what: masks for what, masks in found.items() if masks}
