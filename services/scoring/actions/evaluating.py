"""Scoring by a whole plan: what is due is evaluated together, the ledger gets the differences, of everybody who moved.

The evaluation of a bureau takes seconds, and whoever posts waits for the ledger's lock. So it is worked out from one moment's
facts without the lock, and written behind it, if nobody has scored by that plan meanwhile. Facts that came later are due
again, in the transaction that brought them.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from prometheus_client import Histogram
from sqlalchemy import ColumnElement, Row, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.scoring import EntryKind
from kernel.aside import aside
from kernel.delivery.transaction import Database, Transaction
from kernel.ids import new_id
from rules.binding import Binding, postings, said
from rules.plan import Evaluation, evaluate
from services.scoring.actions import adding_up, carrying, weighing
from services.scoring.actions.planning import Why, due
from services.scoring.actions.posting import Draft, lock_ledger, post
from services.scoring.domain.ledger import difference, plan_key
from services.scoring.models import PlanDueRow, PlanRunRow
from services.scoring.queries import facts, gathering, planned
from services.scoring.replicas import IndicatorReplica, PeriodReplica, SchemeReplica

PLAN_SECONDS = Histogram(
    "kaohe_plan_run_duration_seconds", "Time to score by a plan what was due in one period",
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)  # fmt: skip
#: So many events that wait to be applied are a burst: one evaluation for all of them costs less than one each.
BURST = 20
#: Up to so many statements are added up one by one; beyond, all of the period at once.
FEW_STATEMENTS = 25


async def score_due(db: Database) -> int:
    """What is due in the period that has waited longest. How many subjects were evaluated; 0: nothing was due."""
    began = time.perf_counter()
    async with db.snapshot() as session:
        period_id = await session.scalar(select(PlanDueRow.period_id).order_by(PlanDueRow.id).limit(1))
        if period_id is None:
            return 0
        moment, causes = await _moment(session, period_id), await _causes(session, period_id)
        run = await _scored(session, period_id, causes)
    async with db.transaction() as tx:
        await lock_ledger(tx)
        seen = (PlanDueRow.period_id == period_id) & (PlanDueRow.id <= causes[-1].id)
        taken = await _take(tx, seen)
        if len(taken) != len(causes) or await _moment(tx.session, period_id) != moment:
            run = await _scored(tx.session, period_id, taken) if taken else None
        if run is not None:
            await _write(tx, run, taken)
    PLAN_SECONDS.observe(time.perf_counter() - began)
    return max(len(causes) if run is None else run.size, 1)


async def score_at_once(tx: Transaction, period_id: UUID, subject_id: UUID) -> None:
    """Under a plan that compares nobody, a single decision is in the statement as soon as it is heard of. The caller holds the
    ledger's lock. Bursts, and plans that need the whole group, are left to the job.
    """
    began = time.perf_counter()
    period = await facts.period(tx.session, period_id)
    binding = await planned.binding_of(tx.session, period.scheme_id)
    if binding is None or binding.looks_at_others or period.status == facts.SEALED:
        return
    if await planned.crowded(tx.session, BURST):
        return
    here = (PlanDueRow.period_id == period_id) & (PlanDueRow.subject_id == subject_id)
    causes = await _take(tx, here)
    await _write(tx, await _worked_out(tx.session, period, binding, causes), causes)
    PLAN_SECONDS.observe(time.perf_counter() - began)


async def _causes(session: AsyncSession, period_id: UUID) -> Sequence[Row[Any]]:
    """What is due in the period, in its order."""
    query = select(*PlanDueRow.__table__.columns).where(PlanDueRow.period_id == period_id)
    return (await session.execute(query.order_by(PlanDueRow.id))).all()


async def _take(tx: Transaction, which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """What was due, in its order, and is so no longer."""
    taken = await tx.session.execute(delete(PlanDueRow).where(which).returning(*PlanDueRow.__table__.columns))
    return sorted(taken.all(), key=lambda row: row.id)


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation on its way to the ledger.

    `only`: whom it is about, None: everybody. `wanted`: what the ledger must hold of each, (node, module) → thousandths.
    `codes`: indicator code → id.
    """

    id: UUID
    period: PeriodReplica
    binding: Binding
    gathered: gathering.Gathered
    evaluation: Evaluation
    only: Collection[UUID] | None
    wanted: Mapping[UUID, Mapping[tuple[str, str], int]]
    codes: Mapping[str, UUID]

    @property
    def size(self) -> int:
        return len(self.gathered.facts.subjects)

    def drafts(self, posted: Mapping[UUID, planned.Posted], causes: Sequence[Row[Any]]) -> list[Draft]:
        """What makes the ledger say what the plan says, for everybody who was evaluated or has entries."""
        own: dict[UUID | None, list[Row[Any]]] = defaultdict(list)
        for cause in causes:
            own[cause.subject_id].append(cause)
        return [
            draft
            for subject_id in sorted(self.wanted.keys() | posted.keys())
            for draft in self._of(subject_id, posted.get(subject_id), self._why(own.get(subject_id, [])))
        ]

    def _of(self, subject_id: UUID, posted: planned.Posted | None, why: Why) -> Iterator[Draft]:
        here = subject_id in self.gathered.kinds
        wanted = self.wanted.get(subject_id, {})
        before = posted.nodes if posted is not None else {}
        for node, module in sorted({*wanted, *before}):
            change = difference(wanted.get((node, module), 0), before.get((node, module), 0))
            if change is None:
                continue
            zh, en = self._said(subject_id, node, here=here)
            yield Draft(
                scheme_id=self.period.scheme_id, period_id=self.period.id,
                subject_kind=self.gathered.kinds[subject_id] if here else posted.kind if posted else "",
                subject_id=subject_id,
                unit_id=self._unit(subject_id, posted, why),
                module=module, indicator_id=self._indicator(node), kind=why.kind, points_milli=change,
                rule_revision=None, rule_key=plan_key(node, subject_id), source_event_id=self.id,
                submission_id=why.submission_id, award_id=None, reason_zh=zh, reason_en=en, actor_id=why.actor_id,
                occurred_on=why.occurred_on,
            )  # fmt: skip

    def _unit(self, subject_id: UUID, posted: planned.Posted | None, why: Why) -> UUID:
        if subject_id in self.gathered.kinds or posted is None:
            return self.gathered.unit_of(subject_id, why.occurred_on, why.submission_id)
        return posted.unit_id

    def _said(self, subject_id: UUID, node: str, *, here: bool) -> tuple[str, str]:
        if not here or node not in self.binding.plan.nodes:
            return "不再计分", "no longer scored"
        sentence = said(self.binding, self.evaluation, str(subject_id), node)
        return sentence.zh, sentence.en

    def _indicator(self, node: str) -> UUID | None:
        if node not in {line.node for line in self.binding.lines}:
            return None
        return self.codes.get(self.binding.indicator_of(node) or "")

    def _why(self, causes: Sequence[Row[Any]]) -> Why:
        """The subject's own change if there was one; else somebody else's, or everybody's."""
        if not causes:
            return Why(self.id, EntryKind.ADJUSTMENT, self.period.ends_on)
        last = [cause for cause in causes if cause.submission_id is not None][-1:] or causes[-1:]
        return self._because(last[0], causes)

    def _because(self, last: Row[Any], causes: Sequence[Row[Any]]) -> Why:
        """The work, where there was any, rather than the target that came with it."""
        alone = {cause.submission_id for cause in causes} - {None} <= {last.submission_id}
        return Why(
            self.id,
            EntryKind(last.kind),
            last.occurred_on,
            last.submission_id if alone else None,
            last.actor_id,
        )


