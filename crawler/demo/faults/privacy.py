"""Personal data, marks of secrecy, and searches that do not search, as planted/privacy.yaml lists them.

All numbers are made up; only their check digits are right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import parse_qs

from crawler.demo.answer import Answer, page
from crawler.demo.nouns import Site

_TABS = '<ul class="tabs"><li>全部</li><li>政务公开</li><li>新闻</li><li>办事服务</li></ul>'


def plant(sites: Mapping[str, Site], today: date) -> None:  # noqa: ARG001
    _data(sites)
    _searches(sites)


def _data(sites: Mapping[str, Site]) -> None:
    sites["jyj"].article_extra["5101"] = _table(
        ("姓名", "身份证号"), ("马小明", "622901199003071239"), ("妥晓兰", "622921197511022042")
    )
    sites["lxz"].article_extra["yw2"] = "<p>马某，公民身份号码：622922198809153310。</p>"
    sites["hzx"].article_extra["yw3"] = "<p>来信人：王小丽，手机：15209301276，反映路灯不亮。</p>"
    sites["fgw"].article_extra["6901"] = "<p>来信人：祁晓东，电话：18993017654，反映小区多日停水。</p>"
    sites["scjgj"].article_extra["6901"] = _table(("姓名", "银行卡号"), ("马小明", "6217004200012345670"))
    sites["yjx"].article_extra["gg2"] = _table(("姓名", "家庭住址"), ("王小丽", "城关镇团结路18号3栋2单元402室"))
    # What only looks like it.
    sites["lxs"].article_extra["yw1"] = "<p>马某，622901********1239；统一社会信用代码 11622900013945028X。</p>"
    sites["klx"].article_extra["yw2"] = "<p>值班人员：马俊，13893012345。</p>"
    sites["fgw"].article_extra["6902"] = "<p>联系人：马俊，手机：13993012468；订单编号：622901199003071239。</p>"
    sites["hzx"].article_extra["gg1"] = "<p>户名：和政县财政局专户，账号：6228480812345678914。</p>"


def _table(*rows: tuple[str, ...]) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{lines}</table>"


def _searches(sites: Mapping[str, Site]) -> None:
    """jyj cannot turn the page, hzx lists something for every word, both without classes; rsj's search is sound."""
    for site_id, path, answer in (
        ("jyj", "/search/result", _stuck),
        ("hzx", "/sousuo/search", _eager),
        ("rsj", "/so", _sound),
    ):
        site = sites[site_id]
        site.finds, site.finds_at = answer(site), path
        for number in range(4):  # what a result opens
            site.more[f"{site.root}/ss/detail.htm?t={number}"] = page("<h1>搜索到的信息</h1><p>正文见原栏目。</p>")
    for site_id, path in (("hzx", "/sousuo/search"), ("rsj", "/so")):
        sites[site_id].search = (
            f'<form action="{path}" method="get"><input type="text" name="searchword">'
            '<input type="submit" value="搜索"></form>'
        )


def _found(site: Site, words: str) -> list[str]:
    """Rows for a title, as the lists print it; every result opens a page of its own."""
    titles = {article.listed or article.title for column in site.columns for article in column.articles}
    return [words] if words in titles else []


def _words(query: str) -> tuple[str, str]:
    said = parse_qs(query)
    return said.get("searchword", [""])[0], said.get("p", ["1"])[0]


def _shown(rows: list[str], tabs: str = "", more: str = "") -> Answer:
    listed = "".join(f'<li><a href="/ss/detail.htm?t={n}">{title}</a></li>' for n, title in enumerate(rows))
    none = "" if rows else "<p>抱歉，没有找到相关结果</p>"
    return page(f'<html><head><meta charset="utf-8"></head><body>{tabs}<ul>{listed}</ul>{none}{more}</body></html>')


def _stuck(site: Site) -> Callable[[str], Answer]:
    def answer(query: str) -> Answer:
        words, _ = _words(query)
        more = f'<a href="/search/result?searchword={words}&amp;p=2">下一页</a>'
        rows = _found(site, words)
        return _shown([*rows, "关于做好有关工作的通知公告"], more=more) if rows else _shown([])

    return answer


def _eager(site: Site) -> Callable[[str], Answer]:
    """Its rows for a word it does not know are others than for a title."""
    others = ["和政县旅游景区开放时间一览", "和政县城区公交线路调整说明", "和政县文化场馆开放名录汇编"]

    def answer(query: str) -> Answer:
        words, _ = _words(query)
        return _shown([*_found(site, words), *others])

    return answer


def _sound(site: Site) -> Callable[[str], Answer]:
    def answer(query: str) -> Answer:
        return _shown(_found(site, _words(query)[0]), _TABS)

    return answer
