"""Re-hashing a whole event log, page by page, with flat memory."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.bus.protocol import GENESIS, is_authentic
from kernel.delivery import log

PAGE = 2000


@dataclass(frozen=True, slots=True)
class Chain:
    events: int
    first_wrong: int | None


async def verify_chain(session: AsyncSession, stream: str) -> Chain:
    """Numbers without holes, every hash the hash of its bytes, every link the hash before it, the end as stated."""
    previous, count = GENESIS, 0
    while page := await log.events_after(session, stream, count, PAGE):
        for envelope in page:
            if envelope.seq != count + 1 or envelope.prev_hash != previous or not is_authentic(envelope):
                return Chain(count, count + 1)
            previous, count = envelope.hash, envelope.seq
    head = await log.head(session)
    # Events may be stamped while this reads; the head is then ahead of what was read, never behind.
    return Chain(count, None if head.seq >= count and (head.seq > count or head.hash == previous) else count)
