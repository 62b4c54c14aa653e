"""What a board stands on: its months, the setting it is ranked by, the name of its series; read again only when one changed.

The look at the figures (`live`) tells the versions of all of them in the same statement, so that a board of figures that did
not change costs one statement.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from rules.standing.ranking import Ranking
from services.reporting.domain.figures import SpanKind
from services.reporting.queries import live
from services.reporting.queries.periods import Stretch, stretch_of
from services.reporting.queries.standings import Pin, standing_of
from services.reporting.replicas import SeriesReplica

UNASSIGNED = "未分组 / no series"


@dataclass(frozen=True, slots=True)
class Basis:
    """`stretch` holds rows of no session: they can be read, and load nothing."""

    stretch: Stretch
    ranking: Ranking
    series_name: str

    @property
    def periods(self) -> list[UUID]:
        return [month.id for month in (*self.stretch.before, *self.stretch.months)]


async def basis_of(
    session: AsyncSession,
    scheme_id: UUID,
    period_id: UUID,
    span: SpanKind,
    series_id: UUID | None,
    pin: Pin | None = None,
) -> tuple[Basis, live.Memory]:
    """And the figures of its months, as of now. Raises PeriodMissing."""
    key, ask = ("basis", scheme_id, period_id, span, series_id, pin), live.About(scheme_id, series_id)
    guess = live.last_made(session, key)
    look = await live.look(session, guess.periods if isinstance(guess, Basis) else [], ask)
    found = live.remembered(look.memory, key, look.versions)
    if isinstance(found, Basis):
        return found, look.memory
    # The versions were read before the rows: a change in between is noticed at the next look.
    made = await _read(session, scheme_id, period_id, span, series_id, pin)
    memory = await live.fresh(session, made.periods)
    live.remember(memory, key, look.versions, made)
    return made, memory


async def _read(
    session: AsyncSession,
    scheme_id: UUID,
    period_id: UUID,
    span: SpanKind,
    series_id: UUID | None,
    pin: Pin | None,
) -> Basis:
    stretch = await stretch_of(session, scheme_id, period_id, span)
    ranking = (await standing_of(session, stretch.scheme, pin)).ranking
    series = await session.get(SeriesReplica, series_id) if series_id else None
    for row in (stretch.scheme, stretch.period):
        session.expunge(row)
    return Basis(stretch, ranking, series.name if series is not None else UNASSIGNED)
