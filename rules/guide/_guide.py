"""Finds the guide of a site: on the column's own page, behind its list, in a frame, or in an attachment."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.api import (
    ColumnView,
    NotApplicable,
    PageView,
    Said,
    SiteView,
    State,
    normalise,
    resolve,
    why_unknown,
)

KIND = "信息公开指南"
EMBEDDING = ("法定主动公开内容", "依申请公开", "信息公开制度")  # whose list pages may hold the guide's text (RULES 8.3)

_TITLE = re.compile(r"(?:信息公开|政务公开|公开工作|依申请公开|公开)(?:工作)?指南")
_OLD = re.compile(r"[(（【\[](?:旧版?|已?废止|已?失效|历史版本?|往年)[)）】\]]|已废止|历史版本|旧版指南")
_ABOUT = re.compile(r"关于|通知|解读|答复|培训|会议|考核|修订说明|模板|样本|征求意见")
# What only the body of a guide says; two of them make a guide (the menu beside it says only its title).
_MARKS = tuple(
    re.compile(words)
    for words in (
        r"(?:编制|制定|编写|修订)(?:了|本|并|发布)?.{0,14}指南|本指南",
        r"信息分类|编排|公开(?:的)?(?:范围|内容|形式|方式)|获取方式|主动公开",
        r"(?:工作|受理)机构|受理点|办公(?:地址|时间|地点)|联系(?:电话|方式)",
        r"依申请公开|申请表|提出申请|受理申请",
        r"行政复议|行政诉讼|投诉|举报|监督",
    )
)
_FOOT = re.compile(r"网站标识码|ICP备|公网安备|主办单位|承办单位|版权所有|网站地图|站点地图|技术支持|我为政府网站找错")
_OPENING = re.compile(
    r"^(?:第?[一1]\s*[、.章.(]|[(]一[)]|为了?(?:更好|方便|便于|保障|做好|提供|进一步|依法|规范)|根据|依据|按照|本指南)"
    r"|《?中华人民共和国政府信息公开条例|本指南"
)
_DECOR = re.compile(r"logo|icon|banner|/ico|bg[._]|ewm|qrcode|red\.png|/images?/", re.IGNORECASE)
_CUT = 59_500  # prose this long may have been cut at 60,000
_BETWEEN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[^\S\n]+(?=[\u3000-\u9fff\uff00-\uffef:])")
MISSING = NotApplicable("没有找到指南正文，由 GD-01 指出")
LEAST = 120  # characters of a guide that is one


@dataclass(frozen=True, slots=True)
class Guide:
    """The text of one guide. `flat` keeps lines, `tight` has no blanks at all; both in half-width signs."""

    site: SiteView
    url: str
    title: str
    flat: str
    page: PageView | None  # None where it was read from an attachment
    cut: bool = False

    @property
    def tight(self) -> str:
        return "".join(self.flat.split())

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(part for part in re.split(r"[。;!?]", self.tight) if part)


def plain(text: str) -> str:
    """Half-width signs, and no blanks between Chinese characters: people write 联 系 电 话."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text))


def guide_of(column: ColumnView) -> Guide | Said:  # noqa: PLR0911 -- one return a reason
    """The guide of a column of its kind; else why there is none to judge (MISSING: only GD-01 makes a finding
    of it)."""
    excuse = _unreadable(column)
    if excuse is not None:
        return excuse
    assert column.page is not None
    if (own := _in_page(column.page)) is not None:
        return own
    unread: list[str] = []
    for found in _behind(column, unread):
        return found
    for other in column.site.columns:
        if other.column.kind in EMBEDDING and other.page is not None and (held := _in_page(other.page)) is not None:
            return held
    if unread:
        return column.undecidable(unread[0])
    if column.page.facts.shell:
        return column.undecidable("页面由脚本生成，须用浏览器打开才能看到")
    if not column.entries and not column.reading.complete and column.page.facts.listing.reader:
        return column.undecidable("栏目列表没有读完")
    return MISSING


def judged(column: ColumnView) -> Guide | Said:
    """As `guide_of`, for the rules about what a guide says: an abolished one is nobody's guide."""
    guide = guide_of(column)
    if isinstance(guide, Guide) and _OLD.search(guide.title):
        return NotApplicable("只有已废止的旧指南")
    return guide


def _unreadable(column: ColumnView) -> Said | None:
    if column.known.state is State.DEAD:
        return NotApplicable("栏目打不开，由 AV-05 判断")
    if column.page is None:
        return column.undecidable(why_unknown(column.known))
    if column.page.facts.protection:
        return column.undecidable("被安全防护拦截")
    if column.soft_404 or column.page.facts.soft_error:
        return NotApplicable("栏目打不开，由 AV-05 判断")
    return None


def _in_page(page: PageView) -> Guide | None:
    facts = page.facts
    text = _body(facts.prose, page.facts.kind == "article")
    title = _title(facts.heading, facts.title, text)
    if title is None or not is_guide(text):
        return None
    return Guide(page.site, page.url, title, text, page, cut=len(facts.prose) >= _CUT)


def _title(heading: str, title: str, text: str) -> str | None:
    """The line that names it: of the page's head or of the first lines of the text."""
    for line in (*text.split("\n")[:3], plain(heading), plain(title)):
        if _TITLE.search("".join(line.split())) and len(line) < 80:
            return line.strip()
    return None


