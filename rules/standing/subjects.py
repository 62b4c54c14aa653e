"""What standing is worked out from: the totals, and what is known of the subjects besides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from rules.calendars.spans import Span
from rules.facts import State
from rules.standing.conditions import TOTAL
from rules.standing.grades import NOT_ABOVE, NOT_BELOW
from rules.standing.records import Record


class Outside(StrEnum):
    """Why a subject is listed without a rank though it may have a total (A1, D1 of the published schemes)."""

    EXEMPT = "exempt"
    OVERSIGHT = "oversight"
    NOT_ASSESSED = "not_assessed"
    HELD = "held"


class NoGrade(StrEnum):
    """Why a subject that takes part has no grade (C2, C4, C5, C10)."""

    COMMENT_ONLY = "comment_only"
    HELD = "held"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True, slots=True)
class Total:
    """The stored value of the total node, after its stated rounding; or why there is none.

    `figures` are values of other nodes by name, for tie-breaks and conditions.
    """

    value: Fraction | None
    state: State = State.SCORED
    figures: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bound:
    """A grade that the subject does not exceed, or does not fall below, from `since` to `until` (both days included).

    It holds for a period that has one of these days: a warning that has run out still bars the year it was in (C4).
    """

    kind: str
    grade: str
    reason: str
    ground: str = ""
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.kind not in {NOT_ABOVE, NOT_BELOW}:
            raise ValueError(f"a bound is {NOT_ABOVE} or {NOT_BELOW}")

    def touches(self, span: Span) -> bool:
        return (self.since is None or self.since <= span.end) and (
            self.until is None or span.start <= self.until
        )


@dataclass(frozen=True, slots=True)
class Service:
    """Who held a post, or was on the list, from when to when (both days included; no end: still there)."""

    who: str
    since: date
    until: date | None = None

    def covers(self, span: Span) -> bool:
        return self.since <= span.start and (self.until is None or span.end <= self.until)

    def touches(self, span: Span) -> bool:
        return self.since <= span.end and (self.until is None or span.start <= self.until)

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Placed:
    """Directly given a grade, with the ground for it (A1: first in the whole city)."""

    grade: str
    ground: str


@dataclass(frozen=True, slots=True)
class Ungraded:
    state: NoGrade
    reason: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A unit or a person. `groups` names its group in each scope, such as {"series": "stations"}.

    `marks` are facts that are known to hold or not; what is not in it is not known. `proposed` is the grade of schemes
    where a body decides and not a threshold. `persons` are those who answer for the unit.
    """

    groups: Mapping[str, str] = field(default_factory=dict)
    outside: Outside | None = None
    outside_reason: str = ""
    marks: Mapping[str, bool] = field(default_factory=dict)
    figures: Mapping[str, Fraction] = field(default_factory=dict)
    proposed: str | None = None
    placed: Placed | None = None
    ungraded: Ungraded | None = None
    bounds: tuple[Bound, ...] = ()
    persons: tuple[Service, ...] = ()
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The period, the subjects, and earlier periods.

    `announced` is how many subjects the list says it has, `complete_to` the last rank down to which it is whole; both by
    list, "overall" or "scope/group". `history` has the earlier periods of each subject, oldest first; anything else raises
    ValueError, since a run would be read wrongly.
    """

    period: Span
    year: str = ""
    subjects: Mapping[str, Subject] = field(default_factory=dict)
    announced: Mapping[str, int] = field(default_factory=dict)
    complete_to: Mapping[str, int] = field(default_factory=dict)
    history: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for subject, records in self.history.items():
            spans = [*(record.period for record in records), self.period]
            if any(one.end >= other.start for one, other in pairwise(spans)):
                raise ValueError(
                    f"the periods of {subject} are not one after another, before {self.period.key}"
                )

    def about(self, subject: str) -> Subject:
        return self.subjects.get(subject, _UNKNOWN)


_UNKNOWN = Subject()


def figures(subject: Subject, total: Total) -> dict[str, Fraction]:
    """Every figure of the subject by name; its total is called "total"."""
    found = {**subject.figures, **total.figures}
    return found if total.value is None else found | {TOTAL: total.value}
