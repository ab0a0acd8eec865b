"""The six department sites of the simulated prefecture: TRS, VSB and plain GBK pages on another platform."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from crawler.demo import footers, portals, prose
from crawler.demo.nouns import Article, Cms, Column, Leaf, Site, moment
from crawler.demo.trades import LABOUR, TRADES, Trade

PLATFORM = "linxia-departments"


class Plan(NamedTuple):
    id: str
    name: str
    place: str
    host: str
    cms: Cms
    serial: int
    series: str  # how its documents are numbered


PLANS = (
    Plan("jyj", "临夏州教育局", "州教育局", "jyj.linxia.gov.cn", "trs", 11, "临州教发"),
    Plan("fgw", "临夏州发展和改革委员会", "州发展改革委", "fgw.linxia.gov.cn", "trs", 12, "临州发改发"),
    Plan("rsj", "临夏州人力资源和社会保障局", "州人社局", "rsj.linxia.gov.cn", "vsb", 13, "临州人社发"),
    Plan("gaj", "临夏州公安局", "州公安局", "gaj.linxia.gov.cn", "vsb", 14, "临州公发"),
    Plan("scjgj", "临夏州市场监督管理局", "州市场监管局", "scjgj.linxia.gov.cn", "plain", 15, "临州市监发"),
    Plan("wlj", "临夏州文体广电和旅游局", "州文旅局", "wlj.linxia.gov.cn", "plain", 16, "临州文旅发"),
)
SEARCH = (
    '<form name="searchform" action="/search/result" method="get"><input type="text" name="searchword" size="20">'
    '<input type="image" src="/xhtml/images/logo.png" alt="搜索"></form>'
)


def build(plan: Plan, today: date) -> Site:
    """A department without any fault."""
    code = f"62290000{plan.serial}"
    site = Site(
        id=plan.id,
        name=plan.name,
        place=plan.place,
        code=code,
        host=plan.host,
        prefix="",
        cms=plan.cms,
        platform=PLATFORM,
        footer=footers.usual(
            name=plan.name,
            code=code,
            host=plan.host,
            area="622900",
            serial=plan.serial + 300,
            sitemap="/wzdt.html",
            phone=f"0930-6216{plan.serial}8",
            box='class="foot"',
        ),
        search=SEARCH,
    )
    site.columns = [
        Column("gzdt", "工作动态", "动态要闻", "/gzdt/", _news(plan, today)),
        Column("tzgg", "通知公告", "通知公告", "/tzgg/", _notices(plan, today)),
        Column("zcwj", "政策文件", "政策文件", "/zwgk/zcwj/", _policies(plan, today)),
        Column("zcjd", "政策解读", "政策解读", "/zwgk/zcjd/", _readings(plan, today)),
    ]
    site.leaves.append(Leaf("/wzdt.html", "网站地图", f"<h1>网站地图</h1><p>{plan.name}网站各栏目导航。</p>"))
    return site


def _trade(plan: Plan) -> Trade:
    return TRADES.get(plan.id, LABOUR)  # two departments are down and show nothing


def _news(plan: Plan, today: date) -> list[Article]:
    made = [prose.news(plan.place, number, _trade(plan).news) for number in range(8)]
    return [
        Article(str(6901 + number), text.title, moment(today, 1 + number * 2, "09:05"), text.body)
        for number, text in enumerate(made)
    ]


def _notices(plan: Plan, today: date) -> list[Article]:
    made = [prose.notice(plan.place, number) for number in range(5)]
    return [
        Article(str(5101 + number), text.title, moment(today, 2 + number * 7, "17:10"), text.body)
        for number, text in enumerate(made)
    ]


def _policies(plan: Plan, today: date) -> list[Article]:
    made = [prose.policy(plan.place, number, _trade(plan).policies) for number in range(4)]
    return [
        Article(
            str(4101 + number),
            text.title,
            moment(today, 25 + number * 20, "10:30"),
            text.body,
            number=f"{plan.series}〔2026〕{20 + number}号",
            files=portals.both(text.title, word="doc"),
        )
        for number, text in enumerate(made)
    ]


def _readings(plan: Plan, today: date) -> list[Article]:
    made = [prose.reading(plan.place, number, _trade(plan).policies) for number in range(2)]
    return [
        Article(str(3101 + number), text.title, moment(today, 22 + number * 20, "14:30"), text.body)
        for number, text in enumerate(made)
    ]
