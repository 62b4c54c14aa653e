"""Reading what was sealed: the log, trees of leaf hashes, receipts' statements, signed checkpoints."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, fetch_page
from kernel.errors import NotFound
from sealing.digests import SM3
from sealing.log import SealLog
from sealing.merkle import Tree
from sealing.note import Note, Signature
from sealing.profile import decode
from sealing.receipt import Place
from sealing.statements import Statement
from sealing.tree import StoredTree
from sealing.trust import Trust
from services.scoring.models import SealLeafRow, SealRow, SealSignatureRow, StatementRow
from services.scoring.replicas import (
    IndicatorReplica,
    OfficerReplica,
    PeriodReplica,
    SchemeReplica,
    UnitReplica,
)

KEPT: Final = 8
#: Root → both trees. A root says all about a tree, so nothing here can ever be out of date.
_TREES: OrderedDict[str, tuple[Tree, Tree]] = OrderedDict()


class SealMissing(NotFound):
    code = "seal-not-found"
    zh = "没有这次封存"
    en = "There is no such seal"


class NotSealed(NotFound):
    code = "not-sealed"
    zh = "该周期尚未封存,或其中没有此对象"
    en = "The period is not sealed, or this subject is not in it"


async def seals(
    session: AsyncSession, page: PageRequest, *, period_id: UUID | None
) -> tuple[list[SealRow], str | None]:
    query = select(SealRow)
    if period_id is not None:
        query = query.where(SealRow.period_id == period_id)
    return await fetch_page(session, query, [SealRow.number], page, key=lambda row: [row.number])


async def seal(session: AsyncSession, number: int) -> SealRow:
    row = await session.get(SealRow, number)
    if row is None:
        raise SealMissing
    return row


async def main_seal(session: AsyncSession, period_id: UUID) -> SealRow:
    row = await session.scalar(select(SealRow).where(SealRow.period_id == period_id, SealRow.kind == "main"))
    if row is None:
        raise NotSealed
    return row


async def leaf(session: AsyncSession, number: int, kind: str, subject: str) -> SealLeafRow:
    query = select(SealLeafRow).where(
        SealLeafRow.seal_number == number, SealLeafRow.kind == kind, SealLeafRow.subject == subject
    )
    row = await session.scalar(query)
    if row is None:
        raise NotSealed
    return row


async def stored_tree(session: AsyncSession, row: SealRow, *leaves: SealLeafRow) -> StoredTree:
    """The trees of a seal, with these leaves' statements."""
    found = _TREES.get(row.root_sha256)
    if found is None:
        hashes = SealLeafRow.hash_sha256, SealLeafRow.hash_sm3
        query = select(*hashes).where(SealLeafRow.seal_number == row.number).order_by(SealLeafRow.idx)
        rows = (await session.execute(query)).all()
        found = (
            Tree(bytes.fromhex(sha256) for sha256, _ in rows),
            Tree((bytes.fromhex(sm3) for _, sm3 in rows), SM3),
        )
        _TREES[row.root_sha256] = found
        while len(_TREES) > KEPT:
            _TREES.popitem(last=False)
    statements: dict[int, Statement] = {each.idx: decode(each.leaf.encode()) for each in leaves}
    return StoredTree(*found, statements)


@dataclass(frozen=True, slots=True)
class Proofs:
    """Everything that a receipt is built of. `note` is a checkpoint of a log that has all these seals."""

    main: Place
    supplements: list[Place]
    log: SealLog
    note: Note


async def proofs(
    session: AsyncSession, period_id: UUID, kind: str, subject: str, trust: Trust | None = None
) -> Proofs:
    """Of a subject: as sealed, and as corrected since. Raises NotSealed.

    Where `trust` no longer believes the checkpoint of that time and does believe the newest, it is of the newest.
    """
    query = select(SealRow, SealLeafRow).join(SealLeafRow, SealLeafRow.seal_number == SealRow.number)
    query = query.where(
        SealRow.period_id == period_id, SealLeafRow.kind == kind, SealLeafRow.subject == subject
    )
    rows = (await session.execute(query.order_by(SealRow.number))).all()
    if not rows:
        raise NotSealed
    places = [
        Place(await stored_tree(session, row, found), found.idx, decode(row.statement.encode()))
        for row, found in rows
    ]
    own = await note(session, rows[-1][0])
    if trust and not trust.believes(own):
        newest = await session.scalar(select(SealRow).order_by(SealRow.log_index.desc()).limit(1))
        latest = await note(session, newest or rows[-1][0])
        own = latest if trust.believes(latest) else own
    return Proofs(places[0], places[1:], await log(session, places[0].seal["origin"]), own)


@dataclass(frozen=True, slots=True)
class Names:
    """What a paper says in words; the seal itself has ids only."""

    subject: str
    number: str  # police number or unit code
    unit: str
    scheme: str
    period: str
    indicators: dict[str, str]  # code → name


async def names(session: AsyncSession, period_id: UUID, subject_id: UUID) -> Names:
    row = await session.scalar(
        select(StatementRow).where(StatementRow.period_id == period_id, StatementRow.subject_id == subject_id)
    )
    period = await session.get(PeriodReplica, period_id)
    if row is None or period is None:
        raise NotSealed
    scheme = await session.get(SchemeReplica, period.scheme_id)
    unit = await session.get(UnitReplica, row.unit_id)
    officer = await session.get(OfficerReplica, subject_id)
    is_unit = row.subject_kind == "unit"
    query = select(IndicatorReplica.code, IndicatorReplica.name).where(
        IndicatorReplica.scheme_id == period.scheme_id
    )
    return Names(
        subject=officer.name if officer else unit.name if unit and is_unit else "",
        number=officer.police_number if officer else unit.code if unit and is_unit else "",
        unit=unit.name if unit else "",
        scheme=scheme.name if scheme else "",
        period=period.code,
        indicators={row.code: row.name for row in await session.execute(query)},
    )


async def unit_levels(session: AsyncSession) -> Sequence[UnitReplica]:
    return (await session.scalars(select(UnitReplica))).all()


async def log(session: AsyncSession, origin: str) -> SealLog:
    query = select(SealRow.statement).order_by(SealRow.log_index)
    return SealLog(origin, [text.encode() for text in await session.scalars(query)])


async def log_until(session: AsyncSession, index: int) -> list[Statement]:
    """The seal statements of the log up to this index, it included."""
    query = select(SealRow.statement).where(SealRow.log_index <= index).order_by(SealRow.log_index)
    return [decode(text.encode()) for text in await session.scalars(query)]


async def note(session: AsyncSession, row: SealRow) -> Note:
    """The checkpoint of the log that ends with this seal, with every signature it has so far."""
    query = select(SealSignatureRow).where(SealSignatureRow.seal_number == row.number)
    rows: Sequence[SealSignatureRow] = (
        await session.scalars(query.order_by(SealSignatureRow.role, SealSignatureRow.key_name))
    ).all()
    return Note(row.checkpoint, tuple(Signature.of_line(each.line.rstrip("\n")) for each in rows))
