"""Evidence as it lies in the store, hashed anew."""

from collections.abc import Sequence

from kernel.storage.blobs import Blobs
from kernel.storage.twins import Kept, look


async def wrong_of(blobs: Blobs, files: Sequence[str]) -> list[str]:
    """Those that are missing, or whose bytes are not what they are stored under."""
    return [sha256 for sha256 in files if await look(blobs, sha256) in {Kept.WRONG, Kept.MISSING}]
