"""What `targets` tells of time: working days, campaigns with a deadline of their own, extensions, late applications.

Until when work for a target is taken follows from three things that every consumer keeps: the cut-off of the period, or of
the campaign that the indicator belongs to in that period; and the latest extension that covers the target.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.envelope import Event
from contracts.org import SubjectKind
from contracts.targets import STREAM


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class LateStatus(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ExceptionalDay(BaseModel):
    """A day on which the week's rule does not hold: `working` on a worked weekend, else a weekday off."""

    model_config = ConfigDict(frozen=True)

    day: date
    working: bool
    name: str


class WorkingDays(Event):
    """The official arrangement of one calendar year. Where a year has none yet, Monday to Friday are taken as working days."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "targets.working_days.v1"

    year: int
    days: tuple[ExceptionalDay, ...]
    source: str  # the notice that arranges them


class Campaign(Event):
    """专项行动: some indicators of a scheme with a deadline and a pool of points of their own.

    Its work counts in `period_id`. An event belongs to it when `starts_on <= event date <= ends_on`; for its indicators
    `cutoff_at` stands in the place of the period's. `unit_ids`: the units that take part, with all below; empty: everybody.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "targets.campaign.v1"

    scheme_id: UUID
    period_id: UUID
    code: str
    name: str
    starts_on: date
    ends_on: date
    cutoff_at: datetime
    pool: Decimal
    indicator_ids: tuple[UUID, ...]
    unit_ids: tuple[UUID, ...]
    status: CampaignStatus
    reason: str | None  # of the last extension or of closing it


class Extension(Event):
    """Work may be sent until `until`, for all that is said of the target: each of the ids that is given narrows it down.

    `unit_id` means targets carried in its subtree. It never shortens a deadline. `late`: granted on a late application, the
    work is marked as late. `revoked`: it no longer holds.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "targets.extension.v1"

    scheme_id: UUID
    period_id: UUID
    campaign_id: UUID | None
    unit_id: UUID | None
    indicator_id: UUID | None
    target_id: UUID | None
    until: datetime
    reason: str
    late: bool
    granted_by: UUID | None  # officer
    granted_at: datetime
    revoked: bool


class LateApplication(Event):
    """补报申请: somebody asks to send work for a target after its cut-off; granted, there is an extension for that target."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "targets.late_application.v1"

    scheme_id: UUID
    period_id: UUID
    target_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    unit_id: UUID  # that carries the target
    deciding_unit_id: UUID  # whose assessment office decides
    asked_by: UUID  # officer
    asked_at: datetime
    reason: str
    status: LateStatus
    until: datetime | None
    decided_by: UUID | None  # officer
    decided_at: datetime | None
    decision_reason: str | None
