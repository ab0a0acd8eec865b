"""WD-02: a word that is spelt wrongly, or said otherwise than official usage has it."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.wording._hits import finding, out_of_scope, severity_of, standing


@page_rule(
    "WD-02",
    severity=Severity.LOCAL,
    form="proposed",
    basis=(cite("linxia-2022-08-26", "seed.h"),),
)
def misspelt_word(page: PageView) -> Iterator[Said]:
    """错别字

    为什么: 通报点名一般性表述不规范；错别字损害政府网站的公信力，容易被截图传播。

    看什么: 文章标题、正文和栏目、首页文字中，
    config/words/ 里 typos.yaml、confused.yaml、style.yaml 和本单位词表列出的写法。
    碰巧含有这些字的正确说法、举例讲错别字的文章不算；规范用语和易混词在引文、书名号里的不算，级别为“提醒”的只供核对。

    怎么改: 按“建议”改正；确属正确说法的，在 config/words/own.yaml 的 names 里写上整个词语。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    for hit in standing(page, "WD-02"):
        yield finding(page, hit, severity=severity_of(hit))
