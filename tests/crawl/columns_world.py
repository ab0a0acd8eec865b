"""One office on loopback whose columns are of all makes; every request is logged."""
# ruff: noqa: E501  # markup reads best in one line

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, quote, urlsplit

from ruamel.yaml import YAML

HOST = "www.lists.gov.cn"
FIRST_DAY = date(2026, 10, 30)
HTML = "text/html; charset=utf-8"
JSON = "application/json;charset=UTF-8"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
NAV = (
    "<div class=nav><ul>" + "".join(f"<li><a href=/nav{i}/>导航栏目第{i}项</a></li>" for i in range(8)) + "</ul></div>"
)

Reply = tuple[int, str, str | bytes]
Handler = Callable[[dict[str, str]], Reply]


def day(number: int) -> str:
    return (FIRST_DAY - timedelta(days=number)).isoformat()


def title(column: str, number: int) -> str:
    return f"关于{column}第{number}号事项的通知"


def row(column: str, number: int) -> str:
    return f"<li><a href='/x/{column}/a{number}.htm'>{title(column, number)}</a><span>{day(number)}</span></li>"


def rows(column: str, numbers: range) -> str:
    return "<ul class=list>" + "".join(row(column, n) for n in numbers) + "</ul>"


def page(body: str, head: str = "<meta name=ColumnName content=栏目>") -> Reply:
    return 200, HTML, f"<html><head><title>栏目</title>{head}</head><body>{NAV}{body}</body></html>"


@dataclass
class Office:
    pages: dict[str, Reply | Handler] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)  # id -> path
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def answer(self, host: str, target: str) -> Reply:
        self.asked.append(target)
        parts = urlsplit(target)
        if host != HOST:
            return 200, HTML, "<html><title>上级</title><ul>" + rows("upper", range(5)) + "</html>"
        found = self.pages.get(target) or self.pages.get(parts.path)
        if callable(found):
            return found({name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()})
        if found is not None:
            return found
        if parts.path == "/":
            return page("".join(f"<a href='{path}'>栏目{name}</a>" for name, path in self.columns.items()), "")
        if re.fullmatch(r"/x/\w+/a\d+\.htm", parts.path):
            return page("<div id=zoom><p>正文内容。</p></div>", "<meta name=ArticleTitle content=通知>")
        return 404, HTML, "<html><title>404</title><p>您访问的页面不存在</p></html>"

    def column(self, name: str, path: str, **pages: Reply | Handler) -> None:
        self.columns[name] = path
        self.pages |= pages

    def put(self, name: str, path: str, first: Reply | Handler, more: dict[str, Reply | Handler] | None = None) -> None:
        self.column(name, path)
        self.pages[path.partition("#")[0]] = first
        self.pages |= more or {}


def jpage_records(column: str, numbers: range) -> str:
    return "".join(f"<record><![CDATA[{row(column, n)}]]></record>" for n in numbers)


def jpage(office: Office, name: str, number: int, total: int, *, cap: int = 1000, honours: str = "window") -> None:
    """A jpage column of `total` records, 45 of them embedded."""
    store = (
        f'<datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=7&path=/'
        f'&columnid={number}&unitid={number}9&webname=%E5%B7%9E&permissiontype=0"></a>]]></nextgroup>'
        f"<totalrecord>{total}</totalrecord><totalpage>{-(-total // 15)}</totalpage><recordset>"
        f"{jpage_records(name, range(min(45, total)))}</recordset></datastore>"
    )
    body = (
        f'<div id="{number}9"><script type="text/xml">{store}</script></div>'
        f"<script>$('#{number}9').jpage({{perpage:15,proxyUrl:'/module/web/jpage/dataproxy.jsp'}})</script>"
    )
    office.put(name, f"/col/col{number}/index.html", page(body))
    before = office.pages.get("/module/web/jpage/dataproxy.jsp")

    def proxy(query: dict[str, str]) -> Reply:
        if query.get("columnid") != str(number):
            assert callable(before)
            return before(query)
        if honours == "window":
            start = int(query.get("startrecord", 1))
            end = min(int(query.get("endrecord", 45)), start + cap - 1, total)
        elif honours == "page" and "startrecord" not in query:
            start = (int(query["page"]) - 1) * 15 + 1
            end = min(start + 14, total)
        else:
            start, end = 1, 45
        if honours == "nothing" and "startrecord" in query:
            return 200, "text/xml", "<datastore></datastore>"
        found = jpage_records(name, range(start - 1, end))
        return (
            200,
            "text/xml; charset=utf-8",
            f"<?xml version='1.0'?><datastore><recordset>{found}</recordset></datastore>",
        )

    office.pages["/module/web/jpage/dataproxy.jsp"] = proxy


