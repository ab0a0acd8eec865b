"""Small real files: each opens in the program its suffix names."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def pdf(title: str) -> bytes:
    """One blank A4 page with the title in its document information, offsets right."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>",
        b"<< /Length 20 >>\nstream\n72 770 m 523 770 l S\nendstream",
        b"<< /Title <FEFF" + title.encode("utf-16-be").hex().upper().encode() + b"> /Producer (govcheck demo) >>",
    ]
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _entry(name: str, kind: int, start: int, size: int, child: int = -1) -> bytes:
    """One 128-byte directory entry of a compound file ([MS-CFB] 2.6.1)."""
    raw = name.encode("utf-16-le") + b"\0\0" if name else b""
    links = struct.pack("<iii", -1, -1, child)
    head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1) + links
    return head + b"\0" * 16 + b"\0" * 20 + struct.pack("<IQ", start, size)


def ole(stream: str = "WordDocument", text: str = "") -> bytes:
    """A compound file ([MS-CFB] version 3) with one stream: what .doc, .wps and .et are at first sight.

    Layout: header, sector 0 FAT, sector 1 directory, sectors 2 to 9 the stream (4,096 bytes: no mini stream is needed).
    """
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    chain = [_FAT, _END, *range(3, 10), _END]
    fat = struct.pack(f"<{len(chain)}I", *chain) + struct.pack("<I", _FREE) * (128 - len(chain))
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry(stream, 2, 2, 4096)
    directory += _entry("", 0, 0, 0) * 2
    # The file information block of Word 97 begins with its magic number and version.
    content = (struct.pack("<HH", 0xA5EC, 0xC1) + b"\0" * 508 + text.encode("utf-16-le"))[:4096].ljust(4096, b"\0")
    return header + fat + directory + content


def docx(text: str) -> bytes:
    """A Word 2007 document of one paragraph; fixed times, so the bytes never change."""
    kinds = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{word}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{kinds}/relationships">'
        f'<Relationship Id="rId1" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            archive.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>{xml}')
    return out.getvalue()


def rtf(text: str) -> bytes:
    words = "".join(f"\\u{ord(letter)}?" for letter in text)
    return b"{\\rtf1\\ansi\\ansicpg936\\deff0 " + words.encode("ascii") + b"\\par}"


def png(red: int, green: int, blue: int, width: int = 8, height: int = 8) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes((red, green, blue)) * width) * height
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "wps": "application/kswps",
}


def made(suffix: str, title: str) -> bytes:
    """The bytes of a file of that suffix, whatever its case."""
    match suffix.lower():
        case "pdf":
            return pdf(title)
        case "docx":
            return docx(title)
        case "rtf":
            return rtf(title)
        case _:
            return ole(text=title)
