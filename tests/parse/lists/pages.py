"""Column pages for the tests of the list readers."""
# markup reads best in one line

from __future__ import annotations

from crawler.core.facts import Listing, PageFacts
from crawler.parse import parse

ROOT = "https://www.lxs.gov.cn"
URL = f"{ROOT}/lxs/zwgk/tzgg/index.html"
SEEN = {"date": "Fri, 02 Jan 2026 02:00:00 GMT"}
TITLES = [f"关于开展第{i}次政务公开检查的通知" for i in range(1, 7)]
NAV = (
    "<div class=nav><ul>"
    + "".join(f"<li><a href=/c{i}/index.html>导航栏目第{i}</a></li>" for i in range(12))
    + "</ul></div>"
)
FOOT = (
    "<div class=footer><div class=yqlj>友情链接：<a href=https://www.gov.cn>中国政府网</a><a href=https://www.gansu.gov.cn>甘肃省人民政府</a></div>"
    "<p>主办单位：临夏市人民政府办公室 2024-01-01 备案</p></div>"
)
ROWS = (
    "<ul class=list>"
    + "".join(f"<li><a href=a{i}.html>{t}</a><span>2025-05-{i:02d}</span></li>" for i, t in enumerate(TITLES, 1))
    + "</ul>"
)


def facts(body: str, url: str = URL, head: str = "<meta name=ColumnName content=通知公告>") -> PageFacts:
    html = f"<html><head><title>通知公告</title>{head}</head><body>{NAV}{body}{FOOT}</body></html>"
    return parse(html.encode(), url, SEEN).facts


def listing(body: str, url: str = URL, head: str = "<meta name=ColumnName content=通知公告>") -> Listing:
    return facts(body, url, head).listing


def days(found: Listing) -> list[str]:
    return [entry.date.date().isoformat() if entry.date else "" for entry in found.entries]


def titles(found: Listing) -> list[str]:
    return [entry.title for entry in found.entries]
