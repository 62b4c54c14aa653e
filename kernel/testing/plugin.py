"""Fixtures for all tests: servers once a run, platforms as asked for."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from kernel.local.objectstore import ObjectStore
from kernel.local.postgres import PostgresServer
from kernel.testing.databases import Databases

MEMORY = Path("/dev/shm")  # noqa: S108 -- a folder of its own is made in it
ROOM = 4 * 2**30


def pytest_configure() -> None:
    """Tracebacks as they are: drawing the locals of every frame takes seconds an error."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            plain,
        ]
    )


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kaohe-tests-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def databases_folder(servers_folder: Path) -> Iterator[Path]:
    """In memory where there is room: each platform under test copies its databases from a template."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        with tempfile.TemporaryDirectory(
            prefix="kaohe-tests-", dir=MEMORY, ignore_cleanup_errors=True
        ) as name:
            yield Path(name)
    else:
        yield servers_folder


@pytest.fixture(scope="session")
def postgres(servers_folder: Path, databases_folder: Path) -> Iterator[PostgresServer]:
    """A real PostgreSQL, without fsync."""
    folder = databases_folder / "postgres"
    folder.mkdir()
    server = PostgresServer(folder, log=servers_folder / "postgres.log", durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def objects(servers_folder: Path) -> Iterator[ObjectStore]:
    """A real S3 server."""
    folder = servers_folder / "objects"
    folder.mkdir()
    store = ObjectStore(folder, log=servers_folder / "objects.log")
    store.start()
    yield store
    store.stop()


@pytest.fixture(scope="session")
def databases(postgres: PostgresServer) -> Databases:
    return Databases(postgres)
