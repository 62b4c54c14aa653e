"""Accepting, returning and refusing what one has claimed: first examined, then carried out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import true

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

_LEADS_TO = {"accept": State.ACCEPTED, "refuse": State.REFUSED, "return": State.RETURNED}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`quantity` None: the whole claim. `repair_until` of what is returned."""

    quantity: Decimal | None = None
    reason: str | None = None
    clause: str | None = None
    repair_until: datetime | None = None

    def plain(self) -> dict[str, Any]:
        return {
            "quantity": None if self.quantity is None else str(self.quantity),
            "reason": self.reason,
            "clause": self.clause,
            "repair_until": self.repair_until.isoformat() if self.repair_until else None,
        }

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        until, quantity = kept["repair_until"], kept["quantity"]
        return cls(
            None if quantity is None else Decimal(quantity),
            kept["reason"],
            kept["clause"],
            datetime.fromisoformat(until) if until else None,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one item of a batch fared, and who decides it: in whose place can differ from one to the next."""

    id: UUID
    case: Case | None
    problem: Problem | None
    by: Principal


async def examine(
    tx: Transaction,
    submission_id: UUID,
    kind: str,
    verdict: Verdict,
    *,
    by: Principal,
    settings: SubmissionSettings,
    settled: bool = False,
) -> tuple[Case, Principal]:
    """The locked case if the decision may be made, and by whose right. `settled`: that was found when it was made."""
    case = await lock_case(tx.session, submission_id, where=true() if settled else visible_to(by))
    ensure_not_sealed(case.period_facts)
    row = case.row
    if not settled:
        today = (await tx.now()).astimezone(ZoneInfo(settings.timezone)).date()
        judge = await judge_of(tx.session, by, today=today)
        by = by.standing_in_for(ensure_may_review(judge, case.matter))
    held = Claim(row.reviewer_id, row.claimed_until)
    ensure_claimed(State(row.status), held, officer_id=by.officer_id, to=_LEADS_TO[kind])
    if kind == "accept":
        accepted_quantity(row.quantity, verdict.quantity, reason=verdict.reason, clause=verdict.clause)
    elif kind == "return" and not settled:
        repair_deadline(verdict.repair_until, now=await tx.now(), days=settings.repair_days)
    return case, by


async def carry_out(
    tx: Transaction, case: Case, kind: str, verdict: Verdict, *, by: Principal, settings: SubmissionSettings
) -> None:
    """Write an examined decision down, and tell it."""
    row = case.row
    if kind == "return":
        await _give_back(tx, case, verdict, by=by, settings=settings)
    elif kind == "refuse":
        await _decide(tx, case, State.REFUSED, NOTHING, verdict, by=by, settings=settings, action="refuse")
    else:
        quantity = accepted_quantity(
            row.quantity, verdict.quantity, reason=verdict.reason, clause=verdict.clause
        )
        action = "reduce" if quantity < row.quantity else "accept"
        await _decide(tx, case, State.ACCEPTED, quantity, verdict, by=by, settings=settings, action=action)


async def examine_batch(
    tx: Transaction, ids: Sequence[UUID], *, by: Principal, settings: SubmissionSettings
) -> list[Outcome]:
    """Each that may be accepted in full, claimed if it was free; of the others, why not."""
    cases = await lock_cases(tx.session, ids, where=visible_to(by))
    now = await tx.now()
    judge = await judge_of(tx.session, by, today=now.astimezone(ZoneInfo(settings.timezone)).date())
    outcomes = []
    for submission_id in dict.fromkeys(ids):
        case = cases.get(submission_id)
        if case is None:
            outcomes.append(Outcome(submission_id, None, SubmissionNotFound(), by))
            continue
        row, held = case.row, Claim(case.row.reviewer_id, case.row.claimed_until)
        try:
            ensure_not_sealed(case.period_facts)
            acting = by.standing_in_for(ensure_may_review(judge, case.matter))
            claim(State(row.status), held, officer_id=by.officer_id, now=now, shown_until="")
        except Problem as problem:
            outcomes.append(Outcome(submission_id, None, problem, by))
            continue
        if row.reviewer_id != by.officer_id or row.status != State.IN_REVIEW:
            await hold(tx, case, by=acting, settings=settings)
        outcomes.append(Outcome(submission_id, case, None, acting))
    return outcomes


async def _give_back(
    tx: Transaction, case: Case, verdict: Verdict, *, by: Principal, settings: SubmissionSettings
) -> None:
    """Back to the author, who may repair and send it again until the deadline, even after the cut-off."""
    row, now = case.row, await tx.now()
    until = verdict.repair_until
    if until is None or until <= now:
        until = repair_deadline(None, now=now, days=settings.repair_days)
    before = seen(row)
    row.status, row.repair_until, row.decision_reason = State.RETURNED.value, until, verdict.reason
    row.first_decided_by = row.first_decided_by or by.officer_id
    row.decided_by, row.decided_at, row.claimed_until = by.officer_id, now, None
    await record(tx, row, by=by, action="return", now=now, before=before, reason=verdict.reason)


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
    row.notice_number = None
    if quantity < row.quantity:
        row.notice_number = await issue_notice(tx, case, by=by, now=now, settings=settings)
    await record(tx, row, by=by, action=action, now=now, before=before, reason=verdict.reason)
