"""Lists whose rows come as JSON: gkmlpt, UCAP, IGS, inline data, and those nobody can read (BEHAVIOURS 15, 20, 66)."""
# ruff: noqa: E501, UP031  # markup reads best in one line

import json

import pytest

from crawler.parse import read_unit
from tests.parse.lists.pages import ROOT, ROWS, TITLES, days, facts, listing, titles

EMPTY_LIST = "<ul id=list></ul>"


@pytest.mark.parametrize(
    "config",
    [
        "window._CONFIG = {SID:'755', TREE:[{id:8039}]}",
        'window._CONFIG={"SID":"755","TREE":[]}',
        "window._CONFIG = {\n  DOMAIN: 'x',\n  SID: 755,\n}",
    ],
)
def test_gkmlpt_names_its_api_behaviour_20(config: str) -> None:
    found = listing(f"<div id=app></div><script>{config}</script>", f"{ROOT}/gkmlpt/index#8039", "")
    assert found.reader == "gkmlpt"
    assert found.units[0].url == f"{ROOT}/gkmlpt/api/all/8039?page=1&sid=755"
    rootless = listing(f"<div id=app></div><script>{config}</script>", f"{ROOT}/gkmlpt/index", "")
    assert not rootless.units
    assert "目录" in rootless.note


def test_gkmlpt_answers() -> None:
    url = f"{ROOT}/gkmlpt/api/all/8039?page=1&sid=755"
    rows = [
        {"id": i, "title": t, "url": f"{ROOT}/gkmlpt/content/8/{i}.html", "date": 1746028800 + 86400 * i}
        for i, t in enumerate(TITLES)
    ]
    found = read_unit(json.dumps({"articles": rows, "total": 230}).encode(), "gkmlpt", url, ROOT)
    assert titles(found) == TITLES
    assert days(found)[0] == "2025-05-01"
    assert [u.partition("page=")[2] for u in found.next_urls] == ["2&sid=755", "3&sid=755"]
    assert read_unit(b"<html>", "gkmlpt", url, ROOT).reader == ""
    end = read_unit(b'{"articles":[],"total":0}', "gkmlpt", url, ROOT)
    assert (end.reader, end.entries, end.total) == ("gkmlpt", (), 0)


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        (
            "$.get('/common/search/0123456789abcdef0123456789abcdef?_isJson=true&_pageSize=20&page='+p, show)",
            "/common/search/0123456789abcdef0123456789abcdef?_isJson=true&_pageSize=20&page=1",
        ),
        (
            'var u = "/igs/front/search.jhtml?code=ab12&siteId=33&searchWord=&pageNumber=1&pageSize=10";',
            "/igs/front/search.jhtml?code=ab12&siteId=33&searchWord=&pageNumber=1&pageSize=10",
        ),
        (
            "$.ajax({ url : \"/api/article/list\", type: 'GET', data: { channelId: '77', pageNo: pageNo, pageSize: size }, success: f }); var size = 15;",
            "/api/article/list?channelId=77&pageNo=1&pageSize=15",
        ),
        ("fetch(`/content/list?cid=${cid}&page=${page}`).then(f); const cid = '12'", "/content/list?cid=12&page=1"),
        ("axios.get('/api/getNewsList', {params: {page: 1, rows: 20}})", "/api/getNewsList?page=1&rows=20"),
        ("$.getJSON('/jportal/docList.json?p=1')", "/jportal/docList.json?p=1"),
    ],
)
def test_the_page_tells_its_api(script: str, wanted: str) -> None:
    found = listing(f"{EMPTY_LIST}<script>{script}</script>")
    assert found.reader == "api"
    assert [unit.url for unit in found.units] == [ROOT + wanted]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("$.ajax({type:'post',url:'/rest/lightfrontaction/getgovinfolist'})", "Epoint"),
        ("$.post('/irs/front/search', {})", "POST"),
        ("$.ajax({url:'/queryList',method:\"POST\"})", "POST"),
        ("$.ajax({url:'/api/doLogin/list?page=1'})", ""),
        ("$.get('/hits/count?page=1')", ""),
        ("$.get('https://tongji.other.com/list?page=1')", ""),
        ("$.ajax({url: base + path, data: {page: 1}})", ""),
    ],
)
def test_what_is_not_asked(script: str, words: str) -> None:
    found = listing(f"{EMPTY_LIST}<script>{script}</script>")
    assert not found.units
    assert not found.entries
    assert found.note
    assert words in found.note


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<div id=app></div><script src=/js/chunk-vendors.js></script>", "单页应用"),
        ("<div id=l></div><script>EpointWebBuilder.init()</script>", "Epoint"),
        ("<ul><li v-for='r in rows'><a :href='r.u'>{{ r.title }}</a></li></ul>", "模板"),
        ("<iframe src='../list.html'></iframe>", "框架 ../list.html"),
        ("<a href=\"javascript:__doPostBack('p','2')\">2</a>", "ASP.NET"),
    ],
)
def test_shapes_are_named_behaviour_66(body: str, name: str) -> None:
    found = listing(body)
    assert name in found.note
    assert not found.empty_text


def test_a_static_list_wins_over_its_scripts() -> None:
    body = (
        ROWS
        + "<div id=app></div><script>$.get('/api/hotlist?page=1'); var d=[{title:'别的列表标题',url:'/x.html',date:'2025-01-01'}]</script>"
    )
    assert listing(body).reader == "plain"


