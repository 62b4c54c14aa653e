"""Two real S3 servers, written by the program: one stopped, one with its disk lost, one with other bytes."""

import asyncio
import hashlib
import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from kernel.local.objectstore import ObjectStore
from kernel.storage import server as server_module
from kernel.storage import twins
from kernel.storage.blobs import Blobs, FileMissing, StorageUnavailable, key_of, owed_key
from kernel.storage.metrics import SERVER_UP, SINGLE
from kernel.storage.server import Address, ServerAway
from kernel.storage.twins import Kept

TEXT, BUCKET = "text/plain", "twins"


class Pair:
    """Server `a` is the first, `b` the second one; both know the same pair of keys, as a site's do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.a = ObjectStore(folder / "a", log=folder / "a.log")
        self.a.start()
        self.b = ObjectStore(folder / "b", log=folder / "b.log", like=self.a)
        self.b.start()

    def blobs(self) -> Blobs:
        keys = self.a.keys
        return Blobs(
            [Address(store.endpoint, *keys, secure=False) for store in (self.a, self.b)],
            bucket=BUCKET,
            spool=self.folder,
            service="test",
        )

    def place(self, name: str, key: str) -> Path:
        return self.folder / name / "data" / BUCKET / key

    def has(self, name: str, sha256: str) -> bool:
        return self.place(name, key_of(sha256)).exists()

    def lose(self, name: str) -> None:
        """The disk, with the server stopped."""
        getattr(self, name).stop()
        shutil.rmtree(self.folder / name / "data")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    yield made
    made.a.stop()
    made.b.stop()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that comes back is asked again at once."""
    monkeypatch.setattr(server_module, "REST_S", 0.0)


@pytest.fixture
async def blobs(pair: Pair) -> Blobs:
    made = pair.blobs()
    await made.prepare()
    return made


