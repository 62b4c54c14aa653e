"""Steps that rise with every period in a row."""

from dataclasses import dataclass
from typing import Any

from rules.fields import names
from rules.reading import Reader
from rules.sentences import Sentence
from rules.standing.chains import Walk, chain
from rules.standing.triggers.trigger import RESTART, STAY, Case, Earned, read_walk, walk_data
from rules.standing.when import When


@dataclass(frozen=True, slots=True)
class Ladder:
    """A further step each time in a row: warned, reported, transfer possible. After the last step it stays, or restarts."""

    walk: Walk
    steps: tuple[str, ...]
    beyond: str

    @classmethod
    def read(cls, reader: Reader) -> "Ladder":
        walk, steps = read_walk(reader, ladder=True), names(reader, "steps", needed=True)
        return cls(walk, steps, reader.choice("beyond", (STAY, RESTART), STAY))

    @property
    def whens(self) -> tuple[When, ...]:
        return (self.walk.when,)

    def to_data(self) -> dict[str, Any]:
        walk = walk_data(self.walk, ladder=True)
        return {"type": "ladder", **walk, "steps": list(self.steps), "beyond": self.beyond}

    def earned(self, case: Case) -> Earned | None:
        found = chain(case.records, self.walk)
        if not found:
            return None
        level, top = len(found), len(self.steps)
        step = self.steps[(level - 1) % top if self.beyond == RESTART else min(level, top) - 1]
        said, spans = self.walk.when.words(), tuple(record.period for record in found)
        zh, en = f"第 {level} 次{said.zh}", f"time {level} in a row: {said.en}"
        return Earned((step,), None, spans, Sentence(zh, en))

    def words(self) -> Sentence:
        said = self.walk.when.words()
        zh = f"{said.zh},逐次升级:{'、'.join(self.steps)}"
        return Sentence(zh, f"{said.en}, a step each time: {', '.join(self.steps)}")
