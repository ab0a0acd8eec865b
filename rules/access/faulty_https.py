"""A certificate or an https connection that browsers complain about."""

from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Finding,
    HostFacts,
    NotApplicable,
    Place,
    Said,
    Severity,
    SiteView,
    State,
    cite,
    other_scheme,
    said_by,
    site_rule,
    why_unknown,
)

_FIX = {
    "legacy": "升级服务器的 TLS 配置，支持 TLS 1.2 以上和安全重协商。",
    "incomplete_chain": "在服务器上把中间证书和网站证书一起安装。",
    "expired": "更换有效期内的证书，并设置到期提醒。",
    "wrong_host": "换用包含这个域名的证书。",
}
_OTHER_FIX = "换用浏览器信任的机构签发的证书。"


@site_rule("AC-02", severity=Severity.HINT, basis=(cite("hulianwang-zhengwu-yingyong-2024", "https"),))
def faulty_https(site: SiteView) -> Iterator[Said]:
    """HTTPS 证书或连接有误

    为什么: 证书有误时浏览器会拦住公众，显示“不安全”；内容能读到不等于公众敢打开。

    看什么: 网站各主机的证书是否在有效期内、与域名相符、证书链完整，是否只支持旧式协商；https 与 http
    是否只有一个能打开；https 首页是否引用 http 脚本。证书不被普通工具信任的可能是国密证书，须人工确认。
    这些都不算网站打不开。

    怎么改: 更换或补全证书，升级 TLS 配置；https 打不开的恢复443端口，并让 http 跳转到 https。
    """
    hosts = site.hosts()
    if not hosts and not site.site.home.startswith("https:"):
        yield from _scheme(site)
        yield NotApplicable("没有读到 https 页面")
        return
    for host in hosts:
        if host.tls.get("fault"):
            yield _certificate(host)
    yield from _scheme(site)
    yield from _mixed(site)
    home = site.home.known if site.home else None
    if not hosts and not site.opened_instead():
        yield site.undecidable(why_unknown(home) if home else "首页尚未检查")


def _certificate(host: HostFacts) -> Finding:
    fault, tls = host.tls["fault"], host.tls
    unsure = fault in {"unknown_ca", "untrusted"}
    words = tls.get("reason", "证书校验失败")
    until = f"（有效期到 {tls['not_after'][:10]}）" if fault == "expired" and tls.get("not_after") else ""
    return Finding(
        message=f"{host.host}：{words}{until}" + ("，可能是国密或内部证书，请人工确认" if unsure else ""),
        at=Place(host.url),
        key=f"tls:{host.host}",
        certainty=Certainty.PROPOSED if unsure else Certainty.CONFIRMED,
        target=host.url,
        fix=_FIX.get(fault, _OTHER_FIX),
        evidence={
            "读取方式": "旧式协商后读到内容" if fault == "legacy" else "不校验证书后读到内容",
            **{label: tls[key] for label, key in _SHOWN.items() if tls.get(key)},
        },
        cites=(f"tls:{host.host}",),
    )


_SHOWN = {"证书域名": "names", "签发机构": "issuer", "有效期起": "not_before", "有效期止": "not_after"}


def _scheme(site: SiteView) -> Iterator[Said]:
    """One scheme is dead and the other is not (BEHAVIOURS 33)."""
    other = site.opened_instead()
    known = site.home.known if site.home else None
    row = (known.pending or known.seen) if known else None
    if other and known and row:
        yield Finding(
            message=f"首页登记的地址 {site.site.home} 打不开（{said_by(row)}），{other} 可以打开",
            at=Place(site.site.home),
            key="scheme",
            certainty=Certainty.SUSPECTED if known.pending else Certainty.CONFIRMED,
            target=site.site.home,
            fix="恢复这个地址；首页改用另一地址的，更新登记的首页网址。",
            attempts=row.attempts,
            cites=(site.site.home, other),
        )


def _mixed(site: SiteView) -> Iterator[Said]:
    home = site.home
    if home is None or home.facts is None or home.known.seen is None or home.known.state is not State.ALIVE:
        return
    landed, facts = home.known.seen.final_url or site.site.home, home.facts
    if not landed.startswith("https:"):
        return
    scripts = [url for url in facts.scripts if url.startswith("http:")]
    if scripts:
        yield Finding(
            message=f"https 首页引用了 {len(scripts)} 个 http 脚本，除非另有设置，浏览器会拦截",
            at=Place(landed),
            key="mixed",
            certainty=Certainty.PROPOSED,  # a Content-Security-Policy may ask browsers to upgrade them
            target=site.site.home,
            fix="把脚本地址改成 https 或以 // 开头。",
            evidence={"脚本": "、".join(scripts[:5])},
            cites=(site.site.home,),
        )
    plain = other_scheme(site.site.home) if site.site.home.startswith("https:") else ""
    known = site.known(plain) if plain else None
    seen = known.seen if known and known.state is State.ALIVE and known.pending is None else None
    if seen is not None and seen.final_url.startswith("http:"):
        yield Finding(
            message=f"{plain} 可以打开，但没有跳转到 https",
            at=Place(plain),
            key="no-redirect",
            certainty=Certainty.PROPOSED,  # the page itself may jump by script
            target=plain,
            fix="让 http 地址跳转到对应的 https 地址。",
            cites=(plain,),
        )
