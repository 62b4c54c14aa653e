"""The nightly check of a service's own event log."""

from prometheus_client import REGISTRY
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from cli.manifests import load
from kernel.db.engine import async_url
from kernel.lifecycle import Role
from kernel.local.objectstore import ObjectStore
from kernel.nightly import jobs, verify_event_log
from kernel.testing.databases import Databases
from kernel.testing.platform import Platform

_FORGED = text(
    "INSERT INTO bus.event_log (seq, epoch, event_id, type, aggregate_id, aggregate_version, order_key, body, headers,"
    " created_at, content_hash, prev_hash, hash) VALUES (1, 1, gen_random_uuid(), 'x', 'x', 1, 'x', '{}', '{}', now(),"
    " 'x', 'x', 'x')"
)


def failures() -> float | None:
    return REGISTRY.get_sample_value("kaohe_verification_failures", {"check": "event-log-org"})


async def test_an_event_whose_hash_is_not_its_own_is_counted(databases: Databases, objects: ObjectStore):
    async with Platform(databases, objects, [load("org")], role=Role.API) as platform:
        await verify_event_log(platform.runtimes["org"])
        assert failures() == 0
        engine = create_async_engine(async_url(platform.owner_urls["org"]))
        async with engine.begin() as owner:
            await owner.execute(_FORGED)
        await engine.dispose()
        await verify_event_log(platform.runtimes["org"])
        assert failures() == 1


def test_only_services_that_publish_have_an_event_log_to_check_and_all_have_an_audit_log():
    assert [job.name for job in jobs("org")][:2] == ["verify-event-log", "verify-audit-log"]
    assert next(job.name for job in jobs("reporting")) == "verify-audit-log"
