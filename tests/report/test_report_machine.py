"""The JSON contracts of an audit and of a page."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import jsonschema
import pytest

from crawler.core.facts import (
    FOOTER_ITEMS,
    Attachment,
    Dated,
    Entry,
    Footer,
    Link,
    Listing,
    ListUnit,
    Mark,
    PageFacts,
    SearchBox,
    Spot,
)
from crawler.report import machine
from tests.report import sample_report


def valid(document: machine.Json, name: str) -> machine.Json:
    schema = machine.schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)
    return document


@pytest.mark.parametrize("report", [sample_report.make(), sample_report.quiet(), sample_report.void()])
def test_an_audit_keeps_its_contract(report):
    document = valid(machine.document(report), "findings-1")
    assert {"run", "as_of", "sites", "results", "findings", "coverage"} <= document.keys()
    assert document["as_of"] == "2026-11-23T04:30:00+08:00"
    assert document["run"]["number"] == report.run.number


def test_a_finding_says_where_and_how_it_was_tried():
    rows = machine.document(sample_report.make())["findings"]
    dead = next(f for f in rows if f["rule"] == "LK-01" and f["parent_count"] == 300)
    assert len(dead["parents"]) == 28
    assert dead["parents"][0].keys() == {"url", "text", "css"}
    assert dead["attempts"][0] == {
        "at": "2026-11-23T03:15:00+08:00",
        "url": dead["target"],
        "status": 404,
        "outcome": "not_found",
        "elapsed_ms": 320,
        "note": "",
    }


def test_equal_reports_give_equal_bytes_whatever_their_order():
    report = sample_report.make()
    shuffled = sample_report.make(findings=report.findings[::-1], results=report.results[::-1])
    assert machine.dumps(machine.document(report)) == machine.dumps(machine.document(shuffled))


def test_the_bytes_are_json_that_no_terminal_acts_on():
    text = machine.dumps(machine.document(sample_report.make()))
    text.encode("utf-8")
    json.loads(text)
    assert not {c for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)}


def test_every_verdict_has_a_state_of_its_own():
    """BEHAVIOURS 1."""
    verdicts = {r["verdict"] for r in machine.document(sample_report.make())["results"]}
    assert verdicts == {"passed", "crashed", "not_configured", "not_applicable", "unverified"}


def test_an_empty_page_has_every_key():
    document = valid(machine.facts_document(PageFacts("https://a.gov.cn/", "", "utf-8")), "facts-1")
    assert list(document["footer"]) == list(FOOTER_ITEMS)
    assert document["published"] is None


def test_a_page_tells_what_was_seen():
    facts = PageFacts(
        "https://a.gov.cn/",
        "gb2312",
        "gb18030",
        title=sample_report.BAD_XML,
        metas=(("SiteIDCode", "6229010001"),),
        footer=Footer(site_code=(Mark("6229010001", Spot("div.footer", "网站标识码：6229010001"), "html"),)),
        search_boxes=(SearchBox("column", "form", Spot("form#s")),),
        published=Dated(datetime(2022, 8, 29, 19, 46), "meta", "minute"),  # noqa: DTZ001 the parser's are Shanghai
        dates=(Dated(datetime(2022, 8, 28, 16, tzinfo=UTC), "url"),),
        listing=Listing(
            "jpaas", (Entry("标题", "https://a.gov.cn/1", None, "1"),), units=(ListUnit("jpaas", "https://a.gov.cn/u"),)
        ),
        attachments=(Attachment("https://a.gov.cn/a.wps", "a.wps", "下载", "wps"),),
        hidden_links=(Link("https://spam.example/", "//spam.example/"),),
        protection="知道创宇",
    )
    document = valid(machine.facts_document(facts, (Link("https://a.gov.cn/1", "1", "标题"),)), "facts-1")
    machine.dumps(document).encode()
    assert document["encoding"] == {"declared": "gb2312", "used": "gb18030"}
    assert document["published"] == {"value": "2022-08-29T19:46:00+08:00", "source": "meta", "precision": "minute"}
    assert document["dates"][0]["value"] == "2022-08-29T00:00:00+08:00"
    assert document["list_source"] == "jpaas"
    assert document["footer"]["site_code"][0]["via"] == "html"
    assert document["links"][0]["text"] == "标题"
