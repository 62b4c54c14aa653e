"""The Word template that ships: GB/T 9704-2012 by styles, so that an office can open it in WPS or Word and make it its own.

Made by a program and not kept as a file: what a style says can be read here. Fonts are named in styles only.
"""

import io
from functools import cache
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

_LINE = Pt(28.98)  # 225 mm in 22 lines
_INDENT = Pt(32)
_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
#: Style: (font, size, alignment, first-line indent, colour).
STYLES: dict[str, tuple[str, float, Any, Any, str]] = {
    "发文机关": ("方正小标宋简体", 40, _CENTRE, None, "C8102E"),
    "发文字号": ("仿宋_GB2312", 16, _CENTRE, None, "000000"),
    "公文标题": ("方正小标宋简体", 22, _CENTRE, None, "000000"),
    "主送": ("仿宋_GB2312", 16, None, None, "000000"),
    "正文3号": ("仿宋_GB2312", 16, None, _INDENT, "000000"),
    "一级标题": ("黑体", 16, None, _INDENT, "000000"),
    "二级标题": ("楷体_GB2312", 16, None, _INDENT, "000000"),
    "三级标题": ("仿宋_GB2312", 16, None, _INDENT, "000000"),
    "图": ("仿宋_GB2312", 10.5, _CENTRE, None, "000000"),
    "表头": ("黑体", 10.5, _CENTRE, None, "000000"),
    "表格": ("宋体", 10.5, None, None, "000000"),
    "表注": ("宋体", 9, None, None, "4A5568"),
    "落款": ("仿宋_GB2312", 16, _RIGHT, None, "000000"),
    "版记": ("仿宋_GB2312", 14, None, None, "000000"),
}
#: What a template may use; anything else in it is a finding.
VARIABLES = frozenset(
    {
        "head",
        "number",
        "title",
        "addressees",
        "blocks",
        "appendix",
        "issuer",
        "date",
        "copies",
        "draft",
        "code",
    }
)
_DENSE = {"图", "表头", "表格", "表注", "版记", "发文机关"}


@cache
def default_template() -> bytes:
    document = Document()
    for name, setting in STYLES.items():
        _style(document, name, *setting)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.right_margin, section.bottom_margin = Mm(26), Mm(35)
    section.footer_distance = Mm(28)
    _page_number(section.footer.paragraphs[0])
    say = _Writer(document)
    say("发文机关", "{{ head }}")
    _rule(say("发文字号", "{{ number }}"))
    say("发文字号", "")
    say("公文标题", "{{ title }}")
    say("主送", "{% if addressees %}{{ addressees }}：{% endif %}")
    _blocks(say)
    say("正文3号", "{%p if appendix %}")
    say("正文3号", "附件：{{ appendix.title }}")
    say("正文3号", "{%p endif %}")
    say("落款", "{{ issuer }}")
    say("落款", "{{ date }}{% if draft %}（草稿，未签发）{% endif %}")
    say("正文3号", "{%p if appendix %}")
    say("一级标题", "附件").paragraph_format.page_break_before = True
    say("公文标题", "{{ appendix.title }}")
    _table(document, say, "appendix")
    say("正文3号", "{%p endif %}")
    _rule(say("版记", "{% if copies %}抄送：{{ copies }}。{% endif %}"), "000000")
    _rule(say("版记", "{{ issuer }}　　{{ date }}印发　　{{ code }}"), "000000")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


class _Writer:
    def __init__(self, document: Any) -> None:
        self._document = document

    def __call__(self, style: str, text: str) -> Any:
        return self._document.add_paragraph(text, style=style)


def _blocks(say: Any) -> None:
    say("正文3号", "{%p for b in blocks %}")
    for level, style in ((1, "一级标题"), (2, "二级标题"), (3, "三级标题")):
        say("正文3号", "{%p if b.kind == 'heading' and b.level == " + str(level) + " %}")
        say(style, "{{ b.text }}").paragraph_format.keep_with_next = True
        say("正文3号", "{%p endif %}")
    say("正文3号", "{%p if b.kind == 'text' %}")
    say("正文3号", "{%p for line in b.lines %}")
    say("正文3号", "{{ line }}")
    say("正文3号", "{%p endfor %}")
    say("正文3号", "{%p endif %}")
    say("正文3号", "{%p if b.kind == 'chart' %}")
    say("图", "{{ b.image }}")
    say("正文3号", "{%p endif %}")
    say("正文3号", "{%p if b.kind == 'table' %}")
    _table(say._document, say, "b.table")  # noqa: SLF001 -- one file, one writer
    say("表注", "{{ b.table.note }}")
    say("正文3号", "{%p endif %}")
    say("正文3号", "{%p endfor %}")


def _table(document: Any, say: Any, name: str) -> None:
    """Head, loop, row, end of loop; docxtpl repeats cells and rows, Word repeats the head on each page."""
    del say
    table = document.add_table(rows=4, cols=3, style="Table Grid")
    cells = [
        ["{%tc for c in " + name + ".columns %}", "{{ c.title }}", "{%tc endfor %}"],
        ["{%tr for row in " + name + ".rows %}", "", ""],
        ["{%tc for c in row %}", "{{ c }}", "{%tc endfor %}"],
        ["{%tr endfor %}", "", ""],
    ]
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.paragraphs[0].style = "表头" if row is table.rows[0] or texts is cells[0] else "表格"
            cell.paragraphs[0].add_run(text)
    head = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 -- python-docx has no word for repeated heads
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    head.append(repeat)


def _style(document: Any, name: str, font: str, size: float, align: Any, indent: Any, colour: str) -> None:
    style = document.styles.add_style(name, 1)
    style.font.name, style.font.size = "Times New Roman", Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    if name not in _DENSE:
        layout.line_spacing = _LINE
    if align is not None:
        layout.alignment = align
    if indent is not None:
        layout.first_line_indent = indent
    if name == "落款":
        layout.right_indent = Pt(64)  # four characters


def _rule(paragraph: Any, colour: str = "C8102E") -> None:
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", colour)):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 -- python-docx has no word for borders


def _page_number(paragraph: Any) -> None:
    """— 1 —, counted by Word."""
    paragraph.alignment = _RIGHT
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # noqa: SLF001 -- python-docx has no word for fields
    paragraph.add_run(" —")
