"""A page on which no reader can see the site's code."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.footer._items import any_visible, missing


@page_rule(
    "FT-03",
    severity=Severity.POINTS,
    points=0.5,
    basis=(
        cite("guobanmihan-2019-19", "identifiers.site-code"),
        cite("guobanfa-2017-47", "footer.site-code"),
        cite("linxia-2022-08-26", "seed.i"),
    ),
)
def no_site_code(page: PageView) -> Iterator[Said]:
    """网站标识码缺失

    为什么: 网站标识码是政府网站的“身份证号”，公众和检查人员凭它核对网站。缺少标识码，检查时全站扣0.5分。

    看什么: 每个页面底部是否看得到10位标识码（地方网站10位数字，部委网站 bm
    加8位数字）。只写在网页标签（meta）里、链接参数里或脚本属性里的，访问者看不到，不算。号码与登记不符的由
    FT-10 指出，此处不重复。

    怎么改: 在公共页脚模板中写上“网站标识码：”加本网站的10位号码。号码以全国政府网站信息报送系统登记的为准
    ，不要照抄别的网站。
    """
    yield from missing(
        page, "site_code", accepts=any_visible, fix="在此页所用的页脚模板中写上“网站标识码：”加本网站的10位号码。"
    )
