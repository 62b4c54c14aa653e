"""Pulling another service's event log, and offering back what it lost: in the same process, or over HTTP."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import httpx2

from contracts.envelope import Envelope
from kernel.bus.protocol import Head
from kernel.delivery import log, offers
from kernel.delivery.offers import Verdict
from kernel.delivery.transaction import Database


@dataclass(frozen=True, slots=True)
class Standing:
    """The producer's head, and its hash at the number that was asked about."""

    head: Head
    hash_at: str | None


class Feed(Protocol):
    async def standing(self, at: int) -> Standing: ...

    async def after(self, seq: int, limit: int) -> list[Envelope]: ...

    async def offer(self, consumer: str, lost: Sequence[Envelope]) -> None:
        """Give events back that are not in the producer's history any more."""

    async def verdicts(self, ids: Sequence[UUID]) -> dict[UUID, Verdict]:
        """What was decided on offers; one that the producer does not know is left out."""


class LocalFeed:
    """The log of a service in this process."""

    def __init__(self, db: Database, stream: str) -> None:
        self._db, self._stream = db, stream

    async def standing(self, at: int) -> Standing:
        async with self._db.reading() as session:
            return Standing(await log.head(session), await log.hash_at(session, at))

    async def after(self, seq: int, limit: int) -> list[Envelope]:
        async with self._db.reading() as session:
            return await log.events_after(session, self._stream, seq, limit)

    async def offer(self, consumer: str, lost: Sequence[Envelope]) -> None:
        await offers.take(self._db, self._stream, consumer, lost)

    async def verdicts(self, ids: Sequence[UUID]) -> dict[UUID, Verdict]:
        async with self._db.reading() as session:
            return await offers.verdicts(session, ids)


class HttpFeed:
    """The log of a service elsewhere; `token` makes a fresh service token for each request."""

    def __init__(self, client: httpx2.AsyncClient, url: str, stream: str, token: Callable[[], str]) -> None:
        self._client, self._token = client, token
        self._url = f"{url.rstrip('/')}/internal/bus/v1/{stream}"

    async def standing(self, at: int) -> Standing:
        answer = await self._get("head", at=at)
        found = answer.json()
        return Standing(Head(found["epoch"], found["seq"], found["hash"]), found["hash_at"])

    async def after(self, seq: int, limit: int) -> list[Envelope]:
        answer = await self._get("events", after=seq, limit=limit)
        return [Envelope.model_validate(item) for item in answer.json()["events"]]

    async def offer(self, consumer: str, lost: Sequence[Envelope]) -> None:
        del consumer  # the token says who offers
        await self._post("offers", {"events": [envelope.model_dump(mode="json") for envelope in lost]})

    async def verdicts(self, ids: Sequence[UUID]) -> dict[UUID, Verdict]:
        found = (await self._post("verdicts", {"ids": [str(key) for key in ids]})).json()["verdicts"]
        return {UUID(key): Verdict(**verdict) for key, verdict in found.items()}

    async def _post(self, what: str, body: dict[str, Any]) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self._token()}"}
        answer = await self._client.post(f"{self._url}/{what}", json=body, headers=headers)
        answer.raise_for_status()
        return answer

    async def _get(self, what: str, **query: int) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self._token()}"}
        answer = await self._client.get(f"{self._url}/{what}", params=query, headers=headers)
        answer.raise_for_status()
        return answer
