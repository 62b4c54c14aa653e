"""Live hints: how many open streams one process holds, what each costs, how soon all are told.

    python -m bench.live [streams]

One process serves `GET /api/live` with the real endpoint, hub and tokens; this one opens the streams over loopback.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Callable
from multiprocessing import Process, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

from cli.embedded.platform import serve
from contracts.permissions import Role
from gateway.app import make_gateway
from gateway.live import Live
from kernel.clock import SystemClock
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.keys import KeyRing, SigningKey
from kernel.live.hub import Hub
from kernel.live.rule import News
from kernel.local.child import free_port
from kernel.local.keys import key_pair
from kernel.testing.people import grant, person
from kernel.tokens import SessionTokens

BOUND_S = 120
ROUNDS = 20


def _server(pipe: Connection, port: int, public: str) -> None:
    asyncio.run(_serve(pipe, port, public))


async def _serve(pipe: Connection, port: int, public: str) -> None:
    clock, hub = SystemClock(), Hub()
    live = Live(hub, SessionTokens(KeyRing.of(public), None, clock), cookie="kaohe-token", clock=clock)

    async def ready() -> dict[str, bool]:
        return {}

    on_ready = asyncio.Event()
    front = make_gateway({}, ready, live=live)
    serving = asyncio.create_task(serve(front, host="127.0.0.1", port=port, on_ready=on_ready))
    await on_ready.wait()
    pipe.send("ready")
    while (asked := await asyncio.to_thread(pipe.recv)) is not None:
        if asked == "memory":
            pipe.send((_rss(), time.process_time()))
        else:
            hub.tell(News("targets.scheme", asked, 1, frozenset()))
    for _ in range(200):  # the pages have gone; their streams notice
        if len(hub):
            await asyncio.sleep(0.1)
    serving.cancel()


def _rss() -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) * 1024 if found else 0


class Client:
    """One open page, as little of a browser as will do."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(
            f"GET /api/live HTTP/1.1\r\nHost: bench\r\nCookie: kaohe-token={self._token}\r\n\r\n".encode()
        )
        await self.until(b"event: hello")

    async def until(self, mark: bytes) -> None:
        async with asyncio.timeout(BOUND_S):
            await self._reader.readuntil(mark)

    def close(self) -> None:
        self._writer.close()


async def measure(streams: int) -> dict[str, float]:
    private, public = key_pair()
    tokens = SessionTokens(KeyRing.of(public), SigningKey(private), SystemClock())
    port, context = free_port(), get_context("spawn")
    here, there = context.Pipe()
    process: Process = context.Process(target=_server, args=(there, port, public))  # type: ignore[assignment]
    process.start()
    ask: Callable[[], object] = here.recv
    try:
        await asyncio.to_thread(ask)
        here.send("memory")
        before, _ = here.recv()
        clients = [Client(port, tokens.sign(_officer(number), "c")[0]) for number in range(streams)]
        for start in range(0, streams, 100):
            await asyncio.gather(*(client.open() for client in clients[start : start + 100]))
        here.send("memory")
        after, cpu = here.recv()
        took = []
        for _ in range(ROUNDS):
            thing, began = str(new_id()), time.perf_counter()
            here.send(thing)
            await asyncio.gather(*(client.until(thing.encode()) for client in clients))
            took.append(time.perf_counter() - began)
        here.send("memory")
        _, cpu_after = here.recv()
        for client in clients:
            client.close()
    finally:
        here.send(None)
        process.join(10)
        process.kill()
    took.sort()
    return {
        "streams": streams,
        "kib_per_stream": round((after - before) / streams / 1024, 1),
        "all_told_median_s": round(took[len(took) // 2], 2),
        "all_told_worst_s": round(took[-1], 2),
        "server_cpu_per_round_s": round((cpu_after - cpu) / ROUNDS, 3),
    }


def _officer(number: int) -> Principal:
    unit = UUID(int=number // 10)
    grants = (grant(Role.ASSESSOR, unit, f"JZ/{unit}/"),) if number % 10 == 0 else ()
    return person(*grants, officer_id=UUID(int=number + 1), unit_id=unit, unit_path=f"JZ/{unit}/")


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)), indent=2))