async def whole(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def test_a_file_is_on_both_before_it_is_confirmed_and_read_from_either(pair: Pair, blobs: Blobs):
    content = os.urandom(1_000_000)
    name = await blobs.put(content, TEXT)
    assert (pair.has("a", name), pair.has("b", name)) == (True, True)
    pair.a.stop()
    assert await whole(blobs.read(name)) == content
    assert await whole(blobs.read(name, offset=999_990, length=5)) == content[999_990:999_995]
    assert await blobs.size(name) == len(content)
    assert [found async for found in blobs.every()] == [(name, len(content))]


@pytest.mark.parametrize("lost", ["a", "b"])
async def test_with_one_stopped_a_file_is_kept_with_a_record_and_copied_when_it_is_back(
    pair: Pair, blobs: Blobs, lost: str
):
    left = "b" if lost == "a" else "a"
    getattr(pair, lost).stop()
    name = await blobs.put(b"while one was away", TEXT)
    assert pair.place(left, owed_key(name)).exists()
    assert await twins.repair(blobs) == 1
    assert SINGLE._value.get() == 1
    getattr(pair, lost).start()
    assert await twins.repair(blobs) == 0
    assert pair.has(lost, name)
    assert not pair.place(left, owed_key(name)).exists()
    assert SINGLE._value.get() == 0


async def test_a_record_whose_file_is_nowhere_stays_for_a_person(pair: Pair, blobs: Blobs):
    first, _ = blobs.servers
    nowhere = hashlib.sha256(b"nowhere").hexdigest()
    await first.put_bytes(owed_key(nowhere), b"")
    assert await twins.repair(blobs) == 1
    assert pair.place("a", owed_key(nowhere)).exists()


async def test_a_lost_disk_is_filled_from_the_other_server(pair: Pair, blobs: Blobs):
    names = {await blobs.put(f"file {n}".encode(), TEXT) for n in range(20)}
    assert await twins.is_new(blobs)
    assert (await twins.compare(blobs)).mended == 0
    assert not await twins.is_new(blobs)
    pair.lose("a")
    alone = await blobs.put(b"meanwhile", TEXT)
    pair.a.start()
    assert await twins.repair(blobs) == 0
    assert await twins.is_new(blobs)
    found = await twins.compare(blobs)
    assert (found.files, found.mended, found.lost) == (21, 20, ())
    assert all(pair.has("a", name) for name in names | {alone})
    pair.b.stop()
    assert {await whole(blobs.read(name)) for name in names} == {f"file {n}".encode() for n in range(20)}


async def test_other_bytes_are_replaced_and_never_copied(blobs: Blobs):
    name = await blobs.put(b"as it was", TEXT)
    a, b = blobs.servers
    await b.put_bytes(key_of(name), b"as it is.")
    assert (await twins.compare(blobs)).mended == 0, "of the same size: only hashing tells"
    assert (await twins.compare(blobs, hashes=True)).mended == 1
    await a.put_bytes(key_of(name), b"cut")
    assert await twins.look(blobs, name) is Kept.WHOLE
    for server in blobs.servers:
        assert await whole(await server.pieces(key_of(name))) == b"as it was"
        await server.put_bytes(key_of(name), b"gone bad")
    assert await twins.look(blobs, name) is Kept.WRONG
    assert (await twins.compare(blobs, hashes=True)).lost == (name,)


async def test_what_is_missing_and_what_cannot_be_known_are_told_apart(pair: Pair, blobs: Blobs):
    nothing = hashlib.sha256(b"never stored").hexdigest()
    kept = await blobs.put(b"kept", TEXT)
    with pytest.raises(FileMissing):
        await whole(blobs.read(nothing))
    assert await twins.look(blobs, nothing) is Kept.MISSING
    pair.a.stop()
    with pytest.raises(StorageUnavailable):
        await whole(blobs.read(nothing))
    with pytest.raises(StorageUnavailable):
        await blobs.size(nothing)
    assert await twins.look(blobs, kept) is Kept.SINGLE
    with pytest.raises(ServerAway):
        await twins.compare(blobs)


async def test_with_both_stopped_nothing_is_confirmed(pair: Pair, blobs: Blobs):
    await blobs.ping()
    pair.a.stop()
    await blobs.ping()
    assert [SERVER_UP.labels("test", name)._value.get() for name in ("first", "second")] == [0, 1]
    pair.b.stop()
    with pytest.raises(StorageUnavailable):
        await blobs.ping()
    with pytest.raises(StorageUnavailable):
        await blobs.put(b"nowhere to go", TEXT)
    with pytest.raises(StorageUnavailable):
        await blobs.prepare()


async def test_a_server_that_takes_connections_and_says_nothing_is_away(pair: Pair, blobs: Blobs):
    pair.b.stop()
    with socket.create_server(("127.0.0.1", pair.b.port)):
        await blobs.ping()
        assert [SERVER_UP.labels("test", name)._value.get() for name in ("first", "second")] == [1, 0]


async def test_a_server_that_ends_in_the_middle_of_a_file_is_followed_by_the_other(pair: Pair, blobs: Blobs):
    content = os.urandom(24 * 1024 * 1024)
    name = await blobs.put(content, TEXT)
    pieces = blobs.read(name)
    found = [await anext(pieces)]
    await asyncio.to_thread(pair.a.kill)
    found += [piece async for piece in pieces]
    assert b"".join(found) == content


async def test_parts_outlive_one_server(pair: Pair, blobs: Blobs):
    await blobs.put_part("upload", 1, b"first ")
    pair.a.stop()
    await blobs.put_part("upload", 2, b"second")
    assert [await whole(blobs.read_part("upload", n)) for n in (1, 2)] == [b"first ", b"second"]
    await blobs.drop_parts("upload", 2)
    with pytest.raises(StorageUnavailable):
        await whole(blobs.read_part("upload", 1))


async def test_one_server_alone_has_nothing_to_compare(pair: Pair):
    keys = pair.a.keys
    alone = Blobs([Address(pair.a.endpoint, *keys, secure=False)], bucket=BUCKET, spool=pair.folder)
    await alone.prepare()
    name = await alone.put(b"one", TEXT)
    assert await twins.repair(alone) == 0
    assert not await twins.is_new(alone)
    assert await twins.look(alone, name) is Kept.WHOLE
