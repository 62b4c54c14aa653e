"""The statements of a real request, run again by a bare endpoint: what the same work costs without what is around it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg  # type: ignore[import-untyped]
import httpx2
from fastapi import FastAPI, Request
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from kernel.settings import ServiceSettings


@dataclass
class Recording:
    """Statements with their parameters. Identifiers that were not there in another run of the same are new in each replay."""

    statements: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    fresh: set[str] = field(default_factory=set)

    @classmethod
    async def of(cls, engine: AsyncEngine, ask: Callable[[], Awaitable[None]]) -> "Recording":
        runs = []
        for _ in range(2):
            seen: list[tuple[str, tuple[Any, ...]]] = []

            def keep(_c: Any, _k: Any, statement: str, parameters: Any, *_: Any, seen: Any = seen) -> None:
                many = parameters if isinstance(parameters, list) else [parameters]
                seen.extend((statement, tuple(one)) for one in many)

            event.listen(engine.sync_engine, "before_cursor_execute", keep)
            await ask()
            event.remove(engine.sync_engine, "before_cursor_execute", keep)
            runs.append(seen)
        known = {str(value) for _, values in runs[1] for value in _flat(values)}
        fresh = {str(value) for _, values in runs[0] for value in _flat(values) if _is_id(value)} - known
        return cls(runs[0], fresh)

    def replay(self) -> list[tuple[str, tuple[Any, ...]]]:
        news = {old: str(uuid4()) for old in self.fresh}
        return [
            (statement, tuple(_renewed(value, news) for value in values))
            for statement, values in self.statements
        ]


def _flat(values: tuple[Any, ...]) -> list[Any]:
    return [item for value in values for item in (value if isinstance(value, list) else [value])]


def _is_id(value: Any) -> bool:
    """Identifiers, and running numbers such as 2026-11-000123."""
    return isinstance(value, UUID) or (
        isinstance(value, str) and len(value) <= 36 and value.count("-") in {2, 4}
    )


def _renewed(value: Any, news: dict[str, str]) -> Any:
    match value:
        case UUID():
            return UUID(news[str(value)]) if str(value) in news else value
        case list():
            return [_renewed(item, news) for item in value]
        case str():
            for old, new in news.items():
                value = value.replace(old, new)
            return value
        case _:
            return value


@asynccontextmanager
async def bare_app(
    recording: Recording, settings: ServiceSettings
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """A FastAPI endpoint that reads a JSON body and runs the statements in one transaction; and how to ask it."""
    pool = await asyncpg.create_pool(
        settings.database_url.get_secret_value(), min_size=4, max_size=8,
        server_settings={"jit": "off", "timezone": "UTC"},
    )  # fmt: skip
    app = FastAPI()

    @app.post("/send", status_code=201)
    async def send(request: Request) -> dict[str, Any]:
        await request.json()
        async with pool.acquire() as connection, connection.transaction():
            for statement, values in recording.replay():
                await connection.fetch(statement, *values)
        return {"status": "submitted"}

    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://bare.test") as client:

        async def ask() -> None:
            answer = await client.post("/send", json={"quantity": "3"})
            answer.raise_for_status()

        yield ask
    await pool.close()
