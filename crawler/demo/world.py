"""The simulated prefecture: fifteen sites and what lies around them, served from one loopback port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import unquote, urlsplit

from crawler.demo import articles, chrome, departments, faults, files, footers, jpaas, outside, plain, portals, trs, vsb
from crawler.demo.answer import Answer, missing
from crawler.demo.nouns import Column, Site
from crawler.demo.server import Server, Visit

_SYSTEMS = {"trs": trs.SYSTEM, "vsb": vsb.SYSTEM, "plain": plain.SYSTEM}
_ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /api-gateway/jpaas-jsearch-web-server/\n"


@dataclass(slots=True)
class World:
    """What is published, and the server that shows it. `log` lists every request in order."""

    today: date
    sites: dict[str, Site]
    pages: dict[tuple[str, str], Answer] = field(default_factory=dict)  # (host, path with query, unquoted) -> answer
    units: jpaas.Units = field(default_factory=jpaas.Units)
    server: Server = field(init=False)

    def __post_init__(self) -> None:
        self.server = Server(self.answer)
        for site in self.sites.values():
            self._publish(site)
        outside.publish(self.put, self.today)

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def log(self) -> list[Visit]:
        return self.server.log

    def put(self, url: str, answer: Answer) -> None:
        """Publish under a URL; `set` an answer anew to change the world between two nights."""
        host, path = _key(url)
        assert (host, path) not in self.pages, f"two pages at {url}"
        self.pages[host, path] = answer

    def change(self, url: str, answer: Answer) -> None:
        """Let a URL answer something else from now on: what a webmaster mends or breaks between two nights."""
        self.pages[_key(url)] = answer

    def column_url(self, site: Site, column: Column) -> str:
        if site.cms == "jpaas":
            return jpaas.column_url(site, column)
        return articles.column_url(_SYSTEMS[site.cms], site, column)

    def answer(self, host: str, target: str) -> Answer:
        path = target.partition("#")[0]
        if (known := self.pages.get((host, unquote(path)))) is not None:
            return known
        if (site := self._hosts().get(host)) is None:
            return outside.answer(host, path)
        if site.down is not None:
            return site.down
        unit, _, query = path.partition("?")
        if site.finds is not None and unit == site.finds_at:
            return site.finds(query)
        if unit == jpaas.UNIT:
            return self.units.answer(host, query)
        return missing()

    def _hosts(self) -> dict[str, Site]:
        return {site.host: site for site in self.sites.values()}

    def _publish(self, site: Site) -> None:
        if not site.up:
            return
        if site.cms == "jpaas":
            jpaas.publish(site, self.put, self.units)
        else:
            articles.publish(_SYSTEMS[site.cms], site, self.put)
        for url, answer in site.more.items():
            self.put(url, answer)
        self._leaves(site)
        self._assets(site)

    def _leaves(self, site: Site) -> None:
        system = _SYSTEMS.get(site.cms)
        frame = system.frame if system else jpaas.FRAME
        menu = articles.links(system, site) if system else jpaas.links(site)
        for leaf in site.leaves:
            html = chrome.page(site, frame, title=leaf.title, body=leaf.body, links=menu, footer=leaf.footer)
            first = 500 if leaf.path in site.flaps else None
            encoding, kind = (system.encoding, system.type) if system else ("utf-8", Answer().type)
            self.put(site.root + leaf.path, Answer(html.encode(encoding), kind, first=first))

    def _assets(self, site: Site) -> None:
        folder = f"{site.root}{site.folder}xhtml"
        self.put(f"{folder}/css/style.css", Answer(chrome.STYLE.encode(), "text/css"))
        self.put(f"{folder}/images/logo.png", Answer(files.png(28, 95, 165, width=48, height=48), "image/png"))
        if (script := footers.script(site)) is not None:
            self.put(
                site.root + footers.script_url(site), Answer(script.encode(), "application/javascript; charset=utf-8")
            )
        if site.cms == "jpaas":  # the other systems' sites have no robots.txt: 404, nothing is forbidden
            self.put(f"{site.root}/robots.txt", Answer(_ROBOTS.encode(), "text/plain"))


def _key(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc, unquote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def build(today: date) -> World:
    """The world as of a day (Asia/Shanghai): the same in every run of that day."""
    sites = {plan.id: portals.build(plan, today) for plan in portals.PLANS}
    sites |= {plan.id: departments.build(plan, today) for plan in departments.PLANS}
    faults.plant(sites, today)
    return World(today, sites)


@asynccontextmanager
async def serve(today: date, port: int = 0) -> AsyncIterator[World]:
    """The world on a loopback port (any free one for 0) for as long as the context lasts."""
    world = build(today)
    await world.server.start(port)
    try:
        yield world
    finally:
        await world.server.stop()
