"""A PubDate that is no time, lies ahead, or is not the time the page shows."""

import re
from collections.abc import Iterator

from crawler.api import (
    SHANGHAI,
    Finding,
    NotApplicable,
    PageView,
    Said,
    Severity,
    SiteView,
    cite,
    date,
    datetime,
    page_rule,
    timedelta,
)
from rules.tags._pages import is_article, out_of_scope, values

# Seconds, their fractions and a T are accepted; the doubled dash of one guide (2017——04——12) is not.
_FORM = re.compile(r"(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:\+08:?00|Z)?")

_TOLERANCE = timedelta(days=1)


@page_rule(
    "TG-04",
    severity=Severity.HINT,
    basis=(cite("guobanfa-2017-47", "tags.content"), cite("guobanfa-2017-47", "article.time")),
)
def bad_publish_tag(page: PageView, *, tolerance: timedelta = _TOLERANCE) -> Iterator[Said]:
    """发布时间标签格式错误

    为什么: PubDate 是平台和搜索引擎认定发布时间的依据，格式不对或与页面显示不一致，会被认作没有更新或日期不实。

    看什么: 文章的 PubDate 是否写成 YYYY-MM-DD HH:MM（带秒也可以）、是真实的日期、不晚于今天，
    并且与页面显示、列表所标的发布时间相差不超过一天；两个日期都列出来。页面没有显示时间的不比。

    怎么改: 在内容页模板里用发布系统的发布时间生成 PubDate，格式为 YYYY-MM-DD HH:MM，并与页面显示一致。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    written = next((value for value in values(page, "PubDate") if value), "")
    if not is_article(page) or not written:
        yield NotApplicable("不是有 PubDate 标签的文章")
        return
    moment = _moment(written)
    read_at = page.known.seen.at if page.known.seen else page.as_of
    if moment is None:
        yield Finding(
            message="PubDate 标签的格式不是 YYYY-MM-DD HH:MM",
            at=page.place("head", written),
            key="format",
            per="site",
            evidence={"写成了": written[:60]},
        )
        return
    if moment > read_at + tolerance:
        yield Finding(
            message=f"PubDate 标签写着将来的时间 {moment:%Y-%m-%d %H:%M}",
            at=page.place("head", written),
            key="future",
            evidence={"写着": written[:60], "抓取时间": f"{read_at:%Y-%m-%d %H:%M}"},
        )
    yield from _beside_the_list(page, moment, tolerance)
    shown = next((d for d in page.facts.dates if d.source in {"label", "info"}), None)
    if shown and abs(shown.value.date() - moment.date()) > tolerance:
        yield Finding(
            message=f"PubDate 标签是 {moment.date()}，页面显示的是 {shown.value.date()}",
            at=page.place("head", written),
            key="differs",
            evidence={"PubDate 标签": written[:60], "页面显示": f"{shown.value:%Y-%m-%d %H:%M}"},
        )


def _beside_the_list(page: PageView, moment: datetime, tolerance: timedelta) -> Iterator[Finding]:
    """A note where the list prints another day than the article (BEHAVIOURS 60); one for the site, with its pages."""
    for day in sorted(_listed(page.site).get(page.url, ())):
        if abs(day - moment.date()) > tolerance:
            yield Finding(
                message=f"列表标的日期是 {day}，文章的 PubDate 标签是 {moment.date()}",
                at=page.place("head", f"{moment:%Y-%m-%d %H:%M}"),
                key="list-differs",
                per="site",
                evidence={"列表日期": f"{day}", "PubDate 标签": f"{moment:%Y-%m-%d %H:%M}"},
            )
            return


def _listed(site: SiteView) -> dict[str, set[date]]:
    known: dict[str, set[date]] | None = site.memo.get("tags.listed")
    if known is None:
        known = site.memo["tags.listed"] = {}
        for column in site.columns:
            for entry in column.entries:
                if entry.date is not None:
                    known.setdefault(entry.url, set()).add(entry.date.date())
    return known


def _moment(written: str) -> datetime | None:
    found = _FORM.fullmatch(written)
    try:
        return datetime(*(int(part) for part in found.groups()), tzinfo=SHANGHAI) if found else None  # type: ignore[arg-type,misc]
    except ValueError:
        return None
