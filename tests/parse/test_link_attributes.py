"""Links in rarer places: each is found with its origin, and what a browser never loads is not (BEHAVIOURS 22)."""

import time

import pytest

from crawler.parse import parse

URL = "http://www.lxs.gov.cn/lxs/zwgk/"


def found(body: str, head: str = "") -> set[tuple[str, str, str]]:
    html = f"<html><head><title>t</title>{head}</head><body>{body}</body></html>"
    return {(link.url.removeprefix(URL), link.kind, link.origin) for link in parse(html.encode(), URL).links}


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("<select onchange='window.open(this.value)'><option value='a.html'>甲", ("a.html", "page", "option")),
        ("<select onchange=\"MM_jumpMenu('parent',this,0)\"><option value='/x/'>x", ("/x/", "page", "option")),
        ("<select onchange='location.href=this.options[this.selectedIndex].value'><option value='?p=2'>2", ("?p=2",)),
        ("<select><option value='http://a.gov.cn/'>甲<option value='http://b.gov.cn/'>乙", ("http://b.gov.cn/",)),
        ("<img src=0.png srcset='1.png 1x, 2,3.png 2x'>", ("2,3.png", "image", "srcset")),
        ("<picture><source srcset=a.webp><img src=a.png></picture>", ("a.webp", "image", "srcset")),
        ('<div style="background:url(&quot;b.png&quot;) no-repeat">x</div>', ("b.png", "image", "style")),
        ("<video poster=p.png></video>", ("p.png", "image", "poster")),
        ("<td background=t.gif>", ()),
        ("<table background=t.gif><tr><td>x</table>", ("t.gif", "image", "background")),
        ("<svg><a xlink:href='s.html'><text>x</text></a></svg>", ("s.html", "page", "svg")),
        ("<svg><image xlink:href='s.png'/></svg>", ("s.png", "image", "svg")),
        ("<a href=# onclick=\"showDetail('d.html')\">x</a>", ()),
        ("<a href=# onclick=\"showDetail('/d.html')\">x</a>", ("/d.html", "page", "onclick")),
        ("<span onclick=\"toUrl(this,'/d.pdf')\">x</span>", ("/d.pdf", "attachment", "onclick")),
        ("<object data=o.pdf></object>", ("o.pdf", "attachment", "object")),
    ],
)  # fmt: skip
def test_a_link_is_seen(body: str, wanted: tuple[str, ...]) -> None:
    links = found(body)
    if not wanted:
        assert not links
        return
    address = wanted[0] if "://" in wanted[0] else URL + wanted[0]
    if wanted[0][:1] == "/":
        address = "http://www.lxs.gov.cn" + wanted[0]
    row = next(row for row in links if row[0] in {address, wanted[0]})
    assert row[1:] == wanted[1:] or len(wanted) == 1


@pytest.mark.parametrize(
    "body",
    [
        "<select onchange='query(this.value)'><option value='a.html'>x",
        "<select><option value='1'>x<option value='2024/'>y",
        "<img srcset='data:image/png;base64,AA,AA 2x'>",
        "<div style='*background:url(h.png);background:url(data:image/png;base64,AA==)'>x</div>",
        "<style>.unused{background:url(u.png)} @font-face{src:url(f.eot)} /* body{background:url(c.png)} */</style>x",
        "<svg><use xlink:href='#u'/></svg>",
        "<a onclick=\"location.href='/v.do?id='+id\">x</a>",
        "<a onclick=\"$.get('/click.html')\">x</a>",
        "<a onclick=\"share('https://a.gov.cn/x.html')\">x</a>",
    ],
)
def test_what_leads_nowhere_is_no_link(body: str) -> None:
    assert not found(body)


def test_a_rule_counts_where_it_fits_an_element() -> None:
    head = "<style>@media screen{.top::before{content:url(a.png)}} @import 'b.css'; .top:hover{background:url(h.png)}"
    assert found("<div class=top>x</div>", head + "</style>") == {
        ("a.png", "image", "css"),
        ("b.css", "style", "import"),
    }


def test_a_refresh_leads_somewhere() -> None:
    assert found("x", "<meta http-equiv=Refresh content='5; URL=\"n.html\"'>") == {("n.html", "page", "refresh")}
    assert not found("x", "<meta http-equiv=refresh content=600>")


def test_hostile_style_sheets_cost_bounded_time() -> None:
    started = time.perf_counter()
    for piece in ("url(", "@import ", "a{b:url(x)}", "/*", "{background:", "background:url(x);"):
        parse(f"<style>{piece * 60_000}</style><p style='{piece * 5_000}'>".encode(), URL)
        parse(f"<img srcset='{',' * 100_000}'><a onclick=\"{piece * 5_000}\">x</a>".encode(), URL)
    assert time.perf_counter() - started < 10