def wanted_of(binding: Binding, evaluation: Evaluation, subject: str) -> dict[tuple[str, str], int]:
    """(node, module) → thousandths that the ledger must hold."""
    return {(each.node, each.module): each.milli for each in postings(binding, evaluation, subject)}


async def _scored(session: AsyncSession, period_id: UUID, causes: Sequence[Row[Any]]) -> Run | None:
    """None: nothing can be posted in the period any more, or no plan scores it."""
    period = await facts.period(session, period_id)
    binding = await planned.binding_of(session, period.scheme_id)
    if binding is None or period.status == facts.SEALED:
        return None
    return await _worked_out(session, period, binding, causes)


async def _worked_out(
    session: AsyncSession, period: PeriodReplica, binding: Binding, causes: Sequence[Row[Any]]
) -> Run:
    """What the plan makes of the facts that the session sees."""
    everybody = binding.looks_at_others or any(cause.subject_id is None for cause in causes)
    only = None if everybody else {cause.subject_id for cause in causes}
    gathered = await gathering.gather(session, binding, period, only)
    evaluation, wanted = await aside(len(gathered.kinds), _evaluated, binding, gathered)
    codes = await _codes(session, period.scheme_id)
    return Run(new_id(), period, binding, gathered, evaluation, only, wanted, codes)


