"""下达 of a whole scheme at once: many indicators over many units, in a few statements whatever their number."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from kernel.db.conflicts import conflicts
from kernel.db.copying import copy_rows
from kernel.delivery.alike import write_alike
from kernel.delivery.transaction import Transaction
from kernel.errors import Finding
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets import messages
from services.targets.actions.issuing import TAKEN, TargetsInvalid, issuer_unit
from services.targets.actions.recording import record, seen
from services.targets.domain.scheme import ensure_published
from services.targets.domain.target import TargetState, ensure_period_open
from services.targets.models import HistoryRow, IndicatorRow, PeriodRow, SchemeRow, TargetRow
from services.targets.queries import org
from services.targets.queries.readiness import scope_of
from services.targets.queries.schemes import get_scheme, indicators_of
from services.targets.queries.targets import live_subjects_of
from services.targets.queries.visibility import schemes_visible_to
from services.targets.replicas import UnitReplica

_TARGET = (
    "id", "version", "scheme_id", "indicator_id", "period_id", "subject_kind", "subject_id", "quantity",
    "issuer_unit_id", "unit_id", "status", "issued_at",
)  # fmt: skip
_HISTORY = ("id", "thing", "thing_id", "at", "account_id", "officer_id", "actor", "action", "before", "after")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Every unit gets the quantity of the indicator, unless `quantities` has another for it; None: no target there."""

    period_id: UUID
    quantities: Mapping[UUID, Decimal]
    units: Sequence[UUID]
    exceptions: Mapping[tuple[UUID, UUID], Decimal | None]


@dataclass(frozen=True, slots=True)
class Issued:
    """`skipped` had a live target already."""

    issued: int
    skipped: int


async def issue_set(tx: Transaction, scheme_id: UUID, wanted: Wanted, *, by: Principal) -> Issued:
    """Issue to all that have none yet; running it again issues nothing twice. Raises TargetsInvalid or OutsideScope."""
    scheme = await get_scheme(tx.session, scheme_id, where=schemes_visible_to(by))
    ensure_published(scheme.status)
    period = await tx.session.get(PeriodRow, wanted.period_id)
    indicators = {i.id: i for i in await indicators_of(tx.session, scheme.id) if i.active}
    units = await org.units(tx.session, wanted.units)
    scope = await scope_of(tx.session, scheme.scope_unit_id)
    errors = list(_errors(scheme, period, wanted, indicators, units, scope.path))
    if errors or period is None:
        raise TargetsInvalid(errors)
    ensure_period_open(period.status, period.code)
    taken = await live_subjects_of(tx.session, period.id)
    now = await tx.now()
    cells = [
        (indicator, unit, quantity)
        for indicator in wanted.quantities
        for unit in units
        if (quantity := _quantity(wanted, indicator, unit)) is not None
    ]
    fresh = [cell for cell in cells if (cell[0], cell[1]) not in taken]
    issuers = _issuers(by, units.values(), {indicators[i].line for i in wanted.quantities})
    targets = [
        (
            new_id(), 1, scheme.id, indicator, period.id, "unit", unit, quantity,
            issuers[unit, indicators[indicator].line], unit, TargetState.ISSUED.value, now,
        )
        for indicator, unit, quantity in fresh
    ]  # fmt: skip
    if targets:
        await _write(tx, targets, by=by, now=now)
        more = {
            "period": period.code,
            "indicators": len(wanted.quantities),
            "units": len(units),
            "targets": len(targets),
        }
        record(tx, scheme, by=by, action="issue_set", now=now, before=seen(scheme), more=more)
    return Issued(len(targets), len(cells) - len(fresh))


async def _write(
    tx: Transaction, targets: Sequence[tuple[Any, ...]], *, by: Principal, now: datetime
) -> None:
    with conflicts(TAKEN):
        await copy_rows(tx.session, TargetRow.__table__, _TARGET, targets)  # type: ignore[arg-type]
    history = (
        (
            new_id(), "target", t[0], now, by.account_id, by.officer_id, by.name, "issue", "{}",
            f'{{"status": "issued", "quantity": "{t[7]}"}}',
        )
        for t in targets
    )  # fmt: skip
    await copy_rows(tx.session, HistoryRow.__table__, _HISTORY, history)  # type: ignore[arg-type]
    sample = messages.target(TargetRow(**dict(zip(_TARGET, targets[0], strict=True))))
    await write_alike(
        tx,
        sample,
        (
            {
                "id": t[0],
                "indicator_id": t[3],
                "subject_id": t[6],
                "quantity": t[7],
                "issuer_unit_id": t[8],
                "unit_id": t[9],
            }
            for t in targets
        ),
    )


def _quantity(wanted: Wanted, indicator: UUID, unit: UUID) -> Decimal | None:
    return wanted.exceptions.get((indicator, unit), wanted.quantities[indicator])


def _errors(
    scheme: SchemeRow,
    period: PeriodRow | None,
    wanted: Wanted,
    indicators: Mapping[UUID, IndicatorRow],
    units: Mapping[UUID, UnitReplica],
    scope: str,
) -> Iterator[Finding]:
    if period is None or period.scheme_id != scheme.id:
        yield Finding("period_id", "period-unknown", "方案中没有该周期", "the scheme has no such period")
    for n, indicator in enumerate(wanted.quantities):
        if indicator not in indicators:
            yield Finding(
                f"indicators[{n}]",
                "indicator-unknown",
                "方案中没有该指标",
                "the scheme has no such indicator",
            )
    for n, unit in enumerate(wanted.units):
        if unit not in units or not units[unit].path.startswith(scope):
            yield Finding(
                f"unit_ids[{n}]", "subject-unknown", "范围内没有该单位", "there is no such unit in the scope"
            )


def _issuers(by: Principal, units: Collection[UnitReplica], lines: set[str]) -> dict[tuple[UUID, str], UUID]:
    """In whose name the target of each unit and line is issued; raises OutsideScope."""
    return {(unit.id, line): issuer_unit(by, unit.path, line) for unit in units for line in lines}
