"""What attachments say, read in a child: every kind that government sites offer, and every way to be broken."""

from __future__ import annotations

import gzip
import io
import os
import signal
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from crawler.parse.files import Limits, Pool
from tests.parse.files.made import compound, doc, docx, pdf, zipped

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
WORDS = "关于印发《实施方案》的通知\r各县市人民政府：请认真贯彻执行。\r"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool() as made:
        yield made


def xlsx() -> bytes:
    shared = "<sst xmlns='urn:m'><si><t>姓名</t></si><si><r><t>马</t></r><r><t>某某</t></r></si></sst>"
    sheet = (
        "<worksheet xmlns='urn:m'><sheetData><row><c t='s'><v>0</v></c><c t='inlineStr'><is><t>电话</t></is></c></row>"
        "<row><c t='s'><v>1</v></c><c><v>13800000000</v></c></row></sheetData></worksheet>"
    )
    return zipped({"xl/workbook.xml": "<w/>", "xl/sharedStrings.xml": shared, "xl/worksheets/sheet1.xml": sheet})


def ofd() -> bytes:
    words = "<ofd:TextObject><ofd:TextCode>{}</ofd:TextCode></ofd:TextObject>"
    page = f"<ofd:Page xmlns:ofd='urn:o'><ofd:Content><ofd:Layer>{words}</ofd:Layer></ofd:Content></ofd:Page>"
    info = "<ofd:OFD xmlns:ofd='urn:o'><ofd:Title>公报</ofd:Title><ofd:Creator>数科</ofd:Creator></ofd:OFD>"
    pages = {f"Doc_0/Pages/Page_{n}/Content.xml": page.format(f"第{n}页") for n in (0, 10, 2)}
    return zipped({"OFD.xml": info, **pages})


def rtf() -> bytes:
    return (
        rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 \'cb\'ce\'cc\'e5;}}{\info{\title x}}\uc1 \u36890?\u30693?"
        rb"\par \'d5\'fe\'b8\'ae{\*\generator Word;}\tab end\par}"
    )


def odt() -> bytes:
    xml = "<o xmlns:text='urn:t'><text:p>甲<text:span>乙</text:span>丙</text:p><text:h>丁</text:h></o>"
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": xml})


def pptx() -> bytes:
    slide = "<s xmlns:a='urn:a'><a:p><a:r><a:t>第{}张</a:t></a:r></a:p></s>"
    return zipped({"ppt/presentation.xml": "<p/>", **{f"ppt/slides/slide{n}.xml": slide.format(n) for n in (1, 10, 2)}})


def ppt() -> bytes:
    words = "汇报材料".encode("utf-16-le")
    record = b"\x0f\0\xe8\x03" + (8 + len(words)).to_bytes(4, "little")
    record += b"\0\0\xa0\x0f" + len(words).to_bytes(4, "little") + words
    return compound({"PowerPoint Document": record})


@pytest.mark.parametrize(
    ("suffix", "body", "expected"),
    [
        ("pdf", pdf("Notice No 7", "second page"), "Notice No 7\nsecond page"),
        ("doc", doc(WORDS, "abc 2026"), "关于印发《实施方案》的通知\n各县市人民政府：请认真贯彻执行。\nabc 2026"),
        ("wps", doc(WORDS), "关于印发《实施方案》的通知\n各县市人民政府：请认真贯彻执行。"),
        ("docx", docx("<w:p><w:t>第一段</w:t></w:p><w:p><w:del><w:t>删</w:t></w:del><w:t>第二段</w:t></w:p>"), "第一段\n第二段"),  # noqa: E501
        ("xlsx", xlsx(), "姓名\t电话\n马某某\t13800000000"),
        ("xls", (FIXTURES / "list.xls").read_bytes(), "姓名\t身份证号\n马某某\t622901199001011234\n合计\t1200"),
        ("ofd", ofd(), "第0页\n第2页\n第10页"),
        ("rtf", rtf(), "通知\n政府\tend"),
        ("odt", odt(), "甲乙丙\n丁"),
        ("pptx", pptx(), "第1张\n第2张\n第10张"),
        ("ppt", ppt(), "汇报材料"),
        ("txt", "部门，电话\r\n办公室，0930".encode("gbk"), "部门，电话\n办公室，0930"),
        ("csv", "\ufeff姓名,电话\n张某,1".encode(), "姓名,电话\n张某,1"),
        ("csv", "姓名,电话".encode("utf-16"), "姓名,电话"),
        ("xls", "<html><meta charset=utf-8><table><tr><td>甲</td><td>乙</td></tr></table>".encode(), "甲\n乙"),
        ("doc", docx("<w:p><w:r><w:t>后缀不对</w:t></w:r></w:p>"), "后缀不对"),
        ("pdf", doc("内容是旧文档\r"), "内容是旧文档"),
    ],
)  # fmt: skip
def test_the_text_of_a_sound_file(pool: Pool, suffix: str, body: bytes, expected: str) -> None:
    found = pool.read_text(body, suffix)
    assert found.text == expected
    assert found.problem == ""


