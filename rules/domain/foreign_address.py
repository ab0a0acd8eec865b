"""DN-04: content of a site that stands on a bare address, a port of its own or a domain of nobody's office."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from crawler.api import (
    Certainty,
    Finding,
    NotApplicable,
    Place,
    Said,
    Severity,
    State,
    TargetView,
    cite,
    host_of,
    is_address,
    is_private_host,
    is_trusted,
    normalise,
    target_rule,
)
from rules.domain._hosts import is_government

_IDENTIFIERS = ("jiucuo", "site_code", "sitecode", "conac")  # of these FT-11 speaks


@target_rule("DN-04", severity=Severity.HINT, basis=(cite("guobanfa-2017-47", "links.address"),))
def foreign_address(target: TargetView, *, shared: tuple[str, ...] = ()) -> Iterator[Said]:
    """使用IP或非gov.cn地址

    为什么: 网站的内容应放在自己的域名下；IP地址和端口一换，链接全断，公众也看不出是谁的网站。

    看什么: 链接是否指向公网IP地址，是否在本站域名后加了端口；本站提供的附件、音视频是否放在不是 .gov.cn 的
    域名下（须人工确认，可能是引用别人的文件）。同一主机的合并为一个问题。常用的云存储、视频和内容分发主机，
    以及选项 shared 里写的不算；内网地址由 LK-06 指出，打不开的由死链规则指出。

    怎么改: 给这个系统申请本站域名下的子域名，去掉端口；附件、视频改传到网站自己的服务器。
    """
    host = host_of(target.url)
    if target.known.state is State.DEAD or not host or is_private_host(host):
        yield NotApplicable("打不开的链接、内网地址由别的规则判断")
        return
    words, key, certainty = _fault(target, host, shared)
    if not words:
        return
    parents = target.parents()
    first = parents[0] if parents else None
    yield Finding(
        message=words,
        at=Place(first.url, first.css, first.text) if first else Place(target.url),
        key=key,
        certainty=certainty,
        target=target.url,
        parents=parents,
        parent_count=target.parent_count,
        evidence={"主机": urlsplit(target.url).netloc[:200], "例如": target.url},
        cites=(target.url,),
        per="site",
    )


def _fault(target: TargetView, host: str, shared: tuple[str, ...]) -> tuple[str, str, Certainty]:
    fine = "", "", Certainty.CONFIRMED
    site = target.site.site
    if is_address(host):
        if any(word in target.url.lower() for word in _IDENTIFIERS) or host == host_of(site.home):
            return fine  # a site that is registered at an address is DN-01's
        return f"链接直接使用IP地址 {host}", f"ip:{host}", Certainty.CONFIRMED
    if host in site.hosts:
        port, usual = _port(target.url), _port(site.home)
        if port and port != usual:
            return f"本站内容使用了带端口的地址 {host}:{port}", f"port:{host}:{port}", Certainty.CONFIRMED
        return fine
    foreign = not target.internal and not is_government(host) and not is_trusted(host) and host not in shared
    if foreign and target.kind in {"attachment", "media"}:
        return f"附件、音视频放在非政府域名 {host} 下", f"host:{host}", Certainty.PROPOSED
    return fine


def _port(url: str) -> int:
    """Of the normalised URL: 0 for the scheme's own."""
    try:
        return urlsplit(normalise(url)).port or 0
    except ValueError:
        return 0
