"""PV-04: home addresses down to the door in lists of persons."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.privacy._findings import exposed, page_text
from rules.privacy._persons import fine_addresses


@page_rule("PV-04", severity=Severity.HINT, form="proposed", basis=(cite("gerenxinxi-2021", "disclosure"),))
def home_address(page: PageView) -> Iterator[Said]:
    """家庭住址过细

    为什么: 公示名单里的家庭住址写到门牌，等于公开了个人住在哪里；一般只公开到乡镇、街道。

    看什么: 名单（有姓名一列）里“家庭住址”“户籍地址”一类的内容是不是写到了门牌号、楼栋单元或村民小组。
    只写到村、社区的和单位、店铺、企业的地址不算。须人工打开原网页确认。

    怎么改: 地址只保留到乡镇、街道，去掉村组、门牌、楼栋和房号后重新发布。
    """
    found = exposed(page, "家庭住址", fine_addresses(page_text(page)), "home-address")
    if found:
        yield found