def is_guide(text: str) -> bool:
    tight = "".join(text.split())
    return len(tight) >= LEAST and sum(1 for mark in _MARKS if mark.search(tight)) >= 3


def _body(prose: str, article: bool) -> str:
    """The guide's own lines, without menus before and the footer after it: those hold addresses and phones as well."""
    lines = plain(prose).split("\n")
    start = _start(lines)
    end = len(lines) if article else _end(lines, start)
    return "\n".join(lines[start:end])


def _start(lines: list[str]) -> int:
    """The last naming line within twelve lines above the first line of the body; the first body line else."""
    for at, line in enumerate(lines):
        if _OPENING.search(line) and len(line) > 8 and not (_TITLE.search(line) and len(line) < 30):
            above = [n for n in range(max(0, at - 12), at) if _TITLE.search(lines[n]) and len(lines[n]) < 60]
            if above or "指南" in line:
                return above[-1] if above else at
    named = [n for n, line in enumerate(lines) if _TITLE.search(line) and len(line) < 60]
    return named[-1] if named else 0


def _end(lines: list[str], start: int) -> int:
    for at in range(start + 5, len(lines)):
        near = set(_FOOT.findall("\n".join(lines[at : at + 8])))
        if _FOOT.search(lines[at]) and len(near) >= 2:
            return at
    return len(lines)


def _behind(column: ColumnView, unread: list[str]) -> Iterator[Guide]:
    """Guides that the column's page leads to, the likeliest first; what could not be read is told in `unread`."""
    page, site = column.page, column.site
    assert page is not None
    for url, words in _leads(column, page):
        other = site.open_page(url)
        if other is None:
            known = site.known(normalise(url))
            if known is None or known.state is not State.DEAD:
                unread.append(f"指南页面没有读到（{words or url}）")
            continue
        if other.url == page.url:
            continue
        if (guide := _in_page(other)) is not None:
            yield guide
        yield from _in_files(other, unread)
        if other.facts.shell or _is_picture(other):
            unread.append("指南是图片或由脚本生成，读不到文字")
    yield from _in_files(page, unread)
    if not page.facts.listing.entries and _is_picture(page):
        unread.append("指南是图片，读不到文字")


def _leads(column: ColumnView, page: PageView) -> Iterator[tuple[str, str]]:
    entries = [e for e in column.entries if _TITLE.search(plain(e.title)) or "指南" in e.title]
    dated = sorted(entries, key=lambda e: (e.date or e.first_seen, e.url), reverse=True)
    current = [e for e in dated if not _OLD.search(e.title) and not _ABOUT.search(e.title)]
    shown = current or [e for e in dated if not _ABOUT.search(e.title)] or list(column.entries[:3])
    yield from ((e.url, e.title) for e in shown[:5])
    yield from ((url, "内嵌页面") for url in page.facts.iframes[:5])
    seen = 0
    files = {attachment.url for attachment in page.facts.attachments}
    for link in links(page):
        if (
            seen < 5
            and link.url not in files
            and _TITLE.search(link.words)
            and not _OLD.search(link.words)
            and link.url
        ):
            seen += 1
            yield link.url, link.words


def _in_files(page: PageView, unread: list[str]) -> Iterator[Guide]:
    for file in page.files:
        name = plain(file.attachment.text)
        named = "指南" in name and "申请" not in name.replace("依申请公开指南", "")
        if not named and not (_TITLE.search(plain(page.facts.heading or page.facts.title)) and "申请表" not in name):
            continue
        text = plain(file.text)
        if is_guide(text):
            yield Guide(page.site, file.attachment.url, name or "信息公开指南", text, None, cut=bool(file.problem))
        elif file.problem or not text.strip():
            unread.append(f"指南在附件中，没有读出文字（{name or file.attachment.suffix}）")


def _is_picture(page: PageView) -> bool:
    """A page of little text whose body is pictures: a scan of the guide, perhaps."""
    if len(page.facts.main_text) > LEAST or page.facts.kind == "list":
        return False
    try:
        linked = {image.path for image in page.html.css("a img")}  # marks of the footer and banners are links
        pictures = [i for i in page.html.css("p img, div img, td img") if not _DECOR.search(i.attrs.get("src") or "")]
        return any(image.path not in linked for image in pictures)
    except LookupError:
        return True


@dataclass(frozen=True, slots=True)
class Lead:
    url: str
    words: str


def links(page: PageView) -> tuple[Lead, ...]:
    """The links of a page with what a reader sees of them: text, title, or the picture's alt."""
    try:
        elements = page.html.css("a[href]")
    except LookupError:
        return ()
    found = []
    for element in elements[:3000]:
        href = element.attrs.get("href") or ""
        if href.startswith(("#", "javascript:", "mailto:", "tel:")):
            continue
        words = plain(f"{element.text} {element.attrs.get('title') or ''}")
        found.append(Lead(resolve(page.url, href)[0], words))
    return tuple(found)


def place_of(guide: Guide, quote: str = "") -> dict[str, str]:
    """Evidence that every finding about a guide carries."""
    return {"指南": guide.title[:80], "原文": quote[:120]} if quote else {"指南": guide.title[:80]}
