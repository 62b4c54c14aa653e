"""Each night some of the evidence is hashed again."""

from prometheus_client import REGISTRY

from kernel.storage.blobs import key_of
from services.submissions.jobs import rehash_some_evidence
from tests.services.submissions.conftest import PDF, Desk


def failures() -> float | None:
    return REGISTRY.get_sample_value("kaohe_verification_failures", {"check": "evidence"})


async def test_evidence_that_changed_in_the_store_is_counted(desk: Desk) -> None:
    runtime = desk.platform.runtimes["submissions"]
    draft = await desk.draft()
    added = (await desk.upload(draft["id"], "a.pdf", PDF + b"nightly")).json()
    await rehash_some_evidence(runtime)
    assert failures() == 0
    [server] = runtime.blobs.servers
    await server.remove([key_of(added["sha256"])])
    await rehash_some_evidence(runtime)
    assert failures() == 1
