"""The rules of the foundation: site by site, as planted/foundation.yaml lists it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from crawler.demo import footers, outside, portals
from crawler.demo.answer import file, missing, moved, page
from crawler.demo.files import ole, rtf
from crawler.demo.jpaas import DOWNLOAD
from crawler.demo.nouns import Article, Column, File, Leaf, Site

_SOFT = "<p>您访问的页面不存在或已被删除，请返回首页。</p>"
_OLD_PLATFORM_LINKS = 24  # at least 20 make a pattern (issue, settled details)


def plant(sites: Mapping[str, Site], today: date) -> None:
    for site_id, change in _CHANGES.items():
        change(sites[site_id], today)


def _a(href: str, text: str) -> str:
    return f'<a href="{href}" target="_blank">{text}</a>'


def _block(title: str, *links: str) -> str:
    return f'<div class="links"><h3>{title}</h3>{"&nbsp;&nbsp;".join(links)}</div>'


def _article(site: Site, column_id: str, slug: str) -> Article:
    return next(article for article in site.column(column_id).articles if article.slug == slug)


def _change_reposts(site: Site, today: date, changed: Mapping[str, Article | None]) -> None:
    site.column("gwyxx").articles = portals.reposts(today, changed)


# ── Portals ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _lxz(site: Site, today: date) -> None:
    """Its footer is written line by line by an external script; CONAC's snippet stands in it too."""
    site.footer = replace(
        site.footer,
        style="written",
        conac=footers.conac_link(site.host),
        organizer="<span>主办单位：</span><b>临夏回族自治州人民政府</b>",
    )
    links = [
        _a("http://gaj.linxia.gov.cn/", "州公安局"),  # refuses the connection
        _a("http://jyj.linxia.gov.cn/", "州教育局"),
        _a("http://rsj.linxia.gov.cn/", "州人社局"),
        _a("http://www.lxs.gov.cn/", "临夏市"),
        _a("http://www.ghx.gov.cn/", "广河县"),
        _a("http://zwfw.gansu.gov.cn/", "甘肃政务服务网"),  # a 412 challenge: protected, not broken
        _a("http://www.longnews.com.cn/lx/", "陇上新闻网"),  # 403 for machines
    ]
    site.home_extra = (
        _block("友情链接", *links)
        + '<div class="drop" style="display:none">'
        + _block("县市网站", _a("http://www.gsyongjing.gov.cn/", "永靖县"), _a("http://www.hezheng.gov.cn/", "和政县"))
        + "</div>"
    )
    soft = "/lxz/zwgk/zxgk/2022/index.html"
    site.article_extra["yw1"] = f"<p>相关链接：{_a(soft, '2022年政府工作回顾专栏')}</p>"
    site.leaves.append(Leaf(soft, "提示信息", _SOFT))
    guide = (
        f"<h1>政府信息公开</h1><p>{_a('/lxz/zwgk/zcjd/index.html', '政策解读')} {_a('/lxz/ywdt/tzgg', '通知公告')}</p>"
    )
    site.leaves.append(Leaf("/lxz/zwgk/index.html", "政府信息公开", guide))
    site.home_extra += _a("/lxz/zwgk/index.html", "政府信息公开")
    direct = outside.item("C3").url
    _change_reposts(site, today, {"C3": portals.repost("C3", today, 4, "08:00", direct=direct)})


