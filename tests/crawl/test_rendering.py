"""Pages that only a browser can show, in a real Chromium where one is installed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo.answer import Answer, page
from crawler.fetch.browser import find_chromium
from tests.crawl.small_world import World, standing

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="跳过：没有安装 chromium，渲染没有测试")

FOOTER = (
    "<div class='footer'>主办：示范办公室 联系电话：0930-6212345 网站标识码：{0} 陇ICP备05000001号 "
    "甘公网安备 62290102000001号</div>"
)
SHELL = (
    "<html><head><title>示范县</title></head><body><div id='app'></div>"
    "<script src='/js/chunk-1.js'></script></body></html>"
)
SCRIPT = """fetch('/api/part.json').then(r => r.json()).then(d => {{
  var words = '关于印发工作方案的通知 '.repeat(20);
  document.getElementById('app').innerHTML = '<a href="/a.html">' + words + '</a>' + d.foot;
  {0}
}});"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with standing(tmp_path) as found:
        yield found


HARM = (
    "new Image().src = 'http://10.0.0.1/x.png'; fetch('http://169.254.169.254/m'); fetch('/submit', {method: 'POST'});"
)


def shell(world: World, more: str = "") -> str:
    site = world.add("aaa", articles=1, has_column=False)
    world.pages[f"{site.root}/"] = page(SHELL)
    world.pages[f"{site.root}/js/chunk-1.js"] = Answer(SCRIPT.format(more).encode(), "text/javascript")
    foot = FOOTER.format(site.code).replace("陇ICP备05000001号", "")
    world.pages[f"{site.root}/api/part.json"] = Answer(json.dumps({"foot": foot}).encode(), "application/json")
    return site.root


def verdicts(report: object) -> dict[str, str]:
    return {row.rule: row.verdict.value for row in report.results}  # type: ignore[attr-defined]


def test_what_the_browser_may_not_ask_is_never_asked_and_leaves_the_page_unverified(world: World) -> None:
    root = shell(world, HARM)
    assert verdicts(world.report())["FT-06"] == "unverified"
    assert f"{root}/api/part.json" not in world.asked()
    world.forget()
    (world.config_dir / "crawl.yaml").write_text("rendering: {enabled: true, seconds: 40}")
    report = world.report()
    assert f"{root}/api/part.json" in world.asked(), "the browser's request came through us"
    assert not any("submit" in visit.path or visit.method != "GET" for visit in world.log)
    assert not any(visit.host.startswith(("10.", "169.")) for visit in world.log)
    notes = [note for row in report.coverage for note in row.notes]
    assert any("没有据此判断" in note for note in notes), notes
    assert verdicts(report)["FT-06"] == "unverified", "a request was refused: nothing can be said to be missing"


def test_a_shell_is_judged_by_what_a_browser_saw_and_says_so(world: World) -> None:
    root = shell(world)
    world.write()
    (world.config_dir / "crawl.yaml").write_text("rendering: {enabled: true, seconds: 40}")
    report = world.report()
    assert verdicts(report)["FT-06"] == "failed"
    assert verdicts(report)["FT-03"] == "passed"
    found = next(row for row in report.findings if row.rule == "FT-06")
    assert "via: rendered" in found.evidence["依据"]
    world.forget()
    again = world.report()
    assert verdicts(again)["FT-06"] == "failed"
    assert f"{root}/api/part.json" not in world.asked(), "the page is what it was: nobody looks twice"
