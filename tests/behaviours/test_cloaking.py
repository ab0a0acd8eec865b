"""Two faces of one home page, looked for only where the owner allows it (BEHAVIOURS 76)."""

from __future__ import annotations

import pytest

from tests.world.office import Office, page
from tests.world.server import Visit, World, answer

CASINO = answer(
    "<html><head><title>澳门新葡京官网_百家乐_六合彩</title></head><body><p>百家乐 六合彩 老虎机</p></body></html>"
)


def is_searched(visit: Visit) -> bool:
    return "baidu" in visit.headers.get("referer", "")


def stand(world: World, office: Office, name: str, other: bytes | None, *, allowed: bool = True) -> None:
    office.site(name, more={"cloaking_check": True} if allowed else {})
    usual = answer(page(f"{name}首页", "/links.html"))
    world.on(f"http://www.{name}.gov.cn/", lambda v: other if other is not None and is_searched(v) else usual)


@pytest.mark.behaviour(76)
def test_the_other_face_is_shown_where_the_owner_lets_us_look(world: World, office: Office) -> None:
    stand(world, office, "faced", CASINO)
    stand(world, office, "honest", None)
    phone = answer(page("phone首页手机版", "/links.html"))
    stand(world, office, "phone", phone)
    stand(world, office, "away", b"HTTP/1.1 302 X\r\nLocation: http://www.b8.test/\r\nContent-Length: 0\r\n\r\n")
    world.on("http://www.b8.test/", CASINO)
    wall = answer("<html><title>405</title>您的访问被阻断</html>", 405, Server="Tengine")
    stand(world, office, "walled", wall)
    told = office.nightly()
    found = {row["site"]: row for row in told.findings(rules=("SC-06",))}
    assert set(found) == {"faced", "away"}
    assert {(row["certainty"], row["severity"]) for row in found.values()} == {("proposed", "单否")}
    shown = {one["label"]: one["value"] for one in found["faced"]["evidence"]}
    assert "faced首页" in shown["平常的标题"]
    assert "澳门新葡京" in shown["从搜索引擎打开的标题"]
    assert told.result("honest", "SC-06")["verdict"] == told.result("phone", "SC-06")["verdict"] == "passed"
    assert told.result("walled", "SC-06")["verdict"] == "unverified"
    looks = [visit for visit in told.asked("www.faced.gov.cn") if is_searched(visit)]
    assert len(looks) == 1, "one request a night"
    usual = next(v for v in told.asked("www.faced.gov.cn") if v.target == "/" and not is_searched(v))
    assert looks[0].headers["user-agent"].startswith(usual.headers["user-agent"]), "our own name, no forged one"
    assert "govcheck" in looks[0].headers["user-agent"]


@pytest.mark.behaviour(76)
def test_without_leave_nothing_is_asked_in_disguise(world: World, office: Office) -> None:
    stand(world, office, "unasked", CASINO, allowed=False)
    told = office.nightly()
    assert told.result("unasked", "SC-06")["verdict"] == "not_configured"
    visits = told.asked("www.unasked.gov.cn")
    assert not [visit for visit in visits if "referer" in visit.headers or "Mobile" in visit.headers["user-agent"]]
    assert len([visit for visit in visits if visit.target == "/"]) == 1
