"""A new draft from an old scheme, and indicators of the library into a draft."""

from collections.abc import Sequence
from uuid import UUID

from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import NotFound
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets import messages
from services.targets.actions.describing import FIELDS, Indicator, add_indicators
from services.targets.actions.drafting import Draft, SchemeCodeTaken, draft_for_change
from services.targets.actions.recording import record
from services.targets.domain.scheme import SchemeState
from services.targets.domain.target import OutsideScope
from services.targets.models import IndicatorRow, SchemeRow
from services.targets.queries.readiness import scope_of
from services.targets.queries.schemes import get_scheme, indicators_of, visible_indicators
from services.targets.queries.visibility import schemes_visible_to

_CALENDAR = (
    "start_day", "year_start_month", "year_start_day", "cutoff_day", "cutoff_time", "review_days",
    "appeal_working_days", "review_unit", "rest_day", "reminders",
)  # fmt: skip


async def copy_scheme(
    tx: Transaction, scheme_id: UUID, *, code: str, name: str, year: int, by: Principal
) -> SchemeRow:
    """All that it says with its active indicators, as a draft of another year; periods are made from its calendar."""
    old = await get_scheme(tx.session, scheme_id, where=schemes_visible_to(by))
    scope = await scope_of(tx.session, old.scope_unit_id)
    if not by.covers("targets:scheme", scope.path):
        raise OutsideScope
    kept = {field: getattr(old, field) for field in (*Draft.__slots__, *_CALENDAR, "plan")}
    row = SchemeRow(
        **kept | {"name": name, "year": year},
        id=new_id(),
        code=code,
        scope_unit_id=old.scope_unit_id,
        status=SchemeState.DRAFT.value,
        revision=1,
    )
    tx.session.add(row)
    with conflicts({"uq_scheme_scope_unit_id_code": SchemeCodeTaken}):
        await tx.publish(messages.scheme, row)
    record(
        tx,
        row,
        by=by,
        action="copy",
        now=await tx.now(),
        before={},
        more={"copied_from": f"{old.code} ({old.year})"},
    )
    said = [_said(one) for one in await indicators_of(tx.session, old.id) if one.active]
    await add_indicators(tx, row, said, by=by, action="indicator_copy")
    return row


async def reuse_indicators(
    tx: Transaction, scheme_id: UUID, indicator_ids: Sequence[UUID], *, by: Principal
) -> list[IndicatorRow]:
    """Indicators of other schemes into a draft, as they are now; raises IndicatorCodeTaken."""
    scheme = await draft_for_change(tx, scheme_id, by=by)
    found = await visible_indicators(tx.session, indicator_ids, where=schemes_visible_to(by))
    if len(found) != len(set(indicator_ids)):
        raise NotFound
    return await add_indicators(tx, scheme, [_said(row) for row in found], by=by, action="indicator_reuse")


def _said(row: IndicatorRow) -> Indicator:
    return Indicator(**{name: getattr(row, name) for name in FIELDS if name != "active"})
