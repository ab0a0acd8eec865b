"""Whether the disclosure column holds what the law does not ask for: a judgement."""

from collections.abc import Iterator

from crawler.api import Said, Severity, SiteView, cite, site_rule


@site_rule(
    "DA-03",
    severity=Severity.HINT,
    basis=(cite("guobangongkaibanhan-2019-61", "platform.content"),),
    form="person",
)
def unrelated_disclosure(site: SiteView) -> Iterator[Said]:
    """专栏混入无关信息

    为什么: 政府信息公开专栏只放法定主动公开的内容，不放一般新闻和宣传。

    看什么: 内容是否属于法定公开由人判定。这里列出专栏的各栏目和最近的几条，供逐条查看。

    怎么改: 把一般性新闻移到要闻动态栏目，专栏只留法定内容。
    """
    columns = [column for column in site.columns if column.column.kind == "法定主动公开内容"]
    if not columns:
        yield site.undecidable(
            f"由人判定：没有登记法定主动公开内容栏目，请从首页 {site.site.home} 进入政府信息公开专栏"
        )
        return
    look = "；".join(
        f"{column.column.name}（{len(column.entries)} 条）{column.url}"
        for column in sorted(columns, key=lambda column: column.url)[:8]
    )
    yield site.undecidable(f"由人判定：逐条查看 {look}")
