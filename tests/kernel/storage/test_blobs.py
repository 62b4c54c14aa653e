"""Files on a real S3 server, under the hash of their bytes."""

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kernel.local.child import free_port
from kernel.local.objectstore import ObjectStore
from kernel.storage.blobs import Blobs, FileMissing, FileTooLarge, StorageUnavailable, key_of
from kernel.storage.server import CHUNK, Address

TEXT = "text/plain"


def blobs_at(endpoint: str, keys: tuple[str, str], spool: Path | None = None, bucket: str = "blobs") -> Blobs:
    access, secret = keys
    return Blobs([Address(endpoint, access, secret, secure=False)], bucket=bucket, spool=spool)


@pytest.fixture
async def blobs(objects: ObjectStore, tmp_path: Path) -> Blobs:
    made = blobs_at(objects.endpoint, objects.keys, tmp_path)
    await made.prepare()
    return made


async def whole(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


def reader(content: bytes, piece: int = 1000):
    position = 0

    async def read(count: int) -> bytes:
        nonlocal position
        found = content[position : position + min(count, piece)]
        position += len(found)
        return found

    return read


def stored_at(servers_folder: Path, sha256: str) -> Path:
    return servers_folder / "objects" / "data" / "blobs" / key_of(sha256)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 6 * 1024 * 1024])
async def test_what_is_put_is_read_again_byte_for_byte(blobs: Blobs, size: int):
    content = os.urandom(size)
    sha256 = await blobs.put(content, TEXT)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert await whole(blobs.read(sha256)) == content
    assert await blobs.size(sha256) == size
    assert await blobs.rehash(sha256)


async def test_the_same_bytes_are_stored_once(blobs: Blobs, servers_folder: Path):
    first = await blobs.put(b"the same", TEXT)
    place = stored_at(servers_folder, first)
    before = place.stat().st_mtime_ns
    assert await blobs.put(b"the same", "application/pdf") == first
    assert place.stat().st_mtime_ns == before


async def test_a_received_file_is_hashed_and_gone_afterwards(blobs: Blobs, tmp_path: Path):
    content = os.urandom(10_000)
    async with blobs.receive(reader(content), limit=10_000) as spooled:
        assert (spooled.size, spooled.sha256) == (10_000, hashlib.sha256(content).hexdigest())
        assert spooled.path.parent == tmp_path
        assert spooled.path.read_bytes() == content
    assert os.listdir(tmp_path) == []  # noqa: PTH208 -- a path would block the loop just as well
    assert await blobs.size(spooled.sha256) is None


async def test_a_file_over_the_limit_is_refused_while_it_comes(blobs: Blobs, tmp_path: Path):
    read = 0

    async def endless(count: int) -> bytes:
        nonlocal read
        read += count
        return bytes(count)

    with pytest.raises(FileTooLarge):
        async with blobs.receive(endless, limit=2 * CHUNK):
            pytest.fail("it was taken")
    assert read == 3 * CHUNK
    assert os.listdir(tmp_path) == []  # noqa: PTH208 -- a path would block the loop just as well


async def test_a_file_that_is_not_there_is_missing_before_the_first_byte(blobs: Blobs):
    nowhere = "0" * 64
    assert await blobs.size(nowhere) is None
    with pytest.raises(FileMissing):
        await whole(blobs.read(nowhere))


async def test_changed_bytes_are_noticed(blobs: Blobs, servers_folder: Path):
    sha256 = await blobs.put(b"evidence as it was", TEXT)
    stored_at(servers_folder, sha256).write_bytes(b"evidence as it is!")
    assert not await blobs.rehash(sha256)


async def test_a_file_that_was_cut_short_is_stored_again(blobs: Blobs):
    sha256 = hashlib.sha256(b"a whole file").hexdigest()
    await blobs.servers[0].put_bytes(key_of(sha256), b"a who")
    assert not await blobs.rehash(sha256)
    await blobs.put(b"a whole file", TEXT)
    assert await blobs.rehash(sha256)


async def test_a_reader_may_stop_half_way(blobs: Blobs):
    sha256 = await blobs.put(os.urandom(4 * CHUNK), TEXT)
    for _ in range(20):  # more often than there are connections
        pieces = blobs.read(sha256)
        await anext(pieces)
        await pieces.aclose()
    assert await blobs.rehash(sha256)


async def test_preparing_twice_is_harmless(blobs: Blobs):
    await blobs.prepare()
    await blobs.ping()


async def test_wrong_keys_are_a_storage_that_is_not_available(objects: ObjectStore):
    stranger = blobs_at(objects.endpoint, ("stranger", "x" * 30))
    with pytest.raises(StorageUnavailable):
        await stranger.put(b"x", TEXT)


async def test_a_server_that_is_away_is_a_storage_that_is_not_available(objects: ObjectStore):
    away = blobs_at(f"127.0.0.1:{free_port()}", objects.keys)
    for attempt in (away.ping(), away.size("0" * 64), away.put(b"x", TEXT), whole(away.read("0" * 64))):
        with pytest.raises(StorageUnavailable):
            await attempt
