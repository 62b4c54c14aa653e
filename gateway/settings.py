"""What the gateway process is told from outside."""

from typing import Self

from pydantic import SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.catalog import SERVICES
from kernel.settings import secrets_dir


class GatewaySettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="KAOHE_", extra="ignore", frozen=True)

    upstreams: dict[str, str]
    """Where each service's API is, `{"org": "http://org:8000", …}`."""
    behind_proxy: bool = False
    """A proxy in front of the gateway sets X-Forwarded-For; without one, what clients send under that name is dropped."""
    token_public_key: SecretStr | None = None
    """As the services have it; without it, or without a broker, there are no live hints and pages refresh by themselves."""
    rabbit_url: SecretStr | None = None
    """AMQP address of the broker; the gateway only listens, to what is published from now on."""
    cookie_secure: bool = True
    live_streams: int = 5000
    """Pages that one process tells of changes."""
    live_streams_per_account: int = 8
    metrics_port: int | None = None
    """Port on which the gateway tells its figures, beside the one that browsers reach; without it, it tells none."""
    log_level: str = "INFO"

    @classmethod
    def read(cls) -> Self:
        """Read environment and secrets; raises pydantic.ValidationError naming what is missing."""
        return cls(_secrets_dir=secrets_dir())

    @model_validator(mode="after")
    def _all_named(self) -> "GatewaySettings":
        missing = set(SERVICES) - self.upstreams.keys()
        if missing:
            raise ValueError(f"no upstream for {', '.join(sorted(missing))}")
        return self
