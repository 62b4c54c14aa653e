"""From accepted work to points: the rule is evaluated anew, the ledger gets the difference."""

import time
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from prometheus_client import Histogram

import rules
from contracts.scoring import EntryKind
from kernel.delivery.transaction import Transaction
from services.scoring.actions import adding_up
from services.scoring.actions.posting import Draft, lock_ledger, post
from services.scoring.domain.ledger import PeriodClosed, difference, milli
from services.scoring.queries import facts

RECALC = Histogram(
    "kaohe_score_recalc_duration_seconds", "Time to score one subject and indicator", ["scope"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1),
)  # fmt: skip


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


async def score(tx: Transaction, key: Key, cause: Cause) -> int | None:
    """Thousandths posted, or None when the ledger said the right thing already."""
    began = time.perf_counter()
    await lock_ledger(tx)
    indicator = await facts.indicator(tx.session, key.indicator_id)
    period = await facts.period(tx.session, key.period_id)
    work = await facts.accepted(tx.session, key.subject_id, key.indicator_id, key.period_id)
    target = await facts.target(tx.session, key.subject_id, key.indicator_id, key.period_id)
    result = rules.evaluate(rules.parse(indicator.rule), facts.facts_of(target, work))
    wanted = milli(result.value) if result.value is not None else 0
    change = difference(wanted, await facts.posted(tx.session, key.subject_id, key.indicator_id, key.period_id))
    if change is None:
        return None
    if period.status == facts.SEALED:
        raise PeriodClosed(period=period.code)
    zh, en = _reason(result)
    await post(
        tx,
        [
            Draft(
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
        ],
    )
    await adding_up.add_up(tx, key.subject_kind, key.subject_id, key.unit_id, key.scheme_id, key.period_id)
    RECALC.labels("subject").observe(time.perf_counter() - began)
    return change


def _reason(result: rules.Result) -> tuple[str, str]:
    if not result.lines:
        return f"无得分依据({result.state})", f"nothing to score ({result.state})"
    return result.lines[-1].zh, result.lines[-1].en
