"""To-dos and messages, derived from events; and what each person did with them, which is kept through a rebuild."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, Moment
from services.reporting.tables import Base


class TodoRow(Base):
    """One a thing and action. Open while `closed_at` and `closed` say so; `closed_by` is the officer who did it."""

    __tablename__ = "todo"
    __table_args__: Any = (
        Index("ix_todo_officer_id", "officer_id", "closed"),
        Index("ix_todo_unit_id", "unit_id", "permission", postgresql_where=text("NOT closed")),
        Index("ix_todo_object_id", "object_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[UUID]
    period_id: Mapped[UUID | None]
    indicator_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    facts: Mapped[Json]
    officer_id: Mapped[UUID | None]
    permission: Mapped[str | None]
    unit_id: Mapped[UUID | None]
    via_unit_id: Mapped[UUID | None]
    never: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    judges: Mapped[bool]
    opened_at: Mapped[Moment]
    due_at: Mapped[Moment | None]
    closed: Mapped[bool]
    closed_at: Mapped[Moment | None]
    closed_by: Mapped[UUID | None]


class MessageRow(Base):
    """Something that people are told once."""

    __tablename__ = "message"
    __table_args__: Any = (
        Index("ix_message_officer_id", "officer_id", "at"),
        Index("ix_message_at", "at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    news: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[UUID]
    period_id: Mapped[UUID | None]
    indicator_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    facts: Mapped[Json]
    officer_id: Mapped[UUID | None]
    permission: Mapped[str | None]
    unit_id: Mapped[UUID | None]
    everybody: Mapped[bool]
    at: Mapped[Moment]


class TodoMarkRow(Base):
    """Somebody put a to-do off, for himself alone."""

    __tablename__ = "todo_mark"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    todo_id: Mapped[UUID] = mapped_column(primary_key=True)
    snoozed_until: Mapped[Moment]


class MessageMarkRow(Base):
    __tablename__ = "message_mark"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    read_at: Mapped[Moment]


class InboxRow(Base):
    """Of one person: everything up to `read_to` is read; kinds in `muted` are not shown."""

    __tablename__ = "message_preference"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    read_to: Mapped[Moment | None]
    muted: Mapped[list[str]] = mapped_column(ARRAY(Text))
