"""LK-11: a link to another site's path on this site's own host."""

from collections.abc import Iterator

from crawler.api import (  # fmt: skip
    Certainty,
    Finding,
    Place,
    Said,
    Severity,
    State,
    TargetView,
    cite,
    host_of,
    target_rule,
)


@target_rule("LK-11", severity=Severity.HINT, basis=(cite("guobanfa-2017-47", "links.address"),))
def wrong_tenant(target: TargetView) -> Iterator[Said]:
    """错租户链接

    为什么: 同一平台上的网站共用服务器，别的网站的路径在本站域名下也能打开，看上去像本站内容，检查时会算到本站头上。

    看什么: 本站域名下的链接，路径是不是另一个已登记网站的（例如 www.甲.gov.cn/乙/…）。
    写着对方自己域名的链接不算；两个网站本来就共用域名的不算。打不开的由死链规则指出。须人工确认后计入。

    怎么改: 把链接改成对方网站自己的域名；请平台方让一个网站的路径只在它自己的域名下打开。
    """
    if target.tenant is None or target.known.state is State.DEAD:  # of the dead LK-01, LK-02 and LK-03 speak
        return
    parents = target.parents()
    first = parents[0] if parents else None
    other = target.tenant
    yield Finding(
        message=f"错租户链接：本站域名 {host_of(target.url)} 下的这个地址属于{other.name}",
        at=Place(first.url, first.css, first.text) if first else Place(target.url),
        key="tenant",
        certainty=Certainty.PROPOSED,
        target=target.url,
        fix=f"改成{other.name}自己的域名（{host_of(other.home)}）。",
        parents=parents,
        parent_count=target.parent_count,
        evidence={"所属网站": other.name, "对方首页": other.home},
        cites=(target.url,),
    )
