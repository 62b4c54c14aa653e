"""From accepted work to points: the rule is evaluated anew, the ledger gets the difference."""

import time
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from prometheus_client import Histogram
from sqlalchemy import select

import rules
from contracts.scoring import EntryKind
from contracts.targets import Indicator, Target
from kernel.delivery.transaction import Transaction
from services.scoring.actions import adding_up, evaluating, planning
from services.scoring.actions.posting import Draft, lock_ledger, post
from services.scoring.domain.ledger import PeriodClosed, difference, milli
from services.scoring.models import RescoreDueRow
from services.scoring.queries import facts, planned, revised
from services.scoring.replicas import IndicatorReplica, PeriodReplica, SubmissionReplica, TargetReplica

RECALC = Histogram(
    "kaohe_score_recalc_duration_seconds", "Time to score one subject and indicator", ["scope"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30),
)  # fmt: skip


#: So many subjects are scored by a revised rule in one transaction, while others wait for the ledger.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Cause:
    """Why it is scored anew: the event, what it was about, who decided, on which day the deed was done."""

    event_id: UUID
    kind: EntryKind
    occurred_on: date
    submission_id: UUID | None = None
    actor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Key:
    subject_kind: str
    subject_id: UUID
    unit_id: UUID
    scheme_id: UUID
    indicator_id: UUID
    period_id: UUID


async def rescore(tx: Transaction, key: Key, cause: Cause) -> None:
    """Facts of the key have changed: scored at once by the indicator's rule, or soon by the scheme's plan."""
    if await planned.has_plan(tx.session, key.scheme_id):
        why = planning.Why(cause.event_id, cause.kind, cause.occurred_on, cause.submission_id, cause.actor_id)
        await planning.deed_due(tx, await facts.period(tx.session, key.period_id), key.subject_id, why)
        await evaluating.score_at_once(tx, key.period_id, key.subject_id)
    else:
        await score(tx, key, cause)


async def retarget(tx: Transaction, target: Target, event_id: UUID, kind: EntryKind) -> None:
    """A target was set, revised or withdrawn: what was made of it is worth something else."""
    if await planned.has_plan(tx.session, target.scheme_id):
        period = await facts.period(tx.session, target.period_id)
        await planning.due(tx, period.id, target.subject_id, planning.Why(event_id, kind, period.ends_on))
        return
    work = await facts.accepted(tx.session, target.subject_id, target.indicator_id, target.period_id)
    if not work and not await facts.closed(tx.session, target.period_id):
        return
    unit_id = work[0].unit_id if work else target.unit_id
    key = Key(
        target.subject_kind, target.subject_id, unit_id, target.scheme_id, target.indicator_id, target.period_id
    )  # fmt: skip
    period = await facts.period(tx.session, target.period_id)
    await score(tx, key, Cause(event_id, kind, work[-1].event_date if work else period.ends_on))


async def score(tx: Transaction, key: Key, cause: Cause) -> int | None:
    """Thousandths posted, or None when the ledger said the right thing already."""
    began = time.perf_counter()
    await lock_ledger(tx)
    indicator = await facts.indicator(tx.session, key.indicator_id)
    period = await facts.period(tx.session, key.period_id)
    work = await facts.accepted(tx.session, key.subject_id, key.indicator_id, key.period_id)
    target = await facts.target(tx.session, key.subject_id, key.indicator_id, key.period_id)
    posted = await facts.posted(tx.session, key.subject_id, key.indicator_id, key.period_id)
    closed = await facts.closed(tx.session, key.period_id)
    result = rules.evaluate(rules.parse(indicator.rule), facts.facts_of(target, work, closed=closed))
    draft = draft_of(key, cause, indicator, result, posted)
    if draft is None:
        return None
    if period.status == facts.SEALED:
        raise PeriodClosed(period=period.code)
    await post(tx, [draft])
    await adding_up.add_up(tx, key.subject_kind, key.subject_id, key.unit_id, key.scheme_id, key.period_id)
    RECALC.labels("subject").observe(time.perf_counter() - began)
    return draft.points_milli


async def score_again(tx: Transaction, indicator_id: UUID, event_id: UUID) -> int:
    """After a new revision of the rule: everybody in periods that are not sealed; the first `BATCH` at once, the rest by the job."""
    indicator = await facts.indicator(tx.session, indicator_id)
    if await planned.has_plan(tx.session, indicator.scheme_id):
        await planning.everybody_due(tx, indicator.scheme_id, event_id)
        return 0
    return await _score_all(tx, indicator, event_id, rule=True)


async def score_nothing(tx: Transaction, gone: Indicator, event_id: UUID) -> int:
    """After an indicator turned out never to have been: what it gave is taken back, in periods that are not sealed."""
    if await planned.has_plan(tx.session, gone.scheme_id):
        await planning.everybody_due(tx, gone.scheme_id, event_id)
        return 0
    return await _score_all(tx, gone, event_id, rule=False)


