"""One page to facts: what a reader of the page would say of it."""
# ruff: noqa: E501  # markup reads best in one line

import time

import pytest

from crawler.core.facts import PageFacts
from crawler.parse import Html, locate, parse, parse_script, read_feed, saved_from
from crawler.parse.attachments import classify
from crawler.parse.encoding import decode

URL = "https://www.linxia.gov.cn/lxz/zwgk/a/index.html"
ART = "https://www.linxia.gov.cn/lxz/zwgk/art/2022/art_0123456789abcdef0123456789abcdef.html"


def facts(html: str, url: str = ART, headers: dict[str, str] | None = None) -> PageFacts:
    return parse(html.encode(), url, headers).facts


def published(html: str, url: str = "https://a.gov.cn/info/1/2.htm") -> tuple[str, str]:
    found = facts(html, url).published
    return (found.value.strftime("%Y-%m-%d %H:%M"), found.source) if found else ("", "")


# ── Encodings (BEHAVIOURS 36) ────────────────────────────────────────────────────────────────────────────────────────

WORDS = "临夏州人民政府信息公开" * 5


@pytest.mark.parametrize(
    ("body", "header", "used"),
    [
        (WORDS.encode(), "", "utf-8"),
        (b"\xef\xbb\xbf" + WORDS.encode(), "text/html; charset=gbk", "utf-8"),
        (WORDS.encode("gbk"), "text/html; charset=utf-8", "gb18030"),
        (b'<meta charset="utf-8">' + WORDS.encode("gbk"), "", "gb18030"),
        (b'<meta charset="gb2312">' + WORDS.encode(), "", "utf-8"),
        (WORDS.encode(), "text/html;charset=ISO-8859-1", "utf-8"),
        (WORDS.encode("gbk"), "text/html;charset=ISO-8859-1", "gb18030"),
        (WORDS.encode("gb18030"), "", "gb18030"),
        (WORDS.encode("utf-16"), "text/html; charset=gb2312", "utf-16"),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), "", "utf-16"),
        (WORDS.encode()[:-1], "text/html", "utf-8"),
        (WORDS.encode("gbk")[:-1], "text/html; charset=utf-8", "gb18030"),
        (WORDS.encode(), "charset=rot13", "utf-8"),
    ],
)
def test_the_bytes_decide(body: bytes, header: str, used: str) -> None:
    found = decode(body, {"content-type": header})
    assert found.used == used
    assert WORDS[:20] in found.text
    assert found.text.count("\ufffd") <= 1


def test_declared_big5_is_believed() -> None:
    found = decode(b'<meta charset="big5">' + "縣政府資訊公開專區".encode("big5"))
    assert (found.declared, found.used) == ("big5", "big5")
    assert "縣政府資訊公開專區" in found.text


# ── Dates (BEHAVIOURS 60-62, PATTERNS) ───────────────────────────────────────────────────────────────────────────────

TITLE = "<title>关于印发办法的通知-临夏州</title><div>2026年11月23日 星期一</div><h1>关于印发办法的通知</h1>"


@pytest.mark.parametrize(
    ("info", "wanted"),
    [
        ("发布时间：2024-09-10 09:24", ("2024-09-10 09:24", "label")),
        ("发布日期 ： 2024年09月10日 13时44分", ("2024-09-10 13:44", "label")),
        ("<span>日期：</span><span>2018-6-30</span> 浏览：12", ("2018-06-30 00:00", "label")),
        ("时间∶2024-09-10 09∶24", ("2024-09-10 09:24", "label")),
        ("时间发布：2024-09-10 00:00", ("2024-09-10 00:00", "label")),
        ("<b>发布</b>时间：<i>2024/9/10</i>", ("2024-09-10 00:00", "label")),
        ("来源：州政府 2024-09-10 字体：大 中 小", ("2024-09-10 00:00", "info")),
        ("2024-09-10", ("2024-09-10 00:00", "info")),
        ("更新时间：2025-01-01 发布时间：2024-09-10", ("2024-09-10 00:00", "label")),
        ("公示时间：2024-09-01 至 2024-09-08", ("", "")),
        ("开标时间：2024年9月1日上午9时", ("", "")),
        ("有效期至2028-12-31", ("", "")),
        ("索引号：2026-02-00018 电话 0930-6212345", ("", "")),
    ],
)
def test_publish_dates(info: str, wanted: tuple[str, str]) -> None:
    assert (
        published(
            f"{TITLE}<p>{info}</p><div id=zoom><p>各县市人民政府，州直各部门：请认真贯彻落实本办法的规定。</p></div>"
        )
        == wanted
    )


