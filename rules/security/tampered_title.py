"""SC-04: a head that advertises gambling or porn, and a page that is no longer what it was: its title, its scripts."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from crawler.api import (
    Certainty,
    Earlier,
    Finding,
    PageView,
    Said,
    Severity,
    cite,
    host_of,
    is_trusted,
    page_rule,
    path_key,
    plain,
    printed,
    registrable,
)

_WHERE = {"title": "网页标题", "keywords": "关键词", "description": "网页描述", "heading": "正文标题"}
_DISGUISES = {
    "entities": "写成字符编码（&#…;）",
    "invisible": "夹有看不见的字符",
    "fullwidth": "写成全角字符",
    "script": "由脚本写入",
}
_TITLE = 4  # characters of a title that can be compared


@page_rule("SC-04", severity=Severity.VETO, basis=(cite("guobanmihan-2019-19", "veto.security"),))
def tampered_title(page: PageView, *, alike: float = 0.3) -> Iterator[Said]:
    """页面标题、关键词被篡改

    为什么: 标题和关键词里的赌博、色情词语是给搜索引擎看的，说明网页已被篡改，属单项否决事项，须立即处置。

    看什么: 网页标题、关键词、描述和正文标题还原之后（字符编码、不可见字符、全角、脚本拼接）是不是赌博、色情一类的广告；
    与近30天内第一次读到时相比，首页和栏目页的标题是不是完全换了、不再提网站和栏目的名称，
    以前读过的页面是不是引用了从没见过的、不是政府网站和常用服务商的脚本主机。
    打击赌博、警示提醒、案件通报一类的文章不算；标题里仍有网站名称的改版、换用自己的域名不算。须人工确认后计入。

    怎么改: 先下线该页并保留现场，恢复原来的标题，检查模板、脚本和服务器上有没有后门，修补后再上线，并按规定报告。
    """
    yield from _lured(page)
    strangers = _strange_scripts(page)
    titled = page.is_home or page.column is not None
    if not (titled or strangers):
        return
    before = page.site.earlier(page.url)
    if before is None:
        return
    if titled and before.facts is not None and (words := _another_title(page, before.facts.title, alike)):
        yield _changed(page, before, f"标题与 {printed(before.at)} 完全不同：{words}", f"title:{path_key(page.url)}")
    for host, script in sorted(strangers.items()):
        had = before.facts is not None and host in {host_of(url) for url in before.facts.scripts}
        if before.at < page.site.new_script_hosts()[host] and not had:
            found = _changed(page, before, f"页面新引用了从没见过的外部脚本主机 {host}", f"script:{host}", script)
            yield found


def _lured(page: PageView) -> Iterator[Said]:
    lures = page.facts.lures
    if not lures:
        return
    first = lures[0]
    evidence = {_WHERE[lure.where]: lure.text for lure in lures}
    if disguises := sorted({_DISGUISES[lure.disguise] for lure in lures if lure.disguise}):
        evidence["伪装"] = "、".join(disguises)
    yield Finding(
        message=f"{_WHERE[first.where]}疑似被篡改，带有赌博、色情等广告：{first.text[:60]}",
        at=page.place(quote=first.text),
        key="home" if page.is_home else "lure",
        certainty=Certainty.PROPOSED,
        evidence=evidence,
        per="site",
    )


def _strange_scripts(page: PageView) -> dict[str, str]:
    """New script hosts that are neither this office's nor anybody's one knows: host -> the script."""
    new = page.site.new_script_hosts()
    if not new:
        return {}
    own = {registrable(host) for host in page.site.site.hosts}
    found = {}
    for script in page.facts.scripts:
        host = host_of(script)
        if host in new and registrable(host) not in own and not is_trusted(host):
            found[host] = script
    return found


def _another_title(page: PageView, before: str, alike: float) -> str:
    """Today's title where nothing of the former one is left and neither site nor column is named."""
    now, former = plain(page.facts.title[:200]), plain(before[:200])
    if page.facts.redirect or page.facts.protection or page.facts.soft_error or min(len(now), len(former)) < _TITLE:
        return ""
    site = plain(page.site.site.name)
    names = [site, site.removesuffix("人民政府"), plain(page.column.name) if page.column else site, site[:2]]
    if any(len(name) >= 2 and name in now for name in names) or now in former or former in now:
        return ""
    return page.facts.title if SequenceMatcher(None, former, now, autojunk=False).ratio() < alike else ""


def _changed(page: PageView, before: Earlier, words: str, key: str, script: str = "") -> Finding:
    evidence = {"以前读到的时间": printed(before.at)}
    if before.facts is not None:
        evidence["以前的标题"] = before.facts.title[:200]
    evidence["现在的标题"] = page.facts.title[:200]
    if script:
        evidence["脚本地址"] = script
    return Finding(
        message=words,
        at=page.place(quote=script or page.facts.title),
        key=key,
        certainty=Certainty.PROPOSED,
        evidence=evidence,
        per="site",
    )
