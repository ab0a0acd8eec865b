"""Archives: the names in them and nothing else; no member is ever unpacked."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable

from crawler.core.facts import FileText
from crawler.parse.files.limits import Text, Unreadable

NAMES = 2_000
_GZIP_CAP = 20_000_000  # unpacked bytes of a gzip file that is a text or a tar


def listing(names: Iterable[str], text: Text) -> FileText:
    count = 0
    for name in names:
        count += 1
        if count <= NAMES:
            text.add(_readable(name) + "\n")
        if text.full:
            break
    return FileText(pages=count, problem="压缩包，只列出了里面的文件名")


def _readable(name: str) -> str:
    """Chinese names are written in GBK without a flag that says so; zipfile reads them as cp437."""
    try:
        return name.encode("cp437").decode("gbk")[:300]
    except (UnicodeEncodeError, UnicodeDecodeError):
        return name[:300]


def rar(body: bytes, text: Text) -> FileText:
    import rarfile

    try:
        with rarfile.RarFile(io.BytesIO(body)) as archive:
            if archive.needs_password() and not archive.namelist():
                raise Unreadable("读不出：文件已加密，需要密码")
            return listing(archive.namelist()[: NAMES + 1], text)
    except rarfile.Error as error:
        raise Unreadable("读不出：压缩结构损坏或文件不完整") from error


def gzip_file(body: bytes, text: Text) -> FileText:
    """One level is opened: a tar's names, else the text inside."""
    unpacker = zlib.decompressobj(wbits=31)
    inner = unpacker.decompress(body, _GZIP_CAP)
    if unpacker.unconsumed_tail:
        raise Unreadable("读不出：解压后大得不正常，疑似压缩炸弹")
    if inner[257:262] == b"ustar":
        import tarfile

        with tarfile.open(fileobj=io.BytesIO(inner), mode="r:") as archive:
            names = []
            for member in archive:
                names.append(member.name)
                if len(names) > NAMES:
                    break
            return listing(names, text)
    return listing(["（一个压缩文件）"], text)
