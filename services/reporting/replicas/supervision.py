"""Late applications, reminders and supervision notes, as `targets` told of them."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from contracts import deadlines, supervision
from contracts.envelope import Event
from kernel.db.columns import JsonList, Moment
from kernel.delivery.replicas import Replica
from services.reporting.tables import Base


class LateApplicationReplica(Replica, Base):
    __tablename__ = "late_application"
    event: ClassVar[type[Event]] = deadlines.LateApplication

    period_id: Mapped[UUID]
    target_id: Mapped[UUID]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    status: Mapped[str]


class CampaignReplica(Replica, Base):
    __tablename__ = "campaign"
    event: ClassVar[type[Event]] = deadlines.Campaign

    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    cutoff_at: Mapped[Moment]
    indicator_ids: Mapped[JsonList]
    unit_ids: Mapped[JsonList]
    status: Mapped[str]


class ReminderReplica(Replica, Base):
    __tablename__ = "reminder"
    __table_args__ = (Index("ix_reminder_period_id", "period_id", "unit_id"),)
    event: ClassVar[type[Event]] = supervision.Reminder

    cause: Mapped[str]
    stage: Mapped[str]
    recipient_kind: Mapped[str]
    recipient_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    period_id: Mapped[UUID]
    due_at: Mapped[Moment]
    missing: Mapped[int]
    sent_at: Mapped[Moment]
    settled_at: Mapped[Moment | None]


class SupervisionNoteReplica(Replica, Base):
    __tablename__ = "supervision_note"
    __table_args__ = (Index("ix_supervision_note_addressee_unit_id", "addressee_unit_id", "issued_at"),)
    event: ClassVar[type[Event]] = supervision.SupervisionNote

    number: Mapped[str]
    issuer_unit_id: Mapped[UUID]
    issued_at: Mapped[Moment]
    addressee_unit_id: Mapped[UUID]
    about_kind: Mapped[str | None]
    about_id: Mapped[UUID | None]
    subject: Mapped[str]
    answer_due: Mapped[Moment]
    status: Mapped[str]
    answered_at: Mapped[Moment | None]
    answered_late: Mapped[bool]
    escalation: Mapped[int]
    signal: Mapped[str]
    worst_signal: Mapped[str]
