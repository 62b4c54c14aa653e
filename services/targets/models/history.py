from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, Moment
from kernel.ids import new_id
from services.targets.tables import Base


class HistoryRow(Base):
    """One step of a scheme, target, campaign, supervision note … Append-only; ids sort by time."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_thing_id", "thing_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    thing: Mapped[str]
    thing_id: Mapped[UUID]
    at: Mapped[Moment]
    account_id: Mapped[UUID]
    officer_id: Mapped[UUID | None]
    actor: Mapped[str]
    action: Mapped[str]
    reason: Mapped[str | None]
    before: Mapped[Json]
    after: Mapped[Json]
