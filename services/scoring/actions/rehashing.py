"""The files of a period that is being closed: each read and hashed again, on every S3 server and in the second copy."""

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.runtime import Runtime
from kernel.storage.copies import place_of
from kernel.storage.twins import Kept, look
from services.scoring.domain.checks import FileState
from services.scoring.models import ClosingFileRow
from services.scoring.queries import checks

AT_ONCE = 50
#: What was not sound is looked at again after this time: it may have been mended.
AGAIN = timedelta(minutes=1)
_PIECE = 1024 * 1024


async def list_files(runtime: Runtime) -> None:
    """Of every period being closed: which files its work refers to now. Appeals may bring more."""
    async with runtime.db.transaction() as tx:
        for row in await checks.being_closed(tx.session):
            await checks.list_files(tx.session, row.period_id)


async def check_files(runtime: Runtime, copies: Path | None) -> None:
    """Until every listed file of every period being closed has been looked at. `copies`: folder of the second copy, as
    `kaohe objects save` writes it; None where there is none. Raises StorageUnavailable.
    """
    async with runtime.db.reading() as session:
        periods = {row.period_id: row.begun_at for row in await checks.being_closed(session)}
    for period_id, since in periods.items():
        while True:
            now = runtime.clock.now()
            async with runtime.db.reading() as session:
                rows = await checks.files_due(session, period_id, since, now - AGAIN, AT_ONCE)
                names = [row.sha256 for row in rows]
            if not names:
                break
            found = {name: await _state(runtime, copies, name) for name in names}
            async with runtime.db.transaction() as tx:
                await _keep(tx, period_id, found)


async def _state(runtime: Runtime, copies: Path | None, sha256: str) -> FileState:
    match await look(runtime.blobs, sha256):
        case Kept.WRONG:
            return FileState.WRONG
        case Kept.MISSING:
            return FileState.MISSING
        case Kept.SINGLE:
            return FileState.UNCOPIED
        case Kept.WHOLE:
            pass
    if copies and not await asyncio.to_thread(_is_whole, place_of(copies, sha256), sha256):
        return FileState.UNCOPIED
    return FileState.SOUND


def _is_whole(file: Path, sha256: str) -> bool:
    digest = hashlib.sha256()
    try:
        with file.open("rb") as source:
            while piece := source.read(_PIECE):
                digest.update(piece)
    except FileNotFoundError:
        return False
    return digest.hexdigest() == sha256


async def _keep(tx: Transaction, period_id: UUID, found: dict[str, FileState]) -> None:
    now = await tx.now()
    for sha256, state in sorted(found.items()):
        row = await tx.session.get(ClosingFileRow, (period_id, sha256), with_for_update=True)
        if row is not None:
            row.state, row.checked_at = state, now
