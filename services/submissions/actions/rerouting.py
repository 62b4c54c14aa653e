"""转归口: to another competent unit; and back into review what was decided a short while ago."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.delivery.transaction import Transaction
from kernel.errors import Invalid
from kernel.identity import Principal
from services.submissions.actions.recording import record, seen
from services.submissions.actions.reviewing import DecisionPending
from services.submissions.domain.deadlines import ensure_not_sealed
from services.submissions.domain.impartiality import ensure_may_review
from services.submissions.domain.reopening import NotYourDecision, reopen
from services.submissions.domain.routing import Candidate, judges_itself
from services.submissions.domain.submission import WAITING, State, move
from services.submissions.queries.cases import Case, lock_case, with_authority
from services.submissions.queries.facts import unit
from services.submissions.queries.papers import appeals_of
from services.submissions.queries.people import judge_of
from services.submissions.queries.ruling import is_ruled
from services.submissions.queries.visibility import visible_to
from services.submissions.settings import SubmissionSettings


class ReviewerUnitInvalid(Invalid):
    code = "reviewer-unit-invalid"
    zh = "不能转给该单位:单位不存在,或就是被考核单位"
    en = "It cannot go to that unit: there is none, or it is the unit whose work this is"


async def reroute(
    tx: Transaction,
    submission_id: UUID,
    *,
    unit_id: UUID,
    reason: str,
    by: Principal,
    settings: SubmissionSettings,
) -> Case:
    """To the reviewers of another unit; by those who could review it, or by an office that routes in its scope."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    ensure_not_sealed(case.period_facts)
    row, now = case.row, await tx.now()
    judge = await judge_of(tx.session, by, today=now.astimezone(ZoneInfo(settings.timezone)).date())
    by = by.standing_in_for(ensure_may_review(judge, case.matter))
    if await is_ruled(tx.session, row.id):
        raise DecisionPending
    if State(row.status) not in WAITING:
        move(State(row.status), State.SUBMITTED)
    to = await unit(tx.session, unit_id)
    if to is None or judges_itself(Candidate(to.id, to.path, ""), case.unit.path):
        raise ReviewerUnitInvalid
    before = seen(row)
    row.status, row.authority_unit_id, row.routed_to_office = State.SUBMITTED.value, to.id, False
    row.reviewer_id = row.claimed_until = None
    await record(tx, row, by=by, action="reroute", now=now, before=before, reason=reason)
    return await with_authority(tx.session, case)


async def reopen_decision(
    tx: Transaction, submission_id: UUID, *, reason: str, by: Principal, settings: SubmissionSettings
) -> Case:
    """In review again, held by whoever reopens; what the decision gave is taken back by its event, not erased."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    ensure_not_sealed(case.period_facts)
    row, now = case.row, await tx.now()
    judge = await judge_of(tx.session, by, today=now.astimezone(ZoneInfo(settings.timezone)).date())
    by = by.standing_in_for(ensure_may_review(judge, case.matter))
    if row.decided_by != by.officer_id and not judge.is_office_for(case.matter):
        raise NotYourDecision
    after = reopen(
        State(row.status),
        decided_at=row.decided_at,
        appealed=bool(await appeals_of(tx.session, row.id)),
        now=now,
        hours=settings.reopen_hours,
    )
    return await put_back(tx, case, after, reason=reason, by=by, settings=settings, action="reopen")


async def put_back(
    tx: Transaction,
    case: Case,
    state: State,
    *,
    reason: str,
    by: Principal,
    settings: SubmissionSettings,
    action: str,
) -> Case:
    """As if it had not been decided; who decided first stays known, so that an appeal goes to somebody else."""
    row, now = case.row, await tx.now()
    before = seen(row)
    row.status, row.accepted_quantity, row.notice_number = state.value, None, None
    row.decided_by = row.decided_at = row.decision_reason = row.decision_clause = None
    row.repair_until = None
    held = state is State.IN_REVIEW
    row.reviewer_id = by.officer_id if held else None
    row.claimed_until = now + timedelta(minutes=settings.claim_minutes) if held else None
    await record(tx, row, by=by, action=action, now=now, before=before, reason=reason)
    return case
