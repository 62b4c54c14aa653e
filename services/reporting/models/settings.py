"""How a scheme ranks and what follows, where its plan does not say. Decided here, append-only; the newest counts."""

from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, Moment
from services.reporting.tables import Base


class StandingSettingRow(Base):
    """`red_lines`: series id → total, as text, below which an explanation is owed."""

    __tablename__ = "standing_setting"
    __table_args__: Any = (UniqueConstraint("scheme_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    scheme_id: Mapped[UUID]
    number: Mapped[int]
    data: Mapped[Json]
    red_lines: Mapped[Json]
    reason: Mapped[str]
    account_id: Mapped[UUID]
    actor: Mapped[str]
    at: Mapped[Moment]
