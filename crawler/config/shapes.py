"""The files as pydantic sees them: the contract of keys and types, one model a file."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator

from crawler.config.scalars import (
    Address,
    Day,
    Days,
    Duration,
    Host,
    HostPattern,
    Moment,
    Pattern,
    Prefix,
    ProxyUrl,
    WebUrl,
    Window,
    is_article,
    is_day,
    refuse,
)

_CODE = re.compile(r"bm\d{8}|\d{10}")  # RULES 3.1
_RULE = re.compile(r"[A-Z][A-Z0-9]{0,7}-\d{1,3}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def _site_code(value: str) -> str:
    if not _CODE.fullmatch(value):
        refuse(f"网站标识码 {value} 写得不对，应为 10 位数字或 bm 加 8 位数字；还不知道就写 null")
    return value


def _identifier(value: str) -> str:
    if not _ID.fullmatch(value):
        refuse(f"id {value} 写得不对，只能用字母、数字、点、横线和下划线，例如 lxs")
    return value


def _rule_code(value: str) -> str:
    if not _RULE.fullmatch(value):
        refuse(f"规则编号 {value} 写得不对，应写成 PF-02 这样（大写字母、横线、数字）")
    return value


def _column_url(value: str) -> str:
    if is_article(value):
        refuse(f"{value} 是一篇文章的网址，不是栏目；请改成栏目列表页的网址，通常以 /index.html 或 / 结尾")
    return value


def _phrase(value: str) -> str:
    if len(value) < 2:
        refuse(f"“{value}”只有一个字，到处都会碰上；请写成完整的词")
    if "\n" in value or value != value.strip():
        refuse(f"“{value}”前后或中间有空格、换行，请删去")
    return value


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _end_of_day(value: Any) -> Any:
    return f"{str(value).strip()} 23:59:59" if isinstance(value, str) and is_day(value) else value


Text = Annotated[str, Field(min_length=1)]
Id = Annotated[Text, AfterValidator(_identifier)]
RuleCode = Annotated[str, AfterValidator(_rule_code)]
Wrong = Annotated[Text, AfterValidator(_phrase)]
Texts = Annotated[list[Text], BeforeValidator(_one_or_more)]
WordRule = Literal["WD-01", "WD-02", "WD-04", "WD-05", "WD-10", "WD-11"]
WordLevel = Literal["severe", "ordinary", "notice"]
WordMark = Literal["C", "D", "B", "M", "V", "V2", "own"]


class Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_an_empty_list(cls, data: Any) -> Any:
        """`columns:` with nothing behind it is what people write for none."""
        if not isinstance(data, dict):
            return data
        empty = {name for name, info in cls.model_fields.items() if isinstance(info.default, list | dict)}
        return {key: value for key, value in data.items() if value is not None or key not in empty}


class OutageShape(Shape):
    start: Moment = Field(alias="from")
    end: Annotated[Moment, BeforeValidator(_end_of_day)] = Field(alias="to")  # a day is meant to its end
    number: Text

    @model_validator(mode="after")
    def _in_order(self) -> OutageShape:
        if self.start > self.end:
            refuse("报备时段的 from 晚于 to，请对调")
        return self


class IgnoredShape(Shape):
    """No entry holds for ever: who wrote it may be gone when the trouble it hides is a new one."""

    prefix: WebUrl
    reason: Text
    until: Day


class ColumnShape(Shape):
    id: Id
    name: Text
    kind: Text
    url: Annotated[WebUrl, AfterValidator(_column_url)]
    field: Text | None = None
    limit: Duration | None = None
    parent: Id | None = None


class SiteShape(Shape):
    id: Id
    name: Text
    code: Annotated[str, AfterValidator(_site_code)] | None = None
    level: Literal["portal", "department"]
    platform: Id
    home: WebUrl
    hosts: list[Host] = Field(min_length=1)
    prefixes: list[Prefix] = []
    confirmed: bool = True
    owner: Text | None = None
    area: Annotated[str, Field(pattern=r"^\d{6}$")] | None = None
    cloaking_check: bool = False
    columns: list[ColumnShape] = []
    outages: list[OutageShape] = []
    ignore: list[IgnoredShape] = []
    search_probe: bool | None = None


class PlatformShape(Shape):
    """A key that is not written keeps the default of `Platform` (or of `EXTERNAL`)."""

    id: Id
    rate: float = Field(1.0, gt=0, allow_inf_nan=False)
    concurrency: int = Field(2, ge=1, le=1000)
    attachment_rate: float = Field(0.2, gt=0, allow_inf_nan=False)
    search_interval: Duration = timedelta(seconds=10)
    search_probe: bool = False
    window: Window = None
    robots: Literal["obey", "ignore"] = "obey"
    robots_unknown: Literal["columns", "nothing", "all"] = "columns"
    robots_strict: bool = False
    authorisation: Text | None = None
    second_round_after: Duration = timedelta(minutes=30)
    trap_cap: int = Field(50, ge=1)
    breaker_pause: Duration = timedelta(minutes=30)
    clock: Duration = timedelta(seconds=15)
    timeout: Duration = timedelta(seconds=30)
    egress: Text | None = None


class SourceShape(Shape):
    id: Id
    name: Text
    level: Literal["central", "provincial", "prefecture"]
    format: Literal["gov-json", "column", "csv"]
    feed: Text
    deadline_hours: float = Field(24, gt=0, allow_inf_nan=False, le=24 * 365)
    owed_by: list[Text] = Field(["portal"], min_length=1)


class NetworkShape(Shape):
    connect_to: dict[HostPattern, Address] = {}
    trust: Text | None = None
    canaries: list[WebUrl] = []
    proxy: ProxyUrl | None = None


class AttachmentsShape(Shape):
    read: Literal["policy", "all", "none"] = "policy"
    largest_mb: float = Field(5, gt=0, le=50, allow_inf_nan=False)
    budget_mb: float = Field(200, ge=0, allow_inf_nan=False)


class RenderingShape(Shape):
    enabled: bool = False
    pages: int = Field(10, ge=1, le=1000)
    requests: int = Field(60, ge=1, le=1000)
    seconds: float = Field(60, ge=5, le=600, allow_inf_nan=False)


class CrawlShape(Shape):
    attachments: AttachmentsShape = AttachmentsShape()
    rendering: RenderingShape = RenderingShape()


class ClauseShape(Shape):
    id: Id
    text: Text
    mark: Literal["V", "V2", "M", "I"] = "V"


class DocumentShape(Shape):
    id: Id
    title: Text
    number: Text
    date: Day | None = None
    source: WebUrl | None = None
    clauses: list[ClauseShape] = Field(min_length=1)


class SignatureShape(Shape):
    vendor: Text
    source: Text
    status: list[Annotated[int, Field(ge=100, le=999)]] = []
    headers: dict[str, Pattern] = {}
    cookies: Pattern | None = None
    body: list[Pattern] = []
    signals_needed: int | None = Field(None, ge=1, le=4)
    confirmed: bool = True
    generic: bool = False

    @model_validator(mode="after")
    def _says_enough(self) -> SignatureShape:
        marks = self.headers or self.cookies or self.body
        if not marks and (not self.status or min(self.status) < 400):  # 200 and 302 are everybody's
            refuse("特征太宽：要写 headers、cookies 或 body；只写 status 时须是 400 以上、别人都不用的状态码")
        return self


class KindShape(Shape):
    kind: Text
    synonyms: list[Text] = []
    limit: Duration | None = None
    cycle: Duration | None = None


class FieldShape(Shape):
    field: Text
    synonyms: list[Text] = []


class KindsShape(Shape):
    kinds: list[KindShape] = Field(min_length=1)
    fields: list[FieldShape] = []
    quiet: list[Text] = []


class YearShape(Shape):
    off: list[Days] = []
    work: list[Days] = []
    estimated: bool = False
    source: Text | None = None


class EditionShape(Shape):
    """What differs from the options above from this day on, until the next edition."""

    name: Text
    valid_from: Day
    options: dict[RuleCode, dict[str, Any]] = {}
    disabled: list[RuleCode] = []


class RulesShape(Shape):
    edition: Text
    packages: list[Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]*$")]] = Field(["rules"], min_length=1)
    options: dict[RuleCode, dict[str, Any]] = {}
    site_options: dict[str, dict[RuleCode, dict[str, Any]]] = {}
    disabled: list[RuleCode] = []
    retired: dict[RuleCode, Text] = {}
    editions: list[EditionShape] = []

    @model_validator(mode="after")
    def _editions_differ(self) -> RulesShape:
        names, days = ([getattr(row, name) for row in self.editions] for name in ("name", "valid_from"))
        if len(set(names)) < len(names) or len(set(days)) < len(days):
            refuse("editions 里每一版的 name 和 valid_from 都要不同")
        if names and self.edition not in names:
            refuse(f"edition 要写 editions 里的一版：{'、'.join(names)}")
        return self


class PhraseShape(Shape):
    wrong: Wrong
    right: Texts = []
    rule: WordRule | None = None
    level: WordLevel | None = None
    mark: WordMark | None = None
    allow: Texts = []
    only: Texts = []
    after: Pattern | None = None
    unless: Pattern | None = None
    since: Day | None = None
    until: Day | None = None
    quoted: bool | None = None
    note: str = ""
    hits: Texts = []  # sentences it must be found in; the tests run them
    traps: Texts = []  # sentences it must not be found in

    @model_validator(mode="after")
    def _makes_sense(self) -> PhraseShape:
        if self.wrong in self.right:
            refuse(f"“{self.wrong}”的 right 和 wrong 一样，请改其中一个")
        for frame in self.only:
            if "~" not in frame:
                refuse(f"“{self.wrong}”的 only 里的“{frame}”要用 ~ 代表这个词，例如 提出~")
        for frame in self.allow:
            if self.wrong not in frame.replace("~", self.wrong):
                refuse(f"“{self.wrong}”的 allow 里的“{frame}”不含这个词，放行不了什么；用 ~ 代表这个词，例如 ~机")
            if frame.replace("~", self.wrong) == self.wrong:
                refuse(f"“{self.wrong}”的 allow 里就是它自己，等于没有这一条")
        if self.since and self.until and self.since > self.until:
            refuse(f"“{self.wrong}”的 since 晚于 until，请对调")
        return self


class LeaderShape(Shape):
    name: Wrong
    title: Text
    since: Day | None = Field(None, alias="from")
    until: Day | None = Field(None, alias="to")
    order: int | None = Field(None, ge=1)
    unit: str = ""
    wrong: Texts = []  # how the name is mistyped

    @model_validator(mode="after")
    def _in_order(self) -> LeaderShape:
        if self.since and self.until and self.since > self.until:
            refuse(f"{self.name}的任职 from 晚于 to，请对调")
        if self.name in self.wrong:
            refuse(f"{self.name}的 wrong 里有正确的名字，请删去")
        return self


class WordsShape(Shape):
    """`rule`, `level`, `mark`, `since`, `quoted` hold for every phrase of the file that does not say otherwise."""

    rule: WordRule = "WD-02"
    level: WordLevel = "ordinary"
    mark: WordMark = "M"
    since: Day | None = None
    quoted: bool = False
    phrases: list[PhraseShape] = []
    names: list[Wrong] = []
    leaders: list[LeaderShape] = []
    repeats: list[Wrong] = []
    repeats_allowed: list[Wrong] = []


class Platforms(RootModel[list[PlatformShape]]):
    pass


class Sources(RootModel[list[SourceShape]]):
    pass


class Signatures(RootModel[list[SignatureShape]]):
    pass


class Years(RootModel[dict[Annotated[str, Field(pattern=r"^20\d\d$")], YearShape]]):
    pass
