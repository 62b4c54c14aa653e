"""Asking a ClamAV daemon about a file: the INSTREAM command of clamd (clamd(8)), over TCP or a local socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from kernel.errors import Unavailable

PATIENCE_S: Final = 120.0
LONGEST_ANSWER: Final = 4096


class ScannerUnavailable(Unavailable):
    code = "scanner-unavailable"
    zh = "病毒检查服务暂时不可用"
    en = "The virus scanner is not available at the moment"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`finding`: the name of what was found. Neither clean nor infected: the daemon would not look, for `problem`."""

    clean: bool
    finding: str | None = None
    problem: str | None = None


class Scanner:
    """One address, `host:port` or the path of a socket; one connection a file."""

    def __init__(self, address: str, *, patience_s: float = PATIENCE_S) -> None:
        self._address, self._patience_s = address, patience_s

    async def scan(self, pieces: AsyncIterator[bytes]) -> Verdict:
        """Raises ScannerUnavailable; what the daemon says of the file is a verdict."""
        try:
            async with asyncio.timeout(self._patience_s), self._connection() as (reader, writer):
                writer.write(b"zINSTREAM\0")
                try:
                    async for piece in pieces:
                        writer.write(len(piece).to_bytes(4, "big") + piece)
                        await writer.drain()
                    writer.write(b"\0\0\0\0")
                    await writer.drain()
                except ConnectionError:
                    pass  # it answers and hangs up when a stream is longer than it takes
                answer = await reader.readuntil(b"\0")
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise ScannerUnavailable from error
        return _verdict(answer.rstrip(b"\0").decode(errors="replace"))

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        if self._address.startswith("/"):
            reader, writer = await asyncio.open_unix_connection(self._address, limit=LONGEST_ANSWER)
        else:
            host, _, port = self._address.rpartition(":")
            reader, writer = await asyncio.open_connection(host, int(port), limit=LONGEST_ANSWER)
        try:
            yield reader, writer
        finally:
            writer.close()


def _verdict(answer: str) -> Verdict:
    """`stream: OK`, `stream: <name> FOUND`, anything else is a reason for not looking."""
    said = answer.removeprefix("stream: ").strip()
    if said == "OK":
        return Verdict(clean=True)
    if said.endswith(" FOUND"):
        return Verdict(clean=False, finding=said.removesuffix(" FOUND"))
    return Verdict(clean=False, problem=said[:200] or "no answer")
