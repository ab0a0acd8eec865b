"""The configuration of the simulated prefecture, in the form an office writes its own."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from crawler.demo import departments, outside, portals
from crawler.demo.nouns import Site
from crawler.demo.world import World

# Fast enough for a crawl of under a minute; a real platform gets one request a second.
_RATE, _CONCURRENCY = 400, 16


def write(world: World, folder: Path) -> Path:
    """sites/*.yaml, platforms.yaml, sources.yaml and network.yaml of the world as it is served now."""
    (folder / "sites").mkdir(parents=True, exist_ok=True)
    for site in world.sites.values():
        _dump(folder / "sites" / f"{site.id}.yaml", _site(world, site))
    _dump(folder / "platforms.yaml", platforms())
    _dump(folder / "sources.yaml", sources())
    _dump(folder / "network.yaml", network(world))
    return folder


def _dump(path: Path, value: object) -> None:
    writer = YAML(typ="safe")
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.width = 200
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    with path.open("w", encoding="utf-8") as out:
        writer.dump(value, out)


def _site(world: World, site: Site) -> dict[str, Any]:
    columns = []
    for column in site.columns:
        if column.registered:
            area = {"field": column.area} if column.area else {}
            url = world.column_url(site, column)
            columns.append({"id": column.id, "name": column.name, "kind": column.kind, "url": url, **area})
    told: dict[str, Any] = {
        "id": site.id,
        "name": f"{site.name}（模拟）",
        "code": site.code,
        "level": site.level,
        "platform": site.platform,
        "home": f"{site.root}/",
        "hosts": [site.host, *site.more_hosts],
        "prefixes": [site.prefix] if site.prefix else [],
        "confirmed": True,
        "columns": columns,
    }
    if site.finds is not None:
        told["search_probe"] = True
    if site.outage:
        midnight = datetime.combine(world.today, time())  # as people write it: Asia/Shanghai
        window = (midnight - timedelta(days=2), midnight + timedelta(days=3))
        start, end = (moment.strftime("%Y-%m-%d %H:%M") for moment in window)
        told["outages"] = [{"from": start, "to": end, "number": site.outage}]
    return told


def platforms() -> list[dict[str, Any]]:
    fast = {
        "rate": _RATE,
        "concurrency": _CONCURRENCY,
        "attachment_rate": _RATE,
        "search_interval": "0.2s",
        "window": None,
        "robots": "obey",
        "robots_unknown": "columns",
        "second_round_after": "1s",
        "trap_cap": 50,
        "breaker_pause": "1s",
        "clock": "5s",
        "timeout": "10s",
    }
    return [{"id": name, **fast} for name in (portals.PLATFORM, departments.PLATFORM, "external")]


def sources() -> list[dict[str, Any]]:
    feeds = (
        ("gov-yaowen", "中国政府网要闻（模拟）", "central", "gov-json", outside.CENTRAL_FEED),
        ("gansu-yaowen", "甘肃要闻（模拟）", "provincial", "column", outside.PROVINCIAL_FEED),
    )
    return [
        {
            "id": source_id,
            "name": name,
            "level": level,
            "format": kind,
            "feed": feed,
            "deadline_hours": 24,
            "owed_by": ["portal"],
        }
        for source_id, name, level, kind, feed in feeds
    ]


def network(world: World) -> dict[str, Any]:
    """Every host of the world is this port; names that do not resolve, a shut port, and no https at all."""
    refused = {f"{site.host}:80": "refused" for site in world.sites.values() if not site.up and site.down is None}
    return {
        "connect_to": {
            **{f"{host}:*": "nxdomain" for host in outside.NXDOMAIN},
            **refused,
            "*:80": f"127.0.0.1:{world.port}",
            "*:443": "refused",  # nothing of the demo may ever leave this machine
        },
        "canaries": [outside.CANARY],
        "proxy": None,
    }
