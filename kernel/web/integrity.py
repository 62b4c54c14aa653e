"""For the auditor: how far this service has heard, whether replicas equal sources, whether the chain holds."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.delivery.digests import Digest, digest_of_published, digest_of_replica
from kernel.delivery.standing import Standing, parked, standing
from kernel.delivery.verification import verify_chain
from kernel.identity import Principal
from kernel.web.access import require
from kernel.web.app import App
from kernel.web.idempotency import Once

Auditor = Annotated[Principal, require("audit:read")]


class HeadOut(BaseModel):
    epoch: int
    seq: int
    hash: str


class BacklogOut(BaseModel):
    outbox: int
    unapplied: int
    parked: int
    incidents: int
    ghosts: int
    offers: int
    due: int


class DigestOut(BaseModel):
    """Of a table: how many things, and SHA-256 over their ids and versions in order of id."""

    type: str
    count: int
    digest: str


class IntegrityOut(BaseModel):
    service: str
    head: HeadOut
    backlog: BacklogOut
    cursors: dict[str, HeadOut]
    owned: list[DigestOut]
    replicas: list[DigestOut]


class ChainOut(BaseModel):
    """`events` were re-hashed; `first_wrong` is the number of the first that does not fit, or null."""

    holds: bool
    events: int
    first_wrong: int | None


class ParkedOut(BaseModel):
    items: list[dict[str, Any]]


def make_router(
    service: str,
    owned: tuple[Any, ...],
    replicas: tuple[Any, ...],
    due: Callable[[AsyncSession], Awaitable[int]] | None,
) -> APIRouter:
    """The routes of one service; `owned` are (event type, row class), `replicas` replica row classes."""
    router = APIRouter(prefix=f"/api/{service}/v1/integrity", tags=["integrity"])

    @router.get("", summary="一致性概览 / Integrity at a glance")
    async def integrity(_: Auditor, app: App) -> IntegrityOut:
        async with app.db.reading() as session:
            now = await standing(session)
            waiting = await due(session) if due else 0
            mine = [_out(event.type, await digest_of_published(session, event.type)) for event, _row in owned]
            copies = [_out(row.event.type, await digest_of_replica(session, row)) for row in replicas]
        return _page(service, now, waiting, mine, copies)

    @router.post("/verify", summary="核验事件链 / Re-hash the whole event log")
    async def verify(_: Auditor, app: App, once: Once) -> ChainOut:
        del once  # reads only; the key is accepted because every unsafe method accepts it
        async with app.db.reading() as session:
            found = await verify_chain(session, service)
        return ChainOut(holds=found.first_wrong is None, events=found.events, first_wrong=found.first_wrong)

    @router.get("/parked", summary="搁置的事件 / Events that wait for a person")
    async def waiting_for_a_person(_: Auditor, app: App) -> ParkedOut:
        async with app.db.reading() as session:
            return ParkedOut(items=await parked(session))

    return router


def _out(name: str, digest: Digest) -> DigestOut:
    return DigestOut(type=name, count=digest.count, digest=digest.sha256)


def _page(
    service: str, now: Standing, due: int, owned: list[DigestOut], replicas: list[DigestOut]
) -> IntegrityOut:
    backlog = now.backlog
    return IntegrityOut(
        service=service,
        head=HeadOut(epoch=now.head.epoch, seq=now.head.seq, hash=now.head.hash),
        backlog=BacklogOut(
            outbox=backlog.outbox,
            unapplied=backlog.unapplied,
            parked=backlog.parked,
            incidents=backlog.incidents,
            ghosts=backlog.ghosts,
            offers=backlog.offers,
            due=due,
        ),
        cursors={name: HeadOut(epoch=c.epoch, seq=c.seq, hash=c.hash) for name, c in now.cursors.items()},
        owned=owned,
        replicas=replicas,
    )
