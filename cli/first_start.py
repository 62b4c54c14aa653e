"""The first start: three administrators with one-time passwords. The names are those of the demonstration bureau."""

from collections.abc import Mapping, Sequence

from kernel.runtime import Runtime
from kernel.service import Service

ROOT_CODE = "JZ"
ROOT_NAME = "江州市公安局"


async def first_start(
    runtimes: Mapping[str, Runtime],
    services: Sequence[Service],
    *,
    root_code: str = ROOT_CODE,
    root_name: str = ROOT_NAME,
) -> dict[str, dict[str, str]]:
    """Role → username and one-time password; empty when there are accounts already."""
    org = next(service for service in services if service.name == "org")
    bootstrap = (org.extras or {})["bootstrap"]
    made: dict[str, dict[str, str]] = await bootstrap(
        runtimes["org"], root_code=root_code, root_name=root_name
    )
    return made
