"""TG-03: an article without the tags of an article."""

from collections.abc import Iterator

from crawler.api import NotApplicable, PageView, Said, Severity, cite, page_rule
from rules.tags._pages import is_article, missing, out_of_scope

NAMES = ("ArticleTitle", "PubDate", "ContentSource")


@page_rule(
    "TG-03",
    severity=Severity.POINTS,
    points=0.1,
    basis=(cite("guobanmihan-2019-19", "tags"), cite("guobanfa-2017-47", "tags.content")),
)
def no_article_tags(page: PageView) -> Iterator[Said]:
    """内容标签缺失

    为什么: 内容页应有内容标签；抽查5个内容页，缺一个扣0.1分（三类标签合计最多1分）。

    看什么: 栏目里的文章，和标明了发布时间的文章，三个内容标签是否存在而且不为空。表单、视频、概况等不是文章的页面不算。

    怎么改: 在内容页模板的 head 里写 ArticleTitle、PubDate（YYYY-MM-DD HH:MM）、ContentSource 三个标签。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
    elif not is_article(page):
        yield NotApplicable("不是文章")
    else:
        yield from missing(page, NAMES, "内容")
