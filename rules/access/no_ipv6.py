"""A home page that cannot be reached over IPv6."""

from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Finding,
    Ipv6Look,
    Place,
    Said,
    Severity,
    SiteView,
    cite,
    printed,
    site_rule,
    timedelta,
)

_APART = timedelta(minutes=30)  # of two looks, as of two rounds


@site_rule(
    "AC-01",
    severity=Severity.POINTS,
    points=1.0,
    basis=(cite("guobanmihan-2019-19", "ipv6"), cite("guobanhan-2018-71", "ipv6")),
)
def no_ipv6(site: SiteView, *, apart: timedelta = _APART) -> Iterator[Said]:
    """不支持 IPv6 访问

    为什么: 政府网站应完成 IPv6 改造；没有完成的扣1分。

    看什么: 首页域名有没有 IPv6 地址记录（AAAA），首页能否通过 IPv6 打开。有记录而打不开的，
    隔30分钟以上两次都打不开才认定。本机没有 IPv6、域名服务器不给 IPv6 记录的不下结论。

    怎么改: 向域名解析服务商添加 AAAA 记录，并让服务器、防护和 CDN 支持 IPv6。
    """
    looks = site.ipv6()
    if not looks:
        yield site.undecidable("尚未检查 IPv6")
        return
    last = looks[0]
    if last.record == "no":
        yield _finding(site, last, "no-record", Certainty.CONFIRMED, f"{last.host} 没有 IPv6 地址记录（AAAA）")
    elif last.record == "unknown" or last.reached == "unknown":
        yield site.undecidable(last.note or "看不到 IPv6")
    elif last.reached == "no":
        twice = any(look.reached == "no" and last.at - look.at >= apart for look in _in_a_row(looks))
        words = f"{last.host} 有 IPv6 地址记录，但通过 IPv6 打不开：{last.note}"
        yield _finding(site, last, "no-reach", Certainty.CONFIRMED if twice else Certainty.SUSPECTED, words)


def _in_a_row(looks: tuple[Ipv6Look, ...]) -> Iterator[Ipv6Look]:
    """The newest looks, down to the first that reached the page."""
    for look in looks:
        if look.reached == "yes":
            return
        yield look


def _finding(site: SiteView, look: Ipv6Look, key: str, certainty: Certainty, words: str) -> Finding:
    return Finding(
        message=words,
        at=Place(site.site.home),
        key=key,
        certainty=certainty,
        target=site.site.home,
        evidence={"检查时间": printed(look.at)},
        cites=(f"ipv6:{site.id}",),
    )
