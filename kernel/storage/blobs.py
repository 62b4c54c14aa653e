"""Content-addressed files on one S3 server or on two: the key of a file is the SHA-256 of its bytes.

With two, a file is kept when both have it; while one is away, when the other has it and a record beside it that says so
(`owed/<sha256>`), which `kernel.storage.twins` works off.
"""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kernel.errors import NotFound, TooLarge, Unavailable
from kernel.settings import StorageSettings
from kernel.storage.metrics import SERVER_UP
from kernel.storage.server import CHUNK, Address, Server, ServerAway

OWED = "owed/"
#: Files are listed in so many parts, so that what two servers have can be compared in little memory.
PREFIXES = tuple(f"{number:02x}" for number in range(256))


class FileTooLarge(TooLarge):
    code = "file-too-large"
    zh = "文件过大,上限为 {limit_mb} MB"
    en = "The file is too large; the limit is {limit_mb} MB"


class FileMissing(NotFound):
    code = "file-missing"
    zh = "文件不存在"
    en = "There is no such file"


class StorageUnavailable(Unavailable):
    code = "storage-unavailable"
    zh = "文件存储暂时不可用,请稍后再试"
    en = "File storage is temporarily unavailable; please try again"


@dataclass(frozen=True, slots=True)
class Spooled:
    """A received file, on local disk until the end of the block that received it."""

    path: Path
    sha256: str
    size: int


