"""Versions of a scheme: kept for ever when it becomes binding and whenever it is revised."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets.actions.describing import FIELDS
from services.targets.actions.recording import seen
from services.targets.domain.quantity import trimmed
from services.targets.models import IndicatorRow, SchemeRow, SchemeVersionRow
from services.targets.queries.schemes import indicators_of


def scheme_state(scheme: SchemeRow, indicators: Sequence[IndicatorRow]) -> dict[str, Any]:
    """All that the scheme says, as JSON."""
    return seen(scheme) | {
        "indicators": [
            {name: getattr(row, name) for name in FIELDS}
            | {"full_marks": str(trimmed(row.full_marks)), "id": str(row.id)}
            for row in indicators
        ]
    }


async def keep_version(
    tx: Transaction,
    scheme: SchemeRow,
    *,
    effective_from: date,
    reason: str,
    by: Principal | None,
    actor: str | None = None,
    account_id: UUID | None = None,
    now: datetime,
) -> None:
    """What the scheme says now, under its present revision."""
    tx.session.add(
        SchemeVersionRow(
            id=new_id(),
            scheme_id=scheme.id,
            revision=scheme.revision,
            effective_from=effective_from,
            at=now,
            account_id=account_id or (by.account_id if by else UUID(int=0)),
            actor=actor or (by.name if by else "系统"),
            reason=reason,
            state=scheme_state(scheme, await indicators_of(tx.session, scheme.id)),
        )
    )