def _evaluated(
    binding: Binding, gathered: gathering.Gathered
) -> tuple[Evaluation, dict[UUID, dict[tuple[str, str], int]]]:
    evaluation = evaluate(binding.plan, gathered.facts)
    return evaluation, {key: wanted_of(binding, evaluation, str(key)) for key in gathered.kinds}


async def _moment(session: AsyncSession, period_id: UUID) -> tuple[int, ...]:
    """Another one when somebody has scored by the plan meanwhile, or the period (a seal, say) or the scheme has changed."""
    runs = select(func.count()).where(PlanRunRow.period_id == period_id).scalar_subquery()
    query = (
        select(runs, PeriodReplica.version, SchemeReplica.version)
        .join(SchemeReplica, SchemeReplica.id == PeriodReplica.scheme_id)
        .where(PeriodReplica.id == period_id)
    )
    return tuple((await session.execute(query)).one_or_none() or ())


async def _write(tx: Transaction, run: Run, causes: Sequence[Row[Any]]) -> None:
    """The caller holds the ledger's lock."""
    posted = await planned.posted(tx.session, run.period.id, run.only)
    drafts = await aside(run.size, run.drafts, posted, causes)
    found = await weighing.differences(tx.session, run.period.id, run.binding, run.only)
    drafts += weighing.drafts(found, "plan", run.id, own=EntryKind.ADJUSTMENT, actor=None)
    if drafts:
        await post(tx, drafts)
        await _add_up(tx, run.period, drafts)
    await _carry_over(tx, run)
    scheme = await tx.session.get(SchemeReplica, run.period.scheme_id, populate_existing=True)
    tx.session.add(
        PlanRunRow(
            id=run.id, period_id=run.period.id, at=await tx.now(), scheme_revision=scheme.revision if scheme else 0,
            causes=[_told(cause) for cause in causes], evaluated=run.size,
            moved=len({draft.subject_id for draft in drafts}),
        )
    )  # fmt: skip


async def _carry_over(tx: Transaction, run: Run) -> None:
    """Those who take something else into the next period than before are due there."""
    changed = await carrying.keep(tx, run.id, run.period, run.binding, run.evaluation, run.gathered, run.only)
    after = await facts.period_after(tx.session, run.period) if changed else None
    if after is not None and after.status != facts.SEALED:
        for subject_id in sorted(changed):
            await due(tx, after.id, subject_id, Why(run.id, EntryKind.ADJUSTMENT, after.starts_on))


async def _codes(session: AsyncSession, scheme_id: UUID) -> dict[str, UUID]:
    query = select(IndicatorReplica.code, IndicatorReplica.id).where(IndicatorReplica.scheme_id == scheme_id)
    return {row.code: row.id for row in await session.execute(query)}


async def _add_up(tx: Transaction, period: PeriodReplica, drafts: Sequence[Draft]) -> None:
    who = {(d.subject_kind, d.subject_id): d.unit_id for d in drafts}
    if len(who) > FEW_STATEMENTS:
        await adding_up.add_up_all(tx, period, drafts)
        return
    for (kind, subject_id), unit_id in sorted(who.items()):
        await adding_up.add_up(tx, kind, subject_id, unit_id, period.scheme_id, period.id)


def _told(cause: Row[Any]) -> dict[str, str | None]:
    ids = ("cause_id", "subject_id", "submission_id")
    return {name: _text(getattr(cause, name)) for name in ids} | {"kind": cause.kind}


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
