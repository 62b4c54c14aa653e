"""For whoever runs the platform: how a service stands, what of its work waits, failed or needs a person. No contents of work."""

import asyncio
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from kernel.delivery import parked as parking
from kernel.delivery.parked import NotParked
from kernel.delivery.standing import database_size, parked, standing
from kernel.errands import asking
from kernel.errands.running import Errand
from kernel.identity import Principal
from kernel.version import VERSION
from kernel.web.access import require
from kernel.web.app import App
from kernel.web.health import is_up
from kernel.web.idempotency import Once
from kernel.web.problems import problems

Operator = Annotated[Principal, require("audit:operate")]


class StreamOut(BaseModel):
    """`mode`: live, or halted at an event whose hash does not fit."""

    name: str
    mode: str


class ParkedWorkOut(BaseModel):
    """An event that could not be applied; its contents are the auditor's to see."""

    event_id: UUID
    stream: str
    type: str
    attempts: int
    last_error: str | None
    recorded_at: datetime


class FailedErrandOut(BaseModel):
    id: UUID
    kind: str
    title_zh: str
    title_en: str
    problem: dict[str, Any] | None
    asked_at: datetime
    finished_at: datetime | None


class WorkOut(BaseModel):
    """`dependencies`: whether each answers. `database_bytes`: size of this service's database.

    Events: `unsent` wait to be sent, `unapplied` to be applied. `waiting`, `running`: errands; `failed`: the latest, newest first.
    """

    service: str
    version: str
    dependencies: dict[str, bool]
    database_bytes: int
    unsent: int
    unapplied: int
    incidents: int
    streams: list[StreamOut]
    parked: list[ParkedWorkOut]
    waiting: int
    running: int
    failed: list[FailedErrandOut]


def make_router(service: str, errands: tuple[Errand, ...]) -> APIRouter:
    """The routes of one service."""
    router = APIRouter(prefix=f"/api/{service}/v1/work", tags=["work"])
    titles = {errand.name: (errand.zh, errand.en) for errand in errands}

    @router.get("", summary="运行情况与后台任务 / How the service stands, and its work in the background")
    async def work(_: Operator, app: App) -> WorkOut:
        names = list(app.pings)
        up = await asyncio.gather(*(is_up(app, name) for name in names))
        async with app.db.reading() as session:
            now = await standing(session)
            held = await parked(session)
            size = await database_size(session)
            counts = await asking.counts(session)
            failed = await asking.failed(session)
        return WorkOut(
            service=service,
            version=VERSION,
            dependencies=dict(zip(names, up, strict=True)),
            database_bytes=size,
            unsent=now.backlog.outbox,
            unapplied=now.backlog.unapplied,
            incidents=now.backlog.incidents,
            streams=[StreamOut(name=name, mode=mode) for name, mode in sorted(now.modes.items())],
            parked=[
                ParkedWorkOut(**{name: one[name] for name in ParkedWorkOut.model_fields}) for one in held
            ],
            waiting=counts.get("waiting", 0),
            running=counts.get("running", 0),
            failed=[_failed(one, titles) for one in failed],
        )

    @router.post(
        "/parked/{event_id}/retry",
        status_code=204,
        responses=problems(NotParked),
        summary="重试搁置的事件 / Try a parked event again",
    )
    async def retry(event_id: UUID, by: Operator, app: App, once: Once) -> None:
        async with app.db.transaction(once=once) as tx:
            await parking.retry_in(tx, event_id, by=by)
        app.db.ring()

    return router


def _failed(one: asking.Standing, titles: dict[str, tuple[str, str]]) -> FailedErrandOut:
    zh, en = titles.get(one.kind, (one.kind, one.kind))
    return FailedErrandOut(
        id=one.id,
        kind=one.kind,
        title_zh=zh,
        title_en=en,
        problem=one.problem,
        asked_at=one.asked_at,
        finished_at=one.finished_at,
    )
