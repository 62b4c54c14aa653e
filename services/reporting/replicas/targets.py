"""Schemes, indicators, periods and targets, as `targets` told of them."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from contracts import targets
from contracts.envelope import Event
from kernel.db.columns import Json, JsonList, Moment, Points, Quantity
from kernel.delivery.replicas import Replica
from services.reporting.tables import Base


class SchemeReplica(Replica, Base):
    __tablename__ = "scheme"
    event: ClassVar[type[Event]] = targets.Scheme

    code: Mapped[str]
    name: Mapped[str]
    year: Mapped[int]
    scope_unit_id: Mapped[UUID | None]
    status: Mapped[str]
    modules: Mapped[JsonList]
    module_combination: Mapped[str]
    total_decimals: Mapped[int]
    roll_up: Mapped[Json]
    bonus_cap: Mapped[Points | None]
    deduction_cap: Mapped[Points | None]
    plan: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))


class IndicatorReplica(Replica, Base):
    __tablename__ = "indicator"
    __table_args__ = (Index("ix_indicator_scheme_id", "scheme_id", "code"),)
    event: ClassVar[type[Event]] = targets.Indicator

    scheme_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    module: Mapped[str]
    line: Mapped[str]
    subject_kind: Mapped[str]
    unit_of_measure: Mapped[str]
    full_marks: Mapped[Points]
    rule: Mapped[Json]
    basis: Mapped[str]
    clause: Mapped[str]
    active: Mapped[bool]


class PeriodReplica(Replica, Base):
    __tablename__ = "period"
    __table_args__ = (Index("ix_period_scheme_id", "scheme_id", "starts_on"),)
    event: ClassVar[type[Event]] = targets.Period

    scheme_id: Mapped[UUID]
    code: Mapped[str]
    year: Mapped[int]
    quarter: Mapped[int]
    month: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    cutoff_at: Mapped[Moment]
    review_until: Mapped[Moment | None]
    status: Mapped[str]


class TargetReplica(Replica, Base):
    __tablename__ = "target"
    __table_args__ = (
        Index("ix_target_period_id", "period_id", "unit_id"),
        Index("ix_target_parent_id", "parent_id"),
        Index("ix_target_subject_id", "subject_id"),
    )
    event: ClassVar[type[Event]] = targets.Target

    indicator_id: Mapped[UUID]
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    quantity: Mapped[Quantity]
    parent_id: Mapped[UUID | None]
    unit_id: Mapped[UUID]
    status: Mapped[str]
    issued_at: Mapped[Moment | None]
    acknowledged_at: Mapped[Moment | None]
    acknowledged_by: Mapped[UUID | None]
