"""Columns of the 26 fields that do not open."""

from collections.abc import Iterator

from crawler.api import Certainty, Finding, NotApplicable, Place, Said, Severity, SiteView, cite, normalise, site_rule
from rules.grassroots._fields import KIND


@site_rule(
    "JC-02",
    severity=Severity.LOCAL,
    basis=(cite("linxia-2022-08-26", "seed.b"), cite("guobanfa-2019-54", "fields.columns")),
    kinds=(KIND,),
    rollup=("AV-05",),
)
def dead_fields(site: SiteView) -> Iterator[Said]:
    """26个领域栏目打不开

    为什么: 州里通报点名“26个领域有的栏目无法打开”；栏目打不开，这个领域等于没有公开。

    看什么: 登记的基层公开栏目中，被 AV-05 判断为打不开的有哪些。本条只汇总 AV-05 的结论，不重复计数。

    怎么改: 逐个恢复打不开的领域栏目；已调整的，把导航和登记的地址改到新地址。
    """
    if site.site.level != "portal":
        yield NotApplicable("部门网站没有26个领域的公开任务")
        return
    columns = {normalise(c.url): c.column for c in site.columns if c.column.kind == KIND}
    dead = [
        (columns[url], finding)
        for _, finding in site.findings
        if (url := normalise(finding.target or finding.at.url)) in columns
    ]
    if not dead:
        if site.examined.get("AV-05", (0, 0))[0] == 0:
            yield site.undecidable("栏目都没有读到")
        return
    names = sorted(column.field or column.name for column, _ in dead)
    sure = [finding for _, finding in dead if finding.certainty is Certainty.CONFIRMED]
    milder = Certainty.SUSPECTED if any(f.certainty is Certainty.SUSPECTED for _, f in dead) else Certainty.PROPOSED
    urls = tuple(sorted(column.url for column, _ in dead))
    yield Finding(
        message=f"26个领域中有 {len(dead)} 个栏目打不开：{'、'.join(names)}",
        at=Place(urls[0]),
        key="dead-fields",
        certainty=Certainty.CONFIRMED if sure else milder,
        count=len(dead),
        cites=urls,
        evidence={"打不开的领域": "、".join(names), "登记的领域栏目": f"{len(columns)} 个"},
    )
