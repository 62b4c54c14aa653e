"""What the other services told us and scoring needs."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from contracts import org, submissions, targets
from contracts.envelope import Event
from kernel.db.columns import Json, JsonList, Moment, Quantity
from kernel.delivery.recusals import DelegationCopy, RecusalCopy
from kernel.delivery.replicas import Replica
from services.scoring.tables import Base


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
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    merged_into: Mapped[UUID | None]


class OfficerReplica(Replica, Base):
    __tablename__ = "officer"
    event: ClassVar[type[Event]] = org.Officer

    police_number: Mapped[str]
    name: Mapped[str]
    category: Mapped[str]
    status: Mapped[str]
    series_id: Mapped[UUID | None]


class PostingReplica(Replica, Base):
    __tablename__ = "posting"
    __table_args__ = (Index("ix_posting_officer_id", "officer_id"), Index("ix_posting_unit_id", "unit_id"))
    event: ClassVar[type[Event]] = org.Posting

    officer_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    kind: Mapped[str]
    post: Mapped[str]
    role_coefficient: Mapped[Quantity]
    is_primary: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool]


class RecusalReplica(RecusalCopy, Base):
    pass


class DelegationReplica(DelegationCopy, Base):
    pass


class SessionReplica(Replica, Base):
    __tablename__ = "session"
    event: ClassVar[type[Event]] = org.Session

    account_id: Mapped[UUID]
    revoked_at: Mapped[Moment] = mapped_column(index=True)


class SchemeReplica(Replica, Base):
    __tablename__ = "scheme"
    event: ClassVar[type[Event]] = targets.Scheme

    name: Mapped[str]
    scope_unit_id: Mapped[UUID]
    status: Mapped[str]
    revision: Mapped[int]
    modules: Mapped[JsonList]
    module_combination: Mapped[str]
    total_decimals: Mapped[int]
    roll_up: Mapped[Json]
    bonus_cap: Mapped[Decimal | None]
    deduction_cap: Mapped[Decimal | None]
    second_signature_above: Mapped[Decimal | None]
    plan: Mapped[Json | None]


class IndicatorReplica(Replica, Base):
    __tablename__ = "indicator"
    event: ClassVar[type[Event]] = targets.Indicator

    scheme_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    module: Mapped[str]
    line: Mapped[str]
    rule: Mapped[Json]
    revision: Mapped[int]


class PeriodReplica(Replica, Base):
    __tablename__ = "period"
    __table_args__ = (Index("ix_period_scheme_id", "scheme_id", "starts_on"),)
    event: ClassVar[type[Event]] = targets.Period

    scheme_id: Mapped[UUID]
    code: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    cutoff_at: Mapped[Moment]
    status: Mapped[str]


class TargetReplica(Replica, Base):
    __tablename__ = "target"
    __table_args__ = (
        Index("ix_target_subject_id", "subject_id", "indicator_id", "period_id"),
        Index("ix_target_period_id", "period_id"),
    )
    event: ClassVar[type[Event]] = targets.Target

    indicator_id: Mapped[UUID]
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    quantity: Mapped[Quantity]
    status: Mapped[str]


class SubmissionReplica(Replica, Base):
    __tablename__ = "submission"
    __table_args__ = (
        Index("ix_submission_key", "subject_id", "indicator_id", "period_id"),
        Index("ix_submission_indicator_id", "indicator_id", "period_id"),
        Index("ix_submission_period_id", "period_id"),
    )
    event: ClassVar[type[Event]] = submissions.Submission

    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    indicator_id: Mapped[UUID]
    target_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    event_date: Mapped[date]
    accepted_quantity: Mapped[Quantity | None]
    status: Mapped[str]
    decided_by: Mapped[UUID | None]


REPLICAS: tuple[type[Replica], ...] = (
    UnitReplica,
    OfficerReplica,
    PostingReplica,
    RecusalReplica,
    DelegationReplica,
    SessionReplica,
    SchemeReplica,
    IndicatorReplica,
    PeriodReplica,
    TargetReplica,
    SubmissionReplica,
)
