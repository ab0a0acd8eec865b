"""The hash chain of evidence bundles: each manifest names its files and the head before it; `verify` walks it again."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

CHAIN, HEAD, MANIFEST = "chain.jsonl", "HEAD", "manifest.json"
SCHEMA = "evidence-1"
_SERVICE = frozenset({CHAIN, HEAD, "chain.lock"})  # files of the folder that are no bundle
_NAME = re.compile(r"[0-9a-zA-Z][0-9a-zA-Z._-]{0,120}", re.ASCII)  # of files and folders: none that leads elsewhere
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MANIFEST_LARGEST = 4_000_000  # bytes
_HEAD_LARGEST = 400
_TOLD_MOST = 200  # problems that are listed
ORIGIN = "0" * 64  # what stands before the first bundle


class BrokenChain(ValueError):
    """The chain cannot be continued; the text says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Link:
    """One bundle in the chain; equal to its manifest without the files."""

    number: int
    folder: str
    made: str  # Beijing time
    issue: int
    fingerprint: str
    content: str  # digest of what the bundle says, so that nothing is said twice
    previous: str
    head: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the chain found; sound where `problems` is empty."""

    bundles: int
    files: int
    head: str
    problems: tuple[str, ...]


def digest_of(document: Mapping[str, Any]) -> str:
    canonical = json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def read(folder: Path) -> list[Link]:
    """The links of a folder, oldest first; a line torn by a crash is no link. Raises BrokenChain."""
    path = folder / CHAIN
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    links = []
    for place, line in enumerate(text.split("\n")[:-1], 1):
        link = _link(line)
        if link is None:
            raise BrokenChain(f"证据链文件第 {place} 行读不懂，已被改动：{path}；请用 govcheck evidence verify 检查")
        links.append(link)
    return links


def _link(line: str) -> Link | None:
    try:
        link = Link(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None
    kinds = [type(getattr(link, name)) is kind for name, kind in _KINDS.items()]
    sound = all(kinds) and _NAME.fullmatch(link.folder) and _DIGEST.fullmatch(link.head)
    return link if sound and _DIGEST.fullmatch(link.previous) else None


_KINDS = {"number": int, "folder": str, "made": str, "issue": int, "fingerprint": str, "content": str, "previous": str,
          "head": str}  # fmt: skip


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def seal(part: Path, *, number: int, folder: str, made: str, issue: int, fingerprint: str, content: str,
         previous: str) -> Link:  # fmt: skip
    """Write the manifest of a bundle that is otherwise complete."""
    files = [
        {"name": path.name, "bytes": path.stat().st_size, "sha256": _sha256(path)} for path in sorted(part.iterdir())
    ]
    said = {
        "schema": SCHEMA,
        "number": number,
        "folder": folder,
        "made": made,
        "issue": issue,
        "fingerprint": fingerprint,
        "content": content,
        "previous": previous,
        "files": files,
    }
    head = digest_of(said)
    text = json.dumps(said | {"head": head}, ensure_ascii=False, indent=1)
    _write(part / MANIFEST, text + "\n")
    return Link(number, folder, made, issue, fingerprint, content, previous, head)


def append(folder: Path, link: Link) -> None:
    """One more line; where the disk is full, the chain is as it was before."""
    path = folder / CHAIN
    line = json.dumps(asdict(link), ensure_ascii=False).encode() + b"\n"
    with path.open("ab") as file:
        before = file.tell()
        try:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.truncate(path, before)
            raise
    _point(folder, link)


def _point(folder: Path, link: Link) -> None:
    part = folder / f".{HEAD}.part"
    _write(part, f"{link.number} {link.head}\n")
    part.replace(folder / HEAD)


def recover(folder: Path) -> list[Link]:
    """What a crash left is put in order: a torn line goes, a whole bundle that missed its line gets it."""
    path = folder / CHAIN
    if path.exists() and (data := path.read_bytes()) and not data.endswith(b"\n"):
        os.truncate(path, data.rfind(b"\n") + 1)
    links = read(folder)
    following, previous = len(links) + 1, links[-1].head if links else ORIGIN
    for bundle in sorted(folder.glob(f"{following:05d}-*")):
        found = _manifest(bundle)
        if found is not None and found[0].number == following and found[0].previous == previous:
            append(folder, found[0])
            return [*links, found[0]]
        raise BrokenChain(f"{bundle.name} 不在证据链中，又占着下一个编号；请先用 govcheck evidence verify 检查")
    if links and (pointed := _pointed(folder)) is not None and pointed[0] < links[-1].number:
        _point(folder, links[-1])
    return links


def last(folder: Path) -> Link | None:
    links = read(folder)
    return links[-1] if links else None


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ── Checking ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def verify(folder: Path, known_heads: Collection[str] = ()) -> Verified:
    """Every byte of every bundle, their order, and that no head anybody was told of is missing."""
    problems: list[str] = []
    say = problems.append
    links = list(_chained(folder, say))
    files = 0
    previous = ORIGIN
    for place, link in enumerate(links, 1):
        if link.number != place or link.previous != previous:
            say(f"第 {link.number} 号证据包（{link.folder}）与它前面的接不上：有证据包被移除、插入或调换了位置")
        previous = link.head
        files += _check(folder / link.folder, link, say)
    folders = [link.folder for link in links]
    for name in sorted({name for name in folders if folders.count(name) > 1}):
        say(f"{name} 在证据链中出现了不止一次")
    for path in sorted(folder.iterdir()):
        if path.name not in {*_SERVICE, *folders} and not path.name.startswith("."):
            say(f"{path.name}：不在证据链中的{'文件夹' if path.is_dir() else '文件'}")
    _check_end(folder, links, known_heads, say)
    return Verified(len(links), files, previous if links else "", tuple(problems[:_TOLD_MOST]))


def verify_one(bundle: Path) -> Verified:
    """One bundle by itself, as it is handed on: its files, not its neighbours."""
    problems: list[str] = []
    files = _check(bundle, None, problems.append)
    found = _manifest(bundle)
    return Verified(1, files, found[0].head if found else "", tuple(problems[:_TOLD_MOST]))


def _chained(folder: Path, say: Callable[[str], object]) -> Iterator[Link]:
    path = folder / CHAIN
    if not path.is_file():
        say(f"证据链文件 {CHAIN} 不见了")
        return
    lines = path.read_bytes().decode("utf-8", "replace").split("\n")
    if lines[-1]:
        say(f"证据链文件 {CHAIN} 的最后一行不完整")
    for place, line in enumerate(lines[:-1], 1):
        link = _link(line)
        if link is None:
            say(f"证据链文件 {CHAIN} 第 {place} 行读不懂，已被改动")
        else:
            yield link


def _check_end(folder: Path, links: list[Link], known: Collection[str], say: Callable[[str], object]) -> None:
    heads = {link.head for link in links}
    pointed = _pointed(folder)
    if pointed is None:
        if links:
            say(f"链头文件 {HEAD} 不见了或读不懂")
    elif pointed[1] not in heads:
        say(f"链头文件 {HEAD} 记着第 {pointed[0]} 号（{pointed[1][:16]}…），链里没有：末尾的证据包被移除，或链被重写")
    for head in sorted(set(known) - heads):
        say(f"报告里印着的链头 {head[:16]}… 不在证据链里：证据包被移除，或链被重写")


def _pointed(folder: Path) -> tuple[int, str] | None:
    try:
        with (folder / HEAD).open("rb") as file:
            number, _, head = file.read(_HEAD_LARGEST).decode("ascii", "replace").strip().partition(" ")
    except OSError:
        return None
    return (int(number), head) if number.isdecimal() and len(number) < 12 and _DIGEST.fullmatch(head) else None


def _manifest(bundle: Path) -> tuple[Link, list[dict[str, Any]]] | None:
    """The link a manifest stands for, and its files; None where it was changed or is none."""
    path = bundle / MANIFEST
    try:
        if path.is_symlink() or path.stat().st_size > _MANIFEST_LARGEST:
            return None
        said = json.loads(path.read_bytes())
        head = said.pop("head")
        link = _link(json.dumps({name: said.get(name) for name in _KINDS if name != "head"} | {"head": head}))
        files = said["files"]
        whole = [
            _NAME.fullmatch(file["name"]) and _DIGEST.fullmatch(file["sha256"]) and type(file["bytes"]) is int
            for file in files
        ]
        return (link, files) if link is not None and all(whole) and digest_of(said) == head else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _check(bundle: Path, link: Link | None, say: Callable[[str], object]) -> int:
    """The number of files that were looked at."""
    if bundle.is_symlink() or not bundle.is_dir():
        say(f"{bundle.name}：证据包不见了")
        return 0
    found = _manifest(bundle)
    if found is None:
        says = "内容被改动" if (bundle / MANIFEST).exists() else "不见了"
        say(f"{bundle.name}/{MANIFEST}：{says}")
        return 0
    own, files = found
    if link is not None and own != link:
        say(f"{bundle.name}/{MANIFEST}：与证据链第 {link.number} 号的记录不符，已被改动")
    for file in files:
        path = bundle / file["name"]
        if path.is_symlink() or not path.is_file():
            say(f"{bundle.name}/{file['name']}：文件不见了")
        elif path.stat().st_size != file["bytes"]:
            say(f"{bundle.name}/{file['name']}：内容被改动（应为 {file['bytes']} 字节，现在 {path.stat().st_size}）")
        elif _sha256(path) != file["sha256"]:
            say(f"{bundle.name}/{file['name']}：内容被改动（指纹不符）")
    for path in sorted(bundle.iterdir()):
        if path.name != MANIFEST and path.name not in {file["name"] for file in files}:
            say(f"{bundle.name}/{path.name}：清单里没有的文件")
    return len(files)
