"""FT-12: a police filing number of a wrong form, of another province, or linked under another number."""

import re
from collections.abc import Iterator

from crawler.api import Finding, Mark, NotApplicable, PageView, Said, Severity, cite, page_rule
from rules.footer._items import UNREAD, marks, out_of_scope, province, template

_LENGTH = 14  # RULES 3.3
_LINKED = re.compile(r"code=", re.IGNORECASE)


@page_rule("FT-12", severity=Severity.HINT, basis=(cite("guobanmihan-2019-19", "identifiers.psb"),))
def wrong_police_number(page: PageView) -> Iterator[Said]:
    """公安备案编号格式/属地错误

    为什么: 编号少写一位、抄了别家的，或图标链接带的是另一个编号，公众就查不到本网站的备案。

    看什么: 页脚的公安备案编号是不是14位数字；链接里带的编号与页面上写的是否相同；
    编号开头的省份是否与网站所在省份相同。在外地备案的，市县代码不同不算。

    怎么改: 登录全国互联网安全管理服务平台核对本网站的编号，把页脚文字和链接改成同一个编号。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    found = [mark for mark in marks(page, "psb") if mark.value.isdigit()]
    if not found:
        yield page.undecidable(UNREAD) if page.unread else NotApplicable("页面上没有公安备案编号")
        return
    linked = {mark.value: mark for mark in found if _LINKED.search(mark.place.quote)}
    shown = {mark.value: mark for mark in found if mark.value not in linked}
    for mark in found:
        if len(mark.value) != _LENGTH:
            words = f"公安备案编号应为14位数字，这里是{len(mark.value)}位：{mark.value}"
            yield _finding(page, "length", words, mark)
            return  # what is cut short differs in all else, too
    if shown and linked:
        other = next(iter(linked.values()))
        words = f"公安备案链接带的编号 {other.value} 与页面上写的 {'、'.join(shown)} 不同"
        yield _finding(page, "link", words, other)
        return
    area = province(page)
    if area and not any(mark.value.startswith(area) for mark in found):
        words = f"公安备案编号 {found[0].value} 不以本省代码 {area} 开头，请核对是否抄了别的网站的编号"
        yield _finding(page, "area", words, found[0])


def _finding(page: PageView, kind: str, words: str, mark: Mark) -> Finding:
    return Finding(
        message=words,
        at=page.place(mark.place.css, mark.place.quote),
        key=f"{kind}@{template(page)}",
        evidence={"页脚写法": mark.place.quote[:200]},
        per="site",
    )