def _lxs(site: Site, today: date) -> None:
    """Its footer stands twice, for desktop and phone, with label and number in neighbouring tags."""
    site.footer = replace(
        site.footer,
        style="twice",
        box='class="footer" id="foot-pc"',
        conac=footers.conac_script(site.host),
        code=f"<em>政府网站标识码</em><i>{site.code}</i>",
        icp=f'<a href="{footers.ICP}">陇ICP备 <b>2022000102</b>号</a>',
    )
    site.column("zcwj").box = portals.OWN_BARE.format(id=site.id)
    site.search = portals.BARE
    dead = "/lxs/szyw/bsyw/art/2025/art_0c9d3be1f3a7480f9a54c5d6fb0d71e2.html"
    site.home_extra = _block(
        "图说临夏",
        _a(dead, "八坊十三巷入选旅游休闲街区"),
        _a("http://in.longmedia.com.cn/lxs", "陇上传媒"),  # 999
        _a("/lxs/szyw/bsyw", "更多"),  # redirects to itself with a slash
        _a("/lxs/hdjl/mailbox/submit.do?id=1", "我要写信"),  # an action: never to be asked
        '<a href="mailto:lxsxxgk@lxs.gov.cn">邮箱</a>',
        '<a href="javascript:void(0)">返回顶部</a>',
        '<a href="#">长者助手</a>',
    )
    site.article_extra["yw2"] = f"<p>专题链接：{_a('/lxs/ztzl/2021/xczx/index.html', '乡村振兴专题')}</p>"
    page_for_file = page("<html><head><title>提示</title></head><body>文件不存在或已过期</body></html>")
    path = f"{DOWNLOAD}?fileUrl=7f31c0de7f31c0de&amp;fileName=lxs-bmb.doc"
    _article(site, "tzgg", "gg2").files = (
        File("报名登记表.doc", page_for_file, path),
        File("岗位计划表.XLS", file(ole("Workbook"))),
        File("资格复审须知.doc", file(rtf("资格复审须知"), "application/msword")),
    )
    policy = _article(site, "zcwj", "wj1")
    policy.files = policy.files[1:]  # the PDF alone
    leader = Column("ldzc", "领导之窗", "领导信息", "/lxs/ldzc/", [], in_menu=False, first=500)
    leader.articles = [
        Article(
            "ld1",
            "市政府领导班子成员分工",
            _article(site, "tzgg", "gg3").published,
            "<p>市政府领导班子成员分工按程序公布。</p>",
        )
    ]
    site.columns.append(leader)
    changed = {
        "C2": portals.repost("C2", today, 5, "20:05", title="国务院办公厅关于印发县域公共服务均衡发展行动方案的通知"),
        "P1": portals.repost("P1", today, 4, "08:30"),  # 23 hours after the source
    }
    _change_reposts(site, today, changed)


def _lxx(site: Site, today: date) -> None:
    site.footer = replace(
        site.footer,
        jiucuo='<a href="javascript:void(0)" onclick="openJc()">网页纠错</a>',
        sitemap="<!-- <a href='/lxx/wzdt/index.html'>网站地图</a> -->",
        box='class="bottom"',
    )
    site.column("zcwj").box = ""
    care = "/lxx/zwgk/fdzdgknr/jcgk/YLFW/index.html"
    site.columns.append(
        portals.extra_column(
            "ylfw", "养老服务", "基层公开", care.removesuffix("index.html"), answer=missing(), area="养老服务"
        )
    )
    site.column("zcwj").note = f'<div class="side">{_a(care, "基层政务公开·养老服务")}</div>'
    site.home_extra = _block(
        "专题专栏", _a("{{pcUrl}}/lxx/ztzl/index.html", "更多专题"), _a("tel:09306221118", "值班电话")
    )
    site.article_extra["yw0"] = f"<p>{_a('http://www.lxxgyy.org.cn/', '县公益园网站')}</p>"  # resets every connection
    _change_reposts(site, today, {"C2": None})


def _klx(site: Site, today: date) -> None:
    site.footer = replace(site.footer, conac="", jiucuo=footers.jiucuo_link("6229210001"), box='class="copyright"')
    site.column("zcwj").box = ""
    site.home_extra = '<div class="pic"><img src="/klx/xhtml/images/banner_2024.jpg" alt="康乐风光"></div>' + _block(
        "友情链接", _a("http://www.lxlib.com.cn/", "临夏数字图书馆"), _a("http://www.lxtv.com.cn/", "临夏网络电视台")
    )
    site.article_extra["yw3"] = (
        f"<p>{_a('http://www.klxlydsj.com.cn/', '康乐旅游大数据平台')}　"
        f"{_a('/klx/zwdt/ztbd/2020/fpzt.html', '专题回顾')}</p>"
    )
    site.more["http://www.gskanglexian.gov.cn/klx/zwdt/ztbd/2020/fpzt.html"] = moved("/")
    _change_reposts(site, today, {"C1": portals.repost("C1", today, 2, "17:45")})


