"""Footers as they are written on real sites, and what only looks like one (BEHAVIOURS 11, 55, 56, 57; PATTERNS)."""
# ruff: noqa: E501 - fixtures stand on the lines that sites write them on

from __future__ import annotations

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.core.facts import FOOTER_ITEMS, Footer
from crawler.parse import footer

URL = "http://www.lxs.gov.cn/lxs/zwgk/art/2022/art_1.html"
ROWS = "".join(
    f'<div class="row"><a href="/lxs/art_{i}.html">临夏市召开第{i}次常务会议</a><span>2022-08-{i % 28 + 1:02}</span></div>'
    for i in range(60)
)


def read(html: str, url: str = URL) -> Footer:
    tree = LexborHTMLParser(html)
    scripts = [node.attributes["src"] or "" for node in tree.css("script[src]")]
    inline = [node.text() for node in tree.css("script:not([src])")]
    return footer.read(tree, url, scripts, inline)


def page(foot: str, main: str = ROWS, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>临夏市</title>{head}</head><body><div class='top'>首页</div><div class='main'>{main}</div>{foot}</body></html>"


def values(found: Footer, item: str) -> list[str]:
    return [mark.value for mark in getattr(found, item)]


WHOLE = """
<div class="footer" id="footer_2022">
 <div class="links"><a href="/lxs/wzdt/index.html">网站地图</a> | <a href="/lxs/lxwm.html">联系我们</a></div>
 <p>主办单位：临夏市人民政府办公室&nbsp;&nbsp;&nbsp;承办单位：临夏市大数据中心</p>
 <p>地址：临夏市红园路1号 &nbsp;联系电话：0930-6212345 &nbsp;技术支持：某某公司 0931-8888888</p>
 <p>网站标识码：<span>6229010001</span>&nbsp;<a href="https://beian.miit.gov.cn/">陇ICP备<b>13001288</b>号-1</a>
 <a href="http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=62290102000101"><img src="ga.png">甘公网安备 62290102000101号</a></p>
 <a href="http://bszs.conac.cn/sitename?method=show&amp;id=0123456789ABCDEF0123456789ABCDEF"><img src="/images/red.png"></a>
 <script id="_jiucuo_" sitecode='6229010001' src='https://zfwzgl.www.gov.cn/exposure/jiucuo.js'></script><span id="_span_jiucuo"></span>
</div>"""


def test_whole_footer_and_nothing_unread() -> None:
    found = read(page(WHOLE, head='<meta name="SiteIDCode" content="6229010001">'))
    assert all(getattr(found, item) for item in FOOTER_ITEMS)
    assert values(found, "organizer") == ["临夏市人民政府办公室", "承办单位：临夏市大数据中心"]
    assert values(found, "contact")[0] == "0930-6212345"
    assert "0931-8888888" not in values(found, "contact")
    assert [(mark.value, mark.via) for mark in found.site_code] == [("6229010001", "html"), ("6229010001", "meta")]
    assert values(found, "icp") == ["陇ICP备13001288号-1"]
    assert values(found, "psb") == ["62290102000101"]
    assert values(found, "jiucuo") == ["6229010001"]
    assert found.template == "div#footer_0.footer"
    assert found.unread == ()


@pytest.mark.parametrize("item", ["conac", "jiucuo", "site_code", "organizer", "icp", "psb", "sitemap"])
def test_removing_one_item_misses_that_one_alone(item: str) -> None:
    """BEHAVIOURS 55."""
    cut = {
        "conac": ("http://bszs.conac.cn/sitename", "/x", "/images/red.png", "/images/r.png"),
        "jiucuo": ("_jiucuo_", "x", "https://zfwzgl.www.gov.cn/exposure/jiucuo.js", "/js/jquery.js"),
        "site_code": ("网站标识码：", "编号："),
        "organizer": ("主办单位：临夏市人民政府办公室", "", "承办单位：临夏市大数据中心", ""),
        "icp": ("陇ICP备", ""),
        "psb": ("甘公网安备", "", "recordcode", "x"),
        "sitemap": ("网站地图", "首页", "wzdt", "x"),
    }[item]
    foot = WHOLE
    for old, new in zip(cut[::2], cut[1::2], strict=True):
        foot = foot.replace(old, new)
    found = read(page(foot))
    assert [name for name in FOOTER_ITEMS if not getattr(found, name)] == [item]


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("网站标识码：6229010001", "6229010001"),
        ("政府网站标识码:6229010001", "6229010001"),
        ("标识码 6229010001", "6229010001"),
        ("网站标识码&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;6229010001", "6229010001"),
        ("<span>网站标识码</span><em>：</em><b>6229010001</b>", "6229010001"),
        ("<td>网站标识码：</td><td>6229010001</td>", "6229010001"),
        ("网站标识码：<a>bm14000002</a>", "bm14000002"),
        ("网站标识码：BM14000002", "bm14000002"),
        ("网站标识码：６２２９０１０００１", "6229010001"),
        ("网站<span>标识</span>码：6229010001", "6229010001"),
        ("网站标识码（6229010001）", "6229010001"),
        ("网站标识码∶6229010001陇ICP备13001288号", "6229010001"),
        ("網站標識碼：6229010001", "6229010001"),
    ],
)
def test_site_code_as_written(html: str, code: str) -> None:
    found = read(page(f"<div class=foot><p>{html}</p></div>"))
    assert values(found, "site_code") == [code]
    assert found.site_code[0].via == "html"


