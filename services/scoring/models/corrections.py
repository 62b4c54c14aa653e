from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import JsonList, Moment, Versioned
from services.scoring.domain.corrections import CorrectionState
from services.scoring.tables import Base

_STATUSES = ", ".join(f"'{state}'" for state in CorrectionState)


class CorrectionRow(Versioned, Base):
    """What is put right in a period that is sealed: proposed by one person, sealed as a supplement by another."""

    __tablename__ = "correction"
    __table_args__: Any = (
        CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        CheckConstraint(
            "decided_by IS NULL OR status = 'withdrawn' OR decided_by <> proposed_by", name="two_people"
        ),
        Index("ix_correction_period_id", "period_id", "id"),
        Index("uq_correction_proposed", "period_id", unique=True, postgresql_where="status = 'proposed'"),
    )

    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    status: Mapped[str]
    reason: Mapped[str]
    document_number: Mapped[str | None]
    lines: Mapped[JsonList]  # `domain.corrections.Line`, as it is hashed
    proposed_by: Mapped[UUID]
    proposer: Mapped[str]
    proposed_at: Mapped[Moment]
    decided_by: Mapped[UUID | None]  # who sealed it, or withdrew it
    decider: Mapped[str | None]
    decided_at: Mapped[Moment | None]
    seal_number: Mapped[int | None] = mapped_column(unique=True)
    settled_period_id: Mapped[
        UUID | None
    ]  # where the points are counted; None: the scheme has no open period left
    totals: Mapped[JsonList]  # of everybody concerned, before and after, once sealed
