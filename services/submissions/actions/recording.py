"""Writing a step down: the event for the others, the line on the timeline."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.submissions import messages
from services.submissions.domain.changes import difference
from services.submissions.domain.quantity import trimmed
from services.submissions.models import AppealRow, HistoryRow, SubmissionRow

_WATCHED = (
    "status",
    "event_date",
    "quantity",
    "accepted_quantity",
    "summary",
    "case_number",
    "authority_unit_id",
    "routed_to_office",
    "reviewer_id",
    "repair_until",
    "decision_clause",
    "notice_number",
)
_WATCHED_OF_APPEAL = (
    "status",
    "level",
    "decide_until",
    "days_left",
    "material_until",
    "decided_by",
    "accepted_quantity",
)


def seen(row: SubmissionRow | AppealRow) -> dict[str, Any]:
    """The watched fields as JSON, to be taken before a change."""
    names = _WATCHED_OF_APPEAL if isinstance(row, AppealRow) else _WATCHED
    state = {name: _plain(getattr(row, name)) for name in names}
    if isinstance(row, SubmissionRow):
        state["evidence"] = [file["sha256"] for file in row.evidence or []]
    return state


async def record(
    tx: Transaction,
    row: SubmissionRow,
    *,
    by: Principal,
    action: str,
    now: datetime,
    before: dict[str, Any],
    reason: str | None = None,
) -> None:
    """Publish the submission in its new version and add the step to its timeline."""
    row.updated_at = now
    await tx.publish(messages.submission, row)
    was, became = difference(before, seen(row))
    tx.session.add(_line(tx, by, now, action, reason, (row.id, None, row.version), (was, became)))


async def record_appeal(
    tx: Transaction,
    row: AppealRow,
    *,
    by: Principal,
    action: str,
    now: datetime,
    before: dict[str, Any],
    reason: str | None = None,
) -> None:
    row.updated_at = now
    await tx.publish(messages.appeal, row)
    was, became = difference(before, seen(row))
    tx.session.add(
        _line(tx, by, now, action, reason, (row.submission_id, row.id, row.version), (was, became))
    )


def _line(
    tx: Transaction,
    by: Principal,
    now: datetime,
    action: str,
    reason: str | None,
    of: tuple[UUID, UUID | None, int],
    change: tuple[dict[str, Any], dict[str, Any]],
) -> HistoryRow:
    """The line and the record of the audit log have one id."""
    kind, thing = ("appeal", of[1]) if of[1] else ("submission", of[0])
    return HistoryRow(
        id=tx.act(action, kind, thing, by=by, before=change[0], after=change[1], reason=reason, at=now),
        submission_id=of[0],
        appeal_id=of[1],
        version=of[2],
        at=now,
        account_id=by.account_id,
        officer_id=by.officer_id,
        actor=by.name,
        acts_for=by.acts_for_account,
        acts_for_name=by.acts_for.name if by.acts_for else None,
        action=action,
        reason=reason,
        before=change[0],
        after=change[1],
    )


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return str(trimmed(value))
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value
