"""URLs as government pages write them: repaired like a browser, reduced to one key, told harmless or not."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote

import ada_url

if TYPE_CHECKING:
    from collections.abc import Callable

Fault = Literal["", "malformed", "private", "placeholder", "unfetchable"]
Resolved = tuple[str, Fault]  # ("", fault) where there is nothing to ask for

# ── From an href to a URL ────────────────────────────────────────────────────────────────────────────────────────────

# What ninety-nine of a hundred hrefs look like: nothing to repair, ada alone decides.
_ORDINARY: Final = re.compile(
    r"(?:https?://(?=[a-z0-9]))?(?!https?[:/])[\w./~-][\w./~%=&?+,;!*'()@$-]*(?:#[\w./!?=&%-]*)?",
    re.ASCII | re.IGNORECASE,
)
_SUSPICIOUS: Final = re.compile(r"&amp;|//.*https?/|;//|^[htps]{2,7}//|undefined|null|nan\b|\$", re.IGNORECASE)

_PLACEHOLDER: Final = re.compile(
    r"\{\{|\}\}|<\?|\?>|<%|%>|\[!--|--\]|[$#]\{|%7b%7b|\[object(?: |%20)object\]|^\{[\w.]+\}$", re.IGNORECASE
)
# A template left one of these for an address. On another host it is a name: /wiki/NaN is an article of Wikipedia.
_HOLLOW_SEGMENT: Final = re.compile(
    r"^(?!(?:https?:)?//)(?:[^?#]*/)?(?:undefined|null|NaN)/?(?:[?#]|$)|^https?:/*(?:undefined|null)\b"
)

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_DRIVE: Final = re.compile(r"/{0,3}[a-z][:|][\\/]", re.IGNORECASE)
_LOCAL_SCHEMES: Final = frozenset({"file", "mhtml", "res", "ms-its"})

# Written for http:// by hand. Longest first, so that "https" is not read as "http" + "s".
_HTTP_TYPO: Final = re.compile(
    r"(?:hppts|htpps|httsp|htttps|hhttps|ttps|htps|hppt|htpp|htttp|hhttp|httpp|tthp|ttp|htp|https?)"
    r"(?=\s*[:：;；]\s*[\\/／]|[\\/]{2})\s*[:：;；]?\s*[\\/／]+",
    re.IGNORECASE,
)
_HOST_AFTER_ONE_SLASH: Final = re.compile(
    r"https?:/?(?=(?:www\.|[\w-]+(?:\.[\w-]+)*\.(?:cn|com|net|org)(?=[:/?#]|$)))", re.IGNORECASE
)
_DOUBLE_SCHEME: Final = re.compile(r"https?://(?=https?(?::|//))", re.IGNORECASE)
_FULL_WIDTH_AUTHORITY: Final = str.maketrans("：／．。", ":/..")
_BLANKS: Final = "".join(map(chr, range(33))) + "\u00a0\u3000\u200b\u200c\u200d\ufeff\u2002\u2003"


def resolve(base: str, href: str, charset: str = "utf-8") -> Resolved:
    """The URL a browser would ask for, and what was wrong with the href (BEHAVIOURS 43-45)."""
    if _ORDINARY.fullmatch(href) and not _SUSPICIOUS.search(href):
        return _join(base, href, "")
    trimmed = href.strip(_BLANKS)
    if not trimmed or trimmed[0] == "#":
        return "", "unfetchable"
    if _PLACEHOLDER.search(trimmed) or _HOLLOW_SEGMENT.search(trimmed):
        return "", "placeholder"
    if _is_local_path(trimmed):
        return "", "private"
    repaired = _repair(trimmed)
    scheme = _SCHEME.match(repaired)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        # "index.html:80" or "关于:x" have no scheme a browser knows, but a browser takes it for one all the same.
        return "", "unfetchable"
    fault: Fault = "malformed" if repaired != href or any(map(str.isspace, href)) else ""
    return _join(base, _encode_query(repaired, charset), fault)


def _is_local_path(href: str) -> bool:
    if _DRIVE.match(href):
        return True
    scheme = _SCHEME.match(href)
    if scheme and scheme[1].lower() in _LOCAL_SCHEMES:
        return True
    # \\server\share is a network drive; \\www.linxia.gov.cn\a.html is a slip of the keyboard.
    return href.startswith("\\\\") and "." not in re.split(r"[\\/]", href[2:], maxsplit=1)[0]


def _repair(href: str) -> str:
    if any(char in href for char in "\n\r\t"):
        href = re.sub(r"[\n\r\t]+", "", href)
    href = href.replace("&amp;", "&")
    typo = _HTTP_TYPO.match(href)
    if typo:
        secure = "s" in typo[0].lower()
        rest = href[typo.end() :]
        # "https:/path" on the own host is no typo of ours to mend, "http:/www.…" is.
        if typo[0].lower() in {"http:/", "https:/"} and not _HOST_AFTER_ONE_SLASH.match(href):
            return href.replace("\\", "/")
        href = ("https://" if secure else "http://") + rest
    else:
        href = _HOST_AFTER_ONE_SLASH.sub(lambda m: m[0].split(":")[0] + "://", href, count=1)
    while _DOUBLE_SCHEME.match(href):
        inner = _HTTP_TYPO.match(href[href.index("//") + 2 :])
        rest = href[href.index("//") + 2 :]
        if not inner:
            rest = re.sub(r"^https?:?", "http://", rest, count=1, flags=re.IGNORECASE)
        else:
            rest = ("https://" if "s" in inner[0].lower() else "http://") + rest[inner.end() :]
        href = rest
    before, mark, after = _split_once(href, "?#")
    if "\\" in before:
        before = before.replace("\\", "/")
    if before[:8].lower().startswith(("http://", "https://", "//")):
        start = before.index("//") + 2
        end = re.compile(r"[/／]").search(before, start)
        stop = end.end() if end else len(before)
        authority = before[start:stop].translate(_FULL_WIDTH_AUTHORITY)
        before = before[:start] + "".join(authority.split()) + before[stop:]
    return before + mark + after


def _split_once(text: str, stops: str) -> tuple[str, str, str]:
    at = min((i for i in map(text.find, stops) if i >= 0), default=-1)
    return (text, "", "") if at < 0 else (text[:at], text[at], text[at + 1 :])


def _encode_query(href: str, charset: str) -> str:
    """The query in the page's own charset, as browsers send it; ada knows UTF-8 only."""
    if charset.lower().replace("_", "-") in {"utf-8", "utf8", ""} or href.isascii():
        return href
    head, mark, query = href.partition("?")
    if not mark or query.isascii():
        return href
    query, hash_mark, fragment = query.partition("#")
    try:
        encoded = query.encode(charset, "xmlcharrefreplace")
    except LookupError:
        return href
    return head + "?" + quote(encoded, safe="%=&+,;:@!$'()*/?~-._") + hash_mark + fragment


