"""Re-hashing a whole audit log, with flat memory."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.audit.reading import in_order
from kernel.audit.record import GENESIS, audit_hash

# Neither in the chain nor waiting for it: somebody took it out of the queue.
_STRAYS = text(
    "SELECT count(*) FROM audit.record r WHERE NOT EXISTS (SELECT FROM audit.chain c WHERE c.record_id = r.id) "
    "AND NOT EXISTS (SELECT FROM audit.unchained u WHERE u.record_id = r.id)"
)


@dataclass(frozen=True, slots=True)
class AuditChain:
    """`records` were re-hashed; `first_wrong` is the number of the first that does not fit; `strays` were left out."""

    records: int
    head: str
    first_wrong: int | None
    strays: int

    @property
    def holds(self) -> bool:
        return self.first_wrong is None and not self.strays


async def verify_audit(session: AsyncSession) -> AuditChain:
    """In a session that sees one moment: numbers without holes, each hash that of its text, the end as stated."""
    previous, count = GENESIS, 0
    strays: int = (await session.execute(_STRAYS)).scalar_one()
    async for row in in_order(session):
        seq = count + 1
        if row.seq != seq or row.prev_hash != previous or row.hash != audit_hash(previous, seq, row.body):
            return AuditChain(count, previous, seq, strays)
        previous, count = row.hash, seq
    end = (await session.execute(text("SELECT last_seq, last_hash FROM audit.state"))).one()
    whole = (end.last_seq, end.last_hash) == (count, previous)
    return AuditChain(count, previous, None if whole else count + 1, strays)
