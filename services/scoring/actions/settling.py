"""The standing of periods under a plan: worked out when the facts have changed, kept so that reading it costs nothing."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from kernel.aside import aside
from kernel.delivery.transaction import Transaction
from rules.binding import Binding
from rules.binding.filling import settle
from rules.plan import Evaluation, evaluate
from rules.plan.exact import exact_text
from rules.standing.consequences import Given
from rules.standing.settlement import Outcome
from rules.standing.subjects import Subject
from services.scoring.models import CircumstanceRow, PlanRunRow, StandingRow, StandingRunRow
from services.scoring.queries import facts, gathering, planned, standings
from services.scoring.queries.gathering import Gathered
from services.scoring.replicas import (
    OfficerReplica,
    PeriodReplica,
    PostingReplica,
    SchemeReplica,
    UnitReplica,
)

MOST_FINDINGS = 200


async def settle_due(tx: Transaction) -> UUID | None:
    """The first period, by its days, whose standing is not that of its facts. None: all of them are."""
    kept = {row.period_id: row.state for row in (await tx.session.scalars(select(StandingRunRow))).all()}
    roster = await _roster(tx)
    for period in await standings.periods(tx.session):
        binding = await planned.binding_of(tx.session, period.scheme_id)
        if binding is None:
            continue
        before = await facts.period_before(tx.session, period)
        state = await _state(tx, period, roster, kept.get(before) if before else None)
        if kept.get(period.id) != state:
            await _settle(tx, period, binding, state, known=period.id in kept)
            return period.id
    return None


async def _settle(
    tx: Transaction, period: PeriodReplica, binding: Binding, state: str, *, known: bool
) -> None:
    gathered = await gathering.gather(tx.session, binding, period)
    history = await standings.history(tx.session, period)
    found = replace(gathered.facts, context=replace(gathered.facts.context, history=history))
    zeros = await standings.zeros(tx.session, period.id)
    whole = replace(gathered, facts=found)
    rows, findings = await aside(len(whole.kinds), _worked_out, period.id, binding, whole, zeros)
    if period.status == facts.SEALED and known:
        # Behind a seal only what was held is filled in; whatever else has changed since does not reach it.
        held = await standings.held(tx.session, period.id)
        rows = [row for row in rows if row["subject_id"] in held and row["grade"] is not None]
        drop = StandingRow.subject_id.in_([row["subject_id"] for row in rows])
        await tx.session.execute(delete(StandingRow).where(StandingRow.period_id == period.id, drop))
    else:
        await tx.session.execute(delete(StandingRow).where(StandingRow.period_id == period.id))
    if rows:
        await tx.session.execute(insert(StandingRow), rows)
    values = {"period_id": period.id, "state": state, "at": await tx.now(), "findings": findings}
    news = {name: value for name, value in values.items() if name != "period_id"}
    await tx.session.execute(
        insert(StandingRunRow).values(values).on_conflict_do_update(index_elements=["period_id"], set_=news)
    )


def _worked_out(
    period_id: UUID, binding: Binding, gathered: Gathered, zeros: dict[UUID, str]
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Everybody's row, and what was found on the way."""
    evaluation = evaluate(binding.plan, gathered.facts)
    settled = settle(binding, evaluation, gathered.people.values())
    about = evaluation.context().subjects
    given: dict[str, list[Given]] = defaultdict(list)
    for each in settled.given:
        given[each.subject].append(each)
    rows = [
        _row(period_id, settled.outcomes[key], about[key], given[key], evaluation, gathered, zeros)
        for key in settled.outcomes
    ]
    findings = [
        {"place": f.place, "code": f.code, "zh": f.zh, "en": f.en}
        for f in (*evaluation.findings, *settled.findings)
    ]
    return rows, findings[:MOST_FINDINGS]


def _row(
    period_id: UUID,
    outcome: Outcome,
    about: Subject,
    given: Iterable[Given],
    evaluation: Evaluation,
    gathered: Gathered,
    zeros: dict[UUID, str],
) -> dict[str, Any]:
    subject, key = evaluation.board.by_id[outcome.subject].subject, UUID(outcome.subject)
    value, graded = outcome.total.value, outcome.graded
    return {
        "period_id": period_id,
        "subject_id": key,
        "subject_kind": subject.kind,
        "unit_id": gathered.units[key],
        "name": subject.name,
        "total": None if value is None else exact_text(value),
        "state": outcome.total.state.value,
        "zero": zeros.get(key, "scored") if value == Fraction(0) or value is None else None,
        "positions": {
            scope: [p.rank, p.ahead, p.behind, p.of] for scope, p in outcome.positions.items()
        },
        "grade": outcome.grade,
        "shown": outcome.shown,
        "grade_state": None if graded is None else graded.state.value,
        "outside": None if about.outside is None else about.outside.value,
        "lines": [] if graded is None else [{"zh": line.zh, "en": line.en} for line in graded.lines],
        "given": [
            {
                "to": g.to, "gives": list(g.gives), "amount": None if g.amount is None else exact_text(g.amount),
                "zh": g.why.zh, "en": g.why.en,
            }
            for g in given
        ],
    }  # fmt: skip


async def _roster(tx: Transaction) -> str:
    """Changes with every posting, unit and officer."""
    sums = [
        select(func.count() + func.coalesce(func.sum(row.version), 0)).scalar_subquery()
        for row in (PostingReplica, UnitReplica, OfficerReplica)
    ]
    return ":".join(str(value) for value in (await tx.session.execute(select(*sums))).one())


async def _state(tx: Transaction, period: PeriodReplica, roster: str, before: str | None) -> str:
    """Of the facts that the standing follows from, the standing before among them."""
    decided = await tx.session.scalar(select(func.count()).select_from(CircumstanceRow))
    if period.status == facts.SEALED:
        return f"sealed:{decided}"
    runs = await tx.session.scalar(select(func.count()).where(PlanRunRow.period_id == period.id))
    scheme = await tx.session.scalar(
        select(SchemeReplica.version).where(SchemeReplica.id == period.scheme_id)
    )
    said = f"{runs}/{decided}/{scheme}/{roster}/{before or ''}"
    return hashlib.sha256(said.encode()).hexdigest()
