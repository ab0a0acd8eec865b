"""A page without the entrance to the national error-report platform."""

from collections.abc import Iterator
from dataclasses import replace

from crawler.api import Finding, PageView, Said, Severity, cite, page_rule
from rules.footer._items import any_visible, missing

HOME_POINTS = 1.0  # 国办秘函〔2019〕19号: missing on the home page; 0.2 for another page


@page_rule(
    "FT-02",
    severity=Severity.POINTS,
    points=0.2,
    basis=(
        cite("guobanmihan-2019-19", "jiucuo.entrance"),
        cite("guobanfa-2017-47", "footer.jiucuo"),
        cite("linxia-2022-08-26", "seed.i"),
    ),
)
def no_error_report_entrance(page: PageView) -> Iterator[Said]:
    """找错入口缺失

    为什么: 公众通过“我为政府网站找错”平台反映网站问题。首页缺少入口扣1分，
    其他页面每页扣0.2分，合计不超过1分。

    看什么: 每个页面底部是否有国家统一平台（zfwzgl.www.gov.cn 等）的找错入口：图标链接、
    官方脚本或点击跳转都算。网站自己的“纠错”“内容纠错”功能不是找错入口。

    怎么改: 登录全国政府网站信息报送系统，复制本网站的找错代码（其中带有本网站的标识码），
    放进公共页脚模板，首页和所有页面都要有。
    """
    fix = "把全国政府网站信息报送系统提供的找错代码放进此页所用的页脚模板。"
    points = HOME_POINTS if page.is_home else None
    for said in missing(page, "jiucuo", accepts=any_visible, fix=fix, points=points):
        if isinstance(said, Finding) and page.is_home:
            yield replace(said, evidence={**said.evidence, "首页": "首页也缺少，扣1分"})
        else:
            yield said
