"""What a period takes over into the next: the values of the nodes that the plan names as `previous`."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.delivery.transaction import Transaction
from rules.binding import Binding
from rules.plan import Evaluation
from services.scoring.domain.ledger import milli
from services.scoring.models import CarriedRow
from services.scoring.queries.gathering import Gathered
from services.scoring.replicas import PeriodReplica

Key = tuple[UUID, str]


async def keep(
    tx: Transaction,
    run_id: UUID,
    period: PeriodReplica,
    binding: Binding,
    evaluation: Evaluation,
    gathered: Gathered,
    only: Collection[UUID] | None,
) -> set[UUID]:
    """Write down what is different now. Whom it moved. `only`: these subjects were evaluated; everybody if None."""
    if not binding.carried:
        return set()
    wanted = carried_of(binding, evaluation, gathered)
    kept = await standing(tx.session, period.id, only)
    changed = set()
    for subject_id, node in sorted({*wanted, *kept}):
        value, row = wanted.get((subject_id, node)), kept.get((subject_id, node))
        if value == (row.points_milli if row is not None else None):
            continue
        here = subject_id in gathered.kinds
        tx.session.add(
            CarriedRow(
                run_id=run_id, period_id=period.id, subject_id=subject_id, node=node, points_milli=value,
                subject_kind=gathered.kinds[subject_id] if here else row.subject_kind if row else "",
                unit_id=gathered.units[subject_id] if here or row is None else row.unit_id,
            )
        )  # fmt: skip
        changed.add(subject_id)
    await tx.session.flush()
    return changed


def carried_of(binding: Binding, evaluation: Evaluation, gathered: Gathered) -> dict[Key, int]:
    """(subject, node) → thousandths, rounded half up; a node without a value carries nothing."""
    found = {}
    for subject_id in gathered.kinds:
        for node in binding.carried:
            value = evaluation.value(str(subject_id), node)
            if value is not None:
                found[subject_id, node] = milli(value)
    return found


async def standing(
    session: AsyncSession, period_id: UUID, only: Collection[UUID] | None = None
) -> dict[Key, CarriedRow]:
    """The newest record of each subject and node."""
    row = CarriedRow
    query = select(row).ext(distinct_on(row.subject_id, row.node)).where(row.period_id == period_id)
    if only is not None:
        query = query.where(row.subject_id.in_(only))
    rows = await session.scalars(query.order_by(row.subject_id, row.node, row.id.desc()))
    return {(each.subject_id, each.node): each for each in rows}
