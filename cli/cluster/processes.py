"""The processes of an installation on several machines: api and worker of each service, the previews, the gateway.

compose.yaml runs the same as one process a service; tests/deployment/test_cluster.py holds both to the same secrets.
"""

from dataclasses import dataclass, field
from typing import Final

from contracts.catalog import SERVICES
from kernel.lifecycle import Role

#: Secrets that every service mounts: file in /run/secrets → file as `kaohe secrets` writes it.
_EVERY: Final = (
    "kaohe_rabbit_url",
    "kaohe_s3_access_key",
    "kaohe_s3_secret_key",
    "kaohe_token_public_key",
    "kaohe_service_public_keys",
)
#: Beside them: only org signs sessions, only scoring seals.
_ONLY: Final = {"org": ("kaohe_token_private_key",), "scoring": ("kaohe_seal_key", "kaohe_seal_trust")}
#: Memory of an api and a worker in MiB, from the limits of the county bundle (32 GB), which one process shares there.
_MEMORY: Final = {
    "org": (512, 384),
    "targets": (768, 512),
    "submissions": (768, 768),
    "scoring": (768, 1536),
    "reporting": (512, 1024),
}


@dataclass(frozen=True, slots=True)
class Process:
    """One Deployment. `figures` is the port that Prometheus asks; requests come to 8000."""

    name: str
    service: str
    command: tuple[str, ...]
    secrets: dict[str, str]
    memory_mib: int
    figures: int = 8000
    grace_s: int = 30
    replicas_most: int = 1
    """Up to which it is scaled by load; 1: it is not."""
    environment: dict[str, str] = field(default_factory=dict)
    ready: str = "/health/ready"


def _secrets(service: str) -> dict[str, str]:
    own = {"kaohe_database_url": f"{service}_database_url", "kaohe_service_key": f"{service}_service_key"}
    return own | {name: name for name in (*_EVERY, *_ONLY.get(service, ()))}


def _of(service: str) -> tuple[Process, Process]:
    api, worker = _MEMORY[service]
    secrets, apart = _secrets(service), {"KAOHE_FILES_APART": "true"} if service == "submissions" else {}

    def process(name: str, role: Role, memory: int, *, grace_s: int, most: int) -> Process:
        command = ("serve", service, "--role", role.value, "--host", "0.0.0.0")
        return Process(
            name, service, command, secrets, memory, grace_s=grace_s, replicas_most=most, environment=apart
        )

    return (
        process(service, Role.API, api, grace_s=30, most=4),
        process(f"{service}-worker", Role.WORKER, worker, grace_s=120, most=1),
    )


PROCESSES: Final[tuple[Process, ...]] = (
    *(process for service in SERVICES for process in _of(service)),
    Process(
        "submissions-files",
        "submissions",
        ("serve", "submissions", "--role", Role.FILES.value, "--host", "0.0.0.0"),
        {k: v for k, v in _secrets("submissions").items() if k != "kaohe_rabbit_url"},
        1024,
        grace_s=120,
    ),
    Process(
        "gateway",
        "gateway",
        ("serve", "gateway", "--host", "0.0.0.0"),
        {name: name for name in ("kaohe_rabbit_url", "kaohe_token_public_key")},
        384,
        figures=9000,
        replicas_most=4,
        environment={"KAOHE_METRICS_PORT": "9000"},
        # Alive, not ready: one service that is down must not close the door to the others.
        ready="/health/live",
    ),
)
