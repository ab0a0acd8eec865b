"""What a site was before: changed titles, scripts of strangers, addresses that all lead home."""

from __future__ import annotations

from typing import Any

from tests.world.office import Office, Told, page
from tests.world.server import World, answer


def changes(told: Told, site: str) -> set[str]:
    return {row["message"][:80] for row in told.findings(site, rules=("SC-04",))}


def test_a_changed_title_and_a_strangers_script_are_told_from_a_redesign(world: World, office: Office) -> None:
    """SC-04: nothing on the first night, whatever stands there; afterwards what is no longer as it was."""
    old = '<script src="http://js.old.test/a.js"></script>'
    for name in ("chtitle", "chscript", "chgood"):
        office.site(name)
        world.on(f"http://www.{name}.gov.cn/", answer(page(f"{name}门户网站首页", "/a.html", head=old)))
        world.on(f"http://www.{name}.gov.cn/a.html", answer(page(f"{name}通知")))
    for host in ("js.old.test", "js.new.test", "hm.baidu.com"):
        world.on(f"http://{host}/a.js", answer("var a=1;", type="application/javascript"))
    first = office.nightly()
    assert not any(changes(first, name) for name in ("chtitle", "chscript", "chgood"))
    new, known = '<script src="http://js.new.test/a.js"></script>', '<script src="http://hm.baidu.com/a.js"></script>'
    world.on(
        "http://www.chtitle.gov.cn/",
        answer(f"<html><head>{old}<title>Hacked By Nobody</title></head><body><p>x</p></body></html>"),
    )
    world.on("http://www.chscript.gov.cn/", answer(page("chscript门户网站首页", "/a.html", head=old + new)))
    world.on("http://www.chgood.gov.cn/", answer(page("欢迎访问chgood新版", "/a.html", head=known)))
    told = office.nightly()
    assert len(changes(told, "chtitle")) == 1
    assert "Hacked By Nobody" in changes(told, "chtitle").pop()
    (found,) = told.findings("chscript", rules=("SC-04",))
    assert "js.new.test" in found["message"]
    assert (found["certainty"], found["severity"]) == ("proposed", "单否")
    assert not changes(told, "chgood")


def test_a_site_that_sends_every_address_home_is_one_finding(world: World, office: Office) -> None:
    def jumping(name: str, count: int) -> list[dict[str, Any]]:
        paths = [f"/zt/{n}/index.html" for n in range(count)]
        office.site(name)
        world.on(f"http://www.{name}.gov.cn/", answer(page(f"{name}首页", *paths, "/ok/a.html")))
        world.on(f"http://www.{name}.gov.cn/ok/a.html", answer(page("好的页面", body="<p>这一页有自己的内容。</p>")))
        for path in paths:
            world.on(f"http://www.{name}.gov.cn{path}", answer("", 302, Location=f"http://www.{name}.gov.cn/"))
        return []

    jumping("allhome", 9)
    jumping("fewhome", 2)
    told = office.nightly()
    (found,) = told.findings("allhome", rules=("LK-07",))
    assert (found["certainty"], found["count"]) == ("proposed", 9)
    assert "9 个内页链接" in found["message"]
    assert len(told.findings("fewhome", rules=("LK-07",))) == 2
