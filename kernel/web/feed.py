"""The event log for other services: where it ends, and what is in it. Never reachable through the gateway."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from kernel.delivery import log
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