def test_properties_are_read(pool: Pool) -> None:
    found = pool.read_text(docx("<w:p><w:t>文</w:t></w:p>"), "docx")
    assert (found.title, found.made_by) == ("通知", "张")
    found = pool.read_text(ofd(), "ofd")
    assert (found.title, found.made_by, found.pages) == ("公报", "数科", 3)


def test_an_archive_is_listed_and_not_opened(pool: Pool) -> None:
    inner = zipped({"secret.txt": "inner"})
    found = pool.read_text(zipped({"附件1.docx": "x", "a/b.zip": inner}), "zip")
    assert found.text == "附件1.docx\na/b.zip"
    assert found.pages == 2
    assert found.problem.startswith("压缩包")


def encrypted_pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("secret")))
    writer.encrypt("s3cret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb(name: str = "word/document.xml", size: int = 300_000_000) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w", force_zip64=True) as part:
        block = b"<w:document>" + b" " * 999_988
        for _ in range(size // 1_000_000):
            part.write(block)
    return out.getvalue()


def lying_bomb() -> bytes:
    """Headers that say one kilobyte."""
    body = bytearray(bomb(size=120_000_000))
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = body.rindex(mark)
        body[start + at : start + at + 4] = (1024).to_bytes(4, "little")
    return bytes(body)


LAUGHS = (
    "<!DOCTYPE l [<!ENTITY a '哈'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]>"
)
OUTSIDE = "<!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"

NASTY: dict[str, tuple[str, bytes, str]] = {
    # name: (suffix, body, what the problem says)
    "empty": ("pdf", b"", "0 字节"),
    "truncated pdf": ("pdf", pdf("x" * 500)[:200], "读不出"),
    "pdf head only": ("pdf", b"%PDF-1.7\n", "读不出"),
    "encrypted pdf": ("pdf", encrypted_pdf(), "加密"),
    "pages loop": ("pdf", pdf("x", pages="<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 100000 >>"), ""),
    "page tree 100,000 deep": (
        "pdf",
        pdf(pages="<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            extra=tuple(b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 5) for n in range(20_000))),
        "",
    ),
    "page tree exponential": (
        "pdf",
        pdf(pages="<< /Type /Pages /Kids [4 0 R 4 0 R] /Count 2 >>",
            extra=tuple(b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count 2 >>" % (n + 5, n + 5) for n in range(40))),
        "",
    ),
    "objects that name themselves": ("pdf", pdf(pages="<< /Type /Pages /Kids 2 0 R /Count 2 0 R >>"), ""),
    "nested arrays": ("pdf", pdf("x", extra=(b"[" * 200_000,))[:-60], ""),
    "truncated docx": ("docx", docx("<w:p/>")[:150], "损坏"),
    "bomb": ("docx", bomb(), "炸弹"),
    "bomb that lies": ("docx", lying_bomb(), ""),
    "billion laughs": ("docx", docx("<w:p><w:t>&j;</w:t></w:p>", LAUGHS), "读不出"),
    "external entity": ("docx", docx("<w:p><w:t>&a;</w:t></w:p>", OUTSIDE), "读不出"),
    "100,000 nested elements": ("docx", docx("<w:p>" * 100_000), "嵌套"),
    "100,000 members": ("zip", zipped({f"{n}": b"" for n in range(25_000)}), "超过"),
    "truncated doc": ("doc", doc(WORDS)[:3000], ""),
    "locked doc": ("doc", doc(WORDS, flags=0x0100), "加密"),
    "locked docx": ("docx", compound({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y"}), "加密"),
    "other ole": ("doc", compound({"Strange": b"x"}), "不是能读取"),
    "broken workbook": ("xls", compound({"Workbook": b"\x09\x08\x10\0\0\x06\x05\0" + b"\xff" * 5000}), "读不出"),
    "fat loop": ("doc", doc(WORDS)[:512] + b"\0\0\0\0" * 128 + doc(WORDS)[1024:], ""),
    "deep rtf": ("rtf", rb"{\rtf1" + b"{" * 1_000_000, "嵌套"),
    "rtf of backslashes": ("rtf", rb"{\rtf1" + b"\\" * 3_000_000, ""),
    "gzip bomb": ("gz", gzip.compress(b"0" * 100_000_000), "炸弹"),
    "rar head": ("rar", b"Rar!\x1a\x07\x01\x00" + b"\xff" * 3000, ""),
    "7z": ("7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 100, "7z"),
    "picture": ("pdf", b"\xff\xd8\xff\xe0" + b"\0" * 100, "图片"),
    "program": ("doc", b"MZ" + b"\0" * 1000, "不是能读取"),
    "noise": ("doc", bytes(range(256)) * 400, "不是能读取"),
    "xml laughs": ("xml", f"<?xml version='1.0'?>{LAUGHS}<l>&j;</l>".encode(), "读不出"),
}  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_file_is_a_value_with_a_name_in_bounded_time(pool: Pool, name: str) -> None:
    """Issue 3, 11; BEHAVIOURS 92 and 100: no exception, and the next file is read as if nothing had been."""
    suffix, body, says = NASTY[name]
    begun = time.monotonic()
    found = pool.read_text(body, suffix, Limits(seconds=8, cpu=6))
    assert time.monotonic() - begun < 11
    assert found.problem
    assert says in found.problem
    assert "root:" not in found.text
    assert pool.read_text("好".encode(), "txt").text == "好"


def test_a_long_text_is_cut_and_says_so(pool: Pool) -> None:
    found = pool.read_text("长".encode() * 50_000, "txt", Limits(characters=1000))
    assert len(found.text) == 1000
    assert "1000" in found.problem


def test_a_child_that_hangs_is_killed_and_replaced() -> None:
    if sys.platform == "win32":
        pytest.skip("跳过：这个系统没有 SIGSTOP")
    with Pool() as pool:
        assert pool.read_text(b"one", "txt").text == "one"
        child = pool._places.queue[0]
        os.kill(child._process.pid, signal.SIGSTOP)
        begun = time.monotonic()
        found = pool.read_text(b"two", "txt", Limits(seconds=0.5))
        assert time.monotonic() - begun < 3
        assert "已中止" in found.problem
        assert pool.read_text(b"three", "txt").text == "three"
        assert pool.started == 2


def test_a_child_that_was_killed_between_two_files_is_replaced() -> None:
    with Pool() as pool:
        assert pool.read_text(b"one", "txt").text == "one"
        pool._places.queue[0]._process.kill()
        pool._places.queue[0]._process.wait()
        assert pool.read_text(b"two", "txt").text == "two"


@pytest.mark.skipif(sys.platform == "win32", reason="跳过：这个系统没有内存限制")
def test_memory_has_a_limit() -> None:
    rows = "".join(f"<si><t>{n:0500}</t></si>" for n in range(300_000))
    body = zipped({"xl/workbook.xml": "<w/>", "xl/sharedStrings.xml": f"<sst>{rows[:40_000_000]}"})
    with Pool() as pool:
        found = pool.read_text(body, "xlsx", Limits(memory=300 * 1024 * 1024))
        assert "读不出" in found.problem
        assert pool.read_text(b"after", "txt").text == "after"


def test_one_child_reads_many_files() -> None:
    with Pool() as pool:
        for number in range(20):
            assert pool.read_text(str(number).encode(), "txt").text == str(number)
        assert pool.started == 1
