from typing import Any
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, Moment
from kernel.ids import new_id
from services.org.tables import Base


class HistoryRow(Base):
    """Who changed what in this service. Append-only; ids sort by time."""

    __tablename__ = "history"
    __table_args__: Any = (Index("ix_history_thing_id", "thing_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    thing: Mapped[str]
    thing_id: Mapped[UUID]
    at: Mapped[Moment] = mapped_column(server_default=func.clock_timestamp())
    account_id: Mapped[UUID | None]
    action: Mapped[str]
    facts: Mapped[Json]
