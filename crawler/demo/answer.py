"""What the simulated web answers to one URL, good or bad."""

from __future__ import annotations

from dataclasses import dataclass

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """One resource. The last five fields are its misbehaviour; all off by default."""

    body: bytes = b""
    type: str = HTML
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    first: int | None = None  # status of the first request only: a server that flaps
    head: int | None = None  # status of every HEAD request
    delay: float = 0.0  # seconds before the first byte
    drop: str = ""  # "close": hang up without a word; "reset": TCP reset
    ranges: bool = False  # files honour Range requests


def page(html: str, **extra: object) -> Answer:
    return Answer(html.encode(), **extra)  # type: ignore[arg-type]


def missing(status: int = 404) -> Answer:
    """An honest error page: short, with the status it deserves."""
    words = {404: "页面未找到", 410: "页面已永久移除", 500: "服务器内部错误", 503: "服务暂不可用"}.get(
        status, "请求失败"
    )
    return page(
        f"<html><head><title>{status}</title></head><body><h1>{status} {words}</h1></body></html>", status=status
    )


def moved(location: str, status: int = 302) -> Answer:
    return Answer(status=status, headers=(("Location", location),))


def file(body: bytes, kind: str = "application/octet-stream", name: str = "") -> Answer:
    told = (("Content-Disposition", f'attachment; filename="{name}"'),) if name else ()
    return Answer(body, kind, headers=told, ranges=True)


# 412 and an empty page with one meta and one script: what 瑞数 Botgate sends first (FIELD 2.2).
CHALLENGE = Answer(
    b'<!DOCTYPE html><html><head><meta id="9DhefwqGPrzGxEp9hPaoag" content="yR3k.qVt8" r="m">'
    b'<script>$_ts=window["$_ts"];if(!$_ts)$_ts={};$_ts.nsd=71206;$_ts.cd="qEbqr0qAlG";</script></head><body></body></html>',
    status=412,
    headers=(("Set-Cookie", "4hP44ZykCTt5S=60Jx1; path=/; HttpOnly"),),
)
