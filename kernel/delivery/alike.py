"""Very many events that differ in a few fields: written by COPY, each with the canonical text that it would have alone."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from contracts.envelope import Event
from kernel.bus.canonical import canonical_json, plain
from kernel.db.copying import copy_rows
from kernel.delivery.outbox import OUTBOX
from kernel.delivery.transaction import Transaction
from kernel.ids import new_id

_COLUMNS = ("event_id", "type", "aggregate_id", "aggregate_version", "order_key", "body", "headers")


async def write_alike(tx: Transaction, sample: Event, differences: Iterable[Mapping[str, Any]]) -> int:
    """An event for each of `differences`, which says in what it is not like the sample: its `id` at least. How many.

    They are of this transaction like any other. The audit log is told of them in sum: the caller says with `tx.act` what
    was done.
    """
    same: dict[str, Any] = plain(sample)
    headers = tx.headers().model_dump_json(exclude_none=True)
    rows = []
    for difference in differences:
        if not difference.keys() <= same.keys():
            raise KeyError(difference.keys() - same.keys())
        body = same | {name: plain(value) for name, value in difference.items()}
        identity: UUID = difference["id"]
        rows.append(
            (
                new_id(),
                sample.type,
                str(identity),
                sample.version,
                sample.model_copy(update=difference).order_key,
                canonical_json(body),
                headers,
            )
        )
    await copy_rows(tx.session, OUTBOX, _COLUMNS, rows)
    return len(rows)
