"""Who somebody is for the rules: author or judge."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.permissions import Role, permissions_of
from kernel.delivery.recusals import standing_of
from kernel.identity import Principal
from kernel.recusal import Standing
from services.submissions.domain.authorship import Author, leading
from services.submissions.domain.impartiality import Judge, Reach
from services.submissions.replicas import OfficerReplica, PostingReplica

_DAY = bindparam("day", type_=Date)
_SERVED = (
    select(PostingReplica.unit_id)
    .where(
        PostingReplica.officer_id == bindparam("officer", type_=Uuid),
        PostingReplica.is_primary,
        ~PostingReplica.deleted,
        PostingReplica.valid_from <= _DAY,
        or_(PostingReplica.valid_to.is_(None), PostingReplica.valid_to >= _DAY),
    )
    .order_by(PostingReplica.valid_from.desc(), PostingReplica.id)
    .limit(1)
)


def author_of(principal: Principal) -> Author:
    return Author(principal.officer_id, leading([(g.role, g.scope_path) for g in principal.grants]))


async def judge_of(session: AsyncSession, principal: Principal, *, today: date) -> Judge:
    """The judge as he stands today: units served in, concurrent posts included; bars; the absent he stands in for."""
    standing = await standing_of(session, principal, today=today)
    return Judge(
        me=standing.me,
        account_id=principal.account_id,
        offices=_reaches(principal, standing, "submissions:review", offices=True),
        assessors=_reaches(principal, standing, "submissions:review", offices=False),
        adjudicators=_reaches(principal, standing, "submissions:decide_appeals", offices=False),
    )


async def unit_served_on(session: AsyncSession, officer_id: UUID, day: date) -> UUID | None:
    """The unit of the officer's primary posting on that day."""
    return (await session.execute(_SERVED, {"officer": officer_id, "day": day})).scalar_one_or_none()


async def names_of(session: AsyncSession, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of officers; ids that are nobody's are left out."""
    wanted = {known for known in ids if known is not None}
    statement = select(OfficerReplica.id, OfficerReplica.name).where(OfficerReplica.id.in_(wanted))
    return {row.id: row.name for row in (await session.execute(statement)).all()}


def _reaches(
    principal: Principal, standing: Standing, permission: str, *, offices: bool
) -> tuple[Reach, ...]:
    return tuple(
        Reach(g.scope_path, g.lines, standing.absent[g.delegated_by] if g.delegated_by else None)
        for g in principal.grants
        if permission in permissions_of(g.role)
        and (g.role is Role.ASSESSMENT_OFFICE) is offices
        and (g.delegated_by is None or g.delegated_by in standing.absent)
    )
