"""Accounts, sessions and grants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from contracts.org import GrantStatus
from contracts.permissions import Role
from kernel.db.paging import PageRequest, cut, fetch_page, keyset
from kernel.errors import NotFound
from kernel.identity import GrantClaim
from services.org.models import AccountRow, DelegationRow, GrantRow, SessionRow, UnitRow
from services.org.queries.structure import like


async def account_by_name(session: AsyncSession, username: str) -> AccountRow | None:
    """Locked, so that wrong passwords are counted one by one."""
    return await session.scalar(select(AccountRow).where(AccountRow.username == username).with_for_update())


async def lock_account(session: AsyncSession, account_id: UUID) -> AccountRow:
    row = await session.scalar(select(AccountRow).where(AccountRow.id == account_id).with_for_update())
    if row is None:
        raise NotFound
    return row


async def account(session: AsyncSession, account_id: UUID) -> AccountRow:
    row = await session.get(AccountRow, account_id)
    if row is None:
        raise NotFound
    return row


async def own_sessions(session: AsyncSession, account_id: UUID) -> list[SessionRow]:
    """Those that are not ended."""
    query = select(SessionRow).where(
        SessionRow.account_id == account_id,
        SessionRow.revoked_at.is_(None),
        SessionRow.ends_at > func.clock_timestamp(),
    )
    return list((await session.scalars(query.order_by(SessionRow.started_at.desc()).limit(100))).all())


async def accounts(
    session: AsyncSession, page: PageRequest, *, q: str | None, status: str | None
) -> tuple[list[AccountRow], str | None]:
    query: Select[Any] = select(AccountRow)
    if q:
        query = query.where(
            or_(AccountRow.name.like(f"%{like(q)}%"), AccountRow.username.like(f"{like(q)}%"))
        )
    if status:
        query = query.where(AccountRow.status == status)
    return await fetch_page(session, query, [AccountRow.username], page, key=lambda row: [row.username])


@dataclass(frozen=True, slots=True)
class Rights:
    """What holds on a day; `last_day`: on which the first of it ends, None if nothing does."""

    claims: tuple[GrantClaim, ...]
    last_day: date | None


async def rights_on(session: AsyncSession, account_id: UUID, day: date) -> Rights:
    """The approved grants that hold on the day, with the paths of their scopes; those that were delegated last."""
    query = (
        select(GrantRow, UnitRow.path)
        .join(UnitRow, UnitRow.id == GrantRow.scope_unit_id)
        .where(
            GrantRow.account_id == account_id,
            GrantRow.status == GrantStatus.APPROVED,
            GrantRow.valid_from <= day,
            or_(GrantRow.valid_to.is_(None), GrantRow.valid_to >= day),
        )
        .order_by(GrantRow.id)
    )
    own = [(g, path, None, g.valid_to) for g, path in (await session.execute(query)).all()]
    delegated = (
        select(
            GrantRow,
            UnitRow.path,
            DelegationRow.from_account_id,
            func.least(GrantRow.valid_to, DelegationRow.valid_to),
        )
        .join(GrantRow, GrantRow.id == DelegationRow.grant_id)
        .join(UnitRow, UnitRow.id == GrantRow.scope_unit_id)
        .where(
            DelegationRow.to_account_id == account_id,
            DelegationRow.ended_at.is_(None),
            DelegationRow.valid_from <= day,
            DelegationRow.valid_to >= day,
            GrantRow.status == GrantStatus.APPROVED,
            or_(GrantRow.valid_to.is_(None), GrantRow.valid_to >= day),
        )
        .order_by(DelegationRow.id)
    )
    found = [*own, *(await session.execute(delegated)).all()]
    claims = [
        GrantClaim(Role(g.role), g.scope_unit_id, path, tuple(g.lines), who) for g, path, who, _ in found
    ]
    return Rights(tuple(claims), min((until for *_, until in found if until is not None), default=None))


async def live_grants(session: AsyncSession, account_ids: Sequence[UUID]) -> list[GrantRow]:
    query = select(GrantRow).where(
        GrantRow.account_id.in_(account_ids),
        GrantRow.status.in_([GrantStatus.PROPOSED, GrantStatus.APPROVED]),
    )
    return list((await session.scalars(query)).all())


async def lock_grants(session: AsyncSession, grant_ids: Sequence[UUID]) -> list[GrantRow]:
    """In order of id, so that two batches cannot wait for each other; NotFound if one is missing."""
    query = select(GrantRow).where(GrantRow.id.in_(grant_ids)).order_by(GrantRow.id).with_for_update()
    rows = list((await session.scalars(query)).all())
    if len(rows) != len(set(grant_ids)):
        raise NotFound
    return rows


async def officers_of(session: AsyncSession, account_ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Account → the officer whose it is."""
    query = select(AccountRow.id, AccountRow.officer_id).where(AccountRow.id.in_(account_ids))
    return {row[0]: row[1] for row in await session.execute(query)}


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant with the names of what it is about. `others`: further roles of the account, proposed or approved."""

    grant: GrantRow
    account: AccountRow
    scope: UnitRow
    proposer: str | None
    decider: str | None
    others: tuple[str, ...]


async def grant_lines(
    session: AsyncSession, page: PageRequest, *, account_id: UUID | None, role: str | None, status: str | None
) -> tuple[list[GrantLine], str | None]:
    proposer, decider = aliased(AccountRow), aliased(AccountRow)
    query: Any = (
        select(GrantRow, AccountRow, UnitRow, proposer.name, decider.name)
        .join(AccountRow, AccountRow.id == GrantRow.account_id)
        .join(UnitRow, UnitRow.id == GrantRow.scope_unit_id)
        .outerjoin(proposer, proposer.id == GrantRow.proposed_by)
        .outerjoin(decider, decider.id == GrantRow.decided_by)
    )
    for column, wanted in (
        (GrantRow.account_id, account_id),
        (GrantRow.role, role),
        (GrantRow.status, status),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    rows = (await session.execute(keyset(query, [GrantRow.id], page))).all()
    shown, following = cut(rows, page, lambda row: [row[0].id])
    live = await live_grants(session, [row[0].account_id for row in shown])
    lines = [GrantLine(row[0], row[1], row[2], row[3], row[4], _others(live, row[0])) for row in shown]
    return lines, following


def _others(live: Sequence[GrantRow], grant: GrantRow) -> tuple[str, ...]:
    return tuple(sorted({g.role for g in live if g.account_id == grant.account_id and g.id != grant.id}))


async def holders(session: AsyncSession, day: date) -> dict[str, int]:
    """How many accounts hold each role on the day."""
    query = (
        select(GrantRow.role, func.count(GrantRow.account_id.distinct()))
        .where(
            GrantRow.status == GrantStatus.APPROVED,
            GrantRow.valid_from <= day,
            or_(GrantRow.valid_to.is_(None), GrantRow.valid_to >= day),
        )
        .group_by(GrantRow.role)
    )
    return {role: int(count) for role, count in (await session.execute(query)).all()}


async def session_by_secret(session: AsyncSession, secret_hash: str) -> SessionRow | None:
    """By the present secret, or by the one before it."""
    query = select(SessionRow).where(
        or_(SessionRow.secret_hash == secret_hash, SessionRow.former_hash == secret_hash)
    )
    return await session.scalar(query.with_for_update())


async def open_sessions(session: AsyncSession, account_id: UUID) -> list[SessionRow]:
    query = select(SessionRow).where(SessionRow.account_id == account_id, SessionRow.revoked_at.is_(None))
    return list((await session.scalars(query.order_by(SessionRow.started_at).with_for_update())).all())


async def lock_session(session: AsyncSession, session_id: UUID) -> SessionRow:
    row = await session.scalar(select(SessionRow).where(SessionRow.id == session_id).with_for_update())
    if row is None:
        raise NotFound
    return row
