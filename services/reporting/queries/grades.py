"""The grades of an officer by the rules of the scheme, of sealed figures alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rules.calendars.spans import Span
from rules.standing import Context, Standing, Subject, Total
from services.reporting.domain.figures import SpanKind
from services.reporting.domain.outcomes import settle_stages
from services.reporting.domain.records import MonthOf
from services.reporting.domain.versions import VersionKind
from services.reporting.models import VersionLineRow
from services.reporting.queries import live
from services.reporting.queries.outcomes import Question, stage_of
from services.reporting.queries.periods import VersionMissing, months_of, versions_of
from services.reporting.queries.standings import standing_of
from services.reporting.replicas import SchemeReplica

_ONE = "one"
_DAY = date(2000, 1, 1)  # grades by figures alone do not ask for the day


@dataclass(frozen=True, slots=True)
class Grades:
    """`months` by period. None, and nothing in it: not sealed, no such rules, or not decided by figures alone."""

    year: str | None = None
    months: Mapping[UUID, str] = field(default_factory=dict)


async def grades(
    session: AsyncSession, scheme: SchemeReplica, year: int, officer_id: UUID, months: Sequence[MonthOf]
) -> Grades:
    """A month's where no quota asks for everybody else's; the year's when all its months are sealed.

    Not of a scheme that scores by a plan: its grades know of decisions about people that are told to nobody.
    """
    standing = await standing_of(session, scheme)
    if standing.grades is None or scheme.plan:
        return Grades()
    found = {}
    if not standing.quotas:
        for month in months:
            grade = _alone(standing, month.total_milli) if month.state is VersionKind.SEALED else None
            if grade is not None:
                found[month.period_id] = grade
    return Grades(await _of_year(session, scheme, standing, year, officer_id), found)


def _alone(standing: Standing, milli: int) -> str | None:
    day = Span("", _DAY, _DAY)
    settled = standing.settle({_ONE: Total(Fraction(milli, 1000))}, Context(day, "", {_ONE: Subject()}))
    return settled.outcomes[_ONE].shown


async def _of_year(
    session: AsyncSession, scheme: SchemeReplica, standing: Standing, year: int, officer_id: UUID
) -> str | None:
    months = [month for month in await months_of(session, scheme.id) if month.year == year]
    try:
        versions = await versions_of(session, tuple(months), VersionKind.SEALED)
    except VersionMissing:
        return None
    line = VersionLineRow.__table__.c
    query = select(line.series_id).where(
        line.version_id == versions[-1], line.subject_kind == "officer", line.subject_id == officer_id
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    memory = await live.fresh(session, [])
    key, basis = ("grades", scheme.id, year, row.series_id), (tuple(versions), standing)
    made: dict[str, str | None] | None = live.remembered(memory, key, basis)
    if made is None:
        question = Question(scheme.id, months[-1].id, SpanKind.YEAR, "officer", row.series_id)
        settled = settle_stages(standing, [await stage_of(session, months, question, versions)], {})
        made = {name: outcome.shown for name, outcome in settled.outcomes.items()}
        live.remember(memory, key, basis, made)
    return made.get(str(officer_id))
