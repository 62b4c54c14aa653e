"""Connections to one service's database."""

from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

STATEMENT_TIMEOUT_MS = 30_000
POOL_WAIT_S = 10


def async_url(url: str) -> URL:
    """The given PostgreSQL address with the driver that the kernel uses."""
    return make_url(url).set(drivername="postgresql+asyncpg")


def make_engine(url: str, *, name: str, pool_size: int = 8) -> AsyncEngine:
    """A pool of connections; `name` is what an operator sees in pg_stat_activity."""
    return create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=POOL_WAIT_S,
        pool_pre_ping=False,
        pool_recycle=1800,
        connect_args={
            "timeout": 10,
            "server_settings": {
                "application_name": name,
                "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                "timezone": "UTC",
                "jit": "off",
            },
        },
    )
