"""One database, one owner role and one application role a service; no role sees another service's data."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from kernel.db.engine import async_url


@dataclass(frozen=True, slots=True)
class Credentials:
    """Passwords of a service's two roles."""

    owner: str
    app: str


def database_name(service: str) -> str:
    return f"kaohe_{service}"


def app_url(service: str, password: str, *, address: str) -> str:
    """Connection of a service's application role; `address` is host:port."""
    return f"postgresql://{database_name(service)}_app:{password}@{address}/{database_name(service)}"


def owner_url(service: str, password: str, *, address: str) -> str:
    """Connection of the role that owns a service's tables; `address` is host:port."""
    return f"postgresql://{database_name(service)}_owner:{password}@{address}/{database_name(service)}"


async def provision(superuser_url: str, passwords: Mapping[str, Credentials]) -> None:
    """Make what is missing, set passwords, leave the rest alone. May run at every start."""
    engine = create_async_engine(async_url(superuser_url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            roles = set((await connection.scalars(text("SELECT rolname FROM pg_roles"))).all())
            databases = set((await connection.scalars(text("SELECT datname FROM pg_database"))).all())
            for service, given in passwords.items():
                name = database_name(service)
                for role, password in ((f"{name}_owner", given.owner), (f"{name}_app", given.app)):
                    verb = "ALTER" if role in roles else "CREATE"
                    await connection.exec_driver_sql(
                        f"{verb} ROLE {role} LOGIN PASSWORD '{_literal(password)}'"
                    )
                if name not in databases:
                    await connection.exec_driver_sql(
                        f"CREATE DATABASE {name} OWNER {name}_owner TEMPLATE template0 ENCODING 'UTF8'"
                    )
                    await connection.exec_driver_sql(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
                # Imports and seals sort things out in tables of their transaction.
                await connection.exec_driver_sql(f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {name}_app")
    finally:
        await engine.dispose()


def _literal(password: str) -> str:
    if not password.isascii() or not password.replace("-", "").replace("_", "").isalnum():
        raise ValueError("a generated password has letters, digits, - and _ only")
    return password
