"""The event log for other services: where it ends, what is in it, what they give back. Never reachable through the gateway."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from contracts.envelope import Envelope
from kernel.delivery import log, offers
from kernel.errors import NotFound
from kernel.web.access import Service
from kernel.web.app import App

router = APIRouter(prefix="/internal/bus/v1", tags=["bus"], include_in_schema=False)
LARGEST = 2**62


@router.get("/{stream}/head")
async def head(
    stream: str, _: Service, app: App, at: Annotated[int, Query(ge=0, le=LARGEST)] = 0
) -> dict[str, Any]:
    """The head of the log, and the chain hash at number `at` (null beyond the head)."""
    if stream != app.service:
        raise NotFound
    async with app.db.reading() as session:
        end = await log.head(session)
        return {
            "epoch": end.epoch,
            "seq": end.seq,
            "hash": end.hash,
            "hash_at": await log.hash_at(session, at),
        }


@router.get("/{stream}/events")
async def events(
    stream: str,
    _: Service,
    app: App,
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> dict[str, Any]:
    if stream != app.service:
        raise NotFound
    async with app.db.reading() as session:
        found = await log.events_after(session, stream, after, limit)
    return {"events": [envelope.model_dump(mode="json") for envelope in found]}


class Offered(BaseModel):
    events: Annotated[list[Envelope], Field(max_length=100)]


class Asked(BaseModel):
    ids: Annotated[list[UUID], Field(max_length=1000)]


@router.post("/{stream}/offers")
async def offer(stream: str, body: Offered, consumer: Service, app: App) -> dict[str, int]:
    """Events that the caller recorded and this log has no more; offering twice is offering once."""
    if stream != app.service:
        raise NotFound
    await offers.take(app.db, stream, consumer, body.events)
    return {"taken": len(body.events)}


@router.post("/{stream}/verdicts")
async def verdicts(stream: str, body: Asked, _: Service, app: App) -> dict[str, Any]:
    """What was decided on offers; ids that are neither offered nor in the log are left out."""
    if stream != app.service:
        raise NotFound
    async with app.db.reading() as session:
        found = await offers.verdicts(session, body.ids)
    return {"verdicts": {str(key): asdict(verdict) for key, verdict in found.items()}}
