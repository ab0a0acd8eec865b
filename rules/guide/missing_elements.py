"""A guide that lacks elements of article 12."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, ColumnView, Finding, Place, Said, Severity, cite, column_rule
from rules.guide._contacts import DOMAIN, MAIL, WEB
from rules.guide._guide import KIND, Guide, judged, place_of

_NUMBER = r"(?:[(]?0\d{2,3}[)]?[-—–－‐\s]{0,3}\d{6,9}|1[3-9]\d{9}|\d{7,8}|[48]00-?\d{3,4}-?\d{3,4}|1[0-2]\d{3}|12345)"
_UNIT = r"(?:办公室|局|委员会|委|科|股|处|室|府|中心|厅|队|所|会|院|窗口|办|站|公室|部|组|署|行|馆)"
# What each element looks like, read without blanks (names split over cells and lines join up).
_TIGHT: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "信息分类",
        re.compile(
            r"信息(?:的)?(?:分类|种类|类别)|分类(?:体系|目录|方式|情况|和|、|与|如下)|按.{0,20}分(?:类|为)|分为.{0,40}类"
            r"|公开(?:的)?(?:信息)?(?:的)?(?:范围|内容|类别|事项)"
        ),
    ),
    (
        "编排体系",
        re.compile(
            r"编排|编制体例|索引号|索引、|组配|目录(?:的)?(?:体系|结构|构成|组成)|(?:分类|信息|目录)体系|排列|检索体系"
        ),
    ),
    (
        "获取方式",
        re.compile(
            r"获取(?:的)?(?:方式|途径|渠道|形式|办法|信息|政府信息)|公开(?:的)?(?:形式|方式|渠道|途径|载体)|查(?:阅|询)(?:的)?(?:方式|场所|地点|点|途径)"
            r"|(?:通过|登录|登陆|可以?在|到).{0,60}(?:查阅|获取|查询|获得|索取|公开|公布)"
        ),
    ),
    (
        "公开工作机构名称",
        re.compile(
            r"(?:(?:工作|受理|公开|承办|主管|负责|办理|经办|牵头|日常)(?:工作)?(?:的)?(?:机构|部门|单位|科室|处室)|机构|受理点|单位|机关|部门)(?:的)?"
            r"(?:名称|全称)?(?:\([^)]{0,20}\))?(?::|为|是|,|名称|设在)[^:。;]{0,40}?"
            + _UNIT
            + r"|(?:由|指定|确定)[^。;,]{2,40}"
            + _UNIT
            + r".{0,10}(?:负责|承担|具体|作为|为).{0,30}(?:公开|受理|申请)"
            + r"|"
            + _UNIT
            + r"(?:具体)?(?:负责|承担|受理).{0,30}(?:信息公开|公开申请|依申请)|"
            + _UNIT
            + r"(?:是|为)[^。;]{0,30}(?:工作|受理)机构"
        ),
    ),
    (
        "办公地址",
        re.compile(
            r"(?:地址|地点|住址|通信处|受理点|位于|设在|地处)[^。;]{0,6}?(?::|为|是|在)?[^。;:]{0,50}?(?:路|街|号|楼|室|院|镇|乡|区|县|市|巷|道|层|厦|村|大厅)"
        ),
    ),
    (
        "办公时间",
        re.compile(
            r"(?:办公|工作|受理|接待|上班|服务|对外|开放|作息)(?:的)?时间[^。]{0,20}?(?:\d|上午|工作日|法定|周[一二三四五至]|星期|八|九)"
        ),
    ),
    (
        "联系电话",
        re.compile(r"(?<!监督)(?<!举报)(?<!投诉)(?:电话|联系方式|TEL)[^。;\d]{0,16}" + _NUMBER, re.IGNORECASE),
    ),
    (
        "传真号码",
        re.compile(
            r"(?:传真|FAX)(?:号码|号|电话)?\)?(?:\([^)]{0,12}\))?(?:/电话)?[:为是]{0,2}[^。;,\d:]{0,4}(?:"
            + _NUMBER
            + r"|(?:暂?无|没有|未开通|未设|未配备|不提供|同(?:电话|上|前)|与.{0,6}电话相同|/|—|-|\\))",
            re.IGNORECASE,
        ),
    ),
    (
        "依申请公开的办理程序",
        re.compile(r"(?:提出|提交|填写|递交|受理|办理|登记).{0,24}申请|申请(?:表|程序|流程|方式|步骤|办理|受理|书)"),
    ),
    ("监督和救济渠道", re.compile(r"复议|诉讼")),
)
_ONLINE = re.compile(
    r"(?:网站|网上|在线|互联网|网络|平台).{0,24}(?:申请|提交|受理|查阅|查询|公开|联系)|微信公众号|网址"
)
_EMPTY_FAX = re.compile(r"(?:传真|FAX)[^\n]{0,8}\n?\s*(?:暂?无|没有|/|-)", re.IGNORECASE)


@column_rule(
    "GD-02",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(cite("guowuyuanling-711", "art.12"), cite("linxia-2022-08-26", "seed.a")),
    kinds=(KIND,),
)
def missing_elements(column: ColumnView) -> Iterator[Said]:
    """指南要素不全

    为什么: 条例第十二条规定了指南必须写明的内容，缺一项公众就少一条获取信息的路。州里通报指出过“内容不全面”的指南。

    看什么: 指南正文里有没有信息分类、编排体系、获取方式，公开工作机构的名称、办公地址、办公时间、联系电话、传真号码、
    互联网联系方式，依申请公开的办理程序，监督和救济渠道。同义的写法、表格、分行写的都认；“传真：无”算写明。须人工确认后计入。

    怎么改: 把缺少的各项补进指南正文，联系方式逐项写明；确实没有传真的写“传真：无”。
    """
    guide = judged(column)
    if not isinstance(guide, Guide):
        yield guide
        return
    lacking = absent(guide)
    if not lacking:
        return
    if guide.cut:
        yield column.undecidable("指南太长或没有读全")
        return
    yield Finding(
        message=f"指南没有写明：{'、'.join(lacking)}",
        at=Place(guide.url, "", guide.title[:200]),
        key="elements",
        certainty=Certainty.PROPOSED,
        target=guide.url,
        fix=f"在指南中补写{'、'.join(lacking)}。",
        evidence={**place_of(guide), "缺少": "、".join(lacking)},
        cites=(guide.url,),
    )


def absent(guide: Guide) -> list[str]:
    """The elements a guide does not state, in the order of the regulation."""
    tight = guide.tight
    found = {name: bool(pattern.search(tight)) for name, pattern in _TIGHT}
    found["传真号码"] = found["传真号码"] or bool(_EMPTY_FAX.search(guide.flat))
    found["互联网联系方式"] = bool(
        MAIL.search(guide.flat) or WEB.search(guide.flat) or DOMAIN.search(guide.flat) or _ONLINE.search(tight)
    )
    order = [name for name, _ in _TIGHT]
    order.insert(order.index("传真号码") + 1, "互联网联系方式")
    return [name for name in order if not found[name]]
