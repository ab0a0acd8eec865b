"""WD-08: a map shown without its approval number."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, Finding, PageView, Said, Severity, cite, page_rule
from rules.wording._hits import out_of_scope

_MAP = re.compile(
    r"(?:行政区划|政区|地形|水系|区位|交通|旅游|地理|全[国省州市县])[\u4e00-\u9fff]{0,6}?(?:地图|区划图|图(?![书片文像表标形案]))|地图(?!册|集)|区划图"
)
# What needs no approval (地图管理条例 15), and what is no picture of a map at all.
_NONE = re.compile(
    r"网站地图|站点地图|地图导航|导览|导航|景区|街区|线路图|路线图|平面图|地铁|示意图|位置图|流程图|组织机构图|百度地图|高德|腾讯地图|天地图"
    r"|电子地图|审图号|地图开放|地图标注|效果图|规划图|数字地图"
)
_NUMBER = re.compile(r"审图号|[GＧ][SＳ]\s*[（(]?\s*(?:20)?\d\d|[甘国]\s*[SＳ]\s*[（(]\s*20\d\d")
_PICTURE = re.compile(r"(?:^|[/_\-.])(?:map|ditu|xzqh|quhua|qht)\d*[^/]*\.(?:jpe?g|png|gif|webp|bmp)", re.IGNORECASE)
_SITE_MAP = re.compile(r"site_?map|wzdt|map\.(?:css|js)|baidu|amap|tianditu|/icon", re.IGNORECASE)


@page_rule(
    "WD-08",
    severity=Severity.HINT,
    form="person",
    basis=(cite("ditu-guanli-tiaoli", "article-15"), cite("ditu-guanli-tiaoli", "article-22")),
)
def map_without_approval_number(page: PageView) -> Iterator[Said]:
    """地图使用不当

    为什么: 公开展示的地图须经审核并标注审图号，漏绘、错绘国界和行政区划界线是严重问题。

    看什么: 文章和概况页里名称、说明或文件名表明是行政区划图、地形图等地图的图片，而页面文字里没有审图号。
    图片里面画了什么程序看不到，审图号可能印在图上，国旗、国徽的使用也须由人看图确认；
    景区导览、线路示意、网站地图、在线地图服务不算。

    怎么改: 换用自然资源部门标准地图服务网站的地图，并在图下注明审图号；自己编制的先送审。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    facts = page.facts
    said = f"{facts.heading}\n{facts.prose}"
    if page.is_home or facts.kind == "list" or not _mentions_map(said) or _NUMBER.search(said):
        return
    try:
        pictures = page.html.css("img")[:300]
    except LookupError:
        yield page.undecidable("网页内容没有保存")
        return
    for picture in pictures:
        name = " ".join(picture.attrs.get(key, "") for key in ("alt", "title"))
        source = picture.attrs.get("src", "")
        named = _MAP.search(name) and not _NONE.search(name)
        filed = _PICTURE.search(source) and not _SITE_MAP.search(source) and not _NONE.search(name)
        captioned = _MAP.search(facts.heading) and not _NONE.search(facts.heading) and page.is_article
        if named or filed or (captioned and _is_content(source)):
            words = name.strip() or source.rpartition("/")[2]
            yield Finding(
                message=f"页面有地图图片“{words[:60]}”，文字中没有审图号",
                at=page.place(picture.path, words),
                key="map",
                certainty=Certainty.PROPOSED,
                evidence={"级别": "提醒", "图片": source[:300], "说明": name.strip()[:100]},
            )
            return


def _mentions_map(text: str) -> bool:
    return any(not _NONE.search(text[max(0, m.start() - 4) : m.end() + 3]) for m in _MAP.finditer(text))


def _is_content(source: str) -> bool:
    """Pictures that editors put in, not those of the template."""
    return bool(re.search(r"\.(?:jpe?g|png|gif|webp|bmp)(?:$|\?)", source, re.IGNORECASE)) and not re.search(
        r"logo|icon|/images?/(?:top|foot|bg)|red\.png|jiucuo|blue\.png|qrcode|ewm", source, re.IGNORECASE
    )
