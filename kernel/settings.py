"""What a process is told from outside. Secrets come from files and have no default."""

import json
import os
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.catalog import SERVICES

SECRETS_DIR = "/run/secrets"
FORM_BYTES = 1024 * 1024


def secrets_dir() -> Path | None:
    folder = Path(os.environ.get("KAOHE_SECRETS_DIR", SECRETS_DIR))
    return folder if folder.is_dir() else None


class StorageSettings(BaseSettings):
    """Where files are kept."""

    model_config = SettingsConfigDict(env_prefix="KAOHE_", extra="ignore", frozen=True)

    s3_endpoint: str
    """host:port of the S3 server."""
    s3_access_key: SecretStr
    s3_secret_key: SecretStr
    s3_second_endpoint: str | None = None
    """host:port of a second S3 server with the same pair of keys: every file is written to both before it is confirmed."""
    s3_bucket: str = "kaohe"
    s3_secure: bool = True
    spool_dir: Path | None = None
    """Where files wait while they are hashed; the system's temporary folder if not set."""

    @classmethod
    def read(cls) -> Self:
        """Read environment and secrets; raises pydantic.ValidationError naming what is missing."""
        return cls(_secrets_dir=secrets_dir())


class ServiceSettings(StorageSettings):
    """Settings of every service: environment variables `KAOHE_<NAME>`, or files of that name in KAOHE_SECRETS_DIR."""

    database_url: SecretStr
    """Connection of the application role, `postgresql://user:password@host:port/database`."""
    pool_size: int = 8
    rabbit_url: SecretStr | None = None
    """AMQP address of the broker; without one, events travel by pull alone."""
    token_public_key: SecretStr
    """PEM of the Ed25519 key that session tokens are verified with; several after another while it is being changed."""
    token_private_key: SecretStr | None = None
    """PEM of the Ed25519 key that session tokens are signed with; only `org` has it."""
    service_key: SecretStr
    """PEM of the Ed25519 key that this service identifies itself to the others with."""
    service_public_keys: dict[str, str] = {}
    """The keys of all services, `{"org": "<PEM>", …}`, several after another while one is being changed. Without it all must sign with one key."""
    feeds: dict[str, str] = {}
    """Where the event logs of the other services are, `{"org": "http://org:8000"}`."""
    public_origins: tuple[str, ...] = ()
    """Origins, beside the request's own host, from which browsers may send unsafe requests."""
    cookie_secure: bool = True
    trusted_proxies: tuple[str, ...] = (
        "127.0.0.0/8",
        "::1/128",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
    )
    """Networks of the gateways; only of those is the last address in X-Forwarded-For believed."""
    rate_account: str = "1200/minute"
    """Requests of one account to one process; empty for no limit."""
    rate_address: str = "6000/minute"
    """Requests from one address, behind which many people may sit; empty for no limit."""
    rate_entry: str = "120/minute"
    """Attempts to sign in or to go on with a session, from one address; empty for no limit."""
    timezone: str = "Asia/Shanghai"
    """The bureau's zone; only the edge uses it, everything stored is UTC."""
    log_level: str = "INFO"
    otlp_endpoint: str | None = None
    """Collector that takes traces by OTLP over HTTP, `http://host:4318`; needs the extra `tracing`. Without it there are none."""
    otlp_share: float = Field(default=0.05, ge=0, le=1)
    """Share of the traces that are sent; the same ones by every process."""
    max_body_bytes: int = 1024 * 1024
    """Limit of request bodies other than file uploads."""
    files_apart: bool = False
    """Scans and previews are left to a process of role `files`; a worker does them itself otherwise."""

    clock_file: Path | None = None
    """Rehearsals only: a file with the seconds that the platform's clock runs ahead. Refused with secure cookies."""

    @model_validator(mode="after")
    def _only_rehearsals_move_the_clock(self) -> Self:
        if self.clock_file is not None and self.cookie_secure:
            raise ValueError("KAOHE_CLOCK_FILE is for rehearsals, which have KAOHE_COOKIE_SECURE=false")
        return self

    @property
    def largest_upload(self) -> int:
        """Of the limits that the service's settings name `..._max_bytes`, the largest, and the form around the file."""
        named: list[int] = [
            getattr(self, name) for name in type(self).model_fields if name.endswith("_max_bytes")
        ]
        return max([self.max_body_bytes, *named]) + FORM_BYTES


class OwnerSettings(BaseSettings):
    """What `kaohe migrate` needs and no running service has."""

    model_config = SettingsConfigDict(env_prefix="KAOHE_", extra="ignore", frozen=True)

    database_owner_url: SecretStr
    """Connection of the role that owns the tables."""

    @classmethod
    def read(cls) -> Self:
        return cls(_secrets_dir=secrets_dir())


class ProvisionSettings(BaseSettings):
    """What `kaohe provision` needs: the superuser of a PostgreSQL, and the passwords of all roles on it."""

    model_config = SettingsConfigDict(env_prefix="KAOHE_", extra="ignore", frozen=True)

    postgres_host: str
    postgres_port: int = 5432
    postgres_user: str = "postgres"
    postgres_password: SecretStr
    database_passwords: SecretStr
    """JSON: service → `{"owner": …, "app": …}`."""

    @field_validator("database_passwords")
    @classmethod
    def _complete(cls, value: SecretStr) -> SecretStr:
        pairs = json.loads(value.get_secret_value())
        missing = [name for name in SERVICES if not {"owner", "app"} <= set(pairs.get(name, {}))]
        if missing:
            raise ValueError(f"no passwords for {', '.join(missing)}")
        return value

    def passwords(self) -> dict[str, dict[str, str]]:
        pairs: dict[str, dict[str, str]] = json.loads(self.database_passwords.get_secret_value())
        return pairs

    @classmethod
    def read(cls) -> Self:
        return cls(_secrets_dir=secrets_dir())
