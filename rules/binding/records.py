"""What the platform recorded of one subject, before a plan makes figures of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TypeVar

from rules.binding.people import Person
from rules.facts import State
from rules.plan.facts import Deed

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of accepted work; its id makes it the same event wherever it is met."""

    id: str
    quantity: Fraction
    day: date


@dataclass(frozen=True, slots=True)
class Award:
    """A bonus or a penalty: its deed, with the category as the kind and the points of the whole deed as its marks."""

    kind: str
    deed: Deed


@dataclass(frozen=True, slots=True)
class Absence:
    """One kind of attendance on one day; `quantity` in the unit of its kind."""

    id: str
    kind: str
    day: date
    quantity: Fraction


@dataclass(frozen=True, slots=True)
class Record:
    """Live targets and accepted work by indicator code; readings by name; what the period before carries over, and what appeals add, by node.

    `person` is who it is, for figures about himself. Work, awards and attendance may reach back beyond the period, for plans in which events stay valid for longer.
    """

    goals: Mapping[str, Fraction] = field(default_factory=dict)
    work: Mapping[str, tuple[Work, ...]] = field(default_factory=dict)
    readings: Mapping[str, Fraction | State] = field(default_factory=dict)
    awards: tuple[Award, ...] = ()
    attendance: tuple[Absence, ...] = ()
    carried: Mapping[str, Fraction] = field(default_factory=dict)
    corrected: Mapping[str, Fraction] = field(default_factory=dict)
    person: Person | None = None

    def once(self) -> "Record":
        """Without what was told twice: the same piece of work, award or absence is one, however often it comes."""
        return replace(
            self,
            work={code: _once(items, lambda item: item.id) for code, items in self.work.items()},
            awards=_once(self.awards, lambda award: award.deed.id),
            attendance=_once(self.attendance, lambda item: item.id),
        )


def _once(items: tuple[Item, ...], identity: Callable[[Item], str]) -> tuple[Item, ...]:
    return items if len({identity(item) for item in items}) == len(items) else tuple(dict.fromkeys(items))
