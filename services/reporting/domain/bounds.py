"""What open appeals could still change: worked out by the rules, from the least to the most that each can bring.

Method: each work under appeal counts either as it was decided or as it was claimed; the rule is evaluated for every such
combination, and module limits and weights are applied to the lowest and the highest. An appeal never makes it worse, so
nobody can fall below what stands now. Exact for rules that go up (or down) with the quantity; a rule that does both could
give more for a part than for the whole, which is not looked at. Above `MOST` works only all, none and each alone are tried.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID

import rules
from rules.totals import MILLI, Scheme, module_points, own_total
from services.reporting.domain.figures import Score

MOST = 6


@dataclass(frozen=True, slots=True)
class Work:
    """A submission that counts, or could: `counted` is what was decided, `claimed` what was asked for."""

    id: UUID
    event_date: str
    counted: Decimal
    claimed: Decimal
    disputed: bool


@dataclass(frozen=True, slots=True)
class Case:
    """All that a subject has under one indicator with something in dispute."""

    module: str
    rule: Mapping[str, Any]
    target: Decimal | None
    works: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Thousandths; `exact` is False where not every combination was tried."""

    low: int
    high: int
    exact: bool = True


def between(now: Range, then: Range) -> Range:
    """What was gained since then, when both can still move: least from the worst now and the best then."""
    return Range(now.low - then.high, now.high - then.low, now.exact and then.exact)


@dataclass(frozen=True, slots=True)
class Gains:
    """What a month of a subject can still win, in thousandths: its total, and each module."""

    total: int
    modules: Mapping[str, int]
    exact: bool = True

    def on(self, score: Score) -> Score:
        """The month's figures if everything were won."""
        codes = score.modules.keys() | self.modules.keys()
        modules = {code: score.modules.get(code, 0) + self.modules.get(code, 0) for code in codes}
        return replace(score, total_milli=score.total_milli + self.total, modules=modules)


def gains(scheme: Scheme, entries: Mapping[str, int], cases: Sequence[Case]) -> Gains:
    """The most that the appeals can bring. `entries`: posted thousandths by module."""
    exact, high = True, dict(entries)
    for case in cases:
        values = [_points(case, chosen) for chosen in _choices(case)]
        exact = exact and sum(work.disputed for work in case.works) <= MOST
        high[case.module] = high.get(case.module, 0) + max(values) - values[0]
    before, after = module_points(scheme, entries), module_points(scheme, high)
    modules = {code: value - before.get(code, 0) for code, value in after.items()}
    return Gains(max(0, own_total(scheme, after) - own_total(scheme, before)), modules, exact)


def _choices(case: Case) -> Iterator[tuple[bool, ...]]:
    """For each disputed work whether it counts as claimed; as decided first."""
    count = sum(work.disputed for work in case.works)
    if count <= MOST:
        yield from product((False, True), repeat=count)
        return
    yield (False,) * count
    yield (True,) * count
    for alone in range(count):
        yield tuple(number == alone for number in range(count))


def _points(case: Case, claimed: Sequence[bool]) -> int:
    chosen = iter(claimed)
    events = []
    for work in case.works:
        quantity = work.claimed if work.disputed and next(chosen) else work.counted
        if quantity > 0:
            events.append(rules.Event(str(work.id), quantity, work.event_date))
    facts = rules.Facts(target=case.target, baseline=None, events=tuple(events))
    value = rules.evaluate(rules.parse(dict(case.rule)), facts).value
    return 0 if value is None else int(rules.half_up(value * MILLI, 0))


def place_ranges(
    now: Mapping[UUID, int], ranges: Mapping[UUID, Range], *, lower_is_better: bool = False
) -> "Places":
    """The best and the worst place of each, when everybody else's appeals go any way they can."""
    sign = -1 if lower_is_better else 1
    spans = {subject: ranges.get(subject, Range(milli, milli)) for subject, milli in now.items()}
    ends = {s: sorted((sign * r.low, sign * r.high)) for s, r in spans.items()}
    return Places(
        {s: (e[0], e[1]) for s, e in ends.items()},
        sorted(e[0] for e in ends.values()),
        sorted(e[1] for e in ends.values()),
    )


@dataclass(frozen=True, slots=True)
class Places:
    """Asked for the few that are shown; competition ranks (1-2-2-4)."""

    ends: Mapping[UUID, tuple[int, int]]
    lows: Sequence[int]
    highs: Sequence[int]

    def of(self, subject: UUID) -> tuple[int, int]:
        """(best, worst): before him at best only those who are better even at their lowest, at worst all who could be."""
        low, high = self.ends[subject]
        surely = len(self.lows) - bisect_right(self.lows, high)
        maybe = len(self.highs) - bisect_right(self.highs, low)
        own = high > low  # his own highest end is among those above his lowest
        return surely + 1, maybe - own + 1

    def open(self) -> int:
        """How many totals can still move."""
        return sum(low != high for low, high in self.ends.values())

    def reaching(self, milli: int) -> int:
        """How many can still come to that figure or above."""
        return len(self.highs) - bisect_left(self.highs, milli)
