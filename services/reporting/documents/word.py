"""A bulletin as Word, by the office's own template or the one that ships."""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from services.reporting.documents.charts.paper import pngs
from services.reporting.documents.heads import Imprint
from services.reporting.documents.word_template import VARIABLES, default_template
from services.reporting.domain.report import Block, BulletinKind, Column, Report, Table

MOST_BYTES = 8 * 1024 * 1024
#: Fonts of official papers and what they fall back to; others are a finding, not an error.
FONTS = frozenset(
    {
        "方正小标宋简体",
        "仿宋_GB2312",
        "楷体_GB2312",
        "黑体",
        "宋体",
        "仿宋",
        "楷体",
        "FangSong",
        "KaiTi",
        "SimHei",
        "SimSun",
    }
    | {"Times New Roman", "Calibri", "Cambria", "Symbol", "Courier New", "Wingdings"}
)
_FONT = re.compile(r'<w:rFonts[^>]*w:eastAsia="([^"]+)"')
_SPLIT = re.compile(r"\{(?:<[^>]+>)+[{%]|[}%](?:<[^>]+>)+\}")


@dataclass(frozen=True, slots=True)
class TemplateFinding:
    """`fatal`: the template cannot be used."""

    code: str
    zh: str
    en: str
    fatal: bool = True


def bulletin_docx(report: Report, imprint: Imprint, template: bytes | None = None) -> bytes:
    """The bytes of the document. Blocks the caller's thread for the time of writing."""
    document = DocxTemplate(io.BytesIO(template or default_template()))
    blocks = []
    pictures = iter(pngs([block.chart for block in report.blocks if block.chart is not None]))
    for block in report.printed:
        shown: dict[str, Any] = {"kind": block.kind, "text": block.text, "level": block.level}
        shown["lines"] = [line for line in block.text.split("\n") if line.strip()]
        if block.table is not None:
            shown["table"] = _table(block.table)
        if block.chart is None:
            blocks.append(shown)
            continue
        blocks += [
            shown | {"image": InlineImage(document, io.BytesIO(png), width=Mm(156))} for png in next(pictures)
        ]
    appendix = {"title": report.appendix_title} | _table(report.appendix) if report.appendix else None
    context = {
        "head": imprint.head, "number": imprint.number, "title": report.title, "addressees": report.addressees,
        "blocks": blocks, "appendix": appendix, "issuer": report.issuer, "date": imprint.date, "copies": report.copies,
        "draft": imprint.draft, "code": imprint.code,
    }  # fmt: skip
    document.render(context, SandboxedEnvironment(autoescape=True))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _table(table: Table) -> dict[str, Any]:
    return {
        "columns": [{"title": column.title} for column in table.columns],
        "rows": [["—" if cell is None else cell for cell in row] for row in table.rows],
        "note": table.note,
    }


def sample_docx(template: bytes) -> bytes:
    """A template filled with sample data: what the office looks at before a bulletin is made with it."""
    imprint = Imprint("机关文件", "公考〔2026〕1号", "2026年4月3日", "KH", draft=False)
    return bulletin_docx(_SAMPLE, imprint, template)


def check_template(content: bytes) -> list[TemplateFinding]:
    """What is wrong with a template, before anybody relies on it: opened, read and filled with sample data."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return [TemplateFinding("not-a-docx", "不是 .docx 文件", "not a .docx file")]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(info.file_size for info in archive.infolist()) > 8 * MOST_BYTES:
            return [TemplateFinding("too-large", "解开后过大", "too large when unpacked")]
        names = set(archive.namelist())
        if any(name.endswith("vbaProject.bin") for name in names):
            return [TemplateFinding("macros", "含有宏", "contains macros")]
        if "word/document.xml" not in names:
            return [TemplateFinding("not-a-docx", "不是 .docx 文件", "not a .docx file")]
        xml = archive.read("word/document.xml").decode("utf-8", "replace")
        styles = (
            archive.read("word/styles.xml").decode("utf-8", "replace") if "word/styles.xml" in names else ""
        )
    found = [
        TemplateFinding(
            "font-unknown",
            f"字体 {font} 不在公文字体之列,别的电脑可能没有",
            f"the font {font} is none of official papers; other computers may lack it",
            fatal=False,
        )
        for font in sorted(set(_FONT.findall(xml + styles)) - FONTS)
    ]
    if _SPLIT.search(xml):
        zh, en = (
            "有标签被拆成几段(请整段重新键入)",
            "a tag is split over several runs: type it anew in one go",
        )
        found.append(TemplateFinding("tag-split", zh, en, fatal=False))
    try:
        template = DocxTemplate(io.BytesIO(content))
        used = template.get_undeclared_template_variables(SandboxedEnvironment(autoescape=True))
    except (TemplateError, ValueError, KeyError, zipfile.BadZipFile) as error:
        return [*found, TemplateFinding("unreadable", f"无法解析:{error}", f"cannot be read: {error}")]
    found += [
        TemplateFinding("unknown-variable", f"没有变量 {name}", f"there is no variable {name}")
        for name in sorted(used - VARIABLES)
    ]
    found += [
        TemplateFinding("missing-variable", f"缺少变量 {name}", f"the variable {name} is missing")
        for name in sorted({"title", "blocks"} - used)
    ]
    if not any(finding.fatal for finding in found):
        try:
            sample_docx(content)
        except Exception as error:  # noqa: BLE001 -- whatever a template does wrong must not happen on the day of issue
            found.append(TemplateFinding("unfillable", f"试填失败:{error}", f"cannot be filled: {error}"))
    return found


_CELLS = Table(
    (Column("名次", "count"), Column("单位"), Column("得分", "points")),
    (("1", "甲所", "96.50"),),
    "并列占位。",
)
_SAMPLE = Report(
    BulletinKind.MONTH, "关于目标责任考核情况的通报", "机关", "各单位", "2026-03", "2026-03-01", "2026-03-31", "封存数据", (),
    (Block("h", "heading", "一、总体情况", 1), Block("t", "text", "总体平稳。"), Block("d", "table", table=_CELLS)), _CELLS,
    "得分表", "抄送单位",
)  # fmt: skip
