"""Revising a published scheme as a whole: written as changes, checked, put in force on its day; nothing is overwritten."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Finding, Invalid, NotFound
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets import messages
from services.targets.actions.describing import IndicatorCodeTaken, revision_of
from services.targets.actions.drafting import scheme_for_change
from services.targets.actions.recording import moved, record, seen
from services.targets.actions.versioning import keep_version
from services.targets.domain import checks
from services.targets.domain.initials import initials
from services.targets.domain.rule_check import checked_rule, exact
from services.targets.domain.scheme import SchemeState, ensure_published, ensure_version
from services.targets.models import IndicatorRow, SchemeRevisionRow, SchemeRow
from services.targets.queries.readiness import facts_of
from services.targets.queries.schemes import get_revision, indicators_of
from services.targets.queries.visibility import schemes_visible_to


class RevisionPending(Conflict):
    code = "revision-pending"
    zh = "该方案已有一份尚未生效的修订"
    en = "The scheme has a revision already that is not in force yet"


class RevisionSettled(Conflict):
    code = "revision-settled"
    zh = "该修订已生效或已放弃"
    en = "The revision is in force already, or was dropped"


class EffectiveDayInvalid(Invalid):
    code = "effective-day-invalid"
    zh = "生效日期应在今天或之后"
    en = "A revision takes effect today or later"


async def open_revision(
    tx: Transaction,
    scheme_id: UUID,
    *,
    effective_from: date,
    reason: str,
    changes: dict[str, Any],
    by: Principal,
) -> SchemeRevisionRow:
    """`changes`: {scheme: {field: value}, indicators: {id: {field: value}}, add: [indicator], retire: [id]}, as JSON."""
    scheme = await scheme_for_change(tx, scheme_id, by=by)
    ensure_published(scheme.status)
    row = SchemeRevisionRow(
        id=new_id(),
        scheme_id=scheme.id,
        status="open",
        effective_from=effective_from,
        reason=reason,
        changes=changes,
        account_id=by.account_id,
        officer_id=by.officer_id,
        actor=by.name,
        problems=[],
    )
    tx.session.add(row)
    with conflicts({"uq_scheme_revision_pending": RevisionPending}):
        await tx.session.flush()
    record(tx, scheme, by=by, action="revision_open", now=await tx.now(), before=seen(scheme), reason=reason)
    return row


async def change_revision(
    tx: Transaction,
    revision_id: UUID,
    *,
    version: int,
    effective_from: date,
    reason: str,
    changes: dict[str, Any],
    by: Principal,
) -> SchemeRevisionRow:
    row, _ = await _lock(tx, revision_id, by=by)
    ensure_version(row.version, version)
    row.status, row.effective_from, row.reason, row.changes = "open", effective_from, reason, changes
    await tx.session.flush()
    return row


async def drop_revision(
    tx: Transaction, revision_id: UUID, *, reason: str, by: Principal
) -> SchemeRevisionRow:
    row, scheme = await _lock(tx, revision_id, by=by)
    row.status = "dropped"
    await tx.session.flush()
    record(tx, scheme, by=by, action="revision_drop", now=await tx.now(), before=seen(scheme), reason=reason)
    return row


async def schedule_revision(
    tx: Transaction, revision_id: UUID, *, by: Principal, zone: ZoneInfo
) -> SchemeRevisionRow:
    """Binding from its day on: at once if that is today. Raises SchemeNotReady with every error."""
    row, scheme = await _lock(tx, revision_id, by=by)
    today = (await tx.now()).astimezone(zone).date()
    if row.effective_from < today:
        raise EffectiveDayInvalid
    checks.ensure_ready(await findings_of(tx, scheme, row.changes, today=today))
    await tx.session.refresh(scheme)
    await tx.session.refresh(row)
    if row.effective_from == today:
        await _put_in_force(tx, scheme, row)
    else:
        row.status = "scheduled"
        await tx.session.flush()
        record(
            tx, scheme, by=by, action="revision_schedule", now=await tx.now(), before=seen(scheme), reason=row.reason,
            more={"effective_from": row.effective_from.isoformat()},
        )  # fmt: skip
    return row


async def put_due_in_force(tx: Transaction, *, zone: ZoneInfo) -> bool:
    """One revision whose day has come; whether there was one. One that does not hold any more waits for its author."""
    today = (await tx.now()).astimezone(zone).date()
    row = await tx.session.scalar(
        select(SchemeRevisionRow)
        .where(SchemeRevisionRow.status == "scheduled", SchemeRevisionRow.effective_from <= today)
        .order_by(SchemeRevisionRow.effective_from, SchemeRevisionRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return False
    scheme = await tx.session.get_one(SchemeRow, row.scheme_id, with_for_update=True)
    found = await findings_of(tx, scheme, row.changes, today=today)
    await tx.session.refresh(scheme)
    await tx.session.refresh(row)
    errors = [c.finding for c in found if c.severity is checks.Severity.ERROR]
    if errors or scheme.status != SchemeState.PUBLISHED:
        row.status, row.problems = "open", [_plain(finding) for finding in errors]
        await tx.session.flush()
        record(tx, scheme, by=None, action="revision_fails", now=await tx.now(), before=seen(scheme))
        return True
    await _put_in_force(tx, scheme, row)
    return True


async def findings_of(
    tx: Transaction, scheme: SchemeRow, changes: dict[str, Any], *, today: date
) -> list[checks.Checked]:
    """What would stand against the scheme with these changes; they are applied for the check and taken back."""
    async with tx.session.begin_nested() as tried:
        try:
            await _apply(tx, scheme, changes)
            found = checks.check(await facts_of(tx.session, scheme, today=today))
        finally:
            await tried.rollback()
    tx.session.expire_all()
    return found


async def _put_in_force(tx: Transaction, scheme: SchemeRow, row: SchemeRevisionRow) -> None:
    before, now = seen(scheme), await tx.now()
    changed, added = await _apply(tx, scheme, row.changes)
    scheme.revision += 1
    scheme.effective_from, scheme.reason = row.effective_from, row.reason
    author = Principal(row.account_id, row.account_id, row.actor, row.officer_id)
    for indicator in changed:
        indicator.revision += 1
    tx.session.add_all(
        [revision_of(one, by=author, now=now, reason=row.reason) for one in (*changed, *added)]
    )
    row.status, row.problems = "in_force", []
    await tx.publish(messages.scheme, scheme)
    with conflicts({"uq_indicator_scheme_id_code": IndicatorCodeTaken}):
        await tx.publish_many(messages.indicator, [*changed, *added])
    await keep_version(
        tx,
        scheme,
        effective_from=row.effective_from,
        reason=row.reason,
        by=None,
        actor=row.actor,
        account_id=row.account_id,
        now=now,
    )
    more = {"indicators": [one.code for one in (*changed, *added)]}
    record(tx, scheme, by=author, action="revise", now=now, before=before, reason=row.reason, more=more)


async def _apply(
    tx: Transaction, scheme: SchemeRow, changes: dict[str, Any]
) -> tuple[list[IndicatorRow], list[IndicatorRow]]:
    """The indicators that changed, and those that are new. Raises NotFound for one that the scheme does not have."""
    for name, value in (changes.get("scheme") or {}).items():
        setattr(scheme, name, Decimal(value) if name in _POINTS and value is not None else value)
    known = {str(i.id): i for i in await indicators_of(tx.session, scheme.id)}
    said: dict[str, Any] = {key: dict(fields) for key, fields in (changes.get("indicators") or {}).items()}
    for retired in changes.get("retire") or ():
        said.setdefault(retired, {})["active"] = False
    if set(said) - set(known):
        raise NotFound
    for key, fields in said.items():
        _say(known[key], fields)
    changed = [known[key] for key in said if moved(tx, [known[key]])]
    added = []
    for n, fields in enumerate(changes.get("add") or (), 1):
        row = IndicatorRow(
            id=new_id(), scheme_id=scheme.id, revision=1, active=True, position=len(known) + n, example=None
        )
        _say(row, fields)
        tx.session.add(row)
        added.append(row)
    with conflicts({"uq_indicator_scheme_id_code": IndicatorCodeTaken}):
        await tx.session.flush()
    return changed, added


_POINTS = frozenset({"bonus_cap", "deduction_cap", "second_signature_above"})


def _say(row: IndicatorRow, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, Decimal(value) if name == "full_marks" else value)
    row.rule = checked_rule(row.rule)
    row.example, row.initials = exact(row.example), initials(row.name)


async def _lock(tx: Transaction, revision_id: UUID, *, by: Principal) -> tuple[SchemeRevisionRow, SchemeRow]:
    found = await get_revision(tx.session, revision_id, where=schemes_visible_to(by))
    scheme = await scheme_for_change(tx, found.scheme_id, by=by)
    row = await get_revision(tx.session, revision_id, where=schemes_visible_to(by), locked=True)
    if row.status not in {"open", "scheduled"}:
        raise RevisionSettled
    return row, scheme


def _plain(finding: Finding) -> dict[str, str]:
    return {"place": finding.place, "code": finding.code, "zh": finding.zh, "en": finding.en}
