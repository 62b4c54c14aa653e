"""What a rule is applied to, and what comes out."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from rules.rounding import LEDGER_DECIMALS, half_up


class State(StrEnum):
    """Missing is not zero: five ways of having no points, and having them (rules.md 2.2.8)."""

    SCORED = "scored"
    NOT_APPLICABLE = "not_applicable"
    NOT_SUBMITTED = "not_submitted"
    NOT_ASSESSED = "not_assessed"
    ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Event:
    """One accepted contribution. `occurred_on` is its event date."""

    id: str
    quantity: Decimal
    occurred_on: date | str
    kind: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one subject, one indicator, one period. The actual figure is the sum of the events' quantities.

    `closed`: nothing can come any more, so that no events at all are a figure, zero, and not a missing one.
    """

    target: Decimal | None
    baseline: Decimal | None
    events: tuple[Event, ...]
    closed: bool = False

    def __post_init__(self) -> None:
        """An event that is told twice is one event."""
        if len(self.events) > 1 and len({event.id for event in self.events}) < len(self.events):
            object.__setattr__(self, "events", tuple(dict.fromkeys(self.events)))

    @property
    def missing(self) -> bool:
        return not self.events and not self.closed

    @property
    def actual(self) -> Fraction:
        return sum((Fraction(event.quantity) for event in self.events), Fraction(0))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the arithmetic, as a sentence with the values put in."""

    zh: str
    en: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Result:
    """`value` is exact; `points` is it, rounded half up to thousandths. Both None unless the state is SCORED."""

    value: Fraction | None
    state: State
    lines: tuple[Step, ...] = field(default_factory=tuple)

    @property
    def points(self) -> Decimal | None:
        return None if self.value is None else half_up(self.value, LEDGER_DECIMALS)


def scored(value: Fraction, zh: str, en: str, *before: Step) -> Result:
    return Result(value, State.SCORED, (*before, Step(zh, en, value)))


def without(state: State) -> Result:
    return Result(None, state)