class Blobs:
    """One bucket, on each of the servers at `addresses`: one, or two that hold the same."""

    def __init__(
        self, addresses: Sequence[Address], *, bucket: str, spool: Path | None = None, service: str = "kaohe"
    ) -> None:
        self.servers = tuple(
            Server(address, bucket, name=name, service=service, alone=len(addresses) == 1)
            for address, name in zip(addresses, ("first", "second"), strict=False)
        )
        self._spool, self._service = spool, service

    @classmethod
    def of(cls, settings: StorageSettings, *, service: str = "kaohe") -> Self:
        keys = settings.s3_access_key.get_secret_value(), settings.s3_secret_key.get_secret_value()
        addresses = [Address(settings.s3_endpoint, *keys, settings.s3_secure)]
        if settings.s3_second_endpoint:
            addresses.append(Address(settings.s3_second_endpoint, *keys, settings.s3_secure))
        return cls(addresses, bucket=settings.s3_bucket, spool=settings.spool_dir, service=service)

    async def prepare(self) -> None:
        """Make the bucket wherever it is not there. One of two servers may be away."""
        await self._everywhere(lambda server: server.prepare())

    async def ping(self) -> None:
        """Raises StorageUnavailable if no server answers."""
        answers = await asyncio.gather(*(server.ping() for server in self.servers), return_exceptions=True)
        if len(answers) > 1:
            for server, answer in zip(self.servers, answers, strict=True):
                SERVER_UP.labels(self._service, server.name).set(answer is None)
        _raise_if_all(answers)

    @asynccontextmanager
    async def receive(self, read: Callable[[int], Awaitable[bytes]], *, limit: int) -> AsyncIterator[Spooled]:
        """Spool a stream to disk, hashing it; raises FileTooLarge as soon as it is. Nothing is stored yet."""
        with tempfile.NamedTemporaryFile(dir=self._spool, prefix="kaohe-") as file:
            digest, size = hashlib.sha256(), 0
            while chunk := await read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise FileTooLarge(limit=limit, limit_mb=limit // (1024 * 1024))
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            yield Spooled(Path(file.name), digest.hexdigest(), size)

    async def keep(self, spooled: Spooled, media_type: str) -> None:
        """Store a received file under its hash; a server that has it already is not sent it again."""
        key = key_of(spooled.sha256)

        async def send(server: Server) -> None:
            if await server.size(key) != spooled.size:
                await server.put_file(key, spooled.path, media_type)

        reached = await self._everywhere(send)
        if len(reached) < len(self.servers):
            try:
                await reached[0].put_bytes(owed_key(spooled.sha256), b"")
            except ServerAway as error:
                raise StorageUnavailable from error

    async def put(self, content: bytes, media_type: str) -> str:
        """Store bytes that are at hand; returns their SHA-256."""
        position = 0

        async def read(count: int) -> bytes:
            nonlocal position
            piece = content[position : position + count]
            position += len(piece)
            return piece

        async with self.receive(read, limit=len(content)) as spooled:
            await self.keep(spooled, media_type)
            return spooled.sha256

    async def size(self, sha256: str) -> int | None:
        """Bytes of a stored file, None if it is not there."""
        away: ServerAway | None = None
        for server in self._in_order():
            try:
                found = await server.size(key_of(sha256))
            except ServerAway as error:
                away = error
            else:
                if found is not None:
                    return found
        if away is not None:
            raise StorageUnavailable from away
        return None

    async def read(self, sha256: str, *, offset: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """The bytes (or `length` of them from `offset`), piece by piece. Raises FileMissing before the first piece."""
        async for piece in self._pieces(key_of(sha256), offset, length):
            yield piece

    async def put_part(self, upload: str, number: int, content: bytes) -> None:
        """Keep a part of a file that is not complete; the same number again replaces it."""
        key = part_key(upload, number)
        await self._everywhere(lambda server: server.put_bytes(key, content))

    async def read_part(self, upload: str, number: int) -> AsyncIterator[bytes]:
        """The part, piece by piece. Raises FileMissing before the first piece."""
        async for piece in self._pieces(part_key(upload, number), 0, None):
            yield piece

    async def drop_parts(self, upload: str, count: int) -> None:
        """Remove the parts 1 to `count`; those that are not there are removed already."""
        keys = [part_key(upload, number) for number in range(1, count + 1)]
        await self._everywhere(lambda server: server.remove(keys))

    async def rehash(self, sha256: str) -> bool:
        """Whether the stored bytes still have the hash that they are stored under."""
        digest = hashlib.sha256()
        async for piece in self.read(sha256):
            digest.update(piece)
        return digest.hexdigest() == sha256

    async def every(self) -> AsyncIterator[tuple[str, int]]:
        """Hash and size of every stored file, wherever it is. Raises StorageUnavailable if no server answers."""
        for prefix in PREFIXES if len(self.servers) > 1 else ("",):
            found: dict[str, int] = {}
            answers = await asyncio.gather(
                *(server.sizes(key_of(prefix)) for server in self.servers), return_exceptions=True
            )
            _raise_if_all([answer if isinstance(answer, BaseException) else None for answer in answers])
            for answer in answers:
                if not isinstance(answer, BaseException):
                    found |= answer
            for name, size in found.items():
                yield prefix + name, size

    async def _pieces(self, key: str, offset: int, length: int | None) -> AsyncIterator[bytes]:
        """From the first server that has it; from the other one what is left if that ends before its time."""
        sent, away = 0, None
        for server in self._in_order():
            try:
                pieces = await server.pieces(key, offset + sent, None if length is None else length - sent)
                if pieces is None:
                    continue
                async for piece in pieces:
                    yield piece
                    sent += len(piece)
            except ServerAway as error:
                away = error
                continue
            return
        if away is not None:
            raise StorageUnavailable from away
        raise FileMissing

    def _in_order(self) -> list[Server]:
        """Whoever did not answer a moment ago comes last."""
        return sorted(self.servers, key=lambda server: server.rests)

    async def _everywhere(self, work: Callable[[Server], Awaitable[None]]) -> list[Server]:
        """The servers that did it, at least one. One that rests is not waited for while another one is there."""
        asked = [server for server in self.servers if not server.rests] or list(self.servers)
        answers = await asyncio.gather(*(work(server) for server in asked), return_exceptions=True)
        _raise_if_all(answers)
        return [server for server, answer in zip(asked, answers, strict=True) if answer is None]


def _raise_if_all(answers: Sequence[BaseException | None]) -> None:
    """StorageUnavailable if every server was away; whatever else went wrong as it is."""
    for answer in answers:
        if answer is not None and not isinstance(answer, ServerAway):
            raise answer
    if None not in answers:
        raise StorageUnavailable from answers[0]


def key_of(sha256: str) -> str:
    return f"sha256/{sha256}"


def part_key(upload: str, number: int) -> str:
    return f"uploads/{upload}/{number}"


def owed_key(sha256: str) -> str:
    """Lies where the file lies that the other server lacks."""
    return f"{OWED}{sha256}"
