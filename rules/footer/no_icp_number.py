"""A page whose footer lacks the ICP filing number."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.footer._items import any_visible, missing


@page_rule(
    "FT-06",
    severity=Severity.POINTS,
    points=0.5,
    basis=(
        cite("guobanmihan-2019-19", "identifiers.icp"),
        cite("guobanfa-2017-47", "footer.icp"),
        cite("linxia-2022-08-26", "seed.i"),
    ),
)
def no_icp_number(page: PageView) -> Iterator[Said]:
    """ICP备案编号缺失

    为什么: 备案编号证明网站依法备案。缺少备案编号，检查时全站扣0.5分。

    看什么: 每个页面底部是否有“某ICP备某号”样式的编号，例如“陇ICP备12345678号-
    1”。等级保护备案号不是ICP备案编号。

    怎么改: 在公共页脚模板中写上工业和信息化部核发的备案编号，并链接到 beian.miit.gov.cn。
    """
    yield from missing(
        page, "icp", accepts=any_visible, fix="在此页所用的页脚模板中写上ICP备案编号，并链接到 beian.miit.gov.cn。"
    )
