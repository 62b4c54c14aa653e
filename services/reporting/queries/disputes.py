"""What open appeals could still change on a board."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from rules.standing.order import LOWER
from rules.totals import Module, Scheme
from services.reporting.domain.bounds import Case, Gains, Places, Range, Work, between, gains, place_ranges
from services.reporting.domain.figures import combined
from services.reporting.queries.boards import IMPROVEMENT, Board, figure, months
from services.reporting.replicas import (
    EntryAppealReplica,
    EntryReplica,
    IndicatorReplica,
    SchemeReplica,
    StatementReplica,
    SubmissionReplica,
    TargetReplica,
)
from services.reporting.replicas.deciding import OPEN_ENTRY_APPEALS

UNDER_APPEAL = "under_appeal"
_COUNTED = ("accepted", UNDER_APPEAL, "upheld", "changed", "sealed")
_LIVE = ("issued", "acknowledged", "revised")


@dataclass(frozen=True, slots=True)
class Disputed:
    """`ranges` of the subjects with open appeals; `unbounded`: appeals whose effect cannot be bounded here."""

    open: int
    ranges: dict[UUID, Range]
    places: Places | None
    unbounded: int

    @property
    def exact(self) -> bool:
        return not self.unbounded and all(found.exact for found in self.ranges.values())


NOTHING = Disputed(0, {}, None, 0)


async def disputes(session: AsyncSession, board: Board) -> Disputed:
    """Each month's figures are worked out anew as if everything were won, and put together as those of the board are;
    on boards of improvement those of the stretch before too.

    Of officers and of units' own work. Where a scheme scores by a plan, where a unit's figure follows from its members', and
    where a ledger entry is appealed against, appeals are counted as unbounded: an honest "could change" instead of a number
    that could be wrong.
    """
    improvement = board.choice.by == IMPROVEMENT
    compared = (*board.stretch.months, *(board.stretch.before if improvement else ()))
    periods = [month.id for month in compared]
    query = select(SubmissionReplica).where(
        SubmissionReplica.period_id.in_(periods), SubmissionReplica.status == UNDER_APPEAL
    )
    disputed = list((await session.scalars(query)).all())
    entries = select(EntryAppealReplica).where(
        EntryAppealReplica.period_id.in_(periods), EntryAppealReplica.status.in_(OPEN_ENTRY_APPEALS)
    )
    against = list((await session.scalars(entries)).all())
    if not disputed and not against:
        return NOTHING
    kind = board.choice.subject_kind
    concerned = [
        row for row in disputed if row.subject_kind == kind and row.subject_id in board.ordered.places
    ]
    above = _members_of_units(board, [*disputed, *against]) if kind == "unit" else 0
    above += sum(row.subject_kind == kind and row.subject_id in board.ordered.places for row in against)
    if board.stretch.scheme.plan:
        return Disputed(len(concerned) + above, {}, None, len(concerned) + above)
    added_up = await _with_members(session, concerned) if kind == "unit" else frozenset()
    own = [row for row in concerned if row.subject_id not in added_up]
    unbounded = above + len(concerned) - len(own)
    ranges = await _ranges(session, board, own)
    if improvement:
        then = await _ranges(session, board, own, before=True)
        ranges = {who: between(ranges[who], then[who]) for who in ranges}
    places = place_ranges(board.ordered.milli, ranges, lower_is_better=board.ranking.direction == LOWER)
    return Disputed(len(concerned) + above, ranges, places, unbounded)


async def _with_members(session: AsyncSession, rows: Sequence[SubmissionReplica]) -> frozenset[UUID]:
    """Units among them whose figure is not of their own work alone."""
    query = select(StatementReplica.subject_id).where(
        StatementReplica.subject_id.in_({row.subject_id for row in rows}),
        StatementReplica.period_id.in_({row.period_id for row in rows}),
        StatementReplica.members_milli.is_not(None),
    )
    return frozenset(await session.scalars(query))


async def _ranges(
    session: AsyncSession, board: Board, disputed: list[SubmissionReplica], *, before: bool = False
) -> dict[UUID, Range]:
    """Of everybody who has something in dispute, in the board's stretch or in the one before."""
    if not disputed:  # nor need there be figures: a version of the stretch before may be missing
        return {}
    scheme, choice = scheme_of(board.stretch.scheme), board.choice
    subjects = {row.subject_id for row in disputed}
    by_month: dict[UUID, list[SubmissionReplica]] = defaultdict(list)
    for row in disputed:
        by_month[row.period_id].append(row)
    stands, raised, exact = [], [], dict.fromkeys(subjects, True)
    for month, scores in await months(session, board, before=before):
        won = await _gains(session, scheme, month, by_month[month]) if month in by_month else {}
        concerned = {who: scores[who] for who in subjects & scores.keys()}
        stands.append(concerned)
        raised.append({who: won[who].on(at) if who in won else at for who, at in concerned.items()})
        for who, gained in won.items():
            exact[who] = exact[who] and gained.exact
    now, best = combined(stands, choice.combine), combined(raised, choice.combine)
    found = {}
    for who in subjects:
        low = figure(now[who], choice.module)
        found[who] = Range(low, max(low, figure(best[who], choice.module)), exact[who])
    return found


