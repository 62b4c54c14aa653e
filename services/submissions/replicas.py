"""What the other services told us and the rules here need."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from contracts import deadlines, org, targets
from contracts.envelope import Event
from kernel.db.columns import Json, JsonList, Moment, Quantity
from kernel.delivery.recusals import DelegationCopy, RecusalCopy
from kernel.delivery.replicas import Replica
from services.submissions.tables import Base


class UnitReplica(Replica, Base):
    __tablename__ = "unit"
    __table_args__ = (
        Index("ix_unit_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
        Index("ix_unit_parent_id", "parent_id"),
    )
    event: ClassVar[type[Event]] = org.Unit

    code: Mapped[str]
    name: Mapped[str]
    level: Mapped[int]
    kind: Mapped[str]
    parent_id: Mapped[UUID | None]
    path: Mapped[str]
    series_id: Mapped[UUID | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class OfficerReplica(Replica, Base):
    __tablename__ = "officer"
    event: ClassVar[type[Event]] = org.Officer

    police_number: Mapped[str]
    name: Mapped[str]
    status: Mapped[str]


class PostingReplica(Replica, Base):
    __tablename__ = "posting"
    __table_args__ = (Index("ix_posting_officer_id", "officer_id"), Index("ix_posting_unit_id", "unit_id"))
    event: ClassVar[type[Event]] = org.Posting

    officer_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    kind: Mapped[str]
    is_primary: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool]


class AssessmentOfficeReplica(Replica, Base):
    __tablename__ = "assessment_office"
    event: ClassVar[type[Event]] = org.AssessmentOffice

    unit_id: Mapped[UUID]
    scope_unit_id: Mapped[UUID]
    covers: Mapped[JsonList]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool]


class LineAuthorityReplica(Replica, Base):
    __tablename__ = "line_authority"
    __table_args__ = (Index("ix_line_authority_line", "line"),)
    event: ClassVar[type[Event]] = org.LineAuthority

    scope_unit_id: Mapped[UUID]
    line: Mapped[str]
    unit_id: Mapped[UUID]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool]


class RecusalReplica(RecusalCopy, Base):
    pass


class DelegationReplica(DelegationCopy, Base):
    pass


class GrantReplica(Replica, Base):
    """To know whether anybody of a unit may review a work; what a principal may do, the token says."""

    __tablename__ = "role_grant"
    event: ClassVar[type[Event]] = org.Grant

    officer_id: Mapped[UUID | None]
    role: Mapped[str]
    scope_unit_id: Mapped[UUID]
    lines: Mapped[JsonList]
    status: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class SchemeReplica(Replica, Base):
    __tablename__ = "scheme"
    event: ClassVar[type[Event]] = targets.Scheme

    code: Mapped[str]
    name: Mapped[str]
    year: Mapped[int]
    scope_unit_id: Mapped[UUID]
    status: Mapped[str]
    plan: Mapped[Json | None] = mapped_column(deferred=True)


class IndicatorReplica(Replica, Base):
    __tablename__ = "indicator"
    event: ClassVar[type[Event]] = targets.Indicator

    scheme_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    module: Mapped[str]
    line: Mapped[str]
    subject_kind: Mapped[str]
    unit_of_measure: Mapped[str]
    evidence: Mapped[str]
    clause: Mapped[str]
    active: Mapped[bool]
    direction: Mapped[str]
    full_marks: Mapped[Quantity]
    revision: Mapped[int]
    rule: Mapped[Json] = mapped_column(deferred=True)


class PeriodReplica(Replica, Base):
    __tablename__ = "period"
    event: ClassVar[type[Event]] = targets.Period

    scheme_id: Mapped[UUID]
    code: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    cutoff_at: Mapped[Moment]
    review_until: Mapped[Moment]
    appeal_days: Mapped[int]
    status: Mapped[str]


class TargetReplica(Replica, Base):
    __tablename__ = "target"
    __table_args__ = (Index("ix_target_subject_id", "subject_id"), Index("ix_target_period_id", "period_id"))
    event: ClassVar[type[Event]] = targets.Target

    scheme_id: Mapped[UUID]
    indicator_id: Mapped[UUID]
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    status: Mapped[str]
    quantity: Mapped[Quantity]


class WorkingDaysReplica(Replica, Base):
    __tablename__ = "working_days"
    event: ClassVar[type[Event]] = deadlines.WorkingDays

    year: Mapped[int] = mapped_column(index=True)
    days: Mapped[JsonList]


class CampaignReplica(Replica, Base):
    __tablename__ = "campaign"
    __table_args__ = (Index("ix_campaign_period_id", "period_id"),)
    event: ClassVar[type[Event]] = deadlines.Campaign

    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    cutoff_at: Mapped[Moment]
    indicator_ids: Mapped[JsonList]
    unit_ids: Mapped[JsonList]
    status: Mapped[str]


class ExtensionReplica(Replica, Base):
    __tablename__ = "extension"
    __table_args__ = (Index("ix_extension_period_id", "period_id"),)
    event: ClassVar[type[Event]] = deadlines.Extension

    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    campaign_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    indicator_id: Mapped[UUID | None]
    target_id: Mapped[UUID | None]
    until: Mapped[Moment]
    late: Mapped[bool]
    revoked: Mapped[bool]


class SessionReplica(Replica, Base):
    __tablename__ = "session"
    event: ClassVar[type[Event]] = org.Session

    account_id: Mapped[UUID]
    revoked_at: Mapped[Moment] = mapped_column(index=True)


REPLICAS: tuple[type[Replica], ...] = (
    UnitReplica,
    OfficerReplica,
    PostingReplica,
    AssessmentOfficeReplica,
    LineAuthorityReplica,
    RecusalReplica,
    DelegationReplica,
    GrantReplica,
    SchemeReplica,
    IndicatorReplica,
    PeriodReplica,
    TargetReplica,
    WorkingDaysReplica,
    CampaignReplica,
    ExtensionReplica,
    SessionReplica,
)
