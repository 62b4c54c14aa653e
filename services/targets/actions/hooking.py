"""Outside channels: what is told to them is written down with what happened, and sent by a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select

from contracts.envelope import Event
from kernel.bus.canonical import plain
from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, NotFound
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets.actions.recording import record, seen
from services.targets.domain.scheme import ensure_version
from services.targets.domain.webhook import ensure_address
from services.targets.models import DeliveryRow, WebhookRow


class WebhookNameTaken(Conflict):
    code = "webhook-name-taken"
    zh = "已有此名称的接口"
    en = "There is a webhook of this name already"


class DeliveryWaits(Conflict):
    code = "delivery-waits"
    zh = "该投递尚在排队,无需重发"
    en = "This delivery is still waiting: there is nothing to send again"


@dataclass(frozen=True, slots=True)
class Hook:
    name: str
    url: str
    secret_name: str
    kinds: Sequence[str]
    active: bool


async def enqueue(tx: Transaction, kind: str, events: Sequence[Event]) -> None:
    """A delivery for every channel that wants this kind, in the transaction in which it happened."""
    if not events:
        return
    hooks = await tx.session.scalars(
        select(WebhookRow).where(WebhookRow.active, WebhookRow.kinds.contains([kind]))
    )
    now = None
    for hook in hooks:
        now = now or await tx.now()
        tx.session.add_all(
            DeliveryRow(
                id=new_id(),
                webhook_id=hook.id,
                kind=kind,
                thing_id=event.id,
                thing_version=event.version,
                body={"kind": kind, "type": event.type, "data": plain(event)},
                status="waiting",
                attempts=0,
                created_at=now,
                next_at=now,
            )
            for event in events
        )


async def set_webhook(
    tx: Transaction,
    webhook_id: UUID | None,
    hook: Hook,
    *,
    version: int | None,
    hosts: str,
    by: Principal,
) -> WebhookRow:
    """A new channel, or a changed one. Raises WebhookAddressRefused for hosts that the operator did not allow."""
    ensure_address(urlsplit(hook.url), hosts)
    if webhook_id is None:
        row = WebhookRow(id=new_id())
        tx.session.add(row)
        before: dict[str, Any] = {}
    else:
        found = await tx.session.get(WebhookRow, webhook_id, with_for_update=True)
        if found is None:
            raise NotFound
        row, before = found, seen(found)
        ensure_version(row.version, version)
    row.name, row.url, row.secret_name = hook.name, hook.url, hook.secret_name
    row.kinds, row.active = sorted(set(hook.kinds)), hook.active
    with conflicts({"uq_webhook_name": WebhookNameTaken}):
        await tx.session.flush()
    record(tx, row, by=by, action="change" if webhook_id else "add", now=await tx.now(), before=before)
    return row


async def send_again(tx: Transaction, delivery_id: UUID, *, by: Principal) -> DeliveryRow:
    """Another attempt at once, with all attempts anew."""
    row = await tx.session.get(DeliveryRow, delivery_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.status == "waiting":
        raise DeliveryWaits
    hook = await tx.session.get_one(WebhookRow, row.webhook_id)
    row.status, row.attempts, row.next_at = "waiting", 0, await tx.now()
    more = {"delivery": str(row.id)}
    record(tx, hook, by=by, action="send_again", now=row.next_at, before=seen(hook), more=more)
    await tx.session.flush()
    return row
