"""What the pages of a site have in common is read once, and read alike."""

from crawler.core.facts import PageFacts
from crawler.parse import SiteCache, parse

FOOT = (
    '<div class="{0}"><p>主办：临夏市人民政府 电话：0930-6212345</p>网站标识码：6229010001'
    ' 陇ICP备13001288号-1 <a href="map.html">网站地图</a></div>'
)


def page(own: str, foot: str = "foot") -> bytes:
    return f"<title>一</title><body><div id=nav><a href=a.html>导航一</a></div><div>{own}</div>{FOOT.format(foot)}".encode()


def read(memory: SiteCache | None, url: str, body: bytes) -> tuple[PageFacts, list[str]]:
    parsed = parse(body, url, {}, memory)
    return parsed.facts, [link.url for link in parsed.links]


def test_equal_links_lead_where_the_folder_says() -> None:
    memory = SiteCache()
    for folder in ("x", "y", "x"):
        _, links = read(memory, f"http://a.gov.cn/{folder}/i.html", page('<a href="?p=2">下一页</a><a href="/r.html">根</a>'))
        assert links == [
            f"http://a.gov.cn/{folder}/a.html",
            f"http://a.gov.cn/{folder}/i.html?p=2",
            "http://a.gov.cn/r.html",
            f"http://a.gov.cn/{folder}/map.html",
        ]
    _, links = read(memory, "http://b.gov.cn/x/i.html", page('<a href="/r.html">根</a>'))
    assert links[1] == "http://b.gov.cn/r.html"


def test_a_query_stands_for_its_own_page() -> None:
    memory = SiteCache()
    for name in ("one", "two"):
        _, links = read(memory, f"http://a.gov.cn/x/{name}.html", page('<a href="?p=2">2</a>'))
        assert f"http://a.gov.cn/x/{name}.html?p=2" in links


def test_a_remembered_footer_is_what_a_fresh_look_finds() -> None:
    """Also where another page of the site says more beside it, or less in it."""
    memory = SiteCache()
    bodies = [
        page("一"),
        page("二"),
        page("网站标识码：6229019999 三"),
        page("四") + b"<a href='http://bszs.conac.cn/sitename?method=show&id=1'><img src=red.png></a>",
        page("五").replace(b"0930-6212345", b"0930-7777777"),
        page("<p>六</p><a href=/m.html>网站地图</a>"),
        page("七", "other"),
        page("八<script>document.write('公网安备62290102000101号 conac')</script>"),
        page("一"),
    ]
    for number, body in enumerate(bodies):
        url = f"http://a.gov.cn/x/{number}.html"
        assert read(memory, url, body)[0].footer == read(None, url, body)[0].footer, number


def test_a_full_memory_forgets_and_goes_on() -> None:
    memory = SiteCache()
    for number in range(30):
        own = "".join(f"<a href=/{number}/{i}.html>第{i}条</a>" for i in range(600))
        _, links = read(memory, "http://a.gov.cn/i.html", page(own))
        assert links[1:-1] == [f"http://a.gov.cn/{number}/{i}.html" for i in range(600)]