def _join(base: str, href: str, fault: Fault) -> Resolved:
    try:
        url: str = ada_url.join_url(base, href)
    except ValueError:
        return "", "malformed"
    if not url.startswith(("http://", "https://")):
        return "", "unfetchable"
    if ("//" in href or ":" in href) and (host := host_of(url)) != host_of(base) and is_private_host(host):
        return "", "private"
    return url, fault


@lru_cache(maxsize=4096)
def is_private_host(host: str) -> bool:
    """Whether the host can only be meant inside an office: a private address, in any notation, or a local name."""
    host = host.strip("[]").rstrip(".").lower()
    if host == "localhost" or host.endswith((".localhost", ".local", ".lan", ".intranet", ".internal", ".home.arpa")):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return not address.is_global


# ── One key for one page ─────────────────────────────────────────────────────────────────────────────────────────────

_SESSION: Final = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)
_TRACKER: Final = re.compile(
    r"utm_\w+|spm|scm|isappinstalled|share_(?:token|from|source|medium|id)|sharetoken|nsukey|wxfrom|wx_share_\w+"
    r"|gclid|fbclid|bd_vid|yclid|jsessionid|phpsessid|aspsessionid\w*",
    re.IGNORECASE,
)
# `from` means something on many sites; only the values WeChat and its like append are trackers.
_SHARED_FROM: Final = re.compile(
    r"timeline|(?:single|group)message|message|weixin|wechat|wx|qq|qzone|weibo|sharetimeline", re.IGNORECASE
)
_HANWEB_COLUMN: Final = re.compile(r"/col/col\d+", re.IGNORECASE)
_ROUTE_FRAGMENT: Final = re.compile(r"#(?:/|!|%21)")
_GKMLPT_FRAGMENT: Final = re.compile(r"#\d+$")


@lru_cache(maxsize=16384)
def normalise(url: str) -> str:
    """The key form of a URL: equal for addresses that show one page, case kept (BEHAVIOURS 8, 9). Idempotent."""
    try:
        href: str = ada_url.URL(url).href
    except ValueError:
        return url
    if not any(mark in href for mark in "?#;"):
        return href
    head, mark, fragment = href.partition("#")
    path, question, query = head.partition("?")
    if ";" in path:
        stripped = _SESSION.sub("", path)
        path = stripped if stripped == path else ada_url.URL(stripped).href
    if question:
        path_is_column = _HANWEB_COLUMN.search(path) is not None
        kept = [item for item in query.split("&") if item and not _is_noise(item, path_is_column)]
        path += "?" + "&".join(kept) if kept else ""
    if mark and (
        _ROUTE_FRAGMENT.match("#" + fragment) or ("gkmlpt" in path and _GKMLPT_FRAGMENT.match("#" + fragment))
    ):
        path += "#" + fragment
    return path


