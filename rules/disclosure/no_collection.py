"""A government that makes rules and has no collection of them."""

import re
from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Finding,
    NotApplicable,
    NotConfigured,
    Place,
    Said,
    Severity,
    SiteView,
    cite,
    site_rule,
)

_COLLECTION = re.compile(r"规章(?!制度)|规范性文件")
_KINDS = frozenset({"规章", "规范性文件"})


@site_rule(
    "PF-07",
    severity=Severity.HINT,
    basis=(cite("guobanfa-2021-12", "collection.rules"), cite("guobanfa-2022-8", "collection.documents")),
)
def no_collection(site: SiteView) -> Iterator[Said]:
    """规章、规范性文件没有集中公开

    为什么: 2021年、2022年政务公开工作要点要求，制定规章的政府在政府信息公开专栏集中公开现行有效的规章，
    并推进规范性文件集中公开。

    看什么: 有规章制定权的政府（自治州、设区的市人民政府）的门户网站，有没有规章或规范性文件栏目；
    县级政府和部门不制定规章，不在其内。还有页面没读到的，须人工确认。

    怎么改: 在政府信息公开专栏设“规章”“行政规范性文件”栏目，集中列出现行有效的文本；没有制定过规章的，在栏目中说明。
    """
    if site.site.level != "portal" or not _makes_rules(site):
        yield NotApplicable("不制定规章的单位")
        return
    if any(column.kind in _KINDS or _COLLECTION.search(column.name) for column in site.site.columns):
        return
    if site.home is None or site.home.facts is None or site.home.facts.shell:
        yield site.undecidable("首页没有读到，不知有没有规章、规范性文件栏目")
        return
    page = site.open_page(site.site.home)
    shown = [link.text for link in page.html.css("a")] if page else []
    shown += [one.title for one in site.briefs() if one.kind != "article"]
    if named := next((words for words in shown if len(words) < 30 and _COLLECTION.search(words)), ""):
        yield NotConfigured(f"网站上有“{named}”，没有登记为栏目")
        return
    yield Finding(
        message="门户网站没有规章或规范性文件集中公开的栏目",
        at=Place(site.site.home),
        key="no-collection",
        certainty=Certainty.PROPOSED if site.pages_unknown else Certainty.CONFIRMED,
        evidence={"看过的页面": f"{len(site.briefs())} 个", "尚未读到的页面": f"{site.pages_unknown} 个"},
    )


def _makes_rules(site: SiteView) -> bool:
    """Provinces, 自治州 and prefecture-level cities (立法法 2023 art. 93): an area code that ends in 00."""
    area = site.site.area or (site.site.code or "")[:6]
    if len(area) == 6 and area.isdigit():
        return area.endswith("00")
    return site.site.name.endswith(("自治州人民政府", "省人民政府"))
