"""So many periods running."""

from dataclasses import dataclass
from typing import Any

from rules.fields import names, whole
from rules.reading import Reader
from rules.sentences import Sentence
from rules.standing.chains import Walk, chain
from rules.standing.triggers.trigger import EACH, RESTART, Case, Earned, read_walk, walk_data
from rules.standing.when import When


@dataclass(frozen=True, slots=True)
class Run:
    """So many periods running. `again`: every further period of the run brings it again, or the count starts over."""

    walk: Walk
    periods: int
    gives: tuple[str, ...]
    again: str

    @classmethod
    def read(cls, reader: Reader) -> "Run":
        walk, periods = read_walk(reader), whole(reader, "periods", least=2)
        return cls(
            walk, periods, names(reader, "gives", needed=True), reader.choice("again", (EACH, RESTART), EACH)
        )

    @property
    def whens(self) -> tuple[When, ...]:
        return (self.walk.when,)

    def to_data(self) -> dict[str, Any]:
        data = {"type": "run", **walk_data(self.walk), "periods": self.periods}
        return data | {"gives": list(self.gives), "again": self.again}

    def earned(self, case: Case) -> Earned | None:
        found = chain(case.records, self.walk)
        length = len(found)
        if length < self.periods or (self.again == RESTART and length % self.periods):
            return None
        last = tuple(record.period for record in found[-self.periods :])
        keys = "、".join(span.key for span in last)
        said = self.walk.when.words()
        zh, en = f"连续 {length} 期{said.zh}({keys})", f"{length} periods running {said.en} ({keys})"
        return Earned(self.gives, None, last, Sentence(zh, en))

    def words(self) -> Sentence:
        said = self.walk.when.words()
        zh = f"连续 {self.periods} 期{said.zh}:{'、'.join(self.gives)}"
        return Sentence(zh, f"{self.periods} periods running {said.en}: {', '.join(self.gives)}")