def jpaas(office: Office, name: str, total: int, honours: str) -> None:
    query = f"{{'webId':'w','pageId':'{name}','parseType':'bulidstatic','pageType':'column','tagId':'信息列表','tplSetId':'t'}}"
    body = (
        f'<div><script src="/unitbuild.js" url="{UNIT}" queryData="{query}"></script>'
        f'<div class="pagination" rows="15" count="{total}"></div></div>'
    )
    office.put(name, f"/{name}/index.html", page(body))
    before = office.pages.get(UNIT)

    def unit(asked: dict[str, str]) -> Reply:
        if asked.get("pageId") != name:
            assert callable(before)
            return before(asked)
        number = 1
        if honours == "pageNo":
            number = int(asked.get("pageNo", 1))
        elif honours == "paramJson":
            number = json.loads(asked["paramJson"])["pageNo"] if "paramJson" in asked else 1
        found = rows(name, range((number - 1) * 15, min(number * 15, total)))
        return 200, JSON, json.dumps({"success": True, "data": {"html": found if number <= -(-total // 15) else ""}})

    office.pages[UNIT] = unit


def office() -> Office:
    made = Office()
    jpage(made, "jpage", 101, 853, cap=20)
    jpage(made, "jpagebypage", 102, 100, honours="page")
    jpage(made, "jpagestalled", 103, 100, honours="stalled")
    jpage(made, "jpagehollow", 104, 853, honours="nothing")
    jpaas(made, "jpaasok", 40, "pageNo")
    jpaas(made, "jpaasparam", 40, "paramJson")
    jpaas(made, "jpaasstalled", 40, "")
    drawn = "<div id='pagination'></div><script src='/js/drawn.js'></script>"
    made.put("drawn", "/drawn/index.html", page(rows("drawn", range(15)) + drawn))
    made.put("drawnfew", "/drawnfew/index.html", page(rows("drawnfew", range(4)) + drawn))
    made.put("fifteen", "/fifteen/index.html", page(rows("fifteen", range(15))))
    call = "<script>createPageHTML(5, %d, 'index', 'html');</script>"
    made.put(
        "trs", "/trs/index.html", page(rows("trs", range(10)) + call % 0),
        {f"/trs/index_{n}.html": page(rows("trs", range(n * 10, n * 10 + 10)) + call % n) for n in range(1, 5)},
    )  # fmt: skip
    made.put(
        "trsgap", "/trsgap/index.html", page(rows("trsgap", range(10)) + call % 0),
        {f"/trsgap/index_{n}.html": page(rows("trsgap", range(n * 10, n * 10 + 10))) for n in (1, 2, 4)},
    )  # fmt: skip
    made.put(
        "trsstub", "/trsstub/index.html", page(rows("trsstub", range(10)) + call % 0),
        {f"/trsstub/index_{n}.html": page(rows("trsstub", range(n * 10, n * 10 + 10))) for n in (1, 2, 3)}
        | {"/trsstub/index_4.html": (200, HTML, "<html><head><title>栏目</title></head><body></body></html>")},
    )  # fmt: skip
    one = "<script>createPageHTML('page_div', 3, %d, 'common_list', 'shtml', 30)</script>"
    made.put(
        "trsone", "/trsone/common_list.shtml", page(rows("trsone", range(10)) + one % 1),
        {f"/trsone/common_list_{n}.shtml": page(rows("trsone", range(n * 10 - 10, n * 10)) + one % n) for n in (2, 3)},
    )  # fmt: skip
    go = "<a href='%s' class=Next>下页</a><span>共40条 1/4</span><input onclick=\"_simple_list_gotopage_fun(4,'a1GOPAGE',2)\">"
    made.put(
        "vsb", "/zwgk/vsb.htm", page(rows("vsb", range(10)) + go % "vsb/3.htm"),
        {f"/zwgk/vsb/{n}.htm": page(rows("vsb", range((4 - n) * 10, (5 - n) * 10)) + "<a href=../vsb.htm>首页</a>"
                                    + (go % f"{n - 1}.htm" if n > 1 else "")) for n in (1, 2, 3)},
    )  # fmt: skip
    config = "<div id=app></div><script>window._CONFIG = {SID:'755', TREE:[{id:8039}]}</script><script src=/gkmlpt/x.js></script>"
    made.put("gkmlpt", "/gkmlpt/index#8039", page(config, ""))

    def articles(query: dict[str, str]) -> Reply:
        number = max(int(query["page"]), 1)
        found = [
            {"title": title("gkmlpt", n), "url": f"http://{HOST}/x/gkmlpt/a{n}.htm", "created_at": f"{day(n)} 10:00:00"}
            for n in range((number - 1) * 100, min(number * 100, 230))
        ]
        return 200, JSON, json.dumps({"articles": found, "total": 230})

    made.pages["/gkmlpt/api/all/8039"] = articles
    search = "/common/search/" + "0a" * 16
    script = f"<ul id=body></ul><script>var page=1;$.ajax({{url:'{search}?_isJson=true&_pageSize=20&page='+page,type:'get'}})</script>"
    made.put("ucap", "/ucap/index.html", page(script))

    def ucap(query: dict[str, str]) -> Reply:
        number = int(query["page"])
        found = [
            {"title": f"<em>{title('ucap', n)}</em>", "url": f"/x/ucap/a{n}.htm", "publishedTimeStr": f"{day(n)} 08:00"}
            for n in range((number - 1) * 20, min(number * 20, 50))
        ]
        return 200, JSON, json.dumps({"data": {"results": found, "total": 50, "rows": 20, "page": number}})

    made.pages[search] = ucap
    made.put("frame", "/frame/index.html", page("<iframe src='../framed/list.html' width=100%></iframe>"))
    made.pages["/framed/list.html"] = (
        200,
        HTML,
        f"<html><body>{rows('frame', range(10))}<a href=list_2.html>下一页</a></body></html>",
    )
    made.pages["/framed/list_2.html"] = (200, HTML, f"<html><body>{rows('frame', range(10, 15))}</body></html>")
    packed = base64.b64encode(
        quote("<div id=\"pages\"><a href='index_2.html'>2</a><a href='index_2.html'>下一页</a></div>").encode()
    ).decode()
    made.put(
        "atob", "/atob/index.html", page(rows("atob", range(10)) + f"<script>document.write(decodeURIComponent(window.atob('{packed}')))</script>"),
        {"/atob/index_2.html": page(rows("atob", range(10, 14)))},
    )  # fmt: skip
    data = json.dumps(
        [
            {"docTitle": title("inline", n), "docPubUrl": f"/x/inline/a{n}.htm", "docRelTime": f"{day(n)}"}
            for n in range(12)
        ]
    )
    made.put(
        "inline",
        "/inline/index.html",
        page(
            f"<script type=text/x-handlebars>{{{{#each r}}}}<li>{{{{t}}}}</li>{{{{/each}}}}</script><ul id=l></ul><script>var listData = {data};</script>"
        ),
    )
    made.put(
        "epoint",
        "/epoint/index.html",
        page(
            "<div id=infolist></div><script>$.ajax({type:'post',url:'/rest/lightfrontaction/getgovinfolist',data:{}})</script>"
        ),
    )
    made.put("empty", "/empty/index.html", page("<div class=list><p>暂无数据</p></div>"))
    made.put("blank", "/blank/index.html", page("<ul id=list></ul><script>loadMyList('#list')</script>"))
    made.put(
        "article",
        "/article/index.html",
        page(
            "<div class=TRS_Editor><p>什么是规范性文件</p></div>", "<meta name=ArticleTitle content=什么是规范性文件>"
        ),
    )
    made.put("moved", "/moved/index.html", (302, "http://www.upper.gov.cn/zcwjk/", ""))
    made.put("tohome", "/tohome/index.html", (302, "/", ""))
    made.put("gone", "/gone/index.html", (404, HTML, "<html><title>404</title>"))
    return made


@contextmanager
def served(made: Office) -> Iterator[Office]:
    class Server(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, kind, body = made.answer((self.headers["Host"] or "").partition(":")[0], self.path)
            data = body.encode() if isinstance(body, str) else body
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", kind)
            else:
                self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    made.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


def configure(made: Office, shipped: Path, folder: Path) -> Path:
    """The shipped configuration with this office as its only site."""
    folder.mkdir()
    for name in ("column_kinds.yaml", "holidays.yaml", "rules.yaml", "waf.yaml", "basis"):
        (folder / name).symlink_to((shipped / name).resolve())
    (folder / "sites").mkdir()
    columns = [
        {"id": name, "name": f"栏目{name}", "kind": "其他", "url": f"http://{HOST}{path}"}
        for name, path in made.columns.items()
    ]
    home = {
        "id": "lists",
        "name": "列表测试",
        "code": "6229000001",
        "level": "portal",
        "platform": "p",
        "home": f"http://{HOST}/",
    }
    site = {**home, "hosts": [HOST], "confirmed": True, "columns": columns}
    fast = {
        "rate": 400, "concurrency": 16, "attachment_rate": 400, "search_interval": "1s", "window": None, "robots": "obey",
        "robots_unknown": "columns", "second_round_after": "1s", "trap_cap": 50, "breaker_pause": "1s", "clock": "5s", "timeout": "10s",
    }  # fmt: skip
    network = {
        "connect_to": {"*:80": f"127.0.0.1:{made.port}", "*:443": "refused"},
        "canaries": [f"http://{HOST}/"],
        "proxy": None,
    }
    for name, value in {
        "sites/lists.yaml": site,
        "platforms.yaml": [{"id": name, **fast} for name in ("p", "external")],
        "network.yaml": network,
        "sources.yaml": [],
    }.items():
        with (folder / name).open("w", encoding="utf-8") as out:
            YAML(typ="safe").dump(value, out)
    return folder
