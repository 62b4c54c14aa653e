"""复议: asking for a second look, and for a last one; giving up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from kernel.ids import new_id
from services.submissions.actions.proving import from_library
from services.submissions.actions.recording import record, record_appeal, seen
from services.submissions.domain.appeal import (
    AppealState,
    NotTheAppellant,
    NotYoursToAppeal,
    ensure_may_ask_again,
    ensure_may_file,
    move_appeal,
)
from services.submissions.domain.authorship import is_author
from services.submissions.domain.clocks import Days, working
from services.submissions.domain.deadlines import ensure_not_sealed
from services.submissions.domain.decision import NOTHING, AcceptAboveClaim
from services.submissions.domain.names import numbered
from services.submissions.domain.submission import State, appeal_first, move
from services.submissions.models import AppealRow
from services.submissions.queries.cases import Case, lock_case
from services.submissions.queries.facts import calendar, next_number
from services.submissions.queries.papers import get_appeal, live_appeals, lock_appeal, notice_of
from services.submissions.queries.people import author_of
from services.submissions.queries.visibility import visible_to
from services.submissions.settings import SubmissionSettings

Heard = tuple[AppealRow, Case]


@dataclass(frozen=True, slots=True)
class Plea:
    """`wanted`: the quantity that should count, None: the whole claim. `files`: hashes from the own library."""

    grounds: str
    wanted: Decimal | None = None
    files: Sequence[str] = ()


async def days_of(tx: Transaction, now: datetime, settings: SubmissionSettings) -> Days:
    zone = ZoneInfo(settings.timezone)
    today = now.astimezone(zone).date()
    return Days.of(await calendar(tx.session, since=today), since=today, zone=zone)


async def file_appeal(
    tx: Transaction, submission_id: UUID, plea: Plea, *, by: Principal, settings: SubmissionSettings
) -> Heard:
    """Object to a refusal or a reduction before the last day that its notice names."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    _ensure_party(case, by)
    row, now, zone = case.row, await tx.now(), ZoneInfo(settings.timezone)
    notice = await notice_of(tx.session, row.notice_number)
    live = await live_appeals(tx.session, row.id)
    until = ensure_may_file(notice.appeal_until if notice else None, live=len(live), now=now, zone=zone)
    days = settings.appeal_decide_days
    facts = (1, None, until, notice.clause if notice else None, days)
    return await _open(tx, case, plea, facts, now=now, by=by, settings=settings)


async def ask_again(
    tx: Transaction, appeal_id: UUID, plea: Plea, *, by: Principal, settings: SubmissionSettings
) -> Heard:
    """To the second and last instance, once the first did not give all that was asked."""
    first, case, now = await locked(tx, appeal_id, by=by)
    _ensure_party(case, by)
    live = await live_appeals(tx.session, case.row.id)
    until = ensure_may_ask_again(
        AppealState(live[0].status if live else first.status),
        level=first.level,
        until=first.again_until,
        now=now,
        zone=ZoneInfo(settings.timezone),
    )
    facts = (2, first.id, until, first.clause, settings.appeal_again_decide_days)
    return await _open(tx, case, plea, facts, now=now, by=by, settings=settings)


async def withdraw_appeal(tx: Transaction, appeal_id: UUID, *, by: Principal) -> Heard:
    """The appellant gives up; the decision stands."""
    appeal, case, now = await locked(tx, appeal_id, by=by)
    if appeal.appellant_id != by.officer_id:
        raise NotTheAppellant
    before = seen(appeal)
    appeal.status = move_appeal(AppealState(appeal.status), AppealState.WITHDRAWN).value
    await stands(tx, case, by=by, now=now, action="appeal_withdrawn", reason=None)
    await record_appeal(tx, appeal, by=by, action="appeal_withdrawn", now=now, before=before)
    return appeal, case


async def stands(
    tx: Transaction, case: Case, *, by: Principal, now: datetime, action: str, reason: str | None
) -> None:
    """Nothing changes: what counted counts."""
    row = case.row
    before = seen(row)
    row.status = move(State(row.status), State.UPHELD).value
    await record(tx, row, by=by, action=action, now=now, before=before, reason=reason)


async def locked(tx: Transaction, appeal_id: UUID, *, by: Principal) -> tuple[AppealRow, Case, datetime]:
    """The appeal and its submission, locked; submissions first, so that nobody waits in a circle."""
    found, _ = await get_appeal(tx.session, appeal_id, where=visible_to(by))
    case = await lock_case(tx.session, found.submission_id, where=visible_to(by))
    ensure_not_sealed(case.period_facts)
    return await lock_appeal(tx.session, appeal_id), case, await tx.now()


async def _open(
    tx: Transaction,
    case: Case,
    plea: Plea,
    facts: tuple[int, UUID | None, datetime, str | None, int],
    *,
    now: datetime,
    by: Principal,
    settings: SubmissionSettings,
) -> Heard:
    level, first_id, file_until, clause, days = facts
    row = case.row
    if plea.wanted is not None and plea.wanted > row.quantity:
        raise AcceptAboveClaim(quantity=str(plea.wanted), claimed=str(row.quantity))
    ensure_not_sealed(case.period_facts)
    state = State(row.status)
    status = appeal_first(state) if level == 1 else move(state, State.UNDER_APPEAL)
    clock = await days_of(tx, now, settings)
    appeal = AppealRow(
        id=new_id(),
        number=numbered(f"A{case.period.code}", await next_number(tx.session, "appeal_number")),
        submission_id=row.id,
        appellant_id=by.officer_id,
        grounds=plea.grounds,
        status=AppealState.FILED.value,
        filed_at=now,
        file_until=file_until,
        decide_until=clock.until(now, working("decide", days)),
        level=level,
        first_id=first_id,
        clause=clause,
        before_quantity=row.accepted_quantity or NOTHING,
        wanted=plea.wanted,
        files=await from_library(tx, plea.files, by=by, limit=settings.evidence_max_files),
        extended_days=0,
        by_silence=False,
        clause_wrong=False,
        created_at=now,
    )
    tx.session.add(appeal)
    before = seen(row)
    row.status, row.appeal_id = status.value, appeal.id
    action = "appeal" if level == 1 else "appeal_again"
    await record(tx, row, by=by, action=action, now=now, before=before)
    await record_appeal(tx, appeal, by=by, action="appeal_filed", now=now, before={}, reason=plea.grounds)
    return appeal, case


def _ensure_party(case: Case, by: Principal) -> None:
    row = case.row
    submitted = row.submitted_by is not None and row.submitted_by == by.officer_id
    if by.officer_id is None or not (submitted or is_author(author_of(by), case.subject)):
        raise NotYoursToAppeal
