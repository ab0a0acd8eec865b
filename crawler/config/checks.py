"""What one file alone cannot tell: claims of two sites on one path, kinds, platforms and files that must exist.

The checks read the raw data, so that a file with one bad field still has all its other faults named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ada_url
from pydantic_core import PydanticCustomError

from crawler.config.problems import Problem, offer
from crawler.config.reading import Loc, Source
from crawler.config.scalars import host, prefix, web_url

if TYPE_CHECKING:
    from crawler.config.settings import ColumnKinds

FIELD_KIND = "基层公开"


def check_sites(sites: Sequence[Source], platforms: Sequence[str], kinds: ColumnKinds) -> None:
    """Everything about sites that needs the other sites or the other files."""
    _once(sites, lambda site: _texts(site, ("id",)), "网站 id {value} 重复，{first} 已经用过，请换一个")
    _once(
        sites,
        lambda site: _texts(site, ("code",)),
        "网站标识码 {value} 重复，{first} 已经用过；一个标识码只属于一个网站",
    )
    _once(sites, _prefixes, "路径前缀 {value} 重复，{first} 已经登记；一个前缀只能属于一个网站")
    _once(sites, _bare_hosts, "主机 {value} 已由 {first} 登记；两个网站共用主机时，要各写 prefixes 分开")
    owners = {value: site for site in sites for _, value in _prefixes(site)}
    for site in sites:
        _check_platform(site, platforms)
        _check_home(site)
        columns = list(_rows(site, ("columns",)))
        _once_within(
            site, [((*loc, "id"), row.get("id")) for loc, row in columns], "栏目 id {value} 重复（第{line}行）"
        )
        ids = [row["id"] for _, row in columns if isinstance(row.get("id"), str)]
        for loc, row in columns:
            _check_parent(site, loc, row, ids)
            _check_kind(site, loc, row, kinds)
            _check_scope(site, (*loc, "url"), row.get("url"), owners)


def check_platforms(source: Source) -> None:
    rows = list(_rows(source, ()))
    _once_within(source, [((*loc, "id"), row.get("id")) for loc, row in rows], "平台 id {value} 重复（第{line}行）")
    for loc, row in rows:
        if row.get("robots") == "ignore" and not str(row.get("authorisation") or "").strip():
            source.complain(
                (*loc, "robots"), "robots: ignore 必须同时写 authorisation: 说明谁在何时书面授权；没有授权就写 obey"
            )


def check_sources(source: Source, sites: Sequence[str]) -> None:
    rows = list(_rows(source, ()))
    _once_within(source, [((*loc, "id"), row.get("id")) for loc, row in rows], "来源 id {value} 重复（第{line}行）")
    for loc, row in rows:
        _check_feed(source, (*loc, "feed"), row)
        owed_by = row.get("owed_by")
        known = ["portal", "department", *sites]
        for index, name in enumerate(owed_by if isinstance(owed_by, list) else []):
            if isinstance(name, str) and name not in known:
                words = f"owed_by 的 {name} 既不是 portal、department，也不是登记的网站 id{offer(name, known)}"
                source.complain((*loc, "owed_by", index), words)


def check_network(source: Source) -> None:
    trust = source.data.get("trust") if isinstance(source.data, dict) else None
    if isinstance(trust, str) and trust and not (source.path.parent / trust).is_file():
        source.complain(("trust",), f"找不到证书文件 {trust}（相对于 {source.shown} 所在的文件夹）")


def check_basis(documents: Sequence[Source]) -> None:
    _once(documents, lambda one: _texts(one, ("id",)), "文件 id {value} 重复，{first} 已经用过")
    for source in documents:
        for loc, name in _texts(source, ("id",)):
            if name != source.path.stem:
                source.complain(
                    loc, f"文件 id {name} 要和文件名一致：写成 {source.path.stem}，或把文件改名为 {name}.yaml"
                )
        ids = [((*loc, "id"), row.get("id")) for loc, row in _rows(source, ("clauses",))]
        _once_within(source, ids, "条款 id {value} 重复（第{line}行）")


def check_kinds(source: Source) -> None:
    """A word may mean one kind only, and one field only."""
    for group, name in (("kinds", "kind"), ("fields", "field")):
        words: list[tuple[Loc, Any]] = []
        for loc, row in _rows(source, (group,)):
            words.append(((*loc, name), row.get(name)))
            synonyms = row.get("synonyms")
            words += [
                ((*loc, "synonyms", index), word)
                for index, word in enumerate(synonyms if isinstance(synonyms, list) else [])
            ]
        _once_within(source, words, "“{value}”重复（第{line}行），一个叫法只能对应一类")


def check_site_options(source: Source, sites: Sequence[str]) -> None:
    options = source.data.get("site_options") if isinstance(source.data, dict) else None
    for name in options if isinstance(options, dict) else {}:
        if name not in sites:
            place = source.at_key(("site_options", name))
            source.problems.append(Problem(place, f"没有登记 id 为 {name} 的网站{offer(name, sites)}"))


# ── one check each ───────────────────────────────────────────────────────────────────────────────────────────────────


def _check_platform(site: Source, platforms: Sequence[str]) -> None:
    for loc, name in _texts(site, ("platform",)):
        if platforms and name not in platforms:
            words = f"platforms.yaml 里没有平台 {name}{offer(name, platforms) or '，已有：' + '、'.join(platforms)}"
            site.complain(loc, words)


def _check_home(site: Source) -> None:
    hosts = [name for _, name in _hosts(site)]
    for loc, home in _texts(site, ("home",)):
        url = _url(home)
        if url is not None and hosts and url.hostname not in hosts:
            site.complain(
                loc, f"首页的主机 {url.hostname} 不在 hosts 里，请改首页，或把它加进 hosts（现有 {'、'.join(hosts)}）"
            )


def _check_parent(site: Source, loc: Loc, row: Mapping[str, Any], ids: Sequence[str]) -> None:
    parent = row.get("parent")
    if isinstance(parent, str) and parent == row.get("id"):
        site.complain((*loc, "parent"), f"栏目 {parent} 不能是自己的上级")
    elif isinstance(parent, str) and parent and parent not in ids:
        site.complain((*loc, "parent"), f"这个网站没有登记 id 为 {parent} 的栏目{offer(parent, ids)}")


def _check_kind(site: Source, loc: Loc, row: Mapping[str, Any], kinds: ColumnKinds) -> None:
    written, field = row.get("kind"), row.get("field")
    kind = kinds.kind_of.get(written.strip()) if isinstance(written, str) else None
    if isinstance(written, str) and written and kind is None:
        everything = "全部类别：" + "、".join(kinds.kinds)
        site.complain((*loc, "kind"), f"没有“{written}”这个栏目类别{kinds.near_kinds(written) or '。'}{everything}")
        return
    if isinstance(field, str) and field and field.strip() not in kinds.field_of:
        near = kinds.near_fields(field) or "。26 个领域：" + "、".join(kinds.fields)
        site.complain((*loc, "field"), f"“{field}”不是基层政务公开 26 个领域之一{near}")
    elif kind == FIELD_KIND and field is None:
        site.complain(
            (*loc, "kind"), f"kind: {FIELD_KIND} 的栏目要同时写 field:，即 26 个领域之一，例如 field: 安全生产"
        )
    elif kind is not None and kind != FIELD_KIND and field is not None:
        words = f"只有 kind: {FIELD_KIND} 的栏目才写 field；请删去 field，或把 kind 改成 {FIELD_KIND}"
        site.complain((*loc, "field"), words)


def _check_scope(site: Source, loc: Loc, text: object, owners: Mapping[str, Source]) -> None:
    """A column lies on a host of its site, and not under a prefix that another site claims."""
    url = _url(text)
    given = site.data.get("hosts")
    if url is None or not given or len(list(_normal(site, "hosts", host))) != len(given):
        return
    hosts = [name for _, name in _hosts(site)]
    path = url.pathname if url.pathname.endswith("/") else url.pathname + "/"
    claimed = max((value for value in owners if path.startswith(value)), key=len, default=None)
    if url.hostname not in hosts:
        words = f"栏目网址 {text} 不在本网站范围内：主机 {url.hostname} 不在 hosts 里（现有 {'、'.join(hosts)}）"
        site.complain(loc, words)
    elif claimed is not None and owners[claimed] is not site:
        owner = owners[claimed].data.get("id")
        site.complain(loc, f"栏目网址 {text} 属于网站 {owner}（它登记了前缀 {claimed}），不在本网站范围内")


def _check_feed(source: Source, loc: Loc, row: Mapping[str, Any]) -> None:
    feed, form = row.get("feed"), row.get("format")
    if not isinstance(feed, str) or not feed:
        return
    if "://" in feed or form == "column":
        try:
            web_url(feed)
        except PydanticCustomError as error:
            source.complain(loc, error.message())
    elif not (source.path.parent / feed).is_file():
        source.complain(loc, f"找不到来源文件 {feed}（相对于 {source.shown} 所在的文件夹）；网上的来源要写完整网址")


# ── reading raw data ─────────────────────────────────────────────────────────────────────────────────────────────────

Claims = Iterator[tuple[Loc, str]]


def _rows(source: Source, loc: Loc) -> Iterator[tuple[Loc, Mapping[str, Any]]]:
    data = source.data
    for key in loc:
        data = data.get(key) if isinstance(data, dict) else None
    for index, row in enumerate(data if isinstance(data, list) else []):
        if isinstance(row, dict):
            yield (*loc, index), row


def _texts(source: Source, loc: tuple[str]) -> Claims:
    value = source.data.get(loc[0]) if isinstance(source.data, dict) else None
    if isinstance(value, str):
        yield loc, value


def _normal(source: Source, key: str, read: Callable[[Any], str]) -> Claims:
    values = source.data.get(key) if isinstance(source.data, dict) else None
    seen: set[str] = set()
    for index, value in enumerate(values if isinstance(values, list) else []):
        try:
            normal = read(value)
        except PydanticCustomError:
            continue
        if normal not in seen:
            seen.add(normal)
            yield (key, index), normal


def _hosts(source: Source) -> Claims:
    yield from _normal(source, "hosts", host)


def _prefixes(source: Source) -> Claims:
    yield from ((loc, value) for loc, value in _normal(source, "prefixes", prefix) if value != "/")


def _bare_hosts(source: Source) -> Claims:
    """Hosts of a site that claims no prefix: nobody else may claim them in the same way."""
    if not any(_prefixes(source)):
        yield from _hosts(source)


def _url(text: object) -> ada_url.URL | None:
    if not isinstance(text, str):
        return None
    try:
        return ada_url.URL(web_url(text))
    except (PydanticCustomError, ValueError):
        return None


def _once(sources: Sequence[Source], claims: Callable[[Source], Claims], words: str) -> None:
    first: dict[str, str] = {}
    for source in sources:
        for loc, value in list(claims(source)):
            if value in first:
                source.complain(loc, words.format(value=value, first=first[value]))
            else:
                first[value] = str(source.at(loc))


def _once_within(source: Source, claims: Sequence[tuple[Loc, Any]], words: str) -> None:
    first: dict[str, int] = {}
    for loc, value in claims:
        if not isinstance(value, str):
            continue
        if value in first:
            source.complain(loc, words.format(value=value, line=first[value]) + "，请改成不同的")
        else:
            first[value] = source.at(loc).line
