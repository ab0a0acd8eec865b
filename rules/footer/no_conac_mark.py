"""A page without the CONAC mark of Party and government bodies."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.footer._items import missing


@page_rule(
    "FT-01",
    severity=Severity.POINTS,
    points=0.5,
    basis=(
        cite("guobanmihan-2019-19", "identifiers.conac"),
        cite("guobanfa-2017-47", "footer.conac"),
        cite("linxia-2022-08-26", "seed.i"),
    ),
)
def no_conac_mark(page: PageView) -> Iterator[Said]:
    """党政机关网站标识缺失

    为什么: 党政机关网站标识由机构编制部门核发，公众凭它分辨真假政府网站。缺少一处，检查时全站扣0.5分。

    看什么: 每个页面底部是否有链接到 bszs.conac.cn 的标识，或 dcs.conac.cn
    的标识脚本。只放一张图片而没有链接的不算；写在注释里或设为隐藏的不算。

    怎么改: 登录党政机关网站标识管理系统，复制核发给本网站的代码，放进公共页脚模板；只有图片的，补上到
    bszs.conac.cn 的链接。
    """
    yield from missing(
        page,
        "conac",
        accepts=lambda mark: mark.via in {"html", "script"},
        fix="把核发的党政机关网站标识代码放进此页所用的页脚模板；只有图片的补上链接。",
    )
