"""A disclosure section without its main entries."""

import re
from collections.abc import Iterator

from crawler.api import Finding, NotApplicable, Said, Severity, SiteView, State, cite, normalise, site_rule
from rules.disclosure._platform import leads, section

# Entry -> what it is called on pages, and the kind of column that stands for it.
_ENTRIES: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    ("政府信息公开指南", re.compile(r"指南"), ("信息公开指南",)),
    # The prefecture's own section has 政府公报 in place of 制度 (RULES 4.2, DA-02).
    ("政府信息公开制度", re.compile(r"制度|规定|公报|政策法规|法律法规|公开依据"), ("信息公开制度",)),
    ("法定主动公开内容", re.compile(r"法定主动公开|主动公开|公开目录|公开内容|信息公开目录"), ("法定主动公开内容",)),
    ("政府信息公开年报", re.compile(r"年报|年度报告"), ("信息公开年报",)),
    ("依申请公开", re.compile(r"依申请|申请公开"), ("依申请公开",)),
)
_LEAST = 2  # entries seen before the others are missed: else the menu is written by a script


@site_rule(
    "DA-02",
    severity=Severity.HINT,  # the clause rests on memory (RULES 4.2)
    basis=(cite("guobangongkaibanhan-2019-61", "platform.entries"),),
)
def missing_section_entries(site: SiteView) -> Iterator[Said]:
    """政府信息公开专栏入口不全

    为什么: 专栏的指南、制度、法定主动公开内容、年报和依申请公开是公众查信息、提申请的五个入口，缺一个就少一条路。

    看什么: 政府信息公开专栏页上有没有这五个入口的链接、链接打不打得开；登记了对应栏目的也算有。
    以“政府公报”代替制度的算有。专栏页没有读到、菜单由脚本生成的，不下结论。

    怎么改: 在专栏页补上缺少的入口，链接到对应栏目；打不开的先恢复。
    """
    page = section(site)
    if page is None:
        yield NotApplicable("没有读到政府信息公开专栏，由 DA-01 判断")
        return
    shown = leads(page)
    if shown is None or page.facts.shell or page.facts.protection:
        yield site.undecidable("专栏页由脚本生成或没有读到")
        return
    registered = {column.column.kind for column in site.columns}
    lacking, dead = [], []
    for name, words, kinds in _ENTRIES:
        links = [lead.url for lead in shown if len(lead.words) <= 20 and words.search(lead.words)]
        if not links and not registered & set(kinds) and not _said(page.facts.prose, name):
            lacking.append(name)
        elif links and not registered & set(kinds) and all(_is_dead(site, url) for url in links):
            dead.append(name)
    if len(lacking) > len(_ENTRIES) - _LEAST:
        yield site.undecidable("专栏页上看不到入口菜单，可能由脚本生成")
        return
    if lacking or dead:
        told = [f"缺少{'、'.join(lacking)}"] * bool(lacking) + [f"{'、'.join(dead)}打不开"] * bool(dead)
        yield Finding(
            message=f"政府信息公开专栏的入口不全：{'；'.join(told)}",
            at=page.place(quote=page.facts.heading or page.facts.title),
            key="entries",
            target=page.url,
            cites=(page.url,),
        )


def _said(prose: str, name: str) -> bool:
    """A tab without an address shows its name as a line of its own."""
    wanted = {name, name.removeprefix("政府"), name.removeprefix("政府信息")}
    return any("".join(line.split()) in wanted for line in prose.split("\n"))


def _is_dead(site: SiteView, url: str) -> bool:
    known = site.known(normalise(url)) if url else None
    return known is not None and known.state is State.DEAD
