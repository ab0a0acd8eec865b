"""Counts, completeness, growth and ranks, each with the items behind it."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from crawler.core.clock import SHANGHAI
from crawler.core.model import Column, Site
from crawler.core.statistics import Book, ColumnRead, Figure, Item, Period, Statistics, Topic, Topics, statistics

HALF = Period(date(2026, 1, 1), date(2026, 6, 30))
TOPICS = Topics(
    (
        Topic("疫情", words=("防疫",), not_words=("动物防疫",)),
        Topic("民生", words=("就业",), fields=frozenset({"就业"}), columns=("社会保险",)),
    )
)


def site(name: str, level: str = "portal", area: str = "622901") -> Site:
    columns = (
        Column("dt", "动态", "动态要闻", f"https://{name}/dt/"),
        Column("gg", "公告", "通知公告", f"https://{name}/gg/"),
    )
    return Site(name, name, None, level, "p", f"https://{name}/", (name,), columns=columns, area=area)  # type: ignore[arg-type]


def item(name: str, number: int, day: str | None, column: str = "dt", title: str = "") -> Item:
    return Item(
        name,
        column,
        f"https://{name}/{number}",
        title or f"信息{number}",
        date.fromisoformat(day) if day else None,
        None,
    )


def whole(name: str, since: date | None = date.min, until: date = date(2026, 11, 23)) -> list[ColumnRead]:
    return [ColumnRead(name, column, f"{name} {column}", since, until, date(2026, 1, 1)) for column in ("dt", "gg")]


def book(*items: Item, sites: tuple[Site, ...] = (site("a"),), reads: list[ColumnRead] | None = None) -> Book:
    known = reads if reads is not None else [row for one in sites for row in whole(one.id)]
    return Book(sites, items, tuple(known), TOPICS, 7, datetime(2026, 11, 23, 22, tzinfo=SHANGHAI), "甲版")


def of(found: Statistics, key: str) -> Figure:
    return next(one for one in found.figures if one.key == key)


def test_the_ends_of_the_period_count_and_the_days_beside_them_do_not() -> None:
    rows = [item("a", n, day) for n, day in enumerate(("2025-12-31", "2026-01-01", "2026-06-30", "2026-07-01"))]
    found = statistics(book(*rows), HALF)
    assert found.total.items == ("https://a/1", "https://a/2")
    assert found.total.shown == "2"


def test_one_article_in_two_columns_is_one_for_the_site_and_one_for_each_column() -> None:
    rows = (item("a", 1, "2026-02-01"), item("a", 1, "2026-02-01", "gg"))
    assert statistics(book(*rows), HALF).total.count == 1
    assert [one.count for one in statistics(book(*rows), HALF, by="column").figures] == [1, 1]


def test_topics_and_months_add_up_to_the_total() -> None:
    rows = [
        item("a", n, f"2026-0{1 + n % 6}-15", title=title)
        for n, title in enumerate(("动物防疫", "防疫", "就业", "x") * 5)
    ]
    for by in ("topic", "month", "site"):
        found = statistics(book(*rows), HALF, by=by)  # type: ignore[arg-type]
        assert sum(one.count for one in found.figures) == found.total.count == 20
    assert of(statistics(book(*rows), HALF, by="topic"), "疫情").count == 5


def test_a_list_not_read_to_the_start_makes_the_number_a_lower_bound() -> None:
    reads = [*whole("a")[:1], replace(whole("a")[1], since=date(2026, 3, 1))]
    one = statistics(book(item("a", 1, "2026-02-01"), reads=reads), HALF).figures[0]
    assert one.shown == "≥ 1（未读全）"
    assert one.unread == ("a gg",)
    march = of(statistics(book(item("a", 1, "2026-03-09"), reads=reads), HALF, by="month"), "2026-03")
    assert march.shown == "1"


def test_a_list_last_read_before_the_end_is_a_lower_bound_too() -> None:
    found = statistics(book(item("a", 1, "2026-02-01"), reads=whole("a", until=date(2026, 5, 1))), HALF)
    assert not found.total.complete


def test_growth_needs_a_year_that_was_read_and_not_empty() -> None:
    rows = [item("a", n, "2026-02-01") for n in range(3)]
    elder = [item("a", 10 + n, "2025-02-01") for n in range(2)]
    total = statistics(book(*rows, *elder), HALF).total
    assert (total.before, total.growth) == (2, 0.5)
    assert "没有信息" in statistics(book(*rows), HALF).total.why_no_growth
    unread = statistics(book(*rows, *elder, reads=whole("a", since=date(2025, 12, 1))), HALF).total
    assert (unread.complete, unread.before, unread.growth) == (True, None, None)
    assert "没有读全" in unread.why_no_growth


def test_ranks_of_counties_and_departments_apart_and_equal_counts_share_one() -> None:
    sites = (site("a"), site("b"), site("c"), site("z", area="622900"), site("d", "department"))
    rows = [item(name, n, "2026-02-01") for name, many in (("a", 2), ("b", 2), ("c", 1), ("z", 9)) for n in range(many)]
    counties, departments = statistics(book(*rows, sites=sites), HALF).rankings
    assert [(rank, one.key) for rank, one in counties.figures] == [(1, "a"), (1, "b"), (3, "c")]
    assert [one.key for _, one in departments.figures] == ["d"]


def test_undated_items_are_told_and_counted_nowhere() -> None:
    found = statistics(book(item("a", 1, None)), HALF)
    assert (found.total.count, found.undated) == (0, 1)


def test_a_figure_keeps_its_id_when_its_count_changes() -> None:
    ids = [statistics(book(*rows), HALF).total.id for rows in ((), (item("a", 1, "2026-02-01"),))]
    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    ("title", "field", "topic"), [("x", "就业", "民生"), ("防疫", None, "疫情"), ("x", None, "其他")]
)
def test_the_column_goes_before_the_title(title: str, field: str | None, topic: str) -> None:
    assert TOPICS.of(title, [Column("c", "栏目", "其他", "https://a/c/", field=field)]) == topic


def test_one_article_under_two_schemes_is_one() -> None:
    secure, plain = item("a", 1, "2026-02-01"), replace(item("a", 1, "2026-02-01", "gg"), url="http://a/1")
    assert statistics(book(secure, plain), HALF).total.count == 1