def _is_noise(item: str, path_is_column: bool) -> bool:
    name, _, value = item.partition("=")
    if path_is_column and name in {"uid", "pageNum"}:
        return True
    if name == "from":
        return _SHARED_FROM.fullmatch(value) is not None
    return _TRACKER.fullmatch(name) is not None


def path_key(url: str) -> str:
    """Path and query of the normalised URL: what stays when a site moves to https or another host."""
    after_scheme = normalise(url).partition("://")[2] or url
    at = min((i for i in map(after_scheme.find, "/?#") if i >= 0), default=-1)
    return after_scheme[at:] if at >= 0 else "/"


def host_of(url: str) -> str:
    """Host of an absolute URL, lower-case, without port and user; "" where there is none."""
    _, mark, rest = url.partition("://")
    if not mark:
        return ""
    authority = _split_once(rest, "/?#")[0].rpartition("@")[2]
    if authority.startswith("["):
        return authority.partition("]")[0].lower() + "]"
    return authority.partition(":")[0].lower()


# ── What is never asked, and what never ends ─────────────────────────────────────────────────────────────────────────

_VERB: Final = (
    r"(?:do|to|user|member|admin|go)?[-_]?(?:log[-_]?(?:in|on|out|off)|logins?|loginout|sign[-_]?(?:in|up|out))|regist(?:er)?"
    r"|(?:(?:do|to|user|member)[-_]?)reg(?:ist(?:er)?)?"
)
_WRITE: Final = (
    r"(?:add|write|send|submit|save|post|create|new|insert)[-_]?"
    r"(?:mail|email|letter|message|msg|leave[-_]?word|guestbook|comment|reply|opinion|consult\w*|apply|suggest\w*|vote|survey)s?"
    r"|(?:mail|letter|message|comment|reply|guestbook|consult|apply|vote|survey|opinion)[-_]?"
    r"(?:add|write|send|submit|save|post|insert)"
)
_ACTION_SEGMENT: Final = re.compile(
    rf"/(?:{_VERB}|{_WRITE})(?:\.(?:do|jsp|jspx|action|aspx?|php|s?html?))?(?=[/?;]|$)"
    r"|/(?:admin|administrator|wp-admin|wp-login\.php|sysadmin|siteadmin|webadmin)(?=[/?]|$)"
    r"|/(?:do)?(?:submit|delete|del|remove|save|update|vote|reply|insert|upload)\w*\.(?:do|jsp|jspx|action|aspx?|php)(?=[?;]|$)"
    # Endpoints without a suffix: /user/delete?id=4, /mailbox/write?id=3.
    r"|/(?:do)?(?:submit|delete|del|remove|destroy|save|insert|upload)(?=[?;]|$)"
    r"|/(?:do)?(?:add|edit|write|send|update|reply|vote|apply|cancel|create)(?=[?;])"
    r"|/(?:mail|mailbox|letters?|guestbook|messages?|consults?|complaints?|comments?|xinxiang)/(?:add|write|send|new|create|post|reply)"
    r"(?=[/?;]|$)"
    r"|/(?:cas|sso|passport|oauth2?)/(?:login|logout|authorize|register)",
    re.IGNORECASE,
)
_ACTION_PARAMETER: Final = re.compile(
    r"[?&](?:action|act|do|op|oper|operate|operation|method|cmd|m|a|type)="
    r"(?:(?:do|to|user)?(?:delete|del|remove|submit|save|insert|logout|login|signout|register|vote|reply|upload)"
    rf"|{_WRITE})\w*(?=[&#]|$)",
    re.IGNORECASE,
)
_ACTION_TEXT: Final = re.compile(
    r"(?:用户|个人|会员|法人|后台|管理员?|统一身份认证)?(?:登录|登陆|注册|退出|注销|退出登录|安全退出)|登录/?注册|登录\|注册"
    r"|提交|删除|我要(?:写信|提问|咨询|投诉|举报|留言|建议|申请|投票|评论)|(?:立即|马上)?(?:写信|投票|报名|评论|回复|留言)"
)
_DYNAMIC: Final = re.compile(r"\?|\.(?:do|jspx?|action|aspx?|php|cgi)(?:$|[;#])", re.IGNORECASE)


