"""Connections to one service's database."""

import socket

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from kernel.db.measuring import MeasuredPool, measure

STATEMENT_TIMEOUT_MS = 30_000
POOL_WAIT_S = 10

#: What an attempt to connect raises; the driver's errors come as they are then. A container that is down has no name either.
UNREACHABLE = (ConnectionError, TimeoutError, socket.gaierror, asyncpg.PostgresError, asyncpg.InterfaceError)
#: Connection lost, resources used up, operator intervenes (SQLSTATE classes): another time it will work.
_PASSING = ("08", "53", "57")


def async_url(url: str) -> URL:
    """The given PostgreSQL address with the driver that the kernel uses."""
    return make_url(url).set(drivername="postgresql+asyncpg")


def make_engine(url: str, *, name: str, pool_size: int = 8) -> AsyncEngine:
    """A pool of connections; `name` is what an operator sees in pg_stat_activity, `kaohe-` before it, and in metrics."""
    engine = create_async_engine(
        async_url(url),
        poolclass=MeasuredPool,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=POOL_WAIT_S,
        pool_pre_ping=False,
        pool_recycle=1800,
        hide_parameters=True,  # errors go to the log, people's names do not
        connect_args={
            "timeout": 10,
            "server_settings": {
                "application_name": f"kaohe-{name}",
                "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                "timezone": "UTC",
                "jit": "off",
            },
        },
    )
    measure(engine, name)
    return engine


def is_passing(error: SQLAlchemyError) -> bool:
    """Whether the server is away or overloaded, and the same statement may work in a while."""
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    return bool(error.connection_invalidated) or state.startswith(_PASSING)
