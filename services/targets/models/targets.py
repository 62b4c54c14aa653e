from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Moment, Quantity, Versioned
from services.targets.domain.target import TargetState
from services.targets.models.indicators import IndicatorRow
from services.targets.models.schemes import PeriodRow, SchemeRow
from services.targets.tables import Base

_STATES = ", ".join(f"'{state}'" for state in TargetState)
_LISTED_BY = ("scheme_id", "period_id", "indicator_id", "subject_id", "unit_id", "parent_id")


class TargetRow(Versioned, Base):
    """`unit_id` carries the target: the subject itself, or the officer's unit when it was made."""

    __tablename__ = "target"

    scheme_id: Mapped[UUID] = mapped_column(ForeignKey(SchemeRow.id))
    indicator_id: Mapped[UUID] = mapped_column(ForeignKey(IndicatorRow.id))
    period_id: Mapped[UUID] = mapped_column(ForeignKey(PeriodRow.id))
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    quantity: Mapped[Quantity]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("target.id"))
    issuer_unit_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    status: Mapped[str]
    issued_at: Mapped[Moment | None]
    acknowledged_at: Mapped[Moment | None]
    acknowledged_by: Mapped[UUID | None]
    reason: Mapped[str | None]
    previous_quantity: Mapped[Quantity | None]
    refused_at: Mapped[Moment | None]
    refused_by: Mapped[UUID | None]
    refusal_reason: Mapped[str | None]
    refusal_answer: Mapped[str | None]
    orphaned_on: Mapped[date | None]

    __table_args__: Any = (
        CheckConstraint(f"status IN ({_STATES})", name="status"),
        CheckConstraint("subject_kind IN ('unit', 'officer')", name="subject_kind"),
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("(refused_at IS NULL) = (refusal_reason IS NULL)", name="refusal"),
        Index("ix_target_refused", "scheme_id", "id", postgresql_where=text("refused_at IS NOT NULL")),
        Index("ix_target_orphaned", "scheme_id", "id", postgresql_where=text("orphaned_on IS NOT NULL")),
        *(Index(f"ix_target_{column}", column, "id") for column in _LISTED_BY),
        # One live target of a subject for an indicator in a period: points are computed against exactly one.
        Index(
            "uq_target_live",
            "indicator_id",
            "period_id",
            "subject_id",
            unique=True,
            postgresql_where=text("status <> 'withdrawn'"),
        ),
    )
