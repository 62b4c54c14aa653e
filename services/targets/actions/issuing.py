"""Making targets in bulk, issuing and acknowledging them: a few statements for thousands of rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import update

from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Finding, Findings
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets import messages
from services.targets.actions.recording import record_many, seen
from services.targets.domain.scheme import ensure_published
from services.targets.domain.target import (
    NotYoursToAcknowledge,
    OutsideScope,
    TargetState,
    ensure_period_open,
    move,
    subject_kind_fits,
)
from services.targets.models import TargetRow
from services.targets.queries import org
from services.targets.queries.readiness import scope_of
from services.targets.queries.schemes import get_scheme, indicators_of, periods_of
from services.targets.queries.targets import live_subjects, lock_targets, setting_of
from services.targets.queries.visibility import schemes_visible_to, visible_to
from services.targets.replicas import UnitReplica


class TargetsInvalid(Findings):
    code = "targets-invalid"
    zh = "{count} 个目标填写有误"
    en = "{count} targets are not valid"


class TargetTaken(Conflict):
    code = "target-exists"
    zh = "该对象在本周期已有此指标的目标"
    en = "The subject already has a target for the indicator in this period"


@dataclass(frozen=True, slots=True)
class Wanted:
    indicator_id: UUID
    period_id: UUID
    subject_kind: str
    subject_id: UUID
    quantity: Decimal


TAKEN = {"uq_target_live": TargetTaken}


async def make_targets(
    tx: Transaction, scheme_id: UUID, wanted: Sequence[Wanted], *, issue: bool, by: Principal
) -> list[TargetRow]:
    """Targets without a parent, in the given order; raises TargetsInvalid with every one that cannot be."""
    scheme = await get_scheme(tx.session, scheme_id, where=schemes_visible_to(by))
    ensure_published(scheme.status)
    scope = await scope_of(tx.session, scheme.scope_unit_id)
    periods = {p.id: p for p in await periods_of(tx.session, scheme_id)}
    indicators = {i.id: i for i in await indicators_of(tx.session, scheme_id) if i.active}
    carriers = await _carriers(tx, wanted, periods)
    known = await org.units(tx.session, set(carriers.values()))
    taken = await live_subjects(
        tx.session,
        {w.indicator_id for w in wanted},
        {w.period_id for w in wanted},
        {w.subject_id for w in wanted},
    )
    now, rows, errors = await tx.now(), list[TargetRow](), list[Finding]()
    for n, one in enumerate(wanted):
        indicator, period = indicators.get(one.indicator_id), periods.get(one.period_id)
        unit = known.get(carriers.get((one.period_id, one.subject_id), one.subject_id))
        key = (one.indicator_id, one.period_id, one.subject_id)
        problem = None
        if indicator is None:
            problem = ("indicator-unknown", "方案中没有该指标", "the scheme has no such indicator")
        elif period is None:
            problem = ("period-unknown", "方案中没有该周期", "the scheme has no such period")
        elif period.status != "open":
            problem = ("period-not-open", "考核周期已不再开放", "the period is no longer open")
        elif unit is None or not unit.path.startswith(scope.path):
            problem = (
                "subject-unknown",
                "范围内没有该对象,或其在周期内无任职",
                "there is no such subject in the scope, or it has no posting in the period",
            )
        elif not subject_kind_fits(indicator.subject_kind, one.subject_kind):
            problem = ("subject-kind", "该指标不考核个人", "the indicator is not for officers")
        elif key in taken:
            problem = (TargetTaken.code, TargetTaken.zh, TargetTaken.en)
        if problem is not None:
            errors.append(Finding(f"targets[{n}]", *problem))
            continue
        assert unit is not None and indicator is not None  # noqa: S101, PT018 -- no problem was found
        taken.add(key)
        rows.append(
            TargetRow(
                id=new_id(),
                scheme_id=scheme_id,
                indicator_id=one.indicator_id,
                period_id=one.period_id,
                subject_kind=one.subject_kind,
                subject_id=one.subject_id,
                quantity=one.quantity,
                issuer_unit_id=issuer_unit(by, unit.path, indicator.line),
                unit_id=unit.id,
                status=(TargetState.ISSUED if issue else TargetState.DRAFT).value,
                issued_at=now if issue else None,
            )
        )
    if errors:
        raise TargetsInvalid(errors)
    await insert_targets(tx, rows, by=by, action="issue" if issue else "draft")
    return rows


async def insert_targets(tx: Transaction, rows: Sequence[TargetRow], *, by: Principal, action: str) -> None:
    """Write, tell and record new targets; raises TargetTaken if a subject got one meanwhile."""
    tx.session.add_all(rows)
    with conflicts(TAKEN):
        await tx.publish_many(messages.target, rows)
    record_many(tx, rows, by=by, action=action, now=await tx.now())


async def issue_targets(tx: Transaction, ids: Collection[UUID], *, by: Principal) -> list[TargetRow]:
    """Make drafts binding."""
    rows = await lock_targets(tx.session, ids, where=visible_to(by))
    setting = await setting_of(tx.session, rows.values())
    carriers = await org.units(tx.session, {row.unit_id for row in rows.values()})
    for row in rows.values():
        ensure_published(setting.schemes[row.scheme_id].status)
        ensure_period_open(setting.periods[row.period_id].status, setting.periods[row.period_id].code)
        move(TargetState(row.status), TargetState.ISSUED)
        issuer_unit(by, carriers[row.unit_id].path, setting.indicators[row.indicator_id].line)
    now = await tx.now()
    return await change_targets(
        tx, rows, {"status": TargetState.ISSUED.value, "issued_at": now}, by=by, action="issue"
    )


async def acknowledge_targets(tx: Transaction, ids: Collection[UUID], *, by: Principal) -> list[TargetRow]:
    """By the officer himself, or by a leader of the unit; those acknowledged before stay as they are."""
    rows = await lock_targets(tx.session, ids, where=visible_to(by))
    carriers = await org.units(tx.session, {row.unit_id for row in rows.values()})
    for row in rows.values():
        ensure_subject(row, carriers, by=by)
    new = {row.id: row for row in rows.values() if row.status != TargetState.ACKNOWLEDGED}
    for row in new.values():
        move(TargetState(row.status), TargetState.ACKNOWLEDGED)
    values = {
        "status": TargetState.ACKNOWLEDGED.value,
        "acknowledged_at": await tx.now(),
        "acknowledged_by": by.officer_id,
        "refused_at": None,
        "refused_by": None,
        "refusal_reason": None,
    }
    changed = {row.id: row for row in await change_targets(tx, new, values, by=by, action="acknowledge")}
    return [changed.get(row.id, row) for row in rows.values()]


def ensure_subject(row: TargetRow, carriers: dict[UUID, UnitReplica], *, by: Principal) -> None:
    """The officer himself, or a leader of the unit, answers for a target."""
    own = row.subject_kind == "officer" and row.subject_id == by.officer_id
    led = row.subject_kind == "unit" and by.covers("targets:cascade", carriers[row.unit_id].path)
    if not (own or led):
        raise NotYoursToAcknowledge


async def change_targets(
    tx: Transaction,
    rows: dict[UUID, TargetRow],
    values: dict[str, Any],
    *,
    by: Principal,
    action: str,
    reason: str | None = None,
) -> list[TargetRow]:
    """The same change to all of these locked rows, in one statement."""
    if not rows:
        return []
    before = {row.id: seen(row) for row in rows.values()}
    statement = (
        update(TargetRow)
        .where(TargetRow.id.in_(rows))
        .values(**values, version=TargetRow.version + 1)
        .returning(TargetRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    changed = sorted(await tx.session.scalars(statement), key=lambda row: row.id)
    await tx.publish_many(messages.target, changed)
    record_many(tx, changed, by=by, action=action, now=await tx.now(), before=before, reason=reason)
    return changed


def issuer_unit(by: Principal, path: str, line: str) -> UUID:
    """The unit in whose name the principal issues there: the scope of the nearest grant; raises OutsideScope."""
    scopes = [scope for scope in by.scopes("targets:issue") if scope.covers(path, line)]
    if not scopes:
        raise OutsideScope
    return max(scopes, key=lambda scope: len(scope.path)).unit_id


async def _carriers(tx: Transaction, wanted: Sequence[Wanted], periods: Any) -> dict[tuple[UUID, UUID], UUID]:
    """The unit that carries each target, by period and subject."""
    found: dict[tuple[UUID, UUID], UUID] = {}
    for period_id in {one.period_id for one in wanted}:
        period = periods.get(period_id)
        mine = [one for one in wanted if one.period_id == period_id]
        found |= {(period_id, one.subject_id): one.subject_id for one in mine if one.subject_kind == "unit"}
        officers = {one.subject_id for one in mine if one.subject_kind == "officer"}
        if period is not None and officers:
            span = org.Span(period.starts_on, period.ends_on)
            units = await org.primary_units(tx.session, officers, span)
            found |= {(period_id, officer): unit for officer, unit in units.items()}
    return found
