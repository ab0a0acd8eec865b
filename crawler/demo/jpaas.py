"""The portals: Hanweb JPaaS, whose lists are filled by requests for units (FIELD 1.2, RULES 8.2)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote

from crawler.demo import chrome, files
from crawler.demo.answer import Answer, file, moved, page
from crawler.demo.nouns import Article, Column, File, Put, Site, hex32

UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
DOWNLOAD = "/api-gateway/jpaas-web-server/front/document/download"
_ROWS = 5  # a page of a list
_CUT = 26  # characters of a title before "..."
_LIST, _MENU, _HOT = "信息列表", "栏目导航", "热点推荐"
FRAME = chrome.Frame(metas={"Generator": "JPaaS"})


@dataclass(slots=True)
class Units:
    """The unit server of the platform: (host, page id, tag) -> the rows, how many a page, and whether it can page."""

    blocks: dict[tuple[str, str, str], tuple[list[str], int, bool]] = field(default_factory=dict)

    def answer(self, host: str, query: str) -> Answer:
        asked = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
        known = self.blocks.get((host, asked.get("pageId", ""), asked.get("tagId", "")))
        if known is None:
            return _told({"success": False, "code": "500", "msg": "单元不存在"})
        rows, size, stalled = known
        number = 1 if stalled else _page_number(asked)
        shown = rows[(number - 1) * size : number * size]
        html = f"<ul class='ajax-ul'>{''.join(shown)}</ul>" if shown else ""
        return _told({"success": True, "code": "200", "msg": "成功", "data": {"html": html}})


def _page_number(asked: dict[str, str]) -> int:
    number: object = asked.get("pageNo", "")
    if "paramJson" in asked:
        try:
            number = json.loads(asked["paramJson"])["pageNo"]
        except (ValueError, KeyError, TypeError):
            number = "1"
    text = str(number)
    return max(int(text), 1) if text.isdigit() else 1


def _told(value: object) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), "application/json;charset=UTF-8")


def column_url(site: Site, column: Column) -> str:
    return f"{site.root}{column.path}index.html"


def article_url(site: Site, column: Column, article: Article) -> str:
    if article.direct:
        return article.direct
    return f"{site.root}{column.path}art/2026/art_{hex32(site.id, article.slug)}.html"


def file_href(site: Site, article: Article, attachment: File) -> str:
    if attachment.path:
        return attachment.path
    token = hex32(site.id, article.slug, attachment.name) * 2
    return f"{DOWNLOAD}?fileUrl={token}&amp;fileName={quote(attachment.name)}"


def publish(site: Site, put: Put, units: Units) -> None:
    put(f"{site.root}/", page(_home(site), first=site.home_first))
    put(f"{site.root}{site.prefix}index.html", moved("/", 301))
    put(f"{site.root}{site.prefix}AuthorizedRead/unitbuild.js", Answer(b"/* unitbuild */", "application/javascript"))
    for column in site.columns:
        put(column_url(site, column), column.answer or page(_column(site, column, units), first=column.first))
        if column.answer is None:  # a folder without its slash leads to its page, as servers do
            put(f"{site.root}{column.path}", moved("index.html", 301))
            put(f"{site.root}{column.path.rstrip('/')}", moved(column.path, 301))
        for article in column.articles:
            if not article.direct:
                put(article_url(site, column, article), page(_article(site, column, article)))
                _files(site, article, put)


def _files(site: Site, article: Article, put: Put) -> None:
    for number, attachment in enumerate(article.files):
        url = site.root + file_href(site, article, attachment).replace("&amp;", "&")
        if attachment.answer is not None:
            put(url, attachment.answer)
            continue
        suffix = attachment.name.rpartition(".")[2]
        whole = file(files.made(suffix, article.title), name=quote(attachment.name))
        if number == 0:  # the gateway sends the first one on to the store (FIELD 1.10)
            name = hex32(site.id, attachment.name, article.slug)
            store = f"/cms_files/filemanager{site.prefix}{name}.{suffix}"
            put(url, moved(store))
            put(site.root + store, whole)
        else:
            put(url, whole)


def links(site: Site) -> list[tuple[str, str]]:
    return [(column.name, f"{column.path}index.html") for column in site.menu()]


def _row(site: Site, column: Column, article: Article) -> str:
    title = article.listed or article.title
    cut = title if len(title) <= _CUT else title[:_CUT] + "..."
    href = article_url(site, column, article).removeprefix(site.root)
    return (
        f"<li class='cf'><a class='fl' href='{href}' target='_blank'>{cut}</a>"
        f"<span class='fr'>{article.published:%Y-%m-%d}</span></li>"
    )


def _unit(site: Site, column: Column, tag: str, units: Units, *, rows: list[str], size: int) -> str:
    page_id = hex32(site.id, column.id)
    units.blocks[site.host, page_id, tag] = (rows, size, column.stalled and tag == _LIST)
    query = {
        "webId": hex32(site.id),
        "pageId": page_id,
        "parseType": "bulidstatic",  # misspelt in the product itself
        "pageType": "column",
        "tagId": tag,
        "tplSetId": hex32(site.id, "tpl"),
    }
    said = "{" + ",".join(f"'{name}':'{value}'" for name, value in query.items()) + "}"
    source = f"{site.prefix}AuthorizedRead/unitbuild.js"
    return f'<script src="{source}" url="{UNIT}" queryData="{said}"></script>'


def _column(site: Site, column: Column, units: Units) -> str:
    newest_first = sorted(column.articles, key=lambda article: article.published, reverse=True)
    rows = [_row(site, column, article) for article in newest_first]
    menu = [f"<li><a href='{href}'>{text}</a></li>" for text, href in links(site)]
    shown = _unit(site, column, _LIST, units, rows=rows, size=_ROWS)
    pager = f'<div class="pagination" rows="{_ROWS}" count="{len(rows)}" unitUrl="{UNIT}"></div>'
    blocks = [
        f'<div class="left-menu">{_unit(site, column, _MENU, units, rows=menu, size=20)}</div>',
        f'<div class="list-box">{shown}{pager}</div>',
    ]
    if column.kind == "政策文件":  # a third unit, without dates: not the list
        hot = [f"<li><a href='{href}'>{text}</a></li>" for text, href in links(site)[:3]]
        blocks.append(f'<div class="hot"><h3>热点推荐</h3>{_unit(site, column, _HOT, units, rows=hot, size=20)}</div>')
    where = f'<div class="dqwz">当前位置：<a href="/">首页</a> &gt; {column.name}</div>'
    body = f"{where}{column.box}{''.join(blocks)}{column.note}"
    metas = chrome.column_metas(site, column.name, column.kind)
    return chrome.page(site, FRAME, title=column.name, body=body, links=links(site), metas=metas)


def _article(site: Site, column: Column, article: Article) -> str:
    source = article.source or site.place
    offered = "".join(
        f'<p><a href="{file_href(site, article, attachment)}">附件{number}：{attachment.name}</a></p>'
        for number, attachment in enumerate(article.files, start=1)
    )
    number = f'<p class="wenhao" style="text-align:center">{article.number}</p>' if article.number else ""
    here = f'<a href="{column.path}index.html">{column.name}</a>'
    body = f"""<div class="dqwz">当前位置：<a href="/">首页</a> &gt; {here} &gt; 正文</div>
