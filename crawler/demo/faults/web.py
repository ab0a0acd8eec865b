"""Links, scripts, domains and second footers of the web as it is, as planted/web.yaml lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from crawler.demo import articles, chrome, files, footers, jpaas, trs
from crawler.demo.answer import file, page
from crawler.demo.files import TYPES, ole
from crawler.demo.nouns import Article, File, Leaf, Site

_PROMPT = '<div class="drop" style="display:none">您访问的链接即将离开“{name}”门户网站，是否继续？</div>'
_CASINO = (
    "<html><head><title>澳门新葡京官网_百家乐_真人娱乐</title></head>"
    "<body><p>百家乐 六合彩 老虎机 时时彩 注册送彩金</p></body></html>"
)
_PARKED = "<html><head><title>域名出售</title></head><body><p>本域名出售，有意者请联系。</p></body></html>"
_OPEN = (
    "<html><head><title>{0}</title></head>"
    "<body><h1>{0}</h1><p>欢迎访问{0}，这里是单位简介和联系方式。</p></body></html>"
)
_SECOND_HOST = "www.ghxzf.gov.cn"


def plant(sites: Mapping[str, Site], today: date) -> None:  # noqa: ARG001
    _footers(sites)
    _old_template(sites["lxs"])
    _security(sites)
    _links(sites)
    _domains(sites)


def _a(href: str, text: str) -> str:
    return f'<a href="{href}" target="_blank">{text}</a>'


def _add(site: Site, slug: str, html: str) -> None:
    site.article_extra[slug] = site.article_extra.get(slug, "") + html


def _footers(sites: Mapping[str, Site]) -> None:
    def change(site_id: str, **given: str) -> None:
        sites[site_id].footer = replace(sites[site_id].footer, **given)  # type: ignore[arg-type]

    for site_id in ("hzx", "jyj"):
        change(site_id, psb=sites[site_id].footer.psb.replace(footers.PSB, footers.OLD_PSB))
    change("rsj", icp=sites["rsj"].footer.icp.replace(footers.ICP, footers.OLD_ICP))
    change("klx", psb=f'<a href="{footers.PSB}62292202000999">甘公网安备62292202000123号</a>')
    change("ghx", psb=f'<a href="{footers.PSB}11010802000124">京公网安备11010802000124号</a>')
    change("fgw", icp=f'<a href="{footers.ICP}">京ICP备2022000312号-1</a>')
    change("yjx", icp=f'<a href="{footers.ICP}">冀ICP备2022000124号</a>')
    change("jyj", jiucuo=f'<img src="{footers.EXPOSURE}/images/jiucuo.png" alt="政府网站找错">')


def _old_template(site: Site) -> None:
    """A topic page of an elder template: its footer still has the number of before."""
    path = "/lxs/zt/hsjy/index.html"
    elder = replace(site, footer=replace(site.footer, icp=f'<a href="{footers.ICP}">陇ICP备2015000777号</a>'))
    words = "<h1>红色教育专题</h1><p>依托红色资源开展主题党日和研学活动，传承红色基因。</p>"
    html = chrome.page(elder, jpaas.FRAME, title="红色教育专题", body=words, links=jpaas.links(elder))
    site.more[f"{site.root}{path}"] = page(html)
    site.home_extra += _a(path, "红色教育专题")


def _security(sites: Mapping[str, Site]) -> None:
    hidden = '<div style="position:absolute;left:-9999px;top:0">{}</div>'
    casino, ring = "http://www.pj88game.com/", "http://www.xpj-vip.com/"
    for url in (casino, ring):
        sites["yjx"].more[url] = page("<html><body>Forbidden</body></html>", status=403)
    _add(sites["yjx"], "gg3", hidden.format(_a(casino, "澳门新葡京官网注册") + _a(ring, "百家乐投注平台")))
    _add(sites["rsj"], "5103", hidden.format(_a(casino, "六合彩开奖") + _a(ring, "时时彩平台官网")))
    # Hidden for those who listen, and for a menu that opens.
    _add(sites["lxx"], "yw3", '<span style="position:absolute;left:-9999px">跳到主要内容</span>')
    taken = "http://www.lxxtea.com/"
    sites["lxx"].more[taken] = page(_CASINO)
    _add(sites["lxx"], "yw4", f"<p>{_a(taken, '县茶叶产业协会')}</p>")
    parked = "http://www.klxhua.com/"
    sites["klx"].more[parked] = page(_PARKED)
    _add(sites["klx"], "yw4", f"<p>{_a(parked, '康乐花卉网')}</p>")
    police = "http://www.lxsfzx.org.cn/"
    sites["lxs"].more[police] = page(_OPEN.format("警方打击网络赌博专项行动宣传网"))
    _add(sites["lxs"], "yw4", f"<p>{_a(police, '打击网络赌博宣传网')}</p>")
    lure = "/zt/2019/xcl.html"
    sites["scjgj"].leaves.append(Leaf(lure, "澳门新葡京官网_百家乐平台", "<p>内容已过期。</p>"))
    _add(sites["scjgj"], "6904", f"<p>{_a(lure, '历年专题')}</p>")
    warned = "/lxs/zt/fdb/index.html"
    words = "<p>警惕时时彩骗局，远离网络赌博，发现线索请拨打举报电话。</p>"
    sites["lxs"].leaves.append(Leaf(warned, "警惕时时彩网络赌博骗局", words))
    _add(sites["lxs"], "yw5", f"<p>{_a(warned, '反赌防骗专题')}</p>")
    for site_id, slug, mark in (("ghx", "gg3", "秘密★5年"), ("dxx", "gg4", "内部资料 注意保密")):
        notice = _article(sites[site_id], "tzgg", slug)
        notice.body = f"<p>{mark}</p>{notice.body}"
    told = _article(sites["rsj"], "tzgg", "5102")
    told.body += "<p>工作人员应当遵守保密纪律，不得记录、存储国家秘密，机密和绝密载体按规定管理。</p>"


def _links(sites: Mapping[str, Site]) -> None:
    stray = "http://www.gskanglexian.gov.cn/lxs/szyw/tzgg/index.html"
    sites["klx"].more[stray] = page(_OPEN.format("临夏市通知公告"))
    _add(sites["klx"], "yw5", f"<p>{_a(stray, '临夏市通知公告')} {_a('http://www.lxs.gov.cn/', '临夏市')}</p>")
    like = "http://www.linxia-gov.cn/"
    sites["hzx"].more[like] = page(_OPEN.format("临夏之窗"))
    _add(sites["hzx"], "yw4", f"<p>{_a(like, '临夏之窗')}</p>")
    _wrong_titles(sites)
    for site_id in ("klx", "lxs"):
        sites[site_id].home_extra += _PROMPT.format(name=sites[site_id].name)
    _article(sites["fgw"], "tzgg", "5101").files = (File("20260311001.docx"), File("报名登记表.xlsx"))
    _article(sites["hzx"], "tzgg", "gg2").files = (File("W020260311001234567.pdf"), File("下载.pdf"))


def _wrong_titles(sites: Mapping[str, Site]) -> None:
    """Rows whose link leads to another article; and one whose title is only shorter than the article's."""
    for site_id, column_id, slug, title in (
        ("jyj", "gzdt", "6905", "春季学期校园食品安全交叉检查情况"),
        ("dxx", "ywdt", "yw1", "村级供水管护员技能比武圆满收官"),
    ):
        site = sites[site_id]
        column = site.column(column_id)
        other = _article(site, column_id, slug)
        system = trs.SYSTEM
        url = (
            jpaas.article_url(site, column, other)
            if site.cms == "jpaas"
            else articles.article_url(system, site, column, other)
        )
        column.articles.append(Article(f"{slug}w", title, other.published, "", direct=url))
    short = _article(sites["fgw"], "gzdt", "6901")
    short.listed = short.title[:-2] + "…"


