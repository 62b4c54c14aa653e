"""Work and appeals that the database lost, written again from the events that others kept."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text

from contracts import submissions as events
from contracts.envelope import Event, Headers
from kernel.delivery.handlers import MissingReference
from kernel.delivery.offers import Restore
from kernel.delivery.restoring import restore_row
from kernel.delivery.transaction import Transaction
from kernel.ids import new_id
from services.submissions.models import AppealRow, HistoryRow, SubmissionRow
from services.submissions.replicas import IndicatorReplica

#: Numbers that came back are not given again. The application may draw numbers, not set them.
_DRAW = "SELECT count(nextval('{sequence}')) FROM generate_series((SELECT last_value FROM {sequence}), :n)"
_UNKNOWN = UUID(int=0)


async def restore_submission(tx: Transaction, event: events.Submission, headers: Headers) -> None:
    """Claims and repair deadlines are not told and start anew."""
    indicator = await tx.session.get(IndicatorReplica, event.indicator_id)
    if indicator is None:
        raise MissingReference(what="indicator")
    actor = UUID(headers.actor) if headers.actor else _UNKNOWN
    await restore_row(
        tx,
        SubmissionRow,
        event,
        line=indicator.line,
        created_by_account=actor,
        routed_to_office=False,
    )
    await _number_beyond(tx, "submission_number", event.number)
    await _note(tx, actor, event, submission_id=event.id, appeal_id=None)


async def restore_appeal(tx: Transaction, event: events.Appeal, headers: Headers) -> None:
    await restore_row(tx, AppealRow, event, files=[], extended_days=0)
    await _number_beyond(tx, "appeal_number", event.number)
    actor = UUID(headers.actor) if headers.actor else _UNKNOWN
    await _note(tx, actor, event, submission_id=event.submission_id, appeal_id=event.id)


async def _number_beyond(tx: Transaction, sequence: str, number: str) -> None:
    await tx.session.execute(text(_DRAW.format(sequence=sequence)), {"n": int(number.rpartition("-")[2])})


async def _note(
    tx: Transaction,
    actor: UUID,
    event: events.Submission | events.Appeal,
    *,
    submission_id: UUID,
    appeal_id: UUID | None,
) -> None:
    """The lost steps are not made up; one line says that the state came back."""
    tx.session.add(
        HistoryRow(
            id=new_id(),
            submission_id=submission_id,
            appeal_id=appeal_id,
            at=await tx.now(),
            account_id=actor,
            officer_id=None,
            actor="",
            action="restore",
            reason=None,
            before={},
            after={"status": event.status.value, "version": event.version},
        )
    )


RESTORES: Mapping[type[Event], Restore] = {
    events.Submission: restore_submission,
    events.Appeal: restore_appeal,
}
