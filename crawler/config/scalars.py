"""The values people write in configuration files: durations, windows, times, addresses, patterns."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Annotated, Any, NoReturn

import ada_url
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from crawler.core.clock import SHANGHAI

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_MAX_SECONDS = 3660 * 86400.0  # ten years

# What an article's address ends in; a column never does (BEHAVIOURS 23, FIELD 1.8).
_ARTICLE = re.compile(
    r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/)?art_"  # both Hanweb products
    r"|/art_[0-9a-f]{32}\b"
    r"|/t\d{8}_\d+\."  # TRS
    r"|/content_\d+\b"  # gov.cn
    r"|/info/\d+/\d+\.htm",  # VSB
    re.IGNORECASE,
)


def refuse(words: str) -> NoReturn:
    """End a validation with a sentence of ours."""
    raise PydanticCustomError("config", "{words}", {"words": words})


def duration(value: Any) -> timedelta:
    """`30m`, `2s`, `1.5h`, `500ms`, `14d`, `1h30m`; a bare number is seconds."""
    wrong = f"时长 {value} 写得不对，应写成 30m、2s、1.5h、500ms 或 14d（单写数字为秒）"
    if isinstance(value, timedelta):
        return value
    if isinstance(value, bool):
        refuse(wrong)
    if isinstance(value, int | float):
        seconds = float(value)
    else:
        text = str(value).strip().lower()
        parts = _DURATION.findall(text)
        if not parts or _DURATION.sub("", text).strip():
            refuse(wrong)
        seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if not 0 <= seconds <= _MAX_SECONDS:
        refuse(wrong)
    return timedelta(seconds=seconds)


def window(value: Any) -> tuple[time, time] | None:
    """`22:00-06:00`; null is all day."""
    if value is None or (isinstance(value, tuple) and len(value) == 2):
        return value
    start, dash, end = str(value).replace(" ", "").partition("-")
    clocks = [_CLOCK.fullmatch(part) for part in (start, end)]
    if not dash or not all(clocks):
        refuse(f'时间段 {value} 写得不对，应写成 "22:00-06:00"（24 小时制，半角），不限时间写 null')
    first, last = (time(int(clock[1]), int(clock[2])) for clock in clocks if clock)
    if first == last:
        refuse(f"时间段 {value} 的起止相同；不限时间写 null")
    return first, last


def moment(value: Any) -> datetime:
    """A date or a date with time; Asia/Shanghai when it names no zone."""
    if isinstance(value, datetime):
        return value
    text = str(value).strip()
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        refuse(f"时间 {value} 写得不对，应写成 2026-01-31 或 2026-01-31 08:30")
    return read if read.tzinfo else read.replace(tzinfo=SHANGHAI)


def is_day(value: object) -> bool:
    """Whether a moment was written without a time of day."""
    return len(str(value).strip()) <= 10


def day(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        refuse(f"日期 {value} 写得不对，应写成 2026-01-31")


def host(value: Any) -> str:
    """A host name or address, in the form URLs carry it."""
    wrong = f"主机名 {value} 写得不对，应只写域名，例如 www.linxia.gov.cn，不带 http://、端口和路径"
    if not isinstance(value, str):
        refuse(wrong)
    text = value.strip()
    if not text or re.search(r"[/\s@?#\\：．。，]", text):
        refuse(wrong)
    try:
        parsed = ada_url.URL(f"http://{text}/")
    except ValueError:
        refuse(wrong)
    if parsed.port or text.endswith(":80"):
        refuse(wrong)
    return str(parsed.hostname)


def web_url(value: Any) -> str:
    """An http(s) URL as a crawler can ask for it."""
    wrong = f"网址 {value} 写得不对，应写成 https://www.linxia.gov.cn/… 这样的完整网址"
    if not isinstance(value, str):
        refuse(wrong)
    text = value.strip()
    if re.search(r"[\s：／．。，\\]", text):
        refuse(f"网址 {value} 里有空格、反斜杠或全角符号，请改成半角")
    if not re.match(r"https?://[^/]", text, re.IGNORECASE):
        refuse(wrong)
    try:
        parsed = ada_url.URL(text)
    except ValueError:
        refuse(wrong)
    if parsed.username or parsed.password:
        refuse("网址里不能带用户名和密码")
    return text


def is_article(url: str) -> bool:
    return bool(_ARTICLE.search(ada_url.URL(url).pathname))


def prefix(value: Any) -> str:
    if not isinstance(value, str) or not value.startswith("/") or re.search(r"[\s?#*：]|//", value):
        refuse(f"路径前缀 {value} 写得不对，应写成 /lxs/ 这样，前后都有斜杠，不带域名")
    return value if value.endswith("/") else value + "/"


def address(value: Any) -> str:
    """Where a host is really reached: `address:port`, `nxdomain` or `refused`."""
    text = str(value).strip()
    if text in {"nxdomain", "refused"}:
        return text
    name, _, port = text.rpartition(":")
    if not name or not _is_port(port) or not _is_name(name):
        refuse(f'{value} 写得不对，应写成 "127.0.0.1:8443"（地址:端口）、nxdomain 或 refused')
    return text


def host_pattern(value: str) -> str:
    """`host:port`, either of them may be `*`; in the form URLs carry the host."""
    text = value.strip()
    name, _, port = text.rpartition(":")
    if not name or not (port == "*" or _is_port(port)) or not (name == "*" or _is_name(name)):
        refuse(f'{value} 写得不对，应写成 "www.lxs.gov.cn:443"、"www.lxs.gov.cn:*"、"*:80" 或 "*:*"')
    return text if name == "*" else f"{ada_url.URL(f'http://{name}/').hostname}:{port}"


def proxy_url(value: Any) -> str:
    text = str(value).strip()
    if not re.match(r"(?:https?|socks5h?)://[^/\s：]+/?$", text):
        refuse(f"代理 {value} 写得不对，应写成 http://127.0.0.1:3128；不用代理写 null")
    return text


def pattern(value: Any) -> re.Pattern[str]:
    if isinstance(value, re.Pattern):
        return value
    try:
        return re.compile(str(value))
    except re.error as error:
        refuse(f"正则表达式 {value} 写得不对：{error}")


def days(value: Any) -> tuple[date, date]:
    """`2026-02-15` or `2026-02-15..2026-02-23`."""
    if isinstance(value, tuple):
        return value
    first, _, last = str(value).partition("..")
    start, end = day(first), day(last or first)
    if start > end or (end - start).days > 60:
        refuse(f"日期区间 {value} 写得不对，应写成 2026-02-15..2026-02-23，前早后晚")
    return start, end


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) < 65536


def _is_name(text: str) -> bool:
    bare = text.removeprefix("[").removesuffix("]")
    if ":" in bare:
        try:
            return isinstance(ip_address(bare), IPv6Address) and text.startswith("[")
        except ValueError:
            return False
    return "*" not in text and not re.search(r"[/\s@?#：．。]", text) and ada_url.check_url(f"http://{text}/")


Duration = Annotated[timedelta, BeforeValidator(duration)]
Window = Annotated[tuple[time, time] | None, BeforeValidator(window)]
Moment = Annotated[datetime, BeforeValidator(moment)]
Day = Annotated[date, BeforeValidator(day)]
Days = Annotated[tuple[date, date], BeforeValidator(days)]
Host = Annotated[str, BeforeValidator(host)]
WebUrl = Annotated[str, BeforeValidator(web_url)]
Prefix = Annotated[str, BeforeValidator(prefix)]
Address = Annotated[str, BeforeValidator(address)]
HostPattern = Annotated[str, BeforeValidator(host_pattern)]
ProxyUrl = Annotated[str, BeforeValidator(proxy_url)]
Pattern = Annotated[re.Pattern[str], BeforeValidator(pattern)]
