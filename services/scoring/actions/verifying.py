"""The proof that the ledger is what the rules make of the event logs, and the statements what the ledger adds up to."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from prometheus_client import Gauge
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

import rules
from kernel.db.patience import take_time
from rules.totals import Scheme, module_points, own_total
from sealing.keys import Key
from services.scoring.actions import weighing
from services.scoring.actions.rolling_up import Below, figures_of
from services.scoring.actions.verdict import Verdict
from services.scoring.actions.verifying_plans import verify_plans
from services.scoring.actions.verifying_seals import verify_seals
from services.scoring.domain.ledger import PLAN_KEY, milli
from services.scoring.models import EntryAppealRow, EntryRow, LedgerHeadRow, StatementRow
from services.scoring.queries import chain as chains
from services.scoring.queries import facts, planned, replay
from services.scoring.queries.told import Sources, sources
from services.scoring.replicas import PeriodReplica, SchemeReplica, UnitReplica

MOST_CASES = 50_000
_COMPARED = select(
    StatementRow.subject_id,
    StatementRow.unit_id,
    StatementRow.entries,
    StatementRow.entries_milli,
    StatementRow.own_milli,
    StatementRow.members_milli,
    StatementRow.members,
    StatementRow.total_milli,
)
DRIFT = Gauge("kaohe_score_drift", "Mismatches found by the last verification", ["check"])


async def verify(
    session: AsyncSession,
    period_id: UUID | None = None,
    keys: tuple[Key, ...] = (),
    *,
    chain: bool = True,
    told: Sources | None = None,
) -> Verdict:
    """Reads one consistent snapshot (the caller's transaction); writes nothing.

    Of one period that is not sealed, or of everything with the seals, whose signatures must be of `keys`. `chain`: also
    the hashes of the whole ledger, which tell nothing about figures that agree with the logs. `told`: the period's logs, where
    they were read already.
    """
    await take_time(session)
    verdict = Verdict()
    by_plan = await verify_plans(session, verdict, period_id)
    if period_id not in by_plan:
        await _from_the_logs(session, verdict, told or sources(), period_id, by_plan)
    await _awards(session, verdict, period_id)
    await _appeals(session, verdict, period_id)
    if chain:
        verdict.chain_broken_at, verdict.entries = await chain_checked(session)
    await _statements(session, verdict, period_id)
    if period_id is None:
        verdict.submissions = await replay.submissions_heard(session)
        verdict.waiting = await replay.waiting(session)
        await verify_seals(session, verdict, keys)
        DRIFT.labels("all").set(verdict.different + (verdict.chain_broken_at is not None))
    return verdict


async def _from_the_logs(
    session: AsyncSession, verdict: Verdict, told: Sources, period_id: UUID | None, by_plan: set[UUID]
) -> None:
    """What the rules make of the last state of every submission and target in the logs, against the ledger's sums.

    A sealed period is not evaluated again: later rules and targets do not reach it. Periods `by_plan` have one.
    """
    data = await replay.rules_in_force(session)
    sealed = set(await session.scalars(select(PeriodReplica.id).where(PeriodReplica.status == facts.SEALED)))
    evaluate = _Evaluated(data)
    pages = replay.keys(session, told, counted=facts.COUNTED, live=facts.LIVE_TARGETS, period_id=period_id)
    async for page in pages:
        for subject, indicator, period, quantities, target, posted, is_closed in page:
            if period in sealed or period in by_plan:
                continue
            verdict.scored += quantities is not None
            wanted = 0
            closed = is_closed and target is not None
            if (quantities is not None or closed) and indicator in data:
                wanted = evaluate(indicator, target, tuple(quantities or ()), closed=closed)
            if wanted != posted:
                verdict.differ("ledger", f"{subject}/{indicator}/{period}", wanted, posted)


class _Evaluated:
    """Points in thousandths of an indicator's rule, each case evaluated once.

    Such a rule sees quantities and a target; neither when a piece of work was done nor which it was (a test holds it to that).
    Officers with the same quantities are many.
    """

    def __init__(self, data: Mapping[Any, Any]) -> None:
        self._data = data
        self._rules: dict[UUID, rules.Rule] = {}
        self._found: dict[tuple[Any, ...], int] = {}

    def __call__(
        self, indicator_id: UUID, target: Decimal | None, quantities: tuple[str, ...], *, closed: bool
    ) -> int:
        case = (indicator_id, target, quantities, closed)
        found = self._found.get(case)
        if found is None:
            if len(self._found) >= MOST_CASES:
                self._found.clear()
            found = self._found[case] = self._points(*case)
        return found

    def _points(
        self,
        indicator_id: UUID,
        target: Decimal | None,
        quantities: tuple[str, ...],
        closed: bool,  # noqa: FBT001 -- a case
    ) -> int:
        rule = self._rules.get(indicator_id) or rules.parse(self._data[indicator_id])
        self._rules[indicator_id] = rule
        events = tuple(rules.Event(str(n), Decimal(quantity), "") for n, quantity in enumerate(quantities))
        points = rules.points(rule, rules.Facts(target, None, events, closed=closed))
        return milli(points) if isinstance(points, Fraction) else 0


async def _awards(session: AsyncSession, verdict: Verdict, period_id: UUID | None) -> None:
    """Each posted award has what it is worth in the ledger, each other one nothing on balance."""
    periods = select(PeriodReplica).where(PeriodReplica.status != facts.SEALED)
    if period_id is not None:
        periods = periods.where(PeriodReplica.id == period_id)
    for period in (await session.scalars(periods.order_by(PeriodReplica.id))).all():
        binding = await planned.binding_of(session, period.scheme_id)
        for award, wanted, held in await weighing.differences(session, period.id, binding):
            verdict.differ("award", award.id, wanted, held)


async def _appeals(session: AsyncSession, verdict: Verdict, period_id: UUID | None) -> None:
    """Each appeal that changed an entry has the difference in the ledger, each other one nothing.

    Against entries that a plan has made: there an appeal is one of the facts, and `verify_plans` has looked at it.
    """
    sums = (
        select(EntryRow.source_event_id, func.sum(EntryRow.points_milli).label("held"))
        .where(EntryRow.rule_key.startswith("appeal:"))
        .group_by(EntryRow.source_event_id)
        .subquery()
    )
    row = EntryAppealRow
    wanted = func.coalesce(row.wanted_milli - row.entry_milli, 0)
    held = func.coalesce(sums.c.held, 0)
    by_plan = EntryRow.rule_key.startswith(PLAN_KEY, autoescape=True)
    query = (
        select(row.id, wanted, held)
        .join(EntryRow, EntryRow.id == row.entry_id)
        .outerjoin(sums, sums.c.source_event_id == row.id)
        .where(~by_plan)
    )
    if period_id is not None:
        query = query.where(row.period_id == period_id)
    for appeal_id, one, other in (await session.execute(query.where(wanted != held))).all():
        verdict.differ("appeal", appeal_id, int(one), int(other))


async def chain_checked(session: AsyncSession) -> tuple[int | None, int]:
    """The first entry of the ledger that is not what its hash says, or that does not follow the one before; how many they are."""
    await take_time(session)
    broken, seq, digest = await chains.broken_at(session)
    head = await session.scalar(select(LedgerHeadRow))
    if broken is None and head is not None and (head.seq, head.hash) != (seq, digest):
        broken = seq
    return broken, seq


async def _statements(session: AsyncSession, verdict: Verdict, period_id: UUID | None) -> None:
    """Every statement again from the ledger; units bottom-up over the whole tree."""
    schemes = {row.id: facts.scheme_of(row) for row in (await session.scalars(select(SchemeReplica))).all()}
    units = {row.id: row for row in (await session.scalars(select(UnitReplica))).all()}
    for period in (await session.scalars(select(PeriodReplica))).all():
        scheme = schemes.get(period.scheme_id)
        if scheme is None or period.status == facts.SEALED or period_id not in {None, period.id}:
            continue
        rows = (await session.execute(_COMPARED.where(StatementRow.period_id == period.id))).all()
        if rows:
            await _period(session, verdict, period.id, scheme, units, {row.subject_id: row for row in rows})


async def _period(
    session: AsyncSession,
    verdict: Verdict,
    period_id: UUID,
    scheme: Scheme,
    units: Mapping[UUID, UnitReplica],
    rows: Mapping[UUID, Any],
) -> None:
    query = (
        select(
            EntryRow.subject_kind,
            EntryRow.subject_id,
            EntryRow.module,
            func.sum(EntryRow.points_milli),
            func.count(),
        )
        .where(EntryRow.period_id == period_id)
        .group_by(EntryRow.subject_kind, EntryRow.subject_id, EntryRow.module)
    )
    by_subject: dict[tuple[str, UUID], dict[str, tuple[int, int]]] = defaultdict(dict)
    for kind, subject_id, module, total, count in (await session.execute(query)).all():
        by_subject[kind, subject_id][module] = (int(total), count)
    below = Below()
    for (kind, subject_id), found in by_subject.items():
        if kind == "unit":
            below.own[subject_id] = found
            continue
        total = own_total(scheme, module_points(scheme, {code: t for code, (t, _) in found.items()}))
        row = rows.get(subject_id)
        if row is None or row.total_milli != total:
            verdict.differ("statement", subject_id, total, row.total_milli if row else None)
        if row is not None:
            below.officers[row.unit_id].append(total)
    _units(verdict, scheme, below, units, rows)
    verdict.statements += len(rows)


def _units(
    verdict: Verdict,
    scheme: Scheme,
    below: Below,
    units: Mapping[UUID, UnitReplica],
    rows: Mapping[UUID, Any],
) -> None:
    """Bottom-up over the whole tree."""
    for unit in sorted(units.values(), key=lambda u: -u.level):
        figures = figures_of(scheme, below, unit.id)
        row = rows.get(unit.id)
        if figures is None:
            if row is not None and row.entries + row.members:
                verdict.differ("statement", unit.id, None, row.total_milli)
            continue
        if row is None or _figures(row) != _figures(figures):
            verdict.differ("statement", unit.id, figures.total_milli, row.total_milli if row else None)
        if unit.parent_id is not None:
            below.units[unit.parent_id][unit.id] = figures.total_milli


def _figures(of: Any) -> tuple[int, ...]:
    return of.entries, of.entries_milli, of.own_milli, of.members_milli, of.members, of.total_milli
