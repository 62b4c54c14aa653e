"""Units, people and their roles, as `org` told of them."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import FetchedValue, Index
from sqlalchemy.orm import Mapped, mapped_column

from contracts import org
from contracts.envelope import Event
from kernel.db.columns import JsonList, Moment, Quantity
from kernel.delivery.recusals import RecusalCopy
from kernel.delivery.replicas import Replica
from services.reporting.tables import Base

#: Set by a trigger: the transaction that wrote the row last. What boards kept in memory read anew is found by it.
Changed = Mapped[int]


class UnitReplica(Replica, Base):
    __tablename__ = "unit"
    __table_args__ = (
        Index("ix_unit_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
        Index("ix_unit_parent_id", "parent_id"),
        Index("ix_unit_changed_in", "changed_in"),
    )
    event: ClassVar[type[Event]] = org.Unit

    code: Mapped[str]
    name: Mapped[str]
    level: Mapped[int]
    kind: Mapped[str]
    parent_id: Mapped[UUID | None]
    path: Mapped[str]
    series_id: Mapped[UUID | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    changed_in: Changed = mapped_column(server_default=FetchedValue())


class SeriesReplica(Replica, Base):
    __tablename__ = "series"
    event: ClassVar[type[Event]] = org.Series

    code: Mapped[str]
    name: Mapped[str]
    subject_kind: Mapped[str]


class OfficerReplica(Replica, Base):
    __tablename__ = "officer"
    __table_args__ = (
        Index("ix_officer_series_id", "series_id"),
        Index("ix_officer_changed_in", "changed_in"),
    )
    event: ClassVar[type[Event]] = org.Officer

    police_number: Mapped[str]
    name: Mapped[str]
    category: Mapped[str]
    status: Mapped[str]
    series_id: Mapped[UUID | None]
    changed_in: Changed = mapped_column(server_default=FetchedValue())


class RecusalReplica(RecusalCopy, Base):
    pass


class PostingReplica(Replica, Base):
    __tablename__ = "posting"
    __table_args__ = (Index("ix_posting_officer_id", "officer_id"), Index("ix_posting_unit_id", "unit_id"))
    event: ClassVar[type[Event]] = org.Posting

    officer_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    post: Mapped[str]
    kind: Mapped[str]
    role_coefficient: Mapped[Quantity]
    is_primary: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    deleted: Mapped[bool]


class GrantReplica(Replica, Base):
    __tablename__ = "role_grant"
    __table_args__ = (Index("ix_role_grant_scope_unit_id", "scope_unit_id", "role"),)
    event: ClassVar[type[Event]] = org.Grant

    account_id: Mapped[UUID]
    officer_id: Mapped[UUID | None]
    role: Mapped[str]
    scope_unit_id: Mapped[UUID]
    lines: Mapped[JsonList]
    status: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    decided_at: Mapped[Moment | None]


class SessionReplica(Replica, Base):
    __tablename__ = "session"
    event: ClassVar[type[Event]] = org.Session

    account_id: Mapped[UUID]
    revoked_at: Mapped[Moment] = mapped_column(index=True)
