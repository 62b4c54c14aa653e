"""What review needs beside the submission: decisions that can still be undone, second samples."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, Moment, Quantity
from kernel.ids import new_id
from services.submissions.tables import Base


class RulingRow(Base):
    """A decision in its last seconds of grace: nobody was told, nothing was posted. It becomes effective, or is undone.

    `by` is who decided, `verdict` what: everything that carrying it out takes.
    """

    __tablename__ = "ruling"

    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    officer_id: Mapped[UUID]
    by: Mapped[Json]
    verdict: Mapped[Json]
    made_at: Mapped[Moment]
    effective_at: Mapped[Moment]

    __table_args__: Any = (
        CheckConstraint("kind IN ('accept', 'refuse', 'return')", name="kind"),
        Index("ix_ruling_effective_at", "effective_at"),
    )


class DrawRow(Base):
    """One drawing of second samples: the same seed over the same work draws the same."""

    __tablename__ = "sample_draw"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    period_id: Mapped[UUID]
    indicator_id: Mapped[UUID | None]
    scope_path: Mapped[str]
    seed: Mapped[str]
    candidates: Mapped[int]
    drawn: Mapped[int]
    drawn_by: Mapped[UUID]
    drawn_at: Mapped[Moment]

    __table_args__: Any = (Index("ix_sample_draw_period_id", "period_id", "id"),)


class SampleRow(Base):
    """One piece of decided work that somebody else judges again without knowing how it was decided."""

    __tablename__ = "sample"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    draw_id: Mapped[UUID] = mapped_column(ForeignKey(DrawRow.id))
    submission_id: Mapped[UUID]
    decided_by: Mapped[UUID]
    decided: Mapped[Quantity]
    reviewer_id: Mapped[UUID | None]
    taken_at: Mapped[Moment | None]
    quantity: Mapped[Quantity | None]
    reason: Mapped[str | None]
    answered_at: Mapped[Moment | None]
    agrees: Mapped[bool | None]

    __table_args__: Any = (
        UniqueConstraint("draw_id", "submission_id"),
        Index("ix_sample_open", "id", postgresql_where=text("answered_at IS NULL")),
        Index("ix_sample_reviewer_id", "reviewer_id", postgresql_where=text("answered_at IS NULL")),
        Index("ix_sample_submission_id", "submission_id"),
    )
