"""The ledger's chain through the day: what was added since it was found whole is hashed anew, each hour.

Where it was whole is remembered by the process that looks, not in the database that is looked at: whoever rewrites the ledger
with all its hashes cannot rewrite that. A new process begins at the first entry.
"""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.patience import take_time
from kernel.delivery.transaction import Database
from services.scoring.domain.ledger import GENESIS
from services.scoring.models import EntryRow, LedgerHeadRow
from services.scoring.queries import chain as chains


@dataclass(frozen=True, slots=True)
class Place:
    """An entry and its hash, up to which the chain was whole."""

    seq: int = 0
    digest: str = GENESIS


@dataclass(frozen=True, slots=True)
class Looked:
    """How many entries were hashed; the first that is not what it was, or is gone."""

    entries: int
    broken_at: int | None


_whole: WeakKeyDictionary[Database, Place] = WeakKeyDictionary()


async def check_chain(db: Database) -> Looked:
    """From the remembered place to the head. A break is found anew each time until it is mended."""
    start = _whole.get(db, Place())
    async with db.snapshot() as session:
        await take_time(session)
        if not await _stands(session, start):
            return Looked(0, start.seq)
        broken, seq, digest = await chains.broken_at(session, after=start.seq, digest=start.digest)
        head = await session.scalar(select(LedgerHeadRow))
    if broken is None and head is not None and (head.seq, head.hash) != (seq, digest):
        broken = seq
    if broken is None:
        _whole[db] = Place(seq, digest)
    return Looked(seq - start.seq, broken)


async def _stands(session: AsyncSession, place: Place) -> bool:
    """Whether the remembered entry still has the remembered hash."""
    found = await session.scalar(select(EntryRow.hash).where(EntryRow.seq == place.seq))
    return place.seq == 0 or found == place.digest
