"""A column without any content."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, ColumnView, Finding, NotApplicable, Place, Said, Severity, State, cite, column_rule
from rules.updating._standing import children_of, counted, distance, is_emptied, is_portal, moved_to, named

_TEXT = 50  # characters of an own text: a page that says something is not blank
_PAGES = {"概况信息", "机构职能", "领导信息", "信息公开指南", "信息公开制度", "依申请公开", "办事服务", "互动交流"}
# A line that says nothing else; in a sentence of an article the words speak of something else.
_BUILDING = re.compile(
    r"^[【\[（(!！\s]*(?:对不起|抱歉)?[，,]?(?:本|该|此)?(?:栏目|页面|频道|专栏|版块|板块|内容|功能)?(?:正在|尚在)?"
    r"(?:建设|升级|改版|维护|完善|筹备|整理)(?:之)?中[】\]）)\s。.…!！，,]*"
    r"(?:(?:敬请|请)?(?:期待|稍[后候]再?[来访问]*|关注))?[。.…!！]*$"
)


@column_rule(
    "UP-06",
    severity=Severity.POINTS,
    points=2,
    basis=(
        cite("guobanmihan-2019-19", "columns.other"),
        cite("guobanmihan-2019-19", "veto.column-blank"),
        cite("guobanfa-2017-47", "columns.no-blank"),
    ),
    excusable=True,
    form="proposed",
)
def blank_column(column: ColumnView, *, veto: int = 5) -> Iterator[Said]:
    """空白栏目

    为什么: 空白栏目门户网站每个扣2分（与长期不更新合计最多4分），5个以上即单项否决；也不得有“正在建设中”的栏目。

    看什么: 列表读完而没有一条信息，或页面写着“暂无数据”“正在建设中”“改版中”。有下级栏目的目录、
    本身就是正文的栏目（概况、机构、领导、指南等）不算空白；列表由脚本填充而没有读到的不下结论；
    转到上级网站的不算；报备时段内的予以豁免。须人工打开确认。

    怎么改: 补充内容；暂时没有内容的栏目先合并到上级栏目，不要留空；改版要提前报备。
    """
    if target := moved_to(column):
        yield NotApplicable(f"栏目已转到 {target[:200]}，由对方维护")
    elif column.known.state is State.DEAD:
        yield NotApplicable("栏目打不开，由 AV-05 判断")
    elif words := _blank(column):
        every = counted(column.site, "blank", lambda one: bool(_blank(one)))
        shown = distance(len(every), veto)
        yield Finding(
            message=f"栏目“{column.column.name}”是空白的：{words}",
            at=Place(column.url, quote=words),
            key="blank",
            certainty=Certainty.PROPOSED,
            target=column.url,
            points=2 if is_portal(column.site) else 0,
            severity=None if is_portal(column.site) else Severity.HINT,
            evidence={
                "栏目": f"{column.column.name}（{column.column.kind}）",
                "页面写着": words,
                "以前的条目": str(len(column.entries)),
                "本网站空白栏目": shown,
            },
        )
        if len(every) >= veto:
            yield Finding(
                message=f"空白栏目{shown}",
                at=Place(column.site.site.home),
                key="veto",
                per="site",
                certainty=Certainty.PROPOSED,
                severity=Severity.VETO,
                points=0,
                cites=tuple(sorted(one.url for one in every)),
                evidence={"计入的栏目": named(every), "距单项否决": shown},
            )
    elif not _has_content(column) and not column.reading.complete:
        yield column.undecidable(column.reading.note and f"列表没有读到：{column.reading.note}")


def _blank(column: ColumnView) -> str:
    """What says that the column is blank; "" where nothing does."""
    if column.page is None or moved_to(column) or column.known.state is State.DEAD:
        return ""
    if (building := _under_construction(column)) and not column.entries:
        return building
    if not is_emptied(column) or _has_content(column):
        return ""
    return column.page.facts.listing.empty_text or column.reading.note or "列表中没有一条信息"


def _under_construction(column: ColumnView) -> str:
    facts = column.page.facts if column.page else None
    if facts is None:
        return ""
    lines = (*facts.prose.split("\n"), facts.listing.empty_text)
    return next((line.strip() for line in lines if _BUILDING.match(line.strip())), "")


def _has_content(column: ColumnView) -> bool:
    """Entries, columns below it, or a text of its own (RULES 8.3: containers, the guide in static HTML)."""
    if column.entries and not is_emptied(column):
        return True
    if any(one.entries or one.page is not None for one in children_of(column)):
        return True
    page = column.page
    if page is None:
        return False
    folder = page.url.rpartition("/")[0] + "/"
    deep = len(folder.partition("://")[2].partition("/")[2]) > 0
    if deep and any(url.startswith(folder) and _is_column(url, folder) for url in column.site.links_of(page.url)):
        return True
    own = page.facts.main_text or (page.facts.prose if page.facts.kind == "article" else "")
    paragraph = any(len(line) >= _TEXT for line in page.facts.prose.split("\n"))
    return len(own) >= _TEXT or (column.column.kind in _PAGES and paragraph)


def _is_column(url: str, folder: str) -> bool:
    """A folder or an index below, and not the page's own second sheet."""
    rest = url.removeprefix(folder).partition("?")[0]
    return "/" in rest and rest.rpartition("/")[2] in {"", "index.html", "index.htm", "index.shtml", "list.html"}
