"""An article that shows no time of publication."""

import re
from collections.abc import Iterator

from crawler.api import Finding, NotApplicable, PageView, Said, Severity, cite, page_rule

# Pages of these columns are no news: a profile, a form, a guide.
_UNDATED = {
    "概况信息",
    "机构职能",
    "领导信息",
    "信息公开指南",
    "信息公开制度",
    "依申请公开",
    "办事服务",
    "互动交流",
    "专题",
    "其他",
}
_ANY_DATE = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|\d{1,2}\s*月\s*\d{1,2}\s*日|[二一][〇○零Ｏ九]{1,2}[〇○零一二三四五六七八九]{1,2}年"
)
_LABEL = re.compile(r"(?:发布|发稿|更新|添加|录入|公开)\s*(?:时\s*间|日\s*期)|(?:时\s*间|日\s*期)\s*[:：]")
_TEXT = 100  # characters: shorter texts are forms, pictures, videos


@page_rule(
    "UP-09",
    severity=Severity.HINT,
    basis=(cite("guobanfa-2017-47", "article.time"), cite("guobanmihan-2019-19", "veto.home-stale")),
)
def no_publish_time(page: PageView) -> Iterator[Said]:
    """未标明发布时间

    为什么: 内容页应标明发布时间；没有发布时间的信息，检查时视为未更新。

    看什么: 登记栏目里的文章，网页标签、标题下方、正文落款和网址里都没有任何日期。概况、领导、指南、服务、专题
    等页面不算；有“发布时间”字样而日期由脚本写入的、页面里还有别的日期认不准的，不下结论。

    怎么改: 在内容页模板的标题下方显示“发布时间：YYYY-MM-DD HH:MM”，并写入 PubDate 标签。
    """
    facts = page.facts
    if facts.kind != "article" or not page.listed_in or page.column is not None or facts.soft_error or facts.redirect:
        yield NotApplicable("不是登记栏目里的文章")
        return
    if all(column.kind in _UNDATED for column in page.listed_in):
        yield NotApplicable("这类页面不要求发布时间")
        return
    if facts.published is not None or facts.dates:
        return
    if len(facts.main_text) < _TEXT:
        yield NotApplicable("正文很短，可能是图片、视频或表单")
        return
    head = " ".join(element.text for element in page.html.css("body"))[:20_000]
    if _ANY_DATE.search(head):
        yield page.undecidable("页面里有日期，但认不准哪个是发布时间")
    elif _LABEL.search(head) or page.html.css("[id*=time], [id*=date], [class*=pubtime], [class*=pubdate]"):
        yield page.undecidable("发布时间可能由脚本写入，没有读到")
    else:
        yield Finding(
            message="文章没有标明发布时间",
            at=page.place(quote=facts.heading),
            key="no-time",
            per="site",
            evidence={"文章": facts.heading[:60], "后果": "没有发布时间的信息视为未更新"},
        )
