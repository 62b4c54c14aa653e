"""What must have been so in a period for something to follow: a place on the list, a grade, a total."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rules.fields import names, optional_name, optional_whole, whole
from rules.nodes.band import OPERATORS
from rules.reading import Reader, text
from rules.rounding import plain
from rules.sentences import Sentence
from rules.standing.ranking import OVERALL
from rules.standing.records import Position, Record

RANKS, FIRST, LAST, GRADES, TOTALS = "ranks", "first", "last", "grades", "total"
KINDS = (RANKS, FIRST, LAST, GRADES, TOTALS)
SPARE, INCLUDE = "spare", "include"


@dataclass(frozen=True, slots=True)
class When:
    """`first`, `last`: n of the list of `scope`. A tie across the border of the last n is spared, or included, as set;
    one across the border of the first n is included.

    With 13 units the last three are ranks 11 to 13.
    """

    kind: str
    scope: str = OVERALL
    low: int = 0
    high: int | None = None
    tie: str = SPARE
    grades: tuple[str, ...] = ()
    op: str = "<"
    bound: Decimal = Decimal(0)

    @classmethod
    def read(cls, reader: Reader) -> "When":
        kind = reader.choice("type", KINDS)
        when = cls(kind)
        if kind in {RANKS, FIRST, LAST}:
            scope = optional_name(reader, "scope") or OVERALL
            if kind == RANKS:
                when = cls(kind, scope, whole(reader, "from", least=1), optional_whole(reader, "to", least=1))
                if when.high is not None and when.high < when.low:
                    reader.refuse("to", "band-empty", "止名次小于起名次", "ends before it begins")
            else:
                tie = reader.choice("tie", (SPARE, INCLUDE), SPARE) if kind == LAST else INCLUDE
                when = cls(kind, scope, whole(reader, "n", least=1), tie=tie)
        elif kind == GRADES:
            when = cls(kind, grades=names(reader, "grades", needed=True))
        else:
            when = cls(kind, op=reader.choice("op", tuple(OPERATORS)), bound=reader.number("bound"))
        reader.close()
        return when

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"type": self.kind}
        if self.kind == RANKS:
            data |= {"scope": self.scope, "from": self.low}
            data |= {} if self.high is None else {"to": self.high}
        elif self.kind in {FIRST, LAST}:
            data |= {"scope": self.scope, "n": self.low}
            data |= {"tie": self.tie} if self.kind == LAST else {}
        elif self.kind == GRADES:
            data["grades"] = list(self.grades)
        else:
            data |= {"op": self.op, "bound": text(self.bound)}
        return data

    def holds(self, record: Record) -> bool | None:
        """None when the record does not tell: without a rank, nobody is among the last."""
        if self.kind == GRADES:
            return None if record.grade is None else record.grade in self.grades
        if self.kind == TOTALS:
            return None if record.value is None else bool(OPERATORS[self.op](record.value, self.bound))
        position = record.positions.get(self.scope)
        if position is None:
            return None
        if self.kind == LAST:
            return self._last(position)
        if self.kind == FIRST:
            return position.rank <= self.low
        return self.low <= position.rank and (self.high is None or position.rank <= self.high)

    def _last(self, position: Position) -> bool | None:
        if position.behind is None:
            return None
        if self.tie == INCLUDE:
            return position.behind < self.low
        return position.ahead >= position.of - self.low

    def cut(self, position: Position) -> bool:
        """Whether a tie lies across the border of the first or last n, so that the setting decided."""
        if self.kind not in {FIRST, LAST} or position.behind is None:
            return False
        if self.kind == FIRST:
            return position.ahead < self.low < position.of - position.behind
        return (position.behind < self.low) != (position.ahead >= position.of - self.low)

    def words(self) -> Sentence:
        if self.kind == GRADES:
            return Sentence(f"等次为{'、'.join(self.grades)}", f"the grade is {' or '.join(self.grades)}")
        if self.kind == TOTALS:
            return Sentence(
                f"总分 {self.op} {plain(self.bound)}", f"the total is {self.op} {plain(self.bound)}"
            )
        where = (
            Sentence("", "")
            if self.scope == OVERALL
            else Sentence(f"“{self.scope}”内", f" in “{self.scope}”")
        )
        if self.kind == RANKS:
            return self._band(where)
        zh, en = ("前", "first") if self.kind == FIRST else ("后", "last")
        included = self.kind == LAST and self.tie == INCLUDE
        ties = Sentence("(含并列)", " (ties included)") if included else Sentence("", "")
        return Sentence(
            f"{where.zh}{zh} {self.low} 名{ties.zh}", f"among the {en} {self.low}{where.en}{ties.en}"
        )

    def _band(self, where: Sentence) -> Sentence:
        if self.high is None:
            return Sentence(f"{where.zh}第 {self.low} 名以后", f"rank {self.low} or after{where.en}")
        if self.high == self.low:
            return Sentence(f"{where.zh}第 {self.low} 名", f"rank {self.low}{where.en}")
        return Sentence(
            f"{where.zh}第 {self.low} 至 {self.high} 名", f"ranks {self.low} to {self.high}{where.en}"
        )
