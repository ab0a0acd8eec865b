"""A page whose site codes contradict one another or the registered one."""

import re
from collections.abc import Iterator

from crawler.api import Finding, NotApplicable, PageView, Said, Severity, cite, page_rule
from rules.footer._items import marks, out_of_scope, template

_CODE = re.compile(r"bm\d{8}|\d{10}", re.IGNORECASE)  # RULES 3.1


@page_rule("FT-10", severity=Severity.HINT, basis=(cite("guobanmihan-2019-19", "identifiers.site-code"),))
def contradictory_site_code(page: PageView) -> Iterator[Said]:
    """标识码多处不一致

    为什么: 标识码照抄别的网站或多处不一致，公众找错会被送到别的单位，检查时也会核对不上。

    看什么: 页面底部的标识码、网页标签 SiteIDCode、找错链接和找错脚本中的标识码是否彼此一致，
    并与登记的标识码一致。登记的标识码待确认时，只比较页面上的几处。

    怎么改: 以全国政府网站信息报送系统登记的标识码为准，把页脚文字、网页标签、找错代码三处都改成它。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    codes = dict(_codes(page))
    registered = (page.site.site.code or "").lower()
    if not codes:
        yield page.undecidable("页脚由脚本写入，尚未读到") if page.unread else NotApplicable("页面上没有标识码")
        return
    values = {code for found in codes.values() for code in found}
    if values == {registered} or (not registered and len(values) == 1):
        return
    shown = "、".join(f"{place} {'/'.join(sorted(found))}" for place, found in codes.items())
    if registered:
        message = f"页面上的标识码与登记的 {registered} 不一致：{shown}"
    else:
        message = f"页面上的标识码互相不一致：{shown}"
    first = next((mark for mark in (*marks(page, "site_code"), *marks(page, "jiucuo"))), None)
    yield Finding(
        message=message,
        at=page.place(first.place.css, first.place.quote) if first else page.place(),
        key=f"site-code@{template(page)}",
        evidence={"登记的标识码": registered or "待确认", **{k: "/".join(sorted(v)) for k, v in codes.items()}},
        per="site",
    )


def _codes(page: PageView) -> Iterator[tuple[str, set[str]]]:
    """Where codes stand -> the codes. Hidden ones count: a phone's footer is hidden from a desktop only."""
    footer = page.footer
    text = {c for m in footer.site_code if m.via != "meta" for c in _read(m.value)}
    meta = {c for m in footer.site_code if m.via == "meta" for c in _read(m.value)}
    meta |= set(_read(page.facts.meta("SiteIDCode")))
    entrance = {c for m in footer.jiucuo for c in _read(m.value)}
    for place, found in (("页脚文字", text), ("网页标签 SiteIDCode", meta), ("找错入口", entrance)):
        if found:
            yield place, found


def _read(value: str) -> list[str]:
    """The code a value is or carries as `site_code=`; any other ten digits are a phone or a timestamp."""
    if _CODE.fullmatch(value.strip()):
        return [value.strip().lower()]
    match = re.search(rf"site_?code=({_CODE.pattern})(?!\d)", value, re.IGNORECASE)
    return [match[1].lower()] if match else []
