"""What a host name says: its suffix and its labels."""

import re

from crawler.api import SiteView

_CHINESE = ("政务", "xn--zfr164b")  # .政务 and its form on the wire
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9a-f:]*:[0-9a-f:]+\]?", re.IGNORECASE)


def hosts(site: SiteView) -> list[str]:
    """Registered hosts, www and bare once."""
    bare = {host.lower().rstrip(".").removeprefix("www."): host for host in reversed(site.site.hosts)}
    return sorted(bare.values())


def is_government(host: str) -> bool:
    name = host.lower().rstrip(".")
    return name.endswith(".gov.cn") or name.rpartition(".")[2] in _CHINESE


def is_ip(host: str) -> bool:
    return _IP.fullmatch(host) is not None


def own_labels(host: str) -> list[str]:
    """`jyj.linxia` of `jyj.linxia.gov.cn`; without www."""
    name = host.lower().rstrip(".").removeprefix("www.").removesuffix(".gov.cn")
    return name.split(".")
