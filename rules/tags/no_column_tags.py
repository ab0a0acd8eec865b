"""TG-02: a column page without the tags of its column."""

from collections.abc import Iterator

from crawler.api import NotApplicable, PageView, Said, Severity, cite, page_rule
from rules.tags._pages import is_column_page, missing, out_of_scope

NAMES = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")


@page_rule(
    "TG-02",
    severity=Severity.POINTS,
    points=0.1,
    basis=(cite("guobanmihan-2019-19", "tags"), cite("guobanfa-2017-47", "tags.column")),
)
def no_column_tags(page: PageView) -> Iterator[Said]:
    """栏目标签缺失

    为什么: 栏目页应有栏目标签；抽查5个栏目页，缺一个扣0.1分（三类标签合计最多1分）。

    看什么: 登记的栏目页和确定是列表的页面，四个栏目标签是否存在而且不为空。首页只要求网站标签。

    怎么改: 在栏目页模板的 head 里写 ColumnName、ColumnDescription、ColumnKeywords、ColumnType 四个标签。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
    elif not is_column_page(page):
        yield NotApplicable("不是栏目页")
    else:
        yield from missing(page, NAMES, "栏目")
