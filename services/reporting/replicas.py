"""Everything that boards, progress and tables are made of: copies of what the others said."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from contracts import org, scoring, submissions, targets
from contracts.envelope import Event
from kernel.db.columns import JsonList, Moment, Quantity
from kernel.delivery.replicas import Replica
from services.reporting.tables import Base


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


class SeriesReplica(Replica, Base):
    __tablename__ = "series"
    event: ClassVar[type[Event]] = org.Series

    code: Mapped[str]
    name: Mapped[str]
    subject_kind: Mapped[str]


class OfficerReplica(Replica, Base):
    __tablename__ = "officer"
    __table_args__ = (Index("ix_officer_series_id", "series_id"),)
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
    is_primary: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool]


class SessionReplica(Replica, Base):
    __tablename__ = "session"
    event: ClassVar[type[Event]] = org.Session

    account_id: Mapped[UUID]
    revoked_at: Mapped[Moment] = mapped_column(index=True)


class SchemeReplica(Replica, Base):
    __tablename__ = "scheme"
    event: ClassVar[type[Event]] = targets.Scheme

    code: Mapped[str]
    name: Mapped[str]
    year: Mapped[int]
    status: Mapped[str]
    modules: Mapped[JsonList]


class IndicatorReplica(Replica, Base):
    __tablename__ = "indicator"
    event: ClassVar[type[Event]] = targets.Indicator

    scheme_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    module: Mapped[str]
    line: Mapped[str]
    unit_of_measure: Mapped[str]


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
        Index("ix_target_period_id", "period_id", "unit_id"),
        Index("ix_target_parent_id", "parent_id"),
        Index("ix_target_subject_id", "subject_id"),
    )
    event: ClassVar[type[Event]] = targets.Target

    indicator_id: Mapped[UUID]
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    quantity: Mapped[Quantity]
    parent_id: Mapped[UUID | None]
    unit_id: Mapped[UUID]
    status: Mapped[str]


class SubmissionReplica(Replica, Base):
    __tablename__ = "submission"
    __table_args__ = (
        Index("ix_submission_period_id", "period_id", "unit_id"),
        Index("ix_submission_target_id", "target_id"),
        Index("ix_submission_subject_id", "subject_id", "period_id"),
    )
    event: ClassVar[type[Event]] = submissions.Submission

    number: Mapped[str]
    period_id: Mapped[UUID]
    indicator_id: Mapped[UUID]
    target_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    event_date: Mapped[date]
    quantity: Mapped[Quantity]
    accepted_quantity: Mapped[Quantity | None]
    summary: Mapped[str]
    case_number: Mapped[str | None]
    evidence: Mapped[JsonList]
    status: Mapped[str]
    submitted_at: Mapped[Moment | None]
    decided_at: Mapped[Moment | None]
    decision_reason: Mapped[str | None]
    decision_clause: Mapped[str | None]
    notice_number: Mapped[str | None]


class EntryReplica(Replica, Base):
    __tablename__ = "entry"
    __table_args__ = (
        Index("ix_entry_subject_id", "subject_id", "period_id", "seq"),
        Index("ix_entry_period_id", "period_id"),
    )
    event: ClassVar[type[Event]] = scoring.Entry

    seq: Mapped[int] = mapped_column(BigInteger)
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    module: Mapped[str]
    indicator_id: Mapped[UUID | None]
    kind: Mapped[str]
    points_milli: Mapped[int]
    submission_id: Mapped[UUID | None]
    award_id: Mapped[UUID | None]
    reason_zh: Mapped[str]
    reason_en: Mapped[str]
    occurred_on: Mapped[date]


class StatementReplica(Replica, Base):
    __tablename__ = "statement"
    __table_args__ = (
        Index("ix_statement_period_id", "period_id", "subject_kind", "total_milli"),
        Index("ix_statement_subject_id", "subject_id", "period_id"),
    )
    event: ClassVar[type[Event]] = scoring.Statement

    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    modules: Mapped[JsonList]
    entries: Mapped[int]
    entries_milli: Mapped[int]
    own_milli: Mapped[int]
    members_milli: Mapped[int | None]
    members: Mapped[int]
    total_milli: Mapped[int]


REPLICAS: tuple[type[Replica], ...] = (
    UnitReplica,
    SeriesReplica,
    OfficerReplica,
    PostingReplica,
    SessionReplica,
    SchemeReplica,
    IndicatorReplica,
    PeriodReplica,
    TargetReplica,
    SubmissionReplica,
    EntryReplica,
    StatementReplica,
)
