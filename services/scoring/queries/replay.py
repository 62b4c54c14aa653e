"""The event logs as this service recorded them, from the first event on, in pages."""

from collections.abc import AsyncIterator

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.catalog import EVENTS
from contracts.envelope import Event

PAGE = 2000
_PAGE = text(
    "SELECT seq, type, body FROM bus.inbox WHERE consumer = 'scoring' AND stream = :stream AND epoch = :epoch "
    "AND seq > :seq AND state = 'applied' ORDER BY seq LIMIT :limit"
)
_EPOCHS = text("SELECT DISTINCT epoch FROM bus.inbox WHERE consumer = 'scoring' AND stream = :stream ORDER BY epoch")


async def events(session: AsyncSession, stream: str) -> AsyncIterator[Event]:
    """What has been applied of a stream; the memory needed does not grow with its length."""
    for epoch in (await session.scalars(_EPOCHS, {"stream": stream})).all():
        seq = 0
        while rows := (
            await session.execute(_PAGE, {"stream": stream, "epoch": epoch, "seq": seq, "limit": PAGE})
        ).all():
            for row in rows:
                yield EVENTS[row.type].model_validate_json(row.body)
            seq = rows[-1].seq
