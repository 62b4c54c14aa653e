"""A seal bundle as an answer: made while it is sent, so that its size costs no memory."""

import asyncio
import hashlib
import zlib
from collections.abc import AsyncIterator

from fastapi.responses import StreamingResponse

from kernel.runtime import Runtime
from services.scoring.queries import bundling


async def bundle_of(app: Runtime, number: int) -> StreamingResponse:
    """Raises SealMissing and BundleNotKept, before anything is sent."""
    pieces = _packed(app, number)
    first = await anext(pieces)  # so that what is missing is a problem, not a file cut short
    headers = {"Content-Disposition": f'attachment; filename="seal-{number}.bundle.gz"'}
    return StreamingResponse(_after(first, pieces), media_type="application/gzip", headers=headers)


async def _after(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece


async def _packed(app: Runtime, number: int) -> AsyncIterator[bytes]:
    """As gzip without a time in it: the same bytes whenever it is made."""
    packer, state = zlib.compressobj(wbits=31), hashlib.sha256()
    async with app.db.snapshot() as session:
        async for piece in bundling.bundle(session, number):
            state.update(piece)
            yield await asyncio.to_thread(packer.compress, piece)
    yield packer.compress(bundling.end(state.hexdigest())) + packer.flush()
