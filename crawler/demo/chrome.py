"""What all pages of a simulated site share: head, header, menu, path, footer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

from crawler.demo import footers
from crawler.demo.nouns import Site

_NOTICE = '<div class="demo-note">模拟环境：本页单位、文件与数据均为演示而编写，不代表任何真实网站</div>'


@dataclass(frozen=True, slots=True)
class Frame:
    """How one content system writes the frame; `charset` is what it declares."""

    header: str = "header"
    nav: str = "nav"
    path: str = "dqwz"
    charset: str = "utf-8"
    suffix: str = ".html"
    metas: Mapping[str, str] = field(default_factory=dict)


def _metas(site: Site, frame: Frame, more: Mapping[str, str]) -> str:
    code = site.code if site.meta_code is None else site.meta_code
    domain = site.host if site.meta_domain is None else site.meta_domain
    every = {"SiteName": shown_name(site), "SiteDomain": domain, "SiteIDCode": code, **frame.metas, **more}
    return "".join(f'<meta name="{name}" content="{escape(value)}">\n' for name, value in every.items())


def shown_name(site: Site) -> str:
    return site.name if site.shown is None else site.shown


def column_metas(site: Site, name: str, kind: str) -> dict[str, str]:
    """The four tags of a column page, or the two that careless templates write."""
    two = {"ColumnName": name, "ColumnType": kind}
    more = {"ColumnDescription": f"{site.name}{name}栏目", "ColumnKeywords": f"{site.place},{name}"}
    return two | more if site.column_tags else two


def _banner(site: Site) -> str:
    if site.bare_head:
        return ""
    name = shown_name(site)
    return (
        f'<a class="logo" href="/"><img src="{site.folder}xhtml/images/logo.png" alt="{name}"></a>\n'
        f"<strong>{name}</strong>"
    )


def page(
    site: Site,
    frame: Frame,
    *,
    title: str,
    body: str,
    links: Iterable[tuple[str, str]],
    metas: Mapping[str, str] | None = None,
    footer: bool = True,
) -> str:
    """A whole page. `links` are the menu: (text, href)."""
    menu = "".join(f'<li><a href="{href}">{text}</a></li>' for text, href in links)
    head = f"{title}-{shown_name(site)}" if title else shown_name(site)
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta http-equiv="Content-Type" content="text/html; charset={frame.charset}">
<title>{escape(head)}</title>
{_metas(site, frame, metas or {})}<link rel="stylesheet" href="{site.folder}xhtml/css/style.css">
</head>
<body>
{_NOTICE}
<div class="{frame.header}">
{_banner(site)}
{site.search}
<div class="tools"><a href="javascript:void(0)" onclick="openWza()">无障碍浏览</a> <a href="#">长者版</a></div></div>
<div class="{frame.nav}"><ul><li><a href="/">首页</a></li>{menu}</ul></div>
<div class="main">
{body}
</div>
{footers.shown(site) if footer else ""}
</body>
</html>
"""


STYLE = """body{margin:0;font:16px/1.8 "Microsoft YaHei",sans-serif;color:#333}
.demo-note{background:#fff7e0;color:#8a6d1b;text-align:center;font-size:13px}
.header,.head,.top{padding:16px 8%;background:linear-gradient(#eaf3fb,#fff);display:flex;gap:24px;align-items:center}
.header strong,.head strong,.top strong{font-size:24px;color:#1c5fa5}
.nav,.menu,.daohang{background:#1c5fa5}.nav ul,.menu ul,.daohang ul{display:flex;flex-wrap:wrap;margin:0 8%;padding:0}
.nav li,.menu li,.daohang li{list-style:none}.nav a,.menu a,.daohang a{color:#fff;padding:8px 18px;display:block}
.main{padding:20px 8%;min-height:480px}.main li{list-style:none;border-bottom:1px dashed #ddd;display:flex}
.main li span,.main li .fr{margin-left:auto;color:#888}
a{color:#1c5fa5;text-decoration:none}h1{text-align:center;font-size:26px}
.info{text-align:center;color:#888;font-size:14px}.content p{text-indent:2em}.marks img{height:48px}
.footer,.foot,#foot,.bottom,.copyright,.dibu{background:#f3f5f7;border-top:3px solid #1c5fa5;padding:16px 8%}
.footer,.foot,#foot,.bottom,.copyright,.dibu,.marks{font-size:14px;text-align:center}
.drop{display:none}
"""
