"""Which pages of a crawled site are its columns and of which kind, with the reasons for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from crawler.config.scalars import is_article
from crawler.config.settings import ColumnKinds
from crawler.core.identity import is_own
from crawler.core.model import State
from crawler.core.urls import is_action, path_key, resolve
from crawler.core.views import PageView, SiteView

# Documented ColumnType values that are no kind of ours by name (RULES 1.4).
_TYPES: Final = {
    "政务动态": "动态要闻",
    "信息公开目录": "法定主动公开内容",
    "咨询投诉": "互动交流",
    "在线访谈": "互动交流",
}
# Pinyin of folders as the sites write them (RULES 8.1), the whole segment in lower case.
_SEGMENTS: Final[Mapping[str, str]] = {
    word: kind
    for kind, words in {
        "动态要闻": "ywdt zwyw szyw bsyw bxyw zwdt gzdt xwdt yaowen zwxw klyw yjyw jryj dxyw bmdt xzdt",
        "通知公告": "tzgg gsgg tzgs gggs",
        "政策文件": "zcwj zfwj xzfwj zfbwj bmwj ptzcwj lxzbf dxfbf lsff zcfg",
        "规范性文件": "gfxwj xzgfxwj",
        "政策解读": "zcjd sszcjd wjjd",
        "回应关切": "hygq rdhy",
        "领导信息": "ldzc ldxx ldjs zfld",
        "机构职能": "jgzn jgsz jgjj jggk zfgzjg jgxx",
        "概况信息": "zjlx zjkl zjyj zjgh zjhz zjdx zjjss lxgk xqgk zqgk sqgk qygk",
        "信息公开指南": "xxgkzn zfxxgkzn gkzn",
        "信息公开制度": "xxgkzd zfxxgkzd gkzd",
        "信息公开年报": "xxgknb zfxxgknb gknb zfxxgkndbg xxgkndbg",
        "法定主动公开内容": "fdzdgknr zfxxgk rsxx zfhy zfgzbg xzzf",
        "依申请公开": "ysqgk",
        "基层公开": "jcgk jczwgk jczwgklyxxgk",
        "重点领域": "zdly zdlyxxgk ysjs cwxx zsyz",
        "国务院信息": "gwyxx gwywj",
        "办事服务": "bsfw zwfw bszn",
        "互动交流": "hdjl zmhd",
        "征集调查": "yjzj myzj zjdc wsdc",
        "数据发布": "sjfb sjkf tjsj tjxx",
        "专题": "ztzl",
    }.items()
    for word in words.split()
}
_CRUMBS: Final = "[class*=crumb] a, [class*=dqwz] a, [class*=position] a, [class*=location] a, [class*=weizhi] a, .wz a"
_NO_NAME: Final = re.compile(
    r"^(?:更多|more|首页|网站首页|返回\S*|登录|注册|搜索|上一页|下一页|末页|尾页|\d+|[>»·.\-\s]*|English|繁体|简体|无障碍\S*|长者\S*"
    r"|网站地图|站点地图|联系我们|关于我们|收藏\S*|设为首页|打印|关闭|手机版|微信|微博|客户端|详细|查看\S*)$",
    re.IGNORECASE,
)
_MORE: Final = re.compile(r"(?:[\s>»·….]|更多|more|&gt;)+$", re.IGNORECASE)
_SHEET: Final = re.compile(r"(?:index|list)_\d+\.|[?&](?:page|pageNo|p)=\d+", re.IGNORECASE)
_FILE: Final = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|zip|rar|jpe?g|png|gif|css|js|mp4|apk)(?:$|[?#])", re.IGNORECASE)
_LONGEST: Final = 16  # characters of a column's name; longer link texts are titles of articles
_MOST_ARTICLES: Final = 300  # of which the path is read: one of each folder
_WORD: Final = 2  # characters of a synonym that may stand inside a longer name


@dataclass(slots=True)
class Candidate:
    """One address that may be a column, and everything that says so."""

    url: str
    names: dict[str, str] = field(default_factory=dict)  # where it was read -> the name
    kind: str = ""
    area: str = ""  # one of the 26 fields
    score: int = 0
    reasons: list[str] = field(default_factory=list)
    is_list: bool = False
    types: list[str] = field(default_factory=list)  # ColumnType as written

    @property
    def name(self) -> str:
        return next((self.names[place] for place in ("标签", "导航", "面包屑", "页面链接") if place in self.names), "")

    @property
    def confidence(self) -> str:
        return "高" if self.score >= 6 else "中" if self.score >= 3 else "低"


def candidates(site: SiteView, kinds: ColumnKinds) -> list[Candidate]:
    """Columns of a site as the last crawl shows them, in the order of their addresses."""
    found: dict[str, Candidate] = {}

    def at(url: str) -> Candidate | None:
        if not _may_be_column(site, url):
            return None
        return found.setdefault(path_key(url), Candidate(url))

    for text, url in _links_of_home(site):
        if (one := at(url)) is not None:
            one.names.setdefault("导航", text)
    for page in site.pages():
        _read(page, at(page.url), kinds)
    for text, url in _crumbs(site):
        if (one := at(url)) is not None:
            one.names.setdefault("面包屑", text)
    kept = [one for one in found.values() if one.name and (one.is_list or one.types or len(one.names) > 0)]
    for one in kept:
        _decide(one, kinds, portal=site.site.level == "portal")
    return sorted(kept, key=lambda one: one.url)


def _may_be_column(site: SiteView, url: str) -> bool:
    """An own page that is no article, no second sheet, no file, no action, and not known to be dead."""
    if not is_own(site.site, url) or is_article(url) or is_action(url) or _SHEET.search(url) or _FILE.search(url):
        return False
    if path_key(url) in {path_key(site.site.home), "/", "/index.html"}:
        return False
    known = site.known(url)
    return known is None or known.state is not State.DEAD


def _links_of_home(site: SiteView) -> Iterator[tuple[str, str]]:
    home = site.open_page(site.site.home)
    if home is None:
        return
    for anchor in home.html.css("a"):
        text = name_of(anchor.text) or name_of(anchor.attrs.get("title") or "")
        url = resolve(home.url, anchor.attrs.get("href") or "")[0]
        if text and url:
            yield text, url


def _crumbs(site: SiteView) -> Iterator[tuple[str, str]]:
    """Where articles say they stand: one article of each folder."""
    folders: set[str] = set()
    for brief in site.briefs():
        folder = brief.url.rpartition("/")[0]
        if brief.kind != "article" or folder in folders or len(folders) >= _MOST_ARTICLES:
            continue
        folders.add(folder)
        page = site.open_page(brief.url)
        for anchor in page.html.css(_CRUMBS)[:12] if page is not None else ():
            text, url = name_of(anchor.text), resolve(brief.url, anchor.attrs.get("href") or "")[0]
            if text and url:
                yield text, url


def _read(page: PageView, one: Candidate | None, kinds: ColumnKinds) -> None:
    facts = page.facts
    if one is None or facts.soft_error or facts.redirect or facts.kind in {"article", "script", "empty"}:
        return
    dated = sum(row.date is not None for row in facts.listing.entries)
    if tag := name_of(facts.meta("ColumnName")):
        one.names["标签"] = tag
        one.reasons.append(f"ColumnName 标签：{tag}")
    if kind := facts.meta("ColumnType").strip()[:40]:
        one.types.append(kind)
        one.reasons.append(f"ColumnType 标签：{kind}")
    if dated or facts.listing.units:
        one.is_list = True
        one.reasons.append("列表由接口填充" if facts.listing.units else f"列表页，{dated} 条有日期")
    title = name_of(re.split(r"[-_|–—]", facts.title)[0])
    if one.is_list and title and (title in kinds.kind_of or title in kinds.field_of):
        one.names.setdefault("页面链接", title)


def name_of(text: str) -> str:
    """A link's text as the name of a column; "" where it cannot be one."""
    name = _MORE.sub("", "".join(text.split())).strip("·>»|[]【】()（）")
    return "" if not name or len(name) > _LONGEST or _NO_NAME.match(name) else name


