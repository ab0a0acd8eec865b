"""What lies outside the prefecture: the announcements it must repost, and hosts that others link to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.demo import files, prose
from crawler.demo.answer import CHALLENGE, Answer, file, missing, moved, page
from crawler.demo.nouns import Put, moment

CENTRAL_FEED = "http://www.gov.cn/yaowen/liebiao/YAOWENLIEBIAO.json"
PROVINCIAL_FEED = "http://www.gansu.gov.cn/gsszf/gsyw/index.html"
CANARY = "http://canary.demo.gov.cn/"
# Names that do not resolve, and a host that shuts its door: see config.network.
NXDOMAIN = ("www.lxjypx.org.cn", "www.klxlydsj.com.cn")

_ANY = {  # hosts every footer points at: any path of theirs answers
    "bszs.conac.cn": page(
        "<html><head><title>党政机关网站标识</title></head><body><p>该网站已通过审核</p></body></html>"
    ),
    "dcs.conac.cn": Answer(b"/* conac */", "application/javascript"),
    "zfwzgl.www.gov.cn": page(
        "<html><head><title>我为政府网站找错</title></head><body><p>监督举报平台</p></body></html>"
    ),
    "beian.miit.gov.cn": page("<html><head><title>备案管理系统</title></head><body><p>备案信息查询</p></body></html>"),
    "www.miitbeian.gov.cn": page("<html><head><title>备案管理系统</title></head><body><p>备案查询</p></body></html>"),
    "beian.mps.gov.cn": page(
        "<html><head><title>全国互联网安全管理服务平台</title></head><body><p>联网备案信息</p></body></html>"
    ),
    "www.beian.gov.cn": page(
        "<html><head><title>互联网站安全管理服务平台</title></head><body><p>备案信息</p></body></html>"
    ),
    "zwfw.gansu.gov.cn": CHALLENGE,
    "www.longnews.com.cn": page("<html><body><h1>403 Forbidden</h1></body></html>", status=403),
    "mp.longmedia.com.cn": page("<html><body>Method not allowed</body></html>", status=405),
    "in.longmedia.com.cn": page("<html><body>Request denied</body></html>", status=999),
    "www.lxtv.com.cn": page("<html><body>Too many requests</body></html>", status=429, headers=(("Retry-After", "1"),)),
    "www.lxlib.com.cn": page(
        "<html><head><title>临夏数字图书馆</title></head><body><p>馆藏检索</p></body></html>", head=403, delay=0.3
    ),
    "www.lxxgyy.org.cn": Answer(drop="reset"),
    "www.ghxmy.com.cn": moved("/index.php"),
    "canary.demo.gov.cn": page("<html><body>ok</body></html>"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One announcement that every portal owes a repost of."""

    id: str
    title: str
    url: str
    days_ago: int
    number: str = ""
    clock: str = ""  # the provincial list prints minutes, the central feed only days


CENTRAL = (
    Item(
        "C1",
        "国务院常务会议研究部署持续优化营商环境有关举措",
        "http://www.gov.cn/yaowen/liebiao/202611/content_7012001.htm",
        6,
    ),
    Item(
        "C2",
        "国务院办公厅关于印发《县域公共服务均衡发展行动方案》的通知（国办发〔2026〕31号）",
        "http://www.gov.cn/zhengce/content/202611/content_7012002.htm",
        5,
        number="国办发〔2026〕31号",
    ),
    Item(
        "C3",
        "全国秋冬种和农田水利建设工作视频会议在京召开",
        "http://www.gov.cn/yaowen/liebiao/202611/content_7012003.htm",
        4,
    ),
    Item("C4", "三部门联合部署做好困难群众冬季取暖救助工作", "http://www.zgmzxw.com.cn/yw/202611/12004.html", 3),
    Item(
        "C5",
        "国务院安委会办公室部署岁末年初安全防范工作",
        "http://www.gov.cn/yaowen/liebiao/202611/content_7012005.htm",
        0,
    ),
)
PROVINCIAL = (
    Item(
        "P1",
        "省政府召开全省稳就业工作电视电话会议",
        "http://www.gansu.gov.cn/gsszf/gsyw/202611/171001.html",
        5,
        clock="09:30",
    ),
    Item(
        "P2",
        "我省出台措施支持民营企业参与乡村特色产业发展",
        "http://www.gansu.gov.cn/gsszf/gsyw/202611/171002.html",
        4,
        clock="10:00",
    ),
    Item(
        "P3",
        "全省冬春道路交通安全工作现场推进会召开",
        "http://www.gansu.gov.cn/gsszf/gsyw/202611/171003.html",
        0,
        clock="00:01",
    ),
)


def item(item_id: str) -> Item:
    return next(one for one in (*CENTRAL, *PROVINCIAL) if one.id == item_id)


