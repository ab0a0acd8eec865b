"""Drafts on disk: which files are meant, where each will stand on the web, and what is no page at all."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from crawler.audit.overlay import Draft
from crawler.jobs.refusals import BadOption, BadTarget
from crawler.parse import parse, saved_from

STDIN = "-"
SUFFIXES = frozenset({".html", ".htm", ".shtml", ".xhtml"})
INDEXES = ("index.html", "index.htm", "index.shtml", "default.html", "default.htm")
FILE_CAP = 20_000_000  # bytes of one draft
_CONTROLS = frozenset(range(32)) - frozenset(
    b"\t\n\f\r\x1b"
)  # no text holds many; a stray NUL is a fault of some editors
_TAG = re.compile(rb"<[a-zA-Z!?/]")
_BINARY = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


@dataclass(frozen=True, slots=True)
class Drafts:
    """What is to be judged. `present`: the file beside the drafts that answers a URL."""

    pages: list[Draft]
    notes: list[str] = field(default_factory=list)
    present: Callable[[str], Path | None] = lambda _url: None


def read_drafts(names: Sequence[str], as_url: str | None, home: str | None, root: Path | None = None) -> Drafts:
    """Files, folders and "-". `as_url` is the address of a single file, else of `root` (by default what they share).

    `home`: where pages stand whose place is not told otherwise. Raises BadTarget and BadOption.
    """
    if list(names) == [STDIN]:
        return Drafts([_placed("标准输入", page_bytes(_piped(), "标准输入"), as_url, home)])
    paths = [_existing(name) for name in names]
    if len(paths) == 1 and root is None and paths[0].is_file():
        return _one_file(paths[0], as_url, home)
    base = _shared(paths) if root is None else root.resolve()
    files = _files(paths, base)
    address = as_url or home
    if address is None and any(path.is_dir() for path in paths):
        raise BadTarget(
            f"{names[0]}：不知道这些页面将放在哪里，请用 --as 网址 说明文件夹对应的地址，或用 --site 指明网站"
        )
    address = _folder_address(address) if address else None
    drafts, notes = [], []
    for file in files:
        try:
            body = read_page(file)
            url = urljoin(address, quote(file.relative_to(base).as_posix())) if address else None
            drafts.append(_placed(str(file), body, url, None))
        except BadTarget as unfit:
            notes.append(f"没有检查：{unfit}")
    if not drafts:
        raise BadTarget(f"没有可检查的网页；{notes[0].removeprefix('没有检查：')}")
    if address is None:  # each page told its own address: nothing is known of the files beside
        return Drafts(drafts, notes)
    return Drafts(drafts, notes, partial(_beside, base, address))


def read_page(path: Path) -> bytes:
    """Raises BadTarget for what is no page."""
    try:
        size = path.stat().st_size
        if size > FILE_CAP:
            raise BadTarget(f"{path} 有 {size // 1_000_000} MB，不像网页（上限 {FILE_CAP // 1_000_000} MB）")
        return page_bytes(path.read_bytes(), str(path))
    except OSError as error:
        raise BadTarget(f"{path} 读不了：{error.strerror or error}；请检查文件权限") from None


def page_bytes(body: bytes, name: str) -> bytes:
    """The bytes themselves, where they are a page. Raises BadTarget."""
    if not body:
        raise BadTarget(f"{name} 是空文件，没有可检查的内容")
    utf16 = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    if body.startswith(_BINARY):
        raise BadTarget(f"{name} 不是网页，是二进制文件；请给 HTML 文件")
    if not utf16 and sum(byte in _CONTROLS for byte in body[:4096]) > len(body[:4096]) // 50:
        raise BadTarget(f"{name} 不是网页，是二进制文件；请给 HTML 文件")
    if not utf16 and not _TAG.search(body):
        raise BadTarget(f"{name} 里没有 HTML 标记，不是网页；请给 HTML 文件")
    return body


def _piped() -> bytes:
    body = sys.stdin.buffer.read(FILE_CAP + 1)
    if len(body) > FILE_CAP:
        raise BadTarget(f"标准输入超过 {FILE_CAP // 1_000_000} MB，不像网页")
    return body


def _existing(name: str) -> Path:
    if name == STDIN:
        raise BadOption("“-”（标准输入）只能单独检查；请去掉其他文件")
    path = Path(name)
    if not path.exists():
        raise BadTarget(f"没有这个文件或文件夹：{name}；如果是网址，请以 http:// 或 https:// 开头")
    return path


def _one_file(path: Path, as_url: str | None, home: str | None) -> Drafts:
    draft = _placed(str(path), read_page(path), as_url, urljoin(home, quote(path.name)) if home else None)
    return Drafts([draft], present=partial(_beside, path.parent.resolve(), draft.url))


def _placed(name: str, body: bytes, as_url: str | None, otherwise: str | None) -> Draft:
    url = as_url or saved_from(body) or otherwise
    if url is None:
        raise BadTarget(f"{name}：不知道这个页面将放在哪里，请用 --as 网址 说明，或用 --site 指明网站")
    return Draft(url, body, parse(body, url, {}))


def _shared(paths: Sequence[Path]) -> Path:
    """The folder that holds them all."""
    folders = [path.resolve() if path.is_dir() else path.resolve().parent for path in paths]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # two drives
        raise BadOption("这些文件不在同一个盘上，说不清网址；请分开检查") from None


def _files(paths: Sequence[Path], base: Path) -> list[Path]:
    """Each once, in one order, under `base`."""
    found: dict[Path, None] = {}
    for path in paths:
        whole = path.resolve()
        inside = sorted(p for p in whole.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
        if path.is_dir() and not inside:
            raise BadTarget(f"文件夹 {path} 里没有网页文件（{' '.join(sorted(SUFFIXES))}）")
        if not whole.is_relative_to(base):
            raise BadOption(f"{path} 不在 --root 文件夹 {base} 里")
        found |= dict.fromkeys(inside if path.is_dir() else [whole])
    return list(found)


def _folder_address(url: str) -> str:
    """The address a folder stands for, also where somebody gave that of its index page."""
    path = urlsplit(url).path
    if Path(path).suffix.lower() in SUFFIXES:
        return urljoin(url, ".")
    return url if url.endswith("/") else url + "/"


def _beside(folder: Path, base: str, url: str) -> Path | None:
    """The file beside the draft that a link of it would open; never one outside the folder."""
    root = urlsplit(base)
    parts = urlsplit(url)
    under = root.path.rpartition("/")[0] + "/"
    if parts.netloc != root.netloc or not parts.path.startswith(under) or "\0" in (name := unquote(parts.path)):
        return None
    try:
        path = (folder / name[len(unquote(under)) :]).resolve()
        if not path.is_relative_to(folder):
            return None
        if path.is_dir():
            return next((path / index for index in INDEXES if (path / index).is_file()), None)
        return path if path.is_file() else None
    except OSError:  # a name too long for a file
        return None
