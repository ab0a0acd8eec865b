"""Boda VSB: `/info/1157/6912.htm`, list pages numbered backwards, a download script (FIELD 1.6)."""

from __future__ import annotations

from crawler.demo.articles import System
from crawler.demo.chrome import Frame
from crawler.demo.nouns import Article, Column, File, Site, hex32


def _article(site: Site, column: Column, article: Article) -> str:
    tree = 1000 + int(hex32(site.id, column.id)[:4], 16) % 200
    number = article.slug if article.slug.isdigit() else str(2000 + int(hex32(site.id, article.slug)[:4], 16) % 7000)
    return f"/info/{tree}/{number}.htm"


def _file(site: Site, article: Article, attachment: File) -> str:
    number = int(hex32(site.id, article.slug, attachment.name)[:6], 16)
    return (
        attachment.path
        or f"/system/_content/download.jsp?urltype=news.DownloadAttachUrl&amp;owner=18&amp;wbfileid={number}"
    )


def _file_path(site: Site, column: Column, article: Article, attachment: File) -> str:  # noqa: ARG001
    return _file(site, article, attachment).replace("&amp;", "&")


def _column(column: Column, number: int, pages: int) -> str:
    name = column.path.rstrip("/")
    return f"{name}.htm" if number == 1 else f"{name}/{pages - number + 1}.htm"  # the last page is 1.htm


def _pager(column: Column, number: int, pages: int) -> str:
    if pages == 1:
        return ""
    cells = [f"<span class='p_t'>共{pages}页</span>"]
    if number > 1:
        cells.append(f'<span class="p_prev"><a href="{_column(column, number - 1, pages)}">上页</a></span>')
    cells += [
        f'<span class="p_no"><a href="{_column(column, n, pages)}">{n}</a></span>' if n != number else f"<b>{n}</b>"
        for n in range(1, pages + 1)
    ]
    if number < pages:
        cells.append(f'<span class="p_next"><a href="{_column(column, number + 1, pages)}">下页</a></span>')
    return f'<div class="pb_sys_common">{"".join(cells)}</div>'


def _row(href: str, title: str, article: Article) -> str:
    return f'<li id="line_u9"><a href="{href}">{title}</a><span>[{article.published:%Y-%m-%d}]</span></li>'


SYSTEM = System(
    frame=Frame(header="top", nav="daohang", path="wz", suffix=".htm"),
    rows=6,
    column_path=_column,
    article_path=_article,
    file_href=_file,
    file_path=_file_path,
    pager=_pager,
    row=_row,
    content='<div id="vsb_content" class="v_news_content content">',
)
