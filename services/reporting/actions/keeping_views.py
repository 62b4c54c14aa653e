"""Views of the analysis: kept, shared, changed and thrown away by whoever made them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.reporting.domain.analysis import ViewMissing
from services.reporting.models import AnalysisViewRow


async def keep(
    tx: Transaction, *, name: str, definition: Mapping[str, Any], shared: bool, by: Principal
) -> AnalysisViewRow:
    row = AnalysisViewRow(
        account_id=by.account_id, owner=by.name, name=name, definition=dict(definition), shared=shared
    )
    tx.session.add(row)
    await tx.session.flush()
    tx.act("kept", "analysis-view", row.id, by=by, after={"name": name, "shared": shared})
    return row


async def change(
    tx: Transaction, view_id: UUID, *, name: str, definition: Mapping[str, Any], shared: bool, by: Principal
) -> AnalysisViewRow:
    """Raises ViewMissing unless it is one's own."""
    row = await _own(tx, view_id, by)
    row.name, row.definition, row.shared = name, dict(definition), shared
    tx.act("changed", "analysis-view", row.id, by=by, after={"name": name, "shared": shared})
    return row


async def throw_away(tx: Transaction, view_id: UUID, *, by: Principal) -> None:
    row = await _own(tx, view_id, by)
    tx.act("removed", "analysis-view", row.id, by=by, before={"name": row.name})
    await tx.session.delete(row)


async def _own(tx: Transaction, view_id: UUID, by: Principal) -> AnalysisViewRow:
    row = await tx.session.get(AnalysisViewRow, view_id, with_for_update=True)
    if row is None or row.account_id != by.account_id:
        raise ViewMissing
    return row
