"""Magic bytes against suffixes (BEHAVIOURS 50)."""

from __future__ import annotations

import pytest

from crawler.core.filetype import fault, sniff

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
ZIP = b"PK\x03\x04" + bytes(100)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
PDF = b"%PDF-1.7\n%\xe2\xe3"
MIME_DOC = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x"
WORD_XML = b'<?xml version="1.0"?>\r\n<?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://x">'
EXCEL_HTML = (
    b'<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><table>'
)
ERROR_PAGE = "\ufeff<!DOCTYPE html><html><title>文件不存在</title>".encode()


@pytest.mark.parametrize(
    ("suffix", "head"),
    [
        ("pdf", PDF),
        ("pdf", b"\n\n  junk" + PDF),
        ("PDF", b"\xef\xbb\xbf" + PDF),
        (".pdf", PDF),
        ("doc", OLE),
        ("doc", b"{\\rtf1\\ansi"),
        ("doc", MIME_DOC),
        ("doc", WORD_XML),
        ("doc", ZIP),
        ("doc", EXCEL_HTML),
        ("docx", ZIP),
        ("docx", OLE),
        ("xls", EXCEL_HTML),
        ("xls", b"<table border=1><tr><td>1"),
        ("xls", OLE),
        ("xlsx", ZIP),
        ("wps", OLE),
        ("et", OLE),
        ("dps", OLE),
        ("wps", ZIP),
        ("wps", b"WPS\x01old kingsoft\0\1\2\3"),
        ("ofd", ZIP),
        ("ppt", OLE),
        ("zip", ZIP),
        ("zip", b"PK\x05\x06" + bytes(18)),
        ("rar", b"Rar!\x1a\x07\x01\x00"),
        ("rar", ZIP),
        ("7z", b"7z\xbc\xaf\x27\x1c"),
        ("rtf", b"{\\rtf1"),
        ("txt", "通知".encode("gbk")),
        ("txt", "通知".encode("utf-16")),
        ("csv", b"a,b\n1,2"),
        ("xml", b"<?xml version='1.0'?><a/>"),
        ("jpg", b"\xff\xd8\xff\xe0"),
        ("jpg", PNG),
        ("png", PNG),
        ("gif", b"GIF89a"),
        ("svg", b"<svg xmlns='x'>"),
        ("webp", b"RIFF\0\0\0\0WEBP"),
        ("jpg", b"\0\0\0\x20ftypavif"),
        ("mp4", b"\0\0\0\x18ftypmp42"),
        ("mp3", b"ID3\x03"),
        ("exe", b"MZ\x90"),
        ("", ERROR_PAGE),
        ("html", ERROR_PAGE),
        ("js", b""),
        ("js", b"<!-- hide\nvar a=1;"),
        ("css", b"<style>body{}</style>"),
        ("dwg", b"AC1027"),
    ],
)
def test_a_file_that_opens_is_no_fault(suffix, head) -> None:
    assert fault(suffix, head) == ""


@pytest.mark.parametrize(
    ("suffix", "head", "note"),
    [
        ("pdf", ERROR_PAGE, "文件实际是网页"),
        ("doc", b"\r\n\r\n <html><head>", "文件实际是网页"),
        ("doc", b"<!-- error -->\n<html>", "文件实际是网页"),
        ("xls", "<script>alert('请登录')</script>".encode(), "文件实际是网页"),
        ("zip", b"<HTML>", "文件实际是网页"),
        ("jpg", b"<!doctype html>", "文件实际是网页"),
        ("txt", b"<!doctype html>", "文件实际是网页"),
        ("js", b"\n<!DOCTYPE HTML PUBLIC", "文件实际是网页"),
        ("pdf", "<html>".encode("utf-16"), "文件实际是网页"),
        ("pdf", b"", "文件为空（0 字节）"),
        ("", b"", "文件为空（0 字节）"),
        ("pdf", OLE, "扩展名是 pdf，内容是 Office/WPS 旧格式文件（OLE）"),
        ("pdf", b'{"code":500,"msg":"error"}', "扩展名是 pdf，内容是 纯文本"),
        ("docx", PDF, "扩展名是 docx，内容是 PDF 文件"),
        ("doc", "文件不存在".encode(), "扩展名是 doc，内容是 纯文本"),
        ("ofd", PDF, "扩展名是 ofd，内容是 PDF 文件"),
        ("jpg", b"404 not found", "扩展名是 jpg，内容是 纯文本"),
        ("xlsx", bytes(300), "扩展名是 xlsx，内容是 无法识别的数据"),
    ],
)
def test_a_file_that_is_something_else_is_named(suffix, head, note) -> None:
    assert fault(suffix, head) == note


def test_any_bytes_are_sniffed_in_bounded_time() -> None:
    for head in (b"<!--" * 2048, b"<?xml " * 1300, b" " * 8192, b"<!-- -->" * 1024, bytes(range(256)) * 32):
        assert sniff(head)
