"""What the rules about policy documents share: which pages they are, and whose."""

import re

from crawler.api import SHANGHAI, ColumnView, NotApplicable, PageView, SiteView, date, is_about, number_key, plain

POLICY_KINDS = ("政策文件", "规章", "规范性文件")
_OTHER_KINDS = frozenset({"政策解读", "动态要闻", "回应关切", "征集调查", "国务院信息"})
# 文号 and bodies of superiors: their documents are reposted, and the duties of the maker are not the reposter's.
_SUPERIOR = re.compile(r"^(?:国|中|中央|中共中央|甘|省|全国|最高)|^[\u4e00-\u9fff]{1,6}部(?:令|发|函|规)")
_SUPERIOR_BODY = re.compile(
    r"^(?:国务院|中共中央|中央|全国|最高人民|中华人民共和国|甘肃省|省|国家)|^[\u4e00-\u9fff]{2,10}部(?:办公厅)?$"
)
_HEADS = ("发文字号", "成文日期", "发布日期", "发文机关", "主题分类", "有效性")
_SIGNED = re.compile(r"(?:人民政府|办公室|办公厅|委员会|局|厅|部|院|中心|署|行|管委会)$")


def no_document(page: PageView) -> NotApplicable | None:
    """Why a page in a policy column is not a policy document; None where it is one."""
    facts = page.facts
    if page.column is not None or facts.kind != "article":
        return NotApplicable("不是文件页")
    if facts.redirect or facts.soft_error or facts.protection:
        return NotApplicable("跳转页或出错提示页")
    if is_about(facts.heading or facts.title):
        return NotApplicable("解读、征求意见等，不是文件本身")
    if any(column.kind in _OTHER_KINDS for column in page.listed_in):
        return NotApplicable("同时列在解读、新闻或转载栏目中")
    return None


def of_a_superior(page: PageView) -> bool:
    """Whether another body made the document; reposting it is no disclosure of one's own."""
    body = page.facts.label("发文机关")
    if body:
        return _SUPERIOR_BODY.match(body) is not None
    number = number_key(page.facts.document_number or page.facts.label("发文字号"))
    heading = plain(page.facts.heading)
    return bool(_SUPERIOR.match(number)) or bool(_SUPERIOR_BODY.match(heading.partition("关于")[0]))


def written_on(page: PageView) -> tuple[date, str] | None:
    """成文日期 and where it stands: labelled, else signed under the text."""
    labelled = page.facts.label("成文日期")
    if labelled:
        return date.fromisoformat(labelled), "成文日期"
    signed = next((one for one in page.facts.dates if one.source == "signature"), None)
    return (signed.value.astimezone(SHANGHAI).date(), "落款日期") if signed else None


def issuer(page: PageView) -> str:
    """发文机关: labelled, in the title before 关于, or in the sign-off."""
    if body := page.facts.label("发文机关"):
        return body
    before, about, _ = page.facts.heading.partition("关于")
    if about and _SIGNED.search(plain(before)):
        return before
    last = [line.strip() for line in page.facts.prose.split("\n")[-8:]]
    return next((line for line in last if 3 < len(line) < 30 and _SIGNED.search(plain(line))), "")


def listed_particulars(page: PageView) -> frozenset[str]:
    """Particulars that the columns' own list shows in its head: 发文字号、成文日期、发布日期 (RULES 4.2)."""
    heads: set[str] = set()
    for column in _columns(page.site, {one.id for one in page.listed_in}):
        words = column.page.facts.prose if column.page else ""
        heads.update(name for name in _HEADS if name in words)
    return frozenset(heads) if len(heads) >= 2 else frozenset()


def _columns(site: SiteView, ids: set[str]) -> list[ColumnView]:
    return [column for column in site.columns if column.column.id in ids]
