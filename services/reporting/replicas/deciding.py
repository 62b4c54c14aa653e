"""Second signatures, objections and appeals against entries, as `scoring` told of them."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from contracts import deciding
from contracts.envelope import Event
from kernel.db.columns import JsonList, Moment
from kernel.delivery.replicas import Replica
from services.reporting.tables import Base

#: States in which an appeal against an entry can still move a figure.
OPEN_ENTRY_APPEALS = tuple(state.value for state in deciding.EntryAppealStatus if state.is_open)


class AwardReplica(Replica, Base):
    """One a deed, with the shares of everybody in it."""

    __tablename__ = "award"
    event: ClassVar[type[Event]] = deciding.Award

    period_id: Mapped[UUID]
    kind: Mapped[str]
    status: Mapped[str]
    category: Mapped[str]
    level: Mapped[str]
    document_number: Mapped[str]
    shares: Mapped[JsonList]
    entered_at: Mapped[Moment]


class ObjectionReplica(Replica, Base):
    __tablename__ = "objection"
    event: ClassVar[type[Event]] = deciding.Objection

    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    raised_at: Mapped[Moment]
    status: Mapped[str]
    decided_at: Mapped[Moment | None]


class CorrectionReplica(Replica, Base):
    __tablename__ = "correction"
    event: ClassVar[type[Event]] = deciding.Correction

    period_id: Mapped[UUID]
    status: Mapped[str]
    proposed_at: Mapped[Moment]


class EntryAppealReplica(Replica, Base):
    __tablename__ = "entry_appeal"
    __table_args__ = (Index("ix_entry_appeal_period_id", "period_id", "status"),)
    event: ClassVar[type[Event]] = deciding.EntryAppeal

    entry_id: Mapped[UUID]
    period_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    entry_milli: Mapped[int]
    status: Mapped[str]
    filed_at: Mapped[Moment]
