"""Where the rehearsal plays: an embedded platform, separate processes over RabbitMQ, or one that runs already."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from cli.embedded.folder import DataFolder
from cli.embedded.processes import Processes
from cli.embedded.readiness import until_ready
from cli.rehearsal.showing import Show
from kernel.local.child import Child, free_port
from kernel.local.provisioning import owner_url

Fault = Callable[[], Awaitable[str]]


class Below(Protocol):
    """What its worst administrator holds: the databases behind the platform, and its key."""

    def database(self, service: str) -> str:
        """Address of a service's database now, as the role that owns its tables."""

    def seal_key(self) -> tuple[str, str]:
        """Name of the seal log, and the private key in PEM."""


@dataclass(frozen=True)
class DataFolderBelow:
    """Below a platform of `kaohe run`."""

    data: Path

    def database(self, service: str) -> str:
        lines = (self.data / "postgres" / "data" / "postmaster.pid").read_text().splitlines()
        password = DataFolder(self.data).secrets().databases[service].owner
        return owner_url(service, password, address=f"127.0.0.1:{lines[3]}")

    def seal_key(self) -> tuple[str, str]:
        stored = json.loads((self.data / "secrets" / "seal.json").read_text(encoding="utf-8"))
        return stored["origin"], stored["private"]


@dataclass(frozen=True)
class Backstage:
    """What only a platform of one's own lets one do: move its clock, and reach below it as its worst administrator could."""

    clock_file: Path
    below: Below

    def put_clock_ahead(self, by: timedelta) -> None:
        """Of the real time."""
        draft = self.clock_file.with_suffix(".new")
        draft.write_text(str(by.total_seconds()), encoding="utf-8")
        draft.replace(self.clock_file)


@dataclass(frozen=True)
class Stage:
    """Each of `faults` strikes while a share of the work is sent, and says what it did. A foreign platform has no backstage."""

    what: str
    url: str
    accounts: dict[str, dict[str, str]]
    faults: tuple[Fault, ...] = ()
    backstage: Backstage | None = None


@asynccontextmanager
async def running_stage(url: str, accounts: dict[str, dict[str, str]]) -> AsyncIterator[Stage]:
    yield Stage(f"platform at {url}", url, accounts)


@asynccontextmanager
async def embedded_stage(folder: Path, show: Show) -> AsyncIterator[Stage]:
    """`kaohe run` as a child process on a free port; in the middle of the submissions it is killed and started again."""
    port, accounts = free_port(), folder / "accounts.json"
    backstage = _backstage(folder)

    def start() -> Child:
        command = [
            sys.executable, "-m", "cli.main", "run", "--data", str(folder / "data"), "--port", str(port),
            "--no-demo", "--accounts", str(accounts),
        ]  # fmt: skip
        env = {
            "KAOHE_CLOCK_FILE": str(backstage.clock_file),
            "KAOHE_UNDO_SECONDS": "0",
            "KAOHE_RATE_ACCOUNT": "",  # accounts work at the speed of a machine here
        }
        return Child("kaohe", command, log=folder / "kaohe.log", env=env)

    child = start()
    url = f"http://127.0.0.1:{port}"
    try:
        with show.stage("启动平台 start", 1) as step:
            await until_ready(url, child)
            step()

        async def kill_and_start() -> str:
            nonlocal child
            child.kill()
            began = time.monotonic()
            child = start()
            await until_ready(url, child)
            return f"fault: the platform was killed (SIGKILL) and was ready again after {time.monotonic() - began:.1f} s"

        yield Stage(
            "embedded platform, one process",
            url,
            json.loads(accounts.read_text(encoding="utf-8")),
            (kill_and_start,),
            backstage,
        )
    finally:
        await asyncio.to_thread(child.stop)


@asynccontextmanager
async def process_stage(folder: Path, show: Show, watch: Path | None = None) -> AsyncIterator[Stage]:
    """One process a service and the gateway, over a private RabbitMQ that is killed and wiped in the middle.

    `watch` is written for Prometheus (`file_sd_configs`): one target a process, with its name as job.
    """
    backstage = _backstage(folder)
    async with AsyncExitStack() as stack:
        with show.stage("启动各进程 start", 1) as step:
            running = await stack.enter_async_context(Processes(folder, clock_file=backstage.clock_file))
            step()
        if watch is not None:
            targets = [{"targets": [at], "labels": {"job": name}} for name, at in running.figures.items()]
            await asyncio.to_thread(watch.write_text, json.dumps(targets), encoding="utf-8")

        async def wipe_broker() -> str:
            began = time.monotonic()
            await asyncio.to_thread(running.wipe_broker)
            return f"fault: the broker was killed, its data directory deleted, and started again ({time.monotonic() - began:.1f} s)"

        yield Stage(
            "separate processes over RabbitMQ", running.url, running.accounts, (wipe_broker,), backstage
        )


def _backstage(folder: Path) -> Backstage:
    backstage = Backstage(folder / "clock", DataFolderBelow(folder / "data"))
    backstage.put_clock_ahead(timedelta())
    return backstage