def _decide(one: Candidate, kinds: ColumnKinds, *, portal: bool) -> None:
    """The kind with the most votes: tags say most, names next, the address least."""
    votes = _votes(one, kinds)
    segments = _segments(one.url)
    if segments and (kind := _SEGMENTS.get(segments[-1])):
        votes[kind] = votes.get(kind, 0) + 2
        one.reasons.append(f"网址中的 {segments[-1]}")
    one.kind = max(votes, key=lambda kind: (votes[kind], kind), default="")
    one.score = votes.get(one.kind, 0) + (1 if one.is_list else 0)
    area = next((kinds.field_of[name] for name in one.names.values() if name in kinds.field_of), "")
    below = any(_SEGMENTS.get(part) == "基层公开" for part in segments)
    fits = below or one.kind in {"", "基层公开", "重点领域"}
    if area and portal and fits and not _named_otherwise(one, kinds):
        one.kind, one.area = "基层公开", area
        one.score += 3
        one.reasons.append(f"名称是26个领域之一：{area}")
    elif one.kind == "基层公开":
        one.kind, one.area = "法定主动公开内容", ""  # the container of the fields, or a field nobody can name
        one.reasons.append("基层公开的目录页，具体领域未认出")


def _segments(url: str) -> list[str]:
    return [part for part in path_key(url).lower().split("/") if part and "." not in part]


def _votes(one: Candidate, kinds: ColumnKinds) -> dict[str, int]:
    votes: dict[str, int] = {}
    for written in one.types:
        if kind := _TYPES.get(written) or kinds.kind_of.get(written):
            votes[kind] = votes.get(kind, 0) + 4
    for place, name in one.names.items():
        kind, exact = _by_name(name, kinds)
        if kind:
            votes[kind] = votes.get(kind, 0) + (3 if exact else 2)
            one.reasons.append(f"{place}中的名称“{name}”" + ("" if exact else f"含有“{kind}”的叫法"))
        elif place != "标签":
            one.reasons.append(f"{place}中的名称“{name}”")
    return votes


def _named_otherwise(one: Candidate, kinds: ColumnKinds) -> bool:
    return any(kinds.kind_of.get(name, "基层公开") not in {"基层公开", "重点领域"} for name in one.names.values())


def _by_name(name: str, kinds: ColumnKinds) -> tuple[str, bool]:
    """The kind a name means exactly, or the longest synonym inside it; 走进… is a profile wherever it leads."""
    if kind := kinds.kind_of.get(name):
        return kind, True
    if re.match(r"(?:走进|魅力|认识|印象).{1,6}$", name) or re.fullmatch(r".{1,8}概[况览]", name):
        return "概况信息", False
    inside = [word for word in kinds.kind_of if len(word) > _WORD and word in name]
    inside += [word for word in kinds.kind_of if len(word) == _WORD and name.endswith(word)]
    best = max(inside, key=lambda word: (len(word), word), default="")
    return (kinds.kind_of[best], False) if best else ("", False)
