"""A county portal whose 26 fields are not all there."""

from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Finding,
    NotApplicable,
    NotConfigured,
    PageView,
    Place,
    Said,
    Severity,
    SiteView,
    cite,
    site_rule,
)
from rules.grassroots._fields import FIELDS, KIND, fields_in


@site_rule(
    "JC-01",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(
        cite("guobanfa-2019-54", "fields.columns"),
        cite("guobanfa-2019-54", "fields.catalogue"),
        cite("linxia-2022-08-26", "seed.b"),
    ),
    kinds=(KIND,),
)
def missing_field(
    site: SiteView,
    *,
    registered_at_least: int = 20,
    shown_at_least: int = 15,
    not_here: tuple[str, ...] = (),
) -> Iterator[Said]:
    """26个领域栏目缺失

    为什么: 国办发〔2019〕54号要求县级政府在网站上按26个领域公开信息，缺一个领域，那方面的信息就没有地方公开。

    看什么: 县（市）和州政府网站登记的基层公开栏目，加上基层公开总栏目页上列出的领域，是不是26个都有；改了名的（
    扶贫改乡村振兴、
    医疗卫生改卫生健康等）按同义词认。登记不足、又没有读到总栏目的，不下结论。部门网站不适用。须人工确认后计入。

    怎么改: 补建缺少的领域栏目；已有而改了名的，在配置里登记栏目和领域。本地没有的领域写进 not_here。
    """
    if site.site.level != "portal":
        yield NotApplicable("部门网站没有26个领域的公开任务")
        return
    columns = [column for column in site.columns if column.column.kind == KIND]
    registered = {column.column.field for column in columns if column.column.field}
    registered |= {field for column in columns for field in fields_in(column.column.name)}
    directory: PageView | None = None
    shown: set[str] = set()
    for column in columns:
        if column.page is not None and len(found := _shown(column.page)) > len(shown):
            directory, shown = column.page, found
    whole = len(registered) >= registered_at_least
    if len(shown) < shown_at_least and not whole:
        yield NotConfigured(f"只登记了 {len(registered)} 个领域的栏目，也没有读到列出26个领域的总栏目")
        return
    at = directory.url if directory is not None and len(shown) >= shown_at_least else columns[0].url
    for field in FIELDS:
        if field in registered | shown or field in not_here:
            continue
        yield Finding(
            message=f"基层政务公开缺少“{field}”领域的栏目",
            at=Place(at, "", field),
            key=field,
            certainty=Certainty.PROPOSED,
            evidence={"登记的领域": f"{len(registered)} 个", "总栏目页上列出的领域": f"{len(shown)} 个"},
            cites=(at,),
        )


def _shown(page: PageView) -> set[str]:
    """Fields that the page's links name, or lines of their own where tabs carry no address."""
    try:
        words = [
            f"{a.text} {a.attrs.get('title') or ''}" if len(a.text) < 3 else a.text for a in page.html.css("a")[:3000]
        ]
    except LookupError:
        words = []
    lines = [line for line in page.facts.prose.split("\n") if len(line) <= 16]
    return {field for text in (*words, *lines) for field in fields_in(text)}
