from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contracts.org import SubjectKind
from kernel.db.columns import JsonList, Moment, Versioned
from services.scoring.domain.closing import ClosingState, ObjectionState
from services.scoring.tables import Base

_STATUSES = ", ".join(f"'{status}'" for status in ClosingState)
_OBJECTIONS = ", ".join(f"'{state}'" for state in ObjectionState)
_SUBJECTS = ", ".join(f"'{kind}'" for kind in SubjectKind)


class ClosingRow(Versioned, Base):
    """The closing of a period; one a period, however often it is begun anew."""

    __tablename__ = "closing"
    __table_args__: Any = (
        UniqueConstraint("period_id"),
        CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        CheckConstraint("sealed_by IS NULL OR sealed_by <> approved_by", name="two_people"),
    )

    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    status: Mapped[str]
    begun_by: Mapped[UUID]
    begun_at: Mapped[Moment]
    trial_number: Mapped[int | None]
    public_from: Mapped[Moment | None]
    objections_until: Mapped[Moment | None]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[Moment | None]
    sealed_by: Mapped[UUID | None]
    sealed_at: Mapped[Moment | None]
    seal_number: Mapped[int | None]
    root_sha256: Mapped[str | None]
    withdrawal_reason: Mapped[str | None]


class ClosingStepRow(Base):
    """One step of a closing, who took it and why. Append-only."""

    __tablename__ = "closing_step"
    __table_args__: Any = (Index("ix_closing_step_period_id", "period_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    period_id: Mapped[UUID]
    at: Mapped[Moment]
    account_id: Mapped[UUID]
    actor: Mapped[str]
    action: Mapped[str]
    reason: Mapped[str | None]


class TrialRow(Base):
    """Everybody's figures at one moment, computed anew from the event logs and found equal to the ledger (or not)."""

    __tablename__ = "trial"

    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Moment]
    account_id: Mapped[UUID]
    seconds_milli: Mapped[int]
    subjects: Mapped[int]
    entries: Mapped[int]
    total_milli: Mapped[int]
    moved: Mapped[int]  # against the trial before; all at the first
    different: Mapped[int]  # from what the event logs say
    differences: Mapped[JsonList]  # the first hundred of them
    digest: Mapped[str]  # SHA-256 over the lines


class TrialLineRow(Base):
    """A subject's figure in a trial; beside it the one of the trial before and of the period before."""

    __tablename__ = "trial_line"
    __table_args__: Any = (
        CheckConstraint(f"subject_kind IN ({_SUBJECTS})", name="subject_kind"),
        Index("ix_trial_line_moved", "period_id", "number", "moved_milli", "subject_id"),
    )

    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    unit_id: Mapped[UUID]
    entries: Mapped[int]
    total_milli: Mapped[int] = mapped_column(BigInteger)
    last_milli: Mapped[int | None] = mapped_column(BigInteger)
    previous_milli: Mapped[int | None] = mapped_column(BigInteger)
    moved_milli: Mapped[int] = mapped_column(
        BigInteger
    )  # absolute; a line that is new moved by its whole figure


class ObjectionRow(Versioned, Base):
    """What somebody concerned says against a public figure, and the answer."""

    __tablename__ = "objection"
    __table_args__: Any = (
        CheckConstraint(f"state IN ({_OBJECTIONS})", name="state"),
        CheckConstraint(f"subject_kind IN ({_SUBJECTS})", name="subject_kind"),
        CheckConstraint("decided_by IS NULL OR decided_by <> raised_by", name="two_people"),
        Index("ix_objection_period_id", "period_id", "id"),
    )

    period_id: Mapped[UUID]
    trial_number: Mapped[int]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    text: Mapped[str]
    raised_by: Mapped[UUID]
    raised_at: Mapped[Moment]
    state: Mapped[str]
    answer: Mapped[str | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[Moment | None]
