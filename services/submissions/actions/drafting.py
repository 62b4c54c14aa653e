"""Writing a submission down before it is sent."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import String, Uuid, bindparam, select, true

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from kernel.ids import new_id
from services.submissions.actions.proving import from_library
from services.submissions.actions.recording import record, seen
from services.submissions.domain.authorship import (
    Subject,
    ensure_author,
    ensure_quantity,
    ensure_target_issued,
    is_author,
)
from services.submissions.domain.changes import ensure_version
from services.submissions.domain.deadlines import ensure_event_date
from services.submissions.domain.names import numbered
from services.submissions.domain.submission import State, ensure_editable
from services.submissions.models import SubmissionRow
from services.submissions.queries.cases import Case, get_case, lock_case, new_case
from services.submissions.queries.facts import TargetFacts, next_number, target_facts
from services.submissions.queries.people import author_of, unit_served_on
from services.submissions.queries.visibility import visible_to
from services.submissions.queries.windows import window_for, window_of
from services.submissions.settings import SubmissionSettings

_MADE = select(SubmissionRow.id).where(
    SubmissionRow.created_by_account == bindparam("account", type_=Uuid),
    SubmissionRow.client_key == bindparam("key", type_=String),
)


@dataclass(frozen=True, slots=True)
class Work:
    """What is claimed."""

    target_id: UUID
    event_date: date
    quantity: Decimal
    summary: str
    case_number: str | None
    client_key: str | None
    on_behalf: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corrections:
    """What of a draft is to be different; None stays as it is, an empty case number removes it."""

    version: int | None
    event_date: date | None = None
    quantity: Decimal | None = None
    summary: str | None = None
    case_number: str | None = None


async def write_draft(tx: Transaction, work: Work, *, by: Principal, settings: SubmissionSettings) -> Case:
    """A new draft; the one made before when the client sends the same key again. `files` are taken from the library."""
    earlier = await made_before(tx, work, by=by)
    if earlier is not None:
        return await get_case(tx.session, earlier, where=true())
    return await write_new(tx, work, by=by, settings=settings)


async def write_new(tx: Transaction, work: Work, *, by: Principal, settings: SubmissionSettings) -> Case:
    """A draft whose key is known to be new: see `made_before`."""
    facts, now, zone = (
        await target_facts(tx.session, work.target_id),
        await tx.now(),
        ZoneInfo(settings.timezone),
    )
    target = facts.target
    author, subject = author_of(by), Subject(target.subject_kind, target.subject_id, facts.unit.path)
    ensure_author(author, subject, on_behalf=work.on_behalf)
    ensure_target_issued(target.status)
    ensure_quantity(work.quantity)
    window = await window_for(
        tx.session, facts.period, facts.indicator, facts.unit, target_id=target.id, now=now
    )
    ensure_event_date(work.event_date, window, now=now, zone=zone)
    row = SubmissionRow(
        id=new_id(),
        number=numbered(facts.period.code, await next_number(tx.session, "submission_number")),
        client_key=work.client_key,
        scheme_id=target.scheme_id,
        period_id=target.period_id,
        indicator_id=target.indicator_id,
        target_id=target.id,
        line=facts.indicator.line,
        subject_kind=target.subject_kind,
        subject_id=target.subject_id,
        unit_id=await _unit_on(tx, facts, work.event_date),
        event_date=work.event_date,
        quantity=work.quantity,
        summary=work.summary,
        case_number=work.case_number,
        evidence=await from_library(tx, work.files, by=by, limit=settings.evidence_max_files),
        status=State.DRAFT.value,
        late=False,
        routed_to_office=False,
        created_by=by.officer_id,
        created_by_account=by.account_id,
        on_behalf=not is_author(author, subject),
        created_at=now,
    )
    tx.session.add(row)
    await record(tx, row, by=by, action="draft", now=now, before={})
    return await new_case(tx.session, row, facts)


async def correct(
    tx: Transaction, submission_id: UUID, changes: Corrections, *, by: Principal, settings: SubmissionSettings
) -> Case:
    """Change a draft, or what was returned for repair."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    row, now = case.row, await tx.now()
    ensure_author(author_of(by), case.subject, on_behalf=row.on_behalf)
    ensure_editable(State(row.status))
    ensure_version(row.version, changes.version)
    before = seen(row)
    if changes.event_date is not None:
        window = await window_of(tx.session, case, now=now)
        ensure_event_date(changes.event_date, window, now=now, zone=ZoneInfo(settings.timezone))
        row.event_date = changes.event_date
        row.unit_id = await _unit_on(tx, await target_facts(tx.session, row.target_id), changes.event_date)
    if changes.quantity is not None:
        ensure_quantity(changes.quantity)
        row.quantity = changes.quantity
    if changes.summary is not None:
        row.summary = changes.summary
    if changes.case_number is not None:
        row.case_number = changes.case_number or None
    await record(tx, row, by=by, action="correct", now=now, before=before)
    return await get_case(tx.session, row.id, where=true())


async def _unit_on(tx: Transaction, facts: TargetFacts, day: date) -> UUID:
    """Work counts for the unit of its own day; without a posting on it, for the unit that carries the target."""
    if facts.target.subject_kind == "unit":
        return facts.target.subject_id
    return await unit_served_on(tx.session, facts.target.subject_id, day) or facts.target.unit_id


async def made_before(tx: Transaction, work: Work, *, by: Principal) -> UUID | None:
    """What was made under the same key; from here on nobody else makes anything under it until the transaction ends."""
    if work.client_key is None:
        return None
    await tx.lock("submission-client-key", str(by.account_id), work.client_key)
    return await tx.session.scalar(_MADE, {"account": by.account_id, "key": work.client_key})
