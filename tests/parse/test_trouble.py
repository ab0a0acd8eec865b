"""Error pages, closed sites, challenges and shells behind a 200; and articles about them (BEHAVIOURS 29, 41, 42, 66)."""
# ruff: noqa: E501 - fixtures stand on the lines that sites write them on

from __future__ import annotations

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.parse import trouble

CHROME = "".join(f"<a href='/c{i}/'>栏目导航{i}</a>" for i in range(60))
FOOT = (
    "<div class=foot>主办单位：临夏市人民政府 网站标识码：6229010001 陇ICP备13001288号 甘公网安备62290102000101号</div>"
)


def read(html: str, text: str | None = None) -> trouble.Trouble:
    tree = LexborHTMLParser(html)
    title = node.text().strip() if (node := tree.css_first("title")) else ""
    whole = LexborHTMLParser(html)
    whole.strip_tags(["script", "style", "title", "noscript"])
    visible = "".join((whole.body.text() if whole.body else "").split())
    scripts = [found.attributes["src"] or "" for found in tree.css("script[src]")]
    main = " ".join(whole.body.text(separator=" ").split()) if text is None and whole.body else text or ""
    return trouble.read(
        tree, "http://www.lxs.gov.cn/x.html", title, main, len(visible), len(tree.css("a[href]")), scripts
    )


@pytest.mark.parametrize(
    "words",
    [
        "页面不存在",
        "您访问的页面不存在或已被删除",
        "抱歉，您访问的页面不存在",
        "对不起，您要查看的信息已删除",
        "栏目不存在",
        "您无权访问此页面",
        "您在地址中可能存在键入错误",
        "找不到该页面",
        "404 Not Found",
        "该文章已被删除",
        "很抱歉，您要访问的页面找不到了",
        "文件不存在",
        "抱歉！页面无法访问……",
        "HTTP Status 404 – 未找到",
        "您访问的内容已下线",
        "无法找到该页",
    ],
)
@pytest.mark.parametrize("shape", ["bare", "title", "chrome"])
def test_soft_error(words: str, shape: str) -> None:
    html, text = {
        "bare": (f"<title>提示</title><div>{words}</div><a href='/'>返回首页</a>", None),
        "title": (f"<title>{words}</title>{CHROME}<p>返回</p>{FOOT}", "返回"),
        "chrome": (
            f"<title>临夏市人民政府</title>{CHROME}<div class='error404'><h2>{words}</h2><p>可能原因</p></div>{FOOT}",
            words + "可能原因",
        ),
    }[shape]
    assert read(f"<html><body>{html}</body></html>").soft_error != "", text
    assert read(f"<html><body>{html}</body></html>", text).soft_error != ""


def test_page_with_all_chrome_whose_main_text_is_unknown() -> None:
    html = f"<html><title>临夏市人民政府</title><body>{CHROME}<div class='box'><h3>404</h3><p>您访问的页面不存在</p></div>{FOOT}</body></html>"
    assert read(html, "").soft_error == "404"


@pytest.mark.parametrize(
    "html",
    [
        f"<html><title>临夏市人民政府</title><body>{CHROME}<div>您在地址中可能存在键入错误。</div>{FOOT}</body></html>",
        f"<html><title>访问出错</title><body>{CHROME}<div>您要访问的页面找不到了</div>{FOOT}</body></html>",
        "<html><body><script>alert('您访问的信息不存在');history.back();</script></body></html>",
        "<html><body>该内容已被发布者删除</body></html>",
        "<html><title>错误提示</title><body><p>您要访问的页面已被删除、更名或暂时不可用。</p></body></html>",
    ],
)
def test_error_pages_of_the_field(html: str) -> None:
    assert read(html).soft_error != ""


ARTICLE = (
    "各乡镇人民政府：近期检查发现部分网站存在页面不存在、404错误、找不到文件等问题，影响群众办事。现就有关事项通知如下。"
    + "一、各单位要高度重视，认真排查。" * 30
)


@pytest.mark.parametrize(
    "html",
    [
        f"<title>关于网站404错误页面整改情况的通报</title><h1>关于网站404错误页面整改情况的通报</h1><p>{ARTICLE}</p>",
        f"<title>如何处理“页面不存在”问题</title><h1>如何处理“页面不存在”问题</h1><p>{ARTICLE}</p>",
        "<title>关于注销公告</title><h1>关于注销公告</h1><p>经查，该企业登记的住所无法联系，信息已公示。</p>",
        "<title>临夏市召开会议</title><h1>临夏市召开会议</h1><p>会议强调，网站要加强管理，避免栏目不更新。"
        + "会议指出，" * 20
        + "有的页面不存在。</p>",
        "<title>关于系统维护的公告</title><h1>关于系统维护的公告</h1><p>因系统正在升级维护，8月1日暂停办理业务，请相互转告。</p><p>临夏市社保局</p>",
        f"<title>临夏市人民政府</title>{CHROME}{FOOT}",
        "<title>公示</title><h1>公示</h1><p>该信息已删除个人敏感内容，现予公示。</p>",
        "<title>2022年财政收入404万元</title><h1>2022年财政收入404万元</h1><p>全县完成404万元。</p>",
    ],
)
def test_articles_are_no_errors(html: str) -> None:
    assert read(f"<html><body>{html}</body></html>").soft_error == ""


