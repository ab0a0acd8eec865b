"""TRS WCM: `t20220829_123.html`, `./P0….pdf` beside the article, a pager that is a script call (FIELD 1.3)."""

from __future__ import annotations

from crawler.demo.articles import System
from crawler.demo.chrome import Frame
from crawler.demo.nouns import Article, Column, File, Site, hex32


def _serial(*words: str) -> int:
    return int(hex32(*words)[:8], 16) % 10**6


def _article(site: Site, column: Column, article: Article) -> str:
    number = article.slug if article.slug.isdigit() else str(_serial(site.id, article.slug))
    return f"{column.path}{article.published:%Y%m}/t{article.published:%Y%m%d}_{number}.html"


def _file(site: Site, article: Article, attachment: File) -> str:
    suffix = attachment.name.rpartition(".")[2]
    return attachment.path or f"./P0{article.published:%Y%m%d}{_serial(site.id, attachment.name):012d}.{suffix}"


def _file_path(site: Site, column: Column, article: Article, attachment: File) -> str:
    folder = _article(site, column, article).rpartition("/")[0]
    href = _file(site, article, attachment)
    return href if href.startswith("/") else f"{folder}/{href.removeprefix('./')}"


def _column(column: Column, number: int, pages: int) -> str:  # noqa: ARG001
    return column.path + ("" if number == 1 else f"index_{number - 1}.html")


def _pager(column: Column, number: int, pages: int) -> str:  # noqa: ARG001
    return f'<div class="page"><script>createPageHTML({pages}, {number - 1}, "index", "html");</script></div>'


def _row(href: str, title: str, article: Article) -> str:
    return f'<li><a href="{href}" title="{title}">{title}</a><span>{article.published:%Y-%m-%d}</span></li>'


SYSTEM = System(
    frame=Frame(header="head", nav="menu", path="location"),
    rows=8,
    column_path=_column,
    article_path=_article,
    file_href=_file,
    file_path=_file_path,
    pager=_pager,
    row=_row,
    content='<div class="TRS_Editor content" id="zoom">',
)