@pytest.mark.parametrize(
    "answer",
    [
        {
            "data": {
                "results": [
                    {"title": f"<em>{t}</em>", "url": f"/a{i}.html", "publishedTimeStr": f"2025-05-0{i} 08:00:00"}
                    for i, t in enumerate(TITLES, 1)
                ],
                "total": 6,
            }
        },
        {
            "page": {
                "content": [
                    {"DOCTITLE": t, "DOCPUBURL": f"{ROOT}/a{i}.html", "DOCRELTIME": f"2025/05/0{i} 08:00"}
                    for i, t in enumerate(TITLES, 1)
                ],
                "totalElements": 6,
                "totalPages": 1,
            }
        },
        {
            "rows": [
                {"infotitle": t, "infourl": f"/a{i}.html", "infodate": f"2025-05-0{i}"} for i, t in enumerate(TITLES, 1)
            ],
            "records": 6,
        },
        {
            "data": {
                "list": [
                    {
                        "source": {
                            "title": t,
                            "urls": json.dumps({"common": f"/a{i}.html"}),
                            "pubDate": f"2025-05-0{i}T00:30:00.000+0000",
                        }
                    }
                    for i, t in enumerate(TITLES, 1)
                ]
            }
        },
        [
            {"name": "栏目", "title": t, "link": f"/a{i}.html", "time": 1746028800000 + 86_400_000 * (i - 1)}
            for i, t in enumerate(TITLES, 1)
        ],
        {
            "code": 200,
            "data": json.dumps(
                {"rows": [{"title": t, "url": f"/a{i}.html", "date": f"2025-05-0{i}"} for i, t in enumerate(TITLES, 1)]}
            ),
        },
        {
            "hot": [{"title": "一", "url": "/h.html"}],
            "list": [{"title": t, "url": f"/a{i}.html", "fbrq": f"2025年5月{i}日"} for i, t in enumerate(TITLES, 1)],
        },
    ],
)
def test_answers_of_all_makes(answer: object) -> None:
    found = read_unit(json.dumps(answer).encode(), "api", f"{ROOT}/api/list?page=1&pageSize=15", f"{ROOT}/c/index.html")
    assert titles(found) == TITLES
    assert days(found) == [f"2025-05-{i:02d}" for i in range(1, 7)]
    assert found.entries[0].url == f"{ROOT}/a1.html"


def test_api_ends_and_failures_are_told_apart_behaviour_15() -> None:
    url = f"{ROOT}/api/list?page=3&pageSize=15"

    def read(body: str):
        return read_unit(body.encode(), "api", url, ROOT)

    assert read('{"data":{"list":[],"total":0}}').reader == "api"
    assert read('{"data":{"list":[],"total":0}}').total == 0
    refused = read('{"success":false,"msg":"排序方式不能为空！"}')
    assert refused.reader == ""
    assert "排序方式" in refused.note
    assert read('{"status":"ok"}').reader == ""
    assert read("oops").reader == ""
    assert read(f"jsonp123({json.dumps({'list': [{'title': t, 'url': '/a.html'} for t in TITLES]})});").entries
    assert titles(read(ROWS)) == TITLES


@pytest.mark.parametrize(
    "script",
    [
        "<script>var listData = %s;</script>"
        % json.dumps(
            [
                {"docTitle": t, "docPubUrl": f"/a{i}.html", "docRelTime": f"2025-05-0{i}"}
                for i, t in enumerate(TITLES, 1)
            ]
        ),
        "<script type='application/json' id=d>%s</script>"
        % json.dumps(
            {"list": [{"title": t, "url": f"/a{i}.html", "date": f"2025-05-0{i}"} for i, t in enumerate(TITLES, 1)]},
            ensure_ascii=False,
        ),
        "<script>var rows=["
        + ",".join(f"{{title:'{t}',url:'/a{i}.html',time:'2025-05-0{i}'}}" for i, t in enumerate(TITLES, 1))
        + "];</script>",
        "<script>new Vue({el:'#l',data:{rows:"
        + json.dumps(
            [{"title": t, "linkUrl": f"/a{i}.html", "publish_time": f"2025-05-0{i}"} for i, t in enumerate(TITLES, 1)]
        )
        + "}})</script>",
        "<script>"
        + "".join(
            f'list.push({{"title":"{t}","href":"/a{i}.html","rq":"2025-05-0{i}"}});' for i, t in enumerate(TITLES, 1)
        )
        + "</script>",
    ],
)
def test_inline_data(script: str) -> None:
    found = listing(f"{EMPTY_LIST}{script}")
    assert found.reader == "inline"
    assert titles(found) == TITLES
    assert days(found) == [f"2025-05-{i:02d}" for i in range(1, 7)]


def test_inline_data_of_a_home_page_is_no_list() -> None:
    data = json.dumps([{"title": t, "url": f"/a{i}.html", "date": f"2025-05-0{i}"} for i, t in enumerate(TITLES, 1)])
    assert not facts(f"<script>var focus={data}</script>", f"{ROOT}/", "").listing.entries


def test_hostile_scripts_cost_bounded_time() -> None:
    import time

    start = time.perf_counter()
    for body in (
        "=[" * 200_000,
        "={" * 100_000,
        "$.get(" * 100_000,
        "=[" + "[" * 100_000,
        "{title:'" * 100_000,
        "'" * 300_000,
        "atob" + "A" * 500_000,
    ):
        listing(f"{EMPTY_LIST}<script>{body}</script>")
        read_unit(body.encode(), "api", ROOT, ROOT)
    assert time.perf_counter() - start < 20
