"""All services and the gateway in one process, on one address."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import uvicorn
from typing_extensions import override

from cli.embedded.hearing import hearing
from cli.embedded.servers import Servers
from gateway.app import make_gateway
from gateway.dispatch import Asgi
from gateway.live import Live
from kernel.bus.inprocess import InProcessTransport
from kernel.lifecycle import Role, make_runtime, running
from kernel.live.hub import Hub
from kernel.runtime import Runtime
from kernel.service import Service, build_app
from kernel.web.access import token_cookie
from kernel.web.health import is_ready

POOL = 6


@dataclass
class Platform:
    """A running platform: its front as an application, its runtimes by service, the pages that listen."""

    front: Asgi
    runtimes: Mapping[str, Runtime]
    hub: Hub


@asynccontextmanager
async def platform(servers: Servers, services: list[Service]) -> AsyncIterator[Platform]:
    """Prepare the databases, start every service; all stop at the end of the block."""
    await servers.prepare(services)
    runtimes = {
        service.name: make_runtime(service, service.settings(**servers.settings(service, pool_size=POOL)))
        for service in services
    }
    neighbours = {name: runtime.db for name, runtime in runtimes.items()}
    transport = InProcessTransport()
    async with AsyncExitStack() as stack:
        for service in services:
            if service.stores_files:
                await runtimes[service.name].blobs.prepare()
            await stack.enter_async_context(
                running(
                    service, runtimes[service.name], role=Role.ALL, transport=transport, neighbours=neighbours
                )
            )
        apps = {service.name: build_app(service, runtimes[service.name]) for service in services}

        async def readiness() -> dict[str, bool]:
            answers = await asyncio.gather(*(is_ready(runtime) for runtime in runtimes.values()))
            return dict(zip(runtimes, answers, strict=True))

        hub, org = Hub(), runtimes["org"]
        await stack.enter_async_context(hearing(hub, transport, neighbours))
        live = Live(hub, org.sessions, cookie=token_cookie(org.settings), clock=org.clock)
        yield Platform(make_gateway(apps, readiness, live=live), runtimes, hub)


class AddressTaken(RuntimeError):
    """Somebody else listens there."""


async def serve(
    app: Asgi,
    *,
    host: str,
    port: int,
    on_ready: asyncio.Event | None = None,
    on_stop: Callable[[], None] | None = None,
) -> None:
    """Answer until SIGINT or SIGTERM, then finish what is being answered; `on_stop` ends what would go on for ever."""
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=10,
        server_header=False, proxy_headers=False, http="httptools",
    )  # fmt: skip
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    with _stopping(server, on_stop):
        while not server.started and not task.done():  # noqa: ASYNC110 -- uvicorn tells by a flag only
            await asyncio.sleep(0.01)
        if server.started and on_ready:
            on_ready.set()
        try:
            await task
        except SystemExit as error:
            raise AddressTaken(f"{host}:{port}") from error


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    @override
    def capture_signals(self) -> Iterator[None]:
        """Signals are handled below, once for the whole process."""
        yield


@contextlib.contextmanager
def _stopping(server: uvicorn.Server, on_stop: Callable[[], None] | None) -> Iterator[None]:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.should_exit = True
        if on_stop:
            on_stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
