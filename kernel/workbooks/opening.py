"""Opening uploaded workbooks: any of xlsx, xls and csv, values only, merged cells filled."""

import csv
import io
import zipfile
from collections.abc import Sequence

from python_calamine import CalamineError, CalamineWorkbook, load_workbook

from kernel.errors import Invalid, Unsupported
from kernel.workbooks.sheets import Sheet

MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_UNPACKED = 400 * 1024 * 1024


class NotAWorkbook(Unsupported):
    code = "not-a-workbook"
    zh = "不是可识别的电子表格(xlsx、xls 或 csv)"
    en = "This is not a spreadsheet that can be read (xlsx, xls or csv)"


class WorkbookHasMacros(Unsupported):
    code = "workbook-macros"
    zh = "电子表格含有宏,请另存为不含宏的 xlsx"
    en = "The workbook contains macros; save it as a plain xlsx"


class TooManyRows(Invalid):
    code = "workbook-too-many-rows"
    zh = "行数过多,最多 {limit} 行"
    en = "Too many rows; the limit is {limit}"


class WorkbookEmpty(Invalid):
    code = "workbook-empty"
    zh = "文件是空的"
    en = "The file is empty"


def open_workbook(content: bytes) -> list[Sheet]:
    """Runs for seconds on large files: call it in a thread."""
    if not content:
        raise WorkbookEmpty
    if content.startswith(b"PK"):
        check_archive(content)
    elif not content.startswith(b"\xd0\xcf\x11\xe0"):
        return [Sheet("csv", _csv(content))]
    try:
        book = load_workbook(io.BytesIO(content))
        return [Sheet(name, _rows(book, name)) for name in book.sheet_names]
    except (CalamineError, ValueError, OSError) as error:
        raise NotAWorkbook from error


def check_magic(content: bytes) -> None:
    """What can be refused without reading any cell: an empty file, an archive that is no workbook, macros."""
    if not content:
        raise WorkbookEmpty
    if content.startswith(b"PK"):
        check_archive(content)
    elif not content.startswith(b"\xd0\xcf\x11\xe0"):
        decoded(content)


def check_archive(content: bytes) -> None:
    """Refuses archives that are no workbook, carry macros, or unpack to more than anybody needs."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {entry.filename.lower() for entry in archive.infolist()}
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise TooManyRows(limit=MOST_ROWS)
            if any(name.endswith("vbaproject.bin") for name in names):
                raise WorkbookHasMacros
            if "[content_types].xml" not in names:
                raise NotAWorkbook
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise NotAWorkbook from error


def _rows(book: CalamineWorkbook, name: str) -> list[list[object]]:
    sheet = book.get_sheet_by_name(name)
    rows: list[list[object]] = [list(row[:MOST_COLUMNS]) for row in sheet.to_python(skip_empty_area=False)]
    if len(rows) > MOST_ROWS:
        raise TooManyRows(limit=MOST_ROWS)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        # A merged value counts for every row it covers; across columns it is a title and stays where it is.
        if left == right and top < len(rows):
            for row in rows[top + 1 : bottom + 1]:
                if left < len(row):
                    row[left] = rows[top][left]
    return rows


def _csv(content: bytes) -> Sequence[Sequence[object]]:
    try:
        rows = list(csv.reader(io.StringIO(decoded(content), newline="")))
    except csv.Error as error:
        raise NotAWorkbook from error
    if len(rows) > MOST_ROWS:
        raise TooManyRows(limit=MOST_ROWS)
    return rows


def decoded(content: bytes) -> str:
    """The text of a csv, in UTF-8 or the encoding that Chinese Excel saves; raises NotAWorkbook."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise NotAWorkbook
