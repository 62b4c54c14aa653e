"""Evidence as it lies in the store, hashed anew."""

from collections.abc import Sequence

from kernel.storage.blobs import Blobs, FileMissing


async def wrong_of(blobs: Blobs, files: Sequence[str]) -> list[str]:
    """Those that are missing, or whose bytes are not what they are stored under."""
    return [sha256 for sha256 in files if not await _intact(blobs, sha256)]


async def _intact(blobs: Blobs, sha256: str) -> bool:
    try:
        return await blobs.rehash(sha256)
    except FileMissing:
        return False
