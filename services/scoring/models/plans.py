from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import JsonList, Moment
from kernel.ids import new_id
from services.scoring.tables import Base


class PlanDueRow(Base):
    """A subject (None: everybody) whose facts under a plan have changed, and why; taken up by the job `score-by-plan`."""

    __tablename__ = "plan_due"
    __table_args__: Any = (Index("ix_plan_due_period_id", "period_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    period_id: Mapped[UUID]
    subject_id: Mapped[UUID | None]
    cause_id: Mapped[UUID]
    kind: Mapped[str]
    occurred_on: Mapped[date]
    submission_id: Mapped[UUID | None]
    actor_id: Mapped[UUID | None]


class PlanRunRow(Base):
    """One scoring by a plan: what led to it, how many moved. Append-only; its entries have its id as their source."""

    __tablename__ = "plan_run"
    __table_args__: Any = (Index("ix_plan_run_period_id", "period_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    period_id: Mapped[UUID]
    at: Mapped[Moment]
    scheme_revision: Mapped[int]
    causes: Mapped[JsonList]
    evaluated: Mapped[int]
    moved: Mapped[int]


class ReadingRow(Base):
    """A figure from outside, of one subject in one period, such as a survey's. Append-only; the newest of a name counts."""

    __tablename__ = "reading"
    __table_args__: Any = (
        CheckConstraint("(value IS NULL) <> (state IS NULL)", name="value"),
        CheckConstraint("state IN ('not_applicable', 'not_assessed', 'abstained')", name="state"),
        Index("ix_reading_key", "period_id", "subject_id", "name", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    name: Mapped[str]
    value: Mapped[Decimal | None]
    state: Mapped[str | None]
    source: Mapped[str]
    account_id: Mapped[UUID]
    actor: Mapped[str]
    at: Mapped[Moment]


class CarriedRow(Base):
    """What a node is for the period that follows, in thousandths (None: no value). Append-only; the newest counts."""

    __tablename__ = "carried"
    __table_args__: Any = (Index("ix_carried_key", "period_id", "subject_id", "node", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    run_id: Mapped[UUID]
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    node: Mapped[str]
    points_milli: Mapped[int | None] = mapped_column(BigInteger)
