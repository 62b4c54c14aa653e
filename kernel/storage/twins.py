"""What keeps two S3 servers the same: files that one was not there to take, lost, or has with other bytes, come from the other."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import structlog

from kernel.storage.blobs import OWED, PREFIXES, Blobs, FileMissing, key_of, owed_key
from kernel.storage.metrics import REPAIRED, SINGLE
from kernel.storage.server import Server, ServerAway

#: Lies on a server that was compared with the other one: where it is missing, the disk is a new one.
_COMPARED = "compared"
_ANY_SIZE = 2**63
_log = structlog.get_logger(__name__)


class Copy(StrEnum):
    WHOLE = "whole"
    WRONG = "wrong"  # other bytes than its name says
    MISSING = "missing"
    UNKNOWN = "unknown"  # the server is away


class Kept(StrEnum):
    """`single`: whole on one of two servers."""

    WHOLE = "whole"
    SINGLE = "single"
    WRONG = "wrong"
    MISSING = "missing"


class _Spoilt(Exception):
    """What was read has other bytes than its name says."""


@dataclass(frozen=True, slots=True)
class Compared:
    """`lost`: no server has it with the bytes that its name says."""

    files: int
    mended: int
    lost: tuple[str, ...]


async def repair(blobs: Blobs) -> int:
    """Copy what one server is known to lack; returns how many files still lie on one alone. One server: nothing to do."""
    left = 0
    if len(blobs.servers) == 1:
        return left
    for server in blobs.servers:
        try:
            await server.prepare()
            owed = await server.sizes(OWED)
        except ServerAway:
            continue
        for name in owed:
            left += not await _settled(blobs, server, name)
    SINGLE.set(left)
    return left


async def is_new(blobs: Blobs) -> bool:
    """Whether both servers answer and one was never compared with the other: its disk is empty, or was replaced."""
    if len(blobs.servers) == 1:
        return False
    try:
        return None in [await server.size(_COMPARED) for server in blobs.servers]
    except ServerAway:
        return False


async def compare(blobs: Blobs, *, hashes: bool = False) -> Compared:
    """Both servers' lists side by side: what one lacks, or has with another size, comes from the other.

    `hashes`: every file is read on both and hashed, which takes as long as reading everything. Raises ServerAway.
    """
    files, mended, lost = 0, 0, list[str]()
    for server in blobs.servers:
        await server.prepare()
    for prefix in PREFIXES:
        lists = [await server.sizes(key_of(prefix)) for server in blobs.servers]
        names = sorted(set[str]().union(*lists))
        files += len(names)
        for rest in names:
            if not hashes and len({found.get(rest) for found in lists}) == 1:
                continue
            had = await _states(blobs, prefix + rest)
            if not await _mend(blobs, prefix + rest, had):
                lost.append(prefix + rest)
            elif set(had.values()) != {Copy.WHOLE}:
                mended += 1
    for server in blobs.servers:
        await server.put_bytes(_COMPARED, b"")
    return Compared(files, mended, tuple(lost))


async def look(blobs: Blobs, sha256: str) -> Kept:
    """Read and hashed wherever it is; what one server lacks comes from the other. Raises StorageUnavailable."""
    two = len(blobs.servers) > 1
    if two and await mend(blobs, sha256):
        return Kept.WHOLE
    try:
        whole = await blobs.rehash(sha256)
    except FileMissing:
        return Kept.MISSING
    if not whole:
        return Kept.WRONG
    return Kept.SINGLE if two else Kept.WHOLE


async def mend(blobs: Blobs, sha256: str) -> bool:
    """Read the file on every server; where it is missing or has other bytes it comes from the other one.

    Returns whether every server has it whole now.
    """
    return await _mend(blobs, sha256, await _states(blobs, sha256))


async def _states(blobs: Blobs, sha256: str) -> dict[Server, Copy]:
    return {server: await _state(server, sha256) for server in blobs.servers}


async def _state(server: Server, sha256: str) -> Copy:
    digest = hashlib.sha256()
    try:
        pieces = await server.pieces(key_of(sha256))
        if pieces is None:
            return Copy.MISSING
        async for piece in pieces:
            digest.update(piece)
    except ServerAway:
        return Copy.UNKNOWN
    return Copy.WHOLE if digest.hexdigest() == sha256 else Copy.WRONG


async def _mend(blobs: Blobs, sha256: str, states: dict[Server, Copy]) -> bool:
    whole = [server for server, state in states.items() if state is Copy.WHOLE]
    if not whole:
        if Copy.UNKNOWN not in states.values():
            REPAIRED.labels("lost").inc()
        return False
    try:
        for server, state in states.items():
            if state in {Copy.MISSING, Copy.WRONG}:
                await _copy(blobs, whole[0], server, sha256)
    except (ServerAway, _Spoilt):
        return False
    return Copy.UNKNOWN not in states.values()


async def _settled(blobs: Blobs, holder: Server, sha256: str) -> bool:
    """Whether what the record beside a file says is no longer so."""
    [other] = [server for server in blobs.servers if server is not holder]
    if other.rests:
        return False
    try:
        size = await other.size(key_of(sha256))
        if size is None or size != await holder.size(key_of(sha256)):
            await _copy(blobs, holder, other, sha256)
        await holder.remove([owed_key(sha256)])
    except (ServerAway, _Spoilt):
        return False
    return True


async def _copy(blobs: Blobs, source: Server, target: Server, sha256: str) -> None:
    pieces = await source.pieces(key_of(sha256))
    if pieces is None:
        raise _Spoilt

    async def read(_count: int) -> bytes:
        return await anext(pieces, b"")

    async with blobs.receive(read, limit=_ANY_SIZE) as spooled:
        if spooled.sha256 != sha256:
            REPAIRED.labels("lost").inc()
            _log.error("file_spoilt", file=sha256, server=source.name)
            raise _Spoilt
        await target.put_file(key_of(sha256), spooled.path, "application/octet-stream")
    REPAIRED.labels("copied").inc()