@pytest.mark.parametrize("html", ["网站标识码：62290100011", "网站标识码：", "标识码规范 2022", "备案编号 6229010001"])
def test_no_site_code(html: str) -> None:
    assert read(page(f"<div class=foot><p>{html}</p></div>")).site_code == ()


@pytest.mark.parametrize(
    ("html", "number"),
    [
        ("陇ICP备13001288号", "陇ICP备13001288号"),
        ("陇ICP备2021001234号-1", "陇ICP备2021001234号-1"),
        ("陇ICP备 13001288号", "陇ICP备13001288号"),
        ("陇ICP备13001288", "陇ICP备13001288"),
        ("陇ICP备：13001288号", "陇ICP备13001288号"),
        ("陇ICP备19031037-2号", "陇ICP备19031037-2号"),
        ("陇 ICP 备 13001288 号 - 1", "陇ICP备13001288号-1"),
        ("陇<span>ICP备</span><a>13001288</a>号", "陇ICP备13001288号"),
        ("<a>陇ICP备13001288号</a><a>-3</a>", "陇ICP备13001288号-3"),
        ("陇icp备13001288号", "陇ICP备13001288号"),
        ("ICP备案编号：陇ICP备13001288号－1", "陇ICP备13001288号-1"),
        ("备案序号:陇ICP备案13001288号", "陇ICP备13001288号"),
        ("ICP备案号:陇13001288号", "陇ICP备13001288号"),
    ],
)
def test_icp_as_written(html: str, number: str) -> None:
    assert values(read(page(f"<div class=foot><p>{html}</p></div>")), "icp") == [number]


@pytest.mark.parametrize(
    "html", ["等级保护备案62010012345-00001", "京ICP证140131号", "网络安全等级保护备案证明 62290013001288", "ICP备案"]
)
def test_no_icp(html: str) -> None:
    assert read(page(f"<div class=foot><p>{html}</p></div>")).icp == ()


@pytest.mark.parametrize(
    "html",
    [
        "甘公网安备 62010302001821号",
        "甘公网安备62010302001821",
        "甘公网安备号62010302001821",
        "甘公网安备：62010302001821号",
        "甘公网安备<i> </i><a>62010302001821</a>号",
        "公安备案号：62010302001821",
        "公安机关备案标识：甘公网安备62010302001821号",
        "<a href='https://beian.mps.gov.cn/#/query/webSearch?code=62010302001821'><img src=a.png></a>",
        "<a href='http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=62010302001821'>查询</a>",
    ],
)
def test_police_filing_as_written(html: str) -> None:
    assert values(read(page(f"<div class=foot><p>{html}</p></div>")), "psb") == ["62010302001821"]


