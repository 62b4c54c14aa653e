"""Later deadlines: for many at once with a reason, or for one target on a late application."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.db.conflicts import conflicts
from kernel.delivery.recusals import free_of
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.recusal import About
from services.targets import messages
from services.targets.actions.recording import record, seen
from services.targets.domain.target import OutsideScope, ensure_binding
from services.targets.domain.windows import ensure_later, ensure_past
from services.targets.models import ExtensionRow, LateApplicationRow, PeriodRow, TargetRow
from services.targets.queries import org
from services.targets.queries.calendar import cutoff_of, get_campaign, get_extension, get_late, open_until
from services.targets.queries.readiness import scope_of
from services.targets.queries.schemes import get_scheme, indicators_of
from services.targets.queries.targets import get_target
from services.targets.queries.visibility import schemes_visible_to, visible_to


class ExtensionUnknownPart(Invalid):
    code = "extension-unknown-part"
    zh = "周期、专项、指标或单位不属于该方案的范围"
    en = "The period, campaign, indicator or unit does not belong to the scheme"


class PeriodSealed(Conflict):
    code = "period-already-sealed"
    zh = "考核周期 {period} 已封存,不能再延长"
    en = "The period {period} is sealed and cannot be extended any more"


class LateAskedAlready(Conflict):
    code = "late-asked-already"
    zh = "该任务已有补报申请在办"
    en = "There is an open late application for this target already"


class LateDecided(Conflict):
    code = "late-decided"
    zh = "该申请已办结({status})"
    en = "This application is settled: {status}"


class NotYoursToAsk(Forbidden):
    code = "not-yours-to-ask"
    zh = "只能由本人或单位负责人申请补报"
    en = "Only the officer himself, or a leader of the unit, asks for this"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a period is extended; ids that are None narrow nothing down."""

    period_id: UUID
    campaign_id: UUID | None
    unit_id: UUID | None
    indicator_id: UUID | None


async def grant_extension(
    tx: Transaction,
    scheme_id: UUID,
    wanted: Wanted,
    *,
    until: datetime,
    reason: str,
    by: Principal,
    zone: ZoneInfo,
) -> ExtensionRow:
    scheme = await get_scheme(tx.session, scheme_id, where=schemes_visible_to(by))
    scope = await scope_of(tx.session, scheme.scope_unit_id)
    period = await _period(tx, wanted.period_id)
    path, cutoff = scope.path, period.cutoff_at
    fits = period.scheme_id == scheme.id
    if wanted.unit_id is not None:
        unit = (await org.units(tx.session, [wanted.unit_id])).get(wanted.unit_id)
        fits = fits and unit is not None and unit.path.startswith(scope.path)
        path = unit.path if unit is not None else path
    if wanted.indicator_id is not None:
        fits = fits and wanted.indicator_id in {i.id for i in await indicators_of(tx.session, scheme.id)}
    if wanted.campaign_id is not None:
        campaign, _ = await get_campaign(tx.session, wanted.campaign_id, by=by)
        fits, cutoff = fits and campaign.period_id == period.id, campaign.cutoff_at
    if not fits:
        raise ExtensionUnknownPart
    if not by.covers("targets:calendar", path):
        raise OutsideScope
    if wanted.unit_id not in {None, scheme.scope_unit_id}:
        await _ensure_free(tx, About("unit", wanted.unit_id, path), by=by, zone=zone)
    ensure_later(until, cutoff)
    row = ExtensionRow(
        id=new_id(),
        scheme_id=scheme.id,
        period_id=period.id,
        campaign_id=wanted.campaign_id,
        unit_id=wanted.unit_id,
        indicator_id=wanted.indicator_id,
        target_id=None,
        until=until,
        reason=reason,
        late=False,
        granted_by=by.officer_id,
        granted_at=await tx.now(),
        revoked=False,
    )
    return await _grant(tx, row, by=by, reason=reason)


async def revoke_extension(
    tx: Transaction, extension_id: UUID, *, reason: str, by: Principal, zone: ZoneInfo
) -> ExtensionRow:
    """What was sent while it held stays sent."""
    row = await get_extension(tx.session, extension_id, by=by)
    scheme = await get_scheme(tx.session, row.scheme_id, where=schemes_visible_to(by))
    units = await org.units(tx.session, {row.unit_id or scheme.scope_unit_id})
    if not all(by.covers("targets:calendar", unit.path) for unit in units.values()):
        raise OutsideScope
    if row.target_id is not None:
        target = await tx.session.get_one(TargetRow, row.target_id)
        unit = (await org.units(tx.session, [target.unit_id]))[target.unit_id]
        await _ensure_free(tx, About(target.subject_kind, target.subject_id, unit.path), by=by, zone=zone)
    elif row.unit_id not in {None, scheme.scope_unit_id}:
        await _ensure_free(tx, About("unit", row.unit_id, units[row.unit_id].path), by=by, zone=zone)
    before = seen(row)
    row.revoked = True
    await tx.publish(messages.extension, row)
    record(tx, row, by=by, action="revoke", now=await tx.now(), before=before, reason=reason)
    return row


