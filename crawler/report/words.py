"""The words, times and clean text that every report format shares."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from types import MappingProxyType
from urllib.parse import urlsplit

from crawler.core.model import Attempt, Certainty, Outcome, Severity, Verdict

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")

VERDICTS = MappingProxyType(
    {
        Verdict.CRASHED: "规则出错",
        Verdict.NOT_CONFIGURED: "未配置",
        Verdict.NOT_APPLICABLE: "不适用",
        Verdict.FAILED: "有问题",
        Verdict.EXEMPT: "豁免",
        Verdict.UNVERIFIED: "未判定",
        Verdict.PASSED: "通过",
    }
)
CERTAINTIES = MappingProxyType(
    {
        Certainty.CONFIRMED: "确认",
        Certainty.SUSPECTED: "疑似",
        Certainty.PROPOSED: "待人工确认",
    }
)
# What one severity means to somebody who does not know the indicator tables (RULES 10, 10.9 (7)).
SEVERITY_NOTES = MappingProxyType(
    {
        Severity.VETO: "国家检查指标的单项否决项",
        Severity.POINTS: "国家检查指标的扣分项",
        Severity.HINT: "不扣分，建议改进",
        Severity.LOCAL: "州政府办公室通报的要求，不计入国家指标",
    }
)
STATES = MappingProxyType(
    {
        "open": "未整改",
        "not_rechecked": "本次未复查",
        "sampled": "待复查（抽查通过）",
        "fixed": "已整改",
        "withdrawn": "撤回",
        "exempt": "豁免",
    }
)
CHANGES = MappingProxyType(
    {
        "new": "新增",
        "new_rule": "规则新发现",
        "recurred": "复发",
        "known": "仍存在",
        "fixed": "已整改",
        "sampled": "待复查（抽查通过）",
        "not_rechecked": "未复查",
        "withdrawn": "撤回",
    }
)
OUTCOMES = MappingProxyType(
    {
        Outcome.OK: "正常",
        Outcome.NOT_MODIFIED: "内容未变",
        Outcome.NOT_FOUND: "页面不存在",
        Outcome.GONE: "页面已删除",
        Outcome.WRONG_TYPE: "文件类型不符或为空",
        Outcome.NXDOMAIN: "域名无法解析",
        Outcome.REFUSED: "连接被拒绝",
        Outcome.UNREACHABLE: "网络不可达",
        Outcome.TIMEOUT: "超时",
        Outcome.RESET: "连接中断",
        Outcome.TLS: "证书或加密连接出错",
        Outcome.SERVER_ERROR: "服务器出错",
        Outcome.BAD_HTTP: "应答不合 HTTP 规范",
        Outcome.REDIRECT_LOOP: "循环跳转",
        Outcome.TOO_MANY_REDIRECTS: "跳转次数过多",
        Outcome.INTRANET: "跳转到内网地址",
        Outcome.PROTECTED: "被安全防护拦截",
        Outcome.THROTTLED: "被限速",
        Outcome.FORBIDDEN: "拒绝访问",
        Outcome.CLIENT_ERROR: "请求未被接受",
        Outcome.LOGIN: "需要登录",
        Outcome.ROBOTS: "robots.txt 不允许，未访问",
        Outcome.PRIVATE: "内网地址，未访问",
        Outcome.ACTION: "提交类链接，未访问",
        Outcome.BREAKER: "该主机暂停访问",
        Outcome.OUR_FAULT: "本程序出错",
    }
)
READINGS = MappingProxyType(
    {
        "ended": "读到末页",
        "joined": "读到上次已读处",
        "stalled": "翻页中断",
        "failed": "读取失败",
        "capped": "达到页数上限",
        "unread": "尚未读取",
    }
)
LEVELS = MappingProxyType({"portal": "门户网站", "department": "部门网站"})
HOME_STATES = MappingProxyType(
    {
        "alive": "可以打开",
        "dead": "打不开",
        "suspect": "疑似打不开，待第二轮",
        "blocked": "被拦截，未判定",
        "unknown": "未知",
    }
)

# Problem classes in the order of an issue list, by the family codes of RULES 10.
CLASSES: tuple[tuple[str, frozenset[str]], ...] = (
    ("可用性与域名", frozenset({"AV", "DN"})),
    ("底部标识", frozenset({"FT"})),
    ("页面标签", frozenset({"TG"})),
    ("链接与附件", frozenset({"LK"})),
    ("栏目与政策文件", frozenset({"UP", "PF", "GD", "PD", "IN", "JC", "AR"})),
    ("转载", frozenset({"RP"})),
    ("检索", frozenset({"SR"})),
    ("表述与安全", frozenset({"WD", "PV", "SE", "CF"})),
    ("服务与互动", frozenset({"SV", "IX"})),
    ("无障碍与兼容", frozenset({"AC", "BR", "XS", "NM"})),
)
OTHER_CLASS = "其他"

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 but the blanks, DEL, C1: what drives a terminal
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # direction marks and invisible characters
    "\ud800-\udfff\ufffe\uffff]"  # what UTF-8 and XML cannot hold
)
_ESCAPE = re.compile("(?:\x1b\\[|\x9b)[0-?]{0,32}[ -/]{0,8}[@-~]|\x1b[\\]PX^_][^\x07\x1b]{0,400}(?:\x07|\x1b\\\\)")
_BLANKS = re.compile(r"[ \t\n\r\f\v\u3000]+")
_WEB = re.compile(r"https?://[^\s\x00-\x20<>\"`\\]+", re.IGNORECASE)


def problem_class(rule: str) -> str:
    family = rule.partition("-")[0].upper()
    return next((name for name, families in CLASSES if family in families), OTHER_CLASS)


def plain(text: str, limit: int | None = None) -> str:
    """Text of the web on one line: no terminal sequence, direction mark or lone surrogate survives; a cut is shown."""
    if limit is not None:
        text = text[: limit * 2 + 1000]  # bounded work on any input, with room for what is stripped
    cleaned = _BLANKS.sub(" ", _UNPRINTABLE.sub("", _ESCAPE.sub("", text))).strip()
    return cleaned if limit is None or len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def beijing(moment: datetime) -> datetime:
    """Asia/Shanghai; a naive time is taken to be there already."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=BEIJING)
    try:
        return moment.astimezone(BEIJING)
    except OverflowError:  # datetime.max with a zone west of Beijing
        return moment.replace(tzinfo=BEIJING)


def minute(moment: datetime | None, absent: str = "—") -> str:
    return f"{beijing(moment):%Y-%m-%d %H:%M}" if moment else absent


def day(moment: datetime | None, absent: str = "—") -> str:
    return f"{beijing(moment):%Y-%m-%d}" if moment else absent


def web_url(url: str | None) -> str:
    """The URL if a reader may safely follow it, else ""."""
    if not url or not _WEB.fullmatch(url):
        return ""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return ""
    return url if parts.hostname and "@" not in parts.netloc else ""


def attempt_line(attempt: Attempt) -> str:
    """One request as a sentence: when, what came of it, how long it took, what was seen."""
    status = f"返回码 {attempt.status}" if attempt.status is not None else "无返回码"
    seconds = attempt.elapsed.total_seconds()
    note = f"，{plain(attempt.note, 200)}" if attempt.note else ""
    what = OUTCOMES.get(attempt.outcome, str(attempt.outcome))
    return f"{beijing(attempt.at):%Y-%m-%d %H:%M:%S} {status}（{what}，{seconds:.1f} 秒{note}）"


def size(received: int) -> str:
    amount = float(received)
    for unit in ("字节", "KB", "MB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GB"
