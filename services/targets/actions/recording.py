"""Writing a step down: lines of the timeline, each with a record of the same id in the audit log."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets.domain.quantity import trimmed
from services.targets.models import (
    CampaignRow,
    ExtensionRow,
    GuardRow,
    HistoryRow,
    LateApplicationRow,
    NoteRow,
    SchemeRow,
    TargetRow,
    WebhookRow,
    WorkingDaysRow,
)

Row = TypeVar("Row")

#: What has a timeline: how it is called there, and the fields whose changes are shown.
_WATCHED: dict[type[Any], tuple[str, tuple[str, ...]]] = {
    SchemeRow: ("scheme", (
        "name", "year", "status", "revision", "effective_from", "modules", "module_combination", "total_decimals",
        "roll_up", "bonus_cap", "deduction_cap", "second_signature_above", "split_check", "plan", "start_day",
        "year_start_month", "year_start_day", "cutoff_day", "cutoff_time", "review_days", "appeal_working_days",
        "review_unit", "rest_day", "reminders", "consult_until",
    )),
    TargetRow: ("target", ("quantity", "status", "acknowledged_by", "refusal_reason", "refusal_answer", "orphaned_on")),
    CampaignRow: ("campaign", (
        "name", "starts_on", "ends_on", "cutoff_at", "pool", "indicator_ids", "unit_ids", "status",
    )),
    ExtensionRow: ("extension", ("period_id", "unit_id", "indicator_id", "target_id", "until", "revoked")),
    LateApplicationRow: ("late_application", ("status", "until", "decision_reason")),
    WorkingDaysRow: ("working_days", ("year", "days", "source")),
    NoteRow: ("supervision_note", (
        "subject", "text", "answer_due", "status", "answer", "answered_late", "decision_reason", "escalation", "signal",
    )),
    WebhookRow: ("webhook", ("name", "url", "secret_name", "kinds", "active")),
    GuardRow: ("guard", ("title", "words", "ground", "active")),
}  # fmt: skip

#: Who acts where nobody does: the calendar, or what another service told.
_NOBODY = UUID(int=0)


def moved(tx: Transaction, rows: Sequence[Row]) -> list[Row]:
    """Those that the next flush gives a new version, to be published; a write of the same values is no change."""
    return [row for row in rows if row in tx.session.new or tx.session.is_modified(row)]


def seen(row: Any) -> dict[str, Any]:
    """The watched fields as JSON, to be taken before a change."""
    return {name: _plain(getattr(row, name)) for name in _WATCHED[type(row)][1]}


def record(
    tx: Transaction,
    row: Any,
    *,
    by: Principal | None,
    action: str,
    now: datetime,
    before: dict[str, Any],
    reason: str | None = None,
    more: dict[str, Any] | None = None,
    on: TargetRow | None = None,
    again: bool = False,
) -> None:
    """Add a step to the timeline, with what changed: to that of `on` instead, if it is given.

    `again`: the same step stands on another timeline already, and in the audit log.
    """
    after = seen(row)
    changed = [name for name in after if before.get(name) != after[name]]
    was = {name: before[name] for name in changed if name in before}
    became = {name: after[name] for name in changed} | (more or {})

    def act() -> UUID:
        return tx.act(action, _thing(row), row.id, by=by, before=was, after=became, reason=reason, at=now)

    tx.session.add(
        HistoryRow(
            id=new_id() if again else act(),
            thing=_thing(on or row),
            thing_id=(on or row).id,
            at=now,
            account_id=by.account_id if by else _NOBODY,
            officer_id=by.officer_id if by else None,
            actor=by.name if by else "系统",
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
    by: Principal | None,
    action: str,
    now: datetime,
    before: dict[UUID, dict[str, Any]] | None = None,
    reason: str | None = None,
) -> None:
    for row in rows:
        record(tx, row, by=by, action=action, now=now, before=(before or {}).get(row.id, {}), reason=reason)


def _thing(row: Any) -> str:
    return _WATCHED[type(row)][0]


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
