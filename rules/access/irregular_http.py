"""A server whose answers break HTTP's grammar, though browsers forgive it."""

from collections.abc import Iterator

from crawler.api import Finding, Place, Said, Seen, Severity, SiteView, State, cite, said_by, site_rule, why_unknown

_MARK = "服务器响应不规范"


@site_rule("AC-07", severity=Severity.HINT, basis=(cite("hulianwang-zhengwu-yingyong-2024", "monitoring"),))
def irregular_http(site: SiteView) -> Iterator[Said]:
    """服务器应答不规范

    为什么: 应答的头或长度写错时，浏览器多半能将就，搜索引擎、读屏软件和监测工具却可能打不开。

    看什么: 首页和登记的栏目页，应答头是否符合 HTTP 协议、正文是否按声明的长度传完。内容照常读取，
    不算网站打不开。

    怎么改: 检查网站服务器和前面的防护、加速设备，改正应答头；声明的长度要与内容一致。
    """
    home = site.home.known if site.home else None
    known = [home, *(column.known for column in site.columns)]
    rows = [one.seen for one in known if one and one.state is State.ALIVE and one.seen]
    faulty: list[Seen] = [row for row in rows if row.note.startswith(_MARK)]
    if not rows:
        yield site.undecidable(why_unknown(home) if home else "首页尚未检查")
    elif faulty:
        urls = list(dict.fromkeys(row.final_url for row in faulty))
        yield Finding(
            message=f"{faulty[0].note}（{len(urls)} 个页面）",
            at=Place(urls[0]),
            key="irregular-http",
            target=urls[0],
            evidence={"页面": "、".join(urls[:5]), "结果": said_by(faulty[0])},
            cites=tuple(urls[:20]),
        )
