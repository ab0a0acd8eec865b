"""A page whose footer offers no way to reach the host body."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.footer._items import any_visible, missing


@page_rule(
    "FT-05",
    severity=Severity.POINTS,
    points=0.5,
    basis=(
        cite("guobanmihan-2019-19", "identifiers.contact"),
        cite("guobanfa-2017-47", "footer.contact"),
        cite("linxia-2022-08-26", "seed.i"),
    ),
)
def no_contact(page: PageView) -> Iterator[Said]:
    """联系方式缺失

    为什么: 公众发现问题要能联系到主办单位。缺少联系方式，检查时全站扣0.5分。

    看什么: 每个页面底部是否有主办单位的电话、地址、邮箱，或“联系我们”链接（按有联系方式认定，建议直接写明电
    话）。技术支持单位的电话不算。

    怎么改: 在公共页脚模板中写明主办单位的联系电话，最好同时写明地址和邮箱。
    """
    yield from missing(
        page,
        "contact",
        accepts=any_visible,
        fix="在此页所用的页脚模板中写明主办单位的联系电话（不是技术支持单位的电话）。",
    )
