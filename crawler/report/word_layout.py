"""The shipped templates in GB/T 9704 layout (RULES section 9), made from text; an office changes a copy in Word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt

from crawler.report.word_texts import TEXTS

LINE = Pt(28.95)  # 22 lines of 28.95 pt are the 225 mm of the type area; 29 pt would leave 21
_CENTER, _RIGHT, _BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
# name: East Asian font, points, characters of indent, alignment
STYLES: dict[str, tuple[str, float, int, Any]] = {
    "公文标题": ("方正小标宋简体", 22, 0, _CENTER),
    "公文主送": ("仿宋_GB2312", 16, 0, None),
    "公文正文": ("仿宋_GB2312", 16, 2, _BOTH),
    "公文一级": ("黑体", 16, 2, None),
    "公文二级": ("楷体_GB2312", 16, 2, None),
    "公文落款": ("仿宋_GB2312", 16, 0, _RIGHT),
    "公文附件标志": ("黑体", 16, 0, None),
    "公文草稿": ("楷体_GB2312", 14, 0, _RIGHT),
    "公文附件说明": ("仿宋_GB2312", 16, 2, None),
    "公文附件标题": ("方正小标宋简体", 22, 0, _CENTER),
    "公文表头": ("黑体", 10.5, 0, _CENTER),
    "公文表格": ("仿宋_GB2312", 10.5, 0, None),
    "公文清单头": ("黑体", 9, 0, _CENTER),
    "公文清单": ("仿宋_GB2312", 9, 0, None),
}
TABLES = {"表": ("公文表头", "公文表格"), "清单": ("公文清单头", "公文清单")}
# What is a number or a word stands in the middle of its column.
SHORT = {
    *(f"{{{{问题.{name}}}}}" for name in ("序号", "编号", "程度", "状态", "期限")),
    *(f"{{{{网站.{name}}}}}" for name in ("单否", "扣分", "州要求", "合计", "已整改", "待核实")),
    *(f"{{{{排名.{name}}}}}" for name in ("类别", "名次", "数量")),
    *(f"{{{{{name}数}}}}" for name in ("单否", "扣分", "州要求", "问题总", "已整改", "待核实")),
}
LEVELS = {"公文一级": "0", "公文二级": "1"}  # for Word's navigation and tables of contents
# A heading stays with its text, and a signature never stands on a page alone.
KEPT = {"公文一级", "公文二级", "公文附件说明", "公文附件标志", "公文附件标题"}
_BODY = 16  # points: 28 characters in 156 mm are 15.79 each, so a twentieth of a point five times is taken off
_TIGHT = "-5"
# What a machine without the fonts may use instead: Word and LibreOffice read it from the font table.
FALLBACKS = {"方正小标宋简体": "宋体", "仿宋_GB2312": "仿宋", "楷体_GB2312": "楷体", "黑体": "SimHei", "宋体": "SimSun"}


def make(kind: str, path: Path) -> None:
    document = Document()
    _page(document)
    _styles(document)
    _margins(document)
    _fonts(document)
    for style, words in TEXTS[kind]:
        if style in TABLES:
            _table(document, words, *TABLES[style])
        else:
            document.add_paragraph(str(words), style=style).paragraph_format.page_break_before = style == "公文附件标志"
    document.save(str(path))


def _page(document: Any) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance, section.header_distance = Mm(23), Mm(20)
    grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001  python-docx has no public door to it
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)  # noqa: SLF001
    # Lines alone: a grid of characters each program measures in its own way (LibreOffice set 16 of the 28).
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")
    document.settings.odd_and_even_pages_header_footer = True


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    _font(normal, "仿宋_GB2312", 16)
    normal.paragraph_format.space_after = Pt(0)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # else a program may set Chinese by the rules and shapes of others
    for name, (font, points, indent, alignment) in STYLES.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _font(style, font, points)
        form = style.paragraph_format
        form.line_spacing = LINE if points >= 14 else Pt(15 if points > 10 else 12)
        _ungridded(style)
        if points == _BODY:
            _tightened(style)
        form.keep_with_next = name in KEPT
        if name in LEVELS:
            _levelled(style, LEVELS[name])
        if name == "公文附件标题":
            form.space_before = form.space_after = LINE
        form.alignment = alignment
        form.widow_control = False
        if indent:
            form.first_line_indent = Emu(Pt(points) * indent)
            style.element.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), str(indent * 100))
        if name == "公文落款":
            form.right_indent = Pt(32)
        if points < 14:
            _property(style, "w:wordWrap", "0")  # an address breaks where the cell ends


def _margins(document: Any) -> None:
    """Every page says that it is a draft, and bears its number on the outer side."""
    for section in document.sections:
        for header in (section.header, section.even_page_header):
            _alone(header, "公文草稿", document).text = "草稿（未经审签，不得印发）"
        _number(section.footer, _RIGHT, document)
        _number(section.even_page_footer, None, document)


# The order the schema has for paragraph properties; Word refuses a file that breaks it.
_PROPERTIES = [
    qn(f"w:{name}")
    for name in (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
        "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
        "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
        "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
    ).split()
]


def _property(style: Any, name: str, value: str) -> None:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), value)
    properties = style.element.get_or_add_pPr()
    later = set(_PROPERTIES[_PROPERTIES.index(qn(name)) :])
    at = next((n for n, child in enumerate(properties) if child.tag in later), len(properties))
    properties.insert(at, mark)


def _ungridded(style: Any) -> None:
    _property(style, "w:snapToGrid", "0")


def _levelled(style: Any, level: str) -> None:
    _property(style, "w:outlineLvl", level)


def _tightened(style: Any) -> None:
    mark = OxmlElement("w:spacing")
    mark.set(qn("w:val"), _TIGHT)
    style.element.get_or_add_rPr().sz.addprevious(mark)


def _alone(story: Any, style: str, document: Any) -> Any:
    story.is_linked_to_previous = False
    paragraph = story.paragraphs[0]
    paragraph.style = document.styles[style]
    return paragraph


def _number(footer: Any, alignment: Any, document: Any) -> None:
    """— 1 —, 4号 half-width digits, one character from the outer side."""
    paragraph = _alone(footer, "Normal", document)
    paragraph.alignment = alignment
    form = paragraph.paragraph_format
    if alignment is _RIGHT:
        form.right_indent = Pt(14)
    else:
        form.left_indent = Pt(14)
    for kind, text in (("", "— "), ("begin", ""), ("instr", "PAGE"), ("end", ""), ("", " —")):
        run = paragraph.add_run(text if not kind else "")
        run.font.size, run.font.name = Pt(14), "宋体"
        run._element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), "宋体")  # noqa: SLF001
        if kind == "instr":
            mark = OxmlElement("w:instrText")
            mark.text = text
            run._element.append(mark)  # noqa: SLF001
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)  # noqa: SLF001


def _font(style: Any, font: str, points: float) -> None:
    style.font.size, style.font.name = Pt(points), "Times New Roman"
    fonts = style.element.get_or_add_rPr().rFonts
    fonts.set(qn("w:eastAsia"), font)


def _fonts(document: Any) -> None:
    for part in document.part.package.parts:
        if str(part.partname).endswith("fontTable.xml"):
            entries = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
                for name, other in FALLBACKS.items()
            )
            part._blob = part.blob.replace(b"</w:fonts>", entries.encode() + b"</w:fonts>")  # noqa: SLF001


def _table(document: Any, columns: Any, head: str, body: str) -> None:
    """One head that repeats on each page, one row of placeholders, and where given one row of totals."""
    rows = 1 + max(len(column) - 2 for column in columns)
    table = document.add_table(rows, len(columns))
    table.style = document.styles["Table Grid"]
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _padded(table)
    for number, (width, *cells) in enumerate(columns):
        table.columns[number].width = Mm(width)
        for at, words in enumerate(cells):
            cell = table.cell(at, number)
            cell.width = Mm(width)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            style = document.styles[body if at else head]
            for line, text in enumerate((words,) if isinstance(words, str) else words):
                paragraph = cell.add_paragraph() if line else cell.paragraphs[0]
                paragraph.style = style
                paragraph.add_run(text)
                if text in SHORT:
                    paragraph.alignment = _CENTER
    for at, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001  python-docx has no public door to it
        properties.append(OxmlElement("w:cantSplit"))  # a row that fits a page stays whole
        if not at:
            properties.append(OxmlElement("w:tblHeader"))


def _padded(table: Any) -> None:
    """0.8 mm beside the text: two characters stand side by side in the narrowest column."""
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 28), ("left", 45), ("bottom", 28), ("right", 45)):
        mark = OxmlElement(f"w:{side}")
        mark.set(qn("w:w"), str(width))
        mark.set(qn("w:type"), "dxa")
        margins.append(mark)
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001
    look.addprevious(margins)
