"""A guide that rests on law that is no longer in force."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, ColumnView, Finding, Place, Said, Severity, cite, column_rule, date
from rules.guide._guide import KIND, Guide, judged, place_of

# A sentence that tells what was before: "2008年5月1日起施行的《条例》同时废止", "2019年4月3日修订".
_HISTORY = re.compile(
    r"废止|修订(?:前|后|通过|公布)?|修正|修改|原《|原条例|旧条例|曾|此前|以前|历史|沿革|自2019年|2019年5月15日|第?711号|代替|替代|取代"
)
_DATED = {"492", "2008", "15-working-days"}  # what a history of the regulation may mention
_OLD: tuple[tuple[str, re.Pattern[str], date, str], ...] = (
    (
        "492",
        re.compile(r"第?492号|第四百九十二号"),
        date(2019, 5, 15),
        "引用的国务院令第492号已由第711号修订，应写国务院令第711号",
    ),
    (
        "2008",
        re.compile(r"(?:2008年5月1日|二[〇○零]{2}八年五月一日)(?:起|开始|正式)?(?:施行|实施|执行|生效)?"),
        date(2019, 5, 15),
        "写的是2008年5月1日施行的旧条例，现行条例自2019年5月15日起施行",
    ),
    (
        "no-such-law",
        re.compile(r"《(?:中华人民共和国)?政府信息公开法》"),
        date(2008, 5, 1),
        "没有《政府信息公开法》，应写《中华人民共和国政府信息公开条例》",
    ),
    (
        "old-reconsideration-law",
        re.compile(
            r"行政复议法》?\((?:1999|2009|2017)年[^)]{0,12}\)|(?:1999|2009|2017)年[^。;《]{0,10}《(?:中华人民共和国)?行政复议法》"
            r"|行政复议法》第十二条"
        ),
        date(2024, 1, 1),
        "引用的是旧行政复议法，2023年修订的行政复议法自2024年1月1日起施行",
    ),
    (
        "15-working-days",
        re.compile(r"(?:收到申请|登记)[^。;]{0,24}(?:15|十五)个工作日内(?:予以)?(?:答复|作出答复)"),
        date(2019, 5, 15),
        "“15个工作日内答复”是旧条例的规定，现行条例是20个工作日",
    ),
)


@column_rule(
    "GD-05",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(cite("guowuyuanling-711", "art.12"), cite("linxia-2022-08-26", "seed.a")),
    kinds=(KIND,),
)
def wrong_law(column: ColumnView) -> Iterator[Said]:
    """引用法规错误或过期

    为什么: 指南以旧法规为依据，写的程序和期限也就不对。州里通报指出过“引用制度不准确”的指南。

    看什么: 指南有没有以国务院令第492号、2008年施行的旧条例、旧行政复议法为依据，有没有写不存在的法律名称、
    旧条例的答复期限。
    讲历史沿革的句子（某年修订、同时废止）不算；按检查日期判断。须人工确认后计入。

    怎么改: 把依据改成《中华人民共和国政府信息公开条例》（国务院令第711号，2019年5月15日起施行）等现行法规，
    并核对依据之外的条文序号和期限。
    """
    guide = judged(column)
    if not isinstance(guide, Guide):
        yield guide
        return
    day = column.site.as_of.date()
    seen: set[str] = set()
    for sentence in guide.sentences:
        for key, pattern, since, message in _OLD:
            match = pattern.search(sentence)
            if match is None or key in seen or day < since or (key in _DATED and _HISTORY.search(sentence)):
                continue
            seen.add(key)
            quote = sentence[max(0, match.start() - 30) : match.end() + 30]
            yield Finding(
                message=f"指南{message}",
                at=Place(guide.url, "", quote),
                key=key,
                certainty=Certainty.PROPOSED,
                target=guide.url,
                evidence={**place_of(guide, quote), "检查日期": day.isoformat()},
                cites=(guide.url,),
            )
