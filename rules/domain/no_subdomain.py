"""A department on a domain of its own instead of one below its government's."""

from collections.abc import Iterator

from crawler.api import Finding, Place, Said, Severity, SiteView, cite, site_rule
from rules.domain._hosts import hosts, own_labels


@site_rule(
    "DN-02",
    severity=Severity.POINTS,
    points=1,
    basis=(cite("guobanfa-2017-47", "domain.english"), cite("guobanmihan-2019-19", "domain")),
)
def no_subdomain(site: SiteView, *, exceptions: tuple[str, ...] = ()) -> Iterator[Said]:
    """部门未用子域名

    为什么: 部门网站应使用本级政府或上级部门网站的下级域名（○○○.□□□.gov.cn），不规范的扣1分。

    看什么: 部门网站登记的每个 .gov.cn 主机名，去掉 www 以后是否有两级以上，例如 jyj.linxia.gov.cn。
    www.□□□.gov.cn 是自立的域名。经批准的例外写在规则选项 exceptions 里。门户网站不适用。

    怎么改: 改用本级政府门户网站的下级域名，旧域名设置跳转，到期注销。
    """
    if site.site.level != "department":
        yield site.not_applicable("门户网站不适用")
        return
    for host in hosts(site):
        if not host.lower().rstrip(".").endswith(".gov.cn") or host in exceptions or len(own_labels(host)) >= 2:
            continue
        yield Finding(
            message=f"部门网站的域名 {host} 不是政府门户网站的下级域名",
            at=Place(site.site.home),
            key=f"own:{host}",
            evidence={"域名": host, "应为": "○○○.□□□.gov.cn"},
        )
