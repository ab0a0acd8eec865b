"""What a file really is, by its first bytes, and whether that betrays the name it was offered under."""

from __future__ import annotations

import re

IS_A_PAGE = "文件实际是网页"

# How much of a file is read to tell (BEHAVIOURS 50).
HEAD = 8192

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),  # doc xls ppt, wps et dps, and encrypted docx
    (b"PK\x03\x04", "zip"),  # docx xlsx pptx ofd zip
    (b"PK\x05\x06", "zip"),  # an empty archive
    (b"PK\x07\x08", "zip"),  # a spanned archive
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"{\\rt", "rtf"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x00\x00\x01\x00", "image"),  # ico
    (b"BM", "image"),
    (b"FLV", "media"),
    (b"ID3", "media"),
    (b"\x1aE\xdf\xa3", "media"),
    (b"OggS", "media"),
    (b"\x30\x26\xb2\x75", "media"),  # wmv, wma
    (b"MZ", "program"),
)

_NAMES = {
    "pdf": "PDF 文件",
    "ole": "Office/WPS 旧格式文件（OLE）",
    "zip": "ZIP 压缩包或 Office 新格式文件",
    "rar": "RAR 压缩包",
    "7z": "7z 压缩包",
    "rtf": "RTF 文件",
    "gzip": "GZIP 压缩包",
    "image": "图片",
    "media": "音视频",
    "program": "可执行程序",
    "html": "网页",
    "xml": "XML 文本",
    "mime": "MIME 网页归档",
    "text": "纯文本",
    "unknown": "无法识别的数据",
}

_OFFICE = frozenset({"ole", "zip", "rtf", "mime", "xml"})
_ARCHIVES = frozenset({"zip", "rar", "7z", "gzip"})
_TEXTS = frozenset({"text", "xml", "mime", "rtf"})

# What the programs that own a suffix open without complaint. Old office suffixes hold each other's formats in the wild,
# and WPS opens them by content; WPS itself had formats of its own before 2000, which nobody can tell by magic.
_ACCEPTED: dict[str, frozenset[str]] = {
    "pdf": frozenset({"pdf"}),
    "ofd": frozenset({"zip"}),
    **dict.fromkeys(
        ("doc", "docx", "xls", "xlsx", "ppt", "pptx", "dot", "dotx", "docm", "xlsm", "pps", "ppsx"), _OFFICE
    ),
    **dict.fromkeys(("wps", "et", "dps", "wpt", "ett"), _OFFICE | {"unknown"}),
    "rtf": frozenset({"rtf", "ole", "zip"}),
    # Archives are opened by content, whatever their name says.
    **dict.fromkeys(("zip", "rar", "7z", "gz", "tgz"), _ARCHIVES),
    **dict.fromkeys(("txt", "csv", "xml", "json", "tsv"), _TEXTS),
    # Browsers sniff pictures, and know formats that we do not (avif, heic).
    **dict.fromkeys(
        ("jpg", "jpeg", "png", "gif", "bmp", "webp", "tif", "tiff", "ico", "svg"),
        frozenset({"image", "unknown", "xml"}),
    ),
    **dict.fromkeys(
        ("mp4", "mp3", "flv", "avi", "wmv", "wma", "wav", "mov", "m4a", "m4v", "webm"), frozenset({"media", "unknown"})
    ),
}

# Suffixes under which a page is what was meant.
_PAGES = frozenset({"", "html", "htm", "shtml", "mht", "mhtml", "jsp", "php", "asp", "aspx", "do", "action"})

# Scripts and styles may be empty or wrapped in their own tag; a whole document is an error page.
_CODE = frozenset({"js", "css"})
_DOCUMENT = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)

# xls by office programs and by "export" buttons may be HTML: tolerated when it carries their marks.
_HTML_EXPORTS = frozenset({"doc", "xls", "ppt", "wps", "et", "dps"})
_EXPORT_MARK = re.compile(
    rb"urn:schemas-microsoft-com|xmlns:[ovwxp]=|progid[\"']?\s+content|(?:word|excel|powerpoint)\.(?:document|sheet|slide)"
    rb"|mso-[a-z]|wps office|\A\s*<table",
    re.IGNORECASE,
)

_HTML = re.compile(
    rb"<(?:!doctype\s+html|(?:html|head|body|title|meta|script|link|style|div|table|center|h1|p|br|iframe|span|form)[\s>/])",
    re.IGNORECASE,
)
_MIME = re.compile(rb"(?:mime-version|from:|content-type:\s*multipart)", re.IGNORECASE)
_XML = re.compile(rb"<(?:\?xml|svg[\s>]|!doctype\s+(?!html)|[a-z]+:)", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def sniff(head: bytes) -> str:
    """One of pdf ole zip rar 7z rtf gzip image media program html xml mime text unknown empty."""
    if not head:
        return "empty"
    if b"%PDF-" in head[:1024]:  # readers accept it anywhere in the first 1,024 bytes
        return "pdf"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" or head[4:8] == b"ftyp":
        return "image" if head[8:12] in {b"WEBP", b"avif", b"heic", b"mif1"} else "media"
    return _sniff_text(head)


def _sniff_text(head: bytes) -> str:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            head = head[len(bom) :].decode(encoding, "ignore").encode()
            break
    start = head.lstrip()
    if _HTML.match(_after_prologue(start)):
        return "html"
    for pattern, kind in ((_XML, "xml"), (_MIME, "mime")):
        if pattern.match(start):
            return kind
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1a\x1b" for byte in head[:2048])
    return "unknown" if b"\0" in head or controls > 8 else "text"


def _after_prologue(text: bytes) -> bytes:
    """What follows the comments and the XML declaration that may stand before a document."""
    for opening, closing in ((b"<?xml", b">"), (b"<!--", b"-->")) * 4:
        if text.startswith(opening):
            _, _, rest = text.partition(closing)
            text = rest.lstrip()
    return text


def fault(suffix: str, head: bytes) -> str:
    """Why a file offered under this suffix does not open, in Chinese; "" when it does or nobody can tell."""
    suffix = suffix.lower().lstrip(".")
    if suffix in _CODE:
        return IS_A_PAGE if _DOCUMENT.match(head) else ""
    kind = sniff(head)
    if kind == "empty":
        return "文件为空（0 字节）"
    if suffix in _PAGES:
        return ""
    if kind == "html":
        tolerated = suffix in _HTML_EXPORTS and _EXPORT_MARK.search(head)
        return "" if tolerated else IS_A_PAGE
    accepted = _ACCEPTED.get(suffix)
    if accepted is None or kind in accepted:
        return ""
    return f"扩展名是 {suffix}，内容是 {_NAMES[kind]}"
