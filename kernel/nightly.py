"""What every service does by itself: re-hash its event log and its audit log each night, forget errands of long ago."""

from datetime import time, timedelta

import structlog
from prometheus_client import Gauge

from contracts.catalog import STREAMS
from kernel.audit.verification import verify_audit
from kernel.delivery.verification import verify_chain
from kernel.errands.asking import forget_old
from kernel.runtime import Runtime
from kernel.scheduling import Job

LAST_VERIFIED = Gauge(
    "kaohe_last_verification_timestamp_seconds", "When a nightly check last ended, by its database's clock", ["check"]
)  # fmt: skip
FAILURES = Gauge(
    "kaohe_verification_failures", "What the last nightly check found wrong; must be 0", ["check"]
)
_log = structlog.get_logger(__name__)


async def verify_event_log(runtime: Runtime) -> None:
    async with runtime.db.reading() as session:
        found = await verify_chain(session, runtime.service)
    if found.first_wrong is not None:
        _log.error("event_log_wrong", service=runtime.service, first_wrong=found.first_wrong)
    told(runtime, f"event-log-{runtime.service}", int(found.first_wrong is not None))


async def verify_audit_log(runtime: Runtime) -> None:
    async with runtime.db.snapshot() as session:
        found = await verify_audit(session)
    if not found.holds:
        _log.error(
            "audit_log_wrong", service=runtime.service, first_wrong=found.first_wrong, strays=found.strays
        )
    told(runtime, f"audit-log-{runtime.service}", found.strays + (found.first_wrong is not None))


def told(runtime: Runtime, check: str, failures: int) -> None:
    """Write the outcome of a nightly check where operators look."""
    FAILURES.labels(check).set(failures)
    LAST_VERIFIED.labels(check).set(runtime.clock.now().timestamp())


def outcomes() -> dict[str, float]:
    """Check → what its last run in this process found wrong."""
    return {
        sample.labels["check"]: sample.value for metric in FAILURES.collect() for sample in metric.samples
    }


async def forget_old_errands(runtime: Runtime) -> None:
    async with runtime.db.transaction() as tx:
        await forget_old(tx)


def jobs(service: str) -> tuple[Job, ...]:
    own = (
        Job("verify-audit-log", verify_audit_log, daily=time(3, 20)),
        Job("forget-errands", forget_old_errands, every=timedelta(hours=1)),
    )
    return (Job("verify-event-log", verify_event_log, daily=time(3)), *own) if service in STREAMS else own