def test_link_and_text_of_the_police_filing_differ() -> None:
    found = read(
        page(
            "<div class=foot><a href='http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=62010302001822'>甘公网安备62010302001821号</a></div>"
        )
    )
    assert set(values(found, "psb")) == {"62010302001821", "62010302001822"}


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("主办单位：临夏市人民政府", ["临夏市人民政府"]),
        ("主办：临夏市人民政府办公室 维护：信息中心", ["临夏市人民政府办公室"]),
        ("主 办：<a href='/'>临夏市人民政府</a>", ["临夏市人民政府"]),
        ("主&nbsp;&nbsp;办&nbsp;&nbsp;单&nbsp;&nbsp;位：临夏市人民政府", ["临夏市人民政府"]),
        ("临夏市人民政府办公室主办", ["临夏市人民政府办公室"]),
        ("本站由临夏市人民政府主办 临夏市政务服务中心承办", ["临夏市人民政府", "承办：临夏市政务服务中心"]),
        ("中共临夏市委 临夏市人民政府 主办", ["中共临夏市委临夏市人民政府"]),
        ("主办&ensp;单位：<a>临夏市人民政府</a>", ["临夏市人民政府"]),
        ("主办单位：中共临夏州委 临夏州人民政府", ["中共临夏州委 临夏州人民政府"]),
        ("<span>主办单位</span><span>临夏州教育局</span>", ["临夏州教育局"]),
        ("版权所有：临夏市人民政府 主办：临夏市人民政府办公室", ["临夏市人民政府办公室"]),
        ("主管单位：临夏市人民政府", ["主管单位：临夏市人民政府"]),
        ("承办单位：临夏市大数据中心", ["承办单位：临夏市大数据中心"]),
        ("Copyright © 2022 临夏市人民政府 版权所有", []),
    ],
)
def test_organizer_as_written(html: str, names: list[str]) -> None:
    found = read(page(f"<div class=foot><p>{html}</p><p>网站标识码：6229010001</p></div>"))
    assert sorted(values(found, "organizer")) == sorted(names)


def test_an_article_that_speaks_of_organisers_and_phones_is_no_footer() -> None:
    main = (
        "<h1>关于举办培训班的通知</h1><div id=zoom><p>主办单位：临夏州人民政府办公室</p><p>由州委宣传部主办。</p>"
        "<p>联系电话：0930-6219999</p><p>地址：临夏市团结北路</p></div>"
    )
    found = read(
        page(
            "<div class=foot><p>网站标识码：6229010001 陇ICP备13001288号</p></div>",
            main,
            '<meta name="description" content="主办单位：某局">',
        )
    )
    assert found.organizer == ()
    assert found.contact == ()


def test_an_article_without_any_footer() -> None:
    main = "<div class=nr><h1>通知</h1><p>主办单位：某局 联系电话：0930-1111111</p></div>"
    found = read(page("<script src='/images/foot.js'></script>", main))
    assert (found.organizer, found.contact) == ((), ())
    assert found.unread == ("http://www.lxs.gov.cn/images/foot.js",)


def test_footer_lines_that_no_element_bounds() -> None:
    found = read(
        page(
            "<p>主办单位：临夏市人民政府</p><p>联系电话：0930-6212345</p><p>网站标识码：6229010001</p><p>陇ICP备13001288号</p>"
        )
    )
    assert values(found, "organizer") == ["临夏市人民政府"]
    assert values(found, "contact") == ["0930-6212345"]


@pytest.mark.parametrize(
    ("html", "value"),
    [
        ("电话：0930-6212345", "0930-6212345"),
        ("电&nbsp;&nbsp;话：<span>0930-6212345</span>", "0930-6212345"),
        ("联系电话：(0930)6212345", "(0930)6212345"),
        ("电话:09306212345", "09306212345"),
        ("邮箱：lxszf@163.com", "lxszf@163.com"),
        ("地址：甘肃省临夏市红园路19号", "甘肃省临夏市红园路19号"),
        ("<a href='/lxwm/'>联系我们</a>", "联系我们"),
        ("<a href='mailto:lxs@gansu.gov.cn'>站长信箱</a>", "lxs@gansu.gov.cn"),
        ("邮编：731100", "731100"),
    ],
)
def test_contact_as_written(html: str, value: str) -> None:
    found = read(page(f"<div class=foot><p>{html}</p><p>网站标识码：6229010001</p></div>"))
    assert values(found, "contact")[0] == value