def _members_of_units(board: Board, disputed: Sequence[SubmissionReplica | EntryAppealReplica]) -> int:
    """Appeals of officers below the units of the board: they move the units' figures by the roll-up."""
    paths = tuple(board.units[subject].path for subject in board.ordered.places if subject in board.units)
    homes = [
        board.units[row.unit_id].path
        for row in disputed
        if row.unit_id in board.units and row.subject_kind == "officer"
    ]
    return sum(home.startswith(paths) for home in homes) if paths else 0


async def _gains(
    session: AsyncSession, scheme: Scheme, period_id: UUID, disputed: Sequence[SubmissionReplica]
) -> dict[UUID, Gains]:
    """Of one month."""
    subjects = sorted({row.subject_id for row in disputed})
    keys = sorted({(row.subject_id, row.indicator_id) for row in disputed})
    pair = tuple_(SubmissionReplica.subject_id, SubmissionReplica.indicator_id)
    works: dict[tuple[UUID, UUID], list[Any]] = defaultdict(list)
    query = select(SubmissionReplica).where(
        SubmissionReplica.period_id == period_id, pair.in_(keys), SubmissionReplica.status.in_(_COUNTED)
    )
    for row in (
        await session.scalars(query.order_by(SubmissionReplica.event_date, SubmissionReplica.id))
    ).all():
        works[row.subject_id, row.indicator_id].append(row)
    targets = await _targets(session, period_id, keys)
    indicators = {
        row.id: row
        for row in await session.scalars(
            select(IndicatorReplica).where(IndicatorReplica.id.in_({key[1] for key in keys}))
        )
    }
    entries = await _entries(session, period_id, subjects)
    found = {}
    for subject in subjects:
        cases = [
            _case(indicators[indicator], targets.get((subject, indicator)), works[subject, indicator])
            for who, indicator in keys
            if who == subject and indicator in indicators and indicators[indicator].rule
        ]
        found[subject] = gains(scheme, entries[subject], cases)
    return found


def _case(indicator: IndicatorReplica, target: Decimal | None, rows: list[Any]) -> Case:
    works = tuple(
        Work(row.id, row.event_date.isoformat(), row.accepted_quantity or Decimal(0), row.quantity, row.status == UNDER_APPEAL)
        for row in rows
    )  # fmt: skip
    return Case(indicator.module, indicator.rule, target, works)


async def _targets(
    session: AsyncSession, period_id: UUID, keys: list[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], Decimal]:
    query = (
        select(TargetReplica.subject_id, TargetReplica.indicator_id, TargetReplica.quantity)
        .where(TargetReplica.period_id == period_id, TargetReplica.status.in_(_LIVE))
        .where(tuple_(TargetReplica.subject_id, TargetReplica.indicator_id).in_(keys))
        .order_by(TargetReplica.id.desc())
    )
    return {(row[0], row[1]): row[2] for row in await session.execute(query)}


async def _entries(
    session: AsyncSession, period_id: UUID, subjects: list[UUID]
) -> dict[UUID, dict[str, int]]:
    found: dict[UUID, dict[str, int]] = {subject: {} for subject in subjects}
    query = (
        select(EntryReplica.subject_id, EntryReplica.module, func.sum(EntryReplica.points_milli))
        .where(EntryReplica.period_id == period_id, EntryReplica.subject_id.in_(subjects))
        .group_by(EntryReplica.subject_id, EntryReplica.module)
    )
    for subject, module, milli in await session.execute(query):
        found[subject][module] = int(milli)
    return found


def scheme_of(row: SchemeReplica) -> Scheme:
    """How the scheme adds up. Members' formulas are not needed here."""

    def number(value: Any) -> Decimal | None:
        return None if value is None else Decimal(str(value))

    modules = tuple(
        Module(m["code"], Decimal(str(m["weight"])), number(m.get("cap")), number(m.get("floor")))
        for m in row.modules
    )
    return Scheme(
        modules=modules, combination=row.module_combination, total_decimals=row.total_decimals, bonus_cap=row.bonus_cap,
        deduction_cap=row.deduction_cap, own_weight=Decimal(1), members_weight=Decimal(0), members="mean",
        roll_up_decimals=3,
    )  # fmt: skip
