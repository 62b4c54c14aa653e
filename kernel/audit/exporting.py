"""The audit log as a file: signed JSON lines for programs, CSV for people. Chained records only, by number."""

import csv
import hashlib
import io
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from kernel.bus.canonical import canonical_json

#: Signed is SHA-256 of all bytes before the last line, after this tag.
SIGNATURE_TAG = b"kaohe audit export v1\n"
COLUMNS = (
    "seq", "at", "service", "actor_kind", "actor", "account", "officer", "on_behalf_of", "action", "kind", "object",
    "before", "after", "reason", "request", "id", "hash",
)  # fmt: skip


async def json_lines(
    rows: AsyncIterator[Row[Any]], *, sign: Callable[[bytes], tuple[str, str]], by: str, now: datetime
) -> AsyncIterator[bytes]:
    """One record a line, and a last line with count, SHA-256 and signature: a file that was cut short has none."""
    digest, count = hashlib.sha256(), 0
    async for row in rows:
        link = {"seq": row.seq, "prev_hash": row.prev_hash, "hash": row.hash, "record": json.loads(row.body)}
        line = (canonical_json(link) + "\n").encode()
        digest.update(line)
        count += 1
        yield line
    key_id, signature = sign(SIGNATURE_TAG + digest.digest())
    end = {"records": count, "sha256": digest.hexdigest(), "by": by, "at": now}
    yield (canonical_json({"end": end, "key_id": key_id, "signature": signature}) + "\n").encode()


async def csv_lines(rows: AsyncIterator[Row[Any]]) -> AsyncIterator[bytes]:
    """UTF-8 with a byte-order mark, as spreadsheet programs on desktops want it."""
    yield b"\xef\xbb\xbf" + _line(COLUMNS)
    async for row in rows:
        record = json.loads(row.body)
        actor, thing = record["actor"], record["object"]
        yield _line(
            (
                row.seq, record["at"], record["service"], actor["kind"], actor["name"], actor["account"],
                actor["officer"], record["on_behalf_of"], record["action"], thing["kind"], thing["id"],
                canonical_json(record["before"]), canonical_json(record["after"]), record["reason"],
                record["request"], record["id"], row.hash,
            )
        )  # fmt: skip


def _line(values: tuple[Any, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([_inert(value) for value in values])
    return out.getvalue().encode()


def _inert(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula is shown as text."""
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
    )
