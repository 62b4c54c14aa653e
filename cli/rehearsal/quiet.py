"""Waiting, by condition and with a bound, until every event has reached everybody."""

import asyncio
import time
from typing import Any

from cli.rehearsal.client import Person
from contracts.catalog import SERVICES

STILL_S = 180  # without anything moving
BOUND_S = 1800  # in all, however slow the machine is
PAUSE_S = 0.3


async def integrity(auditor: Person) -> dict[str, dict[str, Any]]:
    """The integrity page of each service: log head, cursors, backlog, digests."""
    return {service: await auditor.get(f"/api/{service}/v1/integrity") for service in SERVICES}


async def until_level(auditor: Person) -> dict[str, dict[str, Any]]:
    """Wait until nothing is waiting anywhere, twice in a row, and return what was seen then.

    Raises TimeoutError once nothing has moved for STILL_S, or after BOUND_S in all.
    """
    began = moved = time.monotonic()
    calm, before = 0, None
    while True:
        seen = await integrity(auditor)
        open_ends = {name: why for name, page in seen.items() if (why := _waiting(page, seen))}
        calm = 0 if open_ends else calm + 1
        if calm == 2:
            return seen
        now = time.monotonic()
        if open_ends != before:
            moved, before = now, open_ends
        if now > min(moved + STILL_S, began + BOUND_S):
            message = f"not level after {now - began:.0f} s: {open_ends}"
            raise TimeoutError(message)
        await asyncio.sleep(PAUSE_S)


def _waiting(page: dict[str, Any], pages: dict[str, dict[str, Any]]) -> list[str]:
    why = [f"{what}={page['backlog'][what]}" for what in page["backlog"] if page["backlog"][what]]
    for stream, cursor in page["cursors"].items():
        head = pages[stream]["head"]["seq"]
        if cursor["seq"] != head:
            why.append(f"{stream} at {cursor['seq']} of {head}")
    return why
