"""Large workbooks row by row: what is kept in memory does not grow with the sheet beyond the reader's own table."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, load_workbook

from kernel.workbooks.opening import (
    MOST_COLUMNS,
    NotAWorkbook,
    TooManyRows,
    check_magic,
    decoded,
)

MOST_STREAMED = 250_000
Rows = Callable[[], Iterator[Sequence[object]]]


@dataclass(frozen=True, slots=True)
class Stream:
    """A sheet whose rows are read anew at each call of `rows`; merged cells filled downwards from their first cell."""

    name: str
    rows: Rows
    height: int


def open_streams(content: bytes) -> list[Stream]:
    """The sheets of an xlsx, xls or csv. Takes seconds on large files: call it in a thread."""
    check_magic(content)
    if not content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return [_csv(content)]
    try:
        book = load_workbook(io.BytesIO(content))
        return [_sheet(book, name) for name in book.sheet_names]
    except (CalamineError, ValueError, OSError) as error:
        raise NotAWorkbook from error


def _sheet(book: CalamineWorkbook, name: str) -> Stream:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > MOST_STREAMED:
        raise TooManyRows(limit=MOST_STREAMED)
    return Stream(name, lambda: _filled(sheet), sheet.total_height)


def _filled(sheet: CalamineSheet) -> Iterator[list[object]]:
    """A merged value counts for every row it covers; across columns it is a title and stays where it is."""
    begins: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right:
            begins.setdefault(top, []).append((left, bottom))
    going: dict[int, tuple[int, object]] = {}
    for index, found in enumerate(sheet.iter_rows()):
        row: list[object] = list(found[:MOST_COLUMNS])
        for column, (bottom, value) in list(going.items()):
            if index > bottom:
                del going[column]
            elif column < len(row):
                row[column] = value
        for column, bottom in begins.get(index, ()):
            if column < len(row):
                going[column] = (bottom, row[column])
        yield row


def _csv(content: bytes) -> Stream:
    text = decoded(content)
    height = text.count("\n") + 1
    if height > MOST_STREAMED:
        raise TooManyRows(limit=MOST_STREAMED)

    def rows() -> Iterator[Sequence[object]]:
        try:
            yield from csv.reader(io.StringIO(text, newline=""))
        except csv.Error as error:
            raise NotAWorkbook from error

    return Stream("csv", rows, height)
