"""Who stands where: ranks by the stored totals, ties as ties, change since the last period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

S = TypeVar("S", bound=UUID)


class TieMethod(StrEnum):
    """1-2-2-4, 1-2-2-3, 1-2-3-4 (rules.md 2.2.9)."""

    COMPETITION = "competition"
    DENSE = "dense"
    ORDINAL = "ordinal"


@dataclass(frozen=True, slots=True)
class Rank:
    """`tied`: somebody else has the same total. `change`: places gained since the previous period, None if new."""

    rank: int
    tied: bool
    change: int | None


def rank(
    totals: Mapping[S, int], *, method: TieMethod = TieMethod.COMPETITION, lower_is_better: bool = False
) -> dict[S, int]:
    """Subject → rank by total (thousandths). Equal totals are ordered by id for ORDINAL only."""
    order = sorted(
        totals, key=lambda subject: (totals[subject] if lower_is_better else -totals[subject], subject)
    )
    ranks: dict[S, int] = {}
    distinct = 0
    for index, subject in enumerate(order):
        before = order[index - 1] if index else None
        same = before is not None and totals[before] == totals[subject]
        distinct += not same
        match method:
            case TieMethod.ORDINAL:
                ranks[subject] = index + 1
            case TieMethod.DENSE:
                ranks[subject] = distinct
            case _:
                ranks[subject] = ranks[before] if same and before is not None else index + 1
    return ranks


def ranked(
    totals: Mapping[S, int], previous: Mapping[S, int], *, method: TieMethod = TieMethod.COMPETITION
) -> dict[S, Rank]:
    """Ranks now, with the change against the ranks of the previous period's totals."""
    now, then = rank(totals, method=method), rank(previous, method=method)
    counts: dict[int, int] = {}
    for total in totals.values():
        counts[total] = counts.get(total, 0) + 1
    return {
        subject: Rank(place, counts[totals[subject]] > 1, then[subject] - place if subject in then else None)
        for subject, place in now.items()
    }


def share_of_best(total: int, totals: Sequence[int]) -> float:
    """The length of a bar, from 0 to 1; nothing below zero has one. For drawing only."""
    best = max(totals, default=0)
    return max(total, 0) / best if best > 0 else 0.0
