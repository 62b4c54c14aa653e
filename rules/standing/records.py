"""What later periods need to know of a settled one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from rules.calendars.spans import Span


@dataclass(frozen=True, slots=True)
class Position:
    """A rank, and how many of the same list are strictly ahead and strictly behind.

    `behind` is None where the list is not whole: then nobody can be said to be among the last.
    """

    rank: int
    ahead: int
    behind: int | None
    of: int

    @classmethod
    def untied(cls, rank: int, of: int) -> "Position":
        return cls(rank, rank - 1, of - rank, of)


@dataclass(frozen=True, slots=True)
class Record:
    """One subject in one settled period; positions by scope. A position missing from it is not known."""

    period: Span
    year: str
    positions: Mapping[str, Position] = field(default_factory=dict)
    grade: str | None = None
    value: Fraction | None = None