@pytest.mark.parametrize(
    "html",
    [
        "技术支持：甘肃某公司 电话：0931-8812345",
        "技术支持电话：0931-8812345",
        "网站维护：某公司&nbsp;&nbsp;0931-8812345",
    ],
)
def test_the_maintainers_phone_is_no_contact(html: str) -> None:
    assert read(page(f"<div class=foot><p>网站标识码：6229010001</p><p>{html}</p></div>")).contact == ()


CONAC_JS = "https://dcs.conac.cn/js/33/000/0000/60425889/CA330000000604258890010.js"


@pytest.mark.parametrize(
    ("html", "via"),
    [
        ('<a href="//bszs.conac.cn/sitename?method=show&id=0123"><img src="x.png"></a>', "html"),
        (f'<span id="_ideConac"></span><script src="{CONAC_JS}"></script>', "script"),
        (
            "<script>document.write(unescape(\"%3Cspan id='_ideConac' %3E%3C/span%3E%3Cscript src='"
            + CONAC_JS
            + "' type='text/javascript'%3E%3C/script%3E\"));</script>",
            "script",
        ),
        (
            (
                "<script>var p=(('https:'==document.location.protocol)?'https://':'http://');document.write(unescape(\"%3Cspan id='_ideConac' %3E%3C/span%3E%3Cscript src='\""
                " + p + \"dcs.conac.cn/js/33/000/0000/60425889/CA330000000604258890010.js' type='text/javascript'%3E%3C/script%3E\"));</script>"
            ),
            "script",
        ),
        (
            f"<script><!--\nvar s=document.createElement('script');s.src='{CONAC_JS}';document.body.appendChild(s);\n//--></script>",
            "script",
        ),
        ('<img src="//dcs.conac.cn/image/red.png">', "image"),
        ("<img onclick=\"window.open('http://bszs.conac.cn/sitename?method=show&id=0123')\" src='a.png'>", "html"),
    ],
)
def test_conac_as_written(html: str, via: str) -> None:
    found = read(page(f"<div class=foot>{html}<p>网站标识码：6229010001</p></div>"))
    assert [mark.via for mark in found.conac] == [via]


@pytest.mark.parametrize(
    "html",
    [
        "党政机关网站标识",
        "<a href='/x' title='党政机关网站标识' aria-label='党政机关'>链接</a>",
        "<!-- <a href='http://bszs.conac.cn/sitename?method=show&id=1'>x</a> -->",
        f'<script>// document.write("<script src=\'{CONAC_JS}\'></scr"+"ipt>")\n</script>',
        f"<script>/* s.src='{CONAC_JS}'; document.write('x') */</script>",
        "<script type='text/template'><a href='http://bszs.conac.cn/sitename?id=1'></a><p>document.write 网站标识码：6229010009</p></script>",
    ],
)
def test_no_conac(html: str) -> None:
    found = read(page(f"<div class=foot>{html}<p>网站标识码：6229010001</p></div>"))
    assert found.conac == ()
    assert values(found, "site_code") == ["6229010001"]


