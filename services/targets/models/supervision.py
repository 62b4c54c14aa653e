from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as condition
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import JsonList, Moment, Versioned
from services.targets.models.schemes import PeriodRow, SchemeRow
from services.targets.tables import Base


class ReminderRow(Versioned, Base):
    """`stage` is how long before `due_at` it was sent, or "hand"; a stage is sent once to a recipient."""

    __tablename__ = "reminder"

    cause: Mapped[str]
    stage: Mapped[str]
    recipient_kind: Mapped[str]
    recipient_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    scheme_id: Mapped[UUID] = mapped_column(ForeignKey(SchemeRow.id))
    period_id: Mapped[UUID] = mapped_column(ForeignKey(PeriodRow.id))
    campaign_id: Mapped[UUID | None]
    due_at: Mapped[Moment]
    missing: Mapped[int]
    target_ids: Mapped[JsonList]
    note: Mapped[str | None]
    sent_by: Mapped[UUID | None]
    sent_at: Mapped[Moment]
    settled_at: Mapped[Moment | None]

    __table_args__: Any = (
        CheckConstraint("recipient_kind IN ('unit', 'officer')", name="recipient_kind"),
        Index("ix_reminder_recipient_id", "recipient_id", "id"),
        Index("ix_reminder_unit_id", "unit_id", "id"),
        Index(
            "ix_reminder_open", "period_id", "recipient_id", postgresql_where=condition("settled_at IS NULL")
        ),
        Index(
            "ix_reminder_target_ids",
            "target_ids",
            postgresql_using="gin",
            postgresql_ops={"target_ids": "jsonb_path_ops"},
        ),
        Index(
            "uq_reminder_stage",
            "cause",
            "stage",
            "recipient_id",
            "period_id",
            "due_at",
            unique=True,
            postgresql_where=condition("stage <> 'hand'"),
        ),
    )


class SweepRow(Base):
    """Reminders of one stage before one deadline were sent: nothing is swept twice."""

    __tablename__ = "reminder_sweep"

    period_id: Mapped[UUID] = mapped_column(ForeignKey(PeriodRow.id), primary_key=True)
    due_at: Mapped[Moment] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[Moment]


class NoteRow(Versioned, Base):
    """督办单. `asked_at` is when the answer that is due now was asked for: of a returned note, when it was returned."""

    __tablename__ = "supervision_note"

    number: Mapped[str]
    issuer_unit_id: Mapped[UUID]
    issued_by: Mapped[UUID | None]
    issued_at: Mapped[Moment]
    addressee_unit_id: Mapped[UUID]
    about_kind: Mapped[str | None]
    about_id: Mapped[UUID | None]
    subject: Mapped[str]
    text: Mapped[str]
    answer_due: Mapped[Moment]
    asked_at: Mapped[Moment]
    status: Mapped[str]
    answer: Mapped[str | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[Moment | None]
    answered_late: Mapped[bool]
    decided_at: Mapped[Moment | None]
    decision_reason: Mapped[str | None]
    escalation: Mapped[int]
    escalated_to: Mapped[JsonList]
    signal: Mapped[str]
    worst_signal: Mapped[str]

    __table_args__: Any = (
        UniqueConstraint("number"),
        CheckConstraint("status IN ('issued', 'answered', 'returned', 'closed', 'withdrawn')", name="status"),
        CheckConstraint(
            "(about_kind IS NULL) = (about_id IS NULL) AND about_kind IN "
            "('target', 'period', 'indicator', 'campaign', 'submission')",
            name="about",
        ),
        CheckConstraint("signal IN ('none', 'yellow', 'orange', 'red')", name="signal"),
        CheckConstraint("worst_signal IN ('none', 'yellow', 'orange', 'red')", name="worst_signal"),
        Index("ix_supervision_note_addressee_unit_id", "addressee_unit_id", "id"),
        Index("ix_supervision_note_issuer_unit_id", "issuer_unit_id", "id"),
        Index("ix_supervision_note_about_id", "about_id"),
        Index(
            "ix_supervision_note_waiting",
            "answer_due",
            postgresql_where=condition("status IN ('issued', 'returned')"),
        ),
    )


class DigestRow(Versioned, Base):
    __tablename__ = "digest"

    recipient_kind: Mapped[str]
    recipient_id: Mapped[UUID]
    day: Mapped[date]
    unsent: Mapped[int]
    overdue: Mapped[int]
    unacknowledged: Mapped[int]
    unsplit: Mapped[int]
    notes_open: Mapped[int]
    notes_overdue: Mapped[int]
    next_due_at: Mapped[Moment | None]

    __table_args__: Any = (
        UniqueConstraint("day", "recipient_id"),
        Index("ix_digest_recipient_id", "recipient_id", "day"),
    )
