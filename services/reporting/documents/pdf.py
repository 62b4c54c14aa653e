"""A bulletin as PDF in the layout of GB/T 9704-2012, set by the press: the same bytes for the same report."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from kernel.typesetting.press import compiled
from services.reporting.documents.charts.paper import MODULES, drawn
from services.reporting.documents.heads import Imprint, title_lines
from services.reporting.domain.report import Report, Table

TEMPLATE: Final = Path(__file__).with_name("bulletin.typ")


def bulletin_pdf(report: Report, imprint: Imprint, *, at: datetime) -> bytes:
    """`at` is the document's date inside the file. Blocks the caller's thread for the time of setting."""
    blocks: list[Mapping[str, Any]] = []
    for block in report.printed:
        shown: dict[str, Any] = {"kind": block.kind, "text": block.text, "level": block.level}
        if block.table is not None:
            shown["table"] = _table(block.table)
        if block.chart is not None:
            shown["charts"] = drawn(block.chart)
        blocks.append(shown)
    data = {
        "title": report.title, "title-lines": title_lines(report.title), "issuer": report.issuer, "head": imprint.head,
        "number": imprint.number, "addressees": report.addressees, "blocks": blocks, "date": imprint.date,
        "draft": imprint.draft, "copies": report.copies, "code": imprint.code,
        "appendix": _table(report.appendix) if report.appendix else None, "appendix-title": report.appendix_title,
    }  # fmt: skip
    return compiled(TEMPLATE, data, at=at, modules=MODULES)


def _table(table: Table) -> dict[str, Any]:
    """The widest text column takes what is left of the width."""
    widest = max(
        (n for n, column in enumerate(table.columns) if column.kind == "text"),
        key=lambda n: max((len(row[n] or "") for row in table.rows), default=0),
        default=0,
    )
    columns = [
        {"title": column.title, "right": column.kind != "text", "wide": n == widest}
        for n, column in enumerate(table.columns)
    ]
    return {"columns": columns, "rows": table.rows, "note": table.note, "low": table.low}
