"""Articles and lists of the systems that write their lists into the HTML: TRS, VSB and plain pages share this."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from crawler.demo import chrome, files
from crawler.demo.answer import HTML, Answer, file
from crawler.demo.nouns import Article, Column, File, Put, Site


@dataclass(frozen=True, slots=True)
class System:
    """One content system: where its pages are and how it words them."""

    frame: chrome.Frame
    rows: int
    column_path: Callable[[Column, int, int], str]  # (column, page from 1, pages)
    article_path: Callable[[Site, Column, Article], str]
    file_href: Callable[[Site, Article, File], str]  # as written in the article
    file_path: Callable[[Site, Column, Article, File], str]
    pager: Callable[[Column, int, int], str]
    row: Callable[[str, str, Article], str]  # (href, title, article)
    content: str  # opening tag of the body's container
    encoding: str = "utf-8"
    type: str = HTML


def column_url(system: System, site: Site, column: Column) -> str:
    return site.root + system.column_path(column, 1, len(_sheets(system, column)))


def article_url(system: System, site: Site, column: Column, article: Article) -> str:
    return article.direct or site.root + system.article_path(site, column, article)


def publish(system: System, site: Site, put: Put) -> None:
    def show(url: str, html: str) -> None:
        put(url, Answer(html.encode(system.encoding), system.type))

    show(f"{site.root}/", _home(system, site))
    for column in site.columns:
        sheets = _sheets(system, column)
        for number in range(1, len(sheets) + 1):
            url = site.root + system.column_path(column, number, len(sheets))
            if column.answer is not None:
                put(url, column.answer)
            else:
                show(url, _column(system, site, column, number))
        for article in column.articles:
            if not article.direct:
                show(article_url(system, site, column, article), _article(system, site, column, article))
                for attachment in article.files:
                    suffix = attachment.name.rpartition(".")[2]
                    body = files.made(suffix, article.title)
                    kind = files.TYPES.get(suffix.lower(), "application/octet-stream")
                    url = site.root + system.file_path(site, column, article, attachment)
                    put(url, attachment.answer or file(body, kind))


def _sheets(system: System, column: Column) -> list[Sequence[Article]]:
    ordered = sorted(column.articles, key=lambda article: article.published, reverse=True)
    return [ordered[at : at + system.rows] for at in range(0, len(ordered), system.rows)] or [[]]


def links(system: System, site: Site) -> list[tuple[str, str]]:
    return [(c.name, system.column_path(c, 1, len(_sheets(system, c)))) for c in site.menu()]


def _rows(system: System, site: Site, column: Column, sheet: Sequence[Article]) -> str:
    cells = []
    for article in sheet:
        href = article_url(system, site, column, article).removeprefix(site.root)
        cells.append(system.row(href, article.listed or article.title, article))
    return f"<ul class='list'>{''.join(cells)}</ul>"


def _column(system: System, site: Site, column: Column, number: int) -> str:
    sheets = _sheets(system, column)
    sheet, pages = sheets[number - 1], len(sheets)
    where = f'<div class="{system.frame.path}">您的位置：<a href="/">首页</a> &gt; {column.name}</div>'
    listing = _rows(system, site, column, sheet) if sheet else '<div class="empty">暂无数据</div>'
    body = f"{where}{column.box}{listing}{system.pager(column, number, pages)}{column.note}"
    metas = chrome.column_metas(site, column.name, column.kind)
    return chrome.page(site, system.frame, title=column.name, body=body, links=links(system, site), metas=metas)


def _article(system: System, site: Site, column: Column, article: Article) -> str:
    source = article.source or site.place
    offered = "".join(
        f'<p><a href="{system.file_href(site, article, attachment)}">附件{number}：{attachment.name}</a></p>'
        for number, attachment in enumerate(article.files, start=1)
    )
    number = f'<p style="text-align:center">{article.number}</p>' if article.number else ""
    column_path = system.column_path(column, 1, len(_sheets(system, column)))
    here = f'<a href="{column_path}">{column.name}</a>'
    body = f"""<div class="{system.frame.path}">您的位置：<a href="/">首页</a> &gt; {here}</div>
<h1>{escape(article.title)}</h1>
<div class="info">发布时间：{article.published:%Y-%m-%d %H:%M} 来源：{source}</div>
{system.content}{number}{article.body}{site.article_extra.get(article.slug, "")}{offered}</div>"""
    metas = {
        "ArticleTitle": article.title,
        "PubDate": f"{article.published:%Y-%m-%d %H:%M}",
        "ContentSource": source,
        "ColumnName": column.name,
    }
    return chrome.page(site, system.frame, title=article.title, body=body, links=links(system, site), metas=metas)


def _home(system: System, site: Site) -> str:
    blocks = []
    for column in site.menu():
        more = system.column_path(column, 1, len(_sheets(system, column)))
        rows = _rows(system, site, column, _sheets(system, column)[0][:4])
        blocks.append(
            f'<div class="block"><h3>{column.name} <a class="more" href="{more}">更多&gt;&gt;</a></h3>{rows}</div>'
        )
    return chrome.page(site, system.frame, title="", body="".join(blocks) + site.home_extra, links=links(system, site))