@pytest.mark.parametrize(
    ("html", "value"),
    [
        (
            "<script id='_jiucuo_' sitecode='6229010001' src='https://zfwzgl.www.gov.cn/exposure/jiucuo.js'></script>",
            "6229010001",
        ),
        (
            "<a href='https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=bm07000001&url=http%3A%2F%2Fa'><img></a>",
            "bm07000001",
        ),
        ("<img onclick=\"Link('6229010001')\" src='a.png'>", "6229010001"),
        ("<a href='http://121.43.68.40/exposure/jiucuo.html?site_code=6229010001'>x</a>", "6229010001"),
        (
            '<script>document.write(\'<script id="_jiucuo_" sitecode="6229010001" src="https://zfwzgl.www.gov.cn/exposure/jiucuo.js"><\\/script>\');</script>',
            "6229010001",
        ),
        ("<a onclick='Link(\"6229010001\")' href='javascript:;'><img></a>", "6229010001"),
        ("<a href='http://pucha.kaipuyun.cn/exposure/jiucuo.html?site_code=6229010001'>x</a>", "6229010001"),
    ],
)
def test_jiucuo_as_written(html: str, value: str) -> None:
    """BEHAVIOURS 56."""
    found = read(page(f"<div class=foot>{html}<p>陇ICP备13001288号</p></div>"))
    assert values(found, "jiucuo") == [value]
    assert found.site_code == ()


def test_jiucuo_hidden() -> None:
    found = read(
        page(
            "<div class=foot><div style='DISPLAY: none'><a href='https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=6229010001'>x</a></div></div>"
        )
    )
    assert [mark.visible for mark in found.jiucuo] == [False]


@pytest.mark.parametrize("words", ["【纠错】", "网页纠错", "我要纠错", "内容纠错"])
def test_corrections_of_one_article_are_no_jiucuo(words: str) -> None:
    assert (
        read(
            page(f"<a href='/jact/front/jcbox.do?id=1'>{words}</a><div class=foot><p>陇ICP备13001288号</p></div>")
        ).jiucuo
        == ()
    )


@pytest.mark.parametrize(
    ("html", "href"),
    [
        ("<a href='/wzdt/'>网站地图</a>", "/wzdt/"),
        ("<a href='map.html'><span>站点</span>地图</a>", "map.html"),
        ("<a href='/m' title='网站地图'><img src=a.png></a>", "/m"),
        ("<a href='/m'><img src=a.png alt='网站地图'></a>", "/m"),
        ("<a href='/sitemap.html'><i class=icon></i></a>", "/sitemap.html"),
        ("<span onclick=\"window.open('/wzdt/index.html')\">网站地图</span>", "/wzdt/index.html"),
        ("<map><area href='/m' alt='网站地图'></map>", "/m"),
        ("<a href='/dh/'>网站导航</a>", "/dh/"),
    ],
)
@pytest.mark.parametrize("top", [True, False])
def test_site_map_as_written(html: str, href: str, top: bool) -> None:
    foot = "<div class=foot><p>陇ICP备13001288号</p></div>"
    found = read(page(foot, html + ROWS) if top else page(foot.replace("<p>", html + "<p>")))
    assert values(found, "sitemap") == [href]


@pytest.mark.parametrize(
    "html",
    [
        "网站地图",
        "<!-- <a href='/m'>网站地图</a> -->",
        "<a href='/a.html'>我局推进网站地图服务应用和天地图建设有关工作情况的通报</a>",
        "<a href='/dt'>临夏地图</a>",
    ],
)
def test_no_site_map(html: str) -> None:
    assert read(page(f"<div class=foot>{html}<p>陇ICP备13001288号</p></div>")).sitemap == ()


def test_two_footers_with_two_values_give_two_marks() -> None:
    """PATTERNS: PC and mobile footer."""
    other = (
        WHOLE.replace("13001288", "13001299")
        .replace("临夏市人民政府办公室", "临夏市人民政府")
        .replace('id="footer_2022"', 'id="mfooter"')
    )
    found = read(page(WHOLE + "<div class='gap'>" + "<a href='/x'>更多服务入口</a>" * 40 + "</div>" + other))
    assert set(values(found, "icp")) == {"陇ICP备13001288号-1", "陇ICP备13001299号-1"}
    assert {"临夏市人民政府办公室", "临夏市人民政府"} <= set(values(found, "organizer"))


def test_footer_far_above_a_long_tail_of_layers() -> None:
    found = read(page(WHOLE + "<div class='pop'>" + "<a href='/x'>政务服务事项清单</a>" * 400 + "</div>"))
    assert all(getattr(found, item) for item in FOOTER_ITEMS)


