"""Pagers whose pages follow from numbers: TRS, VSB, base64 (BEHAVIOURS 17, 18, 21)."""
# ruff: noqa: E501  # markup reads best in one line

import base64
from urllib.parse import quote

import pytest

from crawler.core.facts import Listing
from tests.parse.lists.pages import ROOT, ROWS, TITLES, facts, listing, titles

FOLDER = f"{ROOT}/lxs/zwgk/tzgg/"


def names(found: Listing) -> list[str]:
    return [url.removeprefix(FOLDER) for url in found.next_urls]


@pytest.mark.parametrize(
    ("script", "url", "wanted"),
    [
        ('createPageHTML(4, 0, "index", "html");', "index.html", ["index_1.html", "index_2.html", "index_3.html"]),
        ("createPageHTML(3,0,'./index','shtml');", "", ["index_1.shtml", "index_2.shtml"]),
        ("createPage( 3 , 0 , 'index' , 'htm' )", "", ["index_1.htm", "index_2.htm"]),
        ('createPageHTML("page", 3, 0, "index", "html", 45)', "index.html", ["index_1.html", "index_2.html"]),
        (
            "createPageHTML('page_div',3,1,'common_list','shtml',45)",
            "common_list.shtml",
            ["common_list_2.shtml", "common_list_3.shtml"],
        ),
        ("createPageHTML('page_div',3,2,'common_list','shtml',45)", "common_list_2.shtml", ["common_list_3.shtml"]),
        ("createPageHTML(1, 0, 'index', 'html')", "index.html", []),
        (
            "function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}\ncreatePageHTML(3, 0,\n'index',\n'html')",
            "",
            ["index_1.html", "index_2.html"],
        ),
        ("\n//createPageHTML(9, 0, 'index', 'html')", "", []),
        (
            'var currentPage = 0;//所在页从0开始\nvar countPage = 3//共多少页\nif(currentPage>0) document.write("<a href=\\"index"+"_" + prevPage + "."+"html\\">上一页</a>");',
            "index.html",
            ["index_1.html", "index_2.html"],
        ),
        (
            "var pagination_script_config = {current:1, total: 3}",
            "column-index-1.shtml",
            ["column-index-2.shtml", "column-index-3.shtml"],
        ),
        (
            "pagination_script_config.total = '3';",
            "column-index-1.shtml",
            ["column-index-2.shtml", "column-index-3.shtml"],
        ),
    ],
)
def test_trs_scripts_behaviour_17(script: str, url: str, wanted: list[str]) -> None:
    found = listing(f"{ROWS}<div class=page><script>{script}</script></div>", FOLDER + url)
    assert names(found) == wanted
    assert titles(found) == TITLES


def test_a_page_script_in_an_article_is_no_list() -> None:
    body = "<div class=TRS_Editor><p>正文。</p></div><script>createPageHTML(1, 0, 't20250603_1', 'html')</script>"
    assert not facts(body, f"{FOLDER}202506/t20250603_123456.html", "").listing.entries


def test_a_huge_number_of_pages_is_capped() -> None:
    assert len(listing(f"{ROWS}<script>createPageHTML(999999, 0, 'index', 'html')</script>").next_urls) <= 500


GO = "<td id=fanye191370>共2303条&nbsp;&nbsp;1/231&nbsp;</td>"


@pytest.mark.parametrize(
    "pager",
    [
        "<a href='tzgg/230.htm' class=Next>下页</a><input type=button onclick=\"_simple_list_gotopage_fun(231,'a191370GOPAGE',2)\">",
        "<script>function a191370_gopage_fun(){}</script>"
        + GO
        + '<a href="tzgg/230.htm">下页</a><a href=tzgg/1.htm>尾页</a>',
        '<INPUT onclick="javascript:a191370_gopage_fun(231)">',
        GO + "<span class=p_next><a href='./tzgg/230.htm'>下页</a></span>",
    ],
)
def test_vsb_counts_backwards_behaviour_18(pager: str) -> None:
    found = listing(ROWS + pager, f"{ROOT}/lxs/zwgk/tzgg.htm")
    assert found.reader == "vsb"
    assert len(found.next_urls) == 230
    assert found.next_urls[0] == f"{ROOT}/lxs/zwgk/tzgg/230.htm"
    assert found.next_urls[-1] == f"{ROOT}/lxs/zwgk/tzgg/1.htm"


def test_a_deep_vsb_page_goes_down() -> None:
    found = listing(ROWS + GO + "<a href=../tzgg.htm>首页</a><a href=2.htm>下页</a>", f"{ROOT}/lxs/zwgk/tzgg/3.htm")
    assert [url.rpartition("/")[2] for url in found.next_urls] == ["2.htm", "1.htm"]


@pytest.mark.parametrize("form", ["plain", "percent", "escaped"])
def test_base64_pagers_behaviour_21(form: str) -> None:
    html = "<div id=\"pages\"><a href='index_2.html'>2</a><a href='index_3.html'>3</a><a href='index_2.html'>下一页</a></div>"
    packed = base64.b64encode((quote(html) if form == "percent" else html).encode()).decode()
    call = {
        "plain": f"document.write(window.atob('{packed}'))",
        "percent": f"$('#p').html(decodeURIComponent(window.atob(\"{packed}\")))",
        "escaped": f"var s='{quote(packed)}';document.write(decodeURIComponent(escape(window.atob(unescape(s)))))",
    }[form]
    found = listing(f"{ROWS}<div id=p></div><script>{call}</script>")
    assert found.reader == "atob"
    assert names(found) == ["index_2.html", "index_3.html"]
    assert titles(found) == TITLES


def test_a_picture_in_base64_is_no_pager() -> None:
    picture = base64.b64encode(bytes(range(256)) * 4).decode()
    found = listing(f"{ROWS}<script>var i=window.atob('{picture}')</script>")
    assert (found.reader, names(found)) == ("plain", [])
