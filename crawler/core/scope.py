"""Which registered site a URL belongs to: host and tenant prefix together (BEHAVIOURS 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.core.model import Site


@dataclass(frozen=True, slots=True)
class Owner:
    """`site` owns the URL. `tenant` is set instead where another tenant's path stands on this host."""

    site: str | None
    host_site: str | None  # whose host it is, whoever owns the path
    tenant: str | None = None


NOBODY = Owner(None, None)


class Scope:
    """A path on a site's own host is its own unless its first segment is another registered site's prefix.

    `prefixes` claim paths on shared hosts and never exclude own ones: 和政 serves /zfxxgk/ without its prefix.
    """

    def __init__(self, sites: Iterable[Site]) -> None:
        self._hosts: dict[str, list[Site]] = {}
        self._prefixes: dict[str, str] = {}
        for site in sites:
            for host in site.hosts:
                self._hosts.setdefault(host.lower(), []).append(site)
            for prefix in site.prefixes:
                self._prefixes["/" + prefix.strip("/") + "/"] = site.id

    def owner(self, url: str) -> Owner:
        parts = urlsplit(url)
        residents = self._hosts.get(parts.hostname or "")
        if not residents:
            return NOBODY
        tenant = self._tenant(parts.path)
        for site in residents:
            if tenant == site.id:
                return Owner(site.id, site.id)
        if tenant is not None:
            return Owner(None, residents[0].id, tenant)
        whole = [site for site in residents if not site.prefixes] or residents
        return Owner(whole[0].id, whole[0].id)

    def _tenant(self, path: str) -> str | None:
        """The site whose claimed prefix is the longest one of this path."""
        claimed, end = None, 0
        while (end := path.find("/", end + 1)) > 0:
            claimed = self._prefixes.get(path[: end + 1], claimed)
        return self._prefixes.get(path + "/", claimed)

    def silent(self, url: str) -> bool:
        """True where only unconfirmed sites live: they are sent no request."""
        residents = self._hosts.get(urlsplit(url).hostname or "") or []
        return bool(residents) and not any(site.confirmed for site in residents)

    def hosts(self) -> frozenset[str]:
        return frozenset(self._hosts)
