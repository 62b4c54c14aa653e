"""Figures that other systems report: named, checked like any work, accepted by rule or by a reviewer."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.permissions import Role
from kernel.delivery.transaction import Transaction
from kernel.derivation import derived_secret
from kernel.errors import Forbidden, NotFound, Problem
from kernel.identity import GrantClaim, Principal
from kernel.ids import new_id
from services.submissions.actions.recording import record, seen
from services.submissions.actions.submitting import route_on
from services.submissions.domain.authorship import ensure_quantity
from services.submissions.domain.deadlines import ensure_event_date, ensure_open
from services.submissions.domain.names import numbered
from services.submissions.domain.sources import FactChanged, FactOutsideScope, FactTargetUnknown
from services.submissions.domain.submission import State
from services.submissions.models import SourceRow, SubmissionRow
from services.submissions.queries.cases import period_facts
from services.submissions.queries.facts import TargetFacts, next_number, unit
from services.submissions.queries.people import unit_served_on
from services.submissions.queries.sources import reported_before, subject_of, target_of
from services.submissions.queries.suspecting import suspect
from services.submissions.queries.windows import window_for
from services.submissions.settings import SubmissionSettings


class SourceNotFound(NotFound):
    code = "source-not-found"
    zh = "没有这个数据来源"
    en = "There is no such source"


class SourceOutsideScope(Forbidden):
    code = "source-outside-scope"
    zh = "只能在您的授权范围内登记数据来源"
    en = "Sources are registered inside the scope of one's grant"


@dataclass(frozen=True, slots=True)
class Fact:
    """`ref` is the source's own number: the same again is the same fact."""

    ref: str
    indicator_code: str
    police_number: str | None
    unit_code: str | None
    event_date: date
    quantity: Decimal
    summary: str
    case_number: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """`row` None: refused, for `problem`. `known`: it had been reported before."""

    ref: str
    row: SubmissionRow | None
    known: bool = False
    problem: Problem | None = None


def secret_of(source: SourceRow, settings: SubmissionSettings) -> bytes:
    return derived_secret(settings.service_key, f"facts/{source.id}/{source.generation}")


def shown_secret(source: SourceRow, settings: SubmissionSettings) -> str:
    """As the other system is given it, once."""
    return base64.urlsafe_b64encode(secret_of(source, settings)).decode().rstrip("=")


async def register(
    tx: Transaction,
    *,
    name: str,
    unit_id: UUID,
    indicator_codes: Sequence[str],
    auto_accept: bool,
    by: Principal,
) -> SourceRow:
    scope = await unit(tx.session, unit_id)
    if scope is None or by.officer_id is None or not by.covers("submissions:assign", scope.path):
        raise SourceOutsideScope
    row = SourceRow(
        id=new_id(), name=name, unit_id=scope.id, scope_path=scope.path, indicator_codes=list(indicator_codes),
        auto_accept=auto_accept, active=True, generation=1, created_by=by.officer_id, created_at=await tx.now(),
    )  # fmt: skip
    tx.session.add(row)
    after = {"name": name, "scope": scope.path, "auto_accept": auto_accept}
    tx.act("source_register", "source", row.id, by=by, after=after)
    return row


async def change(
    tx: Transaction, source_id: UUID, *, rotate: bool, active: bool, auto_accept: bool, by: Principal
) -> SourceRow:
    """`rotate`: a new secret; the old one is worth nothing from then on."""
    row = await tx.session.get(SourceRow, source_id, with_for_update=True)
    if row is None or not by.covers("submissions:assign", row.scope_path):
        raise SourceNotFound
    before = {"active": row.active, "auto_accept": row.auto_accept, "generation": row.generation}
    row.active, row.auto_accept, row.generation = active, auto_accept, row.generation + rotate
    after = {"active": row.active, "auto_accept": row.auto_accept, "generation": row.generation}
    tx.act("source_change", "source", row.id, by=by, before=before, after=after)
    return row


