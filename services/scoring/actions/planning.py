"""Who is due to be scored by a plan, and why: what has changed is written down here, `evaluating` takes it up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from contracts.scoring import EntryKind
from contracts.targets import Target
from kernel.delivery.transaction import Transaction
from services.scoring.models import PlanDueRow, StatementRow
from services.scoring.queries import facts, planned
from services.scoring.replicas import PeriodReplica


@dataclass(frozen=True, slots=True)
class Why:
    """What changed the facts: the event or thing, the kind of entry it makes for the subject itself, the day of the deed."""

    cause_id: UUID
    kind: EntryKind
    occurred_on: date
    submission_id: UUID | None = None
    actor_id: UUID | None = None


async def due(tx: Transaction, period_id: UUID, subject_id: UUID | None, why: Why) -> None:
    """The subject's facts (None: everybody's) have changed; the job scores them soon, with what else has changed."""
    tx.session.add(
        PlanDueRow(
            period_id=period_id, subject_id=subject_id, cause_id=why.cause_id, kind=why.kind.value,
            occurred_on=why.occurred_on, submission_id=why.submission_id, actor_id=why.actor_id,
        )
    )  # fmt: skip
    await tx.session.flush()


async def deed_due(tx: Transaction, period: PeriodReplica, subject_id: UUID, why: Why) -> None:
    """The same for an event of a day, which may count in later periods too."""
    for each in (period, *await planned.reached(tx.session, period, why.occurred_on)):
        await due(tx, each.id, subject_id, why)


async def subject_due(tx: Transaction, period: PeriodReplica, subject_id: UUID, why: Why) -> None:
    """If the plan gave the subject something in the period: what is decided about somebody brings nobody under a plan."""
    query = select(StatementRow.id).where(
        StatementRow.subject_id == subject_id, StatementRow.period_id == period.id
    )
    if await tx.session.scalar(query) is not None:
        await due(tx, period.id, subject_id, why)


async def period_due(tx: Transaction, period_id: UUID, cause_id: UUID) -> None:
    """A period that is new here: under a plan it may start from what the one before carries over, or still counts."""
    period = await facts.period(tx.session, period_id)
    binding = await planned.binding_of(tx.session, period.scheme_id)
    if binding is not None and (binding.carried or binding.reach) and period.status != facts.SEALED:
        await due(tx, period_id, None, Why(cause_id, EntryKind.ADJUSTMENT, period.starts_on))


async def everybody_due(tx: Transaction, scheme_id: UUID, cause_id: UUID) -> None:
    """In all periods of a scheme that are not sealed."""
    query = select(PeriodReplica).where(
        PeriodReplica.scheme_id == scheme_id, PeriodReplica.status != facts.SEALED
    )
    for period in (await tx.session.scalars(query.order_by(PeriodReplica.starts_on))).all():
        await due(tx, period.id, None, Why(cause_id, EntryKind.ADJUSTMENT, period.ends_on))


async def all_due(tx: Transaction, cause_id: UUID) -> None:
    """The tree has changed: everybody under every plan."""
    for period in await planned.periods_by_plan(tx.session):
        await due(tx, period.id, None, Why(cause_id, EntryKind.ADJUSTMENT, period.ends_on))


async def subjects_due(tx: Transaction, subjects: Collection[UUID], cause_id: UUID) -> None:
    """These stand elsewhere, or in other groups: in every period, not sealed, in which a plan gave them something."""
    periods = {period.id: period for period in await planned.periods_by_plan(tx.session)}
    if not periods or not subjects:
        return
    query = select(StatementRow.period_id, StatementRow.subject_id).where(
        StatementRow.subject_id.in_(subjects), StatementRow.period_id.in_(periods)
    )
    for period_id, subject_id in (await tx.session.execute(query)).all():
        why = Why(cause_id, EntryKind.ADJUSTMENT, periods[period_id].ends_on)
        await due(tx, period_id, subject_id, why)


async def targets_due(tx: Transaction, targets: Sequence[Target]) -> None:
    """New targets without work: where a plan scores them, what did not apply is now not submitted."""
    schemes = await planned.with_plan(tx.session, {target.scheme_id for target in targets})
    for target in targets:
        if target.scheme_id in schemes:
            period = await facts.period(tx.session, target.period_id)
            why = Why(target.id, EntryKind.ADJUSTMENT, period.ends_on)
            await due(tx, target.period_id, target.subject_id, why)
