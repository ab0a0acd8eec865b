"""LK-12: a link to a host whose name looks like an office's and is not."""

from collections.abc import Iterator

from crawler.api import Certainty, Finding, Place, Said, Severity, TargetView, cite, host_of, target_rule


@target_rule("LK-12", severity=Severity.HINT, basis=(cite("guobanfa-2017-47", "links.address"),))
def lookalike_host(target: TargetView) -> Iterator[Said]:
    """疑似仿冒政府域名的链接

    为什么: 与政府网站域名只差一个字母、一个横线或后缀的域名，不是笔误就是仿冒，公众分不清，容易上当。

    看什么: 链接的域名与已登记网站的域名是否形近：0与o、1与l互换，多一个横线，gov.cn后再加后缀，
    linxia-gov.cn 一类拼法，或错了一个字母而拼不成地名的。其他市县自己的域名、有无www、下级域名都不算。须人工确认。

    怎么改: 核对后改成正确的域名；发现仿冒网站的，向网信、公安部门报告。
    """
    if not target.imitates:
        return
    parents = target.parents()
    first = parents[0] if parents else None
    host = host_of(target.url)
    yield Finding(
        message=f"链接的域名 {host} 与 {target.imitates} 形近，可能是笔误或仿冒",
        at=Place(first.url, first.css, first.text) if first else Place(target.url),
        key=f"host:{host}",
        certainty=Certainty.PROPOSED,
        target=target.url,
        parents=parents,
        parent_count=target.parent_count,
        evidence={"域名": host, "形近的域名": target.imitates},
        cites=(target.url,),
        per="site",
    )
