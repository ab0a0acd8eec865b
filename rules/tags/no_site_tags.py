"""TG-01: a page without the tags of its site."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.tags._pages import missing, out_of_scope

NAMES = ("SiteName", "SiteDomain", "SiteIDCode")


@page_rule(
    "TG-01",
    severity=Severity.POINTS,
    points=0.1,
    basis=(cite("guobanmihan-2019-19", "tags"), cite("guobanfa-2017-47", "tags.site")),
)
def no_site_tags(page: PageView) -> Iterator[Said]:
    """网站标签缺失

    为什么: 所有页面都应有网站标签；抽查的页面缺一个扣0.1分（三类标签合计最多1分）。

    看什么: 每个网页的 SiteName、SiteDomain、SiteIDCode 标签是否存在而且不为空。大小写和属性顺序不论，
    重复的只要有一个有内容。附件、跳转页、出错页、嵌入框架不算。

    怎么改: 在所有页面模板的 head 里写 <meta name="SiteName" content="…">、SiteDomain、SiteIDCode。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
    else:
        yield from missing(page, NAMES, "网站")
