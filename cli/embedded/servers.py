"""The servers below an embedded platform: PostgreSQL and S3, started together, settings for each service."""

import asyncio
from types import TracebackType
from typing import Any, Self

from pydantic import SecretStr

from cli.embedded.folder import DataFolder, Secrets
from kernel.db.migrations import is_current, upgrade
from kernel.local.objectstore import ObjectStore
from kernel.local.postgres import PostgresServer
from kernel.local.provisioning import database_name, provision
from kernel.service import Service


class Servers:
    """`with Servers(folder)`: both are started with the block, are waited for by `prepare`, and stop with it."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        logs = folder.path / "logs"
        self.secrets: Secrets = folder.secrets()
        self.postgres = PostgresServer(folder.path / "postgres", log=logs / "postgres.log")
        self.objects = ObjectStore(folder.path / "objects", log=logs / "objects.log")

    def __enter__(self) -> Self:
        try:
            self.objects.launch()
            self.postgres.launch()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        self.objects.stop()
        self.postgres.stop()

    async def prepare(self, services: list[Service]) -> None:
        """Both answer; databases and roles at the first start, migrations whenever a database is behind."""
        await asyncio.to_thread(self.objects.wait)
        await asyncio.to_thread(self.postgres.wait)
        names = [service.name for service in services]
        marker = self._folder.path / "postgres" / "provisioned"
        if not marker.exists():
            await provision(self.postgres.url(), {name: self.secrets.databases[name] for name in names})
            marker.touch()
        for name in names:  # one after the other: Alembic's context is one for the whole process
            await self._migrate(name)

    async def _migrate(self, service: str) -> None:
        if not await is_current(service, self.url(service)):
            await upgrade(service, self.url(service, owner=True))

    def url(self, service: str, *, owner: bool = False) -> str:
        name, given = database_name(service), self.secrets.databases[service]
        role, password = (f"{name}_owner", given.owner) if owner else (f"{name}_app", given.app)
        return self.postgres.url(name, user=role, password=password)

    def settings(self, service: Service, **more: Any) -> dict[str, Any]:
        """The settings of a service on these servers; only `org` gets the key that signs sessions."""
        access, secret = self.objects.keys
        private = SecretStr(self.secrets.token_private_key) if service.name == "org" else None
        return {
            "database_url": SecretStr(self.url(service.name)),
            "s3_endpoint": self.objects.endpoint,
            "s3_access_key": SecretStr(access),
            "s3_secret_key": SecretStr(secret),
            "s3_secure": False,
            "token_public_key": SecretStr(self.secrets.token_public_key),
            "token_private_key": private,
            "service_key": SecretStr(self.secrets.service_keys[service.name]),
            "service_public_keys": self.secrets.service_public_keys,
            "cookie_secure": False,
            "spool_dir": self._folder.path / "spool",
            **(self._seal() if service.name == "scoring" else {}),
            **more,
        }

    def _seal(self) -> dict[str, Any]:
        key = self._folder.seal_key()
        return {"seal_origin": key.origin, "seal_key": SecretStr(key.private), "seal_trust": key.trust}
