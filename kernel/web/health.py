"""Is the process alive, is it ready, what are its figures."""

import asyncio
from typing import Any

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from kernel.audit.metrics import UNCHAINED
from kernel.audit.reading import unchained
from kernel.db.engine import UNREACHABLE
from kernel.delivery.metrics import GHOSTS, OFFERS, OUTBOX_AGE, OUTBOX_PENDING, PARKED
from kernel.delivery.standing import standing
from kernel.observability.metrics import DEPENDENCY_UP, POOL
from kernel.runtime import Runtime
from kernel.web.access import public
from kernel.web.app import App

TIMEOUT_S = 3.0
#: Without these no request can be answered. Whatever else is away is told, and the requests that need it say so: a balancer that
#: left out every process because the one broker is being started elsewhere would close a platform that works.
NEEDED = frozenset({"database"})
router = APIRouter(tags=["health"], dependencies=[public()], include_in_schema=False)


@router.get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/health/ready")
async def ready(app: App, response: Response) -> dict[str, Any]:
    """503 if what every request needs does not answer, else 200; and which of all dependencies answer."""
    names = list(app.pings)
    answers = await asyncio.gather(*(is_up(app, name) for name in names))
    found = dict(zip(names, answers, strict=True))
    good = all(up for name, up in found.items() if name in NEEDED)
    if not good:
        response.status_code = 503
    return {"status": "ready" if good else "not-ready", "dependencies": found}


async def is_ready(app: Runtime) -> bool:
    """Whether what every request needs answers. All dependencies are asked, for their figures."""
    answers = await asyncio.gather(*(is_up(app, name) for name in app.pings))
    return all(up for name, up in zip(app.pings, answers, strict=True) if name in NEEDED)


async def is_up(app: Runtime, name: str) -> bool:
    """Whether a dependency answers within a moment; never raises."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await app.pings[name]()
    except Exception:  # noqa: BLE001 -- whatever a dependency raises, it is not up
        answers = False
    else:
        answers = True
    DEPENDENCY_UP.labels(app.service, name).set(answers)
    return answers


@router.get("/metrics")
async def metrics(app: App) -> Response:
    await refresh(app)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def refresh(app: Runtime) -> None:
    """Bring gauges that are read from the database up to date; without it the other figures are still told."""
    pool: Any = app.db.engine.pool
    POOL.labels(app.service, "in_use").set(pool.checkedout())
    POOL.labels(app.service, "idle").set(pool.checkedin())
    try:
        async with asyncio.timeout(TIMEOUT_S), app.db.reading() as session:
            backlog = (await standing(session)).backlog
            UNCHAINED.labels(app.service).set(await unchained(session))
    except (SQLAlchemyError, *UNREACHABLE):
        DEPENDENCY_UP.labels(app.service, "database").set(0)
        return
    OUTBOX_PENDING.labels(app.service).set(backlog.outbox)
    OUTBOX_AGE.labels(app.service).set(backlog.outbox_age)
    PARKED.labels(app.service).set(backlog.parked)
    GHOSTS.labels(app.service).set(backlog.ghosts)
    OFFERS.labels(app.service).set(backlog.offers)
