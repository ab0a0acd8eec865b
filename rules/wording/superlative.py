"""WD-10: praise in absolute terms."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.wording._hits import finding, out_of_scope, standing


@page_rule(
    "WD-10",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("guanggaofa", "article-9"),),
)
def superlative(page: PageView) -> Iterator[Said]:
    """宣传用语绝对化

    为什么: 广告法禁止使用“国家级”“最高级”“最佳”等用语，政府网站的招商、旅游宣传也常被投诉。

    看什么: config/words/superlatives.yaml 列出的、像广告的搭配。国家级自然保护区、非物质文化遗产、最佳组织奖、
    最高人民法院等法定等级和名称不算，引文不算。由人确认。

    怎么改: 删去绝对化用语，改写事实和数据。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    for hit in standing(page, "WD-10"):
        yield finding(page, hit, why="是绝对化的宣传用语")
