"""Schema changes of one service's database, run by `kaohe migrate` and checked at start."""

from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from kernel.db.engine import async_url
from kernel.db.locks import lock_number

LOCK_TIMEOUT = "5s"
SCRIPTS = Path(__file__).parent / "alembic"

# Everything the application role may do; append-only tables are those with the trigger of `append_only`.
_GRANTS = """
DO $$
DECLARE app text := current_database() || '_app'; spot record;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = app) THEN RETURN; END IF;
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO %I', current_database(), app);
  FOR spot IN SELECT nspname FROM pg_namespace WHERE nspname IN ('public', 'bus', 'web', 'audit') LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', spot.nspname, app);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', spot.nspname, app);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO %I', spot.nspname, app);
    EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %I TO %I', spot.nspname, app);
  END LOOP;
  FOR spot IN SELECT tgrelid::regclass AS name FROM pg_trigger WHERE tgname = 'append_only' LOOP
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %I', spot.name, app);
  END LOOP;
END $$
"""


def append_only(op: Operations | Any, table: str) -> None:
    """Let rows of `table` ("schema.name" or "name") be added and read, never changed or removed, by whatever role."""
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION bus.refuse_change()"
    )


def apply_again(op: Operations | Any, *types: str) -> None:
    """For new copies: what was heard of these types of events when nobody here was interested is applied once more.

    Only for types whose handlers do nothing but keep replicas: the newest version wins, however often it comes.
    """
    names = ", ".join(f"'{name}'" for name in types)
    op.execute(
        f"UPDATE bus.inbox SET state = 'recorded', applied_at = NULL WHERE state = 'applied' AND type IN ({names})"  # noqa: S608 -- names of our own events
    )


def configuration(service: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    versions = Path(str(import_module(f"services.{service}").__path__[0])) / "migrations" / "versions"
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    config.attributes["service"] = service
    return config


def newest(service: str) -> str | None:
    """The revision that this program expects."""
    return ScriptDirectory.from_config(configuration(service)).get_current_head()


async def upgrade(service: str, owner_url: str) -> None:
    """Bring the database to the newest revision; waits for another migrator, gives up on locks after 5 s."""

    def run(connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": lock_number("migrate")})
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
        config = configuration(service)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.execute(text(_GRANTS))
        connection.commit()

    await _on_connection(owner_url, run)


async def current(url: str) -> str | None:
    """The revision that the database is at; None for an empty one."""

    def run(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    found: str | None = await _on_connection(url, run)
    return found


async def is_current(service: str, url: str) -> bool:
    return await current(url) == newest(service)


async def differences(metadata: MetaData, url: str) -> list[Any]:
    """What the rows of a service say that its database does not, and the other way round; empty when all is well."""

    def run(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_schemas": False}
        )
        return list(compare_metadata(context, metadata))

    found: list[Any] = await _on_connection(url, run)
    return [d for d in found if not _is_bookkeeping(d)]


def _is_bookkeeping(difference: Any) -> bool:
    return isinstance(difference, tuple) and getattr(difference[1], "name", "") == "alembic_version"


async def new_revision(service: str, owner_url: str, metadata: MetaData, message: str) -> None:
    """Write the next migration file from what differs; to be read and corrected by a person."""

    def run(connection: Connection) -> None:
        config = configuration(service)
        config.attributes |= {"connection": connection, "metadata": metadata}
        command.revision(config, message, autogenerate=True)

    await _on_connection(owner_url, run)


async def _on_connection(url: str, run: Any) -> Any:
    engine = create_async_engine(async_url(url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(run)
    finally:
        await engine.dispose()
