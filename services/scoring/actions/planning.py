"""Scoring by a whole plan: what is due is evaluated together, the ledger gets the differences, of everybody who moved."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from prometheus_client import Histogram
from sqlalchemy import ColumnElement, Row, delete, select

from contracts.scoring import EntryKind
from contracts.targets import Target
from kernel.delivery.transaction import Transaction
from kernel.ids import new_id
from rules.binding import Binding, postings, said
from rules.plan import Evaluation, evaluate
from services.scoring.actions import adding_up, carrying, weighing
from services.scoring.actions.posting import Draft, lock_ledger, post
from services.scoring.domain.ledger import difference, plan_key
from services.scoring.models import PlanDueRow, PlanRunRow, StatementRow
from services.scoring.queries import facts, gathering, planned
from services.scoring.replicas import IndicatorReplica, PeriodReplica, SchemeReplica

PLAN_SECONDS = Histogram(
    "kaohe_plan_run_duration_seconds", "Time to score by a plan what was due in one period",
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)  # fmt: skip
#: Up to so many statements are added up one by one; beyond, all of the period at once.
FEW = 25
#: So many events that wait to be applied are a burst: one evaluation for all of them costs less than one each.
BURST = 20


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


async def score_due(tx: Transaction) -> int:
    """What is due in the period that has waited longest. How many subjects were evaluated; 0: nothing was due."""
    period_id = await tx.session.scalar(select(PlanDueRow.period_id).order_by(PlanDueRow.id).limit(1))
    if period_id is None:
        return 0
    await lock_ledger(tx)
    causes = await _take(tx, PlanDueRow.period_id == period_id)
    period = await facts.period(tx.session, period_id)
    binding = await planned.binding_of(tx.session, period.scheme_id)
    if binding is None or period.status == facts.SEALED:
        return len(causes)
    return await _score(tx, period, binding, causes)


async def score_at_once(tx: Transaction, period_id: UUID, subject_id: UUID) -> None:
    """Under a plan that compares nobody, a single decision is in the statement as soon as it is heard of. The caller holds the
    ledger's lock. Bursts, and plans that need the whole group, are left to the job.
    """
    period = await facts.period(tx.session, period_id)
    binding = await planned.binding_of(tx.session, period.scheme_id)
    if binding is None or binding.looks_at_others or period.status == facts.SEALED:
        return
    if await planned.crowded(tx.session, BURST):
        return
    here = (PlanDueRow.period_id == period_id) & (PlanDueRow.subject_id == subject_id)
    await _score(tx, period, binding, await _take(tx, here))


async def _take(tx: Transaction, which: ColumnElement[bool]) -> list[Row[Any]]:
    """Rows that are due, in their order; they are due no longer."""
    taken = await tx.session.execute(delete(PlanDueRow).where(which).returning(*PlanDueRow.__table__.columns))
    return sorted(taken.all(), key=lambda row: row.id)


async def _score(tx: Transaction, period: PeriodReplica, binding: Binding, causes: Sequence[Row[Any]]) -> int:
    began = time.perf_counter()
    everybody = binding.looks_at_others or any(cause.subject_id is None for cause in causes)
    only = None if everybody else {cause.subject_id for cause in causes}
    gathered = await gathering.gather(tx.session, binding, period, only)
    if (
        len(gathered.facts.subjects) > FEW
    ):  # exact arithmetic over thousands: the loop has other work meanwhile
        evaluation = await asyncio.to_thread(evaluate, binding.plan, gathered.facts)
    else:
        evaluation = evaluate(binding.plan, gathered.facts)
    run = Run(new_id(), period, binding, evaluation, gathered, await _codes(tx, period.scheme_id))
    drafts = run.drafts(await planned.posted(tx.session, period.id, only), causes)
    found = await weighing.differences(tx.session, period.id, binding, only)
    drafts += weighing.drafts(found, "plan", run.id, own=EntryKind.ADJUSTMENT, actor=None)
    if drafts:
        await post(tx, drafts)
        await _add_up(tx, period, drafts)
    await _carry_over(tx, run, only)
    scheme = await tx.session.get(SchemeReplica, period.scheme_id, populate_existing=True)
    tx.session.add(
        PlanRunRow(
            id=run.id, period_id=period.id, at=await tx.now(), scheme_revision=scheme.revision if scheme else 0,
            causes=[_told(cause) for cause in causes], evaluated=len(gathered.facts.subjects),
            moved=len({draft.subject_id for draft in drafts}),
        )
    )  # fmt: skip
    PLAN_SECONDS.observe(time.perf_counter() - began)
    return max(len(gathered.facts.subjects), 1)


async def _carry_over(tx: Transaction, run: "Run", only: Collection[UUID] | None) -> None:
    """Those who take something else into the next period than before are due there."""
    changed = await carrying.keep(tx, run.id, run.period, run.binding, run.evaluation, run.gathered, only)
    after = await facts.period_after(tx.session, run.period) if changed else None
    if after is not None and after.status != facts.SEALED:
        for subject_id in sorted(changed):
            await due(tx, after.id, subject_id, Why(run.id, EntryKind.ADJUSTMENT, after.starts_on))


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation on its way to the ledger. `codes`: indicator code → id."""

    id: UUID
    period: PeriodReplica
    binding: Binding
    evaluation: Evaluation
    gathered: gathering.Gathered
    codes: Mapping[str, UUID]

    def drafts(self, posted: Mapping[UUID, planned.Posted], causes: Sequence[Row[Any]]) -> list[Draft]:
        """What makes the ledger say what the plan says, for everybody who was evaluated or has entries."""
        own: dict[UUID | None, list[Row[Any]]] = defaultdict(list)
        for cause in causes:
            own[cause.subject_id].append(cause)
        subjects = {UUID(subject.id) for subject in self.gathered.facts.subjects}
        return [
            draft
            for subject_id in sorted(subjects | posted.keys())
            for draft in self._of(subject_id, posted.get(subject_id), self._why(own.get(subject_id, [])))
        ]

    def _of(self, subject_id: UUID, posted: planned.Posted | None, why: Why) -> Iterator[Draft]:
        here = subject_id in self.gathered.kinds
        wanted = wanted_of(self.binding, self.evaluation, str(subject_id)) if here else {}
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


async def _codes(tx: Transaction, scheme_id: UUID) -> dict[str, UUID]:
    query = select(IndicatorReplica.code, IndicatorReplica.id).where(IndicatorReplica.scheme_id == scheme_id)
    return {row.code: row.id for row in await tx.session.execute(query)}


async def _add_up(tx: Transaction, period: PeriodReplica, drafts: Sequence[Draft]) -> None:
    who = {(d.subject_kind, d.subject_id): d.unit_id for d in drafts}
    if len(who) > FEW:
        await adding_up.add_up_all(tx, period, drafts)
        return
    for (kind, subject_id), unit_id in sorted(who.items()):
        await adding_up.add_up(tx, kind, subject_id, unit_id, period.scheme_id, period.id)


def _told(cause: Row[Any]) -> dict[str, str | None]:
    ids = ("cause_id", "subject_id", "submission_id")
    return {name: _text(getattr(cause, name)) for name in ids} | {"kind": cause.kind}


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
