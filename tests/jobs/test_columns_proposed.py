# ruff: noqa: E501 - navigation as sites write it
"""`govcheck columns propose` and `diff`: a proposal with reasons, never a fact, and what moved since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.world.office import Office, page
from tests.world.server import World, answer, redirect, standing

ROW = '<li><a href="{at}{n}.html">关于第{n}项工作安排的通知公告</a><span>2026-11-{n:02}</span></li>'
NAV = """
<ul class="nav"><li><a href="/">首页</a></li><li><a href="/zjxx/">走进示范</a></li><li><a href="/tzgg/index.html">通知公告</a></li>
<li><a href="/jcgk/xczx/index.html">乡村振兴</a></li><li><a href="/jcgk/YLFW/index.html">养老服务</a></li>
<li><a href="javascript:void(0)">政策文件</a></li><li><a href="http://www.other.gov.cn/zcjd/">政策解读</a></li>
<li><a href="/zcwj/art/2026/art_0123456789abcdef0123456789abcdef.html">规范性文件</a></li>
<li><a href="/tzgg/index_1.html">下一页</a></li><li><a href="/zt/xyz/">示范县第三届花儿艺术节专题活动报道集锦汇总</a></li>
<li><a href="/login/submit.do">登录</a></li><li><a href="/mystery/">七彩</a></li><li><a href="/gone/index.html">政府文件</a></li>
<li><a href="/a/b.pdf">信息公开年报</a></li><li><a href="/hd/">互动&nbsp;交流 &gt;&gt;</a></li></ul>
"""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with standing() as made:
        yield made


@pytest.fixture
def office(world: World, tmp_path: Path) -> Office:
    return Office(world, tmp_path)


def listed(at: str, head: str = "") -> bytes:
    return answer(page("列表", *(ROW.format(at=at, n=n) for n in range(1, 9)), head=head))


def _site(world: World, office: Office, name: str, **more: object) -> str:
    host = f"http://www.{name}.gov.cn"
    world.on(f"{host}/", answer(page("示范县人民政府", NAV)))
    for path in ("/zjxx/", "/hd/", "/mystery/"):
        world.on(host + path, answer(page("示范县概述")))
    tags = '<meta name="ColumnName" content="通知公告"><meta name="ColumnType" content="通知公告">'
    world.on(f"{host}/tzgg/index.html", listed("/tzgg/", tags))
    for path in ("/jcgk/xczx/", "/jcgk/YLFW/"):
        world.on(f"{host}{path}index.html", listed(path))
    office.site(name, **more)
    return host


def test_nasty_navigation_yields_a_proposal_with_reasons(world: World, office: Office, tmp_path: Path) -> None:
    host = _site(world, office, "nasty")
    office.crawl()
    told = office.run("columns", "propose", "nasty", "--json")
    rows = {row["name"]: row for row in told["proposed"]}
    assert rows["通知公告"]["kind"] == "通知公告"
    assert rows["通知公告"]["confidence"] == "高"
    assert any("ColumnType" in reason for reason in rows["通知公告"]["reasons"])
    assert any("导航" in reason for reason in rows["通知公告"]["reasons"])
    assert rows["走进示范"]["kind"] == "概况信息"
    assert (rows["乡村振兴"]["kind"], rows["乡村振兴"]["field"]) == ("基层公开", "扶贫")
    assert (rows["养老服务"]["kind"], rows["养老服务"]["url"]) == ("基层公开", f"{host}/jcgk/YLFW/index.html")
    assert rows["互动交流"]["kind"] == "互动交流"
    assert [row["name"] for row in told["unmapped"]] == ["七彩"]
    # An article, a file, a script, another host, a second sheet, a log-in, a dead page and a headline are no columns.
    assert not {"规范性文件", "信息公开年报", "政策文件", "政策解读", "登录", "政府文件"} & set(rows)
    assert all(row["confirmed"] is False and row["reasons"] for row in told["proposed"])
    assert len({row["id"] for row in told["proposed"]}) == len(told["proposed"])


def test_the_proposal_is_a_file_for_the_owner_and_never_overwrites(
    world: World, office: Office, tmp_path: Path
) -> None:
    _site(world, office, "owner")
    office.crawl()
    before = len(world.log)
    path = tmp_path / "owner.yaml"
    office.text("columns", "propose", "owner", "--out", str(path))
    assert office.exit_code == 0
    told = YAML(typ="safe").load(path.read_text("utf-8"))
    assert told["site"] == "owner"
    assert {row["confirmed"] for row in told["proposed"]} == {False}
    path.write_text("负责人改过的\n", encoding="utf-8")
    office.text("columns", "propose", "owner", "--out", str(path))
    assert office.exit_code == 2
    assert "不覆盖" in office.said
    assert path.read_text("utf-8") == "负责人改过的\n"
    assert len(world.log) == before, "nothing is asked of the site"


def test_what_is_unmapped_is_not_configured_and_no_fault(world: World, office: Office) -> None:
    _site(world, office, "loose")
    told = office.nightly()
    rules = {"UP-02", "UP-03", "UP-05", "UP-06", "UP-13"}
    for rule in sorted(rules):
        assert told.result("loose", rule)["verdict"] in {"not_configured", "not_applicable"}, rule
    assert not [row for row in told.document["findings"] if row["rule"] in rules]


def test_diff_names_what_moved_went_and_came(world: World, office: Office) -> None:
    host = "http://www.changed.gov.cn"
    columns = [
        {"id": "tzgg", "name": "通知公告", "kind": "通知公告", "url": f"{host}/old/tzgg/"},
        {"id": "zcwj", "name": "政策文件", "kind": "政策文件", "url": f"{host}/zcwj/"},
        {"id": "zcjd", "name": "政策解读", "kind": "政策解读", "url": f"{host}/zcjd/"},
    ]
    _site(world, office, "changed", columns=columns)
    world.on(f"{host}/zcwj/", redirect("http://www.changed.gov.cn/zc/"))
    world.on(f"{host}/zc/", listed("/zc/"))
    world.on(f"{host}/zcjd/", listed("/zcjd/"))
    office.nightly()
    told = office.run("columns", "diff", "changed", "--json")
    changes = {(row["change"], row["name"]): row["says"] for row in told["changes"]}
    assert f"{host}/tzgg/index.html" in changes["moved", "通知公告"]
    assert f"{host}/zc/" in changes["moved", "政策文件"]
    assert ("new", "养老服务") in changes
    assert not any(name == "政策解读" for _, name in changes)
    assert "已移走" in office.text("columns", "diff", "changed")


def test_without_a_crawl_one_sentence_says_so(world: World, office: Office) -> None:
    office.site("never")
    office.text("columns", "propose", "never")
    assert office.exit_code != 0
    assert "请先运行" in office.said
    assert "Traceback" not in office.said
    office.text("columns", "diff", "nobody")
    assert office.exit_code == 2
