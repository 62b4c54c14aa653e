"""One S3 server and its bucket. Never trusts its ETags, tags or user metadata: names and sizes belong in the database."""

import asyncio
import io
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from kernel.observability.calls import timed

CHUNK = 256 * 1024
TIMEOUT_S = 30
PING_S = 2.0
#: A server that did not answer is left alone for so long while another one is there.
REST_S = 20.0
_ABSENT = frozenset({"NoSuchKey", "NoSuchObject", "NotFound", "NoSuchBucket"})


class ServerAway(Exception):
    """The server did not answer, or not with what was asked for."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is, and the pair of keys that it knows us by."""

    endpoint: str
    access_key: str
    secret_key: str
    secure: bool


class Server:
    """`alone`: there is no other one to turn to, so it is asked again before it is given up."""

    def __init__(self, address: Address, bucket: str, *, name: str, service: str, alone: bool) -> None:
        pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=5, read=TIMEOUT_S)
            if alone
            else urllib3.Timeout(connect=2, read=10),
            maxsize=8,
            retries=urllib3.Retry(
                total=2 if alone else 1,
                read=2 if alone else 0,
                backoff_factor=0.2,
                status_forcelist=(500, 502, 503, 504),
            ),
        )
        self._client = Minio(
            address.endpoint,
            access_key=address.access_key,
            secret_key=address.secret_key,
            secure=address.secure,
            http_client=pool,
            region="us-east-1",
        )
        self.name = name
        self._bucket, self._service = bucket, service
        self._rests_until = 0.0

    @property
    def rests(self) -> bool:
        """It did not answer a moment ago."""
        return time.monotonic() < self._rests_until

    async def prepare(self) -> None:
        """Make the bucket if it is not there."""

        def make() -> None:
            if not self._client.bucket_exists(self._bucket):
                self._client.make_bucket(self._bucket)

        await self._run(make)

    async def ping(self) -> None:
        """Raises ServerAway in a moment, also for a server that takes connections and says nothing."""
        try:
            async with asyncio.timeout(PING_S):
                await self._run(lambda: self._client.bucket_exists(self._bucket))
        except TimeoutError as error:
            raise ServerAway(self.name) from error

    async def size(self, key: str) -> int | None:
        """Bytes of a stored file, None if it is not there."""
        found: int | None = await self._run(lambda: self._size(key))
        return found

    async def put_file(self, key: str, path: Path, media_type: str) -> None:
        await self._run(
            lambda: self._client.fput_object(self._bucket, key, str(path), content_type=media_type)
        )

    async def put_bytes(self, key: str, content: bytes) -> None:
        await self._run(lambda: self._client.put_object(self._bucket, key, io.BytesIO(content), len(content)))

    async def remove(self, keys: Iterable[str]) -> None:
        """What is not there is removed already."""

        def remove() -> None:
            for key in keys:
                self._client.remove_object(self._bucket, key)

        await self._run(remove)

    async def pieces(
        self, key: str, offset: int = 0, length: int | None = None
    ) -> AsyncIterator[bytes] | None:
        """The bytes (or `length` of them from `offset`), piece by piece; None if there is no such file."""
        response = await self._run(lambda: self._open(key, offset, length))
        return None if response is None else self._stream(response)

    async def sizes(self, prefix: str) -> dict[str, int]:
        """Key behind the prefix → size, of every file whose key begins so."""

        def listed() -> dict[str, int]:
            entries: Iterator[Any] = self._client.list_objects(self._bucket, prefix=prefix, recursive=True)
            return {entry.object_name.removeprefix(prefix): entry.size for entry in entries}

        found: dict[str, int] = await self._run(listed)
        return found

    async def _stream(self, response: Any) -> AsyncIterator[bytes]:
        try:
            pieces: Iterator[bytes] = response.stream(CHUNK)
            while piece := await self._call(lambda: next(pieces, b"")):
                yield piece
        finally:
            response.close()
            response.release_conn()

    def _size(self, key: str) -> int | None:
        try:
            return int(self._client.stat_object(self._bucket, key).size or 0)
        except S3Error as error:
            if error.code in _ABSENT:
                return None
            raise

    def _open(self, key: str, offset: int, length: int | None) -> Any:
        try:
            return self._client.get_object(self._bucket, key, offset=offset, length=length or 0)
        except MinioException:
            # Servers word this in ways that the client cannot always read, so it is asked again.
            if self._size(key) is None:
                return None
            raise

    async def _run(self, call: Callable[[], Any]) -> Any:
        with timed(self._service, "storage"):
            return await self._call(call)

    async def _call(self, call: Callable[[], Any]) -> Any:
        try:
            found = await asyncio.to_thread(call)
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
            self._rests_until = time.monotonic() + REST_S
            raise ServerAway(self.name) from error
        self._rests_until = 0.0
        return found
