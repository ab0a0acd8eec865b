"""News in the statutory part of the disclosure section."""

from collections.abc import Iterator

from crawler.api import Certainty, ColumnView, Finding, Place, Said, Severity, cite, column_rule, path_key

_SHOWN = 5


@column_rule(
    "DA-03",
    severity=Severity.HINT,
    form="person",
    basis=(cite("guobangongkaibanhan-2019-61", "platform.content"),),
    kinds=("法定主动公开内容",),
)
def news_in_section(column: ColumnView) -> Iterator[Said]:
    """专栏混入无关信息

    为什么: 国办公开办函〔2019〕61号要求“专栏姓专”，只放法定公开的内容；工作动态混在里面，公众反而找不到要查的信息。

    看什么: 同一条信息是不是既列在法定主动公开内容栏目，又列在动态要闻栏目。是不是法定内容由人判断，
    程序只列出这些供查看。

    怎么改: 逐条判断，属于工作动态、宣传报道的，从政府信息公开专栏中移出。
    """
    if not column.entries:
        yield column.undecidable("栏目列表没有读到")
        return
    news = {
        path_key(entry.url)
        for other in column.site.columns
        if other.column.kind == "动态要闻"
        for entry in other.entries
    }
    both = sorted({(e.title, e.url) for e in column.entries if path_key(e.url) in news})
    if both:
        yield Finding(
            message=f"“{column.column.name}”里有 {len(both)} 条信息同时列在动态要闻栏目，请判断是否属于法定公开内容",
            at=Place(column.url, "", both[0][0][:200]),
            key="news",
            certainty=Certainty.PROPOSED,
            target=column.url,
            evidence={"例如": "；".join(title for title, _ in both[:_SHOWN])},
        )
