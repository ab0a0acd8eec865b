"""A guide whose contacts cannot be right."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, ColumnView, Finding, Place, Said, Severity, State, cite, column_rule, normalise
from rules.guide._contacts import MAIL, MAIL_LABEL, MASKED, WEB, phone_fault, phones
from rules.guide._guide import KIND, Guide, judged, place_of

_HOLLOW = re.compile(
    r"(?:地址|地点)[:\s]{0,4}(?P<value>[^\n。;]{0,12}?(?:[XxＸ×*＊]{2,}|某某|待定|待补充)[^\n。;]{0,12})"
)


@column_rule(
    "GD-03",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("guowuyuanling-711", "art.12"),),
    kinds=(KIND,),
)
def bad_contacts(column: ColumnView) -> Iterator[Said]:
    """指南联系方式失效

    为什么: 指南里的电话少一位、邮箱少半截、网址打不开，公众就联系不上公开工作机构。

    看什么: 指南正文里写的电话、传真的位数和区号，邮箱的格式，网址能不能打开，有没有“××”之类没填的地方。
    分机、多个号码、400和12345一类的短号都认；电话打不打得通，程序看不出。须人工确认后计入。

    怎么改: 按实际情况更正；更正后打一次电话、发一封邮件、点一次网址。
    """
    guide = judged(column)
    if not isinstance(guide, Guide):
        yield guide
        return
    for kind, value, trouble in _troubles(guide):
        yield Finding(
            message=f"指南中的{kind}“{value[:60]}”{trouble}",
            at=Place(guide.url, "", value[:200]),
            key=f"{kind}:{''.join(value.split())[:60]}",
            certainty=Certainty.PROPOSED,
            target=guide.url,
            evidence=place_of(guide, value),
            cites=(guide.url,),
        )


def _troubles(guide: Guide) -> Iterator[tuple[str, str, str]]:
    seen: set[str] = set()
    for _label, number in phones(guide.flat):
        if (fault := phone_fault(number)) and number not in seen:
            seen.add(number)
            yield "电话", number, f"不是有效的号码：{fault}"
    for match in MASKED.finditer(guide.flat):
        yield "电话", match["value"], "没有填写"
    for match in _HOLLOW.finditer(guide.flat):
        yield "地址", match["value"], "没有填写"
    for match in MAIL_LABEL.finditer(guide.flat):
        value = match["value"]
        if ("@" in value or "#" in value) and not MAIL.match(value) and value not in seen:
            seen.add(value)
            yield "邮箱", value, "不是有效的邮箱地址"
    for match in WEB.finditer(guide.flat):
        url = match[0].rstrip("./-")
        if url not in seen and _is_dead(guide, url):
            seen.add(url)
            yield "网址", url, "打不开"


def _is_dead(guide: Guide, url: str) -> bool:
    """Whether every spelling that was tried is dead; what nobody asked is no fault."""
    whole = [url] if "://" in url else [f"https://{url}", f"http://{url}"]
    spellings = [one + end for one in whole for end in ("", "/")]
    known = [row for one in spellings if (row := guide.site.known(normalise(one))) is not None]
    states = {row.state for row in known if row.knowledge != "expired"}
    return states == {State.DEAD}
