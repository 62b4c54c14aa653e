"""An officer's record as values."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.reporting.domain.versions import VersionKind


@dataclass(frozen=True, slots=True)
class MonthOf:
    """`state`: sealed, public or live. `rank`, `peers` and `grade` within the series; sealed ones only.

    `seal`: a receipt can be had.
    """

    period_id: UUID
    code: str
    total_milli: int
    state: VersionKind
    rank: int | None
    peers: int | None
    grade: str | None = None

    @property
    def seal(self) -> bool:
        return self.state is VersionKind.SEALED


@dataclass(frozen=True, slots=True)
class YearOf:
    """`mean_milli` over the months that have a figure, half up. `grade` once every month is sealed."""

    scheme_id: UUID
    scheme: str
    year: int
    months: tuple[MonthOf, ...]
    mean_milli: int
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """An honour or a penalty in the ledger; reversals stand as what they are."""

    kind: str
    occurred_on: date
    points_milli: int
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Followed:
    """A confirmed consequence, with its ground."""

    decision: str
    gives: tuple[str, ...]
    span: str
    why_zh: str
    why_en: str
    decided_on: date
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Record:
    officer_id: UUID
    name: str
    police_number: str
    unit: str
    post: str
    years: tuple[YearOf, ...]
    marks: tuple[Mark, ...]
    followed: tuple[Followed, ...]
