"""PV-02: mobile numbers beside the names of private persons."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.privacy._findings import exposed, masks_of, page_text
from rules.privacy._persons import private_mobiles


@page_rule("PV-02", severity=Severity.HINT, form="proposed", basis=(cite("gerenxinxi-2021", "disclosure"),))
def mobile_number(page: PageView) -> Iterator[Said]:
    """手机号泄露

    为什么: 个人手机号未经单独同意不得公开；有的地方在通报里点名写明哪个单位、哪份文件泄露了完整手机号。

    看什么: 网页上和姓名写在一起、没有遮挡的手机号。值班、咨询、监督、投诉电话，河长、网格员、联系人、
    项目和招标采购的联系
    电话，单位和经营者的电话，是公布给人打的，不算。报告里只写遮挡后的号码，须人工打开原网页确认。

    怎么改: 确认是个人的，把中间四位换成星号（如 138****1234）后重新发布；确属公务联系电话的，写明职务或用途，
    最好换成座机。
    """
    found = exposed(page, "手机号", masks_of(private_mobiles(page_text(page))), "mobile-number")
    if found:
        yield found
