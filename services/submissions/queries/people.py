"""Who somebody is for the rules: author or judge."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.permissions import Role, permissions_of
from kernel.identity import Principal
from services.submissions.domain.authorship import Author, leading
from services.submissions.domain.impartiality import Judge
from services.submissions.replicas import OfficerReplica, PostingReplica, UnitReplica

Scopes = tuple[tuple[str, tuple[str, ...]], ...]


def author_of(principal: Principal) -> Author:
    return Author(principal.officer_id, leading([(g.role, g.scope_path) for g in principal.grants]))


async def judge_of(session: AsyncSession, principal: Principal, *, today: date) -> Judge:
    """The judge with all units that the officer serves in today, concurrent posts included."""
    member_of = {principal.unit_path} if principal.unit_path else set()
    if principal.officer_id is not None:
        member_of |= set(
            await session.scalars(
                select(UnitReplica.path)
                .join(PostingReplica, PostingReplica.unit_id == UnitReplica.id)
                .where(PostingReplica.officer_id == principal.officer_id, _valid(today))
            )
        )
    return Judge(
        officer_id=principal.officer_id,
        member_of=tuple(sorted(member_of)),
        offices=_scopes(principal, "submissions:review", offices=True),
        assessors=_scopes(principal, "submissions:review", offices=False),
        adjudicators=_scopes(principal, "submissions:decide_appeals", offices=False),
    )


async def unit_served_on(session: AsyncSession, officer_id: UUID, day: date) -> UUID | None:
    """The unit of the officer's primary posting on that day."""
    statement = (
        select(PostingReplica.unit_id)
        .where(PostingReplica.officer_id == officer_id, PostingReplica.is_primary, _valid(day))
        .order_by(PostingReplica.valid_from.desc(), PostingReplica.id)
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def names_of(session: AsyncSession, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of officers; ids that are nobody's are left out."""
    wanted = {known for known in ids if known is not None}
    statement = select(OfficerReplica.id, OfficerReplica.name).where(OfficerReplica.id.in_(wanted))
    return {row.id: row.name for row in (await session.execute(statement)).all()}


def _valid(day: date) -> ColumnElement[bool]:
    return (
        ~PostingReplica.deleted
        & (PostingReplica.valid_from <= day)
        & or_(PostingReplica.valid_to.is_(None), PostingReplica.valid_to >= day)
    )


def _scopes(principal: Principal, permission: str, *, offices: bool) -> Scopes:
    return tuple(
        (grant.scope_path, grant.lines)
        for grant in principal.grants
        if permission in permissions_of(grant.role) and (grant.role is Role.ASSESSMENT_OFFICE) is offices
    )
