"""So many periods, in a row or not."""

from dataclasses import dataclass
from typing import Any

from rules.fields import names, switch, whole
from rules.reading import Reader
from rules.sentences import Sentence
from rules.standing.chains import count
from rules.standing.triggers.trigger import Case, Earned, read_when
from rules.standing.when import When


@dataclass(frozen=True, slots=True)
class Count:
    """So many periods of a year, in a row or not; in the period in which the number is reached, and in each that adds."""

    when: When
    at_least: int
    within_year: bool
    gives: tuple[str, ...]

    @classmethod
    def read(cls, reader: Reader) -> "Count":
        when, at_least = read_when(reader), whole(reader, "at_least", least=1)
        return cls(
            when, at_least, switch(reader, "within_year", default=True), names(reader, "gives", needed=True)
        )

    @property
    def whens(self) -> tuple[When, ...]:
        return (self.when,)

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"type": "count", "when": self.when.to_data(), "at_least": self.at_least}
        return data | {"within_year": self.within_year, "gives": list(self.gives)}

    def earned(self, case: Case) -> Earned | None:
        found = count(case.records, self.when, within_year=self.within_year)
        if len(found) < self.at_least or found[-1] is not case.records[-1]:
            return None
        spans, said = tuple(record.period for record in found), self.when.words()
        keys = "、".join(span.key for span in spans)
        zh, en = f"累计 {len(found)} 期{said.zh}({keys})", f"{len(found)} periods in which {said.en} ({keys})"
        return Earned(self.gives, None, spans, Sentence(zh, en))

    def words(self) -> Sentence:
        said = self.when.words()
        among = Sentence("一年内", " of a year") if self.within_year else Sentence("", "")
        zh = f"{among.zh}累计 {self.at_least} 期{said.zh}:{'、'.join(self.gives)}"
        return Sentence(zh, f"{self.at_least} periods{among.en} in which {said.en}: {', '.join(self.gives)}")
