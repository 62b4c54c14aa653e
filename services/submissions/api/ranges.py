"""Files as answers: attachments in a sandbox, whole or one range of bytes (RFC 9110 section 14)."""

import re
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from kernel.storage.blobs import Blobs

SANDBOX: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


class Unsatisfiable(Exception):
    """The range lies behind the end."""


def span_of(header: str | None, size: int) -> tuple[int, int] | None:
    """(first, last) of the one range asked for; None for the whole file: no header, several ranges, or none understood.

    Raises Unsatisfiable.
    """
    match = _RANGE.fullmatch(header.replace(" ", "")) if header else None
    if match is None:
        return None
    first, last = match.groups()
    if not first:
        if not last:
            return None
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return max(size - int(last), 0), size - 1
    if int(first) >= size:
        raise Unsatisfiable
    end = min(int(last), size - 1) if last else size - 1
    return (int(first), end) if end >= int(first) else None


async def attachment(
    request: Request, blobs: Blobs, *, sha256: str, name: str, size: int, media_type: str
) -> Response:
    """The file to be saved, never shown in place. A missing one is told before the answer begins."""
    tag = f'"{sha256}"'
    headers = SANDBOX | {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Accept-Ranges": "bytes",
        "ETag": tag,
    }
    wanted = request.headers.get("range") if request.headers.get("if-range", tag) == tag else None
    try:
        span = span_of(wanted, size)
    except Unsatisfiable:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    if span is None:
        pieces, length, status = blobs.read(sha256), size, 200
    else:
        first, last = span
        length, status = last - first + 1, 206
        pieces = blobs.read(sha256, offset=first, length=length)
        headers |= {"Content-Range": f"bytes {first}-{last}/{size}"}
    begun = await anext(pieces, b"")
    headers |= {"Content-Length": str(length)}
    return StreamingResponse(_joined(begun, pieces), status, media_type=media_type, headers=headers)


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece
