"""Ranking boards: one series, one stretch of time, one kind of subject, one state of the figures."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rules.standing.ranking import Ranking
from services.reporting.domain.figures import Combine, Member, Score, SpanKind, combined, mean_of
from services.reporting.domain.ranking import Figure, Rank, ranked
from services.reporting.domain.versions import VersionKind
from services.reporting.models import VersionLineRow
from services.reporting.queries import live
from services.reporting.queries.basis import basis_of
from services.reporting.queries.periods import Stretch, VersionMissing, versions_of
from services.reporting.queries.standings import Pin

TOTAL, IMPROVEMENT = "total", "improvement"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which board. `by`: the figure itself, or what it gained since the stretch before. `pin`: as it was made once."""

    scheme_id: UUID
    period_id: UUID
    subject_kind: str
    series_id: UUID | None
    module: str | None = None
    span: SpanKind = SpanKind.MONTH
    combine: Combine = Combine.MEAN
    version: VersionKind = VersionKind.LIVE
    by: str = TOTAL
    pin: Pin | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """Subjects best first, and the place of each; `milli` is the figure they are ranked by. `without`: no figure.

    `drawn`: lines as the interface shows them to everybody; it lives as long as this order does.
    """

    ranks: tuple[Rank[UUID], ...] = ()
    milli: Mapping[UUID, int] = field(default_factory=dict)
    places: Mapping[UUID, Rank[UUID]] = field(default_factory=dict)
    without: tuple[Member, ...] = ()
    highest: int = 0
    mean: int = 0
    drawn: dict[UUID, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Board:
    """`scores` and `members` know more than the series; `ordered` is the series."""

    choice: Choice
    stretch: Stretch
    ranking: Ranking
    series_name: str
    scores: Mapping[UUID, Score]
    members: Mapping[UUID, Member]
    units: Mapping[UUID, Member]
    ordered: Ordered
    before: Ordered
    versions: tuple[UUID, ...] = ()
    versions_before: tuple[UUID, ...] = ()

    def change(self, subject: UUID) -> int | None:
        """Places gained since the stretch before; None for who had no place then."""
        then = self.before.places.get(subject)
        return None if then is None else then.rank - self.ordered.places[subject].rank

    def under(self, prefix: str) -> list[Rank[UUID]]:
        """Those whose unit's path begins so. Ranks stay those of the series."""
        return [rank for rank in self.ordered.ranks if self.path(rank.subject).startswith(prefix)]

    def path(self, subject: UUID) -> str:
        unit = self.units.get(self.scores[subject].unit_id)
        return unit.path if unit is not None else ""


async def board(session: AsyncSession, choice: Choice) -> Board:
    """The whole board; what is worked out for one reader serves the next, until a figure or a name changes."""
    basis, memory = await basis_of(
        session, choice.scheme_id, choice.period_id, choice.span, choice.series_id, choice.pin
    )
    stretch, ranking = basis.stretch, basis.ranking
    units = memory.members["unit"].rows
    if choice.version is VersionKind.LIVE:
        members = memory.members[choice.subject_kind].rows
        found = [memory.scores[month.id, choice.subject_kind] for month in stretch.months]
        scores = _combined(memory, choice, found)
        revisions = (
            *(kept.revision for kept in found),
            *(memory.members[kind].revision for kind in memory.members),
        )
        chosen: tuple[UUID, ...] = ()
        then, earlier, known_then = _live_before(memory, choice, stretch)
    else:
        pinned = choice.pin.versions if choice.pin is not None else None
        chosen = tuple(await versions_of(session, stretch.months, choice.version, pinned=pinned))
        frozen = [await _frozen(session, memory, version, choice.subject_kind) for version in chosen]
        members = {key: member for _, names in frozen for key, member in names.items()}
        scores = combined([figures for figures, _ in frozen], choice.combine)
        revisions = (memory.members["unit"].revision,)
        earlier = await _versions_before(session, stretch, pinned)
        before = [(await _frozen(session, memory, version, choice.subject_kind))[0] for version in earlier]
        then, known_then = combined(before, choice.combine) if before else {}, earlier
    known = (ranking, revisions, known_then)
    key = ("board", choice, chosen)
    made = live.remembered(memory, key, known)
    if made is None:
        made = (
            _order(choice, ranking, scores, then, members),
            _order(choice, ranking, then, {}, members) if choice.by == TOTAL else Ordered(),
        )
        live.remember(memory, key, known, made)
    return Board(
        choice, stretch, ranking, basis.series_name, scores, members, units, made[0], made[1], chosen, earlier
    )


async def months(
    session: AsyncSession, made: Board, *, before: bool = False
) -> list[tuple[UUID, Mapping[UUID, Score]]]:
    """Each month that the board is made of, with its figures; `before`: those of the stretch that it is compared with."""
    kind, stretch = made.choice.subject_kind, made.stretch
    wanted = [month.id for month in (stretch.before if before else stretch.months)]
    memory = await live.fresh(session, wanted)
    if made.choice.version is VersionKind.LIVE:
        return [(month, memory.scores[month, kind].rows) for month in wanted]
    versions = made.versions_before if before else made.versions
    figures = [(await _frozen(session, memory, version, kind))[0] for version in versions]
    return list(zip(wanted, figures, strict=True))


def _live_before(
    memory: live.Memory, choice: Choice, stretch: Stretch
) -> tuple[dict[UUID, Score], tuple[UUID, ...], tuple[object, ...]]:
    found = [memory.scores[month.id, choice.subject_kind] for month in stretch.before]
    then = _combined(memory, choice, found) if found else {}
    return then, (), tuple(kept.revision for kept in found)


async def _versions_before(
    session: AsyncSession, stretch: Stretch, pinned: AbstractSet[UUID] | None
) -> tuple[UUID, ...]:
    """What stands still is compared with what stands still: the newest versions before, or nothing."""
    try:
        return tuple(await versions_of(session, stretch.before, None, pinned=pinned))
    except VersionMissing:
        return ()


def _combined(memory: live.Memory, choice: Choice, found: list[live.Kept]) -> dict[UUID, Score]:
    if len(found) == 1:
        return found[0].rows
    key = ("combined", choice.subject_kind, choice.combine, tuple(id(kept) for kept in found))
    basis = tuple(kept.revision for kept in found)
    made: dict[UUID, Score] | None = live.remembered(memory, key, basis)
    if made is None:
        made = combined([kept.rows for kept in found], choice.combine)
        live.remember(memory, key, basis, made)
    return made


async def _frozen(
    session: AsyncSession, memory: live.Memory, version: UUID, kind: str
) -> tuple[dict[UUID, Score], dict[UUID, Member]]:
    """A version never changes: it is read once."""
    key = ("version", version, kind)
    made: tuple[dict[UUID, Score], dict[UUID, Member]] | None = live.remembered(memory, key, None)
    if made is None:
        row = VersionLineRow.__table__.c
        query = select(
            row.subject_id, row.unit_id, row.series_id, row.code, row.name, row.total_milli, row.modules, row.entries
        ).where(row.version_id == version, row.subject_kind == kind)  # fmt: skip
        scores, members = {}, {}
        for r in (await session.execute(query)).all():
            modules = {m["module"]: m["points_milli"] for m in r.modules}
            scores[r.subject_id] = Score(r.subject_id, r.unit_id, r.total_milli, modules, r.entries)
            members[r.subject_id] = Member(r.subject_id, r.code, r.name, r.series_id, level=2)
        made = (scores, members)
        live.remember(memory, key, None, made)
    return made


def _order(
    choice: Choice,
    ranking: Ranking,
    scores: Mapping[UUID, Score],
    then: Mapping[UUID, Score],
    members: Mapping[UUID, Member],
) -> Ordered:
    figures = []
    for subject, score in scores.items():
        member = members.get(subject)
        if member is None or member.series_id != choice.series_id:
            continue
        if choice.subject_kind == "unit" and member.level == 1:
            continue
        milli = figure(score, choice.module)
        if choice.by == IMPROVEMENT:
            if subject not in then:
                continue
            milli -= figure(then[subject], choice.module)
        figures.append(Figure(subject, member.code, milli, score.modules))
    ranks = tuple(ranked(figures, ranking))
    ranked_by = {found.subject: found.milli for found in figures}
    without = tuple(m for m in members.values() if m.series_id == choice.series_id and m.id not in ranked_by)
    totals = ranked_by.values()
    return Ordered(
        ranks,
        ranked_by,
        {rank.subject: rank for rank in ranks},
        without,
        max(totals, default=0),
        mean_of(totals) or 0,
    )


def figure(score: Score, module: str | None) -> int:
    return score.total_milli if module is None else score.modules.get(module, 0)
