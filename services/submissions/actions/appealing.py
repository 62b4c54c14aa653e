"""复议: asking for a second look, and giving it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from kernel.ids import new_id
from services.submissions.actions.recording import record, record_appeal, seen
from services.submissions.domain.appeal import (
    AppealState,
    NotTheAppellant,
    NotYoursToAppeal,
    ensure_may_file,
    move_appeal,
)
from services.submissions.domain.authorship import is_author
from services.submissions.domain.deadlines import end_of_window, ensure_not_sealed
from services.submissions.domain.decision import NOTHING, appealed_quantity
from services.submissions.domain.impartiality import OwnWork, ensure_may_decide_appeal
from services.submissions.domain.names import numbered
from services.submissions.domain.submission import State, move
from services.submissions.models import AppealRow
from services.submissions.queries.cases import Case, lock_case
from services.submissions.queries.facts import calendar, next_number
from services.submissions.queries.papers import get_appeal, live_appeals, lock_appeal, notice_of
from services.submissions.queries.people import author_of, judge_of
from services.submissions.queries.visibility import visible_to
from services.submissions.settings import SubmissionSettings

Heard = tuple[AppealRow, Case]


@dataclass(frozen=True, slots=True)
class Ruling:
    outcome: AppealState
    quantity: Decimal | None
    reason: str


async def file_appeal(
    tx: Transaction, submission_id: UUID, *, grounds: str, by: Principal, settings: SubmissionSettings
) -> Heard:
    """Object to a refusal or a reduction before the last day that its notice names."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    ensure_not_sealed(case.period_facts)
    row, now, zone = case.row, await tx.now(), ZoneInfo(settings.timezone)
    submitted = row.submitted_by is not None and row.submitted_by == by.officer_id
    if by.officer_id is None or not (submitted or is_author(author_of(by), case.subject)):
        raise NotYoursToAppeal
    notice, live = await notice_of(tx.session, row.id), await live_appeals(tx.session, row.id)
    until = ensure_may_file(notice.appeal_until if notice else None, live=len(live), now=now, zone=zone)
    status = move(State(row.status), State.UNDER_APPEAL)
    holidays = await calendar(tx.session, since=now.astimezone(zone).date())
    appeal = AppealRow(
        id=new_id(),
        number=numbered(f"A{case.period.code}", await next_number(tx.session, "appeal_number")),
        submission_id=row.id,
        appellant_id=by.officer_id,
        grounds=grounds,
        status=AppealState.FILED.value,
        filed_at=now,
        file_until=until,
        decide_until=end_of_window(now, settings.appeal_decide_days, calendar=holidays, zone=zone),
        created_at=now,
    )
    tx.session.add(appeal)
    before = seen(row)
    row.status, row.appeal_id = status.value, appeal.id
    await record(tx, row, by=by, action="appeal", now=now, before=before)
    await record_appeal(tx, appeal, by=by, action="appeal_filed", now=now, before={}, reason=grounds)
    return appeal, case


async def admit(tx: Transaction, appeal_id: UUID, *, by: Principal, settings: SubmissionSettings) -> Heard:
    """The appeal will be looked into."""
    appeal, case, now = await _judged(tx, appeal_id, by=by, settings=settings)
    before = seen(appeal)
    appeal.status = move_appeal(AppealState(appeal.status), AppealState.ADMITTED).value
    appeal.admitted_by = by.officer_id
    await record_appeal(tx, appeal, by=by, action="appeal_admitted", now=now, before=before)
    return appeal, case


async def not_admit(
    tx: Transaction, appeal_id: UUID, *, reason: str, by: Principal, settings: SubmissionSettings
) -> Heard:
    """The appeal is not looked into, for a reason; the decision stands."""
    appeal, case, now = await _judged(tx, appeal_id, by=by, settings=settings)
    before = seen(appeal)
    appeal.status = move_appeal(AppealState(appeal.status), AppealState.NOT_ADMITTED).value
    appeal.decided_by, appeal.decided_at, appeal.decision_reason = by.officer_id, now, reason
    await _stands(tx, case, by=by, now=now, action="appeal_not_admitted", reason=reason)
    await record_appeal(
        tx, appeal, by=by, action="appeal_not_admitted", now=now, before=before, reason=reason
    )
    return appeal, case


async def decide(
    tx: Transaction, appeal_id: UUID, ruling: Ruling, *, by: Principal, settings: SubmissionSettings
) -> Heard:
    """Uphold the decision, or change it in favour of the appellant; never worse than before."""
    appeal, case, now = await _judged(tx, appeal_id, by=by, settings=settings)
    row, outcome = case.row, State(ruling.outcome.value)
    status = move_appeal(AppealState(appeal.status), ruling.outcome)
    after = move(State(row.status), outcome)
    quantity = appealed_quantity(
        outcome,
        claimed=row.quantity,
        accepted=row.accepted_quantity or NOTHING,
        wanted=ruling.quantity,
    )
    before, before_row = seen(appeal), seen(row)
    appeal.status, appeal.accepted_quantity = status.value, quantity
    appeal.decided_by, appeal.decided_at, appeal.decision_reason = by.officer_id, now, ruling.reason
    row.status, row.accepted_quantity = after.value, quantity
    row.decided_by, row.decided_at, row.decision_reason = by.officer_id, now, ruling.reason
    action = f"appeal_{ruling.outcome}"
    await record(tx, row, by=by, action=action, now=now, before=before_row, reason=ruling.reason)
    await record_appeal(tx, appeal, by=by, action=action, now=now, before=before, reason=ruling.reason)
    return appeal, case


async def withdraw_appeal(tx: Transaction, appeal_id: UUID, *, by: Principal) -> Heard:
    """The appellant gives up; the decision stands."""
    appeal, case, now = await _locked(tx, appeal_id, by=by)
    if appeal.appellant_id != by.officer_id:
        raise NotTheAppellant
    before = seen(appeal)
    appeal.status = move_appeal(AppealState(appeal.status), AppealState.WITHDRAWN).value
    await _stands(tx, case, by=by, now=now, action="appeal_withdrawn", reason=None)
    await record_appeal(tx, appeal, by=by, action="appeal_withdrawn", now=now, before=before)
    return appeal, case


async def _stands(
    tx: Transaction, case: Case, *, by: Principal, now: datetime, action: str, reason: str | None
) -> None:
    row = case.row
    before = seen(row)
    row.status = move(State(row.status), State.UPHELD).value
    await record(tx, row, by=by, action=action, now=now, before=before, reason=reason)


async def _judged(
    tx: Transaction, appeal_id: UUID, *, by: Principal, settings: SubmissionSettings
) -> tuple[AppealRow, Case, datetime]:
    appeal, case, now = await _locked(tx, appeal_id, by=by)
    judge = await judge_of(tx.session, by, today=now.astimezone(ZoneInfo(settings.timezone)).date())
    if judge.officer_id == appeal.appellant_id:
        raise OwnWork
    ensure_may_decide_appeal(judge, case.matter)
    return appeal, case, now


async def _locked(tx: Transaction, appeal_id: UUID, *, by: Principal) -> tuple[AppealRow, Case, datetime]:
    found, _ = await get_appeal(tx.session, appeal_id, where=visible_to(by))
    case = await lock_case(tx.session, found.submission_id, where=visible_to(by))
    ensure_not_sealed(case.period_facts)
    return await lock_appeal(tx.session, appeal_id), case, await tx.now()