def test_meta_wins_and_all_sources_are_kept() -> None:
    html = f'<meta content="2024-09-10 16:34" name="PubDate">{TITLE}<p>发布时间：2010-01-01</p>'
    found = facts(html, "https://a.gov.cn/202409/t20240911_1.html")
    assert found.published is not None
    assert (found.published.source, found.published.precision) == ("meta", "minute")
    assert [date.source for date in found.dates if date.value.year in {2010, 2024}][:2] == ["meta", "label"]
    assert found.dates[-1].source == "url"


def test_the_sign_off_comes_last() -> None:
    body = "<p>各县市人民政府，州直各部门：</p><p>请认真贯彻落实本办法的各项规定。</p><p>临夏州人民政府</p><p>二〇二二年八月三日</p><p>（此件公开发布）</p>"
    assert published(f"{TITLE}<div id=zoom>{body}</div><div>主办单位：x 2026-01-01</div>") == (
        "2022-08-03 00:00",
        "signature",
    )


def test_the_footers_date_is_nobodys() -> None:
    assert published(
        f"{TITLE}<div id=zoom><p>{'请认真贯彻落实本办法的各项规定。' * 60}</p></div><div class=foot>主办单位：x 更新时间：2026-01-01</div>"
    ) == ("", "")


# ── Words of the page ────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_article() -> None:
    found = facts(
        '<meta name="ArticleTitle" content="关于印发《办法》的通知"><META CONTENT="6229000001" NAME="SiteIDCode">'
        f"{TITLE}<p>来源：州政府办公室 发布时间：2022-08-03</p><div class=neirong><p>临州府发〔2022〕8号</p>"
        "<p>根据《条例》（国发〔2015〕3号）制定本办法，请遵照执行。</p><script>var a='x'</script></div>"
        "<div class=related>相关新闻</div>"
    )
    assert found.kind == "article"
    assert found.heading == "关于印发《办法》的通知"
    assert found.meta("siteidcode") == "6229000001"
    assert ("SiteIDCode", "6229000001") in found.metas
    assert found.document_number == "临州府发〔2022〕8号"
    assert found.source == "州政府办公室"
    assert "遵照执行" in found.main_text
    assert "相关新闻" not in found.main_text
    assert "var a" not in found.main_text


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("发文字号：临州办发[2022]12号", "临州办发[2022]12号"),
        ("<td>文号</td><td>临市府办函（2022）3号</td>", "临市府办函（2022）3号"),
        ("现将《国务院通知》（国发〔2015〕3号）转发给你们，请遵照执行。", ""),
    ],
)
def test_document_numbers(line: str, wanted: str) -> None:
    assert facts(f"{TITLE}<table><tr>{line}</tr></table>").document_number == wanted


def test_kinds() -> None:
    assert facts("").kind == "empty"
    assert facts("<p>欢迎光临本站</p>", "https://a.gov.cn/").kind == "other"
    assert parse_script(b"var a=1", "https://a.gov.cn/a.js").kind == "script"


# ── Links ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_links_of_every_origin_behaviours_12_22_52() -> None:
    html = """<base href="/jx/"><a href=a.html title=t><img src=p.png alt="政务公开"></a><iframe src="../list.html"></iframe>
    <img src=blank.gif data-src=real.jpg><script src=s.js></script><link rel=stylesheet href=c.css><video src=v.mp4></video>
    <div onclick="location.href='on.html'">x</div><span onclick="window.open('/w.html')">w</span><i onclick="Link('l.html')">l</i>
    <b data-href="d.html">d</b><ul><li src="li.html">项</li></ul><div id=pdfshow data-value="/f/x.pdf"></div>
    <iframe src="/pdfjs/web/viewer.html?file=%2Ff%2Fy.pdf"></iframe><a onclick="isDownLoad(this,'https://a.gov.cn/z.xlsx')">下载</a>
    <map><area href=area.html></map><!-- <a href=comment.html> --><script type="text/template"><a href="t.html">t</a></script>
    <template><a href=q.html>q</a></template><a href="{{url}}">x</a><a href="javascript:void(0)">x</a><a href="http://10.0.0.1/">x</a>"""
    parsed = parse(html.encode(), "https://a.gov.cn/x/y.html")
    found = {link.url.removeprefix("https://a.gov.cn"): (link.kind, link.origin) for link in parsed.links}
    assert found == {
        "/jx/a.html": ("page", "a"),
        "/jx/p.png": ("image", "img"),
        "/list.html": ("page", "iframe"),
        "/jx/blank.gif": ("image", "img"),
        "/jx/real.jpg": ("image", "data-src"),
        "/jx/s.js": ("script", "script"),
        "/jx/c.css": ("style", "link"),
        "/jx/v.mp4": ("media", "video"),
        "/jx/on.html": ("page", "onclick"),
        "/w.html": ("page", "onclick"),
        "/jx/l.html": ("page", "onclick"),
        "/jx/d.html": ("page", "data-href"),
        "/jx/li.html": ("page", "li"),
        "/f/x.pdf": ("attachment", "data-value"),
        "/pdfjs/web/viewer.html?file=%2Ff%2Fy.pdf": ("page", "iframe"),
        "/f/y.pdf": ("attachment", "viewer"),
        "/z.xlsx": ("attachment", "onclick"),
        "/jx/area.html": ("page", "area"),
    }
    assert parsed.links[0].text == "政务公开"
    assert {(link.href, link.fault) for link in parsed.facts.odd_links} == {
        ("{{url}}", "placeholder"),
        ("http://10.0.0.1/", "private"),
    }
    assert parsed.facts.iframes[0] == "https://a.gov.cn/list.html"