@pytest.mark.parametrize(
    "words",
    [
        "网站正在维护中，请稍后访问",
        "本网站已关停",
        "本站已迁移至www.lxs.gov.cn",
        "网站升级改版中",
        "系统维护中",
        "栏目正在建设中",
        "该网站已关闭",
        "域名已过期",
    ],
)
def test_closed(words: str) -> None:
    assert read(f"<html><title>提示</title><body><p>{words}</p></body></html>").soft_error.startswith("closed:")


@pytest.mark.parametrize(
    ("html", "name"),
    [
        (
            "<html><head><meta id=\"9DhefwqGPrzGxEp9hPaoag\" content=\"x\" r='m'><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;</script></head><body></body></html>",
            "瑞数",
        ),
        (
            "<script>document.cookie=('_')+('_')+('jsl')+('_clearance')+'=1;';location.href=location.pathname+location.search</script>",
            "加速乐",
        ),
        (
            "<html><script>var arg1='A1B2C3D4E5F60718293A4B5C6D7E8F9012345678';function a(){}</script></html>",
            "阿里云WAF",
        ),
        ("<html><script>var a='EO_Bot_Ssid=1';document.cookie=a;location.reload()</script></html>", "腾讯EdgeOne"),
        ("<script>document.cookie='C3VK=abc;max-age=300';location.reload();</script>", "加速乐"),
        ("<html><body>您的访问过于频繁，请稍后再试</body></html>", "访问过于频繁"),
        ("<html><title>安全验证</title><body>请完成安全验证 <div id=slide></div></body></html>", "安全验证"),
        ("<body><noscript>请开启JavaScript并刷新该页</noscript><script>x()</script></body>", "请开启JavaScript"),
        (
            "<html><body>Sorry, your request has been blocked as it may cause potential threats to the server's security.</body></html>",
            "your request has been blocked",
        ),
        ("<title>403 - 云防护</title><body>x</body>", "云防护"),
    ],
)
def test_challenges(html: str, name: str) -> None:
    found = read(html)
    assert name in found.protection or (name == "加速乐" and found.protection in {"加速乐", "C3VK"})
    assert found.soft_error == ""
    assert not found.shell


@pytest.mark.parametrize(
    "html",
    [
        f"<html><head><script>$_ts=window['$_ts'];$_ts.nsd=1</script></head><body>{CHROME}<p>{ARTICLE}</p>{FOOT}</body></html>",
        f"<html><body>{CHROME}<p>请完成安全验证后登录</p></body></html>",
        "<html><title>登录</title><body><a href=/a>首页</a><p>滑动验证登录说明："
        + "请按照要求操作。" * 200
        + "</p></body></html>",
    ],
)
def test_normal_pages_carry_the_same_words(html: str) -> None:
    assert read(html).protection == ""


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><div id=app></div><script src=/js/app.js></script></body></html>",
        "<html><body><noscript>We're sorry but x doesn't work properly without JavaScript enabled.</noscript><div id='root'></div><script src=/a.js></script></body></html>",
        "<html><body><script src=/js/render.js></script><script src=/js/b.js></script></body></html>",
    ],
)
def test_shell(html: str) -> None:
    found = read(html)
    assert found.shell
    assert found.protection == ""


@pytest.mark.parametrize(
    "html",
    [
        "<script>window.top.location.href='/lxs/index.html'</script>",
        "<html><head><meta http-equiv=refresh content='0;url=/a'></head><script src=/a.js></script></html>",
        "",
        f"<html><body>{CHROME}<script src=/a.js></script></body></html>",
        "<html><body><ul></ul><p>暂无数据</p></body></html>",
    ],
)
def test_no_shell(html: str) -> None:
    assert not read(html).shell


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 10_000 + "404",
        "<h1>页面</h1>" * 20_000,
        "<script>document.cookie=" + "a" * 18_000,
        "<p>" + "网站" * 5_000,
        "<p>您访问的" * 3_000,
    ],
)
def test_hostile_pages_take_bounded_time(html: str) -> None:
    tree = LexborHTMLParser(html)
    began = time.perf_counter()
    trouble.read(tree, "http://a.gov.cn/", "系统" * 5_000, "网站" * 50_000, 10, 0, [])
    assert time.perf_counter() - began < 2


def test_a_list_with_a_title_about_a_404_is_a_list() -> None:
    titles = ("关于网站404错误页面排查情况", "第三季度政务公开检查", "春节值班安排")
    rows = "".join(
        f"<li><a href='/a{i}.html'>{title}</a><span>2025-03-0{i}</span></li>" for i, title in enumerate(titles, 1)
    )
    assert read(f"<title>通知公告</title><body><ul>{rows}</ul>").soft_error == ""
    assert read(f"<title>页面不存在</title><body><h1>页面不存在</h1><ul>{rows}</ul>").soft_error == "页面不存在"
