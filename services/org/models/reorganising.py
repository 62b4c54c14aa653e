from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from contracts.org import ConditionKind
from kernel.db.columns import Json, Moment, Versioned
from services.org.tables import Base

_CONDITIONS = ", ".join(f"'{kind}'" for kind in ConditionKind)


class ReorganisationRow(Versioned, Base):
    """A change of the organisation that is decided now and takes effect on a day; until then it can be taken back."""

    __tablename__ = "reorganisation"
    __table_args__: Any = (
        CheckConstraint("kind IN ('move', 'merge', 'split', 'rename', 'close')", name="kind"),
        CheckConstraint("status IN ('planned', 'effective', 'undone', 'failed')", name="status"),
        Index("ix_reorganisation_status", "status", "effective_on"),
    )

    kind: Mapped[str]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    wish: Mapped[Json]
    effective_on: Mapped[date]
    reason: Mapped[str]
    status: Mapped[str] = mapped_column(default="planned")
    effects: Mapped[Json] = mapped_column(default=dict)
    failure: Mapped[Json] = mapped_column(default=dict)
    applied_at: Mapped[Moment | None]
    created_by: Mapped[UUID]


class ConditionRow(Versioned, Base):
    """A dated state of an officer that bounds his grade."""

    __tablename__ = "officer_condition"
    __table_args__: Any = (
        CheckConstraint(f"kind IN ({_CONDITIONS})", name="kind"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        Index("ix_officer_condition_officer_id", "officer_id"),
    )

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    kind: Mapped[str]
    held: Mapped[bool]
    no_grade: Mapped[bool]
    best_grade: Mapped[str | None]
    basis: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool] = mapped_column(default=False)
