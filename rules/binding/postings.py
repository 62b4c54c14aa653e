"""Where somebody counts: by dated postings, and by what a plan says of transfers, secondments and loans.

"Staff on mission are counted with the host" (D3), a secondment leaves the personnel relation at home (C1): each plan says it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from rules.calendars.spans import Span
from rules.fields import inner, names
from rules.reading import Reader


class Counted(StrEnum):
    """With which unit an officer counts who served in several: the last or first day's, the longest, or each by days."""

    LAST_DAY = "last_day"
    FIRST_DAY = "first_day"
    LONGEST = "longest"
    SPLIT = "split"


class Away(StrEnum):
    """Days of a secondment, loan or task detail: with the own unit, with the host, or shared out whatever else holds."""

    HOME = "home"
    HOST = "host"
    SPLIT = "split"


class Merged(StrEnum):
    """What becomes of a unit that was merged within the period, and of the one that took it over."""

    SEPARATE = "separate"  # each is ranked with what it has itself
    BY_MONTHS = "by_months"  # the one that goes on has the mean of both, weighted by whole months; the other has no rank
    EXCLUDED = "excluded"  # the one that ended has no rank, and the other only what it has itself


AWAY_KINDS = ("secondment", "loan", "task_detail")


@dataclass(frozen=True, slots=True)
class Stint:
    """A posting: both days included; no `until`: still there."""

    unit: str
    kind: str
    post: str
    coefficient: Fraction
    primary: bool
    since: date
    until: date | None = None

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class People:
    """`away` by kind of posting; a kind that is not named stays at home. `heads`: posts whose holders answer for their unit.
    `merged`: how units count that were merged into another within the period.
    """

    counted: Counted = Counted.LAST_DAY
    away: Mapping[str, Away] = field(default_factory=dict)
    heads: frozenset[str] = frozenset()
    merged: Merged = Merged.SEPARATE

    @classmethod
    def read(cls, reader: Reader) -> "People":
        """Under `people`; without it, the last day's unit counts, and secondments stay at home."""
        item = inner(reader, "people")
        if item is None:
            return cls()
        away = inner(item, "away")
        ways = (
            {}
            if away is None
            else {k: Away(away.choice(k, tuple(Away), Away.HOME)) for k in AWAY_KINDS if k in away.data}
        )
        found = cls(
            Counted(item.choice("counted", tuple(Counted), Counted.LAST_DAY)),
            ways,
            frozenset(names(item, "heads")),
            Merged(item.choice("merged", tuple(Merged), Merged.SEPARATE)),
        )
        if away is not None:
            away.close()
        item.close()
        return found

    def unit_on(self, stints: Sequence[Stint], day: date) -> str | None:
        """The unit that a deed of the day counts for: the host's if the plan says so, else that of the main posting."""
        lent = self._lent(stints, day)
        return lent.unit if lent is not None else main_unit(stints, day)

    def shares(self, stints: Sequence[Stint], span: Span) -> dict[str, int]:
        """Unit → days of the period with a posting. One unit unless something is split; no day before the first posting,
        after the last, or between two counts for anybody.
        """
        own: list[tuple[str, int]] = []
        found: dict[str, int] = {}
        for first, last in _stretches(stints, span):
            days = (last - first).days + 1
            lent, unit = self._lent(stints, first), self.unit_on(stints, first)
            if unit is None or not any(stint.on(first) for stint in stints):
                continue
            if lent is not None and self.away.get(lent.kind) is Away.SPLIT:
                found[unit] = found.get(unit, 0) + days
            else:
                own.append((unit, days))
        for unit, days in self._counted(own):
            found[unit] = found.get(unit, 0) + days
        return found

    def _lent(self, stints: Sequence[Stint], day: date) -> Stint | None:
        away = [s for s in stints if s.on(day) and self.away.get(s.kind, Away.HOME) is not Away.HOME]
        return max(away, key=lambda s: (s.since, s.unit), default=None)

    def _counted(self, own: list[tuple[str, int]]) -> list[tuple[str, int]]:
        if not own or self.counted is Counted.SPLIT:
            return own
        total = sum(days for _, days in own)
        if self.counted is Counted.LAST_DAY:
            return [(own[-1][0], total)]
        if self.counted is Counted.FIRST_DAY:
            return [(own[0][0], total)]
        sums: dict[str, int] = {}
        for unit, days in own:
            sums[unit] = sums.get(unit, 0) + days
        return [(max(sums, key=lambda unit: sums[unit]), total)]


def main_unit(stints: Iterable[Stint], day: date) -> str | None:
    """Of the primary posting on the day, or of the last one before it."""
    main = [s for s in stints if s.primary and s.since <= day]
    return max(main, key=lambda s: (s.since, s.unit)).unit if main else None


def _stretches(stints: Sequence[Stint], span: Span) -> list[tuple[date, date]]:
    """The period cut wherever a posting begins or ends."""
    cuts = {span.start} | {s.since for s in stints if s.since in span}
    cuts |= {
        s.until + timedelta(days=1)
        for s in stints
        if s.until is not None and s.until + timedelta(days=1) in span
    }
    starts = sorted(cuts)
    return [
        (first, (starts[number + 1] - timedelta(days=1)) if number + 1 < len(starts) else span.end)
        for number, first in enumerate(starts)
    ]
