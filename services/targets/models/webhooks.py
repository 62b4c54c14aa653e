from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Json, JsonList, Moment, Versioned
from kernel.ids import new_id
from services.targets.tables import Base


class WebhookRow(Versioned, Base):
    """An outside channel. `secret_name` is the file of its secret; the secret itself is never in the database."""

    __tablename__ = "webhook"
    __table_args__: Any = (UniqueConstraint("name"),)

    name: Mapped[str]
    url: Mapped[str]
    secret_name: Mapped[str]
    kinds: Mapped[JsonList]
    active: Mapped[bool]


class DeliveryRow(Base):
    """One message to one channel, and how its delivery went; `body` is what is sent, as it is signed."""

    __tablename__ = "webhook_delivery"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey(WebhookRow.id))
    kind: Mapped[str]
    thing_id: Mapped[UUID]
    thing_version: Mapped[int]
    body: Mapped[Json]
    status: Mapped[str]
    attempts: Mapped[int]
    created_at: Mapped[Moment]
    next_at: Mapped[Moment]
    last_at: Mapped[Moment | None]
    last_status: Mapped[int | None]
    last_error: Mapped[str | None]

    __table_args__: Any = (
        UniqueConstraint("webhook_id", "thing_id", "thing_version"),
        CheckConstraint("status IN ('waiting', 'delivered', 'given_up')", name="status"),
        Index("ix_webhook_delivery_webhook_id", "webhook_id", "id"),
        Index("ix_webhook_delivery_due", "next_at", postgresql_where=text("status = 'waiting'")),
    )
