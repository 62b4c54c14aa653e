"""Every change leaves a line in the history and, under the same id, a record in the audit log."""

from typing import Any
from uuid import UUID

from kernel.bus.canonical import plain
from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.org.models import HistoryRow


async def record(
    tx: Transaction, thing: str, thing_id: UUID, action: str, *, by: Principal | None, **facts: Any
) -> None:
    """`facts` are what became of it; a pair `before`, `after` says what it was."""
    before, after = facts.get("before"), facts.get("after")
    if before is None or after is None:
        change: dict[str, Any] = {"after": facts}
    else:
        change = {"before": _named(before), "after": _named(after)}
    tx.session.add(
        HistoryRow(
            id=tx.act(action, thing.replace("-", "_"), thing_id, by=by, **change),
            thing=thing,
            thing_id=thing_id,
            account_id=by.account_id if by else None,
            action=action,
            facts=plain(facts),
        )
    )


def _named(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"value": value}
