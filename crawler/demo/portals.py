"""The nine portals of the simulated prefecture, all on one JPaaS platform."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from crawler.demo import footers, outside, prose
from crawler.demo.answer import Answer
from crawler.demo.nouns import Article, Column, File, Leaf, Site, moment

PLATFORM = "linxia-jpaas"


class Plan(NamedTuple):
    """What differs from portal to portal; folders of news, notices, policies, readings, reposts."""

    id: str
    name: str
    place: str
    host: str
    area: str
    series: str  # how its documents are numbered
    folders: tuple[str, str, str, str, str]
    names: tuple[str, str] = ("政务要闻", "政策文件")


PLANS = (
    Plan(
        "lxz", "临夏回族自治州人民政府", "临夏州", "www.linxia.gov.cn", "622900", "临州府发",
        ("ywdt/zwyw", "ywdt/tzgg", "zwgk/fdzdgknr/lzyj/gfxwj", "zwgk/zcjd", "ywdt/gwyxx"), ("要闻动态", "政策文件"),
    ),
    Plan(
        "lxs", "临夏市人民政府", "临夏市", "www.lxs.gov.cn", "622901", "临市政发",
        ("szyw/bsyw", "szyw/tzgg", "zwgk/zc/agwwzfl/lsff", "zwgk/zc/zcjd", "szyw/gwyxx"), ("本市要闻", "政策文件"),
    ),
    Plan(
        "lxx", "临夏县人民政府", "临夏县", "www.linxiaxian.gov.cn", "622921", "临县政发",
        ("YWDT/zwyw", "YWDT/tzgg", "zwgk/zc/agwzlfl/LXZBF", "zwgk/zc/zcjd/SSZCJD", "YWDT/GWYXX"),
    ),
    Plan(
        "klx", "康乐县人民政府", "康乐县", "www.gskanglexian.gov.cn", "622922", "康政发",
        ("zwdt/klyw", "zwdt/tzgg", "zfxxgk/zc/xzfwj", "zfxxgk/zc/zcjd", "zwdt/gwyxx"), ("康乐要闻", "县政府文件"),
    ),
    Plan(
        "yjx", "永靖县人民政府", "永靖县", "www.gsyongjing.gov.cn", "622923", "永政发",
        ("zwdt/YJYW", "zwdt/TZGG", "zfxxgk/zc/xzfwj", "zfxxgk/zc/zcjd", "zwdt/gwyxx"), ("永靖要闻", "政策文件"),
    ),
    Plan(
        "ghx", "广河县人民政府", "广河县", "www.ghx.gov.cn", "622924", "广政发",
        ("ywdt/szyw", "ywdt/tzgg", "zfxxgk/zfwj/gfxwj", "zfxxgk/zcjd", "ywdt/gwyxx"), ("时政要闻", "县政府文件"),
    ),
    Plan(
        "hzx", "和政县人民政府", "和政县", "www.hezheng.gov.cn", "622925", "和政发",
        ("zwdt/zwyw", "zwdt/tzgg", "zfxxgk/zc/xzfwj", "zfxxgk/zc/zcjd", "zwdt/gwyxx"),
    ),
    Plan(
        "dxx", "东乡族自治县人民政府", "东乡县", "www.dxzzzx.gov.cn", "622926", "东政发",
        ("zwdt/dxyw", "zwdt/tzgg", "zfxxgk/zc/agwzlfl/dxfbf", "zfxxgk/zc/zcjd", "zwdt/gwyxx"), ("东乡要闻", "县府办发"),
    ),
    Plan(
        "jss", "积石山保安族东乡族撒拉族自治县人民政府", "积石山县", "www.jss.gov.cn", "622927", "积政发",
        ("zwdt/zwyw", "zwdt/tzgg", "zfxxgk/zc/xzfwj", "zfxxgk/zc/zcjd", "zwdt/gwyxx"),
    ),
)  # fmt: skip

FORM = (
    '<form class="search" action="/api-gateway/jpaas-jsearch-web-server/search" method="get" target="_blank">'
    '<input type="hidden" name="webid" value="{area}000000"><input type="text" name="q" placeholder="请输入关键词">'
    '<button type="submit">搜索</button></form>'
)
# No form: an input and a span with a script, as more than half of the real pages have it (PATTERNS "Search boxes").
BARE = (
    '<div class="search"><input type="text" id="q" placeholder="站内搜索">'
    '<span class="search-btn" onclick="doSearch()">搜索</span></div>'
)
# Boxes of a policy column's own, each beside the site's.
OWN_FORM = (
    '<form class="lm-search" action="" method="get" target="DataList">'
    '<input type="hidden" name="channelId" value="{id}">'
    '<input type="text" name="wjbt" placeholder="请输入文件名称或文号"><input type="submit" value="本栏检索"></form>'
)
OWN_BARE = (
    '<div class="zc-search"><label>政策文件检索</label><input type="text" id="zcTitle" placeholder="文件标题">'
    '<div class="btn" onclick="searchColumn(\'{id}\')">检索文件</div></div>'
)
OWN_TWO = (
    '<div class="wj-search"><span>文件检索</span><input type="text" id="filename" placeholder="标题">'
    '<input type="text" id="filenum" placeholder="文号">'
    '<a class="btn" href="javascript:searchFile()">在本栏目中查询</a></div>'
)


def build(plan: Plan, today: date) -> Site:
    """A portal without any fault; faults.py takes away and adds."""
    prefix, code = f"/{plan.id}/", f"{plan.area}0001"
    site = Site(
        id=plan.id,
        name=plan.name,
        place=plan.place,
        code=code,
        host=plan.host,
        prefix=prefix,
        cms="jpaas",
        platform=PLATFORM,
        footer=footers.usual(
            name=plan.name,
            code=code,
            host=plan.host,
            area=plan.area,
            serial=int(plan.area[-2:]) + 101,
            sitemap=f"{prefix}wzdt/index.html",
            phone=f"0930-62{plan.area[-2:]}118",
        ),
        search=FORM.format(area=plan.area),
    )
    paths = [f"{prefix}{folder}/" for folder in plan.folders]
    site.columns = [
        Column("ywdt", plan.names[0], "动态要闻", paths[0], _news(plan, today)),
        Column("tzgg", "通知公告", "通知公告", paths[1], _notices(plan, today)),
        Column("zcwj", plan.names[1], "政策文件", paths[2], _policies(plan, today), box=OWN_FORM.format(id=plan.area)),
        Column("zcjd", "政策解读", "政策解读", paths[3], _readings(plan, today)),
        Column("gwyxx", "国务院信息", "国务院信息", paths[4], reposts(today)),
    ]
    site.columns += _profile(plan, prefix, today)
    site.leaves.append(
        Leaf(f"{prefix}wzdt/index.html", "网站地图", f"<h1>网站地图</h1><p>{plan.name}网站各栏目导航。</p>")
    )
    return site


def _profile(plan: Plan, prefix: str, today: date) -> list[Column]:
    """The three columns every portal must have beside news and documents (RULES UP-13)."""
    about = f"<p>{plan.place}历史悠久，交通便利，物产丰富，各族群众和睦相处，经济社会平稳发展，城乡面貌持续改善。</p>"
    duty = f"<p>{plan.name}依法履行经济发展、社会管理、公共服务和生态环境保护等职能，设办公室和各组成部门。</p>"
    lead = f"<p>{plan.place}人民政府领导班子成员按照分工负责各项工作，分工情况按程序公布。</p>"
    rows = (
        ("gk", f"走进{plan.place.rstrip('州市县')}", "概况信息", "gk", (f"{plan.place}概况", "自然地理"), about),
        ("jgzn", "机构职能", "机构职能", "jgzn", (f"{plan.place}人民政府工作机构", "主要职责"), duty),
        ("ldxx", "领导之窗", "领导信息", "ldxx", (f"{plan.place}人民政府领导分工", "领导简介"), lead),
    )
    return [
        Column(
            key, name, kind, f"{prefix}{folder}/",
            [Article(f"{key}{n}", title, moment(today, 400 + n, "09:00"), body) for n, title in enumerate(titles)],
        )
        for key, name, kind, folder, titles, body in rows
    ]  # fmt: skip


def _news(plan: Plan, today: date) -> list[Article]:
    made = [prose.news(plan.place, number) for number in range(6)]
    return [
        Article(
            f"yw{number}",
            text.title,
            moment(today, 1 + number * 2, "10:15"),
            text.body,
            source=f"{plan.place}融媒体中心",
        )
        for number, text in enumerate(made)
    ]


def _notices(plan: Plan, today: date) -> list[Article]:
    made = [prose.notice(plan.place, number) for number in range(5)]
    return [
        Article(f"gg{number}", text.title, moment(today, 3 + number * 6, "16:40"), text.body)
        for number, text in enumerate(made)
    ]


def _policies(plan: Plan, today: date) -> list[Article]:
    made = [prose.policy(plan.place, number) for number in range(3)]
    return [
        Article(
            f"wj{number}",
            text.title,
            moment(today, 20 + number * 30, "11:00"),
            text.body,
            number=f"{plan.series}〔2026〕{18 - number * 3}号",
            files=both(text.title),
        )
        for number, text in enumerate(made)
    ]


def _readings(plan: Plan, today: date) -> list[Article]:
    made = [prose.reading(plan.place, number) for number in range(2)]
    return [
        Article(f"jd{number}", text.title, moment(today, 18 + number * 30, "15:00"), text.body)
        for number, text in enumerate(made)
    ]


def both(title: str, word: str = "wps", fixed: str = "pdf") -> tuple[File, File]:
    """The two formats a policy page must offer (RULES PF-02)."""
    name = title.partition("印发")[2].removesuffix("的通知") or title
    return File(f"{name}.{word}"), File(f"{name}.{fixed}")


def reposts(today: date, changed: Mapping[str, Article | None] | None = None) -> list[Article]:
    """What a portal has reposted: everything that was due, in time; `changed` by item id."""
    rows = []
    for item in (*outside.CENTRAL, *outside.PROVINCIAL):
        if item.days_ago == 0:  # today's are not due yet
            continue
        article: Article | None = Article(
            f"zz{item.id}",
            item.title,
            moment(today, item.days_ago, "18:20"),
            outside.text(item),
            source="甘肃省人民政府网" if item.clock else "中国政府网",
            number=item.number,
        )
        if changed and item.id in changed:
            article = changed[item.id]
        if article is not None:
            rows.append(article)
    return rows


def repost(item_id: str, today: date, days_ago: int, clock: str, *, title: str = "", direct: str = "") -> Article:
    """One repost that differs from the usual: another time, another title, or a bare link to the source."""
    item = outside.item(item_id)
    when = moment(today, days_ago, clock)
    source = "甘肃省人民政府网" if item.clock else "中国政府网"
    body = outside.text(item)
    return Article(f"zz{item_id}", title or item.title, when, body, source=source, number=item.number, direct=direct)


def extra_column(
    column_id: str, name: str, kind: str, path: str, *, answer: Answer | None = None, area: str = ""
) -> Column:
    """A registered column that no menu shows."""
    return Column(column_id, name, kind, path, in_menu=False, answer=answer, area=area)
