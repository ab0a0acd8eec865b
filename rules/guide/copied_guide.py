"""A guide that was copied and still names the unit it came from."""

import re
from collections.abc import Iterator, Mapping

from crawler.api import (
    Certainty,
    Examined,
    Finding,
    FleetView,
    NotApplicable,
    NotConfigured,
    Place,
    Said,
    Severity,
    Site,
    SiteView,
    Undecidable,
    cite,
    fleet_rule,
)
from rules.guide._guide import KIND, Guide, judged, place_of

_SUFFIX = re.compile(r"[（(].*?[）)]$|(?:门户)?网站?$|网$")
_PEOPLES = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})(?:(?:回|藏|保安|东乡|撒拉|土|裕固|蒙古|哈萨克|满|维吾尔)族)+自治(?=[州县])"
)
_DIRECTORY = 3  # so many other units in one guide are a list of the units below, not a copy


@fleet_rule(
    "GD-08",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(cite("linxia-2022-08-26", "seed.a"), cite("guowuyuanling-711", "art.12")),
    kinds=(KIND,),
)
def copied_guide(fleet: FleetView, *, alike: float = 0.95) -> Iterator[Said]:
    """指南抄袭他单位

    为什么: 照抄别的单位的指南又没有改名字，公众会按错误的机构、地址去申请。州里通报指出过张冠李戴的指南。

    看什么: 指南正文里有没有出现另一个登记单位的名称。上级政府的名称（救济、平台名称里常有）、列举多个单位的目录不算；
    套用统一模板、名称已经改好的不算。与那个单位的指南几乎逐字相同的，在证据里注明。须人工确认后计入。

    怎么改: 逐段核对指南，把别的单位的名称、地址、电话、网址全部换成本单位的。
    """
    guides: dict[str, Guide] = {}
    for site in fleet.sites:
        found = _guide(site)
        if isinstance(found, Guide):
            guides[site.id] = found
        else:
            yield found
    names = {site.id: spellings(site.site) for site in fleet.sites}
    higher = {site.id for site in fleet.sites if is_prefecture(site.site)}
    for site in fleet.sites:
        if site.id in guides:
            yield from _judge(site, guides, names, higher, alike)


def _guide(site: SiteView) -> Guide | Said:
    columns = [column for column in site.columns if column.column.kind == KIND]
    if not columns:
        return NotConfigured("未登记信息公开指南栏目", site.id)
    said = [judged(column) for column in columns]
    for one in said:
        if isinstance(one, Guide):
            return one
    first = said[0]
    if isinstance(first, Undecidable):
        return Undecidable(first.reason, first.url, site.id)
    return NotApplicable(first.reason if isinstance(first, NotApplicable) else "", site.id)


def bare(name: str) -> str:
    while (shorter := _SUFFIX.sub("", name.strip())) != name:
        name = shorter
    return name


def spellings(site: Site) -> tuple[str, ...]:
    """How texts write the unit: 临夏回族自治州教育局, 临夏州教育局; its office is the unit itself."""
    name = bare(site.owner or site.name)
    every = {name, bare(site.name)}
    every |= {_PEOPLES.sub("", one).replace("东乡族自治县", "东乡县") for one in set(every)}
    every |= {one.replace("临夏州", "临夏回族自治州") for one in set(every)}
    every |= {one.replace("人民政府", "政府") for one in set(every) if one.endswith("人民政府")}
    return tuple(sorted((one for one in every if len(one) >= 5), key=len, reverse=True))


def is_prefecture(site: Site) -> bool:
    """A portal whose area code ends in 00: everybody else's superior."""
    code = site.area or (site.code or "")[:6]
    if len(code) == 6 and code.isdigit():
        return site.level == "portal" and code.endswith("00")
    return site.level == "portal" and "自治州" in site.name


def _judge(
    site: SiteView, guides: Mapping[str, Guide], names: Mapping[str, tuple[str, ...]], higher: set[str], alike: float
) -> Iterator[Said]:
    guide = guides[site.id]
    tight = guide.tight
    for own in names[site.id]:
        tight = tight.replace(own, "本机关")
    named = {}
    for other, every in names.items():
        if other == site.id or other in higher or set(every) & set(names[site.id]):
            continue
        if (spelling := next((one for one in every if one in tight), None)) is not None:
            named[other] = spelling
    if not named or len(named) >= _DIRECTORY:
        yield Examined(site.id)
        return
    for other, spelling in sorted(named.items()):
        at = tight.index(spelling)
        quote = tight[max(0, at - 30) : at + len(spelling) + 40]
        share = likeness(tight, guides[other].tight) if other in guides else 0.0
        same = {"相似": f"与{spelling}的指南有 {share:.0%} 相同"} if share >= alike else {}
        yield Finding(
            message=f"指南里出现了别的单位“{spelling}”" + ("，全文与该单位的指南几乎相同" if same else ""),
            at=Place(guide.url, "", quote),
            key=f"copied:{other}",
            certainty=Certainty.PROPOSED,
            target=guide.url,
            evidence={**place_of(guide, quote), **same},
            cites=(guide.url,),
            site=site.id,
        )


def likeness(one: str, other: str, width: int = 6) -> float:
    """Share of the shorter text's six-character pieces that stand in the other: quick on any length."""
    first = {one[at : at + width] for at in range(max(0, len(one) - width + 1))}
    second = {other[at : at + width] for at in range(max(0, len(other) - width + 1))}
    least = min(len(first), len(second))
    return len(first & second) / least if least else 0.0