def _domains(sites: Mapping[str, Site]) -> None:
    site = sites["ghx"]
    site.more_hosts = (*site.more_hosts, _SECOND_HOST)
    root = f"http://{_SECOND_HOST}"
    twin = replace(site, host=_SECOND_HOST, footer=replace(site.footer, sitemap=f'<a href="{root}/">网站地图</a>'))
    words = f"<h1>{site.name}门户网站</h1><p>{site.place}人民政府网站，发布政务信息，提供办事服务。</p>"
    site.more[f"{root}/"] = page(chrome.page(twin, jpaas.FRAME, title="", body=words, links=()))
    site.more[f"{root}/ghx/xhtml/css/style.css"] = file(chrome.STYLE.encode(), "text/css")
    site.more[f"{root}/ghx/xhtml/images/logo.png"] = file(files.png(28, 95, 165, width=48, height=48), "image/png")
    _add(site, "yw2", f"<p>{_a(root + '/', '广河县人民政府')}</p>")
    number = "http://61.178.55.66/ywxt/index.html"
    sites["lxz"].more[number] = page(_OPEN.format("工程建设项目审批系统"))
    _add(sites["lxz"], "yw3", f"<p>{_a(number, '工程建设项目审批')}</p>")
    foreign = "http://file.lxwljs.com.cn/biao.doc"
    sites["yjx"].more[foreign] = file(ole(text="报名表"), TYPES["doc"])
    _add(sites["yjx"], "gg4", f"<p>{_a(foreign, '培训报名表.doc')}</p>")


def _article(site: Site, column_id: str, slug: str) -> Article:
    return next(article for article in site.column(column_id).articles if article.slug == slug)
