"""Dates that articles show in unusual ways (PATTERNS "Dates")."""

from __future__ import annotations

import pytest

from crawler.parse import parse

TEXT = "<div class='content'><p>会议强调，各乡镇各部门要提高认识，压实责任，细化措施，加强协作。</p></div>"
URL = "http://www.lxs.gov.cn/lxs/yw/art/2026/art_0123456789abcdef0123456789abcdef.html"


def published(body: str, head: str = "", url: str = URL) -> tuple[str, str] | None:
    page = f"<html><head><meta charset=utf-8><title>全市会议</title>{head}</head><body>{body}</body></html>"
    found = parse(page.encode(), url).facts.published
    return (f"{found.value:%Y-%m-%d}", found.source) if found else None


@pytest.mark.parametrize(
    ("body", "head", "day"),
    [
        (f"<h1>全市召开推进会议</h1><div><em>20</em><b>2026-05</b></div>{TEXT}", "", "2026-05-20"),
        (f"<h1>全市召开推进会议</h1><p>发布时间：08-29</p>{TEXT}", "", "2026-08-29"),
        (f"<h1>全市召开推进会议</h1>{TEXT}", '<meta name="PubDate" content="1787190000000">', "2026-08-20"),
        (
            f'<h1>全市召开推进会议</h1><input type="hidden" id="pubDate" value="2026-03-04 10:00">{TEXT}',
            "",
            "2026-03-04",
        ),
        (f"<h1>全市召开推进会议</h1>{TEXT}<script>var publishTime = '2026-03-05 08:00';</script>", "", "2026-03-05"),
    ],
)
def test_unusual_dates_are_read(body: str, head: str, day: str) -> None:
    found = published(body, head)
    assert found is not None
    assert found[0] == day


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>全市召开推进会议</h1><p>第20期 共05页</p>{TEXT}",
        f"<h1>全市召开推进会议</h1>{TEXT}<script>var today = '2026-03-05';</script>",
        f"<h1>全市召开推进会议</h1>{TEXT}<p>公示时间：2026-03-01至2026-03-08</p>",
        f"<h1>全市召开推进会议</h1>{TEXT}<p>有效期至2028年12月31日</p>",
    ],
)
def test_what_is_no_publish_date_stays_none(body: str) -> None:
    assert published(body) is None


def test_a_month_and_a_day_without_any_year_stay_undated() -> None:
    body = f"<h1>全市召开推进会议</h1><p>发布时间：08-29</p>{TEXT}"
    assert published(body, url="http://www.lxs.gov.cn/yw/content_1.html") is None
