"""What follows from rank, grade and earlier periods, for the unit or for who answers for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from rules.fields import inner, names
from rules.reading import Reader
from rules.sentences import Sentence
from rules.standing.persons import Persons
from rules.standing.triggers.bands import Bands
from rules.standing.triggers.count import Count
from rules.standing.triggers.ladder import Ladder
from rules.standing.triggers.once import Once
from rules.standing.triggers.payout import Payout
from rules.standing.triggers.run import Run
from rules.standing.triggers.trigger import Case, Earned, Trigger

_TRIGGERS: Mapping[str, Any] = {
    "once": Once.read,
    "bands": Bands.read,
    "run": Run.read,
    "ladder": Ladder.read,
    "count": Count.read,
    "payout": Payout.read,
}


@dataclass(frozen=True, slots=True)
class Given:
    """`to` is the subject, or a person who answers for it. `rule` is the place in the list of consequences."""

    rule: int
    to: str
    subject: str
    gives: tuple[str, ...]
    amount: Fraction | None
    why: Sentence


@dataclass(frozen=True, slots=True)
class Spared:
    """On whom it does not fall, and why."""

    rule: int
    person: str
    subject: str
    gives: tuple[str, ...]
    why: Sentence


@dataclass(frozen=True, slots=True)
class Consequence:
    """`persons` None: it is the subject's own. `replaces` are lighter ones that are not given besides."""

    trigger: Trigger
    persons: Persons | None
    replaces: tuple[str, ...]

    @classmethod
    def read(cls, reader: Reader) -> "Consequence | None":
        kind = reader.data.get("type")
        if not isinstance(kind, str) or kind not in _TRIGGERS:
            kinds = tuple(_TRIGGERS)
            zh, en = f"类型应为:{'、'.join(kinds)}", f"the type must be one of {', '.join(kinds)}"
            reader.refuse("type", "type-unknown", zh, en)
            return None
        trigger: Trigger = _TRIGGERS[kind](reader)
        persons = inner(reader, "persons")
        found = cls(trigger, None if persons is None else Persons.read(persons), names(reader, "replaces"))
        reader.close()
        return found

    def to_data(self) -> dict[str, Any]:
        data = self.trigger.to_data()
        data |= {"persons": self.persons.to_data()} if self.persons is not None else {}
        return data | ({"replaces": list(self.replaces)} if self.replaces else {})

    def follow(self, rule: int, name: str, case: Case) -> tuple[list[Given], list[Spared]]:
        earned = self.trigger.earned(case)
        if earned is None:
            return [], []
        if self.persons is None:
            return [Given(rule, name, name, earned.gives, earned.amount, earned.why)], []
        return self._on_persons(rule, name, case, earned, self.persons)

    def _on_persons(
        self, rule: int, name: str, case: Case, earned: Earned, persons: Persons
    ) -> tuple[list[Given], list[Spared]]:
        """Money by the month is each person's own: a head who came in May has no pay for April."""
        given, spared = [], []
        for service in case.subject.persons:
            if not persons.concerned(service, earned.periods):
                continue
            why = persons.spared(service, earned.periods)
            own = self.trigger.earned(replace(case, subject=replace(case.subject, service=service)))
            if why is not None:
                spared.append(Spared(rule, service.who, name, earned.gives, why))
            elif own is not None:
                given.append(Given(rule, service.who, name, own.gives, own.amount, own.why))
        return given, spared

    def describe(self, language: str) -> str:
        said = self.trigger.words().say(language)
        if self.persons is not None:
            said += f"({self.persons.words().zh})" if language == "zh" else f" ({self.persons.words().en})"
        return said
