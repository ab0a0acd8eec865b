"""The second step for attachments of policy documents, seen in the server's log and in what a rule would read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.core.views import AttachmentView
from crawler.demo.answer import file as served
from crawler.demo.answer import page
from crawler.jobs.judging import snapshot
from tests.crawl.small_world import SmallSite, World, standing
from tests.parse.files.made import doc, docx

PAGE = """<html><head><title>办法</title><meta name="ArticleTitle" content="关于印发办法的通知"></head><body>
<h1>关于印发办法的通知</h1><div class="TRS_Editor"><p>{0}</p><p>各县市人民政府，州政府各部门，请认真贯彻执行本办法。</p>
<p>附件：<a href="/files/{1}">{1}</a></p></div></body></html>"""
NUMBER = "示范府发〔2026〕8号"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with standing(tmp_path) as found:
        yield found


def article(world: World, site: SmallSite, name: str, number: str = NUMBER) -> None:
    world.pages[site.article(1)] = page(PAGE.format(number, name))


def file(world: World, site: SmallSite, name: str, body: bytes) -> str:
    url = f"{site.root}/files/{name}"
    world.pages[url] = served(body)
    return url


def offered(world: World, site: SmallSite) -> dict[str, AttachmentView]:
    with snapshot(world.config(), world.places.crawl_db) as taken:
        view = next(iter(taken.fleet().sites))
        return {one.attachment.suffix: one for seen in view.pages() for one in seen.files}


LONG = "各县市人民政府：请认真贯彻执行本办法。" * 600


def test_a_policy_documents_attachment_is_read_whole_and_once(world: World) -> None:
    site = world.add("aaa", articles=2)
    article(world, site, "办法.doc")
    url = file(world, site, "%E5%8A%9E%E6%B3%95.doc", doc(LONG))
    assert not world.night().outcome.crawled.errors
    found = offered(world, site)["doc"]
    assert found.text.startswith("各县市人民政府")
    assert found.problem == ""
    first = world.asked()[url]
    assert first <= 2, "the head, then the whole file"
    world.forget()
    world.report()
    assert world.asked()[url] <= 1, "the head says that nothing changed"
    assert offered(world, site)["doc"].text == found.text
    file(world, site, "%E5%8A%9E%E6%B3%95.doc", doc("新的办法" + LONG))
    world.report()
    assert offered(world, site)["doc"].text.startswith("新的办法")


def test_what_is_no_policy_document_is_left_alone(world: World) -> None:
    site = world.add("aaa", articles=2)
    article(world, site, "a.docx", "招聘公告")
    url = file(world, site, "a.docx", docx("<w:p><w:t>表</w:t></w:p>" * 3000))
    world.report()
    assert world.asked()[url] == 1
    found = offered(world, site)["docx"]
    assert (found.text, found.problem) == ("", "附件内容没有读取")


@pytest.mark.parametrize(("largest", "reads", "says"), [(0.01, "policy", "超过"), (5, "none", "没有读取")])
def test_limits_are_named(world: World, largest: float, reads: str, says: str) -> None:
    site = world.add("aaa", articles=1)
    article(world, site, "b.doc")
    url = file(world, site, "b.doc", doc(LONG))
    (world.config_dir).mkdir(parents=True, exist_ok=True)
    (world.config_dir / "crawl.yaml").write_text(f"attachments: {{read: {reads}, largest_mb: {largest}}}")
    world.report()
    assert world.asked()[url] == 1
    assert says in offered(world, site)["doc"].problem


def test_a_broken_file_stops_nothing(world: World) -> None:
    site = world.add("aaa", articles=2)
    article(world, site, "c.docx")
    file(world, site, "c.docx", docx("<w:p>" * 100_000))
    assert not world.night().outcome.crawled.errors
    assert "嵌套" in offered(world, site)["docx"].problem
