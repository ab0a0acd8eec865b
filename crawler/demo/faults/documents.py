"""Documents, interpretations, consultations, reposts and copies: as planted/documents.yaml lists them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from crawler.demo import articles, jpaas, plain, portals, prose, trs, vsb
from crawler.demo.answer import file
from crawler.demo.files import TYPES, docx
from crawler.demo.nouns import Article, Column, File, Site, moment

_SYSTEMS = {"trs": trs.SYSTEM, "vsb": vsb.SYSTEM, "plain": plain.SYSTEM}
_NO_SUBJECT = {"rsj", "fgw"}  # whose pages do not name the subject
_NO_VALIDITY = {"scjgj", "hzx"}
_NOT_LINKED = {"lxs": "jd0", "rsj": "3101"}  # interpretations without a link to their document
_NOT_LINKING = {"lxx": "wj0", "rsj": "4102"}  # documents without a link to their interpretation
_WRITTEN_EARLY = {("lxx", "wj1"): 45, ("hzx", "wj1"): 60}  # days before publication; all others three
_LATE = {("yjx", "jd0"): 12, ("hzx", "jd1"): 12}  # days after the document
_WATER = "康乐县人民政府办公室关于印发节约用水管理办法的通知"


def plant(sites: Mapping[str, Site], today: date) -> None:
    _silence(sites["fgw"])
    for site in sites.values():
        if site.id == "klx":
            _of_a_superior(site)
        _pair(site)
        for policy in site.column("zcwj").articles:
            policy.body = _table(site, policy) + policy.body
    _downloads(sites)
    _series(sites["scjgj"])
    _consult(sites, today)
    sites["ghx"].column("gwyxx").in_menu = False
    _sources(sites["dxx"])
    for site_id, slug in (("lxx", "yw2"), ("klx", "yw1")):
        _copy(sites[site_id], slug)
    for site_id, number in (("lxx", 81), ("klx", 16)):
        _water(sites[site_id], number, today)


def _url(site: Site, column: Column, article: Article) -> str:
    if site.cms == "jpaas":
        return jpaas.article_url(site, column, article)
    return articles.article_url(_SYSTEMS[site.cms], site, column, article)


def _article(site: Site, column_id: str, slug: str) -> Article:
    return next(article for article in site.column(column_id).articles if article.slug == slug)


def _table(site: Site, policy: Article) -> str:
    """The particulars above the text of a document (RULES 4.2)."""
    written = policy.published - timedelta(days=_WRITTEN_EARLY.get((site.id, policy.slug), 3))
    rows = {
        "索引号": f"{site.code}/{policy.published:%Y}-{int(re.sub(r'[^0-9]', '', policy.slug) or 0):05d}",
        "发文字号": policy.number,
        "发文机关": site.name,
        "成文日期": f"{written.year}年{written.month}月{written.day}日",
    }
    if site.id not in _NO_SUBJECT:
        rows["主题分类"] = "综合政务"
    if site.id not in _NO_VALIDITY:
        rows["有效性"] = "有效"
    return "<table>" + "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in rows.items()) + "</table>"


def _of_a_superior(site: Site) -> None:
    """Interpretations of documents that the county does not have: nothing to link to, and no share of its own."""
    for article, name in zip(site.column("zcjd").articles, ("节约能源条例", "气象灾害防御规定"), strict=True):
        article.title = f"《甘肃省{name}》解读"
        article.body = prose.paragraphs(
            f"《甘肃省{name}》已经公布，现就主要内容解读如下。", "有关部门将组织宣传培训，确保各项规定落到实处。"
        )


def _pair(site: Site) -> None:
    """Each interpretation follows its document by two days, and both link to each other."""
    policies, readings = site.column("zcwj"), site.column("zcjd")
    if site.id == "klx":
        return
    for policy, reading in zip(policies.articles, readings.articles, strict=False):
        if days := _LATE.get((site.id, reading.slug)):
            reading.published = policy.published + timedelta(days=days)
        if _NOT_LINKED.get(site.id) != reading.slug:
            reading.body += f'<p>文件原文：<a href="{_url(site, policies, policy)}">{policy.title}</a></p>'
        # Nobody interprets anything at jyj (faults/foundation.py).
        if site.id != "jyj" and _NOT_LINKING.get(site.id) != policy.slug:
            reading_url = _url(site, readings, reading)
            policy.body += f'<div class="xgjd"><p>相关解读：<a href="{reading_url}">{reading.title}</a></p></div>'


def _downloads(sites: Mapping[str, Site]) -> None:
    """Two downloads are of another version; one has letterhead and page numbers around the same text."""
    elder = (
        "关于印发{name}的通知。一、总体要求。坚持统筹规划、分步实施，由牵头单位制定年度计划。二、重点任务。建立部门联席会议制度，"
        "明确责任清单，按月调度进展情况。三、保障措施。加强资金统筹和监督检查，对落实不力的单位予以通报批评，限期完成整改。"
        "四、工作要求。各单位于每年年底前报送书面总结，重大问题随时报告，工作经费列入部门预算，不得挤占和挪用专项资金。"
    )
    for site_id in ("lxx", "hzx", "yjx"):
        policy = _article(sites[site_id], "zcwj", "wj0")
        name = policy.title.partition("印发")[2].removesuffix("的通知")
        text = elder.format(name=name)
        if site_id == "yjx":
            words = re.sub(r"<div.*</div>|<table.*</table>|<[^>]+>|\s", "", policy.body)
            text = f"永靖县人民政府文件 {policy.number} {policy.title} {words} —1— 此件公开发布"
        policy.files = (File(f"{name}.docx", file(docx(text), TYPES["docx"])), policy.files[1])


def _series(site: Site) -> None:
    """20, 21, 22, 25."""
    last = site.column("zcwj").articles[-1]
    last.number = last.number.replace("23号", "25号")
    last.body = last.body.replace("23号", "25号")


def _silence(site: Site) -> None:
    for reading in site.column("zcjd").articles:
        reading.published -= timedelta(days=230)


def _consult(sites: Mapping[str, Site], today: date) -> None:
    """Two drafts of which nothing more was heard, one with its result, one that may still be answered."""
    name = "{place}城市户外广告设施管理办法"
    for site_id, ago in (("lxs", 100), ("yjx", 120), ("hzx", 100), ("dxx", 20)):
        site = sites[site_id]
        asked, until = moment(today, ago), moment(today, ago - 15)
        draft = f"《{name.format(place=site.place)}（征求意见稿）》"
        body = prose.paragraphs(
            f"为提高决策质量，现将{draft}向社会公布，公开征求意见。",
            f"征求意见的时间为{_said(asked)}至{_said(until)}，可通过信函方式提出意见建议。",
        )
        notices = site.column("tzgg").articles
        notices.append(Article("zq0", f"关于{draft}公开征求意见的公告", asked, body))
        if site_id == "hzx":
            told = prose.paragraphs(f"{draft}征求意见期间，共收到意见建议4条，采纳3条，未采纳的1条已向提出人说明理由。")
            notices.append(Article("zq1", f"{draft}意见采纳情况的公告", moment(today, ago - 25), told))


def _said(day: datetime) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _sources(site: Site) -> None:
    _article(site, "gwyxx", "zzC4").source = "本站原创"
    _article(site, "gwyxx", "zzP2").source = site.place


def _copy(site: Site, slug: str) -> None:
    news = _article(site, "ywdt", slug)
    copied = Article("ywfb", news.title, news.published, news.body, source=news.source)
    site.column("tzgg").articles.append(copied)


def _water(site: Site, number: int, today: date) -> None:
    """One document on two sites, with two numbers."""
    policy = Article(
        "wj7",
        _WATER,
        moment(today, 40, "11:00"),
        prose.paragraphs(
            "第一条 为加强节约用水管理，保障用水安全，制定本办法。",
            "第二条 用水单位应当安装计量设施，按计划用水，推广节水工艺和器具。",
            "第三条 本办法自印发之日起施行，有效期五年。",
        ),
        number=f"康政办发〔2026〕{number}号",
        files=portals.both(_WATER),
    )
    policy.body = _table(site, policy).replace(f"<td>{site.name}</td>", "<td>康乐县人民政府办公室</td>") + policy.body
    site.column("zcwj").articles.append(policy)
