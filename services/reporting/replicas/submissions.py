"""Work and appeals, as `submissions` told of them."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from contracts import submissions
from contracts.envelope import Event
from kernel.db.columns import JsonList, Moment, Quantity
from kernel.delivery.replicas import Replica
from services.reporting.tables import Base


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
    late: Mapped[bool | None]
    submitted_by: Mapped[UUID | None]
    submitted_at: Mapped[Moment | None]
    authority_unit_id: Mapped[UUID | None]
    reviewer_id: Mapped[UUID | None]
    first_decided_by: Mapped[UUID | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[Moment | None]
    decision_reason: Mapped[str | None]
    decision_clause: Mapped[str | None]
    notice_number: Mapped[str | None]
    appeal_id: Mapped[UUID | None]


class AppealReplica(Replica, Base):
    __tablename__ = "appeal"
    __table_args__ = (Index("ix_appeal_submission_id", "submission_id"),)
    event: ClassVar[type[Event]] = submissions.Appeal

    number: Mapped[str]
    submission_id: Mapped[UUID]
    appellant_id: Mapped[UUID]
    grounds: Mapped[str]
    status: Mapped[str]
    filed_at: Mapped[Moment]
    file_until: Mapped[Moment]
    decide_until: Mapped[Moment]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[Moment | None]
    decision_reason: Mapped[str | None]
    accepted_quantity: Mapped[Quantity | None]
    level: Mapped[int] = mapped_column(server_default="1")
    clause: Mapped[str | None]
    before_quantity: Mapped[Quantity | None]
    clause_wrong: Mapped[bool] = mapped_column(server_default="false")
