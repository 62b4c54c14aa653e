"""Content-addressed files on an S3 server: the key of a file is the SHA-256 of its bytes."""

import asyncio
import hashlib
import io
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from kernel.errors import NotFound, TooLarge, Unavailable
from kernel.observability.calls import timed

CHUNK = 256 * 1024
TIMEOUT_S = 30


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
    """One bucket. Never trusts ETags, tags or user metadata of the server: names and sizes belong in the database."""

    def __init__(
        self,
        *,
        endpoint: str,
        access_key: str,
        secret_key: str,
        bucket: str,
        secure: bool,
        spool: Path | None = None,
        service: str = "kaohe",
    ) -> None:
        pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=5, read=TIMEOUT_S),
            maxsize=8,
            retries=urllib3.Retry(total=2, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504)),
        )
        self._client = Minio(
            endpoint,
            access_key=access_key,
            secret_key=secret_key,
            secure=secure,
            http_client=pool,
            region="us-east-1",
        )
        self._bucket, self._spool, self._service = bucket, spool, service

    async def prepare(self) -> None:
        """Make the bucket if it is not there."""

        def make() -> None:
            if not self._client.bucket_exists(self._bucket):
                self._client.make_bucket(self._bucket)

        await self._run(make)

    async def ping(self) -> None:
        await self._run(lambda: self._client.bucket_exists(self._bucket))

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
        """Store a received file under its hash; a file that is there already is not sent again."""
        if await self.size(spooled.sha256) == spooled.size:
            return
        await self._run(
            lambda: self._client.fput_object(
                self._bucket, key_of(spooled.sha256), str(spooled.path), content_type=media_type
            )
        )

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
        found: int | None = await self._run(lambda: self._size(key_of(sha256)))
        return found

    async def read(self, sha256: str, *, offset: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """The bytes (or `length` of them from `offset`), piece by piece. Raises FileMissing before the first piece."""
        async for piece in self._pieces(key_of(sha256), offset, length):
            yield piece

    async def put_part(self, upload: str, number: int, content: bytes) -> None:
        """Keep a part of a file that is not complete; the same number again replaces it."""
        key, size = part_key(upload, number), len(content)
        await self._run(lambda: self._client.put_object(self._bucket, key, io.BytesIO(content), size))

    async def read_part(self, upload: str, number: int) -> AsyncIterator[bytes]:
        """The part, piece by piece. Raises FileMissing before the first piece."""
        async for piece in self._pieces(part_key(upload, number), 0, None):
            yield piece

    async def drop_parts(self, upload: str, count: int) -> None:
        """Remove the parts 1 to `count`; those that are not there are removed already."""

        def remove() -> None:
            for number in range(1, count + 1):
                self._client.remove_object(self._bucket, part_key(upload, number))

        await self._run(remove)

    async def _pieces(self, key: str, offset: int, length: int | None) -> AsyncIterator[bytes]:
        response = await self._run(lambda: self._open(key, offset, length))
        try:
            pieces: Iterator[bytes] = response.stream(CHUNK)
            while True:
                piece = await asyncio.to_thread(next, pieces, b"")
                if not piece:
                    return
                yield piece
        finally:
            response.close()
            response.release_conn()

    async def rehash(self, sha256: str) -> bool:
        """Whether the stored bytes still have the hash that they are stored under."""
        digest = hashlib.sha256()
        async for piece in self.read(sha256):
            digest.update(piece)
        return digest.hexdigest() == sha256

    async def every(self) -> AsyncIterator[tuple[str, int]]:
        """Hash and size of every stored file, in the order of the server."""
        found: Iterator[Any] = await self._run(
            lambda: self._client.list_objects(self._bucket, prefix=key_of(""), recursive=True)
        )
        while (entry := await self._run(lambda: next(found, None))) is not None:
            yield entry.object_name.removeprefix(key_of("")), entry.size

    def _size(self, key: str) -> int | None:
        try:
            return int(self._client.stat_object(self._bucket, key).size or 0)
        except S3Error as error:
            if error.code in {"NoSuchKey", "NoSuchObject", "NotFound"}:
                return None
            raise

    def _open(self, key: str, offset: int, length: int | None) -> Any:
        try:
            return self._client.get_object(self._bucket, key, offset=offset, length=length or 0)
        except MinioException as error:
            # Servers word this in ways that the client cannot always read, so it is asked again.
            if self._size(key) is None:
                raise FileMissing from error
            raise

    async def _run(self, call: Callable[[], Any]) -> Any:
        try:
            with timed(self._service, "storage"):
                return await asyncio.to_thread(call)
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
            raise StorageUnavailable from error


def key_of(sha256: str) -> str:
    return f"sha256/{sha256}"


def part_key(upload: str, number: int) -> str:
    return f"uploads/{upload}/{number}"