def _yjx(site: Site, today: date) -> None:
    """Its code stands in a script's attribute and a meta only, which a reader cannot see."""
    site.footer = replace(
        site.footer, code="", jiucuo=footers.jiucuo_script(site.code), conac=footers.conac_script(site.host)
    )
    for slug in ("yw0", "yw1", "yw2", "yw3"):
        start = int(slug[-1]) * 6
        old = range(start, start + _OLD_PLATFORM_LINKS // 4)
        row = "　".join(_a(f"/Broad/BroadList?Catalog=00001,{number:05d}", f"历史专栏{number + 1}") for number in old)
        site.article_extra[slug] = f"<p>往期内容：{row}</p>"
    site.article_extra["gg1"] = f"<p>{_a('http://192.168.12.8:8080/oa/file/2231.html', '内部办文系统附件')}</p>"
    _article(site, "zcwj", "wj2").files = ()
    _change_reposts(site, today, {"C3": None})


def _ghx(site: Site, today: date) -> None:
    """Nobody has registered its policy column, so nobody can judge it."""
    site.footer = replace(site.footer, organizer="版权所有：广河县人民政府", box='class="dibu" id="ghfoot"')
    site.search = portals.BARE
    site.column("zcwj").registered = False
    site.column("zcwj").box = ""
    site.home_extra = _block("互动交流", _a("/ghx/hdjl/xzxx/index.html", "县长信箱来信选登"))
    site.more["http://www.ghx.gov.cn/ghx/hdjl/xzxx/index.html"] = missing(500)
    site.article_extra["yw1"] = f"<p>{_a('http://www.ghxmy.com.cn/index.php', '广河牧业网')}</p>"  # a ring of redirects
    empty = Column("jytabl", "建议提案办理", "重点领域", "/ghx/zfxxgk/jytabl/", [], in_menu=False)
    site.columns.append(empty)
    _change_reposts(site, today, {"P1": None})


def _hzx(site: Site, today: date) -> None:
    site.footer = replace(
        site.footer,
        conac='<img src="/hzx/xhtml/images/logo.png" alt="党政机关">',
        icp="网络安全等级保护备案号：62290043211-22001",
    )
    site.column("zcwj").box = portals.OWN_TWO
    for slug in ("yw0", "yw1", "yw2"):
        start = 4378800 + int(slug[-1]) * 8
        row = "　".join(_a(f"/{number}.html", f"旧闻{number - 4378799}") for number in range(start, start + 8))
        site.article_extra[slug] = f"<p>延伸阅读：{row}</p>"
    site.article_extra["gg0"] = f"<p>{_a('https://http://www.hezheng.gov.cn/hzx/zwdt/zwyw/index.html', '政务要闻')}</p>"
    flapping = "/hzx/zwdt/zt/djzt.html"
    site.home_extra = _block(
        "专题专栏", _a(flapping, "秋冬季爱国卫生运动"), _a("http://mp.longmedia.com.cn/s/8841", "微信公众号")
    )
    site.flaps.add(flapping)
    site.leaves.append(
        Leaf(
            flapping, "秋冬季爱国卫生运动", "<h1>秋冬季爱国卫生运动</h1><p>全县开展环境整治、科学除四害和健康科普。</p>"
        )
    )
    budget = "/hzx/zfxxgk/fdzdgknr/ysjs/"
    site.columns.append(portals.extra_column("ysjs", "财政预决算", "重点领域", budget, answer=missing(500)))
    changed = {
        "C2": portals.repost("C2", today, 4, "09:20", title="县域公共服务均衡发展行动方案印发（国办发〔2026〕31号）"),
        "P2": portals.repost("P2", today, 1, "16:00"),
    }
    _change_reposts(site, today, changed)


def _dxx(site: Site, today: date) -> None:  # noqa: ARG001
    """Its home page fails once; its list of reposts cannot turn the page; one topic page has no footer."""
    site.home_first = 503
    site.footer = replace(
        site.footer,
        style="inner",
        box='id="foot"',
        organizer="东乡族自治县人民政府主办",
        psb=f'<a href="{footers.PSB}62292602000127">甘公网安备 <span>62292602000127</span></a>',
        sitemap='<a href="/dxx/wzdt/index.html" title="网站地图"><img src="/dxx/xhtml/images/logo.png"></a>',
    )
    site.column("zcwj").box = portals.OWN_BARE.format(id=site.id)
    topic = "/dxx/ztzl/wmcj/index.html"
    words = "<h1>文明城市创建专题</h1><p>开展市容环境整治、文明交通劝导和志愿服务活动，共建美好家园。</p>"
    site.leaves.append(Leaf(topic, "文明城市创建专题", words, footer=False))
    site.home_extra = _block("专题专栏", _a(topic, "文明城市创建"))
    site.article_extra["yw2"] = '<p><img src="/dxx/xhtml/images/2025/tpxw_0317.jpg" alt="活动现场"></p>'
    gone = f"{DOWNLOAD}?fileUrl=91c4be0091c4be00&amp;fileName=dxx-jfbz.pdf"
    _article(site, "tzgg", "gg2").files = (File("缴费标准.pdf", missing(), gone), File("办理流程.docx"))
    column = site.column("gwyxx")
    column.stalled = True
    older = {item.id: item for item in (*outside.CENTRAL, *outside.PROVINCIAL)}
    # Five newer rows fill the only page the pager shows: whether C1 was reposted, nobody can tell.
    fresh = [article for article in column.articles if article.slug in {"zzC4", "zzC3", "zzP2"}]
    weekly = [
        Article(
            f"zzW{number}",
            f"中国政府网政策问答（第{40 + number}期）",
            fresh[0].published.replace(hour=20 + number),
            "<p>围绕群众关心的社会保险关系转移、异地就医结算等问题，摘编中国政府网政策问答。</p>",
            source="中国政府网",
        )
        for number in range(2)
    ]
    column.articles = [
        *fresh,
        *weekly,
        *(a for a in column.articles if a.slug in {"zzC2", "zzP1"}),
        _older(column, older["C1"]),
    ]


def _older(column: Column, item: outside.Item) -> Article:
    return next(article for article in column.articles if article.slug == f"zz{item.id}")


def _jss(site: Site, today: date) -> None:  # noqa: ARG001
    """Down inside its 报备 window: exempt."""
    site.up, site.outage = False, "临州办报备〔2026〕7号"
    site.down = page("<html><head><title>503</title></head><body>网站维护</body></html>", status=503)


# ── Departments ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _jyj(site: Site, today: date) -> None:  # noqa: ARG001
    site.footer = replace(
        site.footer,
        contact="技术支持：某某网络科技有限公司 0931-8880000",
        sitemap="<span>网站地图</span>",
    )
    site.home_extra = _block(
        "友情链接", _a("http://www.lxjypx.org.cn/", "临夏教育培训网"), _a("http://www.lxs.gov.cn/", "临夏市")
    )
    _article(site, "tzgg", "5102").files = (
        File("考场安排.pdf", file(b"", "application/pdf"), "/tzgg/W020260311001.pdf"),
        File("报名须知.PDF"),
    )
    _article(
        site, "tzgg", "5103"
    ).body += f"<p>{_a('file:///C:/Users/Administrator/Desktop/tzgg.doc', '招生计划表')}</p>"
    policy = _article(site, "zcwj", "4101")
    policy.files = (File("实施细则.docx"), File("申请表.docx"))
    _article(site, "zcwj", "4103").files = (File("工作方案.WPS"), File("工作方案.PDF"))
    site.column("zcjd").articles.clear()  # opens and says 暂无数据: no dead column


def _fgw(site: Site, today: date) -> None:  # noqa: ARG001
    """No search box anywhere; a log-in form is none."""
    site.footer = replace(site.footer, organizer="Copyright &copy; 临夏州发展和改革委员会 版权所有", psb="")
    site.search = (
        '<form class="login" action="/oa/login" method="post"><input type="text" name="user" placeholder="用户名">'
        '<input type="password" name="pass" placeholder="密码"><input type="submit" value="登录"></form>'
    )
    site.columns.append(portals.extra_column("ghjh", "规划计划", "重点领域", "/zwgk/ghjh/", answer=missing()))
    site.article_extra["6903"] = f"<p>{_a('/zwgk/xmgl/202003/t20200311_1187.html', '重大项目清单')}</p>"


def _rsj(site: Site, today: date) -> None:  # noqa: ARG001
    site.footer = replace(
        site.footer, code="", psb="<!-- 甘公网安备62290002009999号 -->", jiucuo=footers.jiucuo_click(site.code)
    )
    site.search = '<a class="search-link" href="/search.htm" title="站内搜索">站内搜索</a>'
    site.leaves.append(Leaf("/search.htm", "站内搜索", f"<h1>站内搜索</h1>{_rsj_form()}"))
    site.column("zcwj").box = _rsj_form("本栏检索")
    policy = _article(site, "zcwj", "4102")
    policy.files = policy.files[:1]  # the Word file alone
    refused = "/info/1044/2210.htm"
    site.article_extra["6902"] = f"<p>{_a(refused, '历年考录公告')}</p>"
    site.leaves.append(
        Leaf(refused, "系统提示", "<div class='tip'>系统提示<br>抱歉，您无权访问此页面，该信息已被删除。</div>")
    )


def _rsj_form(word: str = "搜索") -> str:
    return (
        '<form action="/ssjg.jsp" method="get"><input type="hidden" name="wbtreeid" value="1157">'
        f'<input type="text" name="keyword" placeholder="文件标题"><input type="submit" value="{word}"></form>'
    )


def _gaj(site: Site, today: date) -> None:  # noqa: ARG001
    site.up = False  # the port is shut: config.network


def _scjgj(site: Site, today: date) -> None:  # noqa: ARG001
    """Asks for a company's name, which searches no site; its footer was copied from another department's."""
    site.footer = replace(
        site.footer,
        jiucuo="",
        code="网站标识码：6229000014",
        icp="备案号：甘网备〔2022〕第18号",
        box='class="foot" id="dbfoot"',
    )
    site.search = (
        '<div class="qy"><span>企业信用信息查询</span>'
        '<input type="text" name="qymc" placeholder="企业名称或统一社会信用代码">'
        '<input type="button" value="查询" onclick="queryEnt()"></div>'
    )
    site.home_extra = _block("专题", _a("/ztzl/315/index.html", "消费维权在行动"))
    site.more["http://scjgj.linxia.gov.cn/ztzl/315/index.html"] = missing(410)


def _wlj(site: Site, today: date) -> None:  # noqa: ARG001
    site.up = False
    site.down = missing(503)


_CHANGES: dict[str, Callable[[Site, date], None]] = {
    "lxz": _lxz, "lxs": _lxs, "lxx": _lxx, "klx": _klx, "yjx": _yjx, "ghx": _ghx, "hzx": _hzx, "dxx": _dxx, "jss": _jss,
    "jyj": _jyj, "fgw": _fgw, "rsj": _rsj, "gaj": _gaj, "scjgj": _scjgj, "wlj": _wlj,
}  # fmt: skip