@pytest.mark.parametrize(
    ("url", "text", "wanted"),
    [
        ("https://a.gov.cn/1/P0202206031.pdf", "", ("attachment", "pdf")),
        ("https://a.gov.cn/1/W020.DOCX", "附件", ("attachment", "docx")),
        ("https://a.gov.cn/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=2", "附件1：名单.xls", ("attachment", "xls")),
        ("https://a.gov.cn/api-gateway/jpaas-web-server/front/document/download?fileUrl=AbC&fileName=%E9%99%84%E4%BB%B6.xlsx", "附件", ("attachment", "xlsx")),
        ("https://a.gov.cn/module/download/downfile.jsp?classid=0&filename=9ab.wps", "x", ("attachment", "wps")),
        ("https://a.gov.cn/module/download/downfile.jsp?classid=0&id=3", "通知", ("attachment", "")),
        ("https://a.gov.cn/f?id=9", "关于xx的通知.ofd", ("attachment", "ofd")),
        ("https://a.gov.cn/xzzx/download/index.html", "下载中心", ("page", "")),
        ("https://a.gov.cn/zwgk/", "资料.pdf", ("page", "")),
        ("https://a.gov.cn/saved_files/jquery.js.%E4%B8%8B%E8%BD%BD", "", ("page", "")),
        ("https://www.a.gd", "", ("page", "")),
        ("https://a.gov.cn/a.mp4", "", ("media", "")),
    ],
)  # fmt: skip
def test_attachments(url: str, text: str, wanted: tuple[str, str]) -> None:
    assert classify(url, text) == wanted


# ── Redirects ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ('<meta http-equiv="refresh" content="0; url=/lxz/index.html">', "/lxz/index.html"),
        ("<META HTTP-EQUIV=Refresh CONTENT=\"3;URL='lxz/'\">", "/lxz/"),
        ('<meta http-equiv="refresh" content="600">', ""),
        ('<meta http-equiv="refresh" content="600;url=/x">', ""),
        ("<script>window.location.href='/a.html';</script>", "/a.html"),
        ("</head><script><!--\nwindow.top.location.href = 'b/index.html'\n//--></script><body>", "/b/index.html"),
        ("<script>location.replace('http:/'+'/'+'www.b.gov.cn'+'/c')</script>", "http://www.b.gov.cn/c"),
        ("<script>var u='/d/';\nself.location=u+'e.html';</script>", "/d/e.html"),
        ("<script>if(/Android/.test(navigator.userAgent)){location.href='/m/'}</script>", ""),
        ("<script>if(location.href=='/x'){}</script>", ""),
        ("<script>// location.href='/x'\n</script>", ""),
        ("<script>location.href='/x'</script>" + "<p>政务公开</p>" * 80, ""),
    ],
)
def test_redirects(html: str, wanted: str) -> None:
    found = facts(f"<html><head>{html}</html>", "https://a.gov.cn/").redirect
    assert found.removeprefix("https://a.gov.cn") == wanted


def test_saved_pages_are_recognised() -> None:
    body = b"<!DOCTYPE html>\n<!-- saved from url=(0042)https://www.linxia.gov.cn/lxz/index.html -->\n<html>"
    assert saved_from(body) == "https://www.linxia.gov.cn/lxz/index.html"
    assert saved_from(b"<html>") is None
    assert saved_from(b"<!-- saved from url=(0014)about:internet -->") is None


