"""Reading what was sealed: the log, trees of leaf hashes, receipts' statements, signed checkpoints."""

from collections import OrderedDict
from collections.abc import Sequence
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
from sealing.statements import Statement
from sealing.tree import StoredTree
from services.scoring.models import SealLeafRow, SealRow, SealSignatureRow

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


async def log(session: AsyncSession, origin: str) -> SealLog:
    query = select(SealRow.statement).order_by(SealRow.log_index)
    return SealLog(origin, [text.encode() for text in await session.scalars(query)])


async def note(session: AsyncSession, row: SealRow) -> Note:
    """The checkpoint of the log that ends with this seal, with every signature it has so far."""
    query = select(SealSignatureRow).where(SealSignatureRow.seal_number == row.number)
    rows: Sequence[SealSignatureRow] = (
        await session.scalars(query.order_by(SealSignatureRow.role, SealSignatureRow.key_name))
    ).all()
    return Note(row.checkpoint, tuple(Signature.of_line(each.line.rstrip("\n")) for each in rows))
