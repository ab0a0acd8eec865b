"""Where a redirect leads, which cookies go with it, and whether it only leads to a login page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import ada_url

MAX_HOPS = 10  # BEHAVIOURS 38
_SAME_URL = 3  # visits of one URL with ever new cookies before it counts as a ring
_MAX_LOCATION = 8192
_MAX_COOKIES = 30
_MAX_COOKIE = 4096

_ESCAPE = {byte: f"%{byte:02X}" for byte in (*range(0x21), 0x22, 0x3C, 0x3E, *range(0x7F, 0x100))}
_ASCII = [_ESCAPE.get(byte, chr(byte)) for byte in range(256)]
# A scheme written twice: a parser takes the second one for a host.
_DOUBLED = re.compile(r"\s*https?:/*https?(?::|/|%3a)", re.IGNORECASE)

_LOGIN_HOST = re.compile(r"(?:^|\.)(?:login|signin|sso|passport|cas|oauth2?|uaa|idp|auth|sfrz|tyrz)\.")
_LOGIN_PATH = re.compile(
    r"/(?:(?:user|admin|to|re|do|member|sys|web)?_?-?log(?:in|on)|sign-?in|sso|cas|oauth2?|uaa|passport)"
    r"(?:\.\w{2,6})?(?:[/;]|$)",
    re.IGNORECASE,
)


class BadLocation(ValueError):
    """A Location that leads nowhere; the message is Chinese."""


def resolve(base: str, location: bytes) -> str:
    """The absolute http(s) URL of a Location header. Raises BadLocation.

    Raw bytes beyond ASCII are percent-encoded as they stand, so a GBK path stays the path the server knows.
    """
    trimmed = location[:_MAX_LOCATION].strip()
    if not trimmed:
        raise BadLocation("重定向没有目标地址（Location 为空）")
    text = "".join(_ASCII[byte] for byte in trimmed)
    if _DOUBLED.match(text):
        raise BadLocation(f"重定向地址书写错误：{text[:200]}")
    try:
        absolute = ada_url.join_url(base, text)
    except ValueError:
        raise BadLocation(f"重定向地址无法解析：{text[:200]}") from None
    scheme, _, _ = absolute.partition(":")
    if scheme not in {"http", "https"}:
        raise BadLocation(f"重定向到非网页地址：{text[:200]}")
    return str(absolute.partition("#")[0])


def leads_to_login(url: str, target: str) -> bool:
    """Whether a redirect turns an ordinary address into a login page (it is not followed)."""
    (to_host, to_path), (from_host, from_path) = _login_signs(target), _login_signs(url)
    return (to_path and not from_path) or (to_host and not (from_host or from_path))


def _login_signs(url: str) -> tuple[bool, bool]:
    """Whether host and path are those of a login."""
    parts = urlsplit(url)
    return bool(_LOGIN_HOST.search(parts.netloc.lower())), bool(_LOGIN_PATH.search(parts.path))


@dataclass(slots=True)
class Chain:
    """What one fetch remembers from hop to hop: cookies live here and nowhere else."""

    cookies: dict[str, dict[str, str]] = field(default_factory=dict)  # domain, with a leading dot for subdomains too
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _visits: dict[str, int] = field(default_factory=dict)

    def is_ring(self, url: str, host: str) -> bool:
        """Note a visit; true when the same request was made before, or one URL again and again."""
        request = (url, self.header(host))
        visits = self._visits[url] = self._visits.get(url, 0) + 1
        if request in self._seen or visits > _SAME_URL:
            return True
        self._seen.add(request)
        return False

    def keep(self, host: str, set_cookies: list[str]) -> None:
        """Take the cookies of an answer."""
        for line in set_cookies[:_MAX_COOKIES]:
            pair, _, attributes = line[:_MAX_COOKIE].partition(";")
            name, equals, value = (part.strip() for part in pair.partition("="))
            if not equals or not name or any(ord(char) < 32 or ord(char) > 126 for char in name + value):
                continue
            domain, expired = _attributes(attributes, host)
            jar = self.cookies.setdefault(domain, {})
            if expired:
                jar.pop(name, None)
            elif len(jar) < _MAX_COOKIES:
                jar[name] = value

    def header(self, host: str) -> str:
        """The Cookie header for a host; "" for none."""
        if not self.cookies:
            return ""
        pairs: dict[str, str] = {}
        for domain, jar in self.cookies.items():
            if domain == host or (domain.startswith(".") and ("." + host).endswith(domain)):
                pairs |= jar
        return "; ".join(f"{name}={value}" for name, value in pairs.items())


def _attributes(text: str, host: str) -> tuple[str, bool]:
    """The domain a cookie is for (the host itself unless a parent of it is named) and whether it deletes."""
    domain, expired = host, False
    for attribute in text.split(";"):
        name, _, value = attribute.partition("=")
        key, given = name.strip().lower(), value.strip().lower()
        if key == "domain":
            parent = "." + given.lstrip(".")
            if parent.count(".") > 1 and ("." + host).endswith(parent):
                domain = parent
        elif key == "max-age" and given.lstrip("-").isdigit():
            expired = int(given[:12]) <= 0
    return domain, expired
