"""When two titles are one matter (BEHAVIOURS 70): the same words in other clothes, never another year."""

import time

import pytest

from rules.repost._matching import Title, contained, number_in

SAME = [
    ("国务院办公厅关于印发《行动方案（2026版）》的通知", "国务院办公厅关于印发行动方案(2026版)的通知"),
    ("【转载】国务院常务会议部署优化营商环境举措", "国务院常务会议部署优化营商环境举措_中国政府网"),
    ("中华人民共和国国务院令（第711号）", "国务院令(第711号)"),
]
CHANGED = [
    ("国务院办公厅关于印发《县域公共服务均衡发展行动方案》的通知", "县域公共服务均衡发展行动方案印发"),
    ("国务院关于加强数字政府建设的指导意见", "《国务院关于加强数字政府建设的指导意见》全文发布"),
]
OTHER = [
    ("国务院办公厅关于2021年部分节假日安排的通知", "国务院办公厅关于2022年部分节假日安排的通知"),
    ("甘肃省人民政府关于加强安全生产工作的通知", "青海省人民政府关于加强安全生产工作的通知"),
    ("国务院第三次专题学习举行并作重要部署讲话", "国务院第四次专题学习举行并作重要部署讲话"),
    ("会议召开", "全省安全生产会议召开"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_the_same_title_in_other_clothes(left: str, right: str) -> None:
    assert Title.of(left).equals(Title.of(right))


@pytest.mark.parametrize(("left", "right"), CHANGED)
def test_a_changed_title_is_still_the_same_matter(left: str, right: str) -> None:
    assert not Title.of(left).equals(Title.of(right))
    assert Title.of(left).resembles(Title.of(right))
    assert Title.of(right).resembles(Title.of(left))


@pytest.mark.parametrize(("left", "right"), OTHER)
def test_another_year_issuer_or_session_is_another_matter(left: str, right: str) -> None:
    assert not Title.of(left).equals(Title.of(right))
    assert not Title.of(left).resembles(Title.of(right))


def test_document_numbers_agree_whatever_the_brackets() -> None:
    assert (
        number_in("根据国办发〔2022〕8号") == number_in("国办发[2022]08号") == number_in("（国办发（2022）8号）") != ""
    )
    assert number_in("国办发〔2022〕8号") != number_in("国发〔2022〕8号")
    assert number_in("2022年第8号") == ""


def test_a_body_is_known_again_under_another_title() -> None:
    body = "".join(chr(0x4E00 + (7 * n) % 5000) for n in range(600))
    assert contained(body, "本报讯" + body + "责任编辑")
    assert contained(body, body[:450])
    assert not contained(body, body[:200])
    assert not contained("短文", "短文")


def test_hostile_titles_take_bounded_time() -> None:
    start = time.perf_counter()
    for text in ("-" * 100_000, "《" * 100_000, "【转载" * 50_000, "年" * 100_000 + "…" * 100_000):
        Title.of(text)
    assert time.perf_counter() - start < 1
