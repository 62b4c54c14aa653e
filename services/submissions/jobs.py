"""Periodic work of `submissions`."""

from datetime import time

import structlog

from kernel.nightly import told
from kernel.runtime import Runtime
from kernel.scheduling import Job
from kernel.storage.blobs import FileMissing
from services.submissions.queries.sampling import some_files

_log = structlog.get_logger(__name__)


async def rehash_some_evidence(runtime: Runtime) -> None:
    """One file in a hundred is read from the store and hashed again (reliability.md D2.8)."""
    async with runtime.db.reading() as session:
        drawn = await some_files(session)
    wrong = [sha256 for sha256 in drawn if not await _intact(runtime, sha256)]
    if wrong:
        _log.error("evidence_wrong", count=len(wrong), files=wrong[:20])
    told(runtime, "evidence", len(wrong))


async def _intact(runtime: Runtime, sha256: str) -> bool:
    try:
        return await runtime.blobs.rehash(sha256)
    except FileMissing:
        return False


JOBS = (Job("rehash-some-evidence", rehash_some_evidence, daily=time(4)),)
