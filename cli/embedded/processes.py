"""The same platform as separate processes: one a service and the gateway, over a private RabbitMQ."""

import asyncio
import json
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import SecretStr

from cli.embedded.folder import DataFolder
from cli.embedded.readiness import until_ready
from cli.embedded.servers import Servers
from cli.first_start import first_start
from cli.manifests import load_all
from kernel.lifecycle import make_runtime
from kernel.local.broker import PrivateBroker
from kernel.local.child import Child, free_port
from kernel.service import Service

READY_S = 120


class Processes:
    """`async with Processes(folder) as running`: everything starts, and stops with the block."""

    def __init__(self, folder: Path, *, clock_file: Path | None = None) -> None:
        self._path, self._clock_file = folder, clock_file
        self._stack = AsyncExitStack()
        self._services = load_all()
        self._ports = {service.name: free_port() for service in self._services}
        self._port, self._metrics_port = free_port(), free_port()
        self._children: dict[str, Child] = {}
        self.accounts: dict[str, dict[str, str]] = {}
        self.databases: dict[str, str] = {}
        """Service → the address of its database, once they run."""
        self.broker = PrivateBroker(folder / "broker")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def figures(self) -> dict[str, str]:
        """Where each process tells its figures: host:port by name."""
        ports = {**self._ports, "gateway": self._metrics_port}
        return {name: f"127.0.0.1:{port}" for name, port in ports.items()}

    @property
    def pids(self) -> dict[str, int]:
        """Of the services, the gateway and the servers below them."""
        return {name: child.pid for name, child in self._children.items()}

    async def __aenter__(self) -> Self:
        folder = self._stack.enter_context(DataFolder(self._path / "data"))
        # Children end with the thread that makes them, so all are made here, in the main thread.
        servers = self._stack.enter_context(Servers(folder))
        self.broker.start()
        self._stack.callback(self.broker.stop)
        await servers.prepare(self._services)
        self.databases = {service.name: servers.url(service.name) for service in self._services}
        await self._first_accounts(servers)
        for service in self._services:
            self._start(service.name, self._environment(servers, service), folder.path / "logs")
        self._start("gateway", self._gateway_environment(servers), folder.path / "logs")
        self._stack.push_async_callback(self._stop)
        await self._ready()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._show_errors()
        await self._stack.aclose()

    def _show_errors(self) -> None:
        """What the processes logged as errors, before their folder goes."""
        for name, child in self._children.items():
            lines = child.log.read_text(encoding="utf-8", errors="replace").splitlines()
            for line in [line for line in lines if '"level": "error"' in line][-3:]:
                print(f"{name}: {line}", file=sys.stderr)

    def wipe_broker(self) -> None:
        """Kill the broker, delete everything it knows, start it again, empty."""
        self.broker.kill()
        self.broker.wipe()
        self.broker.start()

    async def _first_accounts(self, servers: Servers) -> None:
        runtimes = {s.name: make_runtime(s, s.settings(**servers.settings(s))) for s in self._services}
        try:
            self.accounts = await first_start(runtimes, self._services)
        finally:
            for runtime in runtimes.values():
                await runtime.db.engine.dispose()

    def _environment(self, servers: Servers, service: Service) -> dict[str, str]:
        settings = servers.settings(
            service,
            rabbit_url=SecretStr(self.broker.url),
            feeds=self._addresses(),
            clock_file=self._clock_file,
            undo_seconds=0 if self._clock_file else None,  # a rehearsal does not wait for second thoughts
            rate_account="",  # accounts work at the speed of a machine here
        )
        return {
            f"KAOHE_{name.upper()}": _text(value) for name, value in settings.items() if value is not None
        }

    def _addresses(self) -> dict[str, str]:
        return {name: f"http://127.0.0.1:{port}" for name, port in self._ports.items()}

    def _gateway_environment(self, servers: Servers) -> dict[str, str]:
        return {
            "KAOHE_UPSTREAMS": json.dumps(self._addresses()),
            "KAOHE_TOKEN_PUBLIC_KEY": servers.secrets.token_public_key,
            "KAOHE_RABBIT_URL": self.broker.url,
            "KAOHE_COOKIE_SECURE": "false",
            "KAOHE_METRICS_PORT": str(self._metrics_port),
        }

    def _start(self, name: str, env: dict[str, str], logs: Path) -> None:
        port = self._ports.get(name, self._port)
        command = [sys.executable, "-m", "cli.main", "serve", name, "--port", str(port)]
        self._children[name] = Child(name, command, log=logs / f"{name}.log", env={**os.environ, **env})

    async def _ready(self) -> None:
        for name, port in {**self._ports, "gateway": self._port}.items():
            await until_ready(f"http://127.0.0.1:{port}", self._children[name], seconds=READY_S)

    async def _stop(self) -> None:
        await asyncio.gather(*(asyncio.to_thread(child.stop) for child in self._children.values()))


def _text(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return json.dumps(value) if isinstance(value, dict | tuple | bool) else str(value)
