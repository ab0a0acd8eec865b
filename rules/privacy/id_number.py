"""PV-01: identity numbers that are not masked."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.privacy._findings import exposed, masks_of, page_text
from rules.privacy._persons import private_ids


@page_rule(
    "PV-01",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("gerenxinxi-2021", "disclosure"), cite("gerenxinxi-2021", "sensitive")),
)
def id_number(page: PageView) -> Iterator[Said]:
    """身份证号泄露

    为什么: 身份证号是敏感个人信息，没有单独同意不得公开；名单里带出来的身份证号会被拿去冒名、诈骗，
    通报按泄露个人信息处理。

    看什么: 网页上没有遮挡的18位号码，且地区、出生日期、校验码都对得上身份证号。统一社会信用代码、订单号、流水号、
    样例和中间打星号的不算。报告里只写遮挡后的号码，须人工打开原网页确认。

    怎么改: 立即把号码中间的部分换成星号（如 6229**********1234）后重新发布，清除缓存和旧附件，并查同批发布的其他名单。
    """
    found = exposed(page, "身份证号", masks_of(private_ids(page_text(page), page.as_of.date())), "id-number")
    if found:
        yield found
