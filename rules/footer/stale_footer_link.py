"""FT-11: an identifier of the footer that leads to a register's former address."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, Finding, NotApplicable, PageView, Said, Severity, cite, host_of, page_rule, resolve
from rules.footer._items import UNREAD, out_of_scope, template

_OLD_ICP = re.compile(r"(?:^|\.)mii(?:t)?beian\.gov\.cn\Z")
_OLD_POLICE = re.compile(r"(?:^|\.)beian\.gov\.cn\Z")
_OLD_JIUCUO = re.compile(r"(?:^|\.)kaipuyun\.cn\Z")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z|\[[0-9a-f:.]+\]\Z")

# kind -> what it is, where it leads now
_NOW = {
    "icp": ("ICP备案链接用的是已停用的旧域名", "https://beian.miit.gov.cn/"),
    "psb": ("公安备案链接用的是旧平台地址", "https://beian.mps.gov.cn/#/query/webSearch?code=本网站的14位编号"),
    "jiucuo": (
        "找错入口用的是旧采集系统的地址",
        "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=本网站标识码",
    ),
    "number": ("标识链接直接写了 IP 地址", "主管部门发布的域名地址"),
}


@page_rule(
    "FT-11",
    severity=Severity.HINT,
    basis=(cite("guobanmihan-2019-19", "jiucuo.entrance"), cite("guobanfa-2017-47", "links.patrol")),
)
def stale_footer_link(page: PageView, *, former_police_platform: bool = True) -> Iterator[Said]:
    """标识链接失效或过期域名

    为什么: 备案、找错这些标识是给公众核验用的；链接还指着停用的旧域名或裸IP地址，点开可能打不开，甚至被人抢注。

    看什么: 页脚中ICP备案、公安备案、党政机关标识、找错入口的链接和脚本地址：
    miibeian.gov.cn、miitbeian.gov.cn（已停用，应为 beian.miit.gov.cn），
    beian.gov.cn（旧公安备案平台，目前仍会跳转，须人工确认），kaipuyun.cn 和IP地址（旧找错采集系统）。

    怎么改: 到各平台重新复制本网站的代码，替换公共页脚模板里的旧地址。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    addresses = page.footer.addresses
    if not addresses:
        yield page.undecidable(UNREAD) if page.unread else NotApplicable("页脚没有标识链接")
        return
    old: dict[str, list[str]] = {}
    for address in addresses:
        if kind := _kind(host_of(resolve(page.url, address)[0])):
            old.setdefault(kind, []).append(address)
    for kind, found in old.items():
        if kind == "psb" and not former_police_platform:
            continue
        words, now = _NOW[kind]
        yield Finding(
            message=f"{words}：{found[0][:120]}",
            at=page.place(quote=found[0]),
            key=f"{kind}@{template(page)}",
            certainty=Certainty.PROPOSED if kind == "psb" else Certainty.CONFIRMED,
            fix=f"改为{'' if now.startswith('主') else ' '}{now}",
            evidence={"页脚中的地址": "\n".join(found[:5]), "页脚模板": template(page)},
            per="site",
        )


def _kind(host: str) -> str:
    if _OLD_ICP.search(host):
        return "icp"
    if _OLD_POLICE.search(host):
        return "psb"
    if _OLD_JIUCUO.search(host):
        return "jiucuo"
    return "number" if _NUMBER.match(host) else ""
