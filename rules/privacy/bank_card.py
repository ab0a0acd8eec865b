"""PV-03: bank cards of private persons."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.privacy._findings import exposed, masks_of, page_text
from rules.privacy._persons import private_cards


@page_rule("PV-03", severity=Severity.HINT, form="proposed", basis=(cite("gerenxinxi-2021", "sensitive"),))
def bank_card(page: PageView) -> Iterator[Said]:
    """银行卡号泄露

    为什么: 金融账户属于敏感个人信息，公开补贴名单时连同卡号一起发出，会直接造成资金风险。

    看什么: 网页上“卡号”“账号”旁边、通过银行卡校验（Luhn）的16至19位号码。单位的收款、缴费、捐款账户要公开，不算。
    报告里只写遮挡后的号码，须人工打开原网页确认。

    怎么改: 公示名单删去卡号一列；确需核对的只留后四位，其余换成星号后重新发布。
    """
    found = exposed(page, "银行卡号", masks_of(private_cards(page_text(page))), "bank-card")
    if found:
        yield found
