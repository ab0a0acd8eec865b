"""WD-09: what a template, a test or a wrong encoding left on the page."""

import re
from collections.abc import Iterator

from crawler.api import Certainty, PageView, Said, Severity, cite, page_rule
from rules.wording._hits import lines, out_of_scope, shown

_WHOLE = re.compile(
    r"(?:test|测试|这是(?:一[个条篇])?测试"
    r"|测试(?:测试|文章|标题|新闻|信息|页面|内容|一下|数据)?|新闻标题|文章标题|这里是(?:标题|正文|内容)"
    r"|标题|无标题(?:文档)?|待补充|内容待补充|待完善|内容待完善|asdf\w*|qwer\w*|aaa+|111+|xxx+|正文内容)[\d。.！!]{0,4}",
    re.IGNORECASE,
)
_ANYWHERE = re.compile(
    r"lorem ipsum"
    r"|(?:点击|单击)此处(?:添加|输入|编辑)|此处(?:添加|插入|填写|输入)(?:标题|正文|文字|内容|图片)|请在此(?:处)?输入"
    r"|[（(](?:内容|此处)?待(?:补充|完善)[）)]|\{\{[\w. ]{1,40}\}\}",
    re.IGNORECASE,
)
_ANONYMOUS = re.compile(r"(?<![A-Za-z])XX+(?![A-Za-z])|×{2,}|[Ｘ]{2,}")
_BROKEN = re.compile(
    r"锟斤拷|烫烫烫|屯屯屯|\ufffd|Ã[\u0080-\u00bf][ÃÂ][\u0080-\u00bf]|Â[\u0080-\u00bf][ÃÂ][\u0080-\u00bf]|â€[\u0080-\u00bf™œ]|ï»¿"
)
_MARKUP = re.compile(
    r"&(?:nbsp|ldquo|rdquo|quot|lt|gt|amp|mdash|hellip|middot|ensp|emsp);"
    r"|</?(?:p|br|span|div|font|strong|td|tr|table|img|a|b|o:p)(?:\s[^<>\n]{0,200})?/?>",
    re.IGNORECASE,
)
_SHORT = 200  # in longer text such a line is the cell of a table
_ABOUT_CODE = re.compile(r"代码|标签|HTML|XML|源码|转义|脚本", re.IGNORECASE)
_MISREAD = ("锛", "銆", "鐨")  # ，。的 of UTF-8 read as GBK


@page_rule(
    "WD-09",
    severity=Severity.HINT,
    basis=(cite("guobanfa-2017-47", "article.text"),),
)
def placeholder_text(page: PageView) -> Iterator[Said]:
    """占位、乱码或测试信息

    为什么: “测试”“待补充”、乱码和裸露的网页代码说明发布前没有人看过，公众读不到内容。

    看什么: 整行或标题就是“测试”“test”“待补充”等；“点击此处添加标题”、未替换的模板变量；
    “锟斤拷”、“�”等乱码和 &nbsp;、<p> 等代码。标题里的 XX、×× 由人确认；讲代码的句子、处罚公示里隐去的姓名不算。

    怎么改: 换成正式内容，或删除这一页；乱码的从原稿重新发布。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    fix = "换成正式内容，或删除这一页。"
    for block, start in lines(page):
        text = block.text
        own = block.part in {"heading", "entry"} or (page.is_article and len(page.facts.prose) <= _SHORT)
        if own and len(text) <= 12 and _WHOLE.fullmatch(text.strip()):
            yield shown(page, start, start + len(text), key="test", message=f"“{text.strip()}”是测试或占位文字",
                        fix=fix, level="ordinary", certainty=Certainty.CONFIRMED)  # fmt: skip
        if block.part == "heading" and (hit := _ANONYMOUS.search(text)):
            yield shown(page, start + hit.start(), start + hit.end(), key="placeholder",
                        message=f"标题里有“{hit[0]}”，请核对是否为没有填写的内容", fix="填上实际名称。")  # fmt: skip
    yield from _left_over(page)
    yield from _unreadable(page)


def _left_over(page: PageView) -> Iterator[Said]:
    if hit := _ANYWHERE.search(page.wording.source):
        yield shown(page, hit.start(), hit.end(), key="template", message=f"“{hit[0][:40]}”是模板留下的文字",
                    fix="换成正式内容，或删除。", level="ordinary", certainty=Certainty.CONFIRMED)  # fmt: skip


def _unreadable(page: PageView) -> Iterator[Said]:
    source = page.wording.source
    cut = page.known.seen is not None and page.known.seen.truncated
    hit = _BROKEN.search(source)
    if hit and not (cut and hit[0] == "\ufffd"):
        yield shown(page, hit.start(), hit.end(), key="mojibake", message="页面文字有乱码",
                    fix="从原稿重新发布这一页。", level="ordinary", certainty=Certainty.CONFIRMED)  # fmt: skip
    elif sum(source.count(sign) for sign in _MISREAD) > 3:
        at = min(at for sign in _MISREAD if (at := source.find(sign)) >= 0)
        yield shown(page, at, at + 1, key="mojibake", message="页面文字有乱码（编码声明与实际不符）",
                    fix="按网页声明的编码重新发布这一页。", level="ordinary")  # fmt: skip
    if "&" in source or "<" in source:
        for found in _MARKUP.finditer(source):
            block, start = page.wording.block_at(found.start())
            if not _ABOUT_CODE.search(block.text[max(0, found.start() - start - 60) : found.end() - start + 60]):
                yield shown(page, found.start(), found.end(), key="markup",
                            message=f"页面上直接显示了网页代码“{found[0][:30]}”",
                            fix="在编辑器的“源代码”视图里删去多余的代码，或粘贴为纯文本后重新排版。", level="ordinary",
                            certainty=Certainty.PROPOSED)  # fmt: skip
                return
