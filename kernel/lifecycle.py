"""Starting and stopping a service in a process: connections, schema check, workers, jobs."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum

import httpx2
import structlog
from sqlalchemy import text

from contracts.catalog import SERVICES, STREAMS, SUBSCRIPTIONS
from kernel import nightly
from kernel.bus.transport import Transport
from kernel.clock import AheadClock, Clock, SystemClock
from kernel.db.engine import make_engine
from kernel.db.migrations import is_current
from kernel.delivery.feed import Feed, HttpFeed, LocalFeed
from kernel.delivery.runner import PULL_POLL_ALONE_S, PULL_POLL_S, DeliveryWorkers
from kernel.delivery.transaction import Database
from kernel.errands.worker import Worker
from kernel.keys import KeyRing, SigningKey
from kernel.observability.metrics import BUILD
from kernel.rates import Rates
from kernel.revocation import keep_refreshing
from kernel.runtime import Runtime
from kernel.scheduling import Job, Scheduler
from kernel.service import Service
from kernel.settings import ServiceSettings
from kernel.storage.blobs import Blobs
from kernel.tokens import ServiceTokens, SessionTokens
from kernel.version import VERSION

_log = structlog.get_logger(__name__)


class Role(StrEnum):
    API = "api"
    WORKER = "worker"
    FILES = "files"  # nothing but looking at files: scans and previews
    ALL = "all"


class OldSchema(RuntimeError):
    """The database is not at the revision that this program expects."""


def make_runtime(service: Service, settings: ServiceSettings, clock: Clock | None = None) -> Runtime:
    """Connections are opened at first use."""
    clock = clock or (AheadClock(settings.clock_file) if settings.clock_file else SystemClock())
    engine = make_engine(
        settings.database_url.get_secret_value(), name=service.name, pool_size=settings.pool_size
    )
    db = Database(engine, clock, service=service.name)
    session_key = settings.token_private_key
    blobs = Blobs.of(settings, service=service.name)
    runtime = Runtime(
        service=service.name,
        settings=settings,
        db=db,
        clock=clock,
        blobs=blobs,
        sessions=SessionTokens(
            KeyRing.of(settings.token_public_key.get_secret_value()),
            SigningKey(session_key.get_secret_value()) if session_key else None,
            clock,
        ),
        services=_service_tokens(service.name, settings, clock),
        rates=Rates(
            service.name,
            account=settings.rate_account,
            address=settings.rate_address,
            entry=settings.rate_entry,
            trusted=settings.trusted_proxies,
        ),
    )
    runtime.pings["database"] = lambda: _ping_database(db)
    if service.stores_files:
        runtime.pings["storage"] = blobs.ping
    return runtime


def _service_tokens(service: str, settings: ServiceSettings, clock: Clock) -> ServiceTokens:
    own = SigningKey(settings.service_key.get_secret_value())
    others = {name: KeyRing.of(pem) for name, pem in settings.service_public_keys.items()}
    return ServiceTokens(service, own, others or dict.fromkeys(SERVICES, own.ring()), clock)


@asynccontextmanager
async def running(
    service: Service,
    runtime: Runtime,
    *,
    role: Role,
    transport: Transport,
    neighbours: Mapping[str, Database] | None = None,
) -> AsyncIterator[None]:
    """Workers and jobs run inside the block. `neighbours` are databases of services in the same process.

    Raises OldSchema before anything starts if the database has not been migrated.
    """
    if not await is_current(service.name, runtime.settings.database_url.get_secret_value()):
        raise OldSchema(
            f"the database of {service.name} is not at the revision of this program; run `kaohe migrate`"
        )
    BUILD.labels(service.name, VERSION).set(1)
    if runtime.settings.clock_file:
        _log.warning("rehearsal_clock", service=service.name, file=str(runtime.settings.clock_file))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(runtime.db.engine.dispose)
        if role in {Role.API, Role.ALL}:
            if service.on_start:
                await service.on_start(runtime)
            stack.push_async_callback(_stop, asyncio.create_task(keep_refreshing(runtime)))
        if transport.carries:
            runtime.pings["broker"] = transport.ping
        if role in {Role.WORKER, Role.ALL}:
            client = await stack.enter_async_context(httpx2.AsyncClient(timeout=10, trust_env=False))
            workers = DeliveryWorkers(
                runtime.db,
                service.name,
                publishes=service.name in STREAMS,
                transport=transport,
                feeds=_feeds(service, runtime, client, neighbours or {}),
                handlers=service.handlers,
                replicas=service.replicas,
                # Nobody rings where there is neither a broker nor a neighbour in this process.
                pull_every_s=PULL_POLL_S if transport.carries or neighbours else PULL_POLL_ALONE_S,
            )
            stack.push_async_callback(workers.stop)
            await workers.start()
        if jobs := _jobs(service, runtime, role):
            scheduler = Scheduler(runtime, jobs)
            stack.push_async_callback(scheduler.stop)
            await scheduler.start()
            errands = Worker(runtime, service.errands)
            stack.push_async_callback(errands.stop)
            await errands.start()
        _log.info("service_started", service=service.name, role=role.value)
        yield


def _jobs(service: Service, runtime: Runtime, role: Role) -> tuple[Job, ...]:
    """Those that a process of this role does."""
    apart = tuple(job for job in service.jobs if job.apart)
    match role:
        case Role.API:
            return ()
        case Role.FILES:
            return apart
        case Role.WORKER | Role.ALL:
            here = service.jobs if not runtime.settings.files_apart else set(service.jobs) - set(apart)
            return (*nightly.jobs(service.name), *(job for job in service.jobs if job in here))


def _feeds(
    service: Service, runtime: Runtime, client: httpx2.AsyncClient, neighbours: Mapping[str, Database]
) -> dict[str, Feed]:
    feeds: dict[str, Feed] = {}
    for stream in SUBSCRIPTIONS[service.name]:
        if stream in neighbours:
            feeds[stream] = LocalFeed(neighbours[stream], stream)
        else:
            url = runtime.settings.feeds.get(stream)
            if url is None:
                raise RuntimeError(f"KAOHE_FEEDS does not say where the event log of {stream} is")
            feeds[stream] = HttpFeed(
                client,
                url,
                stream,
                lambda s=stream: runtime.services.sign(audience=s),  # type: ignore[misc]
            )
    return feeds


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _ping_database(db: Database) -> None:
    async with asyncio.timeout(3), db.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
