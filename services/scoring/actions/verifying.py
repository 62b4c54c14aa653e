"""The proof that the ledger is what the rules make of the event logs, and the statements what the ledger adds up to."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from prometheus_client import Gauge
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

import rules
from contracts import submissions, targets
from services.scoring.actions.posting import facts_of_row
from services.scoring.actions.rolling_up import Below, figures_of
from services.scoring.domain.ledger import GENESIS, entry_hash, milli
from services.scoring.domain.statements import Scheme, module_points, own_total
from services.scoring.models import AwardRow, EntryRow, LedgerHeadRow, StatementRow
from services.scoring.queries import facts, replay
from services.scoring.replicas import PeriodReplica, SchemeReplica, UnitReplica

DRIFT = Gauge("kaohe_score_drift", "Mismatches found by the last verification", ["check"])
LISTED = 100
PAGE = 2000
Key = tuple[UUID, UUID, UUID]  # subject, indicator, period


@dataclass
class Verdict:
    """Counts of what was compared; `differences` are at most the first hundred."""

    submissions: int = 0
    scored: int = 0
    entries: int = 0
    statements: int = 0
    chain_broken_at: int | None = None
    differences: list[dict[str, Any]] = field(default_factory=list)
    different: int = 0

    @property
    def holds(self) -> bool:
        return self.different == 0 and self.chain_broken_at is None

    def differ(self, check: str, what: Any, wanted: Any, found: Any) -> None:
        self.different += 1
        if len(self.differences) < LISTED:
            self.differences.append({"check": check, "what": str(what), "wanted": wanted, "found": found})


async def verify(session: AsyncSession) -> Verdict:
    """Reads one consistent snapshot (the caller's transaction); writes nothing."""
    verdict = Verdict()
    wanted = await _from_the_logs(session, verdict)
    posted = await _posted(session)
    for key in wanted.keys() | posted.keys():
        if wanted.get(key, 0) != posted.get(key, 0):
            verdict.differ("ledger", "/".join(map(str, key)), wanted.get(key, 0), posted.get(key, 0))
    await _awards(session, verdict)
    await _chain(session, verdict)
    await _statements(session, verdict)
    DRIFT.labels("all").set(verdict.different + (verdict.chain_broken_at is not None))
    return verdict


async def _from_the_logs(session: AsyncSession, verdict: Verdict) -> dict[Key, int]:
    """What the rules make of the last state of every submission, target and indicator in the logs."""
    goals: dict[UUID, targets.Target] = {}
    indicators: dict[UUID, targets.Indicator] = {}
    async for event in replay.events(session, "targets"):
        if isinstance(event, targets.Target):
            goals[event.id] = event
        elif isinstance(event, targets.Indicator):
            indicators[event.id] = event
    work: dict[UUID, submissions.Submission] = {}
    async for event in replay.events(session, "submissions"):
        if isinstance(event, submissions.Submission):
            work[event.id] = event
    verdict.submissions = len(work)
    live = {
        (g.subject_id, g.indicator_id, g.period_id): g
        for g in sorted(goals.values(), key=lambda g: g.id, reverse=True)
        if g.status in facts.LIVE_TARGETS
    }
    counted: dict[Key, list[submissions.Submission]] = defaultdict(list)
    for item in work.values():
        if item.status in facts.COUNTED and item.accepted_quantity:
            counted[item.subject_id, item.indicator_id, item.period_id].append(item)
    parsed: dict[UUID, rules.Rule] = {}
    wanted = {}
    for key, items in counted.items():
        rule = parsed.setdefault(key[1], rules.parse(indicators[key[1]].rule))
        items.sort(key=lambda s: (s.event_date, s.id))
        result = rules.evaluate(rule, facts.facts_of(live.get(key), items))
        wanted[key] = milli(result.value) if result.value is not None else 0
    verdict.scored = len(wanted)
    return wanted


async def _posted(session: AsyncSession) -> dict[Key, int]:
    query = (
        select(EntryRow.subject_id, EntryRow.indicator_id, EntryRow.period_id, func.sum(EntryRow.points_milli))
        .where(EntryRow.indicator_id.is_not(None))
        .group_by(EntryRow.subject_id, EntryRow.indicator_id, EntryRow.period_id)
    )
    return {(r[0], r[1], r[2]): int(r[3]) for r in (await session.execute(query)).all()}


async def _awards(session: AsyncSession, verdict: Verdict) -> None:
    """Each posted award has its points in the ledger, each other one nothing on balance."""
    sums = {
        award_id: int(total)
        for award_id, total in (
            await session.execute(
                select(EntryRow.award_id, func.sum(EntryRow.points_milli))
                .where(EntryRow.award_id.is_not(None))
                .group_by(EntryRow.award_id)
            )
        ).all()
    }
    for award in (await session.scalars(select(AwardRow))).all():
        wanted = 0
        if award.status == "posted":
            wanted = milli(award.points) * (1 if award.kind == "bonus" else -1)
        if sums.get(award.id, 0) != wanted:
            verdict.differ("award", award.id, wanted, sums.get(award.id, 0))


async def _chain(session: AsyncSession, verdict: Verdict) -> None:
    previous, seq = GENESIS, 0
    while rows := (
        await session.scalars(select(EntryRow).where(EntryRow.seq > seq).order_by(EntryRow.seq).limit(PAGE))
    ).all():
        for row in rows:
            good = row.seq == seq + 1 and row.prev_hash == previous
            if not good or row.hash != entry_hash(previous, row.seq, facts_of_row(row)):
                verdict.chain_broken_at = seq + 1
                return
            previous, seq = row.hash, row.seq
        session.expunge_all()
    head = await session.scalar(select(LedgerHeadRow))
    if head is not None and (head.seq, head.hash) != (seq, previous):
        verdict.chain_broken_at = seq
    verdict.entries = seq


async def _statements(session: AsyncSession, verdict: Verdict) -> None:
    """Every statement again from the ledger; units bottom-up over the whole tree."""
    schemes = {row.id: facts.scheme_of(row) for row in (await session.scalars(select(SchemeReplica))).all()}
    units = {row.id: row for row in (await session.scalars(select(UnitReplica))).all()}
    for period in (await session.scalars(select(PeriodReplica))).all():
        scheme = schemes.get(period.scheme_id)
        if scheme is None:
            continue
        rows = (await session.scalars(select(StatementRow).where(StatementRow.period_id == period.id))).all()
        if rows:
            await _period(session, verdict, period.id, scheme, units, {row.subject_id: row for row in rows})
        session.expunge_all()


async def _period(
    session: AsyncSession,
    verdict: Verdict,
    period_id: UUID,
    scheme: Scheme,
    units: Mapping[UUID, UnitReplica],
    rows: Mapping[UUID, StatementRow],
) -> None:
    query = (
        select(EntryRow.subject_kind, EntryRow.subject_id, EntryRow.module, func.sum(EntryRow.points_milli), func.count())
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
    for unit in sorted(units.values(), key=lambda u: -u.level):
        figures = figures_of(scheme, below, unit.id)
        row = rows.get(unit.id)
        if figures is None:
            continue
        if row is None or row.total_milli != figures.total_milli:
            verdict.differ("statement", unit.id, figures.total_milli, row.total_milli if row else None)
        if unit.parent_id is not None:
            below.units[unit.parent_id][unit.id] = figures.total_milli
    verdict.statements += len(rows)
