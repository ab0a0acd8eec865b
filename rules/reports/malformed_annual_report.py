"""An annual report that lacks parts of its format, or whose tables do not add up."""

import re
from collections.abc import Iterator

from crawler.api import (
    Certainty,
    ColumnView,
    Finding,
    NotApplicable,
    PageView,
    Said,
    Severity,
    State,
    cite,
    column_rule,
    why_unknown,
)
from rules.reports._tables import contradictions, rows
from rules.reports._titles import KIND, is_own, plain, year_of

_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("总体情况", re.compile(r"总体情况|总体概况|工作概况|基本情况|概述|总体工作")),
    ("主动公开政府信息情况", re.compile(r"主动公开")),
    ("收到和处理政府信息公开申请情况", re.compile(r"收到和处理|申请情况|申请(?:的)?(?:处理|办理|受理)|依申请公开")),
    ("政府信息公开行政复议、行政诉讼情况", re.compile(r"复议.{0,14}诉讼|诉讼.{0,14}复议")),
    (
        "存在的主要问题及改进情况",
        re.compile(r"(?:存在|主要|不足).{0,14}(?:问题|困难|不足).{0,16}(?:改进|措施|打算|整改|计划|情况|安排)?"),
    ),
    (
        "其他需要报告的事项",
        re.compile(r"其他(?:需要)?(?:报告|说明)?(?:的)?(?:事项|情况|问题)|其它需要报告|需要报告的事项"),
    ),
)
_SINCE = 2019  # the six parts: on trial for the reports of 2019, fixed in 2021
_LEAST = 200  # characters of a report that stands on the page
_ATTACHED = re.compile(r"\.(?:pdf|docx?|wps|ofd)\b|年报|年度报告")


@column_rule(
    "AR-02",
    severity=Severity.HINT,  # the sums rest on memory (RULES AR-02)
    form="proposed",
    basis=(
        cite("guobangongkaibanhan-2021-30", "six-parts"),
        cite("guobangongkaibanhan-2021-30", "sums"),
        cite("guowuyuanling-711", "art.50"),
    ),
    kinds=(KIND,),
)
def malformed_annual_report(column: ColumnView) -> Iterator[Said]:
    """年报结构或数据有误

    为什么: 国办公开办函〔2021〕30号统一了年度报告的六个部分和表格，缺部分、数对不上，报告就不能比较，也不可信。

    看什么: 最近一年的年度报告（网页或读得出文字的附件）有没有六个部分；网页表格中各类申请人之和、
    新收加上年结转与办理总计加结转下年、复议诉讼各项之和与总计是否相等。
    表格是图片的不下结论。须人工确认后计入。

    怎么改: 按统一格式补写缺少的部分；核对数据后更正，更正的在页面上注明。
    """
    if column.known.state is State.DEAD or column.soft_404:
        yield NotApplicable("栏目打不开，由 AV-05 判断")
        return
    site = column.site.site
    reports = [
        (year, e.url, e) for e in column.entries if (year := year_of(e.title)) is not None and is_own(e.title, site)
    ]
    if not reports:
        excuse = "列表里认不出年度报告" if column.page is not None else why_unknown(column.known)
        yield column.undecidable(excuse)
        return
    year, url, entry = max(reports)
    page = column.site.open_page(url)
    if page is None:
        yield column.undecidable("年度报告页面没有读到")
        return
    if year < _SINCE:
        yield NotApplicable("2019年以前的报告没有统一格式")
        return
    yield from _judge(column, page, entry.title)


def _judge(column: ColumnView, page: PageView, title: str) -> Iterator[Said]:
    attached = [file for file in page.files if _ATTACHED.search(file.attachment.text + file.attachment.suffix)]
    text = plain(page.facts.prose + "".join(file.text for file in page.files))
    unread = any(file.problem for file in page.files)
    lacking = [name for name, pattern in _PARTS if not pattern.search(text)]
    found = []
    if lacking and (unread or (len(text) < _LEAST and attached)):
        yield column.undecidable("年度报告在附件中，没有读全")
    elif len(text) < _LEAST:
        yield column.undecidable("年度报告是图片或由脚本生成，读不到文字")
    elif lacking:
        found.append(("parts", f"年度报告缺少{'、'.join(lacking)}部分"))
    try:
        found += contradictions(rows(page))
    except LookupError:
        yield column.undecidable("年度报告的页面内容没有保存")
    for key, message in found:
        yield Finding(
            message=message,
            at=page.place(quote=title),
            key=f"{page.facts.url.rpartition('/')[2][-40:]}:{key}",
            certainty=Certainty.PROPOSED,
            target=page.url,
            evidence={"年报": title},
            cites=(column.url, page.url),
        )
