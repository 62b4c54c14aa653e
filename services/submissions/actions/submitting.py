"""Sending work to the competent line, and taking it back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.submissions.actions.arriving import write_receipt
from services.submissions.actions.recording import record, seen
from services.submissions.domain.authorship import ensure_author, ensure_target_issued
from services.submissions.domain.deadlines import ensure_event_date, ensure_open
from services.submissions.domain.evidence import ensure_complete
from services.submissions.domain.routing import Route, route
from services.submissions.domain.submission import State, move, recall, send
from services.submissions.models import AutosaveRow
from services.submissions.queries.cases import Case, lock_case, with_authority
from services.submissions.queries.facts import (
    assessment_offices,
    kinds_upwards,
    line_authorities,
    target_status,
)
from services.submissions.queries.people import author_of
from services.submissions.queries.suspecting import suspect
from services.submissions.queries.visibility import visible_to
from services.submissions.queries.windows import window_of
from services.submissions.settings import SubmissionSettings


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, and the signed note that says so."""

    case: Case
    receipt: str


async def submit(
    tx: Transaction, submission_id: UUID, *, by: Principal, settings: SubmissionSettings
) -> Sent:
    """Send a draft, or a returned submission again, before the cut-off by the database's clock."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    return await send_case(tx, case, by=by, settings=settings)


async def send_case(tx: Transaction, case: Case, *, by: Principal, settings: SubmissionSettings) -> Sent:
    """What counts is the moment at which the lock is held: whatever is done with the work afterwards may take its time."""
    row, now, zone = case.row, await tx.now(), ZoneInfo(settings.timezone)
    ensure_author(author_of(by), case.subject, on_behalf=row.on_behalf)
    returned = row.status == State.RETURNED
    status = send(State(row.status))
    window = await window_of(tx.session, case, now=now)
    until = ensure_open(
        case.period_facts,
        open_until=window.open_until,
        repair_until=row.repair_until if returned else None,
        now=now,
        zone=zone,
    )
    ensure_target_issued(await target_status(tx.session, row.target_id))
    ensure_event_date(row.event_date, window, now=now, zone=zone)
    ensure_complete(case.indicator.evidence, len(row.evidence))
    to = await route_on(tx, path=case.unit.path, line=row.line, day=now.astimezone(zone).date())
    before = seen(row)
    row.status = status.value
    row.submitted_by, row.submitted_at = by.officer_id, now
    row.late = row.late or (not returned and window.is_late(now))
    row.authority_unit_id, row.routed_to_office = to.unit_id, to.to_office
    row.reviewer_id = row.claimed_until = None
    await record(tx, row, by=by, action="resubmit" if returned else "submit", now=now, before=before)
    receipt = await write_receipt(tx, row, open_until=until, settings=settings)
    await suspect(tx.session, row, now=now)
    if row.client_key is not None:
        saved = (AutosaveRow.account_id == by.account_id, AutosaveRow.key == row.client_key)
        await tx.session.execute(delete(AutosaveRow).where(*saved))
    return Sent(await with_authority(tx.session, case), receipt)


async def take_back(tx: Transaction, submission_id: UUID, *, by: Principal) -> Case:
    """Recall what was sent, before anybody has begun to review it, to correct it and send it again."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    row, now = case.row, await tx.now()
    ensure_author(author_of(by), case.subject, on_behalf=row.on_behalf)
    before = seen(row)
    row.status = recall(State(row.status), repairing=row.repair_until is not None).value
    row.submitted_by = row.submitted_at = None
    await record(tx, row, by=by, action="recall", now=now, before=before)
    return case


async def withdraw(tx: Transaction, submission_id: UUID, *, by: Principal) -> Case:
    """Give up what nobody has begun to review."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    row, now = case.row, await tx.now()
    ensure_author(author_of(by), case.subject, on_behalf=row.on_behalf)
    before = seen(row)
    row.status = move(State(row.status), State.WITHDRAWN).value
    await record(tx, row, by=by, action="withdraw", now=now, before=before)
    return case


async def route_on(tx: Transaction, *, path: str, line: str, day: date) -> Route:
    """Who reviews work of that unit and line on that day."""
    return route(
        unit_path=path,
        kinds=await kinds_upwards(tx.session, path),
        authorities=await line_authorities(tx.session, path=path, line=line, day=day),
        offices=await assessment_offices(tx.session, path=path, day=day),
    )
