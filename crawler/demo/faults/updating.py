"""Columns that fell silent, stand empty or are wrongly dated; tags, names and domains (UP, TG, DN)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from crawler.demo.nouns import Article, Column, Leaf, Site, moment

_WORDS = (
    "会议强调，各乡镇各部门要提高认识，压实责任，细化措施，加强协作，确保各项工作落到实处，让群众得到更多实惠。"
    "会议要求建立台账，逐项销号，定期通报进展，严肃工作纪律，做好宣传引导，营造良好氛围，并及时反馈群众意见。"
)


def plant(sites: Mapping[str, Site], today: date) -> None:
    _silence(sites, today)
    _empty(sites, today)
    _date(sites, today)
    _tag(sites)
    sites["hzx"].columns.remove(sites["hzx"].column("jgzn"))  # UP-13
    sites["klx"].column("gk").registered = False  # in the menu as 走进康乐: unmapped is no fault


def _age(column: Column, days: int) -> None:
    for article in column.articles:
        article.published -= timedelta(days=days)


def _silence(sites: Mapping[str, Site], today: date) -> None:
    """Three weeks, seven months, a year; and one that is due in two days."""
    for site_id in ("fgw", "rsj"):  # the whole site: its home page too
        for column in sites[site_id].columns:
            _age(column, 20)
    _age(sites["klx"].column("ywdt"), 20)
    for number, name in enumerate(("乡镇动态", "部门动态", "基层动态", "民生动态")):
        _add(sites["klx"], f"dt{number}", name, "动态要闻", f"zwdt/dt{number}", [moment(today, 40 + number)])
    _age(sites["scjgj"].column("tzgg"), 200)
    _age(sites["ghx"].column("tzgg"), 200)
    _age(sites["yjx"].column("ywdt"), 11)
    _add(sites["yjx"], "hygq", "回应关切", "回应关切", "hdjl/hygq", [moment(today, 420), moment(today, 500)])
    _add(sites["lxz"], "sjfb", "数据发布", "数据发布", "zwgk/sjfb", [moment(today, 380), moment(today, 470)])
    _add(
        sites["lxz"], "xxgknb", "信息公开年报", "信息公开年报", "zwgk/xxgknb", [moment(today, 660), moment(today, 1020)]
    )
    _add(sites["hzx"], "hygq", "回应关切", "回应关切", "hdjl/hygq", [moment(today, 200), moment(today, 500)])


def _add(site: Site, key: str, name: str, kind: str, folder: str, dates: list, area: str = "") -> Column:  # type: ignore[type-arg]
    rows = [
        Article(f"{key}{n}", f"{site.place}{name}第{n + 1}期", when, f"<p>{site.place}{name}。{_WORDS}</p>")
        for n, when in enumerate(dates)
    ]
    column = Column(key, name, kind, f"{site.folder}{folder}/", rows, in_menu=False, area=area)
    site.columns.append(column)
    return column


def _empty(sites: Mapping[str, Site], today: date) -> None:
    _add(sites["hzx"], "sjfb", "数据发布", "数据发布", "zfxxgk/sjfb", []).note = "<p>栏目正在建设中，敬请期待！</p>"
    _add(sites["lxx"], "jnjp", "节能减排", "重点领域", "zwgk/fdzdgknr/jnjp", [moment(today, 60)])
    _add(sites["klx"], "zsyz", "招商引资", "重点领域", "zsyz", [moment(today, 60), moment(today, 90)])
    # A container: nothing of its own, two items below.
    parent = _add(sites["lxs"], "zdly", "重点领域信息公开", "重点领域", "zwgk/zdly", [])
    below = _add(
        sites["lxs"], "zdly-gc", "工程建设", "重点领域", "zwgk/zdly/gc", [moment(today, 30), moment(today, 80)]
    )
    parent.note = f'<ul class="sub"><li><a href="{below.path}index.html">工程建设</a></li></ul>'


def _date(sites: Mapping[str, Site], today: date) -> None:
    ahead = next(a for a in sites["dxx"].column("tzgg").articles if a.slug == "gg4")
    ahead.published = moment(today, -6, "09:00")
    _ask(sites["lxz"], f"{today - timedelta(days=30)}")
    _ask(sites["hzx"], f"{today + timedelta(days=30)}")
    for site_id, column_id, name in (("lxs", "tzgg", "art/2026/art_5f7c1d2e3b4a59687766554433221100.html"),
                                     ("scjgj", "tzgg", "content_771.html")):  # fmt: skip
        site = sites[site_id]
        column = site.column(column_id)
        path, title = f"{column.path}{name}", f"{site.place}关于进一步规范办事服务窗口管理的说明"
        when = max(article.published for article in column.articles) - timedelta(days=1)
        column.articles.append(Article("wrq", title, when, "", direct=site.root + path))
        site.leaves.append(Leaf(path, title, f"<h1>{title}</h1><div class='content'><p>{_WORDS}</p></div>"))


def _ask(site: Site, until: str) -> None:
    notice = next(article for article in site.column("tzgg").articles if article.slug == "gg3")
    notice.body += f"<p>状态：正在征集</p><p>截止日期：{until}</p>"


def _tag(sites: Mapping[str, Site]) -> None:
    sites["jyj"].meta_code = sites["lxx"].meta_code = ""
    sites["fgw"].column_tags = sites["dxx"].column_tags = False
    sites["yjx"].meta_domain = "www.ghx.gov.cn"
    sites["klx"].more_hosts = ("www.klxzf.com.cn",)
    sites["jyj"].more_hosts = ("www.lxjyj.gov.cn",)
    sites["rsj"].shown = "就业创业一站通"
    sites["scjgj"].bare_head = True
