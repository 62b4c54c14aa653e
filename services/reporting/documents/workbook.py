"""A bulletin as a workbook: its tables, and Excel's own charts over their cells, which the office can go on editing."""

import io
from decimal import Decimal
from typing import Any

import xlsxwriter

from services.reporting.documents.charts.house import COLOURS, RED
from services.reporting.documents.heads import Imprint
from services.reporting.domain.report import Chart, ChartKind, Report, Table

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_KINDS = {ChartKind.BAR: "bar", ChartKind.COLUMN: "column", ChartKind.LINE: "line"}


class Formats:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        font = {"font_name": "宋体", "font_size": 11}
        line = font | {"border": 1, "border_color": "#8A93A3", "valign": "vcenter"}
        self.title = book.add_format(
            {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}
        )
        self.left, self.right = book.add_format(font), book.add_format(font | {"align": "right"})
        self.head = book.add_format(
            line | {"font_name": "黑体", "bg_color": "#EEF1F6", "align": "center", "text_wrap": True}
        )
        self.kinds = {
            (kind, low): book.add_format(line | look | ({"bg_color": "#FCEBE9"} if low else {}))
            for kind, look in {
                "text": {}, "count": {"num_format": "#,##0", "align": "right"}, "points": {"num_format": "0.00##", "align": "right"},
            }.items()
            for low in (False, True)
        }  # fmt: skip


def write_cell(sheet: Any, row: int, column: int, value: str | None, kind: str, look: Any) -> None:
    """Text stays text; a figure becomes a number of the same digits; what is missing is —, not zero."""
    if value is None:
        sheet.write_string(row, column, "—", look)
    elif kind == "text" or not _is_number(value):
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_number(row, column, float(Decimal(value)), look)


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).replace("-", "", 1).isdigit()


def bulletin_xlsx(report: Report, imprint: Imprint, *, fingerprint: bool) -> bytes:
    """`fingerprint`: version and digests on a last sheet, for the internal form."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        looks = Formats(book)
        names: set[str] = set()
        heading = report.title
        for block in report.blocks:
            if block.kind == "heading":
                heading = block.text
            elif block.table is not None:
                _table_sheet(book, looks, names, report, heading, block.table)
            elif block.chart is not None:
                _chart_sheet(book, looks, names, block.chart)
        if report.appendix is not None:
            _table_sheet(book, looks, names, report, report.appendix_title, report.appendix)
        if fingerprint:
            _fingerprint(book, looks, report, imprint)
    return target.getvalue()


def sheet_name(names: set[str], wanted: str) -> str:
    """At most 31 characters, none that Excel refuses, each once."""
    plain = "".join(c for c in wanted if c not in "[]:*?/\\'")[:26] or "表"
    name, number = plain, 1
    while name in names:
        number += 1
        name = f"{plain}({number})"
    names.add(name)
    return name


def _table_sheet(
    book: Any, looks: Formats, names: set[str], report: Report, title: str, table: Table
) -> None:
    sheet = book.add_worksheet(sheet_name(names, title))
    last = len(table.columns) - 1
    sheet.merge_range(0, 0, 0, max(last, 1), title, looks.title)
    sheet.set_row(0, 30)
    sheet.write_string(1, 0, f"{report.issuer}  统计期间 {report.first_day} 至 {report.last_day}", looks.left)
    for number, column in enumerate(table.columns):
        widest = max([len(column.title), *(len(row[number] or "") for row in table.rows)])
        sheet.set_column(
            number, number, min(max(widest * (2.0 if column.kind == "text" else 1.4) + 2, 8), 40)
        )
        sheet.write_string(2, number, column.title, looks.head)
    for number, row in enumerate(table.rows):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            look = looks.kinds[column.kind, number in table.low]
            write_cell(sheet, number + 3, place, value, column.kind, look)
    if table.note:
        sheet.write_string(len(table.rows) + 3, 0, table.note, looks.left)
    for_print(sheet, 3)


def for_print(sheet: Any, head_rows: int, *, landscape: bool = False) -> None:
    sheet.freeze_panes(head_rows, 2)
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, head_rows - 1)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def _chart_sheet(book: Any, looks: Formats, names: set[str], chart: Chart) -> None:
    """The chart over its own table."""
    name = sheet_name(names, chart.title)
    sheet = book.add_worksheet(name)
    table = chart.table
    sheet.set_column(0, 0, 26)
    for number, column in enumerate(table.columns):
        sheet.write_string(0, number, column.title, looks.head)
    for number, row in enumerate(table.rows, start=1):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            if value is not None:
                write_cell(sheet, number, place, value, column.kind, looks.kinds[column.kind, False])
    count = len(table.rows)
    drawn = book.add_chart({"type": _KINDS[chart.kind]})
    for number, series in enumerate(chart.series, start=1):
        drawn.add_series({
            "name": [name, 0, number], "categories": [name, 1, 0, count, 0], "values": [name, 1, number, count, number],
            "fill": {"color": COLOURS[(number - 1) % 6]}, "line": {"color": COLOURS[(number - 1) % 6]}, "gap": 60,
            "data_labels": {"value": True, "num_format": "0.00##"} if len(chart.series) == 1 else {},
        })  # fmt: skip
        del series
    drawn.set_title({"name": chart.title, "name_font": {"size": 12}})
    drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom"})
    if chart.kind is ChartKind.BAR:
        drawn.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        drawn.set_x_axis({"min": 0, "major_gridlines": {"visible": False}, "visible": False})
    else:
        drawn.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#D5DAE3"}}})
    drawn.set_size({"width": 760, "height": max(280, 22 * count + 90)})
    sheet.insert_chart(0, len(table.columns) + 1, drawn)
    notes = [
        (label, value)
        for label, value in (("平均", chart.mean), ("红线", chart.red_line))
        if value is not None
    ]
    red = book.add_format({"font_color": RED})
    for number, (label, value) in enumerate(notes):
        sheet.write_string(count + 2 + number, 0, f"{label} {value}", red if label == "红线" else looks.left)


def _fingerprint(book: Any, looks: Formats, report: Report, imprint: Imprint) -> None:
    sheet = book.add_worksheet("版本")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 72)
    rows = [
        ("文号", imprint.number), ("标题", report.title), ("数据版本", report.version), *(("版本指纹", d) for d in report.digests),
        ("数据指纹", report.data_digest), ("查验码", imprint.code),
    ]  # fmt: skip
    for number, (label, value) in enumerate(rows):
        sheet.write_string(number, 0, label, looks.head)
        sheet.write_string(number, 1, value, looks.kinds["text", False])