async def take_facts(
    tx: Transaction, source: SourceRow, facts: Sequence[Fact], *, settings: SubmissionSettings
) -> list[Taken]:
    """Each is taken or told why not; one that is refused does not stop the others."""
    await tx.lock("fact-source", str(source.id))
    taken = []
    for fact in facts:
        try:
            taken.append(await _take(tx, source, fact, settings=settings))
        except Problem as problem:
            taken.append(Taken(fact.ref, None, problem=problem))
    return taken


async def _take(tx: Transaction, source: SourceRow, fact: Fact, *, settings: SubmissionSettings) -> Taken:
    known = await reported_before(tx.session, source.id, fact.ref)
    if known is not None:
        if (known.quantity, known.event_date) != (fact.quantity, fact.event_date):
            raise FactChanged(number=known.number)
        return Taken(fact.ref, known, known=True)
    about = await _about(tx, source, fact)
    now, zone = await tx.now(), ZoneInfo(settings.timezone)
    ensure_quantity(fact.quantity)
    window = await window_for(
        tx.session, about.period, about.indicator, about.unit, target_id=about.target.id, now=now
    )
    period = period_facts(about.period)
    ensure_open(period, open_until=window.open_until, repair_until=None, now=now, zone=zone)
    ensure_event_date(fact.event_date, window, now=now, zone=zone)
    unit_id = about.target.subject_id
    if about.target.subject_kind == "officer":
        served = await unit_served_on(tx.session, about.target.subject_id, fact.event_date)
        unit_id = served or about.target.unit_id
    home = await unit(tx.session, unit_id) or about.unit
    to = await route_on(tx, path=home.path, line=about.indicator.line, day=now.astimezone(zone).date())
    row = SubmissionRow(
        id=new_id(),
        number=numbered(about.period.code, await next_number(tx.session, "submission_number")),
        client_key=None, scheme_id=about.target.scheme_id, period_id=about.target.period_id,
        indicator_id=about.target.indicator_id, target_id=about.target.id, line=about.indicator.line,
        subject_kind=about.target.subject_kind, subject_id=about.target.subject_id, unit_id=home.id,
        event_date=fact.event_date, quantity=fact.quantity, summary=fact.summary, case_number=fact.case_number,
        evidence=[], status=State.SUBMITTED.value, late=window.is_late(now), on_behalf=False, created_by=None,
        created_by_account=source.id, submitted_by=None, submitted_at=now, authority_unit_id=to.unit_id,
        routed_to_office=to.to_office, source=source.name, source_id=source.id, source_ref=fact.ref, created_at=now,
    )  # fmt: skip
    tx.session.add(row)
    by = _system(source)
    await record(tx, row, by=by, action="report", now=now, before={})
    await suspect(tx.session, row, now=now)
    if source.auto_accept:
        before = seen(row)
        row.status, row.accepted_quantity, row.decided_at = State.ACCEPTED.value, row.quantity, now
        await record(tx, row, by=by, action="accept_by_rule", now=now, before=before)
    return Taken(fact.ref, row)


async def _about(tx: Transaction, source: SourceRow, fact: Fact) -> TargetFacts:
    if source.indicator_codes and fact.indicator_code not in source.indicator_codes:
        raise FactOutsideScope
    subject = await subject_of(tx.session, police_number=fact.police_number, unit_code=fact.unit_code)
    about = subject and await target_of(
        tx.session, indicator_code=fact.indicator_code, subject_id=subject, day=fact.event_date
    )
    if not about:
        raise FactTargetUnknown
    if not about.unit.path.startswith(source.scope_path):
        raise FactOutsideScope
    return about


def _system(source: SourceRow) -> Principal:
    """A machine, named after the source, in the timeline and in the audit log."""
    machine = GrantClaim(Role.MACHINE, source.unit_id, source.scope_path)
    return Principal(source.id, source.id, source.name, grants=(machine,))
