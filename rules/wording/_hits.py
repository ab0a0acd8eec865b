"""What the wording rules share: which pages have words of their own, and how a wrong one is said."""

from collections.abc import Iterator

from crawler.api import Block, Certainty, Finding, Hit, NotApplicable, PageView, Said, Severity, date

LEVELS = {"severe": "严重", "ordinary": "一般", "notice": "提醒"}
PARTS = {"heading": "标题", "prose": "正文", "entry": "列表标题", "common": "全站公共部分（页头、导航或页脚）"}
_HTML = ("text/html", "application/xhtml+xml", "")


def out_of_scope(page: PageView) -> Said | None:  # noqa: PLR0911 -- a list of reasons, one line each
    """Why a page has no words to judge; None for the pages that have."""
    facts, seen = page.facts, page.known.seen
    content_type = seen.content_type.partition(";")[0].strip().lower() if seen else ""
    if facts.kind == "script" or content_type not in _HTML:
        return NotApplicable("不是网页")
    if facts.redirect:
        return NotApplicable("跳转页")
    if facts.soft_error or (seen and seen.status is not None and seen.status >= 400):
        return NotApplicable("出错提示页")
    if facts.protection:
        return page.undecidable("被安全防护拦截")
    if facts.shell:
        return page.undecidable("页面由脚本生成，须用浏览器打开才能看到")
    if not page.wording.blocks:
        return NotApplicable("没有文字")
    return None


def document_date(page: PageView) -> date | None:
    """Of an article; a page of another kind speaks of today."""
    if page.is_article:
        return page.facts.published.value.date() if page.facts.published else None
    return page.as_of.date()


def severity_of(hit: Hit) -> Severity:
    """Ordinary faults are the prefecture's own list; what rests on memory or is mere advice is a hint (RULES)."""
    if hit.phrase.level == "notice" or hit.phrase.mark == "M":
        return Severity.HINT
    return Severity.LOCAL


def standing(page: PageView, rule: str) -> Iterator[Hit]:
    """Hits that stand: no examples of bad wording, in force at the date of what they stand in; one for each phrase."""
    said: set[str] = set()
    for hit in page.wording.of(rule):
        if not hit.exempt and hit.phrase.wrong not in said and in_force(page, hit):
            said.add(hit.phrase.wrong)
            yield hit


def in_force(page: PageView, hit: Hit) -> bool:
    since, until = hit.phrase.since, hit.phrase.until
    if since is None and until is None:
        return True
    day = hit.block.dated or document_date(page)
    return day is not None and (since is None or day >= since) and (until is None or day <= until)


def finding(page: PageView, hit: Hit, *, severity: Severity | None = None, why: str = "") -> Finding:
    """One finding for each phrase and site; 语境编号 names this use of it, for decisions that are remembered."""
    phrase = hit.phrase
    wrong = page.wording.source[hit.start : hit.end]
    right = "”或“".join(phrase.right)
    message = f"“{phrase.wrong}”{why or ('疑为' if phrase.level != 'notice' else '请核对，是否应为') + f'“{right}”'}"
    evidence = {
        "级别": LEVELS[phrase.level],
        "原文": hit.quote,
        "建议": hit.fixed or "删去或改用其他说法",
        "位置": PARTS[hit.block.part],
        "语境编号": hit.context,
    }
    if wrong != phrase.wrong:
        evidence["页面上写作"] = wrong
    if phrase.note:
        evidence["说明"] = phrase.note
    return Finding(
        message=message,
        at=page.place(quote=hit.quote),
        key=phrase.wrong,
        certainty=Certainty.PROPOSED,
        fix=f"改为：{hit.fixed}" if hit.fixed else f"删去“{phrase.wrong}”，或改用平实、准确的说法。",
        evidence=evidence,
        severity=severity,
        per="site",
    )


def shown(page: PageView, start: int, end: int, *, key: str, message: str, fix: str, level: str = "notice",
          certainty: Certainty = Certainty.PROPOSED, right: str = "") -> Finding:  # fmt: skip
    """What a pattern found in the source text of a page."""
    words = page.wording
    block, _ = words.block_at(start)
    evidence = {"级别": LEVELS[level], "原文": words.around(start, end)}
    if right:
        evidence["建议"] = words.corrected(start, end, right)
    evidence |= {"位置": PARTS[block.part], "语境编号": words.context(start, end)}
    return Finding(
        message=message,
        at=page.place(quote=words.around(start, end)),
        key=key,
        certainty=certainty,
        fix=f"改为：{evidence['建议']}" if right else fix,
        evidence=evidence,
        per="site",
    )


def lines(page: PageView) -> Iterator[tuple[Block, int]]:
    """Blocks with the place each begins at."""
    start = 0
    for block in page.wording.blocks:
        yield block, start
        start += len(block.text) + 1
