"""A portal without one of the columns every portal must have."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, Finding, NotConfigured, Place, Said, Severity, SiteView, cite, site_rule

_NAME = 10  # characters: longer links are titles of articles
# Kind -> what people call it, and the points its absence costs (RULES 2.3).
_REQUIRED: dict[str, tuple[re.Pattern[str], float]] = {
    "概况信息": (re.compile(r"概况|[州市县区乡镇]情|走进|魅力|认识"), 2),
    "机构职能": (re.compile(r"机构|职能|职责|部门设置"), 2),
    "领导信息": (re.compile(r"领导|负责人|之窗"), 2),
    "动态要闻": (re.compile(r"要闻|动态|新闻|时政"), 5),
    "政策文件": (re.compile(r"文件|政策|法规|公文"), 5),
    "政策解读": (re.compile(r"解读|政策问答|图解"), 5),
}


@site_rule(
    "UP-13",
    severity=Severity.POINTS,
    points=2,
    basis=(
        cite("guobanmihan-2019-19", "columns.profile"),
        cite("guobanmihan-2019-19", "columns.news"),
        cite("guobanmihan-2019-19", "columns.policy"),
        cite("guobanmihan-2019-19", "columns.interpretation"),
    ),
    form="proposed",
)
def missing_column(site: SiteView) -> Iterator[Said]:
    """必备栏目缺失

    为什么: 门户网站没有概况信息、机构职能、领导信息栏目的各扣2分，没有动态要闻、政策文件、政策解读栏目的各扣5分。

    看什么: 门户网站是否登记了这六类栏目。没有登记、而导航或页面标题里有相近名称（如“走进临夏”）的，是还没有登记，
    不算缺失；首页和各页面的标题都找不到相近名称的才列出，由人确认。部门网站没有这项要求。

    怎么改: 开设栏目并放在首页导航；已有栏目的，运行 govcheck columns propose 登记。
    """
    if site.site.level != "portal":
        yield site.not_applicable("部门网站没有这项要求")
        return
    registered = {column.column.kind for column in site.columns}
    if not registered:
        yield NotConfigured("未登记任何栏目；可运行 govcheck columns propose 提出栏目表")
        return
    home = site.open_page(site.site.home)
    if home is None or home.facts.shell or home.facts.kind in {"empty", "script"}:
        yield site.undecidable("首页没有读到，看不到导航")
        return
    names = {a.text for a in home.html.css("a")} | {b.title for b in site.briefs() if b.kind != "article"}
    unregistered, missing = [], 0
    for kind, (pattern, points) in _REQUIRED.items():
        if kind in registered:
            continue
        near = sorted(name.strip() for name in names if len(name.strip()) <= _NAME and pattern.search(name))
        if near:
            unregistered.append(f"{kind}（导航中有“{near[0]}”）")
        else:
            missing += 1
            yield _finding(site, kind, points)
    if unregistered:
        told = f"没有登记：{'、'.join(unregistered)}；可运行 govcheck columns propose 提出栏目表"
        yield site.undecidable(told) if missing else NotConfigured(told)


def _finding(site: SiteView, kind: str, points: float) -> Finding:
    return Finding(
        message=f"没有找到“{kind}”栏目",
        at=Place(site.site.home),
        key=f"missing:{kind}",
        certainty=Certainty.PROPOSED,
        points=points,
        evidence={"栏目类别": kind, "看过": "登记的栏目、首页链接和已读页面的标题"},
    )
