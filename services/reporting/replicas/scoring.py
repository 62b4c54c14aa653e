"""Ledger entries, statements and closings, as `scoring` told of them."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue, Index
from sqlalchemy.orm import Mapped, mapped_column

from contracts import scoring
from contracts.envelope import Event
from kernel.db.columns import JsonList, Moment
from kernel.delivery.replicas import Replica
from services.reporting.tables import Base


class EntryReplica(Replica, Base):
    __tablename__ = "entry"
    __table_args__ = (
        Index("ix_entry_subject_id", "subject_id", "period_id", "seq"),
        Index("ix_entry_period_id", "period_id"),
    )
    event: ClassVar[type[Event]] = scoring.Entry

    seq: Mapped[int] = mapped_column(BigInteger)
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    module: Mapped[str]
    indicator_id: Mapped[UUID | None]
    kind: Mapped[str]
    points_milli: Mapped[int]
    submission_id: Mapped[UUID | None]
    award_id: Mapped[UUID | None]
    reason_zh: Mapped[str]
    reason_en: Mapped[str]
    actor_id: Mapped[UUID | None]
    occurred_on: Mapped[date]


class StatementReplica(Replica, Base):
    __tablename__ = "statement"
    __table_args__ = (
        Index("ix_statement_period_id", "period_id", "subject_kind", "total_milli"),
        Index("ix_statement_subject_id", "subject_id", "period_id"),
        Index("ix_statement_changed_in", "period_id", "subject_kind", "changed_in"),
    )
    event: ClassVar[type[Event]] = scoring.Statement

    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    modules: Mapped[JsonList]
    entries: Mapped[int]
    entries_milli: Mapped[int]
    own_milli: Mapped[int]
    members_milli: Mapped[int | None]
    members: Mapped[int]
    total_milli: Mapped[int]
    changed_in: Mapped[int] = mapped_column(server_default=FetchedValue())


class ClosingReplica(Replica, Base):
    __tablename__ = "closing"
    __table_args__ = (Index("ix_closing_period_id", "period_id"),)
    event: ClassVar[type[Event]] = scoring.Closing

    scheme_id: Mapped[UUID]
    period_id: Mapped[UUID]
    status: Mapped[str]
    trial_number: Mapped[int | None]
    public_from: Mapped[Moment | None]
    objections_until: Mapped[Moment | None]
    sealed_at: Mapped[Moment | None]
    seal_number: Mapped[int | None]
    root_sha256: Mapped[str | None]
