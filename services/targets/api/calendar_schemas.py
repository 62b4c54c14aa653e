"""Working days, campaigns, extensions and late applications as the API speaks of them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from contracts.deadlines import CampaignStatus, LateStatus
from contracts.org import SubjectKind
from kernel.web.text import Code, Line, Name, Note, OptionalLine
from services.targets.actions.campaigning import Campaign
from services.targets.api.schemas import Body, Marks, Version
from services.targets.domain.calendar import FIRST_YEAR, LAST_YEAR
from services.targets.domain.quantity import trimmed
from services.targets.models import CampaignRow, ExtensionRow, LateApplicationRow, WorkingDaysRow

_EARLIEST, _LATEST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR, 12, 31, tzinfo=UTC)
Moment = Annotated[AwareDatetime, Field(ge=_EARLIEST, le=_LATEST)]
Day = Annotated[date, Field(ge=date(FIRST_YEAR, 1, 1), le=date(LAST_YEAR, 12, 31))]


class DayBody(Body):
    """`working` is true on a worked weekend, false on a weekday off."""

    day: Day
    working: bool
    name: OptionalLine = ""


class YearBody(Body):
    """The exceptional days of a year; `source` names the notice that arranges them."""

    source: Line
    days: Annotated[list[DayBody], Field(max_length=120)]


class DayOut(BaseModel):
    day: date
    working: bool
    name: str


class YearOut(BaseModel):
    year: int
    version: int
    source: str
    days: list[DayOut]

    @classmethod
    def of(cls, row: WorkingDaysRow) -> Self:
        return cls(
            year=row.year,
            version=row.version,
            source=row.source,
            days=[DayOut.model_validate(day) for day in row.days],
        )


class YearsOut(BaseModel):
    years: list[YearOut]


class CampaignFields(Body):
    """`unit_ids`: who takes part, with all below; empty: the whole scope. `pool`: the points that it may give in all."""

    period_id: UUID
    name: Name
    starts_on: Day
    ends_on: Day
    cutoff_at: Moment
    pool: Marks
    indicator_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    unit_ids: Annotated[list[UUID], Field(max_length=2000, default_factory=list)]

    def said(self) -> Campaign:
        return Campaign(**{name: getattr(self, name) for name in CampaignFields.model_fields})


class CampaignBody(CampaignFields):
    code: Code


class CampaignChange(CampaignFields):
    version: Version


class ExtendBody(Body):
    cutoff_at: Moment
    reason: Note


class OverlapOut(BaseModel):
    """Another campaign that meets this one in days and people, or in an indicator."""

    id: UUID
    code: str
    name: str
    starts_on: date
    ends_on: date


class CampaignOut(BaseModel):
    """`full_marks` is what its indicators are worth; above `pool` they are worth more than it may give."""

    id: UUID
    version: int
    scheme_id: UUID
    period_id: UUID
    code: str
    name: str
    starts_on: date
    ends_on: date
    cutoff_at: datetime
    pool: Decimal
    indicator_ids: list[UUID]
    unit_ids: list[UUID]
    status: CampaignStatus
    reason: str | None
    full_marks: Decimal
    above_pool: bool
    overlaps: list[OverlapOut]

    @classmethod
    def of(cls, row: CampaignRow, *, full_marks: Decimal, overlaps: list[Any]) -> Self:
        told = {"full_marks", "above_pool", "overlaps", "pool"}
        return cls(
            **{name: getattr(row, name) for name in set(cls.model_fields) - told},
            pool=trimmed(row.pool),
            full_marks=trimmed(full_marks),
            above_pool=full_marks > row.pool,
            overlaps=[OverlapOut.model_validate(pool, from_attributes=True) for pool in overlaps],
        )


class ExtensionBody(Body):
    """Each id that is given narrows down for what the deadline is later; `unit_id` with all below."""

    period_id: UUID
    campaign_id: UUID | None = None
    unit_id: UUID | None = None
    indicator_id: UUID | None = None
    until: Moment
    reason: Note


class ExtensionOut(BaseModel):
    id: UUID
    version: int
    scheme_id: UUID
    period_id: UUID
    campaign_id: UUID | None
    unit_id: UUID | None
    indicator_id: UUID | None
    target_id: UUID | None
    until: datetime
    reason: str
    late: bool
    granted_by: UUID | None
    granted_at: datetime
    revoked: bool

    @classmethod
    def of(cls, row: ExtensionRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class AskLateBody(Body):
    """`until`: how long one would need; the office may give another day."""

    reason: Note
    until: Moment | None = None


class DecideLateBody(Body):
    granted: bool
    until: Moment | None = None
    reason: Note


class LateOut(BaseModel):
    id: UUID
    version: int
    scheme_id: UUID
    period_id: UUID
    target_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID
    deciding_unit_id: UUID
    asked_by: UUID
    asked_at: datetime
    reason: str
    status: LateStatus
    until: datetime | None
    decided_by: UUID | None
    decided_at: datetime | None
    decision_reason: str | None

    @classmethod
    def of(cls, row: LateApplicationRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class DeadlineOut(BaseModel):
    """Until when work for a target is taken: `cutoff_at` of its period or campaign, `open_until` with extensions."""

    target_id: UUID
    campaign_id: UUID | None
    cutoff_at: datetime
    open_until: datetime
