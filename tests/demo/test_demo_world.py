"""The simulated prefecture: it is what planted/ says it is, and nothing else is wrong with it."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode, urljoin, urlsplit

import olefile
import pytest
from rich.console import Console
from ruamel.yaml import YAML

from crawler.demo import World, build, config, outside, serve
from crawler.demo import files as demo_files
from crawler.demo.answer import missing
from crawler.demo.jpaas import UNIT
from crawler.demo.nouns import moment
from crawler.demo.score import plan
from crawler.demo.show import stand

TODAY = date(2026, 11, 23)
_HREF = re.compile(r"""<(?:a|img|script|link)\b[^>]*?\b(?:href|src)=["']?([^"'\s>]+)""", re.IGNORECASE)
_UNIT = re.compile(r'queryData="\{(.*?)\}"')
# Controls, templates, another machine, and an action that nobody may ask.
_SKIP = ("javascript:", "mailto:", "tel:", "#", "{{", "file:", "https:", "http://192.168.", "/lxs/hdjl/mailbox/")


@dataclass
class Walk:
    status: dict[str, int] = field(default_factory=dict)  # of every URL asked
    parents: dict[str, set[str]] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    requests: int = 0


async def get(world: World, url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request over a socket of its own; status 0 when the server hangs up."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
    lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    try:
        raw = await reader.read()
    except ConnectionError:
        raw = b""
    writer.close()
    head, _, body = raw.partition(b"\r\n\r\n")
    if not head:
        return 0, {}, b""
    first, *rest = head.decode("latin-1").split("\r\n")
    told = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    return int(first.split(" ")[1]), told, body


def hrefs(body: bytes) -> list[str]:
    text = body.decode("utf-8", "ignore") if b"charset=gb2312" not in body else body.decode("gbk")
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    return [unescape(href) for href in _HREF.findall(text) if not href.startswith(_SKIP) and href != "'"]


async def walk(world: World) -> Walk:
    """Every page of the sites that are up, list units included, and one request to whatever they point at."""
    seen = Walk()
    own = {site.host for site in world.sites.values() if site.up}
    queue = [(f"{site.root}/", "") for site in world.sites.values() if site.up]
    while queue:
        url, parent = queue.pop()
        seen.parents.setdefault(url, set()).add(parent)
        if url in seen.status:
            continue
        status, headers, body = await get(world, url)
        if status in {500, 503}:  # once more: some only flap
            status, headers, body = await get(world, url)
        seen.status[url], seen.bodies[url] = status, body
        if 300 <= status < 400:
            queue.append((urljoin(url, headers["location"]), url))
        elif status == 200 and urlsplit(url).netloc in own and headers["content-type"].startswith("text/html"):
            found = hrefs(body)
            for said in _UNIT.findall(body.decode("utf-8", "ignore")):
                asked = dict(pair.replace("'", "").split(":", 1) for pair in said.split(","))
                for number in (1, 2):
                    unit = f"http://{urlsplit(url).netloc}{UNIT}?{urlencode(asked | {'pageNo': number})}"
                    answer = json.loads((await get(world, unit))[2])
                    assert answer["success"], unit
                    found += hrefs(answer["data"]["html"].encode())
            queue += [(urljoin(url, href), url) for href in found]
    return seen


@pytest.fixture(scope="module")
def seen() -> Walk:
    """One walk for all tests that only look at it."""

    async def once() -> Walk:
        async with serve(TODAY) as served:
            found = await walk(served)
            found.requests = len(served.log)
            return found

    return asyncio.run(once())


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with serve(TODAY) as served:
        yield served


def test_the_world_is_the_same_in_every_run() -> None:
    assert build(TODAY).pages == build(TODAY).pages


def test_fifteen_sites_on_four_systems_and_two_platforms() -> None:
    sites = build(TODAY).sites.values()
    assert len(sites) == 15
    assert {site.cms for site in sites} == {"jpaas", "trs", "vsb", "plain"}
    assert len({site.platform for site in sites}) == 2
    assert len({site.code for site in sites}) == 15


def test_every_rule_is_planted_twice_and_nearly_violated_twice() -> None:
    rules = {f"FT-{number:02}" for number in range(1, 11)} | {"LK-01", "LK-02", "LK-03", "LK-06", "LK-07"}
    rules |= {"PF-01", "PF-02", "RP-02", "RP-03", "SR-01", "AV-05", "AV-08"}
    planted = Counter(entry.rule for entry in plan().planted)
    near = Counter(entry.rule for entry in plan().near)
    assert set(planted) >= rules
    assert not {rule for rule in rules if planted[rule] < 2}
    assert not {rule for rule in rules if near[rule] < 2}


def test_columns_tags_and_domains_are_planted_with_near_misses() -> None:
    twice = {f"UP-{number:02}" for number in range(1, 7)} | {"TG-01", "TG-02", "TG-03"}
    once = {f"UP-{number:02}" for number in (7, 8, 9, 10, 11, 13)}
    once |= {"TG-04", "TG-05", "DN-01", "DN-02", "DN-05", "DN-06"}
    planted = Counter(entry.rule for entry in plan().planted)
    near = {entry.rule for entry in plan().near}
    assert not {rule for rule in twice if planted[rule] < 2}
    assert not {rule for rule in once if planted[rule] < 1}
    assert near >= {"UP-01", "UP-02", "UP-03", "UP-05", "UP-06", "UP-08", "UP-11", "UP-13", "TG-02", "DN-05", "DN-06"}


def test_nothing_is_dead_that_was_not_planted(seen: Walk) -> None:
    dead = {url for url, status in seen.status.items() if status in {0, 404, 410, 500, 503}}
    dead = {url for url in dead if url != "http://gaj.linxia.gov.cn/"}  # shut by network.yaml, not by the server
    entries = [entry for entry in plan().planted if entry.rule in {"LK-01", "LK-02", "LK-03", "AV-05"}]
    targets = {entry.target for entry in entries}
    patterns = [re.compile(entry.pattern) for entry in entries if entry.pattern]
    surprises = {url for url in dead if url not in targets and not any(p.search(url) for p in patterns)}
    assert not surprises, {url: seen.parents[url] for url in surprises}
    for pattern in patterns:
        assert sum(bool(pattern.search(url)) for url in dead) >= 20


def test_the_whole_crawl_stays_small(seen: Walk) -> None:
    assert 500 < seen.requests < 1500


def test_home_page_links_are_planted_as_lk01_and_others_as_lk02(seen: Walk) -> None:
    world = build(TODAY)
    homes = {f"{site.root}/" for site in world.sites.values()}
    for entry in plan().planted:
        if entry.rule in {"LK-01", "LK-02", "LK-07"} and entry.target and ".org.cn" not in entry.target:
            parents = seen.parents[entry.target]
            own = world.sites[entry.site].root
            assert all(parent.startswith(own) for parent in parents - {entry.target}), entry
            assert bool(parents & homes) == (entry.rule == "LK-01"), entry


async def test_planted_bodies_misbehave_as_told(world: World) -> None:
    urls = {(entry.rule, entry.site): entry.target or "" for entry in plan().planted}
    status, headers, body = await get(world, urls["LK-03", "lxs"])
    assert (status, headers["content-type"][:9]) == (200, "text/html")
    assert "文件不存在" in body.decode()
    assert (await get(world, urls["LK-03", "jyj"]))[2] == b""
    assert "不存在或已被删除" in (await get(world, urls["LK-07", "lxz"]))[2].decode()
    assert (await get(world, urls["LK-07", "klx"]))[1]["location"] == "/"
    assert (await get(world, urls["AV-08", "wlj"]))[0] == 503


@pytest.mark.parametrize(
    "entry", [entry for entry in plan().planted if entry.rule in {"PF-01", "PF-02"}], ids=lambda e: e.site
)
async def test_planted_policy_pages_exist(world: World, entry: object) -> None:
    target, pattern = entry.target, entry.pattern  # type: ignore[attr-defined]
    if target is None:
        known = [f"http://{host}{path}" for host, path in world.pages]
        (target,) = (url for url in known if re.search(pattern, url))
    status, _, body = await get(world, target)
    assert status == 200
    if entry.rule == "PF-01":  # type: ignore[attr-defined]
        assert "检索" not in body.decode("gbk" if entry.site == "scjgj" else "utf-8")  # type: ignore[attr-defined]


async def test_units_page_end_and_stall(world: World) -> None:
    """BEHAVIOURS 13 to 15: two or three units, paging by pageNo or paramJson, an empty end, a pager that stalls."""
    body = (await get(world, "http://www.lxs.gov.cn/lxs/zwgk/zc/agwwzfl/lsff/index.html"))[2].decode()
    assert body.count("queryData=") == 3

    async def rows(site: str, page: str) -> str:
        block = next(key for key in world.units.blocks if key[0] == world.sites[site].host and key[2] == "信息列表"
                     and "县域公共服务" in "".join(world.units.blocks[key][0]))  # fmt: skip
        url = f"http://{block[0]}{UNIT}?pageId={block[1]}&tagId=%E4%BF%A1%E6%81%AF%E5%88%97%E8%A1%A8&{page}"
        return str(json.loads((await get(world, url))[2])["data"]["html"])

    assert await rows("lxs", "pageNo=1") != await rows("lxs", "pageNo=2") != ""
    assert await rows("lxs", "paramJson=%7B%22pageNo%22%3A2%7D") == await rows("lxs", "pageNo=2")
    assert await rows("lxs", "pageNo=9") == ""
    assert await rows("dxx", "pageNo=1") == await rows("dxx", "pageNo=2")
    failed = json.loads((await get(world, f"http://www.lxs.gov.cn{UNIT}?pageId=x&tagId=y"))[2])
    assert failed["success"] is False


async def test_flapping_fails_once_only(world: World) -> None:
    assert [(await get(world, "http://www.dxzzzx.gov.cn/"))[0] for _ in range(3)] == [503, 200, 200]
    world.server.forget()
    assert (await get(world, "http://www.dxzzzx.gov.cn/"))[0] == 503


async def test_http_is_spoken_properly(world: World) -> None:
    url = "http://www.lxs.gov.cn/"
    status, headers, body = await get(world, url)
    assert status == 200
    assert (await get(world, url, If_None_Match=headers["etag"]))[0] == 304
    assert (await get(world, url, If_Modified_Since=headers["last-modified"]))[0] == 304
    status, told, nothing = await get(world, url, "HEAD")
    assert (status, nothing, told["content-length"]) == (200, b"", str(len(body)))
    assert (await get(world, "http://www.lxlib.com.cn/", "HEAD"))[0] == 403
    assert (await get(world, url, "POST"))[0] == 405
    assert world.log[0][1:] == ("www.lxs.gov.cn", "GET", "/", 200)
    pdf = "http://www.lxs.gov.cn" + next(p for h, p in world.pages if h == "www.lxs.gov.cn" and p.endswith(".pdf"))
    status, told, part = await get(world, quote(pdf, safe=":/?&="), Range="bytes=0-3")
    assert (status, part) == (206, b"%PDF")


async def test_gbk_pages_are_gbk_and_do_not_say_so_in_the_header(world: World) -> None:
    _, headers, body = await get(world, "http://scjgj.linxia.gov.cn/")
    assert headers["content-type"] == "text/html"
    assert b"charset=gb2312" in body
    assert "市场监督管理局" in body.decode("gbk")


def test_files_are_what_their_suffix_says() -> None:
    assert demo_files.pdf("题").startswith(b"%PDF-1.4")
    with olefile.OleFileIO(io.BytesIO(demo_files.ole(text="通知"))) as document:
        assert document.listdir() == [["WordDocument"]]
        assert "通知".encode("utf-16-le") in document.openstream("WordDocument").read()
    with zipfile.ZipFile(io.BytesIO(demo_files.docx("通知"))) as archive:
        assert "word/document.xml" in archive.namelist()
        assert archive.testzip() is None
    assert demo_files.rtf("通知").startswith(b"{\\rtf1")
    assert demo_files.png(1, 2, 3).startswith(b"\x89PNG")


async def test_feed_has_a_bom_a_row_without_url_and_an_item_of_today(world: World) -> None:
    """BEHAVIOURS 69."""
    body = (await get(world, outside.CENTRAL_FEED))[2]
    assert body.startswith(b"\xef\xbb\xbf")
    rows = json.loads(body.decode("utf-8-sig"))
    assert any("URL" not in row for row in rows)
    assert TODAY.isoformat() in {row["DOCRELPUBTIME"] for row in rows}
    assert any("www.gov.cn" not in row.get("URL", "www.gov.cn") for row in rows)


def test_no_page_is_dated_after_today(seen: Walk) -> None:
    # Two days to come are meant: a wrong date of dxx (UP-10) and an open deadline of hzx (a near miss of UP-11).
    meant = re.compile(rb"PubDate\" content=\"\S+ 09:00|\xe6\x88\xaa\xe6\xad\xa2")
    bodies = [b for url, b in seen.bodies.items() if not ("dxzzzx" in url or ("hezheng" in url and meant.search(b)))]
    dates = {found for body in bodies for found in re.findall(rb"20\d\d-\d\d-\d\d", body)}
    assert max(dates) <= TODAY.isoformat().encode()
    assert (TODAY - timedelta(days=1)).isoformat().encode() in dates


def test_configuration_keeps_the_contract(tmp_path: Path) -> None:
    world = build(TODAY)
    folder = config.write(world, tmp_path)
    read = YAML(typ="safe", pure=True)
    sites = [read.load(path.read_text(encoding="utf-8")) for path in sorted((folder / "sites").glob("*.yaml"))]
    assert len(sites) == 15
    assert all(isinstance(site["code"], str) and len(site["code"]) == 10 for site in sites)
    assert all(site["confirmed"] is True and site["home"].startswith("http://") for site in sites)
    assert {site["platform"] for site in sites} <= {
        platform["id"] for platform in read.load((folder / "platforms.yaml").read_text())
    }
    assert [site["id"] for site in sites if site.get("outages")] == ["jss"]
    without = [site["id"] for site in sites if not any(column["kind"] == "政策文件" for column in site["columns"])]
    assert without == ["ghx"]
    network = read.load((folder / "network.yaml").read_text())
    assert network["connect_to"]["*:80"] == f"127.0.0.1:{world.port}"
    assert network["connect_to"]["gaj.linxia.gov.cn:80"] == "refused"


async def test_a_page_can_be_changed_between_two_nights(world: World) -> None:
    url = "http://www.lxs.gov.cn/lxs/wzdt/index.html"
    assert (await get(world, url))[0] == 200
    world.change(url, missing())
    assert (await get(world, url))[0] == 404


def lateness(world: World, site_id: str, item: outside.Item) -> timedelta | None:
    """How long after the source's last possible moment a portal reposted; None where it did not."""
    start = moment(TODAY, item.days_ago, item.clock or "00:00")
    end = start if item.clock else start + timedelta(days=1)
    for article in world.sites[site_id].column("gwyxx").articles:
        if article.slug == f"zz{item.id}":
            assert article.published >= start, "nobody reposts before the source"
            return article.published - end
    return None


def test_reposts_are_missing_or_late_exactly_where_planted() -> None:
    world = build(TODAY)
    planted = {(entry.rule, entry.site, entry.target) for entry in plan().planted if entry.rule in {"RP-02", "RP-03"}}
    seen = set()
    portals_up = [site.id for site in world.sites.values() if site.level == "portal" and site.up]
    for item in (*outside.CENTRAL, *outside.PROVINCIAL):
        for site_id in portals_up if item.days_ago else ():
            late = lateness(world, site_id, item)
            if late is None:
                seen.add(("RP-02", site_id, item.url))
            elif late > timedelta(hours=24):
                seen.add(("RP-03", site_id, item.url))
    assert seen == planted
    p1 = next(item for item in outside.PROVINCIAL if item.id == "P1")
    assert lateness(world, "lxs", p1) == timedelta(hours=23)


def test_the_stalled_list_hides_what_was_reposted() -> None:
    """BEHAVIOURS 72: C1 lies below the only page the pager shows."""
    rows = build(TODAY).sites["dxx"].column("gwyxx").articles
    newest = sorted(rows, key=lambda article: article.published, reverse=True)[:5]
    assert "zzC1" not in {article.slug for article in newest}
    assert min(article.published for article in newest) > moment(TODAY, 6, "23:59")


def test_every_page_of_a_site_has_its_footer_but_the_topic_page(seen: Walk) -> None:
    world = build(TODAY)
    for url, body in seen.bodies.items():
        site = next((site for site in world.sites.values() if site.host == urlsplit(url).netloc), None)
        if site is None or seen.status[url] != 200 or b'class="main"' not in body:
            continue
        has = site.footer.box.encode() in body
        assert has == (url != "http://www.dxzzzx.gov.cn/dxx/ztzl/wmcj/index.html"), url


async def test_serving_says_how_to_use_it(world: World, tmp_path: Path) -> None:
    console = Console(file=io.StringIO(), width=100)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(stand(world, tmp_path, console), 0.2)
    assert f"127.0.0.1:{world.port}" in console.file.getvalue()  # type: ignore[attr-defined]
    assert (tmp_path / "network.yaml").exists()