async def _score_all(
    tx: Transaction, indicator: IndicatorReplica | Indicator, event_id: UUID, *, rule: bool
) -> int:
    await lock_ledger(tx)
    count = 0
    for period in await revised.periods_of(tx.session, indicator.id):
        after: UUID | None = None
        while True:
            done, after = await _score_some(tx, indicator, period, event_id, after, rule=rule)
            count += done
            if after is None:
                break
            if rule:
                tx.session.add(
                    RescoreDueRow(
                        indicator_id=indicator.id, period_id=period.id, event_id=event_id, after=after
                    )
                )
                break
    return count


async def score_again_due(tx: Transaction) -> bool:
    """The next `BATCH` subjects of a revised rule: others can post between two batches. False: nothing was due."""
    row = await tx.session.scalar(select(RescoreDueRow).order_by(RescoreDueRow.id).limit(1))
    if row is None:
        return False
    await lock_ledger(tx)
    indicator = await tx.session.get(IndicatorReplica, row.indicator_id, populate_existing=True)
    period = await facts.period(tx.session, row.period_id)
    after: UUID | None = None
    if indicator is not None and period.status != facts.SEALED:
        _, after = await _score_some(tx, indicator, period, row.event_id, row.after, rule=True)
    if after is None:
        await tx.session.delete(row)
    else:
        row.after = after
    return True


async def _score_some(
    tx: Transaction, indicator: IndicatorReplica | Indicator, period: PeriodReplica, event_id: UUID, after: UUID | None,
    *, rule: bool,
) -> tuple[int, UUID | None]:  # fmt: skip
    """Of the subjects behind `after` the first `BATCH`, in a few statements of SQL: how many moved, and where the next begin."""
    began = time.perf_counter()
    closed = await facts.closed(tx.session, period.id)
    of = (tx.session, indicator.id, period.id)
    batch = await revised.subjects_of(*of, after=after, limit=BATCH, closed=closed)
    work, goals, posted = (
        await revised.accepted_of(*of, batch),
        await revised.targets_of(*of, batch),
        await revised.posted_of(*of, batch),
    )
    homes = await facts.homes(tx.session, period.ends_on) if closed else {}
    read = rules.parse(indicator.rule) if rule else None
    cause = Cause(event_id, EntryKind.ADJUSTMENT if rule else EntryKind.REVERSAL, period.ends_on)
    drafts = []
    for subject_id in batch:
        items, goal = work.get(subject_id, []), goals.get(subject_id)
        first: SubmissionReplica | TargetReplica | None = items[0] if items else goal if closed else None
        if first is None:
            continue
        unit_id = items[0].unit_id if items else homes.get(subject_id, subject_id)
        key = Key(first.subject_kind, subject_id, unit_id, period.scheme_id, indicator.id, period.id)
        result = None if read is None else rules.evaluate(read, facts.facts_of(goal, items, closed=closed))
        draft = draft_of(key, cause, indicator, result, posted.get(subject_id, 0))
        drafts += [draft] if draft is not None else []
    if drafts:
        await post(tx, drafts)
        await adding_up.add_up_all(tx, period, drafts, {draft.subject_id for draft in drafts})
    RECALC.labels("indicator").observe(time.perf_counter() - began)
    return len(drafts), batch[-1] if len(batch) == BATCH else None


def draft_of(
    key: Key,
    cause: Cause,
    indicator: IndicatorReplica | Indicator,
    result: rules.Result | None,
    posted: int,
) -> Draft | None:
    """The entry that makes the ledger say what the rule says (None: there is no rule); None if it does already."""
    change = difference(milli(result.value) if result is not None and result.value is not None else 0, posted)
    if change is None:
        return None
    zh, en = _reason(result)
    return Draft(
        scheme_id=key.scheme_id,
        period_id=key.period_id,
        subject_kind=key.subject_kind,
        subject_id=key.subject_id,
        unit_id=key.unit_id,
        module=indicator.module,
        indicator_id=key.indicator_id,
        kind=cause.kind,
        points_milli=change,
        rule_revision=indicator.revision,
        rule_key=f"{key.indicator_id}:{key.subject_id}:{key.period_id}",
        source_event_id=cause.event_id,
        submission_id=cause.submission_id,
        award_id=None,
        reason_zh=zh,
        reason_en=en,
        actor_id=cause.actor_id,
        occurred_on=cause.occurred_on,
    )


def _reason(result: rules.Result | None) -> tuple[str, str]:
    if result is None:
        return "指标已不存在", "the indicator is no more"
    if not result.lines:
        return f"无得分依据({result.state})", f"nothing to score ({result.state})"
    return result.lines[-1].zh, result.lines[-1].en
