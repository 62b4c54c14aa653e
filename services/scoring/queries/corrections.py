"""Corrections, and the leaves of a sealed period as they stand: the newest of each subject."""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, fetch_page
from sealing.statements import RuleSet
from services.scoring.domain.corrections import CorrectionMissing, CorrectionState
from services.scoring.models import CorrectionRow, SealLeafRow, SealRow, StatementRow
from services.scoring.replicas import PeriodReplica


async def corrections(
    session: AsyncSession, page: PageRequest, period_id: UUID
) -> tuple[list[CorrectionRow], str | None]:
    query = select(CorrectionRow).where(CorrectionRow.period_id == period_id)
    return await fetch_page(session, query, [CorrectionRow.id], page, key=lambda row: [row.id])


async def correction(session: AsyncSession, correction_id: UUID, *, lock: bool = False) -> CorrectionRow:
    row = await session.get(CorrectionRow, correction_id, with_for_update=True if lock else None)
    if row is None:
        raise CorrectionMissing
    return row


async def waiting(session: AsyncSession, period_id: UUID) -> bool:
    query = select(CorrectionRow.id).where(
        CorrectionRow.period_id == period_id, CorrectionRow.status == CorrectionState.PROPOSED
    )
    return await session.scalar(query) is not None


async def newest_leaf(session: AsyncSession, period_id: UUID, kind: str, subject: str) -> SealLeafRow | None:
    """As last sealed: in the period's seal, or in the last supplement that corrected it."""
    query = select(SealLeafRow).join(SealRow, SealRow.number == SealLeafRow.seal_number)
    query = query.where(
        SealRow.period_id == period_id, SealLeafRow.kind == kind, SealLeafRow.subject == subject
    )
    return await session.scalar(query.order_by(SealLeafRow.seal_number.desc()).limit(1))


async def rule_set(session: AsyncSession, number: int) -> RuleSet:
    """The rules that a seal was made under, as each of its statements names them."""
    query = select(SealLeafRow.leaf).where(SealLeafRow.seal_number == number, SealLeafRow.kind != "system")
    leaf = await session.scalar(query.order_by(SealLeafRow.idx).limit(1))
    found: RuleSet = json.loads(leaf or "{}")["rule_set"]
    return found


async def leaf_above(session: AsyncSession, period_id: UUID, digest: str) -> SealLeafRow | None:
    """The newest leaf of the unit that names this leaf as a member; None at the top."""
    query = select(SealLeafRow).join(SealRow, SealRow.number == SealLeafRow.seal_number)
    query = query.where(
        SealRow.period_id == period_id,
        SealLeafRow.kind == "unit",
        SealLeafRow.leaf.contains(f'"{digest}"', autoescape=True),
    )
    found = (await session.scalars(query.order_by(SealLeafRow.seal_number.desc()))).all()
    for row in found:
        newest = await newest_leaf(session, period_id, "unit", row.subject)
        if newest is not None and newest.seal_number == row.seal_number:
            return row
    return None


async def leaves_of(session: AsyncSession, period_id: UUID, digests: Sequence[str]) -> dict[str, str]:
    """Hash → text, of these leaves of the period."""
    query = select(SealLeafRow.hash_sha256, SealLeafRow.leaf).join(
        SealRow, SealRow.number == SealLeafRow.seal_number
    )
    query = query.where(SealRow.period_id == period_id, SealLeafRow.hash_sha256.in_(digests))
    return {row.hash_sha256: row.leaf for row in await session.execute(query)}


async def own_figures(session: AsyncSession, period_id: UUID, unit_id: UUID) -> int | None:
    """A unit's own points as sealed, within limits and weights, with what corrections have added; None without any."""
    query = select(StatementRow).where(
        StatementRow.period_id == period_id, StatementRow.subject_id == unit_id
    )
    row = await session.scalar(query)
    done = select(CorrectionRow.lines).where(
        CorrectionRow.period_id == period_id, CorrectionRow.status == CorrectionState.SEALED
    )
    added = [
        line["points_milli"]
        for lines in await session.scalars(done)
        for line in lines
        if line["subject_id"] == str(unit_id)
    ]
    if (row is None or not row.entries) and not added:
        return None
    own: int = row.own_milli if row else 0
    return own + int(sum(added))


async def next_open(session: AsyncSession, period: PeriodReplica, sealed: str) -> PeriodReplica | None:
    """The first period of the scheme after this one that is not sealed."""
    query = select(PeriodReplica).where(
        PeriodReplica.scheme_id == period.scheme_id, PeriodReplica.starts_on > period.starts_on,
        PeriodReplica.status != sealed,
    )  # fmt: skip
    return await session.scalar(query.order_by(PeriodReplica.starts_on).limit(1))
