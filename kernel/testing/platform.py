"""Services under test in one process, as embedded mode runs them: real PostgreSQL, real S3, in-process doorbell."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any, Self

import httpx2
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text

from contracts.catalog import SERVICES, SUBSCRIPTIONS
from contracts.envelope import Event, Headers
from kernel.bus.canonical import canonical
from kernel.bus.inprocess import InProcessTransport
from kernel.bus.transport import Transport
from kernel.clock import Clock
from kernel.delivery.handlers import Delivered
from kernel.delivery.standing import standing
from kernel.delivery.transaction import Cause, Database
from kernel.errands.asking import unfinished
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.keys import SigningKey
from kernel.lifecycle import Role, make_runtime, running
from kernel.local.keys import key_pair
from kernel.local.objectstore import ObjectStore
from kernel.runtime import Runtime
from kernel.service import Service, build_app
from kernel.testing.databases import Databases
from kernel.testing.people import Caller
from kernel.tokens import ServiceTokens

QUIET_BOUND_S = 60


class Platform:
    """`async with Platform(...)`: starts the services with fresh databases, drops them at the end."""

    def __init__(
        self,
        databases: Databases,
        objects: ObjectStore,
        services: Sequence[Service],
        *,
        clock: Clock | None = None,
        transport: Transport | None = None,
        role: Role = Role.ALL,
        settings: dict[str, Any] | None = None,
    ) -> None:
        self._databases, self._objects, self._services = databases, objects, services
        self._clock, self._role, self._settings = clock, role, settings or {}
        self.transport = transport or InProcessTransport()
        self.runtimes: dict[str, Runtime] = {}
        self.apps: dict[str, FastAPI] = {}
        self.owner_urls: dict[str, str] = {}
        self.service_keys = {name: key_pair() for name in SERVICES}
        self._stack = AsyncExitStack()
        self._names: list[str] = []

    async def __aenter__(self) -> Self:
        private, public = key_pair()
        access, secret = self._objects.keys
        for service in self._services:
            name = await self._databases.clone(service.name)
            self._names.append(name)
            self.owner_urls[service.name] = self._databases.url(name, service.name, owner=True)
            settings = service.settings(
                **{
                    "database_url": SecretStr(self._databases.url(name, service.name)),
                    "s3_endpoint": self._objects.endpoint,
                    "s3_access_key": SecretStr(access),
                    "s3_secret_key": SecretStr(secret),
                    "s3_secure": False,
                    "token_public_key": SecretStr(public),
                    "token_private_key": SecretStr(private),
                    "service_key": SecretStr(self.service_keys[service.name][0]),
                    "service_public_keys": {name: public for name, (_, public) in self.service_keys.items()},
                    "cookie_secure": False,
                    "pool_size": 5,
                    "undo_seconds": 0,  # decisions hold at once, unless a test is about undoing them
                    "rate_account": "",
                    **self._settings,
                }
            )
            self.runtimes[service.name] = make_runtime(service, settings, self._clock)
        await self._run()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()
        await self._databases.drop(self._names)

    async def _run(self) -> None:
        neighbours = {name: runtime.db for name, runtime in self.runtimes.items()}
        for service in self._services:
            runtime = self.runtimes[service.name]
            for stream in SUBSCRIPTIONS.get(service.name, ()):
                neighbours.setdefault(stream, Database(runtime.db.engine))  # a stream that says nothing
            if service.stores_files:
                await runtime.blobs.prepare()
            role = (
                self._role
                if all(s in self.runtimes for s in SUBSCRIPTIONS.get(service.name, ()))
                else Role.API
            )
            await self._stack.enter_async_context(
                running(service, runtime, role=role, transport=self.transport, neighbours=neighbours)
            )
            self.apps[service.name] = build_app(service, runtime)

    def caller(self, service: str, principal: Principal | None = None, **headers: str) -> Caller:
        # Exceptions of the application are answered, as a real server does, not raised into the test.
        transport = httpx2.ASGITransport(app=self.apps[service], raise_app_exceptions=False)
        client = httpx2.AsyncClient(transport=transport, base_url="http://kaohe.test")
        return Caller(client, self.runtimes[service], principal, headers)

    def service_tokens(self, sender: str) -> ServiceTokens:
        """What a service that need not run signs its requests with."""
        clock = next(iter(self.runtimes.values())).clock
        return ServiceTokens(sender, SigningKey(self.service_keys[sender][0]), {}, clock)

    async def tell(self, service: str, *events: Event) -> None:
        """Run the service's handlers on events as if another service had published them."""
        found = next(s for s in self._services if s.name == service)
        db = self.runtimes[service].db
        for event in events:
            contract = found.handlers.event_of(event.type)
            if contract is None:
                continue
            event_id = new_id()
            async with db.transaction(cause=Cause(event_id, service)) as tx:
                delivered = Delivered(event_id, event.stream, 1, 1, await tx.now(), Headers())
                await found.handlers.handle(tx, contract.model_validate_json(canonical(event)), delivered)

    async def until_quiet(self) -> None:
        """Until every event has been numbered, recorded and applied everywhere, seen twice; bounded."""
        end = time.monotonic() + QUIET_BOUND_S
        calm = 0
        while calm < 2:  # noqa: PLR2004 -- a job may start between two looks
            open_ends = await self._open_ends()
            calm = 0 if open_ends else calm + 1
            if time.monotonic() > end:
                raise TimeoutError(f"not quiet after {QUIET_BOUND_S} s: {open_ends}")
            await asyncio.sleep(0.02)

    async def _open_ends(self) -> list[str]:
        found, heads, cursors = [], {}, {}
        due = {service.name: service.due for service in self._services}
        for name, runtime in self.runtimes.items():
            async with runtime.db.reading() as session:
                now = await standing(session)
                count = due[name]
                waiting = await count(session) if count and self._role is not Role.API else 0
                busy = await session.scalar(
                    text(
                        "SELECT count(*) FROM bus.job_run WHERE last_finished_at IS NULL OR last_finished_at < last_started_at"
                    )
                )
                errands = await unfinished(session) if self._role is not Role.API else 0
            heads[name], cursors[name] = now.head.seq, now.cursors
            if now.backlog.outbox or now.backlog.unapplied or busy or waiting or errands:
                found.append(
                    f"{name}: {now.backlog}, {busy} jobs at work, {waiting} things due, {errands} errands"
                )
            found += [f"{name}: {stream} is forked" for stream, mode in now.modes.items() if mode == "fork"]
            found += [f"{name}: job {job} is due" for job, bell in runtime.bells.items() if bell.rings]
        for name, heard in cursors.items():
            for stream in SUBSCRIPTIONS.get(name, ()):
                if stream in heads and (heard[stream].seq if stream in heard else 0) != heads[stream]:
                    found.append(f"{name} has not heard all of {stream}")
        return found
