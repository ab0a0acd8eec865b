"""WD-04: Hong Kong, Macao and Taiwan put beside China or among countries."""

from collections.abc import Iterator

from crawler.api import PageView, Said, Severity, cite, page_rule
from rules.wording._hits import finding, out_of_scope, standing


@page_rule(
    "WD-04",
    severity=Severity.HINT,
    form="proposed",
    basis=(cite("guobanmihan-2019-19", "veto.security"), cite("linxia-2022-08-26", "seed.h")),
)
def territory_wording(page: PageView) -> Iterator[Said]:
    """涉港澳台用语

    为什么: 把香港、澳门、台湾与中国并列，或列入“国家”，是涉及主权的表述错误，严重的属于单项否决。

    看什么: config/words/territory.yaml 列出的说法，如“中港两地”“港澳台游客来华”“日本、香港等国家”。
    引文、文件名、球队和机构专名不算。轻重由人判断。

    怎么改: 按“建议”改为“内地与香港”“内地与澳门”“海峡两岸”“国家和地区”等规范说法。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    for hit in standing(page, "WD-04"):
        yield finding(page, hit)
