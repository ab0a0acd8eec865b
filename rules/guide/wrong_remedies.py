"""A guide that names the wrong remedies for the day it is checked on."""

import re
from collections.abc import Iterator
from typing import Literal

from crawler.api import (
    Certainty,
    ColumnView,
    Finding,
    NotApplicable,
    Place,
    Said,
    Severity,
    Site,
    cite,
    column_rule,
    date,
)
from rules.guide._guide import KIND, Guide, judged, place_of

NEW_LAW = date(2024, 1, 1)  # 行政复议法 2023
Body = Literal["government", "vertical", "justice", "department"]

_VERTICAL = re.compile(r"海关|税务|外汇|国家安全|人民银行|金融监督管理|金融监管|银保监|证监")
# Sentences about the exceptions of arts. 27 and 28 are right in anybody's guide.
_EXCEPTION = re.compile(r"海关|金融|外汇|税务|国家安全|垂直领导|司法行政|司法局")
# 条例 art. 51 itself: "可以向上一级行政机关或者…主管部门投诉、举报，也可以依法申请行政复议或者提起行政诉讼".
_COMPLAINT = re.compile(r"投诉|举报|反映|检举")
_SUPERIOR = re.compile(
    r"(?:上一?级|上级)(?:政府信息公开(?:工作)?|业务|行政)?(?:主管)?(?:部门|机关|单位|行政机关)?|主管部门|省[^,。;]{1,14}(?:厅|局|委员会|委)"
)
_HIGHER_GOVERNMENT = re.compile(r"上一?级(?:人民)?政府")
_RECONSIDER = r"(?:依法)?(?:申请|提出|提起|进行)?(?:行政)?复议"
_TO_SUPERIOR = re.compile(
    rf"(?:向|由|到)(?P<whom>[^,。;]{{0,60}}?){_RECONSIDER}|复议机关(?:是|为|:)(?P<body>[^。;]{{2,60}})"
)
_REFUSED = re.compile(
    r"不予公开|拒绝公开|不公开(?:决定|的)|不予答复|不答复|未(?:按期|按时|在.{0,10}期限内|作出)答复|逾期(?:不|未)|不(?:依法)?履行"
)
_DIRECT = re.compile(
    r"复议.{0,8}(?:或者|或|、|也可以?|及).{0,20}(?:诉讼|起诉)|直接.{0,16}(?:诉讼|起诉)|(?:诉讼|起诉)(?:或者|或).{0,10}复议"
)
_FIRST = re.compile(
    r"应当?先|须先|必须先|先(?:依法)?(?:申请|提起|向)|复议前置|不服(?:行政)?复议|对(?:行政)?复议决定|收到(?:行政)?复议决定"
)
_NUMBER = r"(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?P<unit>个工作日|工作日|日|天|个月|月)(?:之)?内"
_TERM_RECONSIDER = re.compile(
    rf"{_NUMBER}(?:,)?(?:可以|可)?(?:依法)?(?:向[^,。;]{{1,40}}?)?(?:依法)?(?:书面)?(?:申请|提出|提起)(?:行政)?复议"
)
_TERM_SUIT = re.compile(
    rf"{_NUMBER}(?:,)?(?:可以|可)?(?:依法)?(?:直接)?(?:向[^,。;]{{0,30}}?法院)?(?:依法)?(?:直接)?(?:提起|提出)?(?:行政)?(?:诉讼|起诉)"
)
_RECONSIDER_TERMS = {"60日", "六十日", "60天", "六十天", "2个月", "二个月"}
_SUIT_TERMS = {"15日", "十五日", "15天", "十五天", "6个月", "六个月", "6月"}
_ABOLISHED = re.compile(r"(?:政府)?法制(?:办公室|办|局)")


