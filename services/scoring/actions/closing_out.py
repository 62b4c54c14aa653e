"""Shortfalls (未完成): when nothing can come any more, a target without accepted work is scored as zero."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

import rules
from contracts.scoring import EntryKind
from kernel.aside import aside
from kernel.delivery.transaction import Transaction
from kernel.ids import derived
from services.scoring.actions.adding_up import add_up_all
from services.scoring.actions.posting import Draft, lock_ledger, post
from services.scoring.actions.scoring import Cause, Key, draft_of
from services.scoring.models import ShortfallRow
from services.scoring.queries import facts, shortfalls
from services.scoring.replicas import IndicatorReplica, PeriodReplica


async def close_out(tx: Transaction) -> PeriodReplica | None:
    """One period that is due, if there is one; None if not. Run again it finds the period done, and posts nothing.

    Due: the cut-off has passed, nothing that was submitted waits for its decision, the scheme scores by the rules of its
    indicators (a plan says itself what is made of work that did not come), and the period is not sealed.
    """
    now = await tx.now()
    if await shortfalls.due(tx.session, now) is None:  # asked every few seconds: others post meanwhile
        return None
    await lock_ledger(tx)
    period = await shortfalls.due(tx.session, now)
    if period is None:
        return None
    missing = await shortfalls.without_work(tx.session, period)
    drafts = await aside(len(missing), _drafts, period, await _indicators(tx, period), missing)
    row = ShortfallRow(period_id=period.id, at=await tx.now(), targets=len(missing), posted=len(drafts))
    tx.session.add(row)
    await tx.session.flush()
    if drafts:
        await post(tx, drafts)
        await add_up_all(tx, period, drafts)
    return period


async def _indicators(tx: Transaction, period: PeriodReplica) -> dict[UUID, IndicatorReplica]:
    query = select(IndicatorReplica).where(IndicatorReplica.scheme_id == period.scheme_id)
    return {row.id: row for row in (await tx.session.scalars(query)).all()}


def _drafts(
    period: PeriodReplica, indicators: Mapping[UUID, IndicatorReplica], missing: Sequence[Row[Any]]
) -> list[Draft]:
    parsed = {key: rules.parse(row.rule) for key, row in indicators.items()}
    cause = Cause(derived("shortfall", period.id), EntryKind.SHORTFALL, period.ends_on)
    drafts = []
    for goal in missing:
        indicator = indicators[goal.indicator_id]
        key = Key(goal.subject_kind, goal.subject_id, goal.unit_id, period.scheme_id, indicator.id, period.id)
        result = rules.evaluate(parsed[indicator.id], facts.facts_of(goal, (), closed=True))
        draft = draft_of(key, cause, indicator, result, int(goal.posted))
        drafts += [draft] if draft is not None else []
    return drafts
