"""A page whose footer does not name its host body."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.footer._items import any_visible, missing


@page_rule(
    "FT-04",
    severity=Severity.POINTS,
    points=0.5,
    basis=(
        cite("guobanmihan-2019-19", "identifiers.organizer"),
        cite("guobanfa-2017-47", "footer.organizer"),
        cite("linxia-2022-08-26", "seed.i"),
    ),
)
def no_organizer(page: PageView) -> Iterator[Said]:
    """主办单位缺失

    为什么: 公众要知道网站由谁负责。缺少主办单位名称，检查时全站扣0.5分。

    看什么: 每个页面底部是否写明主办单位（“主办单位：某某”“某某主办”等）。只写“版权所有”不算主办单位。

    怎么改: 在公共页脚模板中写明“主办单位：”加单位全称。
    """
    yield from missing(page, "organizer", accepts=any_visible, fix="在此页所用的页脚模板中写明“主办单位：”加单位全称。")
