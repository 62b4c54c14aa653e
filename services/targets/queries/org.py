"""What the replicas of the organisation say about units, postings and competence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.targets.replicas import (
    AssessmentOfficeReplica,
    LineAuthorityReplica,
    OfficerReplica,
    PostingReplica,
    UnitReplica,
)

SERVING = ("in_service", "probation")


@dataclass(frozen=True, slots=True)
class Span:
    """Days of a period, both inclusive."""

    first: date
    last: date


def overlaps(replica: Any, span: Span) -> Any:
    return and_(
        replica.valid_from <= span.last, or_(replica.valid_to.is_(None), replica.valid_to >= span.first)
    )


async def units(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, UnitReplica]:
    rows = await session.scalars(select(UnitReplica).where(UnitReplica.id.in_(set(ids))))
    return {row.id: row for row in rows}


async def sub_units(session: AsyncSession, parents: Collection[UUID], span: Span) -> dict[UUID, list[UUID]]:
    """Direct sub-units that exist in the span, by parent, in order of code."""
    statement = (
        select(UnitReplica.parent_id, UnitReplica.id)
        .where(UnitReplica.parent_id.in_(set(parents)), overlaps(UnitReplica, span))
        .order_by(UnitReplica.code)
    )
    return _grouped((await session.execute(statement)).all())


async def officers_of(
    session: AsyncSession, unit_ids: Collection[UUID], span: Span, *, primary: bool
) -> dict[UUID, list[UUID]]:
    """Serving officers posted to the units within the span, by unit, in order of police number."""
    statement = (
        select(PostingReplica.unit_id, PostingReplica.officer_id)
        .join(OfficerReplica, OfficerReplica.id == PostingReplica.officer_id)
        .where(
            PostingReplica.unit_id.in_(set(unit_ids)),
            ~PostingReplica.deleted,
            overlaps(PostingReplica, span),
            OfficerReplica.status.in_(SERVING),
        )
        .group_by(PostingReplica.unit_id, PostingReplica.officer_id, OfficerReplica.police_number)
        .order_by(OfficerReplica.police_number)
    )
    if primary:
        statement = statement.where(PostingReplica.is_primary)
    return _grouped((await session.execute(statement)).all())


async def primary_units(session: AsyncSession, officers: Collection[UUID], span: Span) -> dict[UUID, UUID]:
    """The unit of each officer's primary posting on the first day of the span, or on the first day posted in it."""
    statement = (
        select(PostingReplica.officer_id, PostingReplica.unit_id)
        .ext(distinct_on(PostingReplica.officer_id))
        .where(
            PostingReplica.officer_id.in_(set(officers)),
            PostingReplica.is_primary,
            ~PostingReplica.deleted,
            overlaps(PostingReplica, span),
        )
        .order_by(PostingReplica.officer_id, PostingReplica.valid_from, PostingReplica.id)
    )
    return {row.officer_id: row.unit_id for row in await session.execute(statement)}


async def head_counts(session: AsyncSession, unit_ids: Collection[UUID], span: Span) -> dict[UUID, int]:
    """Serving officers with a primary posting in each unit's subtree within the span."""
    top, inside = aliased(UnitReplica), aliased(UnitReplica)
    statement = (
        select(top.id, func.count(PostingReplica.officer_id.distinct()))
        .join(inside, func.starts_with(inside.path, top.path))
        .join(PostingReplica, PostingReplica.unit_id == inside.id)
        .join(OfficerReplica, OfficerReplica.id == PostingReplica.officer_id)
        .where(
            top.id.in_(set(unit_ids)),
            PostingReplica.is_primary,
            ~PostingReplica.deleted,
            overlaps(PostingReplica, span),
            OfficerReplica.status.in_(SERVING),
        )
        .group_by(top.id)
    )
    rows = (await session.execute(statement)).all()
    return {row[0]: row[1] for row in rows}


async def coefficients(session: AsyncSession, unit_ids: Collection[UUID], span: Span) -> dict[UUID, Decimal]:
    """Role coefficients of the serving officers with a primary posting in each unit's subtree, added up."""
    top, inside = aliased(UnitReplica), aliased(UnitReplica)
    each = (
        select(
            top.id.label("unit"),
            PostingReplica.officer_id,
            func.max(PostingReplica.role_coefficient).label("c"),
        )
        .join(inside, func.starts_with(inside.path, top.path))
        .join(PostingReplica, PostingReplica.unit_id == inside.id)
        .join(OfficerReplica, OfficerReplica.id == PostingReplica.officer_id)
        .where(
            top.id.in_(set(unit_ids)),
            PostingReplica.is_primary,
            ~PostingReplica.deleted,
            overlaps(PostingReplica, span),
            OfficerReplica.status.in_(SERVING),
        )
        .group_by(top.id, PostingReplica.officer_id)
        .subquery()
    )
    rows = await session.execute(select(each.c.unit, func.sum(each.c.c)).group_by(each.c.unit))
    return {row[0]: row[1] for row in rows}


