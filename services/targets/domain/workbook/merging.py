"""Merged cells of a 目标责任细则: what they mean for the rows that they cover, and how that is told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.targets.domain.workbook.headers import SYNONYMS

#: top, left, bottom, right: indices from 0, inclusive.
Range = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Merges:
    """The merged ranges of one sheet."""

    ranges: Sequence[Range] = ()

    def covering(self, row: int, column: int) -> Range | None:
        return next((r for r in self.ranges if r[0] <= row <= r[2] and r[1] <= column <= r[3]), None)

    def continues(self, row: int, columns: Mapping[str, int]) -> bool:
        """Whether the row belongs to the indicator of the row above: code and name are merged with it."""
        found = [self.covering(row, columns[name]) for name in ("code", "name") if name in columns]
        return len(found) > 1 and all(r is not None and r[0] < row for r in found)


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the workbook that people should know and that is no error."""

    place: str
    zh: str
    en: str


@dataclass(slots=True)
class Filled:
    """The rows of a sheet with merged cells counted for every row they cover."""

    rows: list[list[str]]
    notes: list[Note] = field(default_factory=list)


def fill(
    sheet: str, rows: Sequence[Sequence[str]], merges: Merges, columns: Mapping[str, int], first: int
) -> Filled:
    """`first` is the first row under the header; what spans several rows there is explained."""
    filled = Filled([list(row) for row in rows])
    fields = {column: name for name, column in columns.items()}
    for top, left, bottom, right in merges.ranges:
        if bottom < first or top >= len(rows) or left >= len(rows[top]):
            continue
        text = rows[top][left]
        for row in range(top, min(bottom, len(rows) - 1) + 1):
            cells = filled.rows[row]
            for column in range(left, min(right, len(cells) - 1) + 1):
                if column == left or column in fields:
                    cells[column] = text
        if text and bottom > top and left in fields and top >= first:
            filled.notes.append(_spans(sheet, top, bottom, fields[left], text))
        elif text and right > left and top >= first:
            filled.notes.append(
                Note(
                    f"{sheet}!{top + 1}",
                    f"第 {top + 1} 行横向合并“{text[:20]}”,视为标题行或同一内容",
                    f"row {top + 1} is merged across columns, {text[:20]!r}: taken as a title or as one content",
                )
            )
    return filled


def join_continued(
    sheet: str, rows: Sequence[Sequence[str]], merges: Merges, columns: Mapping[str, int], first: int
) -> tuple[dict[int, list[int]], list[Note]]:
    """For each first row of an indicator that spans several, the rows that go on with it, and what is told of that."""
    found: dict[int, list[int]] = {}
    head = None
    for row in range(first, len(rows)):
        if head is not None and merges.continues(row, columns):
            found.setdefault(head, []).append(row)
        else:
            head = row
    return found, list(_joined(sheet, found))


def _joined(sheet: str, found: Mapping[int, Sequence[int]]) -> Iterator[Note]:
    for head, more in found.items():
        yield Note(
            f"{sheet}!{head + 1}-{more[-1] + 1}",
            f"第 {head + 1} 至 {more[-1] + 1} 行是同一指标(编码和名称已合并),各行评分标准按顺序接在一起",
            f"rows {head + 1} to {more[-1] + 1} are one indicator (code and name are merged): its standards are joined in order",
        )


def _spans(sheet: str, top: int, bottom: int, name: str, text: str) -> Note:
    column = SYNONYMS[name][0] if name in SYNONYMS else "分组"
    return Note(
        f"{sheet}!{top + 1}-{bottom + 1} {column}",
        f"合并单元格“{text[:20]}”:第 {top + 1} 至 {bottom + 1} 行的“{column}”都按此值",
        f"merged cell {text[:20]!r}: it counts for {column} of rows {top + 1} to {bottom + 1}",
    )
