"""A county portal without the standard catalogues of the 26 fields."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, Finding, NotApplicable, Place, Said, Severity, SiteView, cite, site_rule
from rules.grassroots._fields import FIELDS, KIND, fields_in, plain

_CATALOGUE = re.compile(r"标准目录|公开事项(?:标准)?目录|公开标准")
_ALL = re.compile(r"26个|二十六个|试点领域|各领域|全领域|基层政务公开(?:事项)?标准(?:目录|指引)")


@site_rule(
    "JC-05",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("guobanfa-2019-54", "fields.catalogue"),),
    kinds=(KIND,),
)
def no_catalogue(site: SiteView) -> Iterator[Said]:
    """26个领域标准目录缺失

    为什么: 国办发〔2019〕54号要求2020年底前编制完成各领域的基层政务公开标准目录，公开什么、什么时候公开以目录为准。

    看什么: 网站读到的页面标题、基层公开栏目的列表和附件里，有没有标准目录；一份文件包括全部领域的也算。
    栏目没有读完的不下结论。须人工确认后计入。

    怎么改: 把各领域的标准目录（公开事项、内容、依据、时限、主体、渠道等十栏）放在基层公开栏目下。
    """
    if site.site.level != "portal":
        yield NotApplicable("部门网站没有26个领域的公开任务")
        return
    columns = [column for column in site.columns if column.column.kind == KIND]
    registered = {column.column.field for column in columns if column.column.field} & set(FIELDS)
    titles = {plain(brief.title) for brief in site.briefs()}
    titles |= {plain(entry.title) for column in site.columns for entry in column.entries}
    for column in columns:
        if column.page is not None:
            titles |= {plain(a.text) for a in column.page.facts.attachments}
            titles |= {plain(line) for line in column.page.facts.prose.split("\n") if len(line) < 60}
    catalogues = [title for title in titles if _CATALOGUE.search(title)]
    if any(_ALL.search(title) and not _one_field(title) for title in catalogues):
        return
    own = {field for title in catalogues for field in _fields(title)}
    # A catalogue that stands in a field's own column needs no name.
    for column in columns:
        if column.column.field and any(_CATALOGUE.search(plain(entry.title)) for entry in column.entries):
            own.add(column.column.field)
    lacking = sorted(registered - own) if own else []
    if catalogues and not lacking:
        return
    if not all(column.reading.complete for column in columns):
        yield site.undecidable("基层公开栏目没有读完")
        return
    yield Finding(
        message=f"没有找到{'、'.join(lacking)}领域的标准目录" if lacking else "没有找到26个领域的基层政务公开标准目录",
        at=Place(columns[0].url),
        key="catalogue",
        certainty=Certainty.PROPOSED,
        cites=tuple(sorted(column.url for column in columns)),
        evidence={"找到的目录": "；".join(sorted(catalogues)[:5]) or "没有"},
    )


def _fields(title: str) -> set[str]:
    return fields_in(title[-30:])


def _one_field(title: str) -> bool:
    """重大建设项目领域基层政务公开标准目录 is of one field, whatever it says of all."""
    return len(_fields(title)) == 1 and "26" not in title and "二十六" not in title
