"""`kaohe serve`: one process of a platform whose PostgreSQL, RabbitMQ and S3 are elsewhere."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx2
import typer
import uvloop
from pydantic import ValidationError
from rich.console import Console

from cli.loading import for_good
from cli.manifests import load
from cli.texts import EXIT_PRECONDITION, EXIT_USAGE, say
from contracts.catalog import SERVICES
from kernel.lifecycle import OldSchema, Role
from kernel.observability import tracing
from kernel.observability.tracing import TracingMissing

if TYPE_CHECKING:
    from gateway.live import Live
    from gateway.settings import GatewaySettings
    from kernel.live.hub import Hub

_console = Console(stderr=True, highlight=False)


def serve(
    name: str = typer.Argument(help="org | targets | submissions | scoring | reporting | gateway"),
    role: Role = typer.Option(
        Role.ALL, help="api: 接口; worker: 后台; files: 仅查毒与预览; all: 全部 / which part"
    ),
    host: str = typer.Option("127.0.0.1", help="监听地址 / address to listen on"),
    port: int = typer.Option(8000, min=1, max=65535),
) -> None:
    """启动一个进程;设置见 docs/reference/settings.md / Start one process; settings by environment and secret files.

    kaohe serve org --role api --port 8001

    kaohe serve gateway --port 8080     # KAOHE_UPSTREAMS={"org":"http://…",…}
    """
    try:
        if name == "gateway":
            uvloop.run(_gateway(host, port))
        elif name in SERVICES:
            uvloop.run(_service(name, role, host, port))
        else:
            _console.print(say(f"没有名为 {name} 的服务", f"There is no service called {name}"))
            raise typer.Exit(EXIT_USAGE)
    except ValidationError as error:
        missing = ", ".join(
            f"KAOHE_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()
        )
        _console.print(say(f"设置不完整:{missing}", f"Settings are incomplete: {missing}"))
        raise typer.Exit(EXIT_USAGE) from error
    except TracingMissing as error:
        _console.print(f"{say('没有安装链路追踪组件', 'What sends traces is not installed')}: {error}")
        raise typer.Exit(EXIT_PRECONDITION) from error
    except OldSchema as error:
        _console.print(
            f"{say('数据库版本过旧,请先运行 kaohe migrate', 'The database schema is not current')}: {error}"
        )
        raise typer.Exit(EXIT_PRECONDITION) from error


async def _service(name: str, role: Role, host: str, port: int) -> None:
    with for_good():
        from cli.embedded.platform import serve as answer  # noqa: PLC0415 -- `--help` need not load the platform
        from kernel.bus.choice import make_transport  # noqa: PLC0415
        from kernel.lifecycle import make_runtime, running  # noqa: PLC0415
        from kernel.observability.logging import configure  # noqa: PLC0415
        from kernel.service import build_app  # noqa: PLC0415

        service = load(name)
    settings = service.settings.read()
    configure(settings.log_level)
    tracing.configure(settings.otlp_endpoint, process=name, share=settings.otlp_share)
    runtime = make_runtime(service, settings)
    if service.stores_files:
        await runtime.blobs.prepare()
    transport = make_transport(settings.rabbit_url.get_secret_value() if settings.rabbit_url else None)
    try:
        async with running(service, runtime, role=role, transport=transport):
            await answer(build_app(service, runtime), host=host, port=port)
    finally:
        await transport.close()
        await asyncio.to_thread(tracing.stop)


async def _gateway(host: str, port: int) -> None:
    with for_good():
        from cli.embedded.platform import serve as answer  # noqa: PLC0415
        from gateway.app import make_gateway  # noqa: PLC0415
        from gateway.dispatch import Forward  # noqa: PLC0415
        from gateway.figures import Counted, tell_figures  # noqa: PLC0415
        from gateway.settings import GatewaySettings  # noqa: PLC0415
        from kernel.observability.logging import configure  # noqa: PLC0415
    settings = GatewaySettings.read()
    configure(settings.log_level)
    if settings.metrics_port is not None:
        tell_figures(settings.metrics_port, host)
    limits = httpx2.Limits(max_connections=200, max_keepalive_connections=50)
    async with httpx2.AsyncClient(timeout=60, trust_env=False, limits=limits) as client:
        upstreams = {name: Forward(client, settings.upstreams[name]) for name in SERVICES}

        async def readiness() -> Mapping[str, bool]:
            return {name: await _is_ready(client, settings.upstreams[name]) for name in SERVICES}

        async with _live(settings) as (live, hub):
            front = make_gateway(upstreams, readiness, behind_proxy=settings.behind_proxy, live=live)
            await answer(Counted(front), host=host, port=port, on_stop=hub.end_all)


@asynccontextmanager
async def _live(settings: "GatewaySettings") -> "AsyncIterator[tuple[Live | None, Hub]]":
    """The endpoint of hints and who feeds it; no endpoint without a broker to hear or a key to know people by."""
    from gateway.live import Live  # noqa: PLC0415
    from kernel.bus.listening import listen  # noqa: PLC0415
    from kernel.clock import SystemClock  # noqa: PLC0415
    from kernel.keys import KeyRing  # noqa: PLC0415
    from kernel.live.hub import Hub  # noqa: PLC0415
    from kernel.tokens import SessionTokens, cookie_name  # noqa: PLC0415

    hub = Hub(most=settings.live_streams, most_per_account=settings.live_streams_per_account)
    if settings.token_public_key is None or settings.rabbit_url is None:
        yield None, hub
        return
    clock = SystemClock()
    tokens = SessionTokens(KeyRing.of(settings.token_public_key.get_secret_value()), None, clock)
    cookie = cookie_name("token", secure=settings.cookie_secure)
    listening = asyncio.create_task(
        listen(settings.rabbit_url.get_secret_value(), hub.hear, hub.missed_something)
    )
    try:
        yield Live(hub, tokens, cookie=cookie, clock=clock), hub
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def _is_ready(client: httpx2.AsyncClient, url: str) -> bool:
    try:
        # A dependency that hangs takes a service three seconds to give up on.
        answer = await client.get(f"{url}/health/ready", timeout=5)
        return bool(answer.status_code == httpx2.codes.OK)
    except httpx2.HTTPError:
        return False