def test_footer_written_in_entities() -> None:
    html = "".join(
        f"&#{ord(letter)};" if ord(letter) > 127 else letter
        for letter in "网站标识码：6229010001 陇ICP备13001288号 主办单位：临夏市人民政府"
    )
    found = read(page(f"<div class=foot>{html}</div>"))
    assert values(found, "site_code") == ["6229010001"]
    assert values(found, "icp") == ["陇ICP备13001288号"]


def test_footer_in_an_inner_html_string() -> None:
    script = "document.getElementById('foot').innerHTML='<p>主办单位：临夏市人民政府</p>'+\n'<p>网站标识码：6229010001</p><p>电话：0930-6212345</p><a href=\"/wzdt/\">网站地图</a>';"
    found = read(page(f"<div id=foot></div><script>{script}</script>"))
    assert [(mark.value, mark.via) for mark in found.site_code] == [("6229010001", "script")]
    assert values(found, "organizer") == ["临夏市人民政府"]
    assert values(found, "contact") == ["0930-6212345"]
    assert values(found, "sitemap") == ["/wzdt/"]


@pytest.mark.parametrize(
    "text",
    [
        "document.write('{}')",
        '$(".copyright_bl").html("{}");',
        "var h = `{}`; document.querySelector('#f').insertAdjacentHTML('beforeend', h)",
        "$('#foot').append('<div>' + '{}' + '</div>')",
    ],
)
@pytest.mark.parametrize("escape", ["plain", "unicode", "percent"])
def test_external_script(text: str, escape: str) -> None:
    html = "<p>主办单位：临夏市人民政府&nbsp;网站标识码：6229010001</p><a href=/m>网站地图</a>陇ICP备13001288号 甘公网安备 62010302001821号 电话：0930-6212345"
    if escape == "unicode":
        html = "".join(f"\\u{ord(letter):04x}" if ord(letter) > 127 or letter in "<>" else letter for letter in html)
    elif escape == "percent":
        html = "".join(
            f"%u{ord(letter):04X}" if ord(letter) > 127 else f"%{ord(letter):02X}" if letter in "<> =" else letter
            for letter in html
        )
    found = footer.read_script(text.replace("{}", html), "http://www.lxs.gov.cn/js/foot.js")
    for item in ("site_code", "organizer", "icp", "psb", "contact", "sitemap"):
        marks = getattr(found, item)
        assert len(marks) == 1, item
        assert marks[0].via == "script"


def test_json_of_a_list_unit() -> None:
    text = '{"success":true,"data":{"html":"<div class=\\"foot\\"><p>\\u7f51\\u7ad9\\u6807\\u8bc6\\u7801\\uff1a6229010001<\\/p><p>陇ICP备13001288号</p></div>"}}'
    found = footer.read_script(text, "http://www.lxs.gov.cn/api-gateway/unit")
    assert values(found, "site_code") == ["6229010001"]
    assert values(found, "icp") == ["陇ICP备13001288号"]


def test_included_fragment_of_html() -> None:
    found = footer.read_script(WHOLE, "http://www.lxs.gov.cn/inc/footer.html")
    assert all(getattr(found, item) for item in FOOTER_ITEMS)
    assert {mark.via for item in FOOTER_ITEMS for mark in getattr(found, item)} == {"script"}


def test_fragment_whose_own_script_writes_the_mark() -> None:
    inner = (
        "document.write(unescape(\"%3Cspan id='_ideConac'%3E%3C/span%3E%3Cscript src='"
        + CONAC_JS
        + "'%3E%3C/script%3E\"));"
    )
    found = footer.read_script(
        f"<!-- foot --><div class=foot><p>网站标识码：6229010001</p><script>{inner}</script></div>", URL
    )
    assert len(found.conac) == 1
    assert values(found, "site_code") == ["6229010001"]


