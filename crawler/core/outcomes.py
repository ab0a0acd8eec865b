"""What a fetch came to, in the words of the report."""

from datetime import datetime, timedelta

from crawler.core.clock import SHANGHAI
from crawler.core.model import Outcome, State
from crawler.core.reach import Probe
from crawler.core.views import UNSEEN_REASON, Known, Seen

WORDS = {
    Outcome.OK: "正常打开",
    Outcome.NOT_MODIFIED: "正常打开",
    Outcome.NOT_FOUND: "页面不存在（404）",
    Outcome.GONE: "页面已被删除（410）",
    Outcome.WRONG_TYPE: "打开的不是应有的文件",
    Outcome.NXDOMAIN: "域名不能解析",
    Outcome.REFUSED: "服务器拒绝连接",
    Outcome.UNREACHABLE: "网络不可达",
    Outcome.TIMEOUT: "长时间没有响应",
    Outcome.RESET: "连接被中断",
    Outcome.TLS: "HTTPS 证书或加密连接有误",
    Outcome.SERVER_ERROR: "服务器内部错误",
    Outcome.BAD_HTTP: "返回的内容不符合 HTTP 协议",
    Outcome.REDIRECT_LOOP: "循环跳转",
    Outcome.TOO_MANY_REDIRECTS: "跳转次数过多",
    Outcome.INTRANET: "跳转到内网地址，公众打不开",
    Outcome.PROTECTED: "被安全防护拦截",
    Outcome.THROTTLED: "服务器要求放慢访问",
    Outcome.FORBIDDEN: "服务器拒绝访问",
    Outcome.CLIENT_ERROR: "服务器不接受这一请求",
    Outcome.LOGIN: "需要登录",
    Outcome.ROBOTS: "robots.txt 不允许访问或读不到",
    Outcome.PRIVATE: "指向内网地址，不予访问",
    Outcome.ACTION: "是提交、删除一类操作，不予访问",
    Outcome.BREAKER: "该主机已暂停访问",
    Outcome.OUR_FAULT: "检查程序自身出错",
}


PAUSED = "该主机疑似启用防护，暂停访问"  # what opened the breaker stands behind it in brackets

# What a server says of one address; the others befall a whole host at once.
OF_ONE_PAGE = frozenset({Outcome.NOT_FOUND, Outcome.GONE, Outcome.WRONG_TYPE})


def said_by(row: Seen) -> str:
    """`页面不存在（404）`, `服务器内部错误（503）`, `打开的不是应有的文件：HTML 页面`."""
    words = WORDS[row.outcome]
    if row.status is not None and row.outcome not in {Outcome.OK, Outcome.NOT_FOUND, Outcome.GONE}:
        words += f"（{row.status}）"
    return f"{words}：{row.note}" if row.note and row.outcome in {Outcome.WRONG_TYPE, Outcome.PROTECTED} else words


def said_of_probe(probe: Probe, clock: timedelta) -> str:
    """`服务器内部错误（503）`, `首页用了 16.0 秒才打开，超过 15 秒`."""
    if probe.state is State.ALIVE and probe.elapsed > clock:
        return f"首页用了 {probe.elapsed.total_seconds():.1f} 秒才打开，超过 {clock.total_seconds():g} 秒"
    words = WORDS[probe.outcome]
    if probe.status and str(probe.status) not in words and probe.state is not State.ALIVE:
        words += f"（{probe.status}）"
    return f"{words}：{probe.note}" if probe.note and probe.note not in words else words


def why_unknown(known: Known) -> str:
    """Why nothing can be said of a URL."""
    if row := known.blocked or known.pending:
        vendor = row.note.partition("：")[0] if row.outcome is Outcome.PROTECTED else ""
        return f"{WORDS[row.outcome]}（{vendor}）" if vendor else WORDS[row.outcome]
    return "超过 45 天没有复查" if known.knowledge == "expired" else UNSEEN_REASON


def printed(at: datetime) -> str:
    """`2026-03-01 08:30`, Asia/Shanghai."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
