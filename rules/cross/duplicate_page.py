"""One article at several addresses of a site."""

import re
from collections.abc import Iterator

from crawler.api import (
    Brief,
    Finding,
    Parent,
    Place,
    Said,
    Severity,
    SiteView,
    cite,
    path_key,
    plain,
    site_rule,
    trap_pattern,
)

# Another view of one page, made by the system and no second publication.
_VIEW = re.compile(
    r"print|_prt\b|/(?:wap|mobile|m|3g|phone|app|wza|amp|en|mw|zang)/|[?&](?:from|share|src|type|tpl|style|lang|mobile|wap)="
    r"|(?:_|/|p=|page=|pageno=)\d{1,3}(?:\.[sj]?html?)?$|/page/\d+|isappinstalled",
    re.IGNORECASE,
)
_SHORT_TITLE = 6
_SHORT_TEXT = 50  # characters: 详见附件 is many a notice's whole text


@site_rule(
    "XS-01",
    severity=Severity.HINT,
    basis=(cite("guobanfa-2017-47", "content.once"),),
)
def duplicate_page(site: SiteView, *, least: int = 2) -> Iterator[Said]:
    """同一篇文章发布在多个地址

    为什么: 一篇文章在几个地址各存一份，改了一处忘了另一处，公众看到的就不一样，搜索结果也会重复。

    看什么: 本网站上标题和正文完全相同、地址不同的文章。打印版、手机版、分页、只有协议或参数不同的地址不算；
    正文太短的、附件不同的不算。

    怎么改: 保留一处，其他栏目改为引用（同一地址），或者从旧地址跳转到新地址。
    """
    groups: dict[tuple[int, str], list[Brief]] = {}
    for brief in site.briefs():
        if brief.kind == "article" and brief.text_key and not _VIEW.search(brief.url):
            groups.setdefault((brief.text_key, plain(brief.title)), []).append(brief)
    for key in sorted(groups):
        kept, title = _distinct(sorted(groups[key], key=lambda brief: brief.url)), key[1]
        if len(kept) >= least and len(title) >= _SHORT_TITLE and _same_files(site, kept):
            yield _finding(kept)


def _distinct(some: list[Brief]) -> list[Brief]:
    """One of each path: scheme, host and case of a query make no second page here."""
    return list({path_key(brief.url).partition("?")[0].lower(): brief for brief in reversed(some)}.values())[::-1]


def _same_files(site: SiteView, some: list[Brief]) -> bool:
    """A form letter that differs in its attachments is not one article; one whose copy names another address is."""
    offered = set()
    for brief in some:
        page = site.open_page(brief.url)
        if page is None or page.url != brief.url or page.framed or page.facts.redirect:
            return False
        if len(page.facts.main_text) < _SHORT_TEXT:
            return False
        if any(
            link.attrs.get("href", "").strip() not in {"", brief.url} for link in page.html.css("link[rel=canonical]")
        ):
            return False
        offered.add(tuple(sorted(plain(one.text) for one in page.facts.attachments)))
    return len(offered) == 1


def _finding(some: list[Brief]) -> Finding:
    first = some[0]
    where = {column.name for brief in some for column in brief.listed_in}
    return Finding(
        message=f"《{first.title.strip('《》')}》发布在 {len(some)} 个地址",
        at=Place(first.url, "", first.title[:200]),
        key=path_key(first.url),
        target=first.url,
        parents=tuple(Parent(brief.url, brief.title[:200]) for brief in some[1:21]),
        parent_count=len(some) - 1,
        evidence={
            "地址": "；".join(brief.url for brief in some[:10]),
            "所在栏目": "、".join(sorted(where)) or "未登记的栏目",
        },
        cites=tuple(brief.url for brief in some[:20]),
        group="|".join(sorted({trap_pattern(brief.url) for brief in some})),
    )
