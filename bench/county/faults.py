"""What may happen to a county's server, one after the other, while people send their work."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from functools import partial

from bench.county.installation import Installation, until

Fault = Callable[[], Awaitable[str]]
PARTS = (
    "org", "targets", "submissions", "scoring", "reporting", "gateway", "edge", "rabbitmq", "objects", "postgres",
)  # fmt: skip
FULL_S = 20  # as long as nobody notices


def all_of(county: Installation, image: str) -> tuple[Fault, ...]:
    """An upgrade to `image`; each container killed in turn; the broker's disk lost; the data disk full; PostgreSQL restarted."""
    acts = [partial(upgrade, county, image)]
    acts += [partial(kill, county, part) for part in PARTS]
    acts += [partial(act, county) for act in (wipe_broker, fill_disk, restart_database)]
    return tuple(_beside(act) for act in acts)


def _beside(act: Callable[[], str]) -> Fault:
    async def fault() -> str:
        return f"fault: {await asyncio.to_thread(act)}"

    return fault


def kill(county: Installation, part: str) -> str:
    """Its first process, as the kernel would when memory runs out; the engine must start it again by itself."""
    before = county.state(part)
    os.kill(before["State"]["Pid"], signal.SIGKILL)

    def back() -> bool:
        now = county.state(part)
        return now["RestartCount"] > before["RestartCount"] and county.healthy(part)

    return f"{part} was killed (SIGKILL) and healthy again after {until(f'{part} is back', back):.0f} s"


def wipe_broker(county: Installation) -> str:
    began = time.monotonic()
    county.compose("rm", "--stop", "--force", "--volumes", "rabbitmq")
    county.compose("up", "--detach", "--no-deps", "rabbitmq")
    until("the broker is back", lambda: county.healthy("rabbitmq"))
    return f"the broker was removed with its volume and back, empty, after {time.monotonic() - began:.0f} s"


def fill_disk(county: Installation) -> str:
    """The last byte of the data disk; then room again. PostgreSQL may stop meanwhile, and must come back by itself."""
    before = county.state("postgres")["RestartCount"]
    stone = county.leave_room(0)
    time.sleep(FULL_S)
    stone.unlink()
    seconds = until("the database is back", lambda: county.healthy("postgres"))
    stops = county.state("postgres")["RestartCount"] - before
    return f"the data disk was full for {FULL_S} s; {stops} restarts of PostgreSQL, healthy {seconds:.0f} s after there was room"


def restart_database(county: Installation) -> str:
    began = time.monotonic()
    county.compose("restart", "postgres")
    until("the database is back", lambda: county.healthy("postgres"))
    return f"PostgreSQL was restarted and healthy after {time.monotonic() - began:.0f} s"


def upgrade(county: Installation, image: str) -> str:
    """By the operator's own command, which takes a backup first: under load, too."""
    began = time.monotonic()
    county.control("upgrade", image)
    return f"upgraded to {image} in {time.monotonic() - began:.0f} s, with a backup before"
