"""A domain that runs out soon or is registered to somebody else."""

from collections.abc import Iterator

from crawler.api import Finding, Place, Said, Severity, SiteView, cite, date, site_rule, timedelta
from rules.domain._names import holds

_NOTICE = timedelta(days=60)


@site_rule(
    "DN-07",
    severity=Severity.HINT,
    basis=(cite("guobanhan-2018-55", "domain.release"), cite("guobanhan-2018-55", "domain.suffix")),
    form="input",
    inputs=("domains",),
)
def domain_record(site: SiteView, *, notice: timedelta = _NOTICE) -> Iterator[Said]:
    """域名到期或备案信息不符

    为什么: 域名到期没有续费会被他人注册，备案单位不符会被注销备案，网站随即打不开或指向别处。

    看什么: config/inputs/ 的域名资料（域名、到期日、备案单位）：60天内到期的、已经到期的、备案单位不是本单位的。
    这些在网页上看不到，没有资料不判断。

    怎么改: 到期前续费；备案单位变更的办理变更备案；不再使用的域名注销。
    """
    today = site.as_of.date()
    for row in site.inputs["domains"].rows:
        host = str(row.get("host", "")).strip()
        expires, holder = row.get("expires"), str(row.get("holder") or "").strip()
        if isinstance(expires, date) and expires <= today + notice:
            when = f"已于 {expires} 到期" if expires < today else f"将于 {expires} 到期"
            yield _finding(site, f"域名 {host} {when}", f"expires:{host}")
        if holder and not holds(site, holder) and holder not in site.site.name:
            yield _finding(site, f"域名 {host} 的备案单位是“{holder}”，不是本单位", f"holder:{host}")


def _finding(site: SiteView, message: str, key: str) -> Finding:
    return Finding(message=message, at=Place(site.site.home), key=key, evidence={"资料": site.inputs["domains"].file})
