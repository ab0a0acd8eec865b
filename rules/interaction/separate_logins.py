"""Whether one account opens everything: only somebody who logs in can tell."""

from collections.abc import Iterator

from crawler.api import Said, Severity, SiteView, cite, site_rule


@site_rule(
    "IX-06",
    severity=Severity.POINTS,
    points=3.0,
    basis=(cite("guobanmihan-2019-19", "interaction.login"),),
    form="person",
)
def separate_logins(site: SiteView) -> Iterator[Said]:
    """多处重复登录

    为什么: 各互动栏目要各自登录的扣3分，用户不能一号通行的扣2分。

    看什么: 本程序不登录、不注册，由人判定：用同一个账号依次进入下列互动和办事栏目，看是否要再次登录。

    怎么改: 接入统一身份认证，让一个账号能用于全部互动和办事栏目。
    """
    where = [f"{c.name} {c.url}" for c in site.site.columns if c.kind in {"互动交流", "办事服务", "征集调查"}]
    look = "、".join(where[:6]) if where else f"没有登记互动交流和办事服务栏目，请从首页 {site.site.home} 进入"
    yield site.undecidable(f"由人判定：用同一个账号依次登录 {look}")