# ── For rule authors and reports ─────────────────────────────────────────────────────────────────────────────────────


def test_paths_lead_to_one_element() -> None:
    body = b"<div id=a><p>1</p><p><a href=/x>one</a><a href='/x#top'> two <b>words</b></a></p></div><div id=dup></div><div id=dup><a href=/x><img src=i.png alt='\xe5\x9b\xbe'></a></div>"
    html = Html(body)
    for element in html.css("a, p, img"):
        assert [found.path for found in html.css(element.path)] == [element.path]
    found = locate(body, "https://a.gov.cn/x", "https://a.gov.cn/y/")
    assert [text for text, _ in found] == ["one", "two words", "图"]
    assert found[0][1] == "#a > p:nth-of-type(2) > a:nth-of-type(1)"
    assert html.css("a")[1].text == "two words"
    assert html.css("a")[1].attrs == {"href": "/x#top"}


# ── Feeds (BEHAVIOURS 69) ────────────────────────────────────────────────────────────────────────────────────────────


def test_gov_json() -> None:
    body = (
        b"\xef\xbb\xbf"
        + """[{"TITLE":"国务院通知","SUB_TITLE":"","URL":"https://www.gov.cn/a.htm","DOCRELPUBTIME":"2026-11-20"},
      {"TITLE":"","URL":"https://www.gov.cn/b.htm"},{"TITLE":"无地址"},{"TITLE":"站外","URL":"https://www.mof.gov.cn/c.htm","DOCRELPUBTIME":"2026-11-19 08:30:00"},7]""".encode()
    )
    found = read_feed(body, "gov-json", "https://www.gov.cn/x.json")
    assert [entry.title for entry in found] == ["国务院通知", "站外"]
    assert [str(entry.date)[:16] for entry in found] == ["2026-11-20 00:00", "2026-11-19 08:30"]
    assert read_feed(b"<html>", "gov-json", "https://www.gov.cn/x.json") == ()


@pytest.mark.parametrize("charset", ["gbk", "utf-8", "utf-8-sig"])
def test_csv_as_excel_writes_it(charset: str) -> None:
    body = "标题,链接,发布时间\r\n国务院通知,https://www.gov.cn/a.htm,2026/11/20 9:05\r\n缺地址,,2026-11-01\r\n".encode(
        charset
    )
    (entry,) = read_feed(body, "csv", "file.csv")
    assert (entry.title, str(entry.date)[:16]) == ("国务院通知", "2026-11-20 09:05")


def test_a_column_as_feed() -> None:
    body = (
        "<ul>"
        + "".join(
            f"<li><a href=c{i}.htm>国务院关于第{i}件事的批复</a><span>2026-11-0{i}</span></li>" for i in (1, 2, 3)
        )
        + "</ul>"
    )
    assert len(read_feed(body.encode(), "column", "https://www.gov.cn/x/")) == 3


# ── Hostile bytes ────────────────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = {
    "nothing": b"",
    "NULs": b"\0" * 5000 + b"<a href='a\0b'>x\0y</a>",
    "not HTML": bytes(range(256)) * 200,
    "nested": b"<div>" * 10_000 + b"<a href=x>deep link</a>",
    "deeper": b"<div>" * 300_000,
    "balanced by bogus ends": b"<div></x>" * 100_000,
    "one attribute": b"<a href='" + b"x" * 50_000_000 + b"'>y</a>",
    "many attributes": b"<a " + b" ".join(b"a%d=1" % i for i in range(150_000)) + b">",
    "links": b"<a href=/x>link text</a>" * 200_000,
    "formatting": b"".join(b"<b a=%d>" % i for i in range(20_000)) + b"<p>x" * 20_000,
    "brackets": "〔2022".encode() * 100_000,
    "years": b"2024-01-" * 200_000,
    "blanks": b" \n" * 1_000_000 + b"<script>location.href" + b" " * 200_000,
    "quotes": b"<script>" + b"location='" * 100_000 + b"</script>",
    "rows": b"<li><a href=/a>some title here</a>" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_end_in_bounded_time(name: str) -> None:
    start = time.process_time()
    parsed = parse(HOSTILE[name], URL)
    assert time.process_time() - start < 15
    assert isinstance(parsed.facts, PageFacts)


def test_a_million_links_are_capped_and_said() -> None:
    parsed = parse(b"<a href=/x>l</a>" * 30_000, URL)
    assert len(parsed.links) == 20_000
    assert parsed.facts.links_dropped == 10_000
