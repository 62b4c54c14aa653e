"""Every change leaves a line in the history."""

from typing import Any
from uuid import UUID

from kernel.bus.canonical import plain
from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.org.models import HistoryRow


async def record(
    tx: Transaction, thing: str, thing_id: UUID, action: str, *, by: Principal | None, **facts: Any
) -> None:
    tx.session.add(
        HistoryRow(
            thing=thing,
            thing_id=thing_id,
            account_id=by.account_id if by else None,
            action=action,
            facts=plain(facts),
        )
    )
