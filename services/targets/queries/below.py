"""Who stands directly below the units that carry some targets, in the periods of those targets."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.targets.models import TargetRow
from services.targets.queries import org
from services.targets.queries.targets import Setting


@dataclass(slots=True)
class _InPeriod:
    units: dict[UUID, list[UUID]]
    posted: dict[UUID, list[UUID]]
    primary: dict[UUID, list[UUID]]
    homes: dict[UUID, UUID]
    heads: dict[UUID, int]
    coefficients: dict[UUID, Decimal]
    own: dict[UUID, dict[UUID, Decimal]]


@dataclass(slots=True)
class Below:
    """Sub-units and officers by parent target, read in a few statements a period."""

    periods: dict[UUID, _InPeriod] = field(default_factory=dict)

    def sub_units(self, parent: TargetRow) -> list[UUID]:
        return self.periods[parent.period_id].units.get(parent.unit_id, [])

    def officers(self, parent: TargetRow) -> list[UUID]:
        """Those whose primary posting is in the unit."""
        return self.periods[parent.period_id].primary.get(parent.unit_id, [])

    def holds(self, parent: TargetRow, kind: str, subject: UUID) -> bool:
        """A direct sub-unit, or an officer posted to the unit at some day of the period, primarily or not."""
        here = self.periods[parent.period_id]
        return subject in (here.units if kind == "unit" else here.posted).get(parent.unit_id, [])

    def heads(self, parent: TargetRow, kind: str, subject: UUID) -> int:
        return self.periods[parent.period_id].heads.get(subject, 0) if kind == "unit" else 1

    def coefficient(self, parent: TargetRow, kind: str, subject: UUID) -> Decimal:
        here = self.periods[parent.period_id]
        if kind == "unit":
            return here.coefficients.get(subject, Decimal(0))
        return here.own.get(parent.unit_id, {}).get(subject, Decimal(0))

    def carrier(self, parent: TargetRow, kind: str, subject: UUID) -> UUID:
        """The unit itself; for an officer the unit of the primary posting, or else the one that hands down."""
        return (
            subject if kind == "unit" else self.periods[parent.period_id].homes.get(subject, parent.unit_id)
        )

    def subjects(self) -> set[UUID]:
        found: set[UUID] = set()
        for here in self.periods.values():
            found.update(*here.units.values(), *here.posted.values())
        return found


async def below_units(session: AsyncSession, parents: Collection[TargetRow], setting: Setting) -> Below:
    below = Below()
    for period_id in {parent.period_id for parent in parents}:
        period = setting.periods[period_id]
        span = org.Span(period.starts_on, period.ends_on)
        carriers = {parent.unit_id for parent in parents if parent.period_id == period_id}
        units = await org.sub_units(session, carriers, span)
        posted = await org.officers_of(session, carriers, span, primary=False)
        below.periods[period_id] = _InPeriod(
            units,
            posted,
            await org.officers_of(session, carriers, span, primary=True),
            await org.primary_units(session, {o for officers in posted.values() for o in officers}, span),
            await org.head_counts(session, {u for children in units.values() for u in children}, span),
            await org.coefficients(session, {u for children in units.values() for u in children}, span),
            {unit: await org.coefficients_of(session, posted.get(unit, ()), unit, span) for unit in carriers},
        )
    return below
