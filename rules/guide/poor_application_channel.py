"""A guide that does not tell how to apply, or by when the answer is due."""

import re
from collections.abc import Iterator

from crawler.api import (
    Certainty,
    ColumnView,
    Finding,
    PageView,
    Place,
    Said,
    Severity,
    State,
    cite,
    column_rule,
    normalise,
)
from rules.guide._guide import KIND, Guide, judged, links, place_of, plain

_TWENTY = r"(?:20|二十|廿)(?:个)?工作日"
_SEVEN = r"(?:7|七)(?:个)?工作日"
_TERMS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("answer", "20个工作日内答复", re.compile(_TWENTY)),
    (
        "extension",
        "延长答复最多20个工作日",
        re.compile(rf"延长.{{0,50}}{_TWENTY}|{_TWENTY}.{{0,60}}延长.{{0,30}}(?:不超过|最多).{{0,12}}(?:20|二十|同样)"),
    ),
    (
        "correction",
        "7个工作日内告知补正",
        re.compile(rf"(?:补正|更正|补充|不明确).{{0,80}}{_SEVEN}|{_SEVEN}.{{0,80}}(?:补正|更正|补充|修改)"),
    ),
)
_FORM = re.compile(r"申请表|申请书|在线申请|网上申请|我要申请|在线提交|申请平台|申请系统|网上依申请|在线填报|申请入口")
_LINK = re.compile(_FORM.pattern + r"|依申请公开|依申请")


@column_rule(
    "GD-06",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(
        cite("guowuyuanling-711", "art.29"),
        cite("guowuyuanling-711", "art.30"),
        cite("guowuyuanling-711", "art.33"),
        cite("linxia-2022-08-26", "seed.a"),
    ),
    kinds=(KIND,),
)
def poor_application_channel(column: ColumnView) -> Iterator[Said]:
    """依申请公开渠道或期限不全

    为什么: 公众要知道到哪里填申请、什么时候有答复；条例规定20个工作日内答复，延长不超过20个工作日，
    申请不明确的7个工作日内告知补正。

    看什么: 指南或登记的依申请公开栏目里，有没有可以下载的申请表或者网上申请的入口，有没有写明这三个期限。
    申请入口要登录的也算有。须人工确认后计入。

    怎么改: 挂上申请表（可下载）或网上申请入口的链接；写明20个工作日、延长20个工作日和7个工作日补正。
    """
    guide = judged(column)
    if not isinstance(guide, Guide):
        yield guide
        return
    if guide.cut:
        yield column.undecidable("指南太长或没有读全")
        return
    pages = _pages(column, guide)
    tight = guide.tight + "".join("".join(plain(page.facts.prose).split()) for page in pages if page.url != guide.url)
    lacking = [(key, words) for key, words, pattern in _TERMS if not pattern.search(tight)]
    trouble = _form_trouble(guide, pages)
    if trouble:
        lacking.insert(0, ("form", trouble))
    for key, words in lacking:
        yield Finding(
            message=words if key == "form" else f"指南没有写明“{words}”",
            at=Place(guide.url, "", guide.title[:200]),
            key=key,
            certainty=Certainty.PROPOSED,
            target=guide.url,
            evidence=place_of(guide),
            cites=(guide.url,),
        )


def _pages(column: ColumnView, guide: Guide) -> list[PageView]:
    """Where the channel may stand: the guide's page, the guide column's page, the column 依申请公开."""
    found = [page for page in (guide.page, column.page) if page is not None]
    found += [c.page for c in column.site.columns if c.column.kind == "依申请公开" and c.page is not None]
    return list({page.url: page for page in found}.values())


def _form_trouble(guide: Guide, pages: list[PageView]) -> str:
    """Why nobody can apply; "" where a form or an entrance is offered (or a guide in a file, which may hold
    the form)."""
    if guide.page is None:
        return ""
    offered = [a.url for page in pages for a in page.facts.attachments if "申请" in a.text]
    offered += [lead.url for page in pages for lead in links(page) if _LINK.search(lead.words)]
    if any(c.column.kind == "依申请公开" for c in guide.site.columns):
        offered += [c.url for c in guide.site.columns if c.column.kind == "依申请公开"]
    if not offered:
        # A printed address of the entrance, or the form itself as a table on the page, serves as well.
        own = re.search(
            r"申请表.{0,40}(?:https?://|www\.|附后|附件|见下)|申请人信息|(?:https?://|www\.).{0,60}申请", guide.tight
        )
        return "" if own else "指南没有提供可以下载的申请表，也没有网上申请的入口"
    states = [known.state for url in offered if (known := guide.site.known(normalise(url))) is not None]
    if len(states) == len(offered) and all(state is State.DEAD for state in states):
        return "申请表或网上申请的入口打不开"
    return ""