def test_minified_script_with_quotes_in_a_regular_expression() -> None:
    text = "!function(e,t){var n=/[\"']/g,m=e/2;t.innerHTML='<p>主办单位：临夏市人民政府</p><p>网站标识码：6229010001</p>'}(window,document);"
    found = footer.read_script(text, "http://www.lxs.gov.cn/js/foot.js")
    assert values(found, "site_code") == ["6229010001"]
    assert values(found, "organizer") == ["临夏市人民政府"]


def test_a_script_that_fills_lists_is_no_footer() -> None:
    found = footer.read_script(
        "$('#list').html('<li>由州委宣传部主办的晚会 电话：0930-6212345</li>')", "http://www.lxs.gov.cn/js/list.js"
    )
    assert found.organizer == ()
    assert found.contact == ()


def test_the_yearly_site_report_is_an_article() -> None:
    main = "<div id=zoom><table><tr><td>网站名称</td><td>临夏市</td></tr><tr><td>首页网址</td><td>http://a</td></tr><tr><td>网站标识码</td><td>6229010001</td></tr><tr><td>ICP备案号</td><td>陇ICP备13001288号</td></tr><tr><td>公安机关备案号</td><td>甘公网安备62010302001821号</td></tr></table></div>"
    found = read(page("<div class=foot>版权所有</div>", main))
    assert (found.site_code, found.icp, found.psb) == ((), (), ())


def test_what_was_not_read() -> None:
    """BEHAVIOURS 55: a footer that stands elsewhere is unverified, never missing."""
    html = page(
        '<div id="footer"></div><iframe name="bottom" src="bottom.htm"></iframe>'
        "<script src='/js/jquery-3.6.0.min.js'></script><script src='/js/foot_2020.js'></script><script src='/script/0123456789abcdef0123456789abcdef.js'></script>"
        "<script src='https://hm.baidu.com/hm.js?1'></script><script src='/js/swiper.min.js'></script><script src='../common/common.js'></script>"
        "<script>$('#foot').load('/lxs/inc/footer.html');</script><script>document.write(footHtml);</script>"
        "<script src='/unitbuild.js' url='/api-gateway/jpaas-publish-server/front/page/build/unit' queryData=\"{'webId':'1','tagId':'页脚','pageType':'column'}\"></script>",
        head="<base href='http://www.lxs.gov.cn/lxs/x/'>",
    )
    unread = read(html).unread
    assert {
        "http://www.lxs.gov.cn/js/foot_2020.js",
        "http://www.lxs.gov.cn/script/0123456789abcdef0123456789abcdef.js",
        "http://www.lxs.gov.cn/lxs/common/common.js",
        "http://www.lxs.gov.cn/lxs/inc/footer.html",
        "http://www.lxs.gov.cn/lxs/x/bottom.htm",
        "inline:document.write",
        "inline:empty <div#footer>",
        "http://www.lxs.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?webId=1&tagId=%E9%A1%B5%E8%84%9A&pageType=column",
    } == set(unread)
    assert "foot" in unread[0] or "bottom" in unread[0]


def test_a_page_with_all_its_items_leaves_nothing_unread() -> None:
    assert read(page(WHOLE + "<script src='/js/foot.js'></script>")).unread == ()


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 10_000 + "网站标识码：6229010001" + "</div>" * 10_000,
        "<a href='/x'>主办</a>" * 50_000,
        "<p>" + "主办 " * 30_000,
        "<p>" + "陇ICP备" * 30_000 + "标识码" + " " * 50_000,
        "<p>网站标识码：" + "0" * 200_000,
        "<p>" + "技术支持 0931-8812345 " * 5_000,
        "<p title='" + "x" * 1_000_000 + "'>标识码",
        "<script>document.write('" + "\\" * 100_000 + "</script><p>ICP备 安 标识码",
        "<script>document.write(" + "'<a>'+" * 40_000 + "''); ICP</script>",
        "<p>" + "公安" * 40_000 + "公 安 " * 20_000,
        "",
        "<frameset><frame src='foot.htm'></frameset>",
    ],
    ids=range(12),
)
def test_hostile_pages_take_bounded_time(html: str) -> None:
    began = time.perf_counter()
    read(html)
    assert time.perf_counter() - began < 2