async def coefficients_of(
    session: AsyncSession, officers: Collection[UUID], unit_id: UUID, span: Span
) -> dict[UUID, Decimal]:
    """The role coefficient of each officer's posting in the unit; several identities: the highest (A2 of the rules)."""
    statement = (
        select(PostingReplica.officer_id, func.max(PostingReplica.role_coefficient))
        .where(
            PostingReplica.officer_id.in_(set(officers)),
            PostingReplica.unit_id == unit_id,
            ~PostingReplica.deleted,
            overlaps(PostingReplica, span),
        )
        .group_by(PostingReplica.officer_id)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def units_from(session: AsyncSession, officer_id: UUID, day: date) -> list[UUID]:
    """Units of an officer's postings that hold on the day or begin later, primary ones and earlier ones first."""
    statement = (
        select(PostingReplica.unit_id)
        .where(
            PostingReplica.officer_id == officer_id,
            ~PostingReplica.deleted,
            or_(PostingReplica.valid_to.is_(None), PostingReplica.valid_to >= day),
        )
        .order_by(PostingReplica.is_primary.desc(), PostingReplica.valid_from, PostingReplica.id)
    )
    return list(await session.scalars(statement))


async def lines_with_authority(session: AsyncSession, path: str, day: date) -> set[str]:
    """Business lines for which an authority covers the whole subtree of `path`."""
    statement = (
        select(LineAuthorityReplica.line)
        .distinct()
        .join(UnitReplica, UnitReplica.id == LineAuthorityReplica.scope_unit_id)
        .where(
            func.starts_with(path, UnitReplica.path),
            ~LineAuthorityReplica.deleted,
            overlaps(LineAuthorityReplica, Span(day, day)),
        )
    )
    return set(await session.scalars(statement))


async def authorities_for(session: AsyncSession, path: str, line: str, day: date) -> list[UnitReplica]:
    """The units that are the authority of a business line for the whole subtree of `path`."""
    scope, unit = aliased(UnitReplica), aliased(UnitReplica)
    statement = (
        select(unit)
        .join(LineAuthorityReplica, LineAuthorityReplica.unit_id == unit.id)
        .join(scope, scope.id == LineAuthorityReplica.scope_unit_id)
        .where(
            LineAuthorityReplica.line == line,
            func.starts_with(path, scope.path),
            ~LineAuthorityReplica.deleted,
            overlaps(LineAuthorityReplica, Span(day, day)),
        )
        .order_by(unit.code)
    )
    return list(await session.scalars(statement))


async def has_office(session: AsyncSession, path: str, day: date) -> bool:
    """Whether an assessment office stands above the subtree of `path` or inside it."""
    statement = (
        select(AssessmentOfficeReplica.id)
        .join(UnitReplica, UnitReplica.id == AssessmentOfficeReplica.scope_unit_id)
        .where(
            or_(func.starts_with(path, UnitReplica.path), func.starts_with(UnitReplica.path, path)),
            ~AssessmentOfficeReplica.deleted,
            overlaps(AssessmentOfficeReplica, Span(day, day)),
        )
        .limit(1)
    )
    return await session.scalar(statement) is not None


async def office_for(session: AsyncSession, path: str, scope_unit_id: UUID) -> UUID:
    """The unit that assesses the subtree of `path`: the nearest assessment office above it, else the scope itself."""
    statement = (
        select(AssessmentOfficeReplica.unit_id)
        .join(UnitReplica, UnitReplica.id == AssessmentOfficeReplica.scope_unit_id)
        .where(func.starts_with(path, UnitReplica.path), ~AssessmentOfficeReplica.deleted)
        .order_by(func.length(UnitReplica.path).desc(), AssessmentOfficeReplica.id)
        .limit(1)
    )
    return await session.scalar(statement) or scope_unit_id


def _grouped(rows: Sequence[Any]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for key, value in rows:
        found.setdefault(key, []).append(value)
    return found
