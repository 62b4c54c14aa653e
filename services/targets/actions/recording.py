"""Writing a step down: lines of the timeline, each with a record of the same id in the audit log."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.targets.domain.quantity import trimmed
from services.targets.models import HistoryRow, SchemeRow, TargetRow

Row = TypeVar("Row")

_WATCHED = {
    "scheme": (
        "name", "year", "status", "revision", "effective_from", "modules", "module_combination", "total_decimals",
        "roll_up", "bonus_cap", "deduction_cap", "second_signature_above", "split_check", "plan", "start_day",
        "year_start_month", "year_start_day", "cutoff_day", "cutoff_time", "review_days", "appeal_working_days",
    ),
    "target": ("quantity", "status", "acknowledged_by"),
}  # fmt: skip


def moved(tx: Transaction, rows: Sequence[Row]) -> list[Row]:
    """Those that the next flush gives a new version, to be published; a write of the same values is no change."""
    return [row for row in rows if row in tx.session.new or tx.session.is_modified(row)]


def seen(row: SchemeRow | TargetRow) -> dict[str, Any]:
    """The watched fields as JSON, to be taken before a change."""
    return {name: _plain(getattr(row, name)) for name in _WATCHED[_thing(row)]}


def record(
    tx: Transaction,
    row: SchemeRow | TargetRow,
    *,
    by: Principal,
    action: str,
    now: datetime,
    before: dict[str, Any],
    reason: str | None = None,
    more: dict[str, Any] | None = None,
) -> None:
    """Add a step to the timeline, with what changed."""
    after = seen(row)
    changed = [name for name in after if before.get(name) != after[name]]
    was = {name: before[name] for name in changed if name in before}
    became = {name: after[name] for name in changed} | (more or {})
    tx.session.add(
        HistoryRow(
            id=tx.act(action, _thing(row), row.id, by=by, before=was, after=became, reason=reason, at=now),
            thing=_thing(row),
            thing_id=row.id,
            at=now,
            account_id=by.account_id,
            officer_id=by.officer_id,
            actor=by.name,
            action=action,
            reason=reason,
            before=was,
            after=became,
        )
    )


def record_many(
    tx: Transaction,
    rows: Sequence[TargetRow],
    *,
    by: Principal,
    action: str,
    now: datetime,
    before: dict[UUID, dict[str, Any]] | None = None,
    reason: str | None = None,
) -> None:
    for row in rows:
        record(tx, row, by=by, action=action, now=now, before=(before or {}).get(row.id, {}), reason=reason)


def _thing(row: SchemeRow | TargetRow) -> str:
    return "scheme" if isinstance(row, SchemeRow) else "target"


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return str(trimmed(value))
        case datetime() | date() | time():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value
