"""One document or one office of which two sites say different things."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crawler.api import (
    Brief,
    Certainty,
    DocumentTitle,
    Examined,
    Finding,
    FleetView,
    NotApplicable,
    PageView,
    Place,
    Said,
    Severity,
    SiteView,
    Undecidable,
    cite,
    date,
    fleet_rule,
    is_about,
    number_key,
    path_key,
)

_POLICY = frozenset({"政策文件", "规章", "规范性文件"})
_OFFICES = frozenset({"信息公开指南", "机构职能"})
_TELLING = 14  # characters of a full title with its maker; 关于做好有关工作的通知 is everybody's
_MAKER = re.compile(r"政府|办公室|办公厅|委员会|局|厅|院|部")
_PHONE = re.compile(
    r"(?P<office>[\u4e00-\u9fff]{4,24}?(?:局|委员会|办公室|人民政府|中心|管理处))(?:办公室)?(?:的)?[\s，,：:（(]{0,3}"
    r"(?:联系|办公|咨询|值班|公开)?电话(?:号码)?\s*[:：]\s*(?P<phone>0\d{2,3}[-—－ ]?\d{7,8})"
)
_APART = 730  # days between two pages after which a change is more likely than an error


@dataclass(frozen=True, slots=True)
class Fact:
    """What one page says of one matter."""

    site: SiteView
    url: str
    shown: str  # the page's title
    value: str
    day: date | None


@fleet_rule(
    "XS-02",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("guobanfa-2017-47", "content.accurate"),),
)
def sites_disagree(fleet: FleetView) -> Iterator[Said]:
    """各网站口径不一致

    为什么: 同一份文件的文号、成文日期，同一个单位的电话，在两个网站上写得不一样，总有一处是错的，公众不知道该信哪个。

    看什么: 各网站政策文件栏目中标题完全相同（含发文机关）的文件，比较文号和成文日期；
    公开指南、机构职能栏目中写明的同一单位的电话。隔了两年以上的不比。须人工确认哪一处是对的。

    怎么改: 与发文单位核对后改正写错的一处；转发的文件尽量链接到发文单位网站的原文。
    """
    if len(fleet.sites) < 2:
        yield NotApplicable("只检查了一个网站，没有可比的")
        return
    matters: dict[tuple[str, str], list[Fact]] = {}
    for site in fleet.sites:
        seen = 0
        for page in _pages(site):
            seen += 1
            for matter, fact in _facts(site, page):
                matters.setdefault(matter, []).append(fact)
        if seen:
            yield Examined(site.id)
        else:
            yield (
                Undecidable("政策文件和机构信息的页面还没有读到", site.site.home, site.id)
                if any(c.kind in _POLICY | _OFFICES for c in site.site.columns)
                else NotApplicable("没有登记政策文件、机构职能栏目", site.id)
            )
    yield from _compare(matters)


def _pages(site: SiteView) -> Iterator[PageView]:
    for brief in site.briefs():
        kinds = {column.kind for column in brief.listed_in}
        wanted = kinds & _OFFICES or (kinds & _POLICY and not is_about(brief.title) and _tells(brief))
        page = site.open_page(brief.url) if wanted and brief.kind == "article" else None
        if page is not None:
            yield page


def _tells(brief: Brief) -> bool:
    title = DocumentTitle.of(brief.title)
    return len(title.full) >= _TELLING and bool(_MAKER.search(brief.title.partition("关于")[0]))


def _facts(site: SiteView, page: PageView) -> Iterator[tuple[tuple[str, str], Fact]]:
    facts = page.facts
    shown = facts.heading or facts.title
    day = facts.published.value.date() if facts.published else None
    if {column.kind for column in page.listed_in} & _OFFICES:
        for found in _PHONE.finditer(facts.prose[:20_000]):
            digits = re.sub(r"\D", "", found["phone"])
            yield ("电话", found["office"]), Fact(site, page.url, shown, digits, day)
        return
    title = DocumentTitle.of(shown).full
    if number := number_key(facts.document_number):
        yield ("文号", title), Fact(site, page.url, shown, number, day)
    if written := facts.label("成文日期"):
        yield ("成文日期", title), Fact(site, page.url, shown, written, day)


def _compare(matters: Mapping[tuple[str, str], list[Fact]]) -> Iterator[Said]:
    for (name, what), facts in sorted(matters.items()):
        values = {site: {f.value for f in facts if f.site.id == site} for site in {f.site.id for f in facts}}
        if len(values) < 2:
            continue
        for fact in facts:
            others = [
                o
                for o in facts
                if o.site.id != fact.site.id and not values[o.site.id] & values[fact.site.id] and _near(o, fact)
            ]
            if others and fact is next(f for f in facts if f.site is fact.site):
                yield _finding(name, what, fact, others[0])


def _near(one: Fact, other: Fact) -> bool:
    return one.day is None or other.day is None or abs((one.day - other.day).days) <= _APART


def _finding(name: str, what: str, fact: Fact, other: Fact) -> Finding:
    of = f"“{what}”的电话" if name == "电话" else f"《{fact.shown.strip('《》')}》的{name}"
    return Finding(
        message=f"{of}与{other.site.site.name}网站上的不一致：这里是 {fact.value}，那里是 {other.value}",
        at=Place(fact.url, "", fact.shown[:200]),
        key=f"{name}:{path_key(fact.url)}" + (f":{what}" if name == "电话" else ""),
        certainty=Certainty.PROPOSED,
        target=fact.url,
        evidence={"本网站": fact.value, other.site.site.name: other.value, "对方地址": other.url},
        cites=(fact.url, other.url),
        site=fact.site.id,
    )
