"""The formats of config/inputs/: what people know and no crawler can see, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["site", "text", "day", "moment", "end", "number", "url", "choice"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column: `name` is the key in YAML and in rules, `heads` are what people write above it."""

    name: str
    heads: tuple[str, ...]  # the first one stands in the template
    kind: Kind = "text"
    required: bool = False
    example: str = ""
    choices: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        return self.heads[0]


@dataclass(frozen=True, slots=True)
class Format:
    """One file of config/inputs/. `unique` are the fields that tell two rows apart."""

    name: str
    title: str
    fields: tuple[Field, ...]
    unique: tuple[str, ...] = ()
    until: str = ""  # the field whose newest value says how far the file speaks, where no line of it does
    ordered: tuple[tuple[str, str], ...] = ()  # (earlier, later)
    export: bool = False  # of another system: columns we do not know are let be

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)


_SITE = Field("site", ("网站", "网站id", "网站编号", "网站名称", "网站标识码", "站点", "site"), "site", True, "lxs")
_CHECKED = Field("checked", ("核查日期", "检查日期", "查询日期", "登记日期", "checked"), "day", True, "2026-11-20")
_FROM = Field("from", ("起始日期", "开始日期", "起", "从", "开始时间", "from"), "day", True, "2026-07-01")
_TO = Field("to", ("截止日期", "结束日期", "止", "至", "结束时间", "to"), "day", True, "2026-09-30")
NOTE = ("备注", "说明", "note", "remark")  # let be in every format

FORMATS = (
    Format(
        "jiucuo",
        "“我为政府网站找错”平台的留言（平台导出）",
        (
            _SITE,
            Field("number", ("留言编号", "编号", "id", "number"), "text", True, "JC20261101001"),
            Field("received", ("提交时间", "留言时间", "转办时间", "received"), "moment", True, "2026-11-02 09:30"),
            Field("replied", ("答复时间", "办结时间", "回复时间", "办理时间", "replied"), "moment", False, "2026/11/4"),
            Field("subject", ("留言标题", "留言内容", "问题描述", "问题", "subject"), "text", False, "栏目打不开"),
            Field("state", ("办理状态", "状态", "state"), "text", False, "已办结"),
        ),
        unique=("site", "number"),
        until="received",
        ordered=(("received", "replied"),),
        export=True,
    ),
    Format(
        "outages",
        "网站停机报备（与网站文件里的 outages 合在一起用）",
        (
            _SITE,
            Field("from", ("开始时间", "起始时间", "起", "从", "开始日期", "from"), "moment", True, "2026-11-05 22:00"),
            Field("to", ("结束时间", "截止时间", "止", "至", "结束日期", "to"), "end", True, "2026-11-06"),
            Field("number", ("报备文号", "文号", "报备编号", "number"), "text", True, "临州办报备〔2026〕7号"),
        ),
        unique=("site", "from", "number"),
        ordered=(("from", "to"),),
    ),
    Format(
        "applications",
        "依申请公开办理数量",
        (
            _SITE,
            _FROM,
            _TO,
            Field("received", ("收到申请数", "收到", "申请数", "received"), "number", True, "5"),
            Field("answered", ("答复数", "办结数", "已答复", "answered"), "number", False, "5"),
            Field("overdue", ("超期数", "逾期数", "超期", "overdue"), "number", False, "0"),
        ),
        unique=("site", "from", "to"),
        until="to",
        ordered=(("from", "to"),),
    ),
    Format(
        "media",
        "政务新媒体最近一次发布",
        (
            _SITE,
            Field("name", ("账号名称", "名称", "新媒体名称", "name"), "text", True, "临夏发布"),
            Field("platform", ("平台", "类型", "新媒体类型", "platform"), "text", False, "微信公众号"),
            Field(
                "last_post",
                ("最近发布日期", "最后发布日期", "最后更新日期", "last_post"),
                "day",
                False,
                "2026年11月18日",
            ),
            _CHECKED,
        ),
        unique=("site", "name", "platform"),
        until="checked",
        ordered=(("last_post", "checked"),),
    ),
    Format(
        "roster",
        "领导名单和任职起止",
        (
            _SITE,
            Field("name", ("姓名", "领导姓名", "name"), "text", True, "马某某"),
            Field("title", ("职务", "title"), "text", True, "市委副书记、市长"),
            Field("order", ("排序", "顺序", "order"), "number", False, "1"),
            Field("from", ("任职日期", "任职时间", "起", "从", "from"), "day", True, "2023-01-05"),
            Field("until", ("离任日期", "免职日期", "离任时间", "止", "至", "to"), "day", False, ""),
        ),
        unique=("site", "name", "title", "from"),
        ordered=(("from", "until"),),
    ),
    Format(
        "phone",
        "公开电话拨打核查",
        (
            _SITE,
            Field("item", ("事项", "事项名称", "用途", "item"), "text", True, "居民身份证申领"),
            Field("phone", ("电话", "联系电话", "电话号码", "phone"), "text", True, "0930-6212345"),
            _CHECKED,
            Field(
                "outcome",
                ("核查结果", "结果", "outcome"),
                "choice",
                True,
                "正常",
                ("正常", "空号", "停机", "无人接听", "号码不符", "答复不准"),
            ),
            Field("url", ("网页地址", "网址", "url"), "url", False, "https://www.lxs.gov.cn/lxs/bszn/1.html"),
        ),
        unique=("site", "item", "phone", "checked"),
        until="checked",
    ),
    Format(
        "domains",
        "域名和备案登记",
        (
            _SITE,
            Field("host", ("域名", "主机", "domain", "host"), "text", True, "www.lxs.gov.cn"),
            Field(
                "expires", ("到期日期", "域名到期日期", "过期日期", "有效期至", "expires"), "day", False, "2027-03-01"
            ),
            Field("icp", ("ICP备案号", "备案号", "ICP备案编号", "icp"), "text", False, "陇ICP备12345678号"),
            Field("holder", ("备案主体", "主办单位", "域名持有者", "holder"), "text", False, "临夏市人民政府办公室"),
            _CHECKED,
        ),
        unique=("site", "host"),
        until="checked",
        export=True,
    ),
)

ALSO = {
    "domain": "domains",
    "找错": "jiucuo",
    "报备": "outages",
    "依申请公开": "applications",
    "新媒体": "media",
}  # file names
BY_NAME = {one.name: one for one in FORMATS}
