"""URLs as government pages write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.urls import HrefCache, host_of, is_action, normalise, path_key, resolve, trap_pattern

BASE = "https://www.lxs.gov.cn/lxs/zwgk/index.html"
HERE = "https://www.lxs.gov.cn"


@pytest.mark.parametrize(
    ("href", "url", "fault"),
    [
        ("art/2026/art_1.html", f"{HERE}/lxs/zwgk/art/2026/art_1.html", ""),
        ("/YSJS/", f"{HERE}/YSJS/", ""),
        ("?page=2", f"{HERE}/lxs/zwgk/index.html?page=2", ""),
        ("//cdn.gov.cn/a.js", "https://cdn.gov.cn/a.js", ""),
        ("/附件1.doc", f"{HERE}/%E9%99%84%E4%BB%B61.doc", ""),
        ("/a/%D5%FE.doc", f"{HERE}/a/%D5%FE.doc", ""),
        ("/go?u=https://a.gov.cn/b", f"{HERE}/go?u=https://a.gov.cn/b", ""),
        ("/nullable/undefined-terms.html", f"{HERE}/nullable/undefined-terms.html", ""),
        # BEHAVIOURS 45: repaired like a browser, and said so
        (" /a.html\u3000", f"{HERE}/a.html", "malformed"),
        ("/a\n/b.html", f"{HERE}/a/b.html", "malformed"),
        ("/a b.doc", f"{HERE}/a%20b.doc", "malformed"),
        ("..\\file\\a.doc", f"{HERE}/lxs/file/a.doc", "malformed"),
        ("http:\\\\www.a.gov.cn\\b", "http://www.a.gov.cn/b", "malformed"),
        ("\\\\www.a.gov.cn\\b", "https://www.a.gov.cn/b", "malformed"),
        ("https://http://www.a.gov.cn/b", "http://www.a.gov.cn/b", "malformed"),
        ("http://http//www.a.gov.cn/b", "http://www.a.gov.cn/b", "malformed"),
        ("http//www.a.gov.cn/b", "http://www.a.gov.cn/b", "malformed"),
        ("http:/www.a.gov.cn/b", "http://www.a.gov.cn/b", "malformed"),
        ("http;//www.a.gov.cn/b", "http://www.a.gov.cn/b", "malformed"),
        ("hppt://www.a.gov.cn/b", "http://www.a.gov.cn/b", "malformed"),
        ("htps://www.a.gov.cn/b", "https://www.a.gov.cn/b", "malformed"),
        ("http：／／www．a．gov．cn／b", "http://www.a.gov.cn/b", "malformed"),
        ("http://www. a.gov.cn/b", "http://www.a.gov.cn/b", "malformed"),
        ("/s?a=1&amp;b=2", f"{HERE}/s?a=1&b=2", "malformed"),
        ("http://", "", "malformed"),
        ("http://a.gov.cn:99999/", "", "malformed"),
        # BEHAVIOURS 43
        ("file:///C:/a.doc", "", "private"),
        ("C:\\Users\\a.doc", "", "private"),
        ("\\\\server\\share\\a.doc", "", "private"),
        ("http://10.1.2.3/x", "", "private"),
        ("http://172.16.0.1:8080/x", "", "private"),
        ("//192.168.1.1/x", "", "private"),
        ("http://2130706433/", "", "private"),
        ("http://0x7f.1/", "", "private"),
        ("http://[::ffff:10.0.0.1]/", "", "private"),
        ("http://localhost:8080/x", "", "private"),
        # BEHAVIOURS 44
        ("{{pcUrl}}", "", "placeholder"),
        ("/a/{{ id }}.html", "", "placeholder"),
        ("<?=el.link?>", "", "placeholder"),
        ("[!--titleurl--]", "", "placeholder"),
        ("/zwgk/${item.url}", "", "placeholder"),
        ("undefined", "", "placeholder"),
        ("/lxs/null", "", "placeholder"),
        ("", "", "unfetchable"),
        ("#", "", "unfetchable"),
        (" #top", "", "unfetchable"),
        ("javascript:void(0)", "", "unfetchable"),
        ("mailto:a@b.cn", "", "unfetchable"),
        ("tel:12345", "", "unfetchable"),
        ("data:image/gif;base64,R0", "", "unfetchable"),
        ("about:blank", "", "unfetchable"),
    ],
)
def test_resolve(href: str, url: str, fault: str) -> None:
    assert resolve(BASE, href) == (url, fault)


def test_a_gbk_page_sends_its_query_in_gbk() -> None:
    assert resolve(BASE, "/s?q=政府&p=%D5%FE", "gb18030")[0] == f"{HERE}/s?q=%D5%FE%B8%AE&p=%D5%FE"
    assert resolve(BASE, "/政?q=政", "gbk")[0] == f"{HERE}/%E6%94%BF?q=%D5%FE"


def test_a_page_on_a_private_host_may_link_to_itself() -> None:
    assert resolve("http://127.0.0.1:8000/a/", "http://127.0.0.1:8000/b") == ("http://127.0.0.1:8000/b", "")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTP://WWW.A.gov.cn:80/A/b.html#top", "http://www.a.gov.cn/A/b.html"),
        ("http://a.gov.cn/b;jsessionid=9A8F!1?x=1", "http://a.gov.cn/b?x=1"),
        ("http://a.gov.cn/b?utm_source=x&id=3&spm=1.2", "http://a.gov.cn/b?id=3"),
        ("http://a.gov.cn/b?from=timeline&isappinstalled=0", "http://a.gov.cn/b"),
        ("http://a.gov.cn/b?from=zwgk", "http://a.gov.cn/b?from=zwgk"),
        ("http://a.gov.cn/col/col12/index.html?uid=1&pageNum=7", "http://a.gov.cn/col/col12/index.html"),
        ("http://a.gov.cn/list?uid=1&pageNum=7", "http://a.gov.cn/list?uid=1&pageNum=7"),
        ("http://a.gov.cn/gkmlpt/index#8039", "http://a.gov.cn/gkmlpt/index#8039"),
        ("http://a.gov.cn/app#/list/2", "http://a.gov.cn/app#/list/2"),
        ("http://a.gov.cn/app#!list", "http://a.gov.cn/app#!list"),
        ("http://a.gov.cn", "http://a.gov.cn/"),
        ("http://a.gov.cn/?", "http://a.gov.cn/"),
    ],
)
def test_normalise_behaviours_8_9(url: str, key: str) -> None:
    assert normalise(url) == key
    assert normalise(key) == key


@given(st.text(alphabet="ab/.;?&=#%:@!jsesionid~uidpageNum1 政", max_size=40))
def test_normalise_is_idempotent(tail: str) -> None:
    key = normalise("http://a.gov.cn/" + tail)
    assert normalise(key) == key


@given(st.text(max_size=60))
def test_resolve_never_raises(href: str) -> None:
    url, fault = resolve(BASE, href)
    assert url.startswith(("http://", "https://")) or fault


def test_path_key_survives_a_move() -> None:
    assert path_key("http://a.gov.cn/b/C?x=1") == path_key("https://www.a.gov.cn/b/C?x=1") == "/b/C?x=1"
    assert path_key("http://a.gov.cn") == "/"
    assert host_of("https://u:p@WWW.a.gov.cn:8443/x@y") == "www.a.gov.cn"


@pytest.mark.parametrize(
    "url",
    [
        "/login.jsp", "/sso/login", "/user/logout.do", "/member/register", "/admin/", "/x.jsp?action=delete&id=3",
        "/i.php?do=del&id=1", "/mail/submit.do", "/jpaas/addMail?x=1", "/hdjl/writeMail.jsp", "/vote.do?id=1",
        "/saveReply.jsp?x=1",
        "/deleteArticle.action?id=3", "/user/delete?id=4", "/mailbox/write?id=3", "/letter/add", "/api/remove",
    ],
)  # fmt: skip
def test_actions_are_never_asked_behaviour_88(url: str) -> None:
    assert is_action("http://a.gov.cn" + url)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://a.gov.cn/hdjl/xzxx/index.html", "县长信箱"),
        ("http://a.gov.cn/hdjl/wyxx/index.html", "我要写信"),
        ("http://a.gov.cn/mailbox/list.html?page=2", "信件列表"),
        ("https://bszs.conac.cn/sitename?method=show&id=1", ""),
        ("http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=1", ""),
        ("http://a.gov.cn/registration/bdcdj.html", "不动产登记"),
        ("http://a.gov.cn/administration/a.html", "行政管理"),
        ("http://a.gov.cn/art/delete-the-old.html", "关于删除的通知"),
        ("http://a.gov.cn/zwgk/update/index.html", ""),
        ("http://a.gov.cn/zwgk/update", ""),
        ("http://a.gov.cn/post?id=3", "关于开展检查的通知"),
        ("http://a.gov.cn/mailbox/list?page=2", ""),
    ],
)
def test_reading_is_no_action(url: str, text: str) -> None:
    assert not is_action(url, text)


def test_words_on_a_dynamic_link_make_it_an_action() -> None:
    assert is_action("http://a.gov.cn/m.jsp?id=2", "我要写信")


def test_trap_patterns_behaviour_10() -> None:
    big5 = "http://a.gov.cn/gate/big5/"
    assert (
        trap_pattern(big5 + "www.a.gov.cn/x.html")
        == trap_pattern(big5 + "www.a.gov.cn/gate/big5/b")
        == "big5:a.gov.cn/gate/big5/"
    )
    assert trap_pattern("http://a.gov.cn/rl.jsp?month=3") == trap_pattern("http://a.gov.cn/rl.jsp?month=4")
    assert trap_pattern("http://a.gov.cn/rl.jsp?month=3").startswith("calendar:")
    assert trap_pattern("http://a.gov.cn/a/b/a/b/a/b/").startswith("deep:")
    ids = ("0123456789abcdef0123456789abcdef", "ffff456789abcdef0123456789abcdef")
    assert len({trap_pattern(f"http://a.gov.cn/art/2025/art_{i}.html") for i in ids}) == 1
    assert ":" not in trap_pattern(f"http://a.gov.cn/art/2025/art_{ids[0]}.html")


def test_the_cache_knows_folders_and_hosts_apart() -> None:
    cache = HrefCache(limit=8)
    one, two = cache.resolver("http://a.gov.cn/x/i.html"), cache.resolver("http://a.gov.cn/y/i.html")
    for _ in range(2):
        assert one("a.html")[0] == "http://a.gov.cn/x/a.html"
        assert two("a.html")[0] == "http://a.gov.cn/y/a.html"
        assert one("?p=1")[0] == "http://a.gov.cn/x/i.html?p=1"
    other = cache.resolver("https://b.gov.cn/x/i.html")
    assert other("/r")[0] == "https://b.gov.cn/r"
    assert one("/r")[0] == "http://a.gov.cn/r"
    for number in range(100):
        assert one(f"{number}.html")[0] == f"http://a.gov.cn/x/{number}.html"
    # A proper page before and after the cache forgot everything.
    assert two("a.html")[0] == "http://a.gov.cn/y/a.html"
