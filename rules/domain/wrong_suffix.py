"""A site on a domain that is no government domain."""

from collections.abc import Iterator

from crawler.api import Finding, Place, Said, Severity, SiteView, cite, site_rule
from rules.domain._hosts import hosts, is_government, is_ip


@site_rule(
    "DN-01",
    severity=Severity.POINTS,
    points=1,
    basis=(cite("guobanmihan-2019-19", "domain"), cite("guobanhan-2018-55", "domain.suffix")),
)
def wrong_suffix(site: SiteView, *, exceptions: tuple[str, ...] = ()) -> Iterator[Said]:
    """域名不规范

    为什么: 政府网站只使用以 .gov.cn 或 .政务 结尾的域名，不规范的扣1分。

    看什么: 登记的每个主机名是否以 .gov.cn 或 .政务（xn--zfr164b）结尾。直接用 IP 地址的也算不规范。
    经批准的例外写在规则选项 exceptions 里；页面里链接到别处域名的由别的规则看。

    怎么改: 改用 .gov.cn 域名；不再使用的域名注销，并从登记的主机中删去。
    """
    for host in hosts(site):
        if is_government(host) or host in exceptions:
            continue
        why = "是 IP 地址" if is_ip(host) else "不以 .gov.cn 或 .政务 结尾"
        yield Finding(
            message=f"网站使用的域名 {host} {why}",
            at=Place(site.site.home),
            key=f"suffix:{host}",
            evidence={"域名": host, "登记的主机": "、".join(site.site.hosts)},
        )
