"""Hand-made pages in GBK that call themselves gb2312 and name no charset in the header."""

from __future__ import annotations

from crawler.demo.articles import System
from crawler.demo.chrome import Frame
from crawler.demo.nouns import Article, Column, File, Site, hex32


def _article(site: Site, column: Column, article: Article) -> str:
    number = article.slug if article.slug.isdigit() else str(1000 + int(hex32(site.id, article.slug)[:4], 16) % 9000)
    return f"/html{column.path}{number}.html"


def _file(site: Site, article: Article, attachment: File) -> str:
    if attachment.path:
        return attachment.path
    suffix = attachment.name.rpartition(".")[2]
    return f"/upload/file/{hex32(site.id, article.slug, attachment.name)[:16]}.{suffix}"


def _file_path(site: Site, column: Column, article: Article, attachment: File) -> str:  # noqa: ARG001
    return _file(site, article, attachment)


def _column(column: Column, number: int, pages: int) -> str:  # noqa: ARG001
    return f"{column.path}list_{number}.html"


def _pager(column: Column, number: int, pages: int) -> str:
    before = f'<a href="{_column(column, number - 1, pages)}">上一页</a> ' if number > 1 else ""
    after = f' <a href="{_column(column, number + 1, pages)}">下一页</a>' if number < pages else ""
    return f'<div class="pages">{before}第{number}页/共{pages}页{after}</div>'


def _row(href: str, title: str, article: Article) -> str:
    return f"<li>·<a href={href}>{title}</a> <font color=#888888>({article.published:%Y-%m-%d})</font></li>"


SYSTEM = System(
    frame=Frame(header="top", nav="menu", path="weizhi", charset="gb2312"),
    rows=6,
    column_path=_column,
    article_path=_article,
    file_href=_file,
    file_path=_file_path,
    pager=_pager,
    row=_row,
    content='<div class="content">',
    encoding="gbk",
    type="text/html",
)
