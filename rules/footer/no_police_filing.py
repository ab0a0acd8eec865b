"""A page whose footer lacks the public-security filing."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.footer._items import any_visible, missing


@page_rule(
    "FT-07",
    severity=Severity.POINTS,
    points=0.5,
    basis=(
        cite("guobanmihan-2019-19", "identifiers.psb"),
        cite("guobanfa-2017-47", "footer.psb"),
        cite("linxia-2022-08-26", "seed.i"),
    ),
)
def no_police_filing(page: PageView) -> Iterator[Said]:
    """公安机关备案标识缺失

    为什么: 网站须在公安机关备案并在页面底部标明。缺少备案标识，检查时全站扣0.5分。

    看什么:
    每个页面底部是否有“公网安备”加14位数字的编号，或链接到公安备案查询页的标识。写在注释里的旧编号不算。

    怎么改: 登录全国互联网安全管理服务平台，复制本网站的备案编号和链接，放进公共页脚模板。
    """
    yield from missing(page, "psb", accepts=any_visible, fix="把本网站的公安机关备案编号和图标放进此页所用的页脚模板。")
