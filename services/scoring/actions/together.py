"""Decisions that arrive together are scored in a few statements; each posts what it would have posted alone, in its own name."""

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

import rules
from contracts.scoring import EntryKind
from contracts.submissions import Submission, SubmissionStatus
from kernel.delivery import transaction
from kernel.delivery.handlers import Delivered
from kernel.delivery.replicas import keep_replicas
from kernel.delivery.transaction import Transaction
from services.scoring.actions import adding_up
from services.scoring.actions.posting import Draft, lock_ledger, post_each
from services.scoring.actions.scoring import RECALC, Cause, draft_of
from services.scoring.actions.undoing import key_of
from services.scoring.queries import facts, planned, revised
from services.scoring.replicas import IndicatorReplica, PeriodReplica, SubmissionReplica, TargetReplica

#: States that come after a decision: the points may be different now.
DECIDED = frozenset(
    {
        SubmissionStatus.ACCEPTED,
        SubmissionStatus.REFUSED,
        SubmissionStatus.RETURNED,
        SubmissionStatus.UNDER_APPEAL,
        SubmissionStatus.UPHELD,
        SubmissionStatus.CHANGED,
    }
)
_APPEALED = frozenset({SubmissionStatus.CHANGED, SubmissionStatus.UPHELD})
Told = tuple[Submission, Delivered]
Row = TypeVar("Row", PeriodReplica, IndicatorReplica)


def decides(event: Submission) -> bool:
    """A decision, the outcome of an appeal, or that a decision was taken back into review."""
    reopened = event.status is SubmissionStatus.IN_REVIEW and event.first_decided_by is not None
    return event.status in DECIDED or reopened


def cause_of(event: Submission, delivered: Delivered) -> Cause:
    kind = EntryKind.APPEAL if event.status in _APPEALED else EntryKind.TASK
    return Cause(delivered.event_id, kind, event.event_date, event.id, event.decided_by)


async def score_together(tx: Transaction, run: Sequence[Told]) -> Collection[UUID]:
    """The ids of the works that must be scored one by one.

    Those are: of a work or a subject that is there more than once, for what one of them posts counts for the next; under a plan;
    behind a seal; and where something that they refer to has not arrived.
    """
    works = Counter(event.id for event, _ in run)
    subjects = Counter(event.subject_id for event, _ in run if decides(event))
    once = [told for told in run if works[told[0].id] == 1]
    await _keep(tx, [event for event, _ in once if not decides(event)])
    decided = [told for told in once if decides(told[0]) and subjects[told[0].subject_id] == 1]
    left = {
        event.id
        for event, _ in run
        if works[event.id] > 1 or (subjects[event.subject_id] > 1 and decides(event))
    }
    if not decided:
        return left
    began = time.perf_counter()
    await lock_ledger(tx)
    settings = await Settings.of(tx, [event for event, _ in decided])
    ready = [told for told in decided if settings.complete(told[0])]
    left |= {event.id for event, _ in decided} - {event.id for event, _ in ready}
    changed = await _keep(tx, [event for event, _ in ready])
    await _score(tx, settings, [told for told in ready if told[0].id in changed])
    RECALC.labels("together").observe(time.perf_counter() - began)
    return left


class Settings:
    """What the works refer to, as far as it is known."""

    def __init__(self) -> None:
        self.periods: dict[UUID, PeriodReplica] = {}
        self.indicators: dict[UUID, IndicatorReplica] = {}
        self._targets: set[UUID] = set()
        self._plans: set[UUID] = set()

    @classmethod
    async def of(cls, tx: Transaction, events: Sequence[Submission]) -> "Settings":
        found = cls()
        found.periods = await _rows(tx, PeriodReplica, {event.period_id for event in events})
        found.indicators = await _rows(tx, IndicatorReplica, {event.indicator_id for event in events})
        goals = select(TargetReplica.id).where(TargetReplica.id.in_({event.target_id for event in events}))
        found._targets = set((await tx.session.scalars(goals)).all())
        found._plans = await planned.with_plan(tx.session, {event.scheme_id for event in events})
        return found

    def complete(self, event: Submission) -> bool:
        period = self.periods.get(event.period_id)
        return (
            period is not None
            and period.status != facts.SEALED
            and event.indicator_id in self.indicators
            and event.scheme_id not in self._plans
            and (not event.accepted_quantity or event.target_id in self._targets)
        )


async def _rows(tx: Transaction, kind: type[Row], ids: Collection[UUID]) -> dict[UUID, Row]:
    found = await tx.session.scalars(select(kind).where(kind.id.in_(ids)), execution_options=facts.FRESH)
    return {row.id: row for row in found}


async def _keep(tx: Transaction, events: Sequence[Submission]) -> Collection[UUID]:
    return await keep_replicas(tx, SubmissionReplica, events) if events else ()


async def _score(tx: Transaction, settings: Settings, works: Sequence[Told]) -> None:
    drafts: dict[UUID, Draft] = {}
    groups: dict[tuple[UUID, UUID], list[Told]] = defaultdict(list)
    for told in works:
        groups[told[0].indicator_id, told[0].period_id].append(told)
    for (indicator_id, period_id), group in groups.items():
        drafts |= await _drafts(tx, settings.indicators[indicator_id], period_id, group)
    # In the order in which they were told, whatever they are for.
    posted = [
        (transaction.Cause(delivered.event_id, tx.service), drafts[event.id])
        for event, delivered in works
        if event.id in drafts
    ]
    if not posted:
        return
    await post_each(tx, posted)
    for period_id, own in _by_period(posted):
        await adding_up.add_up_each(tx, settings.periods[period_id], own)


async def _drafts(
    tx: Transaction, indicator: IndicatorReplica, period_id: UUID, works: Sequence[Told]
) -> dict[UUID, Draft]:
    """Work → the entry that it makes, if it makes one."""
    of = (tx.session, indicator.id, period_id, {event.subject_id for event, _ in works})
    counted, goals, posted = (
        await revised.accepted_of(*of),
        await revised.targets_of(*of),
        await revised.posted_of(*of),
    )
    closed = await facts.closed(tx.session, period_id)
    rule = rules.parse(indicator.rule)
    found = {}
    for event, delivered in works:
        known = facts.facts_of(goals.get(event.subject_id), counted.get(event.subject_id, []), closed=closed)
        result = rules.evaluate(rule, known)
        draft = draft_of(
            key_of(event), cause_of(event, delivered), indicator, result, posted.get(event.subject_id, 0)
        )
        if draft is not None:
            found[event.id] = draft
    return found


def _by_period(
    posted: Iterable[tuple[transaction.Cause, Draft]],
) -> Iterable[tuple[UUID, list[tuple[transaction.Cause, Draft]]]]:
    found: dict[UUID, list[tuple[transaction.Cause, Draft]]] = defaultdict(list)
    for cause, draft in posted:
        found[draft.period_id].append((cause, draft))
    return found.items()
