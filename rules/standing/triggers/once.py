"""Of the settled period alone."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.fields import names
from rules.reading import Reader, text
from rules.rounding import plain
from rules.sentences import Sentence
from rules.standing.triggers.trigger import Case, Earned, read_when
from rules.standing.when import When


@dataclass(frozen=True, slots=True)
class Once:
    """Of the settled period alone: first three, last three, a grade."""

    when: When
    gives: tuple[str, ...]
    amount: Decimal | None

    @classmethod
    def read(cls, reader: Reader) -> "Once":
        amount = reader.optional_number("amount")
        return cls(read_when(reader), names(reader, "gives", needed=amount is None), amount)

    @property
    def whens(self) -> tuple[When, ...]:
        return (self.when,)

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"type": "once", "when": self.when.to_data()}
        data |= {"gives": list(self.gives)} if self.gives else {}
        return data | ({"amount": text(self.amount)} if self.amount is not None else {})

    def earned(self, case: Case) -> Earned | None:
        if not self.when.holds(case.records[-1]):
            return None
        amount = None if self.amount is None else Fraction(self.amount)
        return Earned(self.gives, amount, (case.records[-1].period,), self.when.words())

    def words(self) -> Sentence:
        said = self.when.words()
        amount = [] if self.amount is None else [plain(self.amount)]
        gives = Sentence("、".join([*self.gives, *amount]), ", ".join([*self.gives, *amount]))
        return Sentence(f"{said.zh}:{gives.zh}", f"{said.en}: {gives.en}")
