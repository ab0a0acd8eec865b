"""DN-03: one site that answers under several domains."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from crawler.api import Certainty, Finding, PageView, Place, Said, Severity, SiteView, State, cite, host_of, site_rule
from rules.domain._hosts import is_government, is_ip

_BEFORE = ("www.", "m.", "wap.", "3g.", "en.", "english.", "big5.", "wza.")


@site_rule("DN-03", severity=Severity.HINT, basis=(cite("guobanhan-2018-55", "domain.single"),), form="proposed")
def several_domains(site: SiteView) -> Iterator[Said]:
    """一站多域名

    为什么: 一个网站有几个域名，公众和搜索引擎分不清哪个是真的，旧域名一旦到期还会被人抢注。

    看什么: 登记的其他域名打开是不是同一个网站（首页相同，或者写着本站的网站标识码），
    而且没有转到主域名、网站标签里也没有写明主域名。有无 www、http 与 https、手机版、下级域名和中文域名不算。
    没有登记的域名看不到。须人工确认。

    怎么改: 明确一个主域名，其余的跳转到主域名；不再使用的注销。
    """
    if site.home is None or site.home.known.state is not State.ALIVE:
        yield site.undecidable("首页没有读到，无从比较")
        return
    main = host_of(site.home.known.seen.final_url if site.home.known.seen else "") or host_of(site.site.home)
    unseen = []
    for host in sorted({h for h in site.site.hosts if not is_ip(h)}):
        if _one_name(host, main) or not is_government(host) or host.endswith((".政务", ".xn--zfr164b")):
            continue
        page = next((p for p in (site.open_page(f"{scheme}://{host}/") for scheme in ("https", "http")) if p), None)
        known = [k for k in (site.known(f"{scheme}://{host}/") for scheme in ("https", "http")) if k]
        if page is None:
            if not any(k.state is State.DEAD for k in known):
                unseen.append(host)
        elif (words := _same_site(site, page, main)) is not None:
            yield _finding(site, host, main, words)
    if unseen:
        yield site.undecidable(f"登记的域名 {'、'.join(unseen[:5])} 的首页没有读到")


def _one_name(host: str, main: str) -> bool:
    one, other = _bare(host), _bare(main)
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _bare(host: str) -> str:
    name = host.lower().rstrip(".")
    return next((name.removeprefix(before) for before in _BEFORE if name.startswith(before)), name)


def _same_site(site: SiteView, page: PageView, main: str) -> str | None:
    """Why it is the same site and says nowhere which name is the main one; None where it does, or is another."""
    landed = host_of(page.url)
    said = page.facts.meta("SiteDomain").lower()
    if _one_name(landed, main) or (said and _one_name(host_of(f"http://{said.partition('://')[2] or said}"), main)):
        return None
    home = site.home.facts if site.home else None
    code = page.facts.meta("SiteIDCode").strip()
    if code and code == site.site.code and urlsplit(page.url).path in {"", "/"}:
        return f"写着同一个网站标识码 {code}"
    if home is not None and page.facts.prose and page.facts.prose == home.prose:
        return f"首页与 {main} 相同"
    return None


def _finding(site: SiteView, host: str, main: str, words: str) -> Finding:
    return Finding(
        message=f"同一网站还在使用域名 {host}：{words}，没有指明主域名",
        at=Place(f"http://{host}/"),
        key=f"domain:{_bare(host)}",
        certainty=Certainty.PROPOSED,
        evidence={"主域名": main, "另一个域名": host, "登记的主机": "、".join(site.site.hosts)},
        cites=(site.site.home, f"http://{host}/", f"https://{host}/"),
    )
