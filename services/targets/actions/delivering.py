"""Sending what waits for outside channels, and writing down how it went."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import rfc8785
from sqlalchemy import select

from kernel.delivery.transaction import Database
from services.targets.domain.webhook import next_attempt, signature
from services.targets.models import DeliveryRow, WebhookRow

_AT_ONCE = 50
_LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: the body as signed, with its headers."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """Of the other side: its status, or why there is none."""

    status: int | None
    error: str | None

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004


Send = Callable[[Message], Awaitable[Answer]]
Secret = Callable[[str], bytes | None]


async def deliver_due(db: Database, *, send: Send, secret_of: Secret) -> int:
    """One attempt for each delivery that is due; how many were tried.

    A delivery is claimed by moving its next attempt, in a transaction of its own, before anything is sent: a process that
    dies while sending leads to one message too many, never to one too few.
    """
    tried = 0
    while (claimed := await _claim(db)) and tried < _AT_ONCE:
        identity, name, message_of = claimed
        secret = secret_of(name)
        answer = Answer(None, f"no secret named {name}")
        if secret is not None:
            answer = await send(message_of(secret))
        await _note(db, identity, answer)
        tried += 1
    return tried


async def _claim(db: Database) -> tuple[UUID, str, Callable[[bytes], Message]] | None:
    async with db.transaction() as tx:
        now = await tx.now()
        statement = (
            select(DeliveryRow, WebhookRow)
            .join(WebhookRow, WebhookRow.id == DeliveryRow.webhook_id)
            .where(DeliveryRow.status == "waiting", DeliveryRow.next_at <= now, WebhookRow.active)
            .order_by(DeliveryRow.next_at, DeliveryRow.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=DeliveryRow)
        )
        found = (await tx.session.execute(statement)).one_or_none()
        if found is None:
            return None
        row, hook = found
        row.attempts += 1
        row.last_at = now
        row.next_at = now + (next_attempt(row.attempts) or next_attempt(1) or now - now)
        body = rfc8785.dumps({**row.body, "delivery": str(row.id)})
        moment, url = int(now.timestamp()), hook.url
        headers = {"Content-Type": "application/json", "Kaohe-Delivery": str(row.id), "Kaohe-Kind": row.kind}

        def message_of(secret: bytes) -> Message:
            return Message(url, body, headers | {"Kaohe-Signature": signature(secret, moment, body)})

        return row.id, hook.secret_name, message_of


async def _note(db: Database, delivery_id: UUID, answer: Answer) -> None:
    async with db.transaction() as tx:
        row = await tx.session.get_one(DeliveryRow, delivery_id, with_for_update=True)
        row.last_status = answer.status
        row.last_error = answer.error[:_LONGEST_ERROR] if answer.error else None
        if answer.delivered:
            row.status = "delivered"
        elif next_attempt(row.attempts) is None:
            row.status = "given_up"
