"""A document that went online more than twenty working days after it was made."""

from collections.abc import Iterator

from crawler.api import (
    SHANGHAI,
    Certainty,
    Finding,
    NotApplicable,
    PageView,
    Said,
    Severity,
    cite,
    date,
    page_rule,
    timedelta,
)
from rules.disclosure._documents import POLICY_KINDS, no_document, of_a_superior, written_on

YEAR, OLD = timedelta(days=365), timedelta(days=730)


@page_rule(
    "PF-04",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(cite("guowuyuanling-711", "art.26"), cite("linxia-2022-08-26", "seed.l")),
    kinds=POLICY_KINDS,
)
def published_late(
    page: PageView, *, workdays: int = 20, window: timedelta = YEAR, old: timedelta = OLD
) -> Iterator[Said]:
    """文件公开超过20个工作日

    为什么: 条例第二十六条规定，主动公开的信息应自形成之日起20个工作日内公开；州里通报也作了要求。

    看什么: 近一年发布的本机关文件，发布日期与成文日期（没有标明的用落款日期）之间隔了多少个工作日。
    上级文件的转载、成文两年以上才补录的旧文件不在其内；没有成文日期的不下结论。须人工确认后计入。

    怎么改: 核对成文日期和发布日期。确属公开晚了的，今后印发当日即交网站发布；文件此前不公开、
    后来解密或改为主动公开的，在页面上写明。
    """
    excuse = no_document(page) or (NotApplicable("转载的上级文件") if of_a_superior(page) else None)
    published = page.facts.published
    if excuse is not None or published is None:
        yield excuse or page.undecidable("文件页没有发布日期")
        return
    day = published.value.astimezone(SHANGHAI).date()
    if page.as_of.astimezone(SHANGHAI).date() - day > window:
        yield NotApplicable("一年以前发布的文件")
        return
    made = written_on(page)
    if made is None:
        yield page.undecidable("文件页没有成文日期和落款日期")
        return
    written, where = made
    count = page.site.workdays.between(written, day)
    if day - written > old:
        yield NotApplicable("补录的旧文件")
    elif written > day:
        yield page.undecidable("成文日期晚于发布日期，其中一个写错了")
    elif count > workdays:
        yield _finding(page, written, day, where, count, workdays)


def _finding(page: PageView, written: date, day: date, where: str, count: int, limit: int) -> Finding:
    certain = page.site.workdays.is_certain(written) and page.site.workdays.is_certain(day)
    evidence = {
        "文件": page.facts.heading or page.facts.title,
        "文号": page.facts.document_number or "未见",
        where: written.isoformat(),
        "发布日期": day.isoformat(),
        "相隔": f"{count} 个工作日" + ("" if certain else "（节假日按周末推算）"),
    }
    if seen := _first_seen(page):
        evidence["本系统首次看到"] = seen.isoformat()
    return Finding(
        message=f"文件成文后 {count} 个工作日才公开，期限是 {limit} 个工作日",
        at=page.place(quote=page.facts.heading or page.facts.title),
        key="published-late",
        certainty=Certainty.PROPOSED,
        target=page.url,
        evidence=evidence,
    )


def _first_seen(page: PageView) -> date | None:
    """When a column first showed it, where that column was watched before: an old file that came back is no news."""
    ids = {one.id for one in page.listed_in}
    for column in page.site.columns:
        if column.column.id in ids and column.entries:
            begun = min(entry.first_seen for entry in column.entries)
            own = next((entry.first_seen for entry in column.entries if entry.url == page.url), None)
            if own is not None and own - begun > timedelta(days=1):
                return own.astimezone(SHANGHAI).date()
    return None
