"""A migrated template a service, cloned for each platform under test."""

import itertools
from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from kernel.db.engine import async_url
from kernel.db.migrations import upgrade
from kernel.local.postgres import PostgresServer
from kernel.local.provisioning import Credentials, database_name, provision

PASSWORD = Credentials(owner="owner-for-tests", app="app-for-tests")


class Databases:
    """Clones of templates on one server; `urls(service)` of a clone are those of the application and the owner role."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self._ready: set[str] = set()
        self._numbers = itertools.count(1)

    def url(self, database: str, service: str, *, owner: bool = False) -> str:
        role = f"{database_name(service)}_{'owner' if owner else 'app'}"
        return self.server.url(database, user=role, password=PASSWORD.owner if owner else PASSWORD.app)

    async def clone(self, service: str) -> str:
        """The name of a fresh, migrated database of the service."""
        template = database_name(service)
        if service not in self._ready:
            await provision(self.server.url(), {service: PASSWORD})
            await upgrade(service, self.url(template, service, owner=True))
            self._ready.add(service)
        name = f"{template}_{next(self._numbers)}"
        await self._execute(
            [
                f"CREATE DATABASE {name} TEMPLATE {template} OWNER {template}_owner STRATEGY FILE_COPY",
                # As where it really runs: nobody has a right that `provision` does not give.
                f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
                f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {template}_app",
            ]
        )
        return name

    async def drop(self, names: Iterable[str]) -> None:
        await self._execute([f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in names])

    async def _execute(self, statements: Iterable[str]) -> None:
        engine = create_async_engine(
            async_url(self.server.url()), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        async with engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))
        await engine.dispose()
