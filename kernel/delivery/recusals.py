"""What a service keeps of recusals and substitutes, and the one question it asks of them (`kernel.recusal`)."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from contracts import org
from contracts.envelope import Event
from kernel.delivery.replicas import Replica
from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from kernel.recusal import About, Absent, Bars, Party, Standing, ensure_free


class RecusalCopy(Replica):
    __tablename__ = "recusal"
    event: ClassVar[type[Event]] = org.Recusal

    officer_id: Mapped[UUID] = mapped_column(index=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    in_force: Mapped[bool]


class DelegationCopy(Replica):
    """Which officer an absent account belongs to. Whether the substitute still has the right, the token says."""

    __tablename__ = "delegation"
    event: ClassVar[type[Event]] = org.Delegation

    from_account_id: Mapped[UUID]
    from_officer_id: Mapped[UUID | None]
    to_account_id: Mapped[UUID] = mapped_column(index=True)


# The tables `unit`, `officer` and `posting` are the copies that such a service keeps under these names.
_PARTIES = text(
    """
    SELECT who.account, who.officer, (SELECT name FROM officer WHERE id = who.officer) AS name,
      ARRAY(
        SELECT DISTINCT unit.path FROM posting JOIN unit ON unit.id = posting.unit_id
        WHERE posting.officer_id = who.officer AND NOT posting.deleted AND posting.valid_from <= :day
          AND (posting.valid_to IS NULL OR posting.valid_to >= :day)
        ORDER BY unit.path
      ) AS member_of,
      ARRAY(
        SELECT subject_id FROM recusal WHERE officer_id = who.officer AND subject_kind = 'officer' AND in_force
          AND valid_from <= :day AND (valid_to IS NULL OR valid_to >= :day)
      ) AS officers,
      ARRAY(
        SELECT DISTINCT unit.path FROM recusal JOIN unit ON unit.id = recusal.subject_id
        WHERE recusal.officer_id = who.officer AND recusal.subject_kind = 'unit' AND recusal.in_force
          AND recusal.valid_from <= :day AND (recusal.valid_to IS NULL OR recusal.valid_to >= :day)
        ORDER BY unit.path
      ) AS units
    FROM (
      SELECT CAST(:account AS uuid) AS account, CAST(:officer AS uuid) AS officer
      UNION
      SELECT from_account_id, from_officer_id FROM delegation
      WHERE to_account_id = CAST(:account AS uuid) AND from_account_id = ANY(CAST(:absent AS uuid[]))
        AND from_officer_id IS NOT NULL
    ) AS who
    """
)


async def standing_of(session: AsyncSession, by: Principal, *, today: date) -> Standing:
    """The principal, and those in whose place he acts or the grants of the token let him act, as they stand today."""
    absent = {by.acts_for_account, *(grant.delegated_by for grant in by.grants)} - {None}
    facts = {"account": by.account_id, "officer": by.officer_id, "absent": list(absent), "day": today}
    found = {row.account: row for row in (await session.execute(_PARTIES, facts)).all()}
    parties = {
        account: Party(
            row.officer, tuple(row.member_of), Bars(frozenset(row.officers), tuple(row.units)),
            Absent(account, row.name or ""),
        )
        for account, row in found.items()
    }  # fmt: skip
    me = parties.pop(by.account_id)
    homes = {*me.member_of, by.unit_path} if by.unit_path else set(me.member_of)
    return Standing(Party(by.officer_id, tuple(sorted(homes)), me.bars), parties)


async def free_of(tx: Transaction, permission: str, *abouts: About, today: date, by: Principal) -> Principal:
    """`by`, with the absent person whose right is used for them, the first where it is several. Raises Recused."""
    standing = await standing_of(tx.session, by, today=today)
    absent = [in_place_of(standing, permission, about, by=by) for about in abouts]
    return by.standing_in_for(next((each for each in absent if each is not None), None))


def in_place_of(standing: Standing, permission: str, about: About, *, by: Principal) -> Absent | None:
    """That the grants cover the subject is for others to ask; those that reach it through a scheme may not."""
    claims = by.covering(permission, about.path)
    own = [None] if not claims or any(claim.delegated_by is None for claim in claims) else []
    others = [standing.absent.get(claim.delegated_by) for claim in claims if claim.delegated_by is not None]
    return ensure_free(standing.me, [*own, *(party for party in others if party is not None)], about)
