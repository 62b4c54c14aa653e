from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, JsonList, Moment, Points, Versioned
from services.targets.domain.scheme import SchemeState, SumCheck
from services.targets.tables import Base

_STATES = ", ".join(f"'{state}'" for state in SchemeState)
_CHECKS = ", ".join(f"'{check}'" for check in SumCheck)


class SchemeRow(Versioned, Base):
    """`modules`, `roll_up` and `plan` are the contract's values as JSON, `reminders` overrides the customary ones; the calendar's columns are empty until it is set."""

    __tablename__ = "scheme"

    code: Mapped[str]
    name: Mapped[str]
    year: Mapped[int]
    scope_unit_id: Mapped[UUID]
    status: Mapped[str]
    revision: Mapped[int]
    effective_from: Mapped[date | None]
    modules: Mapped[JsonList]
    module_combination: Mapped[str]
    total_decimals: Mapped[int]
    roll_up: Mapped[Json]
    bonus_cap: Mapped[Points | None]
    deduction_cap: Mapped[Points | None]
    second_signature_above: Mapped[Points | None]
    split_check: Mapped[str]
    plan: Mapped[Json | None]
    start_day: Mapped[int | None]
    year_start_month: Mapped[int | None]
    year_start_day: Mapped[int | None]
    cutoff_day: Mapped[int | None]
    cutoff_time: Mapped[time | None] = mapped_column(Time)
    review_days: Mapped[int | None]
    appeal_working_days: Mapped[int | None]
    review_unit: Mapped[str | None]
    rest_day: Mapped[str | None]
    reminders: Mapped[Json | None]
    reason: Mapped[str | None]
    consult_until: Mapped[date | None]

    __table_args__: Any = (
        UniqueConstraint("scope_unit_id", "code"),
        CheckConstraint(f"status IN ({_STATES})", name="status"),
        CheckConstraint(f"split_check IN ({_CHECKS})", name="split_check"),
        CheckConstraint("module_combination IN ('sum', 'weighted_sum')", name="module_combination"),
        CheckConstraint("total_decimals BETWEEN 0 AND 3", name="total_decimals"),
        CheckConstraint("year BETWEEN 2000 AND 2199", name="year"),
        CheckConstraint("start_day BETWEEN 1 AND 28", name="start_day"),
        CheckConstraint("review_unit IN ('calendar_days', 'working_days')", name="review_unit"),
        CheckConstraint("rest_day IN ('stays', 'next', 'previous')", name="rest_day"),
        Index("ix_scheme_status", "status", "id"),
    )


class PeriodRow(Versioned, Base):
    __tablename__ = "period"

    scheme_id: Mapped[UUID] = mapped_column(ForeignKey(SchemeRow.id))
    code: Mapped[str]
    year: Mapped[int]
    quarter: Mapped[int]
    month: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    cutoff_at: Mapped[Moment]
    review_until: Mapped[Moment]
    appeal_days: Mapped[int]
    status: Mapped[str]

    __table_args__: Any = (
        UniqueConstraint("scheme_id", "code"),
        CheckConstraint("status IN ('open', 'closing', 'sealed')", name="status"),
        CheckConstraint("starts_on <= ends_on", name="bounds"),
        CheckConstraint("month BETWEEN 1 AND 12 AND quarter BETWEEN 1 AND 4", name="month"),
        CheckConstraint("appeal_days >= 0", name="appeal_days"),
        Index("ix_period_status", "status", "starts_on", "id"),
    )
