"""What helps with writing: forms saved while they are filled in, phrases, receipts of arrival, lost time."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, Moment
from kernel.ids import new_id
from services.submissions.domain.phrases import PhraseKind
from services.submissions.tables import Base

_KINDS = ", ".join(f"'{kind}'" for kind in PhraseKind)


class AutosaveRow(Base):
    """A form that is not finished, as its author left it. It is nobody else's business: no event, no number, no timeline."""

    __tablename__ = "autosave"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    target_id: Mapped[UUID | None]
    content: Mapped[Json]
    saved_at: Mapped[Moment]

    __table_args__: Any = (Index("ix_autosave_saved_at", "saved_at"),)


class PhraseRow(Base):
    """A sentence to be used again: one's own, or shared with everybody in `unit_path`."""

    __tablename__ = "phrase"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID]
    author: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str]
    clause: Mapped[str | None]
    indicator_id: Mapped[UUID | None]
    unit_path: Mapped[str | None]
    position: Mapped[int]
    created_at: Mapped[Moment]

    __table_args__: Any = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("char_length(text) BETWEEN 1 AND 500", name="text"),
        Index("ix_phrase_account_id", "account_id", "kind"),
        Index("ix_phrase_unit_path", "unit_path", postgresql_where=sql("unit_path IS NOT NULL")),
    )


class ArrivalRow(Base):
    """The signed receipt of one arrival. Append-only; it stays when the submission is lost, to be taken back by."""

    __tablename__ = "arrival"

    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    arrived_at: Mapped[Moment]
    note: Mapped[str]


class OutageRow(Base):
    """A stretch of time in which nothing could be sent, seen by the service itself. Append-only."""

    __tablename__ = "outage"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    began_at: Mapped[Moment]
    ended_at: Mapped[Moment]

    __table_args__: Any = (
        CheckConstraint("ended_at > began_at", name="ended_at"),
        Index("ix_outage_ended_at", "ended_at"),
    )


class PulseRow(Base):
    """One row: when the service last said that it was there, by its database's clock."""

    __tablename__ = "pulse"

    one: Mapped[bool] = mapped_column(primary_key=True, default=True)
    beat_at: Mapped[Moment]