async def ask_late(
    tx: Transaction, target_id: UUID, *, reason: str, until: datetime | None, by: Principal
) -> LateApplicationRow:
    """补报申请, after the cut-off; to the assessment office of the unit that issued the target."""
    target = await get_target(tx.session, target_id, where=visible_to(by))
    ensure_binding(target.status)
    unit = (await org.units(tx.session, [target.unit_id]))[target.unit_id]
    own = target.subject_kind == "officer" and target.subject_id == by.officer_id
    if by.officer_id is None or not (own or by.covers("targets:cascade", unit.path)):
        raise NotYoursToAsk
    period = await _period(tx, target.period_id)
    now = await tx.now()
    ensure_past(await open_until(tx.session, target), now)
    scheme = await get_scheme(tx.session, target.scheme_id, where=schemes_visible_to(by))
    row = LateApplicationRow(
        id=new_id(),
        scheme_id=target.scheme_id,
        period_id=period.id,
        target_id=target.id,
        subject_kind=target.subject_kind,
        subject_id=target.subject_id,
        unit_id=target.unit_id,
        deciding_unit_id=await org.office_for(tx.session, unit.path, scheme.scope_unit_id),
        asked_by=by.officer_id,
        asked_at=now,
        reason=reason,
        status="asked",
        until=until,
    )
    tx.session.add(row)
    with conflicts({"uq_late_application_open": LateAskedAlready}):
        await tx.publish(messages.late_application, row)
    record(tx, row, by=by, action="ask_late", now=now, before={}, reason=reason, on=target)
    return row


async def decide_late(
    tx: Transaction,
    application_id: UUID,
    *,
    granted: bool,
    until: datetime | None,
    reason: str,
    by: Principal,
    zone: ZoneInfo,
) -> LateApplicationRow:
    """Granted, the target is open until `until`; without one, for as long as was asked for."""
    row = await get_late(tx.session, application_id, by=by, locked=True)
    unit = (await org.units(tx.session, [row.unit_id]))[row.unit_id]
    if not by.covers("targets:calendar", unit.path):
        raise OutsideScope
    await _ensure_free(tx, About(row.subject_kind, row.subject_id, unit.path), by=by, zone=zone)
    _ensure_open(row)
    target = await tx.session.get_one(TargetRow, row.target_id)
    now = await tx.now()
    before = seen(row)
    row.status, row.decision_reason = ("granted" if granted else "refused"), reason
    row.decided_by, row.decided_at = by.officer_id, now
    cutoff, campaign = await cutoff_of(tx.session, target)
    if granted:
        await _period(tx, row.period_id)
        row.until = until or row.until
        ensure_later(row.until or cutoff, max(cutoff, now))
    await tx.publish(messages.late_application, row)
    record(tx, row, by=by, action=f"late_{row.status}", now=now, before=before, reason=reason, on=target)
    if granted:
        extension = ExtensionRow(
            id=new_id(),
            scheme_id=row.scheme_id,
            period_id=row.period_id,
            campaign_id=campaign.id if campaign else None,
            target_id=row.target_id,
            until=row.until,
            reason=reason,
            late=True,
            granted_by=by.officer_id,
            granted_at=now,
            revoked=False,
        )
        await _grant(tx, extension, by=by, reason=reason)
    return row


async def withdraw_late(tx: Transaction, application_id: UUID, *, by: Principal) -> LateApplicationRow:
    row = await get_late(tx.session, application_id, by=by, locked=True)
    if row.asked_by != by.officer_id:
        raise NotYoursToAsk
    _ensure_open(row)
    before = seen(row)
    row.status = "withdrawn"
    await tx.publish(messages.late_application, row)
    target = await tx.session.get_one(TargetRow, row.target_id)
    record(tx, row, by=by, action="late_withdrawn", now=await tx.now(), before=before, on=target)
    return row


async def _grant(tx: Transaction, row: ExtensionRow, *, by: Principal, reason: str) -> ExtensionRow:
    tx.session.add(row)
    await tx.publish(messages.extension, row)
    record(tx, row, by=by, action="extend", now=row.granted_at, before={}, reason=reason)
    return row


async def _ensure_free(tx: Transaction, about: About, *, by: Principal, zone: ZoneInfo) -> None:
    """Nobody gives himself, his unit or whom he is recused from more time, or less; this right is never delegated."""
    today = (await tx.now()).astimezone(zone).date()
    await free_of(tx, "targets:calendar", about, today=today, by=by)


async def _period(tx: Transaction, period_id: UUID) -> PeriodRow:
    row = await tx.session.get(PeriodRow, period_id)
    if row is None:
        raise ExtensionUnknownPart
    if row.status == "sealed":
        raise PeriodSealed(period=row.code)
    return row


def _ensure_open(row: LateApplicationRow) -> None:
    if row.status != "asked":
        raise LateDecided(status=row.status)
