"""FT-13: an ICP number of another province than the site's."""

from collections.abc import Iterator

from crawler.api import Finding, NotApplicable, PageView, Said, Severity, cite, page_rule
from rules.footer._items import UNREAD, marks, out_of_scope, province, template

# First two digits of the area code -> the letter of the province's ICP numbers; Gansu files under 陇.
_LETTERS = dict(
    zip(
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split(),
        "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀黔滇藏陕陇青宁新",
        strict=True,
    )
)


@page_rule("FT-13", severity=Severity.HINT, basis=(cite("guobanmihan-2019-19", "identifiers.icp"),))
def foreign_icp_province(page: PageView) -> Iterator[Said]:
    """ICP省份简称不符

    为什么: ICP备案号开头是主办单位所在省份的简称，甘肃是“陇”。简称不符，多半抄了建站公司或别的网站的备案号。

    看什么: 页脚ICP备案号开头的省份简称与网站登记的行政区划是否一致。页脚另有一个本省备案号的不算，没写简称的不算。

    怎么改: 到 beian.miit.gov.cn 查出本网站的备案号，改正公共页脚；确由外省主体备案的，可以忽略。
    """
    if (excuse := out_of_scope(page)) is not None:
        yield excuse
        return
    wanted = _LETTERS.get(province(page), "")
    found = marks(page, "icp")
    if not found:
        yield page.undecidable(UNREAD) if page.unread else NotApplicable("页面上没有ICP备案号")
    elif not wanted:
        yield NotApplicable("网站没有登记行政区划代码")
    else:
        letters = {mark.value[0] for mark in found}
        if letters <= set(_LETTERS.values()) and wanted not in letters:
            yield Finding(
                message=f"ICP备案号 {found[0].value} 的省份简称不是“{wanted}”",
                at=page.place(found[0].place.css, found[0].place.quote),
                key=f"icp@{template(page)}",
                evidence={"页脚写法": found[0].place.quote[:200], "应为": wanted},
                per="site",
            )
