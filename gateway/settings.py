"""What the gateway process is told from outside."""

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.catalog import SERVICES


class GatewaySettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="KAOHE_", extra="ignore", frozen=True)

    upstreams: dict[str, str]
    """Where each service's API is, `{"org": "http://org:8000", …}`."""
    behind_proxy: bool = False
    """A proxy in front of the gateway sets X-Forwarded-For; without one, what clients send under that name is dropped."""
    log_level: str = "INFO"

    @model_validator(mode="after")
    def _all_named(self) -> "GatewaySettings":
        missing = set(SERVICES) - self.upstreams.keys()
        if missing:
            raise ValueError(f"no upstream for {', '.join(sorted(missing))}")
        return self
