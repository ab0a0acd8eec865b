"""What is dead at once, what needs a second round, what is never judged, and what somebody answers for."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.core.clock import SHANGHAI
from tests.world.office import Office, page
from tests.world.server import World, answer, standing

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
GOOD = answer(page("通知"))


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with standing() as made:
        made.connect_to |= {"nosuch.test:*": "nxdomain", "shut.test:*": "refused"}
        yield made


@pytest.fixture
def office(world, tmp_path) -> Office:
    return Office(world, tmp_path)


# ── 40 ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

AT_ONCE = {"404": answer("", 404), "410": answer("", 410)}
LATER = {"500": answer("", 500), "502": answer("", 502), "reset": None}
NEVER = {
    "401": answer("", 401),
    "403": answer("", 403),
    "405": answer("", 405),
    "429": answer("", 429),
    "451": answer("", 451),
    "999": answer("", 999),
}


@pytest.mark.behaviour(40)
def test_one_round_confirms_what_a_server_says_of_a_page_and_nothing_else(world, office) -> None:
    for name, reply in (AT_ONCE | LATER | NEVER).items():
        office.site(f"first{name}", "/x/old.html", platform={"second_round_after": "1h"})
        world.on(f"http://www.first{name}.gov.cn/x/old.html", reply or (lambda _visit: None))
    told = office.nightly("--max-time", "25s")
    for name in AT_ONCE | LATER | NEVER:
        truth = "confirmed" if name in AT_ONCE else "suspected" if name in LATER else "unverified"
        assert told.verdict(f"first{name}", f"http://www.first{name}.gov.cn/x/old.html") == truth, name


@pytest.mark.behaviour(40)
def test_two_rounds_confirm_the_rest_and_every_attempt_is_printed(world, office) -> None:
    for name, reply in LATER.items():
        office.site(f"second{name}", "/x/old.html")
        world.on(f"http://www.second{name}.gov.cn/x/old.html", reply or (lambda _visit: None))
    office.site("names", "http://nosuch.test/a", "http://shut.test/a", "/f.doc")
    world.on("http://www.names.gov.cn/f.doc", answer(page("文件不存在"), 200))
    told = office.nightly()
    for name in LATER:
        url = f"http://www.second{name}.gov.cn/x/old.html"
        (found,) = told.findings(f"second{name}", target=url)
        assert found["certainty"] == "confirmed"
        assert len(found["attempts"]) == len(world.asked(url)), "all attempts are kept"
        html = (office.folder / "data/reports/latest/index.html").read_text(encoding="utf-8")
        assert all(attempt["at"][11:16] in html for attempt in found["attempts"])
    assert len(told.findings("names")) == 3
    assert {row["certainty"] for row in told.findings("names")} == {"confirmed"}


@pytest.fixture(scope="module")
def flapping(world, tmp_path_factory) -> Any:
    return lambda: Office(world, tmp_path_factory.mktemp("flap"))


KINDS = st.sampled_from([500, 502, 503, 504, "reset"])


@pytest.mark.behaviour(40)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=st.lists(st.tuples(KINDS, st.integers(1, 3)), min_size=1, max_size=4), seed=st.integers(0, 10**9))
def test_a_server_that_fails_for_a_while_gives_no_problem(world, flapping, plan, seed) -> None:
    """Whatever fails, once or through all attempts of the first round, and opens in the second."""
    name = f"flap{abs(hash((tuple(plan), seed)))}"
    office = flapping()
    paths = [f"/p{number}/doc.html" for number in range(len(plan))]
    office.site(name, *paths)
    for path, (kind, times) in zip(paths, plan, strict=True):
        bad = None if kind == "reset" else answer("", kind)
        world.on(
            f"http://www.{name}.gov.cn{path}", lambda visit, bad=bad, times=times: bad if visit.turn <= times else GOOD
        )
    told = office.nightly()
    assert not told.findings(name)
    assert told.result(name, "LK-02")["unknown"] == 0


# ── 46 ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.behaviour(46)
def test_other_peoples_refusals_are_no_finding_and_a_dead_host_is_one(world, office) -> None:
    refusals = {**NEVER, "418": answer("", 418)}
    links = [f"http://out{name}.test/a.html" for name in refusals]
    gone = [f"http://nosuch.test/{word}.html" for word in ("a", "b", "c", "d", "e")]
    office.site("outside", *links, *gone, "http://mp.weixin.qq.com/s/dead", "http://mp.weixin.qq.com/s/check")
    for name, reply in refusals.items():
        world.on(f"http://out{name}.test/a.html", reply)
    deleted = "<html><body><div class='weui-msg'><p>该内容已被发布者删除</p></div></body></html>"
    world.on("http://mp.weixin.qq.com/s/dead", answer(deleted))
    world.on("http://mp.weixin.qq.com/s/check", answer("<html><title>环境异常</title><p>完成验证后即可继续访问</p>"))
    told = office.nightly()
    found = told.findings("outside")
    assert {row["target"].partition("://")[2].partition("/")[0] for row in found} == {"nosuch.test", "mp.weixin.qq.com"}
    (host,) = [row for row in found if "nosuch" in row["target"]]
    assert host["count"] == len(gone)
    (wechat,) = [row for row in found if "weixin" in row["target"]]
    assert wechat["target"].endswith("/dead")


# ── 51 ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.behaviour(51)
def test_an_address_that_is_good_once_is_asked_anew_from_its_page(world, office) -> None:
    """The gateway gives each reading of the page a token that one download spends; the twin is gone with any token."""
    given, spent = [0], set()

    def links(_visit: Any) -> bytes:
        given[0] += 1
        return answer(page("下载", f"/down/a.pdf?token={given[0]}", f"/down/gone.pdf?token={given[0]}"))

    def download(visit: Any) -> bytes:
        token = visit.target.rpartition("=")[2]
        if token != str(given[0]) or token in spent:
            return answer("链接已失效", 403)
        spent.add(token)
        return answer(PDF, Content_Type="application/pdf")

    office.site("gate")
    world.on("http://www.gate.gov.cn/links.html", links)
    world.on("//www.gate.gov.cn/*", lambda v: download(v) if "/down/a.pdf" in v.target else answer("", 404))
    spent.add("1")  # somebody was faster
    told = office.nightly()
    assert [row["target"].partition("?")[0] for row in told.findings("gate")] == [
        "http://www.gate.gov.cn/down/gone.pdf"
    ]
    assert told.result("gate", "LK-03")["unknown"] == 0


# ── 54 ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def entry(days: int, prefix: str = "http://www.{}.gov.cn/old/") -> dict[str, str]:
    return {
        "prefix": prefix,
        "reason": "旧系统停用手续办理中",
        "until": str(datetime.now(SHANGHAI).date() + timedelta(days=days)),
    }


def listed(world: World, office: Office, name: str, *ignore: dict[str, str]) -> None:
    office.site(name, "/old/a.html", "/new/b.html")
    config = office.write() / "sites" / f"{name}.yaml"
    rows = [{**row, "prefix": row["prefix"].format(name)} for row in ignore]
    config.write_text(json.dumps({**json.loads(config.read_text()), "ignore": rows}, ensure_ascii=False))


@pytest.fixture
def kept(monkeypatch) -> None:
    """The configuration is written once, so that what a test adds to it stays."""
    monkeypatch.setattr(Office, "write", lambda self: self.folder / "config")


@pytest.mark.behaviour(54)
def test_what_somebody_answers_for_is_exempt_until_the_day_and_comes_back_after_it(world, tmp_path, request) -> None:
    now, then = Office(world, tmp_path / "now"), Office(world, tmp_path / "then")
    world.routes.setdefault("http://canary.test/", answer("<p>在</p>"))
    for office in (now, then):
        office.folder.mkdir()
    listed(world, now, "white", entry(30), entry(30, "http://www.{}.gov.cn/unused/"))
    listed(world, then, "lapsed", entry(-1))
    request.getfixturevalue("kept")
    told = now.nightly()
    found = {row["target"].rpartition("/")[2]: row for row in told.findings("white")}
    assert "旧系统停用手续办理中" in found["a.html"]["exempt"]
    assert found["a.html"]["state"] == "exempt"
    assert (found["b.html"]["exempt"], found["b.html"]["state"]) == ("", "open")
    assert told.result("white", "LK-02")["counts"]["confirmed"] == 1
    after = then.nightly()
    back = {row["target"].rpartition("/")[2]: row for row in after.findings("lapsed")}
    assert back["a.html"]["exempt"] == ""
    assert any("到期" in row["value"] for row in back["a.html"]["evidence"])
    assert not any("到期" in row["value"] for row in back["b.html"]["evidence"])
    notes = next(row["notes"] for row in after.document["coverage"] if row["site"] == "lapsed")
    assert any("到期" in note and "/old/" in note for note in notes)
    says = " ".join(row["says"] for row in _doctor(now))
    assert "/unused/ 在最近一次检查中没有用到" in says
    assert "/old/" not in says
    assert "到期" in " ".join(row["says"] for row in _doctor(then))
    assert zipfile.is_zipfile(next((then.folder / "data/reports/latest").glob("*.xlsx")))


@pytest.mark.behaviour(54)
@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"prefix": "http://www.wrong.gov.cn/old/", "reason": "旧"}, "until"),
        ({"prefix": "/old/", "reason": "旧", "until": "2027-01-01"}, "/old/"),
        ({"prefix": "http://www.wrong.gov.cn/old/", "reason": "旧", "until": "明年"}, "明年"),
    ],
)
def test_an_entry_without_an_end_is_refused_in_one_sentence(world, office, capsys, row, word) -> None:
    from crawler.cli import main

    listed(world, office, "wrong", row)
    folder = office.folder / "config"
    with pytest.raises(SystemExit) as end:
        main(["sites", "--config", str(folder)])
    assert end.value.code == 2
    said = capsys.readouterr()
    assert word in said.err + said.out
    assert "wrong.yaml" in said.err + said.out


def _doctor(office: Office) -> list[dict[str, Any]]:
    import io
    from contextlib import redirect_stdout

    from crawler.cli import main

    out = io.StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit):
        main(["doctor", "--json", "--config", str(office.folder / "config"), "--data", str(office.folder / "data")])
    return list(json.loads(out.getvalue()))
