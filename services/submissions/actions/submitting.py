"""Sending work to the competent line, and taking it back."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import true

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.submissions.actions.recording import record, seen
from services.submissions.domain.authorship import ensure_author, ensure_target_issued
from services.submissions.domain.deadlines import ensure_event_date, ensure_open
from services.submissions.domain.evidence import ensure_complete
from services.submissions.domain.routing import Route, route
from services.submissions.domain.submission import State, move, send
from services.submissions.queries.cases import Case, get_case, lock_case
from services.submissions.queries.facts import (
    assessment_offices,
    kinds_upwards,
    line_authorities,
    target_facts,
)
from services.submissions.queries.people import author_of
from services.submissions.queries.visibility import visible_to


async def submit(tx: Transaction, submission_id: UUID, *, by: Principal, zone: ZoneInfo) -> Case:
    """Send a draft, or a returned submission again, before the cut-off by the database's clock."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    row, now = case.row, await tx.now()
    ensure_author(author_of(by), case.subject)
    returned = row.status == State.RETURNED
    status = send(State(row.status))
    ensure_open(case.period_facts, repair_until=row.repair_until if returned else None, now=now, zone=zone)
    ensure_target_issued((await target_facts(tx.session, row.target_id)).target.status)
    ensure_event_date(row.event_date, case.period_facts, now=now, zone=zone)
    ensure_complete(case.indicator.evidence, len(row.evidence))
    to = await _route(tx, case, now.astimezone(zone).date())
    before = seen(row)
    row.status = status.value
    row.submitted_by, row.submitted_at = by.officer_id, now
    row.authority_unit_id, row.routed_to_office = to.unit_id, to.to_office
    row.reviewer_id = row.claimed_until = None
    await record(tx, row, by=by, action="resubmit" if returned else "submit", now=now, before=before)
    return await get_case(tx.session, row.id, where=true())


async def withdraw(tx: Transaction, submission_id: UUID, *, by: Principal) -> Case:
    """Take back what nobody has begun to review."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    row, now = case.row, await tx.now()
    ensure_author(author_of(by), case.subject)
    before = seen(row)
    row.status = move(State(row.status), State.WITHDRAWN).value
    await record(tx, row, by=by, action="withdraw", now=now, before=before)
    return case


async def _route(tx: Transaction, case: Case, day: date) -> Route:
    path = case.unit.path
    return route(
        unit_path=path,
        kinds=await kinds_upwards(tx.session, path),
        authorities=await line_authorities(tx.session, path=path, line=case.row.line, day=day),
        offices=await assessment_offices(tx.session, path=path, day=day),
    )