<h1>{article.title}</h1>
<div class="info">来源：{source} 浏览次数：<span id="views"></span> 发布时间：{article.published:%Y-%m-%d %H:%M} 字号：
[<a href="javascript:doZoom(18)">大</a> <a href="javascript:doZoom(16)">中</a>
<a href="javascript:doZoom(14)">小</a>]</div>
<div class="neirong content">{number}{article.body}{site.article_extra.get(article.slug, "")}{offered}</div>
<div class="tools"><a href="javascript:window.print()">打印本页</a>
<a href="javascript:window.close()">关闭窗口</a></div>"""
    metas = {
        "ColumnName": column.name,
        "ColumnType": column.kind,
        "ArticleTitle": article.title,
        "PubDate": f"{article.published:%Y-%m-%d %H:%M}",
        "ContentSource": source,
    }
    return chrome.page(site, FRAME, title=article.title, body=body, links=links(site), metas=metas)


def _home(site: Site) -> str:
    blocks = []
    for column in site.menu():
        newest = sorted(column.articles, key=lambda article: article.published, reverse=True)[:4]
        rows = "".join(_row(site, column, article) for article in newest)
        more = f'<a class="more" href="{column.path}index.html">更多</a>'
        blocks.append(f'<div class="block"><h3>{column.name} {more}</h3><ul>{rows}</ul></div>')
    body = f'<div class="banner"></div>{"".join(blocks)}{site.home_extra}'
    return chrome.page(site, FRAME, title="", body=body, links=links(site))
