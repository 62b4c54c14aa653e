"""Accepting, returning and refusing what one has claimed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.delivery.transaction import Transaction
from kernel.errors import Problem
from kernel.identity import Principal
from services.submissions.actions.noticing import issue_notice
from services.submissions.actions.recording import record, seen
from services.submissions.actions.reviewing import hold
from services.submissions.domain.deadlines import ensure_not_sealed, repair_deadline
from services.submissions.domain.decision import NOTHING, Claim, accepted_quantity, claim, ensure_claimed
from services.submissions.domain.impartiality import ensure_may_review
from services.submissions.domain.submission import State
from services.submissions.queries.cases import Case, SubmissionNotFound, lock_case, lock_cases
from services.submissions.queries.people import judge_of
from services.submissions.queries.visibility import visible_to
from services.submissions.settings import SubmissionSettings


@dataclass(frozen=True, slots=True)
class Verdict:
    quantity: Decimal | None = None
    reason: str | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one item of a batch fared."""

    id: UUID
    case: Case | None
    problem: Problem | None


async def accept(
    tx: Transaction, submission_id: UUID, verdict: Verdict, *, by: Principal, settings: SubmissionSettings
) -> Case:
    """Accept the claim in full, or a smaller quantity with reason, clause and a decision notice."""
    case = await _claimed(tx, submission_id, by=by, settings=settings, to=State.ACCEPTED)
    row = case.row
    quantity = accepted_quantity(row.quantity, verdict.quantity, reason=verdict.reason, clause=verdict.clause)
    if quantity < row.quantity:
        await _decide(tx, case, State.ACCEPTED, quantity, verdict, by=by, settings=settings, action="reduce")
    else:
        await _decide(tx, case, State.ACCEPTED, quantity, verdict, by=by, settings=settings, action="accept")
    return case


async def refuse(
    tx: Transaction, submission_id: UUID, verdict: Verdict, *, by: Principal, settings: SubmissionSettings
) -> Case:
    """Nothing is accepted: with reason, clause and a decision notice."""
    case = await _claimed(tx, submission_id, by=by, settings=settings, to=State.REFUSED)
    await _decide(tx, case, State.REFUSED, NOTHING, verdict, by=by, settings=settings, action="refuse")
    return case


async def return_for_repair(
    tx: Transaction,
    submission_id: UUID,
    *,
    reason: str,
    repair_until: datetime | None,
    by: Principal,
    settings: SubmissionSettings,
) -> Case:
    """Back to the author, who may repair and send it again until the deadline, even after the cut-off."""
    case = await _claimed(tx, submission_id, by=by, settings=settings, to=State.RETURNED)
    row, now = case.row, await tx.now()
    until = repair_deadline(repair_until, now=now, days=settings.repair_days)
    before = seen(row)
    row.status, row.repair_until, row.decision_reason = State.RETURNED.value, until, reason
    row.claimed_until = None
    await record(tx, row, by=by, action="return", now=now, before=before, reason=reason)
    return case


async def accept_batch(
    tx: Transaction, ids: Sequence[UUID], *, by: Principal, settings: SubmissionSettings
) -> list[Outcome]:
    """Accept each in full, claiming it if it is free; what cannot be accepted is told, the others go through."""
    cases = await lock_cases(tx.session, ids, where=visible_to(by))
    now = await tx.now()
    judge = await judge_of(tx.session, by, today=now.astimezone(ZoneInfo(settings.timezone)).date())
    outcomes = []
    for submission_id in dict.fromkeys(ids):
        case = cases.get(submission_id)
        if case is None:
            outcomes.append(Outcome(submission_id, None, SubmissionNotFound()))
            continue
        row, held = case.row, Claim(case.row.reviewer_id, case.row.claimed_until)
        try:
            ensure_not_sealed(case.period_facts)
            ensure_may_review(judge, case.matter)
            claim(State(row.status), held, officer_id=by.officer_id, now=now, shown_until="")
        except Problem as problem:
            outcomes.append(Outcome(submission_id, None, problem))
            continue
        if row.reviewer_id != by.officer_id or row.status != State.IN_REVIEW:
            await hold(tx, case, by=by, settings=settings)
        await _decide(
            tx, case, State.ACCEPTED, row.quantity, Verdict(), by=by, settings=settings, action="accept"
        )
        outcomes.append(Outcome(submission_id, case, None))
    return outcomes


async def _claimed(
    tx: Transaction, submission_id: UUID, *, by: Principal, settings: SubmissionSettings, to: State
) -> Case:
    """The locked case, which `by` holds and is still entitled to judge."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    ensure_not_sealed(case.period_facts)
    row, now = case.row, await tx.now()
    judge = await judge_of(tx.session, by, today=now.astimezone(ZoneInfo(settings.timezone)).date())
    ensure_may_review(judge, case.matter)
    held = Claim(row.reviewer_id, row.claimed_until)
    ensure_claimed(State(row.status), held, officer_id=by.officer_id, to=to)
    return case


async def _decide(
    tx: Transaction,
    case: Case,
    to: State,
    quantity: Decimal,
    verdict: Verdict,
    *,
    by: Principal,
    settings: SubmissionSettings,
    action: str,
) -> None:
    row, now = case.row, await tx.now()
    before = seen(row)
    row.status, row.accepted_quantity = to.value, quantity
    row.first_decided_by = row.first_decided_by or by.officer_id
    row.decided_by, row.decided_at = by.officer_id, now
    row.decision_reason, row.decision_clause = verdict.reason, verdict.clause
    row.claimed_until = None
    if quantity < row.quantity:
        row.notice_number = await issue_notice(tx, case, by=by, now=now, settings=settings)
    await record(tx, row, by=by, action=action, now=now, before=before, reason=verdict.reason)
