"""Small files of every kind, made by hand, sound and broken."""

from __future__ import annotations

import io
import struct
import zipfile

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def zipped(parts: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def docx(inner: str, head: str = "") -> bytes:
    xml = f'{head}<w:document xmlns:w="urn:w"><w:body>{inner}</w:body></w:document>'
    core = '<c xmlns:dc="urn:dc"><dc:title>通知</dc:title><dc:creator>张</dc:creator></c>'
    return zipped({"[Content_Types].xml": "<T/>", "word/document.xml": xml, "docProps/core.xml": core})


def compound(streams: dict[str, bytes]) -> bytes:
    """[MS-CFB] version 3; every stream is padded to 4,096 bytes or more, so no mini stream is needed."""
    data = {name: body.ljust(max(4096, -(-len(body) // 512) * 512), b"\0") for name, body in streams.items()}
    per = {name: len(body) // 512 for name, body in data.items()}
    directory_sectors = 1
    chain, start, at = [_FAT, _END], {}, 1 + directory_sectors
    for name, count in per.items():
        start[name] = at
        chain += [*range(at + 1, at + count), _END]
        at += count
    assert len(chain) <= 128
    fat = struct.pack(f"<{len(chain)}I", *chain) + struct.pack("<I", _FREE) * (128 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    names = list(data)

    def entry(name: str, kind: int, first: int, size: int, right: int = -1, child: int = -1) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1) + struct.pack("<iii", -1, right, child)
        return head + b"\0" * 36 + struct.pack("<IQ", first, size)

    directory = entry("Root Entry", 5, _END, 0, child=1)
    for number, name in enumerate(names, start=1):
        right = number + 1 if number < len(names) else -1
        directory += entry(name, 2, start[name], len(data[name]), right=right)
    return header + fat + directory.ljust(512, b"\0") + b"".join(data.values())


def doc(words: str, latin: str = "", flags: int = 0) -> bytes:
    """A Word 97 document of two pieces: one in UTF-16, one in bytes."""
    at = 1024
    body = bytearray(at)
    struct.pack_into("<HH", body, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", body, 10, flags)
    struct.pack_into("<I", body, 0x4C, len(words) + len(latin))
    struct.pack_into("<I", body, 0x01A2, 0)
    wide, narrow = words.encode("utf-16-le"), latin.encode("cp1252")
    body += wide + narrow
    pieces = struct.pack("<III", 0, len(words), len(words) + len(latin))
    pieces += struct.pack("<HIH", 0, at, 0)
    pieces += struct.pack("<HIH", 0, 0x4000_0000 | 2 * (at + len(wide)), 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<I", body, 0x01A6, len(clx))
    return compound({"0Table": clx, "WordDocument": bytes(body)})


def pdf(*contents: str, pages: str | None = None, extra: tuple[bytes, ...] = ()) -> bytes:
    """A page of Latin text for each string, offsets right. `pages` replaces the whole /Pages object."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        (pages or f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>").encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, words in enumerate(contents):
        stream = f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET".encode()
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * number),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    objects += list(extra)
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, data in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
