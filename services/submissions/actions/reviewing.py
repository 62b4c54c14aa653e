"""Claiming work for review, and letting go of it."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, NotFound
from kernel.identity import Principal
from services.submissions.actions.recording import record, seen
from services.submissions.domain.deadlines import ensure_not_sealed, local
from services.submissions.domain.decision import Claim, claim, ensure_claimed
from services.submissions.domain.impartiality import ClaimedByOther, ensure_may_review
from services.submissions.domain.submission import State
from services.submissions.models import SubmissionRow
from services.submissions.queries.cases import Case, fetch_cases, lock_case, select_cases
from services.submissions.queries.people import judge_of
from services.submissions.queries.ruling import is_ruled
from services.submissions.queries.visibility import reviewable_by, unclaimed, visible_to
from services.submissions.settings import SubmissionSettings


class DecisionPending(Conflict):
    code = "decision-pending"
    zh = "该件已作出决定,数秒后生效;如需更改请先撤销"
    en = "It has been decided and takes effect in a few seconds; undo that first"


class QueueEmpty(NotFound):
    code = "queue-empty"
    zh = "没有等待您审核的工作"
    en = "Nothing waits for your review"


async def claim_one(
    tx: Transaction, submission_id: UUID, *, by: Principal, settings: SubmissionSettings
) -> Case:
    """Hold the submission for a while; one's own claim is prolonged, an expired one of others taken over."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    zone = ZoneInfo(settings.timezone)
    judge = await judge_of(tx.session, by, today=(await tx.now()).astimezone(zone).date())
    by = by.standing_in_for(ensure_may_review(judge, case.matter))
    if case.row.reviewer_id != by.officer_id and await is_ruled(tx.session, case.row.id):
        raise ClaimedByOther(until="…")
    await hold(tx, case, by=by, settings=settings)
    return case


async def claim_next(
    tx: Transaction, *, by: Principal, settings: SubmissionSettings, among: ColumnElement[bool]
) -> Case:
    """Claim what waited longest of what is free; raises QueueEmpty."""
    now = await tx.now()
    judge = await judge_of(tx.session, by, today=now.astimezone(ZoneInfo(settings.timezone)).date())
    statement = (
        select_cases()
        .where(reviewable_by(judge, offices_see_all=False), unclaimed(now), among)
        .order_by(SubmissionRow.submitted_at, SubmissionRow.id)
        .limit(1)
        .with_for_update(of=SubmissionRow, skip_locked=True)
    )
    found = await fetch_cases(tx.session, statement)
    if not found:
        raise QueueEmpty
    by = by.standing_in_for(ensure_may_review(judge, found[0].matter))
    await hold(tx, found[0], by=by, settings=settings)
    return found[0]


async def hold(tx: Transaction, case: Case, *, by: Principal, settings: SubmissionSettings) -> None:
    """Write the claim down; raises ClaimedByOther, WrongState or PeriodSealed."""
    ensure_not_sealed(case.period_facts)
    row, now = case.row, await tx.now()
    held = Claim(row.reviewer_id, row.claimed_until)
    shown = local(row.claimed_until, ZoneInfo(settings.timezone)) if row.claimed_until else ""
    status = claim(State(row.status), held, officer_id=by.officer_id, now=now, shown_until=shown)
    until = now + timedelta(minutes=settings.claim_minutes)
    if held == Claim(by.officer_id, until) and row.status == status.value:
        return  # asked for twice in one moment: nothing is different, so nothing is told
    before = seen(row)
    row.status, row.reviewer_id, row.claimed_until = status.value, by.officer_id, until
    await record(tx, row, by=by, action="claim", now=now, before=before)


async def release(tx: Transaction, submission_id: UUID, *, by: Principal) -> Case:
    """Give a claim back, so that somebody else may review."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    row, now = case.row, await tx.now()
    if await is_ruled(tx.session, row.id):
        raise DecisionPending
    status = ensure_claimed(
        State(row.status),
        Claim(row.reviewer_id, row.claimed_until),
        officer_id=by.officer_id,
        to=State.SUBMITTED,
    )
    before = seen(row)
    row.status, row.reviewer_id, row.claimed_until = status.value, None, None
    await record(tx, row, by=by, action="release", now=now, before=before)
    return case
