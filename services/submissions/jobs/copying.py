"""Where there are two S3 servers: the files of all services are made the same on both. One bucket, so one service does it."""

import structlog

from kernel.nightly import told
from kernel.runtime import Runtime
from kernel.storage import twins
from kernel.storage.metrics import SINGLE

_log = structlog.get_logger(__name__)


async def repair_copies(runtime: Runtime) -> None:
    """What one server was not there to take; and everything, as soon as one of them has an empty disk."""
    left = await twins.repair(runtime.blobs)
    if left:
        _log.warning("single_copies", count=left)
    if await twins.is_new(runtime.blobs):
        await compare_copies(runtime)


async def compare_copies(runtime: Runtime) -> None:
    """Both lists side by side, each night. Raises ServerAway; the job is due again soon."""
    if len(runtime.blobs.servers) == 1:
        return
    found = await twins.compare(runtime.blobs)
    if found.lost:
        _log.error("files_lost", count=len(found.lost), files=found.lost[:20])
    if found.mended:
        _log.warning("files_mended", count=found.mended)
    told(runtime, "stored-copies", len(found.lost))


def forget_copies() -> None:
    """Another process counts them now."""
    SINGLE.set(0)
