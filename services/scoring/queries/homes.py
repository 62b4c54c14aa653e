"""The unit in whose statement somebody counts in a period: as the scheme's plan says, else that of the last day."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from rules.binding import Binding, People, main_unit
from rules.calendars.spans import Span
from services.scoring.queries import facts, people, planned
from services.scoring.replicas import PeriodReplica


async def home(session: AsyncSession, officer_id: UUID, period: PeriodReplica) -> UUID | None:
    binding = await planned.binding_of(session, period.scheme_id)
    if binding is None or binding.people == People():
        return await facts.home(session, officer_id, period.ends_on)
    return (await _by_plan(session, binding, period, [officer_id])).get(officer_id)


async def homes(session: AsyncSession, period: PeriodReplica, officers: Collection[UUID]) -> dict[UUID, UUID]:
    """Officer → unit: who left before the period, that of the last posting; who has none by its end is not in it."""
    binding = await planned.binding_of(session, period.scheme_id)
    if binding is None or binding.people == People():
        return await facts.homes(session, period.ends_on, officers)
    return await _by_plan(session, binding, period, officers)


async def _by_plan(
    session: AsyncSession, binding: Binding, period: PeriodReplica, officers: Collection[UUID]
) -> dict[UUID, UUID]:
    span = Span(period.code, period.starts_on, period.ends_on)
    found = {}
    for officer, stints in (await people.postings(session, officers)).items():
        shares = binding.people.shares(stints, span)
        unit = max(shares, key=lambda unit: (shares[unit], unit), default=main_unit(stints, span.end))
        if unit is not None:
            found[officer] = UUID(unit)
    return found