@column_rule(
    "GD-04",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(
        cite("guowuyuanling-711", "art.51"),
        cite("xingzhengfuyifa-2023", "art.24"),
        cite("xingzhengfuyifa-2023", "art.23"),
        cite("xingzhengfuyifa-2023", "art.20"),
        cite("xingzhengfuyifa-2023", "art.27"),
        cite("xingzhengfuyifa-2023", "art.28"),
        cite("xingzhengfuyifa-2017", "art.12"),
        cite("xingzhengsusongfa-2017", "art.45"),
        cite("xingzhengsusongfa-2017", "art.46"),
        cite("linxia-2022-08-26", "seed.a"),
    ),
    kinds=(KIND,),
)
def wrong_remedies(column: ColumnView) -> Iterator[Said]:
    """救济途径有误

    为什么: 复议机关、期限写错，公众会走错门、误了期限。州里通报指出过“主管部门、复议或诉讼机关不准确”的指南。

    看什么: 指南写的复议机关、复议和诉讼的先后及期限，按检查日期适用的法律判断。
    2024年1月1日起：部门的行为只向本级政府申请复议
    （海关、金融、外汇、税务、国家安全机关向上一级主管部门，司法局可以选择，政府的行为向上一级政府），不予公开和不答复先复议后诉讼；
    此前可以选择本级政府或上一级主管部门。60日内申请复议，复议后15日、直接起诉6个月。
    “可以向上级机关投诉、举报”不算。须人工确认后计入。

    怎么改: 按现行行政复议法改写救济部分，写明复议机关的全称、期限和先后次序。
    """
    guide = judged(column)
    if not isinstance(guide, Guide):
        yield guide
        return
    if not re.search(r"复议|诉讼", guide.tight):
        yield NotApplicable("指南没有写复议、诉讼，由 GD-02 指出")
        return
    day = column.site.as_of.date()
    for key, message, quote in troubles(guide, body_of(column.site.site), day):
        yield Finding(
            message=message,
            at=Place(guide.url, "", quote[:200]),
            key=key,
            certainty=Certainty.PROPOSED,
            target=guide.url,
            evidence={**place_of(guide, quote), "检查日期": day.isoformat(), "适用": _law(day)},
            cites=(guide.url,),
        )


def body_of(site: Site) -> Body:
    """What kind of body the law sees in the owner of a site."""
    name = site.owner or site.name
    if _VERTICAL.search(name):
        return "vertical"
    if "司法" in name:
        return "justice"
    return "government" if site.level == "portal" else "department"


def _law(day: date) -> str:
    return "行政复议法（2023年修订，2024年1月1日起施行）" if day >= NEW_LAW else "行政复议法（2017年修正）"


def troubles(guide: Guide, body: Body, day: date) -> Iterator[tuple[str, str, str]]:
    """(key, message, quotation) of each kind of fault, each once."""
    seen: set[str] = set()
    for sentence in guide.sentences:
        if "复议" not in sentence and not re.search(r"诉讼|起诉", sentence):
            continue
        for key, message in _of_sentence(sentence, body, day):
            if key not in seen:
                seen.add(key)
                yield key, message, _around(sentence)


def _around(sentence: str) -> str:
    at = max(0, (sentence.find("复议") if "复议" in sentence else sentence.find("诉")) - 60)
    return sentence[at : at + 120]


def _of_sentence(sentence: str, body: Body, day: date) -> Iterator[tuple[str, str]]:
    new = day >= NEW_LAW
    if new and not _EXCEPTION.search(sentence) and (words := _wrong_body(sentence, body)):
        yield "body", words
    if new and _REFUSED.search(sentence) and _DIRECT.search(sentence) and not _FIRST.search(sentence):
        yield "order", "对不予公开、不予答复应当先申请行政复议，指南写成可以直接起诉"
    if _ABOLISHED.search(sentence) and "复议" in sentence and day >= date(2019, 7, 1):
        yield "abolished-body", "指南写的复议受理机构“法制办”已经撤销，职责在司法行政部门"
    for match in _TERM_RECONSIDER.finditer(sentence):
        if _told(match) not in _RECONSIDER_TERMS:
            yield "reconsideration-term", f"申请行政复议的期限是60日，指南写的是{_told(match)}"
    for match in _TERM_SUIT.finditer(sentence):
        if _told(match) not in _SUIT_TERMS:
            yield "suit-term", f"起诉的期限是复议后15日、直接起诉6个月，指南写的是{_told(match)}"


def _told(match: re.Match[str]) -> str:
    return match["n"] + match["unit"]


def _wrong_body(sentence: str, body: Body) -> str:
    """What is wrong with the body that reconsiders, under the law of 2023; "" where it may be right."""
    if body in {"vertical", "justice"}:
        return ""
    for match in _TO_SUPERIOR.finditer(sentence):
        whom = match["whom"] or match["body"] or ""
        if _COMPLAINT.search(whom):
            continue
        rest = _HIGHER_GOVERNMENT.sub("", whom)
        if body == "department":
            if _SUPERIOR.search(rest):
                return "部门的行政行为只能向本级人民政府申请复议，指南还写着向上级部门申请"
            if _HIGHER_GOVERNMENT.search(whom) or re.search(r"(?<![市州县区])省(?:人民)?政府", whom):
                return "部门的行政行为应向本级人民政府申请复议，指南写成上一级政府"
        elif re.search(r"(?:上一?级|上级)(?:业务)?主管(?:部门|机关)", rest):
            return "部门的行为向本级政府、政府的行为向上一级政府申请复议，指南还写着向上级主管部门申请"
    return ""
