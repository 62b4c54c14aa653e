from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import JsonList, Moment, Points, Versioned
from services.targets.models.indicators import IndicatorRow
from services.targets.models.schemes import PeriodRow, SchemeRow
from services.targets.models.targets import TargetRow
from services.targets.tables import Base


class WorkingDaysRow(Versioned, Base):
    """The official arrangement of a year; `days` are {day, working, name}."""

    __tablename__ = "working_days"
    __table_args__: Any = (
        UniqueConstraint("year"),
        CheckConstraint("year BETWEEN 2000 AND 2199", name="year"),
    )

    year: Mapped[int]
    days: Mapped[JsonList]
    source: Mapped[str]


class CampaignRow(Versioned, Base):
    """专项行动; `indicator_ids` and `unit_ids` are ids as text."""

    __tablename__ = "campaign"

    scheme_id: Mapped[UUID] = mapped_column(ForeignKey(SchemeRow.id))
    period_id: Mapped[UUID] = mapped_column(ForeignKey(PeriodRow.id))
    code: Mapped[str]
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    cutoff_at: Mapped[Moment]
    pool: Mapped[Points]
    indicator_ids: Mapped[JsonList]
    unit_ids: Mapped[JsonList]
    status: Mapped[str]
    reason: Mapped[str | None]

    __table_args__: Any = (
        UniqueConstraint("scheme_id", "code"),
        CheckConstraint("status IN ('draft', 'open', 'closed')", name="status"),
        CheckConstraint("starts_on <= ends_on", name="bounds"),
        CheckConstraint("pool >= 0", name="pool"),
        Index("ix_campaign_period_id", "period_id"),
    )


class ExtensionRow(Versioned, Base):
    """Each id that is set narrows down what the later deadline is for."""

    __tablename__ = "extension"

    scheme_id: Mapped[UUID] = mapped_column(ForeignKey(SchemeRow.id))
    period_id: Mapped[UUID] = mapped_column(ForeignKey(PeriodRow.id))
    campaign_id: Mapped[UUID | None] = mapped_column(ForeignKey(CampaignRow.id))
    unit_id: Mapped[UUID | None]
    indicator_id: Mapped[UUID | None] = mapped_column(ForeignKey(IndicatorRow.id))
    target_id: Mapped[UUID | None] = mapped_column(ForeignKey(TargetRow.id))
    until: Mapped[Moment]
    reason: Mapped[str]
    late: Mapped[bool]
    granted_by: Mapped[UUID | None]
    granted_at: Mapped[Moment]
    revoked: Mapped[bool]

    __table_args__: Any = (Index("ix_extension_period_id", "period_id", "id"),)


class LateApplicationRow(Versioned, Base):
    __tablename__ = "late_application"

    scheme_id: Mapped[UUID] = mapped_column(ForeignKey(SchemeRow.id))
    period_id: Mapped[UUID] = mapped_column(ForeignKey(PeriodRow.id))
    target_id: Mapped[UUID] = mapped_column(ForeignKey(TargetRow.id))
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    deciding_unit_id: Mapped[UUID]
    asked_by: Mapped[UUID]
    asked_at: Mapped[Moment]
    reason: Mapped[str]
    status: Mapped[str]
    until: Mapped[Moment | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[Moment | None]
    decision_reason: Mapped[str | None]

    __table_args__: Any = (
        CheckConstraint("status IN ('asked', 'granted', 'refused', 'withdrawn')", name="status"),
        Index("ix_late_application_period_id", "period_id", "id"),
        # One open application for a target: the office answers it before the next is asked.
        Index(
            "uq_late_application_open",
            "target_id",
            unique=True,
            postgresql_where=text("status = 'asked'"),
        ),
    )
