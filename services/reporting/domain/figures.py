"""Figures of subjects, of one period or of several."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from rules.rounding import half_up


class SpanKind(StrEnum):
    """How long a stretch a board is of; each ends with the period that is asked for."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    CAMPAIGN = "campaign"


class Combine(StrEnum):
    """How the months of a longer stretch become one figure."""

    MEAN = "mean"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Member:
    """A unit or an officer as it is listed; `path` is a unit's place in the tree."""

    id: UUID
    code: str
    name: str
    series_id: UUID | None
    path: str = ""
    level: int = 0
    status: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A subject's figures; thousandths. `periods`: of how many months they are."""

    subject_id: UUID
    unit_id: UUID
    total_milli: int
    modules: Mapping[str, int]
    entries: int
    periods: int = 1


@dataclass(frozen=True, slots=True)
class Month:
    """What tells which months belong together."""

    id: UUID
    code: str
    year: int
    quarter: int
    month: int
    starts_on: date


def stretch(months: Sequence[Month], last: Month, span: SpanKind) -> list[Month]:
    """The months of the span up to and with `last`, in order; the whole scheme for a campaign."""
    until = [
        month for month in sorted(months, key=lambda m: m.starts_on) if month.starts_on <= last.starts_on
    ]
    match span:
        case SpanKind.MONTH:
            return [last]
        case SpanKind.QUARTER:
            return [m for m in until if (m.year, m.quarter) == (last.year, last.quarter)]
        case SpanKind.HALF:
            half = (last.quarter + 1) // 2
            return [m for m in until if m.year == last.year and (m.quarter + 1) // 2 == half]
        case SpanKind.YEAR:
            return [m for m in until if m.year == last.year]
        case _:
            return until


def combined(found: Sequence[Mapping[UUID, Score]], how: Combine) -> dict[UUID, Score]:
    """Months as one figure, rounded half up to a thousandth. A month without a figure is left out: missing is not zero."""
    if len(found) == 1:
        return dict(found[0])
    grouped: dict[UUID, list[Score]] = {}
    for month in found:
        for subject, score in month.items():
            grouped.setdefault(subject, []).append(score)
    return {subject: _one(scores, how) for subject, scores in grouped.items()}


def _one(scores: Sequence[Score], how: Combine) -> Score:
    parts = len(scores) if how is Combine.MEAN else 1
    codes = {code for score in scores for code in score.modules}
    return Score(
        scores[-1].subject_id,
        scores[-1].unit_id,
        _share([score.total_milli for score in scores], parts),
        {code: _share([score.modules.get(code, 0) for score in scores], parts) for code in sorted(codes)},
        sum(score.entries for score in scores),
        len(scores),
    )


def _share(values: Sequence[int], parts: int) -> int:
    return int(half_up(Fraction(sum(values), parts), 0))


def mean_of(milli: Collection[int]) -> int | None:
    """The mean in thousandths, half up; of nobody there is none."""
    return int(half_up(Fraction(sum(milli), len(milli)), 0)) if milli else None
