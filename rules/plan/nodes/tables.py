"""R3 table of intervals as a regulation prints them, by class, with a stated way for what lies between the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.facts import State
from rules.fields import inner, optional_name, switch
from rules.plan.coverage import Cut, Interval, coverage
from rules.plan.naming import named
from rules.plan.operands import Operand, operand
from rules.plan.outcomes import Outcome, scored, without
from rules.plan.reads import figures_of, inputs_of
from rules.plan.view import Own, View
from rules.reading import Reader
from rules.rounding import plain, points_text
from rules.sentences import Sentence

#: What becomes of a value that no row covers: it is refused (not assessed), it belongs to the next lower row, or it is
#: meant to be undefined (not applicable).
REFUSE, LOWER, UNDEFINED = GAPS = ("refuse", "lower_row", "undefined")


@dataclass(frozen=True, slots=True)
class Row:
    """`marks` None: the table says that there are none."""

    where: Interval
    marks: Fraction | None


@dataclass(frozen=True, slots=True)
class Table(Own):
    """The first row that has the value (A13, B3, B7, D3, D7). "以上/以下" include the bound: `from`, `to`; "超过/不满" exclude
    it: `over`, `under`. `by` is a figure with the subject's class, each class with rows of its own.
    """

    of: Operand
    by: str | None
    tables: Mapping[str, tuple[Row, ...]]
    gap: str
    whole: bool
    range: Interval | None
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Table":
        by = optional_name(reader, "by")
        found: dict[str, tuple[Row, ...]] = {}
        if by is None:
            found[""] = _rows(reader, "rows")
        else:
            tables = inner(reader, "tables")
            if tables is None:
                reader.refuse("tables", "missing", "应写明各类的表", "the table of each class is needed")
            else:
                found = {str(label): _rows(tables, str(label)) for label in tables.data}
        limits = inner(reader, "range")
        return cls(
            operand(reader, "of").bound(nodes), by, found, reader.choice("gap", GAPS, REFUSE),
            switch(reader, "whole", default=False), None if limits is None else _closed(limits), reader.decimals(),
        )  # fmt: skip

    @property
    def inputs(self) -> tuple[str, ...]:
        return inputs_of(self.of)

    @property
    def figures(self) -> tuple[str, ...]:
        return (*figures_of(self.of), *((self.by,) if self.by else ()))

    def evaluate(self, view: View) -> Outcome:
        own = self.of.amount(view)
        if isinstance(own, State):
            return without(own)
        label = view.figures.get(self.by) if self.by else ""
        if isinstance(label, State):
            return without(label)
        rows = self.tables.get(label) if isinstance(label, str) else None
        if rows is None:
            return without(State.NOT_SUBMITTED if label is None else State.NOT_ASSESSED)
        row = next((each for each in rows if own in each.where), None) or self._between(own, rows)
        if row is None:
            return without(State.NOT_APPLICABLE if self.gap == UNDEFINED else State.NOT_ASSESSED)
        if row.marks is None:
            return without(State.NOT_APPLICABLE)
        value, where = row.marks, row.where
        of, row_words = f"{named(str(label))}:" if label else "", where.words()

        def say() -> Sentence:
            if own in where:
                return Sentence(
                    f"{points_text(value)}:{of}{plain(own)} 属于“{row_words.zh}”",
                    f"{points_text(value)}: {of}{plain(own)} is {row_words.en}",
                )
            return Sentence(
                f"{points_text(value)}:{of}{plain(own)} 在断档中,归入下一档“{row_words.zh}”",
                f"{points_text(value)}: {of}{plain(own)} lies in a gap and belongs to the lower row, {row_words.en}",
            )

        return scored(value, say, self.decimals)

    def _between(self, own: Fraction, rows: tuple[Row, ...]) -> Row | None:
        """The highest of the rows that lie below the value."""
        if self.gap != LOWER:
            return None
        below = [row for row in rows if row.where.span[1] <= (own, 0)]
        return max(below, key=lambda row: row.where.span[1], default=None)

    def doubts(self) -> list[tuple[str, list[Interval], list[Interval]]]:
        """For each class what is not covered, and what is covered twice, within the range or the rows' own ends."""
        found = []
        for label, rows in self.tables.items():
            spans = [row.where for row in rows]
            ends = Interval(min(s.span[0] for s in spans), max(s.span[1] for s in spans)) if spans else None
            domain = self.range or ends or Interval(None, None)
            uncovered, doubly = coverage(spans, domain, whole=self.whole)
            found.append((label, [] if self.gap != REFUSE else uncovered, doubly))
        return found

    def describe(self, language: str) -> str:
        shown = []
        for label, rows in self.tables.items():
            text = "、".join(
                f"{row.where.text} {'-' if row.marks is None else plain(row.marks)}" for row in rows
            )
            shown.append(f"{label}:{text}" if label else text)
        if language == "zh":
            return f"{self.of.words()}查表:" + ";".join(shown)
        return f"the row of {self.of.words()}: " + "; ".join(shown)


def _rows(reader: Reader, key: str) -> tuple[Row, ...]:
    found = []
    for item in reader.objects(key):
        low, high = _cut(item, "from", "over", 0), _cut(item, "to", "under", 1)
        marks = item.optional_number("marks")
        if (marks is None) != switch(item, "undefined", default=False):
            zh, en = "应写明 marks,或 undefined: true", "either marks or undefined: true is needed"
            item.refuse("marks", "marks-unclear", zh, en)
        if low is not None and high is not None and low >= high:
            item.refuse("to", "row-empty", "该行没有任何值", "no value lies in the row")
        found.append(Row(Interval(low, high), None if marks is None else Fraction(marks)))
        item.close()
    return tuple(found)


def _cut(reader: Reader, closed: str, opened: str, side: int) -> Cut | None:
    """`from` and `to` include the number, `over` and `under` do not."""
    inside, outside = reader.optional_number(closed), reader.optional_number(opened)
    if inside is not None and outside is not None:
        zh, en = f"{closed} 与 {opened} 只能写一个", f"either {closed} or {opened}"
        reader.refuse(closed, "bound-twice", zh, en)
    if inside is not None:
        return (Fraction(inside), side)
    return None if outside is None else (Fraction(outside), 1 - side)


def _closed(reader: Reader) -> Interval:
    found = Interval(_cut(reader, "from", "over", 0), _cut(reader, "to", "under", 1))
    reader.close()
    return found