def is_action(url: str, text: str = "") -> bool:
    """Whether asking for it may change something: submit, delete, log in or out, write to a mailbox (BEHAVIOURS 88).

    A static page with such words on its link is only a page: `/hdjl/wyxx/index.html` 我要写信 is harmless.
    """
    path = url.partition("://")[2] or url
    path = "/" + _split_once(path, "/")[2] if "://" in url else path
    if _ACTION_SEGMENT.search(path) or _ACTION_PARAMETER.search(path):
        return True
    return bool(text) and _ACTION_TEXT.fullmatch("".join(text.split())) is not None and bool(_DYNAMIC.search(path))


_HEX_RUN: Final = re.compile(r"(?<![0-9a-z])(?=[a-f]*\d)[0-9a-f]{8,}(?![0-9a-z])", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d+")
_REPEATED: Final = re.compile(r"((?:/[^/?]+){1,4})\1+")
_CALENDAR: Final = re.compile(r"/(?:calendar|rili)(?:[/.?]|$)|[?&](?:date|day|month|year|rq|yf|riqi)=", re.IGNORECASE)


def trap_pattern(url: str) -> str:
    """The pattern a URL belongs to, for caps: digits and hex runs collapsed, names of the query only.

    Patterns that deepen or go on for ever begin with their name: `big5:`, `calendar:`, `deep:` (BEHAVIOURS 10). All
    others are ordinary: a column of 5,000 articles has one pattern, too.
    """
    _, _, rest = url.partition("://")
    host, _, tail = rest.partition("/")
    path, _, query = ("/" + tail).partition("#")[0].partition("?")
    if path.startswith("/gate/big5/") or path == "/gate/big5":
        return f"big5:{host}/gate/big5/"
    path = path[:512]
    kind = "calendar:" if _CALENDAR.search(url[:1024]) else ""
    collapsed = _REPEATED.sub(r"\1/*", path)
    if collapsed != path:
        kind = "deep:"
    collapsed = _DIGITS.sub("0", _HEX_RUN.sub("0", collapsed))
    names = sorted({item.partition("=")[0] for item in query[:1024].split("&") if item})
    return kind + host + collapsed + ("?" + "&".join(names) if names else "")


# ── Navigation repeats ───────────────────────────────────────────────────────────────────────────────────────────────


# From the root of the host, without dots or anything that is to be encoded.
_CLEAN_PATH: Final = re.compile(r"(?:/[\w~-][\w.~-]*)+/?", re.ASCII)


def _is_hollow(href: str) -> bool:
    if "undefined" in href or "null" in href or "NaN" in href:
        return _HOLLOW_SEGMENT.search(href) is not None
    return False


class HrefCache:
    """Hrefs of one site already resolved: navigation repeats (LIBRARIES: 0.19 ms a page down to 0.06)."""

    __slots__ = ("_folders", "_limit", "_size")

    def __init__(self, limit: int = 100_000) -> None:
        self._folders: dict[tuple[str, str], dict[str, Resolved]] = {}
        self._limit = limit
        self._size = 0

    def resolver(self, base: str, charset: str = "utf-8") -> Callable[[str], Resolved]:
        """A function for the hrefs of one page."""
        start = base.find("://") + 3
        cut = _split_once(base[start:], "?#")[0]
        origin = base[:start] + cut.partition("/")[0]
        folder = base[:start] + cut.rpartition("/")[0]
        # Absolute and root-relative hrefs mean the same on every page of the host, the others in one folder only.
        everywhere = self._folders.setdefault((origin, charset), {})
        here = self._folders.setdefault((folder + "/", charset), {})

        try:
            root: str = ada_url.join_url(base, "/")[:-1]
        except ValueError:
            root = ""

        def lookup(href: str) -> Resolved:
            found = everywhere.get(href) or here.get(href)
            if found is not None:
                return found
            if root and _CLEAN_PATH.fullmatch(href) and not _is_hollow(href):
                return root + href, ""  # nothing for ada to do, and cheaper than remembering it
            resolved = resolve(base, href, charset)
            if len(href) > 2048 or href[:1] == "?":  # "?page=2" stands for the page itself
                return resolved
            self._size += 1
            if self._size > self._limit:
                self._forget()
            rooted = href[:1] == "/" or href[:7] == "http://" or href[:8] == "https://"
            (everywhere if rooted else here)[href] = resolved
            return resolved

        return lookup

    def resolve(self, base: str, href: str, charset: str = "utf-8") -> Resolved:
        return self.resolver(base, charset)(href)

    def _forget(self) -> None:
        for known in self._folders.values():
            known.clear()
        self._folders.clear()
        self._size = 1