_WORDS = {  # each its own: reposts are also matched by their body
    "C1": (
        "会议指出，营商环境是经济发展的土壤，要从企业和群众的实际感受出发，清理妨碍公平竞争的规定和做法。",
        "会议要求，健全涉企收费长效监管机制，规范行政执法检查，推动更多事项“一地受理、全国通办”。",
    ),
    "C2": (
        "方案提出，以县域为基本单元统筹教育、医疗、养老、托育等资源布局，缩小城乡公共服务差距。",
        "方案明确，到二〇三〇年基本公共服务标准体系在县域全面落实，乡镇服务设施达标率显著提高。",
    ),
    "C3": (
        "会议强调，要抓住适播窗口，落实油菜、冬小麦种植面积，扩大高产品种覆盖，抓好田间管理。",
        "会议对灌区续建配套、渠道清淤和水毁工程修复作出安排，要求春灌前完成主要建设任务。",
    ),
    "C4": (
        "通知要求，全面排查低保对象、特困人员、独居老年人的取暖困难，逐户建立台账，及时发放取暖补贴。",
        "通知强调，加强煤炭、天然气供应和价格监测，开放公共取暖点，严防一氧化碳中毒等事故。",
    ),
    "C5": (
        "通知指出，岁末年初生产经营活动密集，要紧盯矿山、危险化学品、人员密集场所等重点领域开展排查。",
        "通知要求，严格值班值守和信息报送，落实极端天气叫应机制，从严控制大型活动审批。",
    ),
    "P1": (
        "会议通报了前三季度全省城镇新增就业、高校毕业生去向落实和脱贫人口务工规模等情况。",
        "会议要求，用好稳岗返还、社保补贴和创业担保贷款等政策，抓实省内外劳务协作。",
    ),
    "P2": (
        "若干措施从用地保障、冷链建设、品牌培育、融资增信等方面提出十六条支持内容。",
        "对带动脱贫户稳定增收的民营企业，在项目申报、贷款贴息和展会推介上给予优先支持。",
    ),
    "P3": (
        "与会人员现场观摩了劝导站规范化建设和农村客运安全智能监管平台运行情况。",
        "会议要求，突出急弯陡坡、临水临崖路段整治，强化雨雪冰冻天气应急处置。",
    ),
}


def text(announcement: Item) -> str:
    """Its body, as the source and everybody who reposts it prints it."""
    return prose.paragraphs(*_WORDS[announcement.id])


def publish(put: Put, today: date) -> None:
    put(CENTRAL_FEED, _feed(today))
    for source in (*CENTRAL, *PROVINCIAL):
        put(source.url, page(_article(source, today)))
    put(PROVINCIAL_FEED, page(_provincial(today)))
    for host, name in (("www.gov.cn", "中国政府网"), ("www.gansu.gov.cn", "甘肃省人民政府")):
        put(
            f"http://{host}/",
            page(f"<html><head><title>{name}（模拟）</title></head><body><h1>{name}</h1></body></html>"),
        )
    put("http://zfwzgl.www.gov.cn/exposure/jiucuo.js", Answer(b"/* jiucuo */", "application/javascript"))


def answer(host: str, path: str) -> Answer:
    """What a host outside says to a path nobody has published."""
    if path.lower().partition("?")[0].endswith((".png", ".jpg")) and host in _ANY:
        return file(files.png(28, 95, 165), "image/png")
    return _ANY.get(host, missing())


def _day(source: Item, today: date) -> date:
    return today - timedelta(days=source.days_ago)


def _feed(today: date) -> Answer:
    """The shape of FIELD 6: a BOM first, rows without URL or title between good ones."""
    rows: list[dict[str, str]] = [
        {"TITLE": one.title, "SUB_TITLE": "", "URL": one.url, "DOCRELPUBTIME": _day(one, today).isoformat()}
        for one in reversed(CENTRAL)
    ]
    loose = (today - timedelta(days=2)).isoformat()
    rows.insert(2, {"TITLE": "图解：冬季用火用电安全提示", "SUB_TITLE": "", "DOCRELPUBTIME": loose})
    rows.insert(3, {"TITLE": "", "SUB_TITLE": "", "URL": "http://www.gov.cn/yaowen/", "DOCRELPUBTIME": loose})
    body = b"\xef\xbb\xbf" + json.dumps(rows, ensure_ascii=False, indent=1).encode()
    return Answer(body, "application/json")


def _article(source: Item, today: date) -> str:
    shown = f"{_day(source, today)} {source.clock or '17:20'}"
    number = f"<p>{source.number}</p>" if source.number else ""
    return (
        f'<html><head><meta charset="utf-8"><title>{source.title}（模拟）</title><meta name="firstpublishedtime" '
        f'content="{shown}"></head><body><h1 id="ti">{source.title}</h1><div class="pages-date">{shown}</div>'
        f'<div id="UCAP-CONTENT">{number}{text(source)}</div></body></html>'
    )


def _provincial(today: date) -> str:
    rows = "".join(
        f'<li><div class="title"><a href="{one.url}" title="{one.title}">{one.title}</a></div>'
        f'<div class="date">{moment(today, one.days_ago, one.clock):%Y-%m-%d %H:%M}</div></li>'
        for one in reversed(PROVINCIAL)
    )
    return (
        '<html><head><meta charset="utf-8"><title>甘肃要闻（模拟）</title></head><body><h2>甘肃要闻</h2>'
        f'<ul id="body">{rows}</ul></body></html>'
    )
