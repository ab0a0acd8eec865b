"""The 26 fields of 国办发〔2019〕54号 and how menus write them; registered columns carry the name of their field."""

import re
import unicodedata

from crawler.api import ColumnView, timedelta

KIND = "基层公开"
PERIOD = timedelta(days=184)  # the seed circular counts half a year

# As in config/column_kinds.yaml, with what a menu shows of each.
FIELDS: dict[str, str] = {
    "重大建设项目": r"重大(?:建设)?项目",
    "公共资源交易": r"公共资源",
    "财政预决算": r"预决算|预算决算|财政资金|财政预算",
    "安全生产": r"安全生产",
    "税收管理": r"税收|税务",
    "农村集体土地征收": r"集体土地|农村土地征收|征地",
    "国有土地上房屋征收与补偿": r"国有土地|房屋征收",
    "保障性住房": r"保障性住房|住房保障|保障性安居",
    "农村危房改造": r"危房",
    "生态环境": r"生态环境|环境保护",
    "公共文化服务": r"公共文化|文化服务|文化体育",
    "公共法律服务": r"法律服务",
    "扶贫": r"扶贫|乡村振兴|脱贫",
    "救灾": r"救灾|灾害救助|防灾|自然灾害",
    "食品药品监管": r"食品药品|食药",
    "城市综合执法": r"综合执法|城管执法",
    "就业": r"就业",
    "社会保险": r"社会保险|社保",
    "社会救助": r"社会救助",
    "养老服务": r"养老",
    "户籍管理": r"户籍|户政",
    "涉农补贴": r"涉农补贴|惠农补贴|农业补贴",
    "义务教育": r"义务教育|^教育(?:领域)?$",
    "医疗卫生": r"医疗卫生|卫生健康|卫生领域",
    "市政服务": r"市政",
    "国土空间规划": r"空间规划|自然资源|国土规划|城乡规划",
}
PATTERNS = {field: re.compile(words) for field, words in FIELDS.items()}


def plain(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).split())


def fields_in(words: str) -> set[str]:
    """Which fields a short text names."""
    text = plain(words)
    return {field for field, pattern in PATTERNS.items() if pattern.search(text)} if len(text) <= 30 else set()


def folder(url: str) -> str:
    """`…/jcgk/CZYJS/index.html` -> `…/jcgk/CZYJS/`: what its sub-columns begin with, whatever the scheme."""
    rest = url.partition("://")[2]
    return rest[: rest.rfind("/") + 1]


def children(column: ColumnView) -> list[ColumnView]:
    """Registered columns that stand under this one."""
    own = folder(column.url)
    if own.count("/") < 2:
        return []
    return [
        c for c in column.site.columns if c is not column and folder(c.url).startswith(own) and folder(c.url) != own
    ]
