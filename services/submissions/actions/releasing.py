"""Claims that ran out go back to the queue by themselves."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import exists

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.submissions.actions.recording import record, seen
from services.submissions.domain.submission import State, move
from services.submissions.models import RulingRow, SubmissionRow
from services.submissions.queries.cases import Case, fetch_cases, select_cases

AT_ONCE: Final = 100
#: Who acts where nobody does: the clock.
NOBODY: Final = Principal(UUID(int=0), UUID(int=0), "系统")


async def release_expired(tx: Transaction) -> int:
    """Some of those whose time is up and that are not decided. How many there were."""
    now: datetime = await tx.now()
    ruled = exists().where(RulingRow.submission_id == SubmissionRow.id)
    statement = (
        select_cases()
        .where(SubmissionRow.status == State.IN_REVIEW, SubmissionRow.claimed_until < now, ~ruled)
        .order_by(SubmissionRow.claimed_until)
        .limit(AT_ONCE)
        .with_for_update(of=SubmissionRow, skip_locked=True)
    )
    cases = await fetch_cases(tx.session, statement)
    for case in cases:
        await put_back(tx, case, action="claim_expired", now=now)
    return len(cases)


async def put_back(
    tx: Transaction, case: Case, *, action: str, now: datetime, reason: str | None = None
) -> None:
    """Into the queue, held by nobody."""
    row, before = case.row, seen(case.row)
    row.status = move(State(row.status), State.SUBMITTED).value
    row.reviewer_id = row.claimed_until = None
    await record(tx, row, by=NOBODY, action=action, now=now, before=before, reason=reason)
